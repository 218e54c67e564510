//! Backup and restore, as an operator does them: with the built program, on real files and servers, in all four
//! directions between the engines.

mod busy;
mod cut_off;
mod hold;
mod kit;
mod refusals;
mod released;
mod round_trip;
