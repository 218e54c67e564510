//! Housekeeping, a bounded number of rows at a time: names that an earlier version has written become findable, and whoever
//! has long been signed out is forgotten.

use std::time::Duration;

use db::Write;
use jobs::Next;
use kernel::Result;
use serde_json::Value;

/// The schedule.
pub const KEY_NAMES_JOB: &str = "staff.key_names";
/// Rows of one write.
const AT_ONCE: i64 = 500;
const SOON: Duration = Duration::from_secs(1);

/// Goes on until none is left, and mostly finds none.
pub fn key_names(w: &mut Write<'_>, _: &Value) -> Result<Next> {
    let keyed = customers::key_names(w, AT_ONCE)?;
    Ok(if keyed == AT_ONCE { Next::Again(w.now + SOON) } else { Next::Done })
}

/// The schedule of [`forget_ended_sessions`].
pub const FORGET_SESSIONS_JOB: &str = "staff.forget_sessions";

/// Browsers of the staff that are long signed out, and links that have long stopped working.
pub fn forget_ended_sessions(w: &mut Write<'_>, _: &Value) -> Result<Next> {
    let is_more = staff::forget_ended(w, AT_ONCE)?;
    Ok(if is_more { Next::Again(w.now + SOON) } else { Next::Done })
}

/// The schedule of [`place_customers`].
pub const PLACE_CUSTOMERS_JOB: &str = "staff.place_customers";

/// Customers of whom an earlier version has written no country get that of their newest order, and mostly there is none.
pub fn place_customers(w: &mut Write<'_>, _: &Value) -> Result<Next> {
    let unplaced = customers::unplaced(w, AT_ONCE)?;
    for id in &unplaced {
        let country = orders::staff::country_of(w, id)?;
        customers::place(w, id, country.as_deref())?;
    }
    Ok(if unplaced.len() as i64 == AT_ONCE { Next::Again(w.now + SOON) } else { Next::Done })
}
