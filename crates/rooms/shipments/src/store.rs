//! Rows of shipments, in and out.

use db::{PersonalTable, Read, Row, SqlFile, Write, params};
use kernel::{Date, MessageId, Result, Timestamp, keys, time::parse_date};

use crate::ShipmentId;
use crate::delay::{Answer, Answered};
use crate::fold::{Scan, Standing};
use crate::incoming::{DateRange, IncomingScan, PickupPoint, ShipmentLine, Tracking};
use crate::lane::Lane;
use crate::promise::{ParcelPromise, Promise, Promised};
use crate::state::{Reason, State};
use crate::told::Told;

db::sql_file!(pub STORE = "store.sql" {
    FIND_SHIPMENT_BY_EXTERNAL = "find_shipment_by_external",
    FIND_SHIPMENT = "find_shipment",
    SHIPMENTS_OF_ORDER = "shipments_of_order",
    PLACES_OF_ORDER = "places_of_order",
    SHIPMENTS_NUMBERED = "shipments_numbered",
    UPSERT_SHIPMENT = "upsert_shipment",
    PARTS_OF_SHIPMENT = "parts_of_shipment",
    TAKE_OVER_SHIPMENT = "take_over_shipment",
    DISPUTE_SHIPMENT = "dispute_shipment",
    UPSERT_NUMBER = "upsert_number",
    UPSERT_PICKUP = "upsert_pickup",
    DELETE_NUMBER = "delete_number",
    LINES_OF_SHIPMENT = "lines_of_shipment",
    DELETE_SHIPMENT_LINES = "delete_shipment_lines",
    INSERT_SHIPMENT_LINE = "insert_shipment_line",
    SCANS_OF_SHIPMENT = "scans_of_shipment",
    SCANNED_UNDER = "scanned_under",
    INSERT_SCAN = "insert_scan",
    INSERT_STRAY_SCAN = "insert_stray_scan",
    STRAY_SCANS_OF = "stray_scans_of",
    DELETE_STRAYS_OF = "delete_strays_of",
    OLD_STRAYS = "old_strays",
    DELETE_STRAY = "delete_stray",
    STRAY_NUMBERS = "stray_numbers",
    COUNT_STRAY_NUMBERS = "count_stray_numbers",
    OPEN_WRONGS = "open_wrongs",
    COUNT_CANCEL_ASKED = "count_cancel_asked",
    WALK_TOLD = "walk_told",
    COUNT_UNLINKED = "count_unlinked",
    TOLD_OF_ORDER = "told_of_order",
    SAVE_TOLD_OF_ORDER = "save_told_of_order",
    PROMISES_OF = "promises_of",
    INSERT_PROMISE = "insert_promise",
    PARCEL_PROMISES_OF = "parcel_promises_of",
    INSERT_PARCEL_PROMISE = "insert_parcel_promise",
    DELIVERY_TOLD = "delivery_told",
    DELAY_ANSWER_OF = "delay_answer_of",
    SAVE_DELAY_ANSWER = "save_delay_answer",
    COUNT_LANE = "count_lane",
    TOOK = "took",
    TELL_SHIPMENTS = "tell_shipments",
    TELL_NUMBERS = "tell_numbers",
    TELL_SCANS = "tell_scans",
    TELL_STRAYS = "tell_strays",
    TELL_PICKUPS = "tell_pickups",
    FORGET_PICKUPS = "forget_pickups",
    FORGET_NUMBERS = "forget_numbers",
    FORGET_SCANS = "forget_scans",
    FORGET_STRAYS_OF = "forget_strays_of",
});

/// The queries of this crate.
pub static SQL: &[&SqlFile] = &[&STORE];

/// The tables of this crate that hold personal data.
pub const PERSONAL: &[PersonalTable] = &[
    PersonalTable { table: "shipment_numbers", holds: "tracking numbers, which lead to a carrier's page" },
    PersonalTable {
        table: "shipment_scans",
        holds: "where a parcel was on its way to somebody, in its carrier's words",
    },
    PersonalTable { table: "shipment_pickups", holds: "where a parcel waits for somebody, and until when" },
    PersonalTable { table: "stray_scans", holds: "the same of parcels that are not known yet" },
];

