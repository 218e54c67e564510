//! Parcels that their source keeps as a list with the order: what is on it no more was taken back.

use db::Write;
use kernel::Result;

use crate::incoming::IncomingList;
use crate::order::{OrderFacts, Orders};
use crate::store::{self, Shipment};
use crate::{take, watch};

/// Takes a version of such a list in. One that is older than what is known of it changes nothing: what has gone meanwhile
/// does not come back by it. Of two versions of one second the one that comes later counts, as with every parcel.
pub fn take_list(w: &mut Write<'_>, list: &IncomingList) -> Result<()> {
    let orders = *w.wired::<Orders>()?;
    let Some(order) = (orders.named)(w, &list.order)? else { return Ok(()) };
    let Some(facts) = (orders.facts)(w, &order)? else { return Ok(()) };
    let known = on_the_list(store::of_order(w, &facts.id)?, list);
    if known.iter().any(|known| known.updated_at > list.updated_at) {
        return Ok(());
    }
    // What came in the place of a parcel first: the order is never without both.
    for parcel in &list.parcels {
        take::take_of(w, parcel, &facts)?;
    }
    if list.is_whole {
        take_back(w, gone(known, list), list, &facts)?;
    }
    Ok(())
}

/// What this list has told of. A file or a program may tell parcels of the same order and source under other identifiers.
fn on_the_list(known: Vec<Shipment>, list: &IncomingList) -> Vec<Shipment> {
    let is_listed =
        |known: &Shipment| known.source == list.order.source && known.external_id.starts_with(&list.begins);
    known.into_iter().filter(is_listed).collect()
}

/// What is on it no more.
fn gone(known: Vec<Shipment>, list: &IncomingList) -> Vec<Shipment> {
    let is_there = |known: &Shipment| list.parcels.iter().any(|told| told.external_id == known.external_id);
    known.into_iter().filter(|known| !known.is_cancelled && !is_there(known)).collect()
}

/// A label that no carrier ever scanned comes to nothing. A parcel that its carrier has, or has delivered, is real whatever
/// the list says: the customer waits for it or holds it, and it stays, as `fold` has it of every cancelled label.
fn take_back(w: &mut Write<'_>, gone: Vec<Shipment>, list: &IncomingList, facts: &OrderFacts) -> Result<()> {
    for stored in &gone {
        let mut after = Shipment { is_cancelled: true, updated_at: list.updated_at, ..stored.clone() };
        take::settle(w, Some(stored), &mut after, facts, &stored.source)?;
    }
    if gone.is_empty() { Ok(()) } else { watch::look_at(w, facts) }
}
