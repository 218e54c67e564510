//! What is wrong and not put right yet, and what else of parcels waits for a person: read, walked and counted.

use std::collections::BTreeMap;
use std::time::Duration;

use db::{Read, Row, params};
use kernel::{CustomerId, Result, Shop, Timestamp, ids};
use timeline::{IncidentId, IncidentKind};

use crate::finding::{Finding, finding, noticed};
use crate::store::{COUNT_CANCEL_ASKED, COUNT_STRAY_NUMBERS, COUNT_UNLINKED, OPEN_WRONGS, WALK_TOLD};
use crate::told::Told;
use crate::wrong::Detector;
use crate::{ShipmentId, store};

/// Before everything that is wrong.
pub const FIRST: (Timestamp, &str) = (Timestamp::from_ms(i64::MIN), "");
/// How long a parcel without a link is worth mending.
const LATELY: Duration = Duration::from_secs(14 * 86_400);
/// So many of the parcels that were told last are looked at for a count.
const MOST_LOOKED_AT: i64 = 5_000;

/// Something that is wrong and not put right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Open {
    /// Its identifier.
    pub incident: IncidentId,
    /// What kind it is.
    pub kind: IncidentKind,
    /// What it is about: kind and id.
    pub about: (String, String),
    /// Whose it is.
    pub customer: CustomerId,
    /// The order it belongs to, `ord_…`, if any.
    pub order: Option<String>,
    /// Since when.
    pub opened_at: Timestamp,
    /// When it closes by itself, whatever happens.
    pub lapses_at: Timestamp,
    /// What was noticed, the worst first; nothing, when a person opened it.
    pub noticed: Vec<Detector>,
}

/// What is wrong behind that place, what lapses first first: of parcels, what has waited longest.
pub fn open(r: &mut Read<'_>, behind: (Timestamp, &str), limit: i64) -> Result<Vec<Open>> {
    r.rows(&OPEN_WRONGS, params![behind.0, behind.1, limit])?.iter().map(open_of).collect()
}

fn open_of(row: &Row) -> Result<Open> {
    let kind = IncidentKind::parse(&row.get::<String>("kind")?)?;
    let about: (String, String) = (row.get("subject_kind")?, row.get("subject_id")?);
    let told: Option<String> = row.get("told")?;
    let told: Option<Told> = told.map(|told| serde_json::from_str(&told)).transpose()?;
    let of_parcel: Option<String> = row.get("order_id")?;
    Ok(Open {
        incident: IncidentId::stored(row.get("id")?),
        kind,
        order: of_parcel.or_else(|| (about.0 == "order").then(|| about.1.clone())),
        customer: CustomerId::stored(row.get("customer_id")?),
        opened_at: row.get("opened_at")?,
        lapses_at: row.get("holds_until")?,
        noticed: told.map(|told| noticed(&told, kind, &about.1)).unwrap_or_default(),
        about,
    })
}

/// The words for an incident about an order or a parcel of it.
pub fn finding_of(r: &mut Read<'_>, order: &str, kind: IncidentKind, about: &str) -> Result<Finding> {
    let told = store::told(r, order)?.unwrap_or_default();
    Ok(finding(&noticed(&told, kind, about), kind, &r.wired::<Shop>()?.policy.parcels))
}

/// What waits for a person, counted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Waiting {
    /// Open incidents by the worst that was noticed of each.
    pub noticed: BTreeMap<Detector, i64>,
    /// Whether there are more of them than were counted.
    pub is_more: bool,
    /// Orders whose customers asked to cancel them.
    pub cancel_asked: i64,
    /// Numbers that are scanned and belong to nothing.
    pub strays: i64,
    /// Parcels of late whose customers see a number without a link, because its carrier is not known.
    pub unlinked: i64,
}

/// What waits for a person; of each thing no more than `most` are counted.
pub fn waiting(r: &mut Read<'_>, most: i64) -> Result<Waiting> {
    let mut waiting = Waiting {
        cancel_asked: r.one(&COUNT_CANCEL_ASKED, params![most])?.get("orders")?,
        strays: r.one(&COUNT_STRAY_NUMBERS, params![most])?.get("numbers")?,
        unlinked: count_unlinked(r)?.min(most),
        ..Waiting::default()
    };
    let open = open(r, FIRST, most)?;
    waiting.is_more = open.len() as i64 == most;
    // Who asked to cancel was counted, however many there are.
    let worst = open.iter().filter_map(|open| open.noticed.first());
    for worst in worst.filter(|worst| **worst != Detector::CancelAsked) {
        *waiting.noticed.entry(*worst).or_default() += 1;
    }
    Ok(waiting)
}

fn count_unlinked(r: &mut Read<'_>) -> Result<i64> {
    let (since, first) = lately(r.now);
    r.one(&COUNT_UNLINKED, params![&first, MOST_LOOKED_AT, since])?.get("parcels")
}

/// Since when a parcel is of late, and what sorts before every parcel that we have heard of since.
fn lately(now: Timestamp) -> (Timestamp, String) {
    let since = now - LATELY;
    (since, ids::first_at(ShipmentId::PREFIX, since))
}

/// A stretch of the parcels that were told of late, the newest first, behind this one; of each, whether its customer sees a
/// number without a link because its carrier is not known.
pub fn told_lately(
    r: &mut Read<'_>,
    behind: Option<&ShipmentId>,
    limit: i64,
) -> Result<Vec<(ShipmentId, bool)>> {
    let (since, first) = lately(r.now);
    // Behind every identifier of a parcel.
    let behind = behind.map_or("t", ShipmentId::as_str);
    let rows = r.rows(&WALK_TOLD, params![behind, &first, since, limit])?;
    rows.iter()
        .map(|row| Ok((ShipmentId::stored(row.get("id")?), row.get::<i64>("is_unlinked")? == 1)))
        .collect()
}