/// A shipment as it is stored.
#[derive(Clone, Debug, PartialEq)]
pub struct Shipment {
    /// Its identifier.
    pub id: ShipmentId,
    /// The order it belongs to, `ord_…`.
    pub order: String,
    /// Who tells it.
    pub source: String,
    /// The source's identifier of it.
    pub external_id: String,
    /// Which version was told last.
    pub updated_at: Timestamp,
    /// When it left, or its label was made.
    pub shipped_at: Timestamp,
    /// When we first heard of it.
    pub first_seen_at: Timestamp,
    /// Whether its source has taken it back.
    pub is_cancelled: bool,
    /// Who carries it, and under which number.
    pub tracking: Tracking,
    /// The source's identifier of the shipment that it is a further parcel of: some of that one's pieces are in it, and
    /// its source does not say which.
    pub part_of: Option<String>,
    /// What is in it; empty when its source did not say.
    pub lines: Vec<ShipmentLine>,
    /// The days it is expected on.
    pub expected: Option<DateRange>,
    /// Where it is to be collected, when it is brought to a shop or a locker.
    pub pickup: Option<PickupPoint>,
    /// When its customer said that it is not there, though its carrier says so.
    pub disputed_at: Option<Timestamp>,
    /// Where it is.
    pub standing: Standing,
}

impl Shipment {
    /// Whether its customer says that it is not there, and it was not delivered anew since.
    pub fn is_disputed(&self) -> bool {
        is_disputed(self.standing.state, self.standing.delivered_at, self.disputed_at)
    }

    /// Whether its customer sees a number without a link, because nobody knows its carrier and nobody told its page.
    pub fn is_unlinked(&self) -> bool {
        let tracking = &self.tracking;
        tracking.number.is_some() && tracking.carrier.is_none() && tracking.url.is_none()
    }

    /// What its scans are kept under: the number, folded; empty without one.
    pub fn number_key(&self) -> String {
        self.tracking.number.as_deref().map(number_key).unwrap_or_default()
    }
}

/// Whether what was delivered is said not to be there, and was not delivered anew since.
pub(crate) fn is_disputed(
    state: State,
    delivered_at: Option<Timestamp>,
    disputed_at: Option<Timestamp>,
) -> bool {
    let delivered = delivered_at.filter(|_| state == State::Delivered);
    delivered.is_some_and(|at| disputed_at.is_some_and(|disputed| disputed >= at))
}

/// A tracking number as it is compared: letters and digits only, in capitals.
pub fn number_key(number: &str) -> String {
    number.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_uppercase).collect()
}

/// What tells a number from another one without being it: it may be kept longer than what the number leads to.
pub fn number_mark(number_key: &str) -> String {
    keys::hex(&keys::sha256(number_key.as_bytes())[..8])
}

/// The shipment that a source tells under this identifier.
pub fn find_by_external(r: &mut Read<'_>, source: &str, external_id: &str) -> Result<Option<Shipment>> {
    match r.row(&FIND_SHIPMENT_BY_EXTERNAL, params![source, external_id])? {
        Some(row) => shipment(r, &ShipmentId::stored(row.get("id")?)),
        None => Ok(None),
    }
}

/// A shipment by its identifier.
pub fn shipment(r: &mut Read<'_>, id: &ShipmentId) -> Result<Option<Shipment>> {
    let Some(row) = r.row(&FIND_SHIPMENT, params![id.as_str()])? else { return Ok(None) };
    let lines = r.rows(&LINES_OF_SHIPMENT, params![id.as_str()])?;
    let line = |row: &Row| Ok(ShipmentLine { line: row.get("line")?, quantity: row.get("quantity")? });
    Ok(Some(shipment_of(&row, lines.iter().map(line).collect::<Result<_>>()?)?))
}

fn shipment_of(row: &Row, lines: Vec<ShipmentLine>) -> Result<Shipment> {
    let day = |name: &str| row.get::<Option<String>>(name)?.as_deref().map(parse_date).transpose();
    let expected = day("expected_from")?.zip(day("expected_to")?);
    let (state_at, reason): (Timestamp, Option<String>) = (row.get("state_at")?, row.get("reason")?);
    Ok(Shipment {
        id: ShipmentId::stored(row.get("id")?),
        order: row.get("order_id")?,
        source: row.get("source")?,
        external_id: row.get("external_id")?,
        updated_at: row.get("updated_at")?,
        shipped_at: row.get("shipped_at")?,
        first_seen_at: row.get("first_seen_at")?,
        is_cancelled: row.get::<i64>("is_cancelled")? == 1,
        tracking: Tracking {
            carrier: row.get("carrier")?,
            carrier_name: row.get("carrier_name")?,
            number: row.get("number")?,
            url: row.get("url")?,
        },
        part_of: row.get("part_of")?,
        lines,
        expected: expected.map(|(from, to)| DateRange { from, to }),
        pickup: pickup_of(row)?,
        disputed_at: row.get("disputed_at")?,
        standing: Standing {
            state: State::parse(&row.get::<String>("state")?)?,
            reason: reason.as_deref().map(Reason::parse).transpose()?,
            at: state_at,
            since: state_at,
            live_at: row.get("live_at")?,
            delivered_at: row.get("delivered_at")?,
        },
    })
}

