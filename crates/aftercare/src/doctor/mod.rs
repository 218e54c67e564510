//! `aftercare doctor`: one page of ticks and crosses, with the fix beside each. Safe to paste anywhere.
//!
//! Findings are data first. Every group of checks runs on a thread of its own, all at once, and none is waited for
//! longer than [`PATIENCE`]: a dead DNS server or a mail server that says nothing costs seconds.

pub(crate) mod database;
pub(crate) mod finding;
mod mail;
mod restored;
pub(crate) mod sender;
mod settings;
mod texts;
mod web_address;
mod work;

use std::collections::BTreeMap;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::Duration;

use db::Db;
use kernel::{Clock, Result, SystemClock};
use mailauth::Resolver;

use self::finding::{Finding, bad};
use crate::cli::DoctorArgs;
use crate::{Config, commands};

pub use self::database::SQL;

/// How long any group of checks may take.
const PATIENCE: Duration = Duration::from_secs(20);

/// Some checks that run one after the other, and what they are called when they don't end.
struct Group {
    name: &'static str,
    run: Box<dyn FnOnce() -> Vec<Finding> + Send>,
}

/// Runs the command: exit 0 when everything is well, 1 when something needs a hand.
pub fn run(args: &DoctorArgs, env: &BTreeMap<String, String>) -> Result<ExitCode> {
    let findings = examine(args, env);
    if args.json {
        println!("{}", serde_json::to_string_pretty(&findings)?);
    } else {
        findings.iter().for_each(Finding::print);
    }
    let well = findings.iter().all(|finding| finding.ok);
    Ok(if well { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn examine(args: &DoctorArgs, env: &BTreeMap<String, String>) -> Vec<Finding> {
    match commands::config(&args.config, env) {
        Ok(config) => all_at_once(groups(&Arc::new(config))),
        Err(error) => {
            vec![bad("configuration", error.to_string(), "Correct the setting named here.")]
        }
    }
}

/// The same for a shop that is open here, whose database is looked at as it is. Blocks until the last check has ended.
pub(crate) fn examine_open(config: &Arc<Config>, db: &Db) -> Vec<Finding> {
    let mut groups = outside(config);
    let (config, db) = (Arc::clone(config), db.clone());
    groups.push(Group { name: "database", run: Box::new(move || database::of(&config, &db)) });
    all_at_once(groups)
}

/// What the DNS says about mail in the shop's name. Blocks until the last check has ended.
pub(crate) fn examine_sender(config: &Arc<Config>) -> Vec<Finding> {
    all_at_once(sender_groups(config))
}

/// Everything there is to check, in the order it is shown.
fn groups(config: &Arc<Config>) -> Vec<Group> {
    let mut groups = outside(config);
    groups.push(group("database", config, database::examine));
    groups
}

/// Everything but the database.
fn outside(config: &Arc<Config>) -> Vec<Group> {
    let mut groups = vec![
        group("settings", config, settings::examine),
        group("links", config, web_address::examine),
        group("mail", config, mail::examine),
        group("texts", config, texts::examine),
    ];
    groups.extend(sender_groups(config));
    groups
}

fn sender_groups(config: &Arc<Config>) -> Vec<Group> {
    if !sender::is_worth_asking(config) {
        return Vec::new();
    }
    let resolver = Arc::new(resolver(config));
    let group = |(name, check): (&'static str, sender::Check)| {
        let (config, resolver) = (Arc::clone(config), Arc::clone(&resolver));
        Group { name, run: Box::new(move || check(&config, &resolver)) }
    };
    sender::CHECKS.into_iter().map(group).collect()
}

fn group(name: &'static str, config: &Arc<Config>, check: fn(&Config) -> Vec<Finding>) -> Group {
    let config = Arc::clone(config);
    Group { name, run: Box::new(move || check(&config)) }
}

fn resolver(config: &Config) -> Resolver {
    let given = config.dns.as_deref().map(Resolver::parse);
    // What was given was read once already, with the rest of the configuration.
    given.and_then(Result::ok).unwrap_or_else(Resolver::of_this_machine)
}

fn all_at_once(groups: Vec<Group>) -> Vec<Finding> {
    let started = SystemClock.now();
    let running: Vec<(&'static str, Receiver<Vec<Finding>>)> = groups
        .into_iter()
        .map(|group| {
            let (done, result) = mpsc::channel();
            // Nobody waits for it any more when its time is up; the process ends then.
            thread::spawn(move || done.send((group.run)()));
            (group.name, result)
        })
        .collect();
    let wait = |(name, result): (&'static str, Receiver<Vec<Finding>>)| {
        let left = PATIENCE.saturating_sub(SystemClock.now().since(started));
        result.recv_timeout(left).unwrap_or_else(|_| vec![unfinished(name)])
    };
    running.into_iter().flat_map(wait).collect()
}

fn unfinished(name: &'static str) -> Finding {
    let found = format!("this check has not come to an end within {} seconds", PATIENCE.as_secs());
    bad(name, found, "Look at what it talks to, and run aftercare doctor again.")
}
