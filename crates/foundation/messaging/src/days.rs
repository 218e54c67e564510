//! How much was sent by day, counted behind the events by housekeeping: a picture of a month reads thirty rows, and no
//! message does anything for it.

use std::collections::BTreeMap;
use std::time::Duration;

use db::{Read, Row, SqlFile, Write, params};
use jobs::Next;
use kernel::{Channel, Date, Result, Shop, Timestamp, Zone};
use serde_json::Value;

db::sql_file!(pub DAYS = "days.sql" {
    TALLY_STANDS_AT = "tally_stands_at",
    SET_TALLY = "set_tally",
    EVENTS_TO_TALLY = "events_to_tally",
    ADD_TO_DAY = "add_to_day",
    DAYS_SINCE = "days_since",
    SENT_LATELY = "sent_lately",
});

pub(crate) static FILE: &SqlFile = &DAYS;

/// The schedule that counts.
pub const TALLY_JOB: &str = "messaging.tally_days";
/// How often: a page looks through what came since.
pub const TALLY_EVERY: Duration = Duration::from_secs(3 * 3_600);

/// Events that are counted in one write.
const AT_ONCE: usize = 1_000;
const SOON: Duration = Duration::from_secs(1);
/// An event is given its time before it is committed; behind this age none comes any more.
const SETTLED: Duration = Duration::from_secs(600);
/// What is older than any picture is not counted when the counting begins.
const WORTH_COUNTING: Duration = Duration::from_secs(32 * 86_400);
/// As many events are looked at for what is not counted yet.
const MOST_LOOKED_AT: i64 = 10_000;

/// What left the shop on one day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Day {
    /// Which, by the shop's own calendar.
    pub date: Date,
    /// Messages that a provider has taken.
    pub sent: u64,
    /// Those of them that were mails, as far as they are counted.
    pub mails: u64,
    /// Mails that were handed over and will never arrive, as far as they are counted.
    pub mails_refused: u64,
}

/// Days without a gap, the oldest first; the last is today.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SentByDay {
    /// The days.
    pub days: Vec<Day>,
    /// Until when mails are counted; none while nothing is.
    pub counted_until: Option<Timestamp>,
    /// Whether more was sent than is counted here.
    pub is_more: bool,
}

/// Up to which event everything is counted: its time, and its identifier.
type Place = (Timestamp, String);

/// Counts a stretch of events, and goes on soon when there are more.
pub fn tally_days(w: &mut Write<'_>, _: &Value) -> Result<Next> {
    let (now, zone) = (w.now, w.wired::<Shop>()?.zone.clone());
    let until = now - SETTLED;
    let (from, behind) = stands_at(w)?.unwrap_or((now - WORTH_COUNTING, String::new()));
    let rows = w.rows(&EVENTS_TO_TALLY, params![from, &behind, until, AT_ONCE as i64])?;
    for (date, day) in by_day(&rows, &zone)? {
        let (sent, mails, refused) = (day.sent as i64, day.mails as i64, day.mails_refused as i64);
        w.send(&ADD_TO_DAY, params![&date.to_string(), sent, mails, refused])?;
    }
    if let Some(last) = rows.last().filter(|_| rows.len() == AT_ONCE) {
        let (at, id): (Timestamp, String) = (last.get("recorded_at")?, last.get("id")?);
        w.send(&SET_TALLY, params![at, &id])?;
        return Ok(Next::Again(now + SOON));
    }
    // Everything before `until` is counted; a clock that was put back counts nothing twice.
    if until > from {
        w.send(&SET_TALLY, params![until, ""])?;
    }
    Ok(Next::Done)
}

fn stands_at(r: &mut Read<'_>) -> Result<Option<Place>> {
    let place = |row: Row| Ok((row.get("counted_to")?, row.get("event_id")?));
    r.row(&TALLY_STANDS_AT, params![])?.map(place).transpose()
}

