//! The work that waits, who does it, and the shops that send orders.

use std::time::Duration;

use db::Read;
use jobs::Tally;
use kernel::{Clock, Result, SystemClock, Timestamp};
use platforms::Heard;

use super::finding::{Finding, bad, good, span};
use crate::commands;
use crate::house::House;

/// Work that has been due for longer is not being done.
const LATE: Duration = Duration::from_secs(5 * 60);
/// A process that has not said for this long that it lives is dead.
const DEAD_AFTER: Duration = Duration::from_secs(30);

/// What the database knows of it.
struct Seen {
    tally: Tally,
    oldest_due: Option<Timestamp>,
    beats: Vec<Timestamp>,
    shops: Vec<Heard>,
}

pub(super) fn examine(house: &House) -> Vec<Finding> {
    match commands::block_on(house.db.read("doctor.work", seen)) {
        Ok(seen) => {
            let now = SystemClock.now();
            let mut findings = vec![jobs(&seen, now), workers(&seen, now)];
            findings.extend(seen.shops.iter().map(|shop| connection(shop, now)));
            findings
        }
        Err(_) => vec![bad("work", "unknown: the schema is not there yet", "Run: aftercare migrate")],
    }
}

fn seen(r: &mut Read<'_>) -> Result<Seen> {
    Ok(Seen {
        tally: jobs::tally(r)?,
        oldest_due: jobs::next_due(r)?,
        beats: jobs::beats(r)?,
        shops: platforms::last_heard(r)?,
    })
}

fn jobs(seen: &Seen, now: Timestamp) -> Finding {
    let tally = &seen.tally;
    if tally.parked > 0 {
        let found = format!("{} jobs have failed too often and wait for a person", tally.parked);
        let fix = "The cause is in the log, under jobs.failed. When it is mended: aftercare jobs retry";
        return bad("work", found, fix);
    }
    let late = seen.oldest_due.map(|due| now.since(due)).unwrap_or_default();
    if late > LATE {
        let found = format!("{} jobs are due, the oldest for {}", tally.due, span(late));
        return bad(
            "work",
            found,
            "Start a process that works: aftercare serve. If one runs, look into its log.",
        );
    }
    good("work", format!("{} due, {} later, 0 parked", tally.due, tally.waiting))
}

fn workers(seen: &Seen, now: Timestamp) -> Finding {
    let alive = seen.beats.iter().filter(|beat| now.since(**beat) < DEAD_AFTER).count();
    match alive {
        0 => good("workers", "no process is at work").advice("Start one with: aftercare serve"),
        1 => good("workers", "1 process is at work"),
        several => good("workers", format!("{several} processes are at work")),
    }
}

fn connection(shop: &Heard, now: Timestamp) -> Finding {
    let name = format!("{} ({})", shop.name, shop.platform);
    if !shop.is_on {
        return good("connection", format!("{name} is switched off"));
    }
    match shop.at {
        Some(at) => good("connection", format!("{name} was last heard of {} ago", span(now.since(at)))),
        None => good("connection", format!("{name} has not been heard of within 30 days")).advice(
            "If orders came in there: do its webhooks go to the address that `aftercare connect` \
                 printed, with its secret?",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_ms(1_800_000_000_000 + seconds * 1_000)
    }

    fn seen(parked: i64, oldest_due: Option<i64>, beats: &[i64]) -> Seen {
        Seen {
            tally: Tally { due: 1, parked, ..Tally::default() },
            oldest_due: oldest_due.map(at),
            beats: beats.iter().map(|beat| at(*beat)).collect(),
            shops: Vec::new(),
        }
    }

    #[test]
    fn work_is_well_while_somebody_does_it() {
        for (parked, oldest_due, ok) in [
            (0, None, true),
            (0, Some(-299), true),
            (0, Some(500), true),
            (0, Some(-301), false),
            (1, None, false),
        ] {
            assert_eq!(jobs(&seen(parked, oldest_due, &[]), at(0)).ok, ok, "{parked} {oldest_due:?}");
        }
    }

    #[test]
    fn only_who_spoke_lately_is_at_work() {
        let said = |beats: &[i64]| workers(&seen(0, None, beats), at(0)).found;
        assert_eq!(said(&[]), "no process is at work");
        assert_eq!(said(&[-31, -9]), "1 process is at work");
        assert_eq!(said(&[-1, -9]), "2 processes are at work");
    }
}
