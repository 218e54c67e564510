//! Which of the threads behind one queue have a connection, so that one without it leaves the work to the others.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// One thread's part in a count of those that could open a transaction when they last tried.
#[derive(Default)]
pub(crate) struct Serving {
    all: Arc<AtomicUsize>,
    counts_itself: bool,
}

impl Serving {
    /// The part of a further thread behind the same queue.
    pub(crate) fn another(&self) -> Self {
        Serving { all: Arc::clone(&self.all), counts_itself: false }
    }

    /// Notes whether this thread could open a transaction.
    pub(crate) fn note(&mut self, could: bool) {
        match (self.counts_itself, could) {
            (false, true) => self.all.fetch_add(1, Ordering::SeqCst),
            (true, false) => self.all.fetch_sub(1, Ordering::SeqCst),
            (true, true) | (false, false) => return,
        };
        self.counts_itself = could;
    }

    /// Whether this thread could.
    pub(crate) fn does(&self) -> bool {
        self.counts_itself
    }

    /// Whether another thread could.
    pub(crate) fn others_do(&self) -> bool {
        self.all.load(Ordering::SeqCst) > usize::from(self.counts_itself)
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        self.note(false);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_counts_once_and_not_for_itself() {
        let mut one = Serving::default();
        let mut other = one.another();
        one.note(true);
        one.note(true);
        assert!(!one.others_do() && other.others_do());
        other.note(true);
        one.note(false);
        assert!(one.others_do() && !other.others_do());
        other.note(false);
        other.note(false);
        assert!(!one.others_do());
        other.note(true);
        drop(other);
        assert!(!one.others_do(), "who is gone serves nobody");
    }
}
