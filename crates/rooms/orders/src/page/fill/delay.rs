//! The question to whoever was told that their order has not left in time.

use super::Fill;
use crate::incoming::OrderStatus;
use crate::page::view::Delay;
use crate::parcels::{DelayAnswer, DelayAsked};

impl Fill<'_> {
    /// What silence means or what was answered, and the answers that are left; once it is settled, how.
    pub(super) fn delay(&self, asked: DelayAsked) -> Delay {
        if asked.is_settled {
            let heading = self.say("page-delay-settled-heading", &[]);
            return Delay { heading, words: self.settled(asked), answers: Vec::new() };
        }
        let keep = ("keep", self.say("page-delay-keep", &[]));
        let cancel = ("cancel", self.say("page-delay-cancel", &[]));
        let (words, answers) = match asked.answered {
            None => (self.silence(asked), vec![keep, cancel]),
            Some((DelayAnswer::Keep, at)) => {
                (self.one("page-delay-kept", "date", &self.day(at)), vec![cancel])
            }
            Some((DelayAnswer::Cancel, at)) => {
                (self.one("page-delay-cancel-asked", "date", &self.day(at)), vec![keep])
            }
        };
        Delay { heading: self.say("page-delay-heading", &[]), words, answers }
    }

    /// Who asked to cancel what has left all the same is told so.
    fn settled(&self, asked: DelayAsked) -> String {
        if self.order.status == OrderStatus::Cancelled {
            return self.say("page-delay-settled-cancelled", &[]);
        }
        match asked.answered {
            Some((DelayAnswer::Cancel, at)) => {
                self.one("page-delay-settled-left-all-the-same", "date", &self.day(at))
            }
            Some((DelayAnswer::Keep, _)) | None => self.say("page-delay-settled-left", &[]),
        }
    }

    fn silence(&self, asked: DelayAsked) -> String {
        match asked.cancels_on {
            None => self.say("page-delay-keeps", &[]),
            Some(day) if day <= self.today() => self.say("page-delay-cancels-now", &[]),
            Some(day) => self.one("page-delay-cancels", "date", &self.date(day)),
        }
    }
}
