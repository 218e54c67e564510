//! All stories in one binary, so that they are linked once.

mod costs;
mod db;
mod documents;
mod laws;
mod mail_server;
mod people;
mod smtp;
mod telling;
mod versions;