fn by_day(rows: &[Row], zone: &Zone) -> Result<BTreeMap<Date, Day>> {
    let mut days = BTreeMap::new();
    for row in rows {
        let kind: String = row.get("kind")?;
        let (is_sent, is_failed) = (kind == "message.accepted", kind == "message.failed");
        if !is_sent && !is_failed {
            continue;
        }
        let is_mail = row.get::<Option<String>>("channel")?.as_deref() == Some(Channel::Email.as_str());
        let date = row.get::<Timestamp>("recorded_at")?.date_in(zone);
        let day = days.entry(date).or_insert(Day::none(date));
        day.sent += u64::from(is_sent);
        day.mails += u64::from(is_sent && is_mail);
        day.mails_refused += u64::from(is_failed && is_mail);
    }
    Ok(days)
}

impl Day {
    fn none(date: Date) -> Self {
        Day { date, sent: 0, mails: 0, mails_refused: 0 }
    }
}

/// What is counted of each of the last so many days.
pub fn counted_by_day(r: &mut Read<'_>, days: usize) -> Result<SentByDay> {
    let zone = r.wired::<Shop>()?.zone.clone();
    let today = r.now.date_in(&zone);
    let back = std::iter::successors(Some(today), |date| date.yesterday().ok());
    let mut days: Vec<Day> = back.take(days.max(1)).map(Day::none).collect();
    days.reverse();
    let rows = r.rows(&DAYS_SINCE, params![&days[0].date.to_string()])?;
    let stored = rows.iter().map(|row| Ok((row.get::<String>("day")?, row)));
    let stored: BTreeMap<String, &Row> = stored.collect::<Result<_>>()?;
    for day in &mut days {
        let Some(row) = stored.get(&day.date.to_string()) else { continue };
        let count = |column: &str| row.get::<i64>(column).map(i64::unsigned_abs);
        *day = Day {
            date: day.date,
            sent: count("sent")?,
            mails: count("mails")?,
            mails_refused: count("mails_refused")?,
        };
    }
    let counted_until = stands_at(r)?.map(|(at, _)| at);
    Ok(SentByDay { days, counted_until, is_more: true })
}

/// What was sent on each of the last so many days, today among them until this moment.
pub fn sent_by_day(r: &mut Read<'_>, days: usize) -> Result<SentByDay> {
    let mut sent = counted_by_day(r, days)?;
    let zone = r.wired::<Shop>()?.zone.clone();
    let begin = |day: &Day| Timestamp::at_start_of(day.date, &zone).unwrap_or_default();
    let (mut from, mut behind) = stands_at(r)?.unwrap_or_else(|| (begin(&sent.days[0]), String::new()));
    sent.is_more = false;
    // Yesterday's part and today's; what is left of a day before is for the counting to catch up with.
    let lately = sent.days.len().saturating_sub(2);
    let first = begin(&sent.days[lately]);
    if from < first {
        sent.is_more = sent_between(r, (from, &behind), first, 1)?.looked_at > 0;
        (from, behind) = (first, String::new());
    }
    let ends: Vec<Timestamp> = sent.days[lately..].iter().skip(1).map(begin).collect();
    for (nth, day) in sent.days[lately..].iter_mut().enumerate() {
        let end = ends.get(nth).copied().unwrap_or(r.now + Duration::from_millis(1));
        if from >= end {
            continue;
        }
        let counted = sent_between(r, (from, &behind), end, MOST_LOOKED_AT)?;
        day.sent += counted.sent;
        sent.is_more |= counted.looked_at >= MOST_LOOKED_AT;
        (from, behind) = (end, String::new());
    }
    Ok(sent)
}

/// What was looked at, and what of it was sent.
struct Counted {
    looked_at: i64,
    sent: u64,
}

fn sent_between(
    r: &mut Read<'_>,
    (from, behind): (Timestamp, &str),
    until: Timestamp,
    most: i64,
) -> Result<Counted> {
    let row = r.one(&SENT_LATELY, params![from, behind, until, most])?;
    Ok(Counted { looked_at: row.get("looked_at")?, sent: row.get::<i64>("sent")?.unsigned_abs() })
}
