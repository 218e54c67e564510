//! How long something took. Durations are measured, never stored, so they may come from the machine.

use std::time::Instant;

/// A point on a clock that never goes back.
#[expect(
    clippy::disallowed_methods,
    reason = "the one place of this crate that measures how long work takes"
)]
pub(crate) fn monotonic() -> Instant {
    Instant::now()
}
