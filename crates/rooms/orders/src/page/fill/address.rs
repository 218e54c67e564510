//! The address, as far as this reader may see it.

use kernel::{Channel, text};

use super::{AddressView, Fill};
use crate::context::address_lines;
use crate::incoming::Address;
use crate::page::view::{Address as AddressBox, Shown};

impl Fill<'_> {
    pub(super) fn address(&self, address: &Address, view: &AddressView) -> AddressBox {
        let place = self.place(address);
        let say = |key: &str| self.say(key, &[]);
        let country = self.wording.catalogue().country(&self.locale, &address.country);
        let lines = address_lines(address, &country);
        let shown = match view {
            AddressView::Open => Shown::Full { lines, done: String::new() },
            AddressView::Granted => Shown::Full { lines, done: say("page-address-done") },
            AddressView::Masked => {
                Shown::Masked { place, why: say("page-address-why"), send: Some(say("page-address-send")) }
            }
            AddressView::TooMany => {
                let why = self.say("page-code-too-many", &[("minutes", 60i64.into())]);
                Shown::Masked { place, why, send: None }
            }
            AddressView::NoContact => Shown::Masked { place, why: say("page-code-no-contact"), send: None },
            AddressView::Asking(fault) => Shown::Asking {
                place,
                sent: self.one("page-code-sent", "to", &self.masked_recipient(self.code_goes_by)),
                label: say("page-code-label"),
                hint: say("page-code-hint"),
                fault: fault.map(say),
                submit: say("page-code-submit"),
                again: say("page-code-again"),
            },
        };
        AddressBox { heading: self.say("page-address", &[]), shown }
    }

    /// Town and the last characters of the postcode.
    fn place(&self, address: &Address) -> String {
        let town = text::isolated_in(&address.city, &self.locale);
        let end: Option<String> = address.postcode.as_deref().map(|postcode| {
            let chars: Vec<char> = postcode.chars().collect();
            chars[chars.len().saturating_sub(3)..].iter().collect()
        });
        match end {
            Some(end) => {
                let end = text::isolated_in(&end, &self.locale);
                self.say("page-address-masked", &[("town", (&town).into()), ("postcode", (&end).into())])
            }
            None => self.one("page-address-masked-town", "town", &town),
        }
    }

    /// The address or number that a message on this channel goes to, as much of it as a stranger may see.
    pub(super) fn masked_recipient(&self, channel: Channel) -> String {
        let customer = &self.order.customer;
        let phone = customer.phone.as_ref();
        let phone = phone.map(|phone| format!("…{}", &phone.as_str()[phone.as_str().len() - 3..]));
        let email = customer.email.as_ref().map(kernel::Email::masked);
        let known = match channel {
            Channel::Email => email.or(phone),
            Channel::Sms => phone.or(email),
        };
        let masked = known.unwrap_or_default();
        // What stands in it reads from left to right wherever it stands.
        if self.locale.dir() == "rtl" { text::kept_together(&masked) } else { masked }
    }
}
