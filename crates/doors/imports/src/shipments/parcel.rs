//! What stands in the rows of one parcel.

use kernel::parcel::State;
use kernel::{Date, Timestamp};
use orders::incoming::{MAX_ID, MAX_QUANTITY};
use shipments::incoming::{
    DateRange, IncomingScan, IncomingShipment, MAX_LINK, MAX_NAME, MAX_NUMBER, OrderRef, Tracking,
};

use super::columns;
use crate::faults::Fault;
use crate::table::{Cells, Header, Row};

/// A parcel as its rows tell it.
#[derive(Clone, Debug, PartialEq)]
pub struct Parcel {
    /// The source's identifier of its order.
    pub order: Option<String>,
    /// The number that customers know its order by. One of both is there.
    pub order_number: Option<String>,
    /// The source's identifier of it; without one it is known by its order and its tracking number.
    pub external_id: Option<String>,
    /// What else is told of it. Identifiers and lines are filled in when it is taken.
    pub told: IncomingShipment,
}

/// Some pieces in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// The place of its row among those of the parcel; the first is 0.
    pub row: usize,
    /// The source's identifier of the order's line, where the row names the line so.
    pub line: Option<String>,
    /// The stock keeping unit; one of both is there.
    pub sku: Option<String>,
    /// How many, at least one.
    pub quantity: u32,
}

/// Reads the parcel from its first row. `latest`: no instant may lie behind it. `None` only when `cells`
/// holds the reason.
pub fn parcel(cells: &mut Cells<'_>, source: &str, latest: Timestamp) -> Option<Parcel> {
    let (order, order_number) = (cells.identifier("order", MAX_ID), cells.identifier("order_number", MAX_ID));
    let external_id = cells.identifier("external_id", MAX_ID);
    let shipped_at = cells.instant_until("shipped_at", latest);
    let shipped_at = cells.required("shipped_at", shipped_at);
    let updated_at = cells.instant_until("updated_at", latest);
    let tracking = tracking(cells);
    let expected = expected(cells);
    let state = cells.parsed("state", columns::state);
    let scans = scans(cells, state, shipped_at, latest);
    let shipped_at = shipped_at?;
    // Without a version of its own it is as new as the latest that it tells.
    let told_at = scans.iter().map(|scan| scan.at).fold(shipped_at, Timestamp::max);
    let told = IncomingShipment {
        source: source.to_owned(),
        external_id: String::new(),
        order: OrderRef { source: source.to_owned(), external_id: String::new() },
        updated_at: updated_at.unwrap_or(told_at),
        shipped_at,
        is_cancelled: state == Some(State::Cancelled),
        tracking,
        further: Vec::new(),
        lines: Vec::new(),
        expected,
        pickup: None,
        scans,
    };
    Some(Parcel { order, order_number, external_id, told })
}

fn tracking(cells: &mut Cells<'_>) -> Tracking {
    let number = cells.identifier("tracking_number", MAX_NUMBER);
    if number.as_deref().is_some_and(is_spoiled) {
        let detail = "This is no tracking number. Where a spreadsheet has shortened it (4.2E+21), make the \
                      column text and write the number out.";
        cells.fault("tracking_number", "not_a_number", detail);
    }
    Tracking {
        carrier: None,
        carrier_name: cells.line("carrier", MAX_NAME),
        number,
        url: cells.link("tracking_url", MAX_LINK),
    }
}

/// Whether nothing is left of a number: a mere dash, or `4.2E+21` as spreadsheets write what has many digits.
fn is_spoiled(number: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let shortened = number
        .to_uppercase()
        .split_once("E+")
        .is_some_and(|(before, power)| digits(&before.replace(['.', ','], "")) && digits(power));
    shortened || shipments::number_key(number).is_empty()
}

/// One day, or two.
fn expected(cells: &mut Cells<'_>) -> Option<DateRange> {
    let mut day = |column: &str| -> Option<Date> { cells.parsed(column, kernel::time::parse_date) };
    let (from, to) = (day("expected_from"), day("expected_to"));
    Some(DateRange::new(from.or(to)?, to.or(from)?))
}

/// What happened to it: where it is, and when it was delivered.
fn scans(
    cells: &mut Cells<'_>,
    state: Option<State>,
    shipped_at: Option<Timestamp>,
    latest: Timestamp,
) -> Vec<IncomingScan> {
    let state_at = cells.instant_until("state_at", latest);
    let delivered_at = cells.instant_until("delivered_at", latest);
    let delivered = delivered_at.map(|at| scan(State::Delivered, at));
    let at = match state {
        // Where a parcel is that nobody has scanned, and what its source says of its label: no scans.
        None | Some(State::Pending | State::Cancelled) => return delivered.into_iter().collect(),
        Some(State::Delivered) if delivered.is_some() => return delivered.into_iter().collect(),
        // A carrier has had it since it left; for anything else that would be a wrong day.
        Some(State::InfoReceived | State::InTransit) => state_at.or(shipped_at),
        Some(_) => state_at,
    };
    if at.is_none() && cells.text("state_at").is_none() {
        cells.fault("state_at", "missing", "Say since when it is in this state.");
    }
    state.zip(at).map(|(state, at)| scan(state, at)).into_iter().chain(delivered).collect()
}

/// A scan that is the same when it says the same.
fn scan(state: State, at: Timestamp) -> IncomingScan {
    let key = shipments::json::key_of(at, state, None, None);
    IncomingScan { key, at, state, reason: None, words: None, place: None }
}

/// What is in it, a row each. Empty when no row names a line: then it is everything that has not left yet.
pub fn items(header: &Header, rows: &[Row], faults: &mut Vec<Fault>) -> Vec<Item> {
    let cells = |row| Cells::strict(header, row, false);
    if rows.iter().all(|row| cells(row).text("line").or(cells(row).text("sku")).is_none()) {
        return Vec::new();
    }
    let mut items = Vec::new();
    for (place, row) in rows.iter().enumerate() {
        let mut cells = cells(row);
        items.extend(item(&mut cells, place));
        faults.extend(cells.faults());
    }
    items
}

fn item(cells: &mut Cells<'_>, row: usize) -> Option<Item> {
    let (line, sku) = (cells.identifier("line", MAX_ID), cells.line("sku", MAX_ID));
    if cells.text("line").or(cells.text("sku")).is_none() {
        let detail = "Other rows of this parcel name a line of the order: this one has to as well.";
        cells.fault("sku", "missing", detail);
    }
    let quantity = cells.quantity("quantity", 1, MAX_QUANTITY);
    let quantity = cells.required("quantity", quantity)?;
    (line.is_some() || sku.is_some()).then_some(Item { row, line, sku, quantity })
}
