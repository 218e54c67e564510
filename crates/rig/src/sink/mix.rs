//! What a sink answers to the final dot, drawn from a seed.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

/// What becomes of a message at its final dot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Answer {
    /// Taken, and said so.
    Accept,
    /// Taken, and said so one byte at a time.
    Drip,
    /// Taken; 250 is said and the connection reset at once, so that the sender may or may not have read it.
    AcceptThenReset,
    /// Taken, and nothing is ever said.
    AcceptThenHang,
    /// Taken, and the connection is closed without a word.
    AcceptThenClose,
    /// 451: not taken, come again.
    TryAgain,
    /// 421: not taken, and the connection is closed.
    TooBusy,
    /// 554: not taken, and never will be.
    Refuse,
}

impl Answer {
    /// All of them.
    pub const ALL: [Answer; 8] = [
        Answer::Accept,
        Answer::Drip,
        Answer::AcceptThenReset,
        Answer::AcceptThenHang,
        Answer::AcceptThenClose,
        Answer::TryAgain,
        Answer::TooBusy,
        Answer::Refuse,
    ];

    /// One word.
    pub fn name(self) -> &'static str {
        match self {
            Answer::Accept => "accept",
            Answer::Drip => "drip",
            Answer::AcceptThenReset => "accept-then-reset",
            Answer::AcceptThenHang => "accept-then-hang",
            Answer::AcceptThenClose => "accept-then-close",
            Answer::TryAgain => "try-again",
            Answer::TooBusy => "too-busy",
            Answer::Refuse => "refuse",
        }
    }

    /// The one of that name.
    pub fn named(name: &str) -> Option<Answer> {
        Answer::ALL.into_iter().find(|answer| answer.name() == name)
    }

    /// Whether the server has the message now.
    pub fn takes(self) -> bool {
        !matches!(self, Answer::TryAgain | Answer::TooBusy | Answer::Refuse)
    }

    /// Whether it has the message and the sender can't know.
    pub fn is_unknown(self) -> bool {
        matches!(self, Answer::AcceptThenReset | Answer::AcceptThenHang | Answer::AcceptThenClose)
    }
}

/// How often which answer is given, of a thousand messages; what is left is accepted.
#[derive(Clone, Debug, Default)]
pub struct Mix {
    /// The same seed gives the same message the same answers.
    pub seed: u64,
    /// The shares, in thousandths.
    pub shares: Vec<(Answer, u32)>,
}

/// A mix at work.
pub(super) struct Draw {
    mix: Mix,
    /// How often each message has come.
    comings: Mutex<BTreeMap<Vec<u8>, u64>>,
    recovered: AtomicBool,
}

impl Draw {
    pub(super) fn new(mix: Mix) -> Draw {
        Draw { mix, comings: Mutex::default(), recovered: AtomicBool::new(false) }
    }

    pub(super) fn recover(&self) {
        self.recovered.store(true, Ordering::SeqCst);
    }

    /// The answer to a message of that id, which may have come before. One that is refused is refused for ever, as by
    /// a server that does not want it; everything else is drawn anew each time.
    pub(super) fn answer(&self, id: &[u8]) -> Answer {
        let coming = {
            let mut comings = self.comings.lock().unwrap_or_else(PoisonError::into_inner);
            let coming = comings.entry(id.to_vec()).or_default();
            *coming += 1;
            *coming
        };
        if self.drawn(id, 1) == Answer::Refuse {
            return Answer::Refuse;
        }
        match self.drawn(id, coming) {
            Answer::Refuse => Answer::Accept,
            _ if self.recovered.load(Ordering::SeqCst) => Answer::Accept,
            drawn => drawn,
        }
    }

    fn drawn(&self, id: &[u8], coming: u64) -> Answer {
        let mut left = (mixed(self.mix.seed, id, coming) % 1_000) as u32;
        for (answer, share) in &self.mix.shares {
            match left.checked_sub(*share) {
                Some(rest) => left = rest,
                None => return *answer,
            }
        }
        Answer::Accept
    }
}

/// FNV-1a over the id, finished as splitmix64 does: enough to be unlike its neighbours.
fn mixed(seed: u64, id: &[u8], coming: u64) -> u64 {
    let begin = 0xcbf2_9ce4_8422_2325 ^ seed.wrapping_add(coming.wrapping_mul(0x9e37_79b9_7f4a_7c15));
    let hash = id.iter().fold(begin, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3));
    let hash = (hash ^ (hash >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let hash = (hash ^ (hash >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    hash ^ (hash >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_come_in_their_shares_and_the_same_for_the_same_seed() {
        let mix =
            Mix { seed: 7, shares: vec![(Answer::TryAgain, 100), (Answer::Refuse, 50), (Answer::Drip, 10)] };
        let answers = |draw: &Draw| -> Vec<Answer> {
            (0..10_000_u32).map(|n| draw.answer(format!("<{n}@shop.test>").as_bytes())).collect()
        };
        let first = answers(&Draw::new(mix.clone()));
        assert_eq!(first, answers(&Draw::new(mix)));
        let share = |wanted| first.iter().filter(|answer| **answer == wanted).count();
        assert!((900..1_100).contains(&share(Answer::TryAgain)), "{}", share(Answer::TryAgain));
        assert!((420..580).contains(&share(Answer::Refuse)), "{}", share(Answer::Refuse));
        assert!((60..140).contains(&share(Answer::Drip)), "{}", share(Answer::Drip));
    }

    #[test]
    fn what_is_refused_is_refused_for_ever_and_nothing_else_is() {
        let mix = Mix { seed: 1, shares: vec![(Answer::Refuse, 500), (Answer::TryAgain, 400)] };
        let draw = Draw::new(mix);
        for n in 0..200_u32 {
            let id = n.to_be_bytes();
            let first = draw.answer(&id);
            let later: Vec<_> = (0..20).map(|_| draw.answer(&id)).collect();
            if first == Answer::Refuse {
                assert!(later.iter().all(|answer| *answer == Answer::Refuse));
            } else {
                assert!(later.contains(&Answer::Accept) && !later.contains(&Answer::Refuse));
            }
        }
    }

    #[test]
    fn a_server_that_has_recovered_accepts() {
        let draw = Draw::new(Mix { seed: 1, shares: vec![(Answer::AcceptThenHang, 1_000)] });
        assert_eq!(draw.answer(b"a"), Answer::AcceptThenHang);
        draw.recover();
        assert_eq!(draw.answer(b"a"), Answer::Accept);
    }

    #[test]
    fn every_answer_has_a_name_of_its_own() {
        for answer in Answer::ALL {
            assert_eq!(Answer::named(answer.name()), Some(answer));
        }
    }
}
