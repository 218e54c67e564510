//! Takes a parcel in: finds its order and its lines, and whether another source has told it already.

use std::collections::BTreeSet;

use db::{Read, Write};
use kernel::fields::Fields;
use kernel::{Error, Result, keys};
use orders::incoming::IncomingLine;
use orders::{OrderId, StoredOrder};
use shipments::Shipment;
use shipments::incoming::{IncomingShipment, ShipmentLine};

use super::parcel::{Item, Parcel};
use crate::shape::Done;

/// As many orders of one number are looked at: it is unique within a shop, and a house serves several.
const MOST_OF_A_NUMBER: i64 = 50;

/// Takes a parcel in, as `POST /v1/shipments` does.
///
/// Fails with [`kernel::Kind::Invalid`], by column, when its order or one of its lines is not here.
pub fn take(w: &mut Write<'_>, parcel: &Parcel, items: &[Item]) -> Result<Done> {
    let order = order_of(w, parcel)?;
    if order.is_forgotten {
        // Whose it was has been erased, and no file brings anything of them back.
        return Ok(Done::Known);
    }
    let told = whole(parcel, items, &order)?;
    let known = shipments::of_order(w, order.id.as_str())?;
    let own = known.iter().find(|known| is_named(known, &told));
    let of_others = known.iter().find(|known| parcel.external_id.is_none() && has_number(known, &told));
    match (own, of_others) {
        (None, Some(theirs)) => add_scans(w, theirs, &told),
        (own, _) => tell(w, own, &told),
    }
}

/// The parcel with what only the order knows.
fn whole(parcel: &Parcel, items: &[Item], order: &StoredOrder) -> Result<IncomingShipment> {
    let mut told = parcel.told.clone();
    told.order.external_id.clone_from(&order.order.external_id);
    let number = told.tracking.number.as_deref().unwrap_or_default();
    told.external_id = parcel.external_id.clone().unwrap_or_else(|| id_of(&order.id, number));
    told.lines = lines(items, order)?;
    Ok(told)
}

/// Without an identifier of its own a parcel is the same when its order and its number are.
fn id_of(order: &OrderId, number: &str) -> String {
    let said = format!("{order}\n{}", shipments::number_key(number));
    keys::hex(&keys::sha256(said.as_bytes())[..16])
}

/// Whether it is the parcel that this source tells under this identifier.
fn is_named(known: &Shipment, told: &IncomingShipment) -> bool {
    known.source == told.source && known.external_id == told.external_id
}

fn has_number(known: &Shipment, told: &IncomingShipment) -> bool {
    told.tracking.number.as_deref().is_some_and(|number| known.number_key() == shipments::number_key(number))
}

/// Takes it in as a version of `before`, or as a new parcel.
fn tell(w: &mut Write<'_>, before: Option<&Shipment>, told: &IncomingShipment) -> Result<Done> {
    let taken = shipments::take(w, told)?.ok_or_else(|| Error::internal("an order was read and is gone"))?;
    let after = shipments::shipment(w, &taken.shipment)?;
    Ok(match before {
        None => Done::Added,
        Some(before) if after.as_ref() == Some(before) => Done::Known,
        Some(_) => Done::Changed,
    })
}

/// What another source tells of a parcel stays as it tells it; what happened to it counts whoever says so.
fn add_scans(w: &mut Write<'_>, theirs: &Shipment, told: &IncomingShipment) -> Result<Done> {
    let tracked = shipments::scan(w, &theirs.source, &theirs.external_id, &told.scans, None)?;
    Ok(if tracked.news > 0 { Done::Changed } else { Done::Known })
}

/// The order, by the source's identifier of it or by its number.
fn order_of(r: &mut Read<'_>, parcel: &Parcel) -> Result<StoredOrder> {
    let (source, number) = (&parcel.told.source, parcel.order_number.as_deref());
    let Some(id) = &parcel.order else { return numbered(r, source, number.unwrap_or_default()) };
    let found = orders::find_by_external(r, source, id)?.ok_or_else(|| unknown_order("order"))?;
    if number.is_some_and(|number| bare(number) != bare(&found.order.number)) {
        let detail = "The order of this identifier has another number. Take this column out if it holds the \
                      identifiers of another program.";
        return Err(Error::field("/order", "other_number", detail));
    }
    Ok(found)
}

fn numbered(r: &mut Read<'_>, source: &str, number: &str) -> Result<StoredOrder> {
    let mut found = orders::numbered(r, number, MOST_OF_A_NUMBER)?;
    found.retain(|order| order.order.source == source);
    match found.len() {
        0 => Err(unknown_order("order_number")),
        1 => Ok(found.remove(0)),
        _ => {
            let detail = "Several orders have this number. Name it by its identifier, in the column order.";
            Err(Error::field("/order_number", "several_orders", detail))
        }
    }
}

fn bare(number: &str) -> &str {
    number.trim().trim_start_matches('#')
}

#[track_caller]
fn unknown_order(column: &str) -> Error {
    let detail = "There is no such order of this source. Import the order first, or name its source with \
                  --source or --connection.";
    Error::field(format!("/{column}"), "unknown_order", detail)
}

/// The lines of the order that the rows name.
fn lines(items: &[Item], order: &StoredOrder) -> Result<Vec<ShipmentLine>> {
    let (mut fields, mut seen) = (Fields::strict(), BTreeSet::new());
    let mut lines = Vec::new();
    for item in items {
        let pointer = format!("/{}/{}", item.row, if item.line.is_some() { "line" } else { "sku" });
        match line_of(item, order) {
            Ok(line) if seen.insert(line) => {
                lines.push(ShipmentLine { line: line.to_owned(), quantity: item.quantity });
            }
            Ok(_) => {
                let detail = "A row above names the same line of the order. Add its quantity there.";
                fields.fault(&pointer, "duplicate", detail);
            }
            Err((code, detail)) => fields.fault(&pointer, code, detail),
        }
    }
    fields.finish_with(Some(lines))
}

/// The identifier of the order's line that a row names; else a code and what to do.
fn line_of<'a>(item: &Item, order: &'a StoredOrder) -> Result<&'a str, (&'static str, &'static str)> {
    let is_it = |line: &&IncomingLine| match &item.line {
        Some(id) => line.external_id == *id,
        None => line.sku == item.sku,
    };
    let mut found = order.order.lines.iter().filter(is_it);
    match (found.next(), found.next()) {
        (Some(line), None) => Ok(&line.external_id),
        (None, _) => Err(("unknown_line", "The order has no such line.")),
        (Some(_), Some(_)) => {
            let detail =
                "Several lines of the order have this. Name it by its identifier, in the column line.";
            Err(("several_lines", detail))
        }
    }
}
