//! How long a failed job waits, and when it is given up. Pure.

use std::time::Duration;

/// Failures after which a job is parked where people see it.
pub const MAX_ATTEMPTS: u32 = 12;

/// What becomes of a job that has just failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AfterFailure {
    /// Try again after this long.
    RetryIn(Duration),
    /// Out of tries.
    Park,
}

/// 1, 5, 20 minutes, then doubling up to a day; a database or network that is away for a moment is asked again in
/// seconds and never given up. `attempts` counts the failures before this one.
pub fn after_failure(attempts: u32, transient: bool) -> AfterFailure {
    if transient {
        return AfterFailure::RetryIn(Duration::from_secs(1 << attempts.min(6)));
    }
    if attempts + 1 >= MAX_ATTEMPTS {
        return AfterFailure::Park;
    }
    let minutes = match attempts {
        0 => 1,
        1 => 5,
        n => 20u64 << (n - 2).min(6),
    };
    AfterFailure::RetryIn(Duration::from_secs(60 * minutes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failing_job_waits_longer_each_time_and_is_parked_in_the_end() {
        let minutes = |n| match after_failure(n, false) {
            AfterFailure::RetryIn(span) => span.as_secs() / 60,
            AfterFailure::Park => 0,
        };
        let waits: Vec<_> = (0..12).map(minutes).collect();
        assert_eq!(waits, [1, 5, 20, 40, 80, 160, 320, 640, 1280, 1280, 1280, 0]);
    }

    #[test]
    fn trouble_that_passes_is_waited_out_for_ever() {
        assert_eq!(after_failure(0, true), AfterFailure::RetryIn(Duration::from_secs(1)));
        assert_eq!(after_failure(1_000, true), AfterFailure::RetryIn(Duration::from_secs(64)));
    }
}
