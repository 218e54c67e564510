//! All stories in one binary, so that they are linked once.

mod addresses;
mod api;
mod costs;
mod courier;
mod crashes;
mod db;
mod documents;
mod hostile;
mod kit;
mod laws;
mod letters;
mod mail_server;
mod order_page;
mod people;
mod post;
mod reactions;
mod sending;
mod smtp;
mod telling;
mod versions;
mod webhooks;
