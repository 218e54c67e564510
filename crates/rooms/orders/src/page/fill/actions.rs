//! What can be done about the order, the one main thing first. Each leads to something that is there.

use web::Link;

use super::Fill;
use super::parcels::{Need, need};
use crate::incoming::{Fulfilment, OrderStatus};
use crate::page::view::Action;

/// The main thing to do, by where the order stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Main {
    /// Nothing is to be done.
    Nothing,
    /// To say whether they wait for it.
    AnswerDelay,
    /// To follow the parcel at its carrier's.
    Follow,
    /// To collect the parcel.
    Collect,
    /// To ask the shop.
    Ask,
}

impl Fill<'_> {
    pub(super) fn actions(&self) -> Vec<Action> {
        let main = self.main();
        let help = self.help().map(|link| Action { link, primary: main == Main::Ask });
        let first = self.link_to(main).map(|link| Action { link, primary: true });
        first.into_iter().chain(help).collect()
    }

    fn main(&self) -> Main {
        if self.order.status == OrderStatus::Cancelled {
            return Main::Nothing;
        }
        if self.delay.is_some_and(|asked| !asked.is_settled && asked.answered.is_none()) {
            return Main::AnswerDelay;
        }
        let first = self.parcels_by_need().first().map(|parcel| need(parcel));
        match first {
            Some(Need::Problem | Need::Missing | Need::Lost | Need::Silent | Need::Late) => Main::Ask,
            _ if self.arrived.is_some() => Main::Ask,
            Some(Need::Missed | Need::Today | Need::UnderWay) => Main::Follow,
            Some(Need::Collect) => Main::Collect,
            Some(Need::Packed | Need::There) => Main::Nothing,
            None if self.order.fulfilment == Fulfilment::Unfulfilled && self.is_late() => Main::Ask,
            None => Main::Nothing,
        }
    }

    fn link_to(&self, main: Main) -> Option<Link> {
        let first = self.parcels_by_need().first().copied();
        match main {
            Main::Nothing | Main::Ask => None,
            Main::AnswerDelay => Some(Link::new(self.say("page-delay-answer", &[]), "#delay")),
            // The card of the parcel that the answer is about stands first.
            Main::Collect if first?.pickup.is_some() => {
                Some(Link::new(self.say("page-collect-where", &[]), "#parcel-1"))
            }
            Main::Collect | Main::Follow => {
                let (label, url) = self.carriers_page(first?)?;
                Some(Link::new(label, url))
            }
        }
    }

    /// The way to the shop's people, where they have told one.
    fn help(&self) -> Option<Link> {
        let contact = &self.shop.brand.contact;
        let by_mail = contact.email.as_ref().map(|email| {
            let number: String = self.order.number.chars().filter(char::is_ascii_alphanumeric).collect();
            format!("mailto:{email}?subject={}", encoded(&self.one("page-help-subject", "order", &number)))
        });
        let href = contact.url.clone().or(by_mail);
        href.map(|href| Link::new(self.say("page-get-help", &[]), href))
    }
}

/// A header of a `mailto:` link (RFC 6068): every byte but letters and digits in percent-encoding.
fn encoded(text: &str) -> String {
    let byte =
        |b: u8| if b.is_ascii_alphanumeric() { char::from(b).to_string() } else { format!("%{b:02X}") };
    text.bytes().map(byte).collect()
}
