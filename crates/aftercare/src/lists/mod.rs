//! The lists: what there is of each kind, in one place each. Nothing in this program is found by magic.

pub mod cards;
pub mod carriers;
pub mod jobs;
pub mod messages;
pub mod migrations;
pub mod needs;
pub mod parked;
pub mod personal;
pub mod queries;
pub mod reactions;
pub mod settings;
pub mod tasks;
pub mod words;
