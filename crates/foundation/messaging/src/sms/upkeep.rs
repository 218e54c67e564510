//! What is no longer of use to anybody: texts that people sent long ago, and reports of texts long delivered.

use std::time::Duration;

use db::{Write, params};
use jobs::Next;
use kernel::{Result, ids};
use serde_json::Value;

use super::incoming::{FORGET_OLD_TEXTS, IncomingTextId};
use super::reports::{FORGET_REPORTS, ReportId};

/// The schedule.
pub const FORGET_TEXTS_JOB: &str = "messaging.forget_texts";

/// How long what somebody texted is kept: as long as one may still ask what was said.
const TEXTS_KEPT: Duration = Duration::from_secs(730 * 86_400);
/// How long each report is kept; gateways report for days, and the one that counts stands with its message.
const REPORTS_KEPT: Duration = Duration::from_secs(90 * 86_400);
/// Rows of one write.
const AT_ONCE: i64 = 500;
const SOON: Duration = Duration::from_secs(1);

/// Goes on until nothing is left that is too old.
pub fn forget_old_texts(w: &mut Write<'_>, _: &Value) -> Result<Next> {
    let texts = ids::first_at(IncomingTextId::PREFIX, w.now - TEXTS_KEPT);
    let reports = ids::first_at(ReportId::PREFIX, w.now - REPORTS_KEPT);
    let texts = w.execute(&FORGET_OLD_TEXTS, params![&texts, AT_ONCE])?;
    let reports = w.execute(&FORGET_REPORTS, params![&reports, AT_ONCE])?;
    let is_more = texts.max(reports) >= AT_ONCE.unsigned_abs();
    Ok(if is_more { Next::Again(w.now + SOON) } else { Next::Done })
}
