//! What is wrong with an order and its parcels, on its page. It is opened and closed on the customer's side, where the forms lead.

use db::Read;
use kernel::{Result, Shop, ShopClock};
use serde::Serialize;
use timeline::{IncidentKind, Wrong};

use crate::parcels::{self, ParcelSeen, WrongSeen};
use crate::store::StoredOrder;

/// What the page shows of incidents.
#[derive(Clone, Debug, Serialize)]
pub(super) struct WrongCard {
    /// Where an incident is opened.
    pub open: String,
    /// What can be wrong: word and words.
    pub kinds: Vec<(&'static str, &'static str)>,
    /// What is.
    pub rows: Vec<WrongRow>,
}

/// Something that is wrong with the order or a parcel of it, or was a short while ago.
#[derive(Clone, Debug, Serialize)]
pub(super) struct WrongRow {
    what: Vec<&'static str>,
    /// The parcel's number, if it has one, and its page.
    parcel: Option<(Option<String>, String)>,
    next: String,
    since: String,
    until: String,
    is_open: bool,
    close: String,
}

/// Looks up what is wrong with an order and its parcels.
pub(super) fn card(r: &mut Read<'_>, stored: &StoredOrder, parcels: &[ParcelSeen]) -> Result<WrongCard> {
    let person = customers::person_unasked(r, &stored.customer)?;
    let path = format!("/a/customers/{}/incidents", person.id);
    let mut rows = Vec::new();
    for id in person.ids() {
        for wrong in timeline::incidents_of(r, &id)? {
            let parcel = parcels.iter().find(|parcel| is_about(&wrong, "shipment", &parcel.id));
            if parcel.is_some() || is_about(&wrong, "order", stored.id.as_str()) {
                rows.push(row(r, stored, &wrong, parcel, &path)?);
            }
        }
    }
    let kinds = IncidentKind::ALL.map(|kind| (kind.as_str(), kind.words())).to_vec();
    Ok(WrongCard { open: path, kinds, rows })
}

fn is_about(wrong: &Wrong, kind: &str, id: &str) -> bool {
    wrong.subject.0 == kind && wrong.subject.1 == id
}

fn row(
    r: &mut Read<'_>,
    stored: &StoredOrder,
    wrong: &Wrong,
    parcel: Option<&ParcelSeen>,
    path: &str,
) -> Result<WrongRow> {
    let is_open = wrong.closed_at.is_none();
    // What was noticed of it is known while it is open.
    let found = match is_open {
        true => parcels::finding(r, stored, wrong.kind, &wrong.subject.1)?,
        false => WrongSeen { what: vec![wrong.kind.words()], next: String::new() },
    };
    let clock = ShopClock::new(&r.wired::<Shop>()?.zone, r.now);
    Ok(WrongRow {
        what: found.what,
        parcel: parcel.map(|parcel| (parcel.number.clone(), format!("/a/parcels/{}", parcel.id))),
        next: found.next,
        since: clock.short(wrong.opened_at),
        until: clock.short(wrong.holds_until),
        is_open,
        close: format!("{path}/{}/close", wrong.id),
    })
}
