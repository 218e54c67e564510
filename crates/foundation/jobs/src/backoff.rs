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

/// 1, 5, 20 minutes, then doubling up to a day. `attempts` counts the failures before this one. Housekeeping is never
/// given up: nobody asks for it anew.
pub fn after_failure(attempts: u32, is_schedule: bool) -> AfterFailure {
    if attempts + 1 >= MAX_ATTEMPTS && !is_schedule {
        return AfterFailure::Park;
    }
    let minutes = match attempts {
        0 => 1,
        1 => 5,
        n => 20u64 << (n - 2).min(6),
    };
    AfterFailure::RetryIn(Duration::from_secs(60 * minutes))
}

/// A database or network that is away for a moment is asked again in seconds, and never given up. `before` counts how
/// often in a row it was away already.
pub fn wait_out(before: u32) -> Duration {
    Duration::from_secs(1 << before.min(6))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn minutes(attempts: u32, is_schedule: bool) -> u64 {
        match after_failure(attempts, is_schedule) {
            AfterFailure::RetryIn(span) => span.as_secs() / 60,
            AfterFailure::Park => 0,
        }
    }

    #[test]
    fn a_failing_job_waits_longer_each_time_and_is_parked_in_the_end() {
        let waits: Vec<_> = (0..12).map(|attempts| minutes(attempts, false)).collect();
        assert_eq!(waits, [1, 5, 20, 40, 80, 160, 320, 640, 1280, 1280, 1280, 0]);
    }

    #[test]
    fn housekeeping_that_fails_is_tried_again_for_ever() {
        assert!((8..1_000).all(|attempts| minutes(attempts, true) == 1280));
        assert_eq!(minutes(u32::MAX - 1, true), 1280);
    }

    #[test]
    fn trouble_that_passes_is_waited_out_for_ever() {
        let waits: Vec<_> = [0, 1, 2, 6, 1_000].map(|before| wait_out(before).as_secs()).into();
        assert_eq!(waits, [1, 2, 4, 64, 64]);
    }
}
