//! Shipments as fulfilment services, carriers and platforms export them: one row per parcel, or one per line
//! of a parcel.
//!
//! Each is taken as `POST /v1/shipments` takes it, and what is said of it follows from the same rules:
//! nothing of a parcel whose order is never spoken of, and nothing of one that left more than a week before
//! it is first heard of. That is why a row says when its parcel left. A parcel whose order is not here is
//! refused by name, and comes in when the file is imported again.
//!
//! In reading order: `columns` are what others call things, `parcel` is what stands in the rows of a
//! parcel, and `take` finds its order and its lines.

mod columns;
mod parcel;
mod take;

use kernel::{Error, Result, Timestamp};
use orders::incoming::CLOCKS_DIFFER_BY;
use shipments::incoming::MAX_LINES;

use crate::faults::Fault;
use crate::groups::contradictions;
use crate::shape::{Prepared, Setting, Shape};
use crate::table::{Cells, Dialect, Header, Row};

/// Columns about the whole parcel: in each of its rows, or in the first alone.
const OF_PARCEL: [&str; 12] = [
    "order",
    "order_number",
    "tracking_number",
    "carrier",
    "tracking_url",
    "shipped_at",
    "updated_at",
    "expected_from",
    "expected_to",
    "state",
    "state_at",
    "delivered_at",
];

/// The shape of a file of shipments.
pub fn shape(dialect: &Dialect, setting: &Setting) -> Result<Box<dyn Shape>> {
    let header = Header::translated(&dialect.names, columns::meant, &["shipped_at"])?;
    let order = either(&header, ["order", "order_number"], "whose parcel it is")?;
    let parcel = either(&header, ["external_id", "tracking_number"], "which parcel it is about")?;
    if (header.has("line") || header.has("sku")) && !header.has("quantity") {
        return Err(missing("The header lacks quantity: how many pieces of each line are in the parcel."));
    }
    let names = [order, parcel];
    let key = names.iter().filter_map(|name| header.place(name)).collect();
    Ok(Box::new(Table { header, names, key, source: setting.source.clone() }))
}

/// The first of two columns that is there.
fn either(header: &Header, columns: [&'static str; 2], what: &str) -> Result<&'static str> {
    let found = columns.into_iter().find(|column| header.has(column));
    let [one, other] = columns;
    found.ok_or_else(|| missing(format!("The header lacks {one} or {other}: nothing says of a row {what}.")))
}

#[track_caller]
fn missing(words: impl Into<String>) -> Error {
    Error::invalid("missing_column", words.into())
}

/// A table of parcels.
struct Table {
    header: Header,
    /// The columns that say which order and which parcel a row is about: filled in each row.
    names: [&'static str; 2],
    /// Where they stand.
    key: Vec<usize>,
    source: String,
}

impl Shape for Table {
    fn key(&self) -> &[usize] {
        &self.key
    }

    fn header(&self) -> &Header {
        &self.header
    }

    fn most_rows(&self) -> usize {
        MAX_LINES
    }

    fn read(&self, rows: &[Row], now: Timestamp) -> Result<Prepared, Vec<Fault>> {
        let Some(first) = rows.first() else { return Err(Vec::new()) };
        if rows.len() > MAX_LINES {
            let detail = format!("A shipment has at most {MAX_LINES} lines.");
            return Err(vec![Fault::of_row(first.line, "too_many_lines", detail)]);
        }
        let mut head = Cells::strict(&self.header, first, false);
        for name in self.names {
            let text = head.text(name);
            head.required(name, text);
        }
        let parcel = parcel::parcel(&mut head, &self.source, now + CLOCKS_DIFFER_BY);
        let mut faults = head.faults();
        faults.extend(contradictions(rows, &self.header, &OF_PARCEL));
        let items = parcel::items(&self.header, rows, &mut faults);
        match parcel {
            Some(parcel) if faults.is_empty() => Ok(Prepared::new(move |w| take::take(w, &parcel, &items))),
            _ => Err(faults),
        }
    }
}

#[cfg(test)]
mod tests;
