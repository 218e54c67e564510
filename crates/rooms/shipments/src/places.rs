//! Where the parcels of an order are, for who looks at many orders: one statement, and no scan is read.

use db::{Read, Row, params};
use kernel::{Result, Timestamp};

use crate::ShipmentId;
use crate::incoming::ShipmentLine;
use crate::state::State;
use crate::store::{PLACES_OF_ORDER, is_disputed};

/// Where a parcel is, and what is in it.
#[derive(Clone, Debug, PartialEq)]
pub struct Place {
    /// Where it is.
    pub state: State,
    /// When its customer got it; of one that is elsewhere, when it was last scanned.
    pub since: Timestamp,
    /// Whether its customer says that it is not there, though its carrier says so.
    pub is_disputed: bool,
    /// Whether it holds some of the pieces of another shipment, and nobody says which.
    pub is_part: bool,
    /// What is in it; empty when its source did not say.
    pub lines: Vec<ShipmentLine>,
}

/// The parcels of an order, each as it stood when it was last scanned.
pub fn places(r: &mut Read<'_>, order: &str) -> Result<Vec<Place>> {
    let mut places: Vec<(ShipmentId, Place)> = Vec::new();
    for row in &r.rows(&PLACES_OF_ORDER, params![order])? {
        let id = ShipmentId::stored(row.get("id")?);
        if places.last().is_none_or(|(last, _)| *last != id) {
            places.push((id, place_of(row)?));
        }
        if let (Some((_, place)), Some(line)) = (places.last_mut(), row.get("line")?) {
            place.lines.push(ShipmentLine { line, quantity: row.get("quantity")? });
        }
    }
    Ok(places.into_iter().map(|(_, place)| place).collect())
}

fn place_of(row: &Row) -> Result<Place> {
    let state = State::parse(&row.get::<String>("state")?)?;
    let delivered_at: Option<Timestamp> = row.get("delivered_at")?;
    Ok(Place {
        state,
        since: delivered_at.unwrap_or(row.get("state_at")?),
        is_disputed: is_disputed(state, delivered_at, row.get("disputed_at")?),
        is_part: row.get::<Option<String>>("part_of")?.is_some(),
        lines: Vec::new(),
    })
}
