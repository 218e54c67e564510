//! The real time of an experiment.

use std::time::Duration;

/// Microseconds since 1970, by the machine's clock: the same in every process, so that logs can be held against each
/// other.
#[expect(clippy::disallowed_methods, reason = "an experiment with real processes is measured in real time")]
pub fn now_us() -> u64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    since.map_or(0, |since| since.as_micros() as u64)
}

/// Lets that much real time pass.
#[expect(clippy::disallowed_methods, reason = "an experiment with real processes takes real time")]
pub fn pause(span: Duration) {
    std::thread::sleep(span);
}

/// How much time has passed since a moment of [`now_us`].
pub fn since(began_us: u64) -> Duration {
    Duration::from_micros(now_us().saturating_sub(began_us))
}
