//! The work that waits, who does it, and the shops that send orders.

use std::time::Duration;

use db::{Db, Read};
use jobs::Tally;
use kernel::{Result, Timestamp};
use platforms::{ConnectionHealth, Health, Subscription};

use super::finding::{Finding, bad, good, span};
use crate::commands;

/// Work that has been due for longer is not being done.
const LATE: Duration = Duration::from_secs(5 * 60);
/// A process that has not said for this long that it lives is dead.
const DEAD_AFTER: Duration = Duration::from_secs(30);

/// What the database knows of it.
struct Seen {
    tally: Tally,
    oldest_due: Option<Timestamp>,
    beats: Vec<Timestamp>,
    shops: Vec<ConnectionHealth>,
}

pub(super) fn examine(db: &Db) -> Vec<Finding> {
    match commands::block_on(db.read("doctor.work", seen)) {
        Ok(seen) => {
            let now = db.now();
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
        shops: platforms::health(r)?,
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

/// What a shop's webhooks and the reading of its own list are doing.
fn connection(shop: &ConnectionHealth, now: Timestamp) -> Finding {
    let found =
        format!("{} ({}): {}; {}", shop.name, shop.platform.as_str(), heard(shop, now), read(shop, now));
    match (mend(shop), advice(shop)) {
        (Some(fix), _) => bad("connection", found, fix),
        (None, Some(advice)) => good("connection", found).advice(advice),
        (None, None) => good("connection", found),
    }
}

fn heard(shop: &ConnectionHealth, now: Timestamp) -> String {
    let last = match shop.webhook_at {
        Some(at) => format!("a webhook came {} ago", span(now.since(at))),
        None => "no webhook has come yet".to_owned(),
    };
    match shop.subscription {
        Subscription::Unknown | Subscription::Active => last,
        Subscription::Mended => format!("{last}, the shop had switched it off and it was switched on again"),
        Subscription::Paused => format!("{last}, somebody at the shop has paused it"),
        Subscription::Off => format!("{last}, the shop has switched it off"),
        Subscription::Missing => format!("{last}, the shop has none for us"),
    }
}

fn read(shop: &ConnectionHealth, now: Timestamp) -> String {
    if !shop.platform.is_shop() {
        return "it tells of parcels alone".to_owned();
    }
    if !shop.is_polled {
        return "its list of orders is not read".to_owned();
    }
    let last = match shop.polled_at {
        Some(at) => format!("its list was read {} ago", span(now.since(at))),
        None => "its list has not been read to the end yet".to_owned(),
    };
    match (shop.health, &shop.last_error) {
        (Health::Unknown | Health::Well, _) => last,
        (_, Some((words, at))) => format!("{last}, and {} ago: {words}", span(now.since(*at))),
        (trouble, None) => format!("{last}, and now it is {}", trouble.as_str()),
    }
}

/// What somebody has to do; the reading comes first, because it brings what the webhooks lose.
fn mend(shop: &ConnectionHealth) -> Option<String> {
    let again = format!("aftercare connect {} --name \"{}\"", shop.platform.as_str(), shop.name);
    match shop.health {
        Health::Unreachable => {
            return Some(
                "It is asked again every minute. If this stays: is the shop up, and --api-url right?".into(),
            );
        }
        Health::Refused => return Some(format!("Make a new key at the shop and run: {again} --api-key KEY")),
        Health::Nonsense => return Some(format!("Is the address right? If not, run: {again} --api-url URL")),
        Health::Unknown | Health::Well | Health::Limited => {}
    }
    match shop.subscription {
        Subscription::Unknown | Subscription::Active | Subscription::Mended => None,
        Subscription::Paused => Some("Set the webhook to active in the shop's settings.".into()),
        Subscription::Off | Subscription::Missing => {
            Some(format!("Make the webhook in the shop's settings, with the address and secret of: {again}"))
        }
    }
}

fn advice(shop: &ConnectionHealth) -> Option<&'static str> {
    match (shop.webhook_at, shop.is_polled) {
        (None, _) if !shop.platform.is_shop() => Some(
            "If a parcel was scanned: do its webhooks go to the address that `aftercare connect` printed, with its secret?",
        ),
        (None, _) => Some(
            "If orders came in there: do its webhooks go to the address that `aftercare connect` printed, with its secret?",
        ),
        (Some(_), false) if shop.platform.is_polled() => {
            Some("A webhook that gets lost is only found with --api-url and --api-key.")
        }
        (Some(_), _) => None,
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

    fn shop(health: Health, subscription: Subscription) -> ConnectionHealth {
        ConnectionHealth {
            id: platforms::ConnectionId::stored("con_1".to_owned()),
            platform: platforms::Platform::Woocommerce,
            name: "Northwind".to_owned(),
            is_polled: true,
            health,
            subscription,
            polled_at: Some(at(-60)),
            webhook_at: Some(at(-7_200)),
            last_error: Some(("The platform refuses the key (401).".to_owned(), at(-30))),
        }
    }

    #[test]
    fn a_shop_that_is_not_well_is_said_with_what_mends_it() {
        let found = connection(&shop(Health::Well, Subscription::Active), at(0));
        let words = "Northwind (woocommerce): a webhook came 2 hours ago; its list was read 60 seconds ago";
        assert_eq!((found.ok, found.found.as_str(), found.fix), (true, words, None));
        for (health, subscription, said, fix) in [
            (Health::Refused, Subscription::Active, "refuses the key (401)", Some("--api-key KEY")),
            (Health::Nonsense, Subscription::Active, "30 seconds ago", Some("--api-url URL")),
            (Health::Unreachable, Subscription::Unknown, "30 seconds ago", Some("every minute")),
            (Health::Well, Subscription::Paused, "paused it", Some("to active")),
            (
                Health::Well,
                Subscription::Off,
                "switched it off",
                Some("connect woocommerce --name \"Northwind\""),
            ),
            (Health::Well, Subscription::Missing, "none for us", Some("address and secret")),
            (Health::Limited, Subscription::Mended, "switched on again", None),
        ] {
            let shop = shop(health, subscription);
            let found = connection(&shop, at(0));
            assert_eq!(found.ok, shop.is_well(), "{health:?} {subscription:?}");
            assert!(found.found.contains(said), "{}", found.found);
            assert_eq!(
                found.fix.as_deref().is_some_and(|it| it.contains(fix.unwrap_or_default())),
                fix.is_some()
            );
        }
    }

    #[test]
    fn a_tracking_service_is_not_asked_for_orders() {
        let service = platforms::Platform::parse("aftership").unwrap();
        let quiet = ConnectionHealth {
            platform: service,
            is_polled: false,
            webhook_at: None,
            last_error: None,
            ..shop(Health::Unknown, Subscription::Unknown)
        };
        let found = connection(&quiet, at(0));
        let words = "Northwind (aftership): no webhook has come yet; it tells of parcels alone";
        assert_eq!((found.ok, found.found.as_str()), (true, words));
        assert!(advice(&quiet).unwrap().contains("scanned"));
        assert_eq!(advice(&ConnectionHealth { webhook_at: Some(at(-60)), ..quiet }), None);
    }

    #[test]
    fn a_shop_that_was_never_heard_or_is_only_heard_gets_advice() {
        let mut shop = ConnectionHealth {
            is_polled: false,
            last_error: None,
            ..shop(Health::Unknown, Subscription::Unknown)
        };
        let advice = connection(&shop, at(0));
        assert!(advice.ok && advice.fix.unwrap().contains("--api-key"));
        shop.webhook_at = None;
        let advice = connection(&shop, at(0));
        assert!(advice.ok && advice.fix.unwrap().contains("go to the address"));
        assert!(advice.found.contains("no webhook has come yet; its list of orders is not read"));
    }

    #[test]
    fn only_who_spoke_lately_is_at_work() {
        let said = |beats: &[i64]| workers(&seen(0, None, beats), at(0)).found;
        assert_eq!(said(&[]), "no process is at work");
        assert_eq!(said(&[-31, -9]), "1 process is at work");
        assert_eq!(said(&[-1, -9]), "2 processes are at work");
    }
}
