//! A hash over everything that happens, in its order: two runs of one seed have the same, or something in the program
//! depends on more than its state, its input, the time and the dice.

use std::fmt::Display;
use std::sync::{Mutex, PoisonError};

use sha2::{Digest, Sha256};

/// The running hash.
#[derive(Default)]
pub struct Trace(Mutex<Sha256>);

impl Trace {
    /// Adds one thing that happened. With `AFTERCARE_SIM_TRACE` set it is also written to stderr, for whoever looks
    /// for the first difference between two runs.
    pub fn note(&self, what: impl Display) {
        let mut hash = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        hash.update(format!("{what}\n").as_bytes());
        if spoken() {
            eprintln!("{what}");
        }
    }

    /// The hash so far.
    pub fn hash(&self) -> [u8; 32] {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone().finalize().into()
    }
}

fn spoken() -> bool {
    static SPOKEN: std::sync::OnceLock<bool> = std::sync::OnceLock::new();
    *SPOKEN.get_or_init(|| std::env::var_os("AFTERCARE_SIM_TRACE").is_some())
}
