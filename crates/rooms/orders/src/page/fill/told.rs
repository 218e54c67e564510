//! What the customer was told about the order.

use messaging::State;

use super::Fill;
use crate::page::view::{Message, Told};

/// How many messages are shown before "earlier".
const LATEST_TOLD: usize = 3;

impl Fill<'_> {
    pub(super) fn told(&self, told: &[messaging::Told]) -> Told {
        let mut newest_first: Vec<Message> = told.iter().rev().map(|message| self.message(message)).collect();
        let earlier = newest_first.split_off(newest_first.len().min(LATEST_TOLD));
        let count = earlier.len() as i64;
        Told {
            heading: self.say("page-told", &[]),
            none: self.say("page-told-none", &[]),
            latest: newest_first,
            earlier_label: if count == 0 {
                String::new()
            } else {
                self.say("page-told-earlier", &[("count", count.into())])
            },
            earlier,
        }
    }

    fn message(&self, message: &messaging::Told) -> Message {
        let key = match message.state {
            State::Accepted if message.channel == Some(kernel::Channel::Sms) => "page-told-text",
            State::Accepted => "page-told-email",
            State::Failed | State::Dropped | State::Expired => "page-told-failed",
            State::Queued | State::HandingOff | State::Deferred | State::Unknown | State::Held => {
                "page-told-pending"
            }
        };
        let (hour, minute) = message.created_at.clock_in(&self.shop.zone);
        let time = self.wording.catalogue().time(&self.locale, hour, minute);
        Message {
            subject: self.say(&format!("told-{}", message.template.replace('.', "-")), &[]),
            how: self.one(
                key,
                "to",
                &self.masked_recipient(message.channel.unwrap_or(kernel::Channel::Email)),
            ),
            at: message.created_at.to_string(),
            when: format!("{}, {time}", self.day(message.created_at)),
        }
    }
}
