//! The machine's own time, which is what a benchmark measures. Nothing else here reads it.

use std::time::{Duration, Instant};

/// This moment.
#[expect(clippy::disallowed_methods, reason = "a benchmark measures the machine's own time")]
pub fn now() -> Instant {
    Instant::now()
}

/// Waits on this thread.
#[expect(clippy::disallowed_methods, reason = "load comes by the machine's own time")]
pub fn wait(span: Duration) {
    std::thread::sleep(span);
}

/// Runs `work` and says how long it took.
pub fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let began = now();
    let result = work();
    (result, began.elapsed())
}
