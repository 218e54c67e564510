//! A breaker per provider: after five failures in a row it lets one message through every five seconds. Pure.

use std::time::Duration;

use kernel::Timestamp;

/// Failures in a row that open it.
const OPENS_AFTER: u32 = 5;
/// How long it lets nothing through, each time.
const PROBE_EVERY: Duration = Duration::from_secs(5);

/// Whether a provider is worth trying.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Breaker {
    failures: u32,
    next_probe: Option<Timestamp>,
}

impl Breaker {
    /// Whether a message may be tried now. When not, says when the next one may. A permitted try of an open breaker
    /// is the probe of these five seconds.
    pub fn permit(&mut self, now: Timestamp) -> Result<(), Timestamp> {
        match self.next_probe {
            Some(probe_at) if now < probe_at => Err(probe_at),
            Some(_) => {
                self.next_probe = Some(now + PROBE_EVERY);
                Ok(())
            }
            None => Ok(()),
        }
    }

    /// The provider answered, whatever it said about the message.
    pub fn answered(&mut self) {
        *self = Breaker::default();
    }

    /// The provider failed.
    pub fn failed(&mut self, now: Timestamp) {
        self.failures = self.failures.saturating_add(1);
        if self.failures >= OPENS_AFTER {
            self.next_probe = Some(now + PROBE_EVERY);
        }
    }

    /// Whether it is open.
    pub fn is_open(&self) -> bool {
        self.next_probe.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_ms(seconds * 1_000)
    }

    #[test]
    fn five_failures_open_it_and_one_answer_closes_it() {
        let mut breaker = Breaker::default();
        for _ in 0..4 {
            breaker.failed(at(0));
            assert_eq!(breaker.permit(at(0)), Ok(()));
        }
        breaker.failed(at(0));
        assert_eq!(breaker.permit(at(1)), Err(at(5)));
        assert_eq!(breaker.permit(at(5)), Ok(()));
        assert_eq!(breaker.permit(at(5)), Err(at(10)), "one probe every five seconds");
        breaker.answered();
        assert!(!breaker.is_open());
        assert_eq!(breaker.permit(at(5)), Ok(()));
    }
}