fn pickup_of(row: &Row) -> Result<Option<PickupPoint>> {
    let Some(name) = row.get("pickup_name")? else { return Ok(None) };
    let until = row.get::<Option<String>>("pickup_until")?.as_deref().map(parse_date).transpose()?;
    Ok(Some(PickupPoint {
        name,
        address: row.get("pickup_address")?,
        hours: row.get("pickup_hours")?,
        until,
    }))
}

/// Every shipment of an order, in the order they left.
pub fn of_order(r: &mut Read<'_>, order: &str) -> Result<Vec<Shipment>> {
    let rows = r.rows(&SHIPMENTS_OF_ORDER, params![order])?;
    read_all(r, &rows, "id")
}

/// The further parcels of a shipment, in the order they were told.
pub fn parts_of(r: &mut Read<'_>, source: &str, external_id: &str) -> Result<Vec<Shipment>> {
    let rows = r.rows(&PARTS_OF_SHIPMENT, params![source, external_id])?;
    read_all(r, &rows, "id")
}

/// Every shipment that goes under a number, the newest first.
pub fn numbered(r: &mut Read<'_>, number_key: &str) -> Result<Vec<Shipment>> {
    let rows = r.rows(&SHIPMENTS_NUMBERED, params![number_key])?;
    read_all(r, &rows, "shipment_id")
}

fn read_all(r: &mut Read<'_>, rows: &[Row], column: &str) -> Result<Vec<Shipment>> {
    let mut shipments = Vec::with_capacity(rows.len());
    for row in rows {
        shipments.extend(shipment(r, &ShipmentId::stored(row.get(column)?))?);
    }
    Ok(shipments)
}

/// Writes a shipment with its number, its lines and where it is to be collected.
pub fn save(w: &mut Write<'_>, shipment: &Shipment) -> Result<()> {
    save_row(w, shipment)?;
    let (id, tracking) = (shipment.id.as_str(), &shipment.tracking);
    match &tracking.number {
        Some(number) => {
            w.send(&UPSERT_NUMBER, params![id, number, &number_key(number), &tracking.url])?;
        }
        None => {
            w.send(&DELETE_NUMBER, params![id])?;
        }
    }
    w.send(&DELETE_SHIPMENT_LINES, params![id])?;
    for line in &shipment.lines {
        w.send(&INSERT_SHIPMENT_LINE, params![id, &line.line, line.quantity])?;
    }
    if let Some(point) = &shipment.pickup {
        let until = point.until.map(|day| day.to_string());
        w.send(&UPSERT_PICKUP, params![id, &point.name, &point.address, &point.hours, &until])?;
    }
    Ok(())
}

/// Another source tells this shipment from now on, by its own identifier.
pub fn take_over(w: &mut Write<'_>, id: &ShipmentId, source: &str, external_id: &str) -> Result<()> {
    w.send(&TAKE_OVER_SHIPMENT, params![id.as_str(), source, external_id])?;
    Ok(())
}

/// Writes down that its customer says that it is not there, or that it is after all.
pub fn dispute(w: &mut Write<'_>, id: &ShipmentId, disputed_at: Option<Timestamp>) -> Result<()> {
    w.send(&DISPUTE_SHIPMENT, params![id.as_str(), disputed_at])?;
    Ok(())
}

/// Writes where a shipment is; number and lines stay.
pub fn save_row(w: &mut Write<'_>, shipment: &Shipment) -> Result<()> {
    let (standing, tracking) = (&shipment.standing, &shipment.tracking);
    let day = |day: fn(&DateRange) -> Date| shipment.expected.as_ref().map(day).map(|day| day.to_string());
    let (from, to) = (day(|range| range.from), day(|range| range.to));
    w.send(
        &UPSERT_SHIPMENT,
        params![
            shipment.id.as_str(),
            &shipment.order,
            &shipment.source,
            &shipment.external_id,
            shipment.updated_at,
            shipment.shipped_at,
            shipment.first_seen_at,
            i64::from(shipment.is_cancelled),
            &tracking.carrier,
            &tracking.carrier_name,
            &from,
            &to,
            standing.state.as_str(),
            standing.reason.map(Reason::as_str),
            standing.at,
            standing.live_at,
            standing.delivered_at,
            &shipment.part_of,
        ],
    )?;
    Ok(())
}

