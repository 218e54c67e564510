//! All stories in one binary, so that they are linked once.

mod db;
mod laws;
mod mail_server;
mod people;
mod smtp;
mod telling;
mod versions;
