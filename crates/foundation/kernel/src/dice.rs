//! The only source of chance. Seeded in tests, from the operating system in production.

use std::time::Duration;

use rand_chacha::ChaCha12Rng;
use rand_core::{Rng, SeedableRng};

/// A cryptographically strong stream of random numbers that can be replayed from its seed.
#[derive(Clone, Debug)]
pub struct Dice(ChaCha12Rng);

impl Dice {
    /// The same seed gives the same throws.
    pub fn seeded(seed: u64) -> Self {
        Dice(ChaCha12Rng::seed_from_u64(seed))
    }

    /// Seeded by the operating system.
    ///
    /// # Panics
    /// When the operating system has no randomness to give: nothing safe can be done without it.
    #[expect(clippy::disallowed_methods, reason = "the one place that asks the operating system for chance")]
    pub fn from_os() -> Self {
        let mut seed = [0u8; 32];
        getrandom::fill(&mut seed).expect("the operating system gives random bytes");
        Dice(ChaCha12Rng::from_seed(seed))
    }

    /// A new stream that shares nothing with this one but its origin.
    pub fn fork(&mut self) -> Dice {
        let mut seed = [0u8; 32];
        self.0.fill_bytes(&mut seed);
        Dice(ChaCha12Rng::from_seed(seed))
    }

    /// Sixty-four random bits.
    pub fn bits(&mut self) -> u64 {
        self.0.next_u64()
    }

    /// `N` random bytes.
    pub fn bytes<const N: usize>(&mut self) -> [u8; N] {
        let mut out = [0u8; N];
        self.0.fill_bytes(&mut out);
        out
    }

    /// A number from 0 to `bound - 1`, each as likely as the other to within 2⁻⁶⁴ · `bound`; 0 when `bound` is 0.
    pub fn below(&mut self, bound: u64) -> u64 {
        ((u128::from(self.bits()) * u128::from(bound)) >> 64) as u64
    }

    /// `span` give or take up to `percent` of it.
    pub fn jitter(&mut self, span: Duration, percent: u64) -> Duration {
        let ms = span.as_millis() as u64;
        let width = ms * percent / 100;
        Duration::from_millis(ms - width + self.below(2 * width + 1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_replays() {
        assert_eq!(Dice::seeded(7).bytes::<16>(), Dice::seeded(7).bytes::<16>());
        assert_ne!(Dice::seeded(7).bits(), Dice::seeded(8).bits());
    }

    #[test]
    fn jitter_stays_within_its_percentage() {
        let mut dice = Dice::seeded(1);
        for _ in 0..10_000 {
            let span = dice.jitter(Duration::from_secs(10), 20).as_millis();
            assert!((8_000..=12_000).contains(&span), "{span}");
        }
    }
}
