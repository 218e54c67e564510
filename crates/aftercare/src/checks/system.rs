//! `/a/system`: version, database, work and workers, and what the doctor would say.

use std::time::Duration;

use axum::Extension;
use axum::extract::State as Extracted;
use axum::response::Response;
use db::{Engine, Read};
use jobs::{Lane, Tally};
use kernel::{Result, Shop, ShopClock, Timestamp};
use serde::Serialize;
use staff::{Member, Permission};
use web::{Failure, HtmlPage, see_other};

use super::run::{self, Found, State};
use super::{Door, SYSTEM, When, copies};
use crate::doctor::{self, database};
use crate::lists::migrations::MIGRATIONS;

/// A process that has not said for this long that it lives is dead.
const DEAD_AFTER: Duration = Duration::from_secs(30);

/// What `aftercare/system.html` is given as `page`.
#[derive(Debug, Serialize)]
struct SystemPage {
    facts: Vec<(&'static str, String)>,
    lanes: Vec<LaneRow>,
    parked: i64,
    when: When,
    findings: Vec<FindingRow>,
    backup: &'static str,
    cron: &'static str,
}

#[derive(Debug, Serialize)]
struct LaneRow {
    name: &'static str,
    due: i64,
    waiting: i64,
    running: i64,
    parked: i64,
}

#[derive(Debug, Serialize)]
struct FindingRow {
    check: String,
    tone: &'static str,
    word: &'static str,
    found: String,
    fix: Option<String>,
    /// The name and the value of a record to publish.
    record: Option<(String, String)>,
}

/// `GET /a/system`.
pub(super) async fn show(
    Extracted(door): Extracted<Door>,
    Extension(member): Extension<Member>,
) -> Result<HtmlPage, Failure> {
    member.role.require(Permission::Configure)?;
    let (url, engine) = (door.config.database_url.to_string(), door.db.engine());
    let schema = door.db.version()?;
    let page = door.db.read("checks.system", move |r| page(r, (&url, engine), schema)).await?;
    Ok(door.page("aftercare/system.html", "System", &page)?)
}

fn page(r: &mut Read<'_>, database: (&str, Engine), schema: u32) -> Result<SystemPage> {
    let lanes = jobs::tally_by_lane(r)?;
    let last = run::last(r, SYSTEM)?;
    let facts = facts(r, database, schema)?;
    let clock = ShopClock::new(&r.wired::<Shop>()?.zone, r.now);
    Ok(SystemPage {
        facts,
        parked: lanes.iter().map(|(_, tally)| tally.parked).sum(),
        lanes: lanes.into_iter().map(lane).collect(),
        when: When::of(&last, &clock),
        findings: last.ended.map(|(_, found)| found.into_iter().map(finding).collect()).unwrap_or_default(),
        backup: "aftercare backup /backups/shop-$(date +%F).backup",
        cron: "15 3 * * * cd /srv/shop && aftercare backup /backups/shop-$(date +\\%F).backup",
    })
}

fn facts(
    r: &mut Read<'_>,
    (url, engine): (&str, Engine),
    schema: u32,
) -> Result<Vec<(&'static str, String)>> {
    let name = match engine {
        Engine::Sqlite => "SQLite",
        Engine::Postgres => "PostgreSQL",
    };
    let version = database::asked(r)?.version;
    let bytes = database::size(r)?;
    let newest = MIGRATIONS.len() as u32;
    let migrations = match newest.saturating_sub(schema) {
        0 => format!("{schema}, nothing to migrate"),
        missing => format!("{schema} of {newest}: {missing} wait"),
    };
    let copy = copies::last_backup(r)?;
    let held = jobs::restore_hold(r)?;
    let clock = ShopClock::new(&r.wired::<Shop>()?.zone, r.now);
    let held = held.map(|hold| {
        format!(
            "What was due before {} is held until it is let go: aftercare messages release",
            clock.short(hold.restored_at)
        )
    });
    let copied = match copy {
        Some((at, bytes)) => format!("{}, {}", clock.short(at), sized(bytes)),
        None => "None is known of. How to make one stands below".to_owned(),
    };
    let (now, beats) = (r.now, jobs::beats(r)?);
    let all = [
        ("Version", Some(env!("CARGO_PKG_VERSION").to_owned())),
        ("Database", Some(format!("{name} {version}"))),
        ("Where", Some(url.to_owned())),
        ("Size", Some(sized(bytes))),
        ("Migrations", Some(migrations)),
        ("Processes at work", Some(workers(&beats, now))),
        ("Last copy", Some(copied)),
        ("After a restore", held),
    ];
    Ok(all.into_iter().filter_map(|(label, value)| value.map(|value| (label, value))).collect())
}

fn workers(beats: &[Timestamp], now: Timestamp) -> String {
    let alive: Vec<_> = beats.iter().filter(|beat| now.since(**beat) < DEAD_AFTER).collect();
    match alive.iter().map(|beat| now.since(**beat).as_secs()).min() {
        None => "None. Start one with: aftercare serve".to_owned(),
        Some(seconds) => format!("{}, last heard of {seconds} seconds ago", alive.len()),
    }
}

/// `512 kB`, `3.4 MB`, `12.0 GB`.
fn sized(bytes: i64) -> String {
    let tenths = |unit: i64| {
        let tenths = bytes * 10 / unit;
        format!("{}.{}", tenths / 10, tenths % 10)
    };
    match bytes {
        ..1_000_000 => format!("{} kB", bytes / 1_000),
        1_000_000..1_000_000_000 => format!("{} MB", tenths(1_000_000)),
        1_000_000_000.. => format!("{} GB", tenths(1_000_000_000)),
    }
}

fn lane((lane, tally): (Lane, Tally)) -> LaneRow {
    let name = match lane {
        Lane::AtOnce => "A person waits for it",
        Lane::Input => "What came in from outside",
        Lane::Reaction => "What follows from an event",
        Lane::MayWait => "Messages that may wait, and webhooks out",
        Lane::Bulk => "One of many",
        Lane::Upkeep => "Housekeeping",
    };
    let Tally { due, waiting, running, parked } = tally;
    LaneRow { name, due, waiting, running, parked }
}

fn finding(found: Found) -> FindingRow {
    let (tone, word) = match found.state {
        State::Ok => ("ok", "OK"),
        State::Wrong | State::Missing => ("bad", "Fix"),
        State::Unanswered => ("warn", "No answer"),
    };
    FindingRow { check: found.check, tone, word, found: found.found, fix: found.fix, record: found.record }
}

/// `POST /a/system`: lets the doctor look now.
pub(super) async fn check(
    Extracted(door): Extracted<Door>,
    Extension(member): Extension<Member>,
) -> Result<Response, Failure> {
    member.role.require(Permission::Configure)?;
    let (config, db) = (door.config.clone(), door.db.clone());
    run::run(&door.db, SYSTEM, move || doctor::examine_open(&config, &db)).await?;
    Ok(see_other("/a/system")?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_size_is_said_in_its_unit() {
        for (bytes, words) in [
            (0, "0 kB"),
            (512_000, "512 kB"),
            (3_450_000, "3.4 MB"),
            (999_999_999, "999.9 MB"),
            (12_000_000_000, "12.0 GB"),
        ] {
            assert_eq!(sized(bytes), words);
        }
    }

    #[test]
    fn only_who_spoke_lately_is_at_work() {
        let at = |seconds: i64| Timestamp::from_ms(1_800_000_000_000 + seconds * 1_000);
        assert!(workers(&[], at(0)).starts_with("None."));
        assert!(workers(&[at(-31)], at(0)).starts_with("None."));
        assert_eq!(workers(&[at(-31), at(-9), at(-4)], at(0)), "2, last heard of 4 seconds ago");
    }
}
