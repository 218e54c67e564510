//! Business stories on both engines, and the real counterparts they need.

pub use rig::{app, postgres, process};
pub use world::letters;

pub mod dkim_checkers;
pub mod dns_server;
pub mod http_sink;
pub mod kannel;

pub mod mail_server;
pub mod mime_reader;
pub mod npm;
pub mod parcel_life;
pub mod personal;
pub mod routes;
pub mod shop_server;
pub mod sms_gateway;
pub mod smsc;
pub mod smtp_sink;
pub mod stage;
pub mod untranslated;
pub mod vendure;
