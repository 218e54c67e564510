//! The binary: wiring and lists only. Rooms and doors do the work.

mod backup;
mod brand_look;
mod checks;
pub mod cli;
mod commands;
mod config;
pub mod demo;
mod dkim;
mod doctor;
mod doorway;
pub mod erasures;
mod gates;
pub mod house;
mod import;
pub mod lists;
mod live;
pub mod log;
mod operations;
pub mod routes;
mod secret;
pub mod serve;
mod simulate;
mod team;
mod terminal;

pub use config::Config;
pub use dkim::Dkim;
