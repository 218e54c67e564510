//! All stories in one binary, so that they are linked once.

#![expect(clippy::unwrap_used, reason = "a story that can't go on has failed")]

mod addresses;
mod api;
mod backup;
mod catalogue;
mod commands;
mod consent;
mod costs;
mod courier;
mod crashes;
mod db;
mod dkim;
mod doctor;
mod documents;
mod gateways;
mod held;
mod hostile;
mod imports;
mod inert;
mod jobs;
mod kannel;
mod kit;
mod languages;
mod laws;
mod letters;
mod lost_database;
mod mail_server;
mod mailbox;
mod one_click;
mod order_page;
mod people;
mod polling;
mod post;

mod processes;
mod program;
mod pseudo;
mod reactions;
mod refunds;
mod refusals;
mod sending;
mod simultaneous;
mod smtp;
mod standard_webhooks;
mod suppression;
mod telling;
mod texts;
mod threads;
mod upgrades;
mod vendure;
mod versions;
mod webhooks;
mod webhooks_out;
mod woocommerce;
mod you;
