//! Running a check behind a button, and keeping what it found until the next one.
//!
//! A check may take twenty seconds. Whoever presses the button waits for a few of them; then the page says that it is
//! running, and shows what was found as soon as somebody looks again.

use std::thread;
use std::time::Duration;

use db::{Db, Read, SqlFile, Write, params};
use kernel::{Result, Timestamp};
use serde::{Deserialize, Serialize};
use tokio::sync::oneshot;

use crate::commands;
use crate::doctor::finding::{Fault, Finding};

db::sql_file!(pub CHECKS = "checks.sql" {
    BEGIN_CHECK = "begin_check",
    END_CHECK = "end_check",
    FIND_CHECK = "find_check",
    NOTE_BACKUP = "note_backup",
});

/// The queries of these pages.
pub static SQL: &[&SqlFile] = &[&CHECKS];

/// How long whoever presses the button waits before the page says that it is running.
const WORTH_WAITING: Duration = Duration::from_secs(4);
/// A check that was begun so long ago has died with its process.
const DEAD_AFTER: Duration = Duration::from_secs(60);

/// How something stands that was looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum State {
    Ok,
    Wrong,
    Missing,
    Unanswered,
}

/// One finding, as it is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Found {
    pub check: String,
    pub state: State,
    pub found: String,
    pub fix: Option<String>,
    /// The name and the value of a record to publish.
    pub record: Option<(String, String)>,
}

impl Found {
    fn of(finding: Finding) -> Self {
        let state = match (finding.ok, finding.fault) {
            (true, _) => State::Ok,
            (false, Fault::Wrong) => State::Wrong,
            (false, Fault::Missing) => State::Missing,
            (false, Fault::Unanswered) => State::Unanswered,
        };
        Found {
            check: finding.check.to_owned(),
            state,
            found: finding.found,
            fix: finding.fix,
            record: finding.record.map(|record| (record.name, record.value)),
        }
    }
}

/// What is known of a check.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Last {
    /// Since when it is running.
    pub running_since: Option<Timestamp>,
    /// When it last ended, and what it found.
    pub ended: Option<(Timestamp, Vec<Found>)>,
}

/// Runs a check unless it is running already. Returns when it has ended, or when it is not worth waiting any longer.
pub(super) async fn run(
    db: &Db,
    name: &'static str,
    examine: impl FnOnce() -> Vec<Finding> + Send + 'static,
) -> Result<()> {
    let Some(begun_at) = db.write("checks.begin", move |w| begin(w, name)).await? else { return Ok(()) };
    let (done, ended) = oneshot::channel();
    let own = db.clone();
    // A thread of its own: the checks block, and go on when whoever pressed the button has left.
    thread::spawn(move || {
        let found: Vec<Found> = examine().into_iter().map(Found::of).collect();
        if let Err(error) = commands::block_on(end(own, name, begun_at, found)) {
            tracing::warn!(?error, check = name, "checks.not_kept");
        }
        // Nobody may be waiting any more.
        let _ = done.send(());
    });
    // It has ended, or it is running still: the page says which.
    let _ = tokio::time::timeout(WORTH_WAITING, ended).await;
    Ok(())
}

fn begin(w: &mut Write<'_>, name: &str) -> Result<Option<Timestamp>> {
    let now = w.now;
    Ok(w.row(&BEGIN_CHECK, params![name, now, now - DEAD_AFTER])?.map(|_| now))
}

async fn end(db: Db, name: &'static str, begun_at: Timestamp, found: Vec<Found>) -> Result<()> {
    let json = serde_json::to_string(&found)?;
    let end = move |w: &mut Write<'_>| {
        let now = w.now;
        w.execute(&END_CHECK, params![name, begun_at, now, &json])
    };
    db.write("checks.end", end).await.map(drop)
}

/// What is known of a check. Findings that another version wrote in other words are as good as none.
pub(super) fn last(r: &mut Read<'_>, name: &str) -> Result<Last> {
    let Some(row) = r.row(&FIND_CHECK, params![name])? else { return Ok(Last::default()) };
    let begun_at: Timestamp = row.get("begun_at")?;
    let ended_at: Option<Timestamp> = row.get("ended_at")?;
    let findings: Option<String> = row.get("findings")?;
    let is_running = ended_at.is_none() && r.now < begun_at + DEAD_AFTER;
    let found = findings.and_then(|json| serde_json::from_str(&json).ok());
    Ok(Last { running_since: is_running.then_some(begun_at), ended: ended_at.zip(found) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor::finding::{bad, good};

    #[test]
    fn a_finding_is_kept_with_what_its_cross_is_about() {
        let state = |finding| Found::of(finding).state;
        assert_eq!(state(good("spf", "well").advice("and better")), State::Ok);
        assert_eq!(state(bad("spf", "wrong", "mend it")), State::Wrong);
        assert_eq!(
            state(bad("spf", "none", "publish it").publish("a.test", "v=spf1 -all").missing()),
            State::Missing
        );
        assert_eq!(state(bad("spf", "silence", "look").unanswered()), State::Unanswered);
        let kept = Found::of(bad("dkim", "none", "publish").publish("a1._domainkey.a.test", "v=DKIM1"));
        let json = serde_json::to_string(&[&kept]).unwrap();
        assert_eq!(serde_json::from_str::<Vec<Found>>(&json).unwrap(), [kept]);
    }
}