/// Everything that counts of what was written down of a shipment, the newest first: under the number it has now, and by
/// its source. What a source says of a further parcel holds for all of them together: it counts as long as it is one of
/// them, and until anybody says more.
pub fn scans(r: &mut Read<'_>, shipment: &Shipment) -> Result<Vec<Scan>> {
    let key = shipment.number_key();
    let speaks = shipment.part_of.is_some() && (shipment.is_cancelled || is_known_by_number(r, shipment)?);
    let also = if speaks { key.as_str() } else { "" };
    r.rows(&SCANS_OF_SHIPMENT, params![shipment.id.as_str(), &key, also])?.iter().map(scan_of).collect()
}

/// What its source said of it, under no number, the newest first.
pub fn said_of(r: &mut Read<'_>, shipment: &Shipment) -> Result<Vec<Scan>> {
    r.rows(&SCANS_OF_SHIPMENT, params![shipment.id.as_str(), "", ""])?.iter().map(scan_of).collect()
}

/// Whether anything is known of the number that it has now.
pub fn is_known_by_number(r: &mut Read<'_>, shipment: &Shipment) -> Result<bool> {
    let key = shipment.number_key();
    Ok(!key.is_empty() && r.row(&SCANNED_UNDER, params![shipment.id.as_str(), &key])?.is_some())
}

fn scan_of(row: &Row) -> Result<Scan> {
    let reason: Option<String> = row.get("reason")?;
    Ok(Scan {
        key: row.get("scan_key")?,
        at: row.get("scanned_at")?,
        state: State::parse(&row.get::<String>("state")?)?,
        reason: reason.as_deref().map(Reason::parse).transpose()?,
        words: row.get("words")?,
        place: row.get("place")?,
        recorded_at: row.get("recorded_at")?,
    })
}

/// Writes a scan down. Whether it is news.
pub fn add_scan(w: &mut Write<'_>, id: &ShipmentId, number_key: &str, scan: &IncomingScan) -> Result<bool> {
    let now = w.now;
    let params = params![
        id.as_str(),
        &scan.key,
        number_key,
        scan.at,
        scan.state.as_str(),
        scan.reason.map(Reason::as_str),
        &scan.words,
        &scan.place,
        now
    ];
    Ok(w.execute(&INSERT_SCAN, params)? > 0)
}

/// Keeps a scan of a number that no shipment has yet.
pub fn add_stray(
    w: &mut Write<'_>,
    source: &str,
    key: &str,
    number: &str,
    scan: &IncomingScan,
) -> Result<bool> {
    let now = w.now;
    let params = params![
        key,
        &scan.key,
        source,
        number,
        scan.at,
        scan.state.as_str(),
        scan.reason.map(Reason::as_str),
        &scan.words,
        &scan.place,
        now
    ];
    Ok(w.execute(&INSERT_STRAY_SCAN, params)? > 0)
}

/// Takes the scans that waited under this key for their shipment.
pub fn take_strays(w: &mut Write<'_>, number_key: &str) -> Result<Vec<Scan>> {
    if number_key.is_empty() {
        return Ok(Vec::new());
    }
    let strays: Vec<Scan> =
        w.rows(&STRAY_SCANS_OF, params![number_key])?.iter().map(scan_of).collect::<Result<_>>()?;
    if !strays.is_empty() {
        w.send(&DELETE_STRAYS_OF, params![number_key])?;
    }
    Ok(strays)
}

/// Throws away at most `limit` scans that nobody claimed before `before`. How many.
pub fn forget_strays(w: &mut Write<'_>, before: Timestamp, limit: i64) -> Result<usize> {
    let rows = w.rows(&OLD_STRAYS, params![before, limit])?;
    for row in &rows {
        let (number, key): (String, String) = (row.get("number_key")?, row.get("scan_key")?);
        w.send(&DELETE_STRAY, params![&number, &key])?;
    }
    Ok(rows.len())
}

/// A number that is scanned and belongs to nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stray {
    /// The number.
    pub number: String,
    /// Who tells of it.
    pub source: String,
    /// How many scans.
    pub scans: i64,
    /// When the newest of them happened.
    pub latest_at: Timestamp,
}

