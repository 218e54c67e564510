//! What can be seen without asking anybody: configuration, secret, words, this machine's clock.

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use db::DatabaseUrl;
use kernel::{Catalogue, Clock, Error, Keys, SystemClock, Timestamp};
use messaging::Wording;

use super::finding::{Finding, bad, good, span};
use crate::{Config, lists, secret};

/// Fewer different characters than this make a secret that can be guessed.
const FEWEST_CHARACTERS: usize = 8;
const HOW_TO_MAKE: &str =
    "Put a new one in front of it: openssl rand -hex 32. See AFTERCARE_SECRET in the README.";

pub(super) fn examine(config: &Config) -> Vec<Finding> {
    let mut findings = vec![good("configuration", format!("public URL {}", config.public_url))];
    findings.extend(secret(config));
    findings.push(wording(config));
    findings.push(clock());
    findings
}

/// None where it is still to be made, together with the database.
fn secret(config: &Config) -> Option<Finding> {
    match (&config.secret, &config.database_url) {
        (Some(roots), _) => Some(judged(roots, "given by the configuration")),
        (None, DatabaseUrl::Sqlite(database)) => beside(&secret::path_beside(database)),
        (None, DatabaseUrl::Memory) => None,
        (None, DatabaseUrl::Postgres { .. }) => Some(refused(&secret::required())),
    }
}

fn beside(path: &Path) -> Option<Finding> {
    let about = fs::metadata(path).ok()?;
    if about.permissions().mode() & 0o077 != 0 {
        let found = format!("others on this machine can get at {}", path.display());
        return Some(bad("secret", found, format!("Run: chmod 600 {}", path.display())));
    }
    let Ok(roots) = fs::read_to_string(path) else {
        let found = format!("{} can't be read", path.display());
        return Some(bad("secret", found, "Run this as the user that runs the shop."));
    };
    let made = about.modified().ok().and_then(|at| at.duration_since(std::time::UNIX_EPOCH).ok());
    let age = made.map(|made| SystemClock.now().since(Timestamp::from_ms(made.as_millis() as i64)));
    let age = age.map_or_else(String::new, |age| format!(", written {} ago", span(age)));
    Some(judged(roots.trim(), &format!("in {}{age}", path.display())))
}

/// Length is checked by whoever reads it; here, whether it looks like chance.
fn judged(roots: &str, place: &str) -> Finding {
    if let Err(error) = Keys::parse(roots) {
        return refused(&error);
    }
    let roots: Vec<&str> = roots.split(',').map(str::trim).collect();
    let is_guessable = |root: &&str| root.chars().collect::<BTreeSet<char>>().len() < FEWEST_CHARACTERS;
    if roots.iter().any(is_guessable) {
        return bad("secret", format!("can be guessed: it repeats a few characters ({place})"), HOW_TO_MAKE);
    }
    let count = roots.len();
    good("secret", format!("{count} root{}, {place}", if count == 1 { "" } else { "s" }))
}

fn refused(error: &Error) -> Finding {
    bad("secret", error.to_string(), "See AFTERCARE_SECRET in the README.")
}

fn wording(config: &Config) -> Finding {
    let loaded = Catalogue::new(lists::words::WORDS)
        .and_then(|catalogue| Wording::new(catalogue, lists::words::WORDS, config.wording.clone()));
    match loaded {
        Ok(_) => good("wording", format!("loaded, {} sentences of your own", config.wording.len())),
        Err(error) => bad("wording", error.to_string(), "Correct the sentence named here, under [wording]."),
    }
}

fn clock() -> Finding {
    // A machine that has lost its time starts in 1970 or at its build date; signed links and quiet hours need a real one.
    const BUILT_AFTER_MS: i64 = 1_793_000_000_000;
    let now = SystemClock.now();
    if now.ms() > BUILT_AFTER_MS {
        return good("clock", format!("{now}"));
    }
    bad("clock", format!("{now} is in the past"), "Set the machine's clock, for example with an NTP service.")
}
