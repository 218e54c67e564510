//! The binary: wiring and lists only. Rooms and doors do the work.

pub mod cli;
mod commands;
mod config;
pub mod demo;
mod doctor;
pub mod house;
mod import;
pub mod lists;
pub mod log;
mod operations;
pub mod routes;
mod secret;
mod serve;

pub use config::Config;
