//! Scans that nobody ever claimed.

use std::time::Duration;

use db::Write;
use jobs::Next;
use kernel::Result;
use serde_json::Value;

use crate::store;

/// The schedule that throws them away.
pub const FORGET_STRAYS: &str = "shipments.forget_strays";
/// How long a shipment may come after its first scan: labels are bought long before they are told of, and no longer.
const KEPT: Duration = Duration::from_secs(30 * 86_400);
/// As many are thrown away in one write.
const AT_ONCE: i64 = 500;

/// The handler of [`FORGET_STRAYS`].
pub fn forget_strays(w: &mut Write<'_>, _: &Value) -> Result<Next> {
    let now = w.now;
    let gone = store::forget_strays(w, now - KEPT, AT_ONCE)?;
    Ok(if gone as i64 == AT_ONCE { Next::Again(now) } else { Next::Done })
}
