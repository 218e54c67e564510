//! Everything in one binary, so that it is linked once.

mod account;
mod demo;
mod designs;
mod guide;
mod harness;
mod languages;
mod mirror;
mod parcels;
mod people;
mod scripts;
mod scripts_within;
mod settings;
mod shop;
mod staff;
mod staff_work;
