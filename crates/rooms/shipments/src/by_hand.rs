//! What somebody puts right by hand. A number they set stays, however often its source repeats the one it told then: until
//! it tells another.

use std::collections::BTreeMap;

use db::{Read, Write};
use kernel::Result;

use crate::incoming::Tracking;
use crate::store::{self, Shipment, number_key, number_mark};

/// Which number a source told when somebody set another one, by shipment. The numbers are marks, as [`mark`] makes them.
pub(crate) type Replaced = BTreeMap<String, String>;

/// A number as it is remembered here.
pub(crate) fn mark(tracking: &Tracking) -> Option<String> {
    tracking.number.as_deref().map(|number| number_mark(&number_key(number)))
}

/// What was replaced by hand among the parcels of an order.
pub(crate) fn replaced(r: &mut Read<'_>, order: &str) -> Result<Replaced> {
    Ok(store::told(r, order)?.map(|told| told.by_hand).unwrap_or_default())
}

/// Remembers what the source of a shipment has told so far, when somebody sets another number. Of one that was set by hand
/// before, that is known.
pub(crate) fn replace(w: &mut Write<'_>, stored: &Shipment) -> Result<()> {
    let mut told = store::told(w, &stored.order)?.unwrap_or_default();
    if told.by_hand.contains_key(stored.id.as_str()) {
        return Ok(());
    }
    // A source that has told no number can repeat none.
    let Some(mark) = mark(&stored.tracking) else { return Ok(()) };
    told.by_hand.insert(stored.id.to_string(), mark);
    store::save_told(w, &stored.order, &told)
}

/// Whether what a source tells of a number now is what it told when somebody set another one. When it is not, the source is
/// believed again, and what was replaced is forgotten.
pub(crate) fn is_replaced(w: &mut Write<'_>, stored: &Shipment, now: &Tracking) -> Result<bool> {
    let (Some(mut told), Some(mark)) = (store::told(w, &stored.order)?, mark(now)) else { return Ok(false) };
    match told.by_hand.get(stored.id.as_str()) {
        None => Ok(false),
        Some(known) if *known == mark => Ok(true),
        Some(_) => {
            told.by_hand.remove(stored.id.as_str());
            store::save_told(w, &stored.order, &told)?;
            Ok(false)
        }
    }
}
