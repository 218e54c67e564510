//! "Is mail arriving?": what became of the mails of a month, held against the limits of those who receive them.

use std::time::Duration;

use db::Read;
use kernel::{Channel, Result, ShopClock};
use messaging::{Day, SentByDay};
use serde::Serialize;
use web::chart::{Figure, Limit, Line, Meter, Series, Unit, grouped};

/// Days that are looked at.
const DAYS: usize = 30;
const MONTH: Duration = Duration::from_secs(30 * 86_400);
/// No more are counted than are worth counting.
const MOST_COMPLAINTS: i64 = 10_000;

/// A server that refuses so many mails of ours believes that we write to bought addresses.
const REFUSED: &[Limit] = &[Limit { at: 200, tone: "bad", word: "Too many" }];
/// What the large providers publish: below the first all is well, from the second on mail is refused.
const COMPLAINED: &[Limit] =
    &[Limit { at: 10, tone: "warn", word: "Watch" }, Limit { at: 30, tone: "bad", word: "Too many" }];

/// What `aftercare/domains.html` is given as `page.arriving`.
#[derive(Debug, Serialize)]
pub(super) struct Arriving {
    meters: [Figure; 2],
    course: Figure,
    /// Until when mails are counted.
    until: Option<String>,
}

/// What became of the mails of a month.
struct Month {
    sent: SentByDay,
    refused: Meter,
    complained: Meter,
}

impl Month {
    fn read(r: &mut Read<'_>) -> Result<Self> {
        let (sent, since) = (messaging::counted_by_day(r, DAYS)?, r.now - MONTH);
        let complaints = customers::complaints_since(r, Channel::Email, since, MOST_COMPLAINTS)?;
        let sum = |count: fn(&Day) -> u64| sent.days.iter().map(count).sum::<u64>();
        let (mails, refused) = (sum(|day| day.mails), sum(|day| day.mails_refused));
        Ok(Month {
            refused: Meter {
                part: refused,
                whole: mails + refused,
                of: "mails",
                enough: 100,
                limits: REFUSED,
            },
            complained: Meter {
                part: complaints.unsigned_abs(),
                whole: mails,
                of: "mails",
                enough: 1_000,
                limits: COMPLAINED,
            },
            sent,
        })
    }
}

/// The figures of the page about domains.
pub(super) fn arriving(r: &mut Read<'_>) -> Result<Arriving> {
    let month = Month::read(r)?;
    let shop = r.wired_arc::<kernel::Shop>()?;
    let clock = ShopClock::new(&shop.zone, r.now);
    let nothing = "No mail was sent in thirty days.";
    let of = |meter: &Meter, finding: &'static str| if meter.whole == 0 { nothing } else { finding };
    Ok(Arriving {
        meters: [
            month.refused.figure(
                "Mails that were refused for good",
                of(&month.refused, "By the server they were handed to, in thirty days. What bounces later is not among them."),
            ),
            month.complained.figure(
                "Complaints",
                of(&month.complained, "Addresses that were noted in thirty days as having complained of a mail. A list that was imported does not count."),
            ),
        ],
        course: course(&month.sent),
        until: month.sent.counted_until.map(|at| clock.short(at)),
    })
}

fn course(sent: &SentByDay) -> Figure {
    let label = |day: &Day| day.date.strftime("%-d %b").to_string();
    let most = sent.days.iter().max_by_key(|day| day.mails + day.mails_refused);
    let most = most.filter(|day| day.mails + day.mails_refused > 0);
    let series = |name: &str, count: fn(&Day) -> u64| Series {
        name: name.to_owned(),
        values: sent.days.iter().map(|day| Some(count(day))).collect(),
    };
    let line = Line {
        unit: Unit::Count,
        place: "Day",
        // A month of noughts is said and not drawn.
        places: most.map(|_| sent.days.iter().map(label).collect()).unwrap_or_default(),
        series: vec![series("Taken", |day| day.mails), series("Refused", |day| day.mails_refused)],
        prior: None,
        band: None,
    };
    let finding = match most {
        Some(day) => format!("Most were sent on {}: {}.", label(day), grouped(day.mails + day.mails_refused)),
        None => "No mail was sent in thirty days.".to_owned(),
    };
    line.figure("Mails by day", &finding)
}

/// The worst limit that is reached, in a sentence.
pub fn beyond_limits(r: &mut Read<'_>) -> Result<Option<(&'static str, String)>> {
    let month = Month::read(r)?;
    let said = |meter: &Meter, what: &str| {
        let share = Unit::Percent.words(meter.share());
        meter.reached().map(|limit| (limit.tone, format!("{share} of the mails of thirty days {what}")))
    };
    let refused = said(&month.refused, "were refused for good");
    let complained = said(&month.complained, "brought a complaint");
    let all = [refused, complained].into_iter().flatten();
    Ok(all.min_by_key(|(tone, _)| *tone != "bad"))
}
