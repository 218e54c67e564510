//! What is promised when things break, tried on the built program from outside.
//!
//! Each experiment runs the release binary as a process against counterparts that keep logs of their own, does to it
//! what happens to programs (kills, stops, cuts, faults of disk and database, too much load), and judges by sets:
//! what was acknowledged, what the mail server has, what the rows say. `docs/reliability.md` says what came out.
//!
//! In reading order: [`experiments`], the list; [`verdict`], what each returns; one module for each experiment;
//! [`shop`], [`posting`], [`rows`], what they share; [`host`], the program with offers beside it.

pub mod experiments;
pub mod host;
pub mod kills;
pub mod lanes;
pub mod letters;
pub mod nodes;
pub mod overload;
pub mod posting;
pub mod power;
pub mod restart;
pub mod rows;
pub mod shop;
pub mod stale;
pub mod syscalls;
pub mod verdict;

pub use experiments::Form;
pub use verdict::{Result, Verdict};
