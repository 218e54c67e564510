//! Names that an earlier version has written become findable, a bounded number at a time.

use std::time::Duration;

use db::Write;
use jobs::Next;
use kernel::Result;
use serde_json::Value;

/// The schedule.
pub const KEY_NAMES_JOB: &str = "staff.key_names";
/// Names of one write.
const AT_ONCE: i64 = 500;
const SOON: Duration = Duration::from_secs(1);

/// Goes on until none is left, and mostly finds none.
pub fn key_names(w: &mut Write<'_>, _: &Value) -> Result<Next> {
    let keyed = customers::key_names(w, AT_ONCE)?;
    Ok(if keyed == AT_ONCE { Next::Again(w.now + SOON) } else { Next::Done })
}
