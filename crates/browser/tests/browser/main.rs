//! Everything in one binary, so that it is linked once.

mod demo;
mod harness;
mod languages;
mod mirror;
mod scripts;
mod settings;
mod shop;
mod staff;