/// Numbers that are scanned and belong to nothing, the latest first.
pub fn strays(r: &mut Read<'_>, limit: i64) -> Result<Vec<Stray>> {
    let stray = |row: &Row| {
        Ok(Stray {
            number: row.get("number")?,
            source: row.get("source")?,
            scans: row.get("scans")?,
            latest_at: row.get("latest_at")?,
        })
    };
    r.rows(&STRAY_NUMBERS, params![limit])?.iter().map(stray).collect()
}

/// What was said about the parcels of an order; none while nobody has looked at them.
pub fn told(r: &mut Read<'_>, order: &str) -> Result<Option<Told>> {
    let Some(row) = r.row(&TOLD_OF_ORDER, params![order])? else { return Ok(None) };
    Ok(Some(serde_json::from_str(&row.get::<String>("told")?)?))
}

/// Writes down what was said.
pub fn save_told(w: &mut Write<'_>, order: &str, told: &Told) -> Result<()> {
    w.send(&SAVE_TOLD_OF_ORDER, params![order, &serde_json::to_string(told)?])?;
    Ok(())
}

/// Every day that was told of an order, the newest first.
pub fn promises(r: &mut Read<'_>, order: &str) -> Result<Vec<Promise>> {
    let promise = |row: &Row| {
        Ok(Promise {
            what: Promised::parse(&row.get::<String>("what")?)?,
            day: parse_date(&row.get::<String>("day")?)?,
            told_at: row.get("told_at")?,
            told_by: row.get("told_by")?,
        })
    };
    r.rows(&PROMISES_OF, params![order])?.iter().map(promise).collect()
}

/// Writes a promise down.
pub fn promise(w: &mut Write<'_>, order: &str, promise: &Promise) -> Result<()> {
    let day = promise.day.to_string();
    w.send(&INSERT_PROMISE, params![order, promise.what.as_str(), promise.told_at, &day, &promise.told_by])?;
    Ok(())
}

/// Every day that was told of a parcel, the newest first.
pub fn parcel_promises(r: &mut Read<'_>, id: &ShipmentId) -> Result<Vec<ParcelPromise>> {
    let promise = |row: &Row| {
        Ok(ParcelPromise {
            day: parse_date(&row.get::<String>("day")?)?,
            told_at: row.get("told_at")?,
            message: MessageId::stored(row.get("message_id")?),
        })
    };
    r.rows(&PARCEL_PROMISES_OF, params![id.as_str()])?.iter().map(promise).collect()
}

/// Writes down that a message told this day of a parcel.
pub fn promise_parcel(w: &mut Write<'_>, shipment: &str, promise: &ParcelPromise) -> Result<()> {
    let day = promise.day.to_string();
    w.send(&INSERT_PARCEL_PROMISE, params![shipment, promise.told_at, &day, promise.message.as_str()])?;
    Ok(())
}

/// Whether this source has told of a delivery by this carrier since then.
pub fn is_delivery_told(
    r: &mut Read<'_>,
    source: &str,
    carrier: Option<&str>,
    since: Timestamp,
) -> Result<bool> {
    Ok(r.row(&DELIVERY_TOLD, params![source, carrier.unwrap_or_default(), since])?.is_some())
}

/// What the customer of an order that is late wants.
pub fn answered(r: &mut Read<'_>, order: &str) -> Result<Option<Answered>> {
    let Some(row) = r.row(&DELAY_ANSWER_OF, params![order])? else { return Ok(None) };
    let answer = Answer::parse(&row.get::<String>("answer")?)?;
    Ok(Some(Answered { answer, at: row.get("answered_at")? }))
}

/// Writes down what they want now.
pub fn answer(w: &mut Write<'_>, order: &str, answered: Answered) -> Result<()> {
    w.send(&SAVE_DELAY_ANSWER, params![order, answered.answer.as_str(), answered.at])?;
    Ok(())
}

/// Counts so many parcels more that went this way in so many working days.
pub fn count_lane(w: &mut Write<'_>, lane: &Lane, days: u32, parcels: i64) -> Result<()> {
    w.send(&COUNT_LANE, params![&lane.carrier, &lane.country, &lane.quarter, days, parcels])?;
    Ok(())
}

/// How many parcels took how many working days on a way, the fewest days first.
pub fn took(
    r: &mut Read<'_>,
    carrier: &str,
    country: &str,
    quarters: &[String; 4],
) -> Result<Vec<(u32, u32)>> {
    let [a, b, c, d] = quarters;
    let rows = r.rows(&TOOK, params![carrier, country, a, b, c, d])?;
    rows.iter().map(|row| Ok((row.get("days")?, row.get("parcels")?))).collect()
}
