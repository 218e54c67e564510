//! The database, and what only it knows: its version and schema, its clock, its disk, and the work in it.

use std::path::Path;
use std::time::Duration;

use db::{DatabaseUrl, Db, Read, SqlFile, params};
use kernel::{Clock, Result, SystemClock, Timestamp};

use super::finding::{Finding, bad, good, span};
use super::{restored, work};
use crate::house::{House, Setting};
use crate::{Config, commands, lists};

db::sql_file!(pub STORE = "doctor.sql" {
    ENGINE = "engine",
    SIZE = "size",
});

/// The queries of this command.
pub static SQL: &[&SqlFile] = &[&STORE];

/// An answer that takes longer than this is worth a word.
const SLOW: Duration = Duration::from_millis(200);
/// Clocks that are further apart put messages and links out of order.
const MOST_OFF: Duration = Duration::from_secs(5);
/// Below this a disk is nearly full.
const LEAST_FREE_BYTES: u64 = 500 * 1024 * 1024;
/// And so it is below this part of it, a hundredth each.
const LEAST_FREE_PERCENT: u64 = 3;

pub(super) fn examine(config: &Config) -> Vec<Finding> {
    // Who looks must not change anything, and opening a database file that is not there would make one.
    if let Some(absent) = absent_file(config) {
        return vec![absent];
    }
    // Mail and signing are looked at elsewhere; what is wrong with them says nothing about the database.
    let quiet = Config { mail_url: "inbox:".to_owned(), dkim: None, sms: None, ..config.clone() };
    match House::open(quiet, Setting::server()) {
        Err(error) => vec![bad(
            "database",
            error.to_string(),
            "Correct AFTERCARE_DATABASE_URL, or what is named above.",
        )],
        Ok(house) => of(config, &house.db),
    }
}

/// What there is to say about a database that is open.
pub(super) fn of(config: &Config, db: &Db) -> Vec<Finding> {
    let mut findings = engine(config, db);
    findings.extend(disk(config));
    findings.push(schema(db));
    findings.extend(work::examine(db));
    findings.extend(restored::examine(db));
    findings
}

fn absent_file(config: &Config) -> Option<Finding> {
    let DatabaseUrl::Sqlite(path) = &config.database_url else { return None };
    let found = format!("the database file {} is not there yet", path.display());
    (!path.exists()).then(|| bad("schema", found, "Run: aftercare migrate"))
}

/// What the engine says of itself.
pub(crate) struct Engine {
    pub version: String,
    now: Timestamp,
}

pub(crate) fn asked(r: &mut Read<'_>) -> Result<Engine> {
    let row = r.one(&ENGINE, params![])?;
    Ok(Engine { version: row.get("version")?, now: row.get("now_ms")? })
}

/// How many bytes the shop takes in its database.
pub(crate) fn size(r: &mut Read<'_>) -> Result<i64> {
    r.one(&SIZE, params![])?.get("bytes")
}

fn engine(config: &Config, db: &Db) -> Vec<Finding> {
    let url = config.database_url.to_string();
    // The first question opens the connection, the second one measures.
    let first = commands::block_on(db.read("doctor.engine", asked));
    let before = SystemClock.now();
    let answer = first.and_then(|_| commands::block_on(db.read("doctor.engine", asked)));
    let after = SystemClock.now();
    let engine = match answer {
        Ok(engine) => engine,
        Err(error) => {
            let fix = "Start the database server, or correct AFTERCARE_DATABASE_URL.";
            return vec![bad("database", format!("{url}: {error}"), fix)];
        }
    };
    let took = after.since(before);
    let found = format!("{url} answers within {} ms, version {}", took.as_millis().max(1), engine.version);
    let answers = good("database", found);
    let answers = if took > SLOW {
        answers.advice("That is slow: let the database be near this machine.")
    } else {
        answers
    };
    vec![answers, clocks(engine.now, before, after)]
}

/// The engine read its clock somewhere between `before` and `after`.
fn clocks(there: Timestamp, before: Timestamp, after: Timestamp) -> Finding {
    let off = before.since(there).max(there.since(after));
    if off <= MOST_OFF {
        return good("clocks", "machine and database agree");
    }
    let found = format!("machine and database are {} apart", span(off));
    bad("clocks", found, "Set both clocks by the same NTP service.")
}

/// The disk that an SQLite file lies on; a database server's own can't be seen from here.
fn disk(config: &Config) -> Option<Finding> {
    let DatabaseUrl::Sqlite(path) = &config.database_url else { return None };
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let Ok(room) = rustix::fs::statvfs(folder) else {
        let fix = "Can this user open the folder?";
        return Some(bad("disk", format!("the room of {} can't be read", folder.display()), fix));
    };
    let free = room.f_bavail.saturating_mul(room.f_frsize);
    let percent = room.f_bavail.saturating_mul(100) / room.f_blocks.max(1);
    let found = format!("{} MB free where the database lies ({percent} %)", free / (1024 * 1024));
    let is_full = free < LEAST_FREE_BYTES || (percent < LEAST_FREE_PERCENT && free < 20 * LEAST_FREE_BYTES);
    Some(if is_full {
        bad("disk", found, "Make room: without it no order can be taken in.")
    } else {
        good("disk", found)
    })
}

fn schema(db: &Db) -> Finding {
    let newest = lists::migrations::MIGRATIONS.len() as u32;
    match db.version() {
        Ok(version) if version == newest => good("schema", format!("version {version}, nothing to migrate")),
        Ok(version) if version < newest => {
            let found = format!("version {version} of {newest}: {} migrations wait", newest - version);
            bad("schema", found, "Run: aftercare migrate")
        }
        Ok(version) => {
            bad("schema", format!("version {version}, newer than this program"), "Install the newer program.")
        }
        Err(error) => bad("schema", error.to_string(), "Run: aftercare migrate"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clocks_agree_when_one_reading_fits_between_the_others() {
        let at = |ms: i64| Timestamp::from_ms(1_800_000_000_000 + ms);
        for (there, ok) in [(0, true), (-4_000, true), (6_000, true), (-6_000, false), (8_000, false)] {
            assert_eq!(clocks(at(there), at(0), at(2_000)).ok, ok, "{there}");
        }
    }
}
