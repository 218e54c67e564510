//! The signed links. Nothing about them is stored: a rotated key keeps yesterday's mail working, and a guessed token is
//! simply not found. Each has a purpose of its own, so that neither opens what the other does.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use customers::AddressHash;
use kernel::keys::{KEY_ID_LEN, SIGNATURE_LEN};
use kernel::{Channel, CustomerId, Keys, Shop, ids};

use crate::topics::{self, Topic};

const YOU: &str = "you-link/1";
const UNSUBSCRIBE: &str = "unsubscribe-link/1";
const ID_LEN: usize = 13;

/// The way to a person's own page, `/you/updates/{token}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct YouLink {
    /// Whose.
    pub customer: CustomerId,
}

impl YouLink {
    /// The token.
    pub fn token(&self, keys: &Keys) -> String {
        signed(keys, YOU, &packed(&self.customer))
    }

    /// The whole address.
    pub fn url(&self, shop: &Shop) -> String {
        format!("{}/you/updates/{}", shop.public_url, self.token(&shop.keys))
    }

    /// Reads a token; `None` for anything that this shop has not signed.
    pub fn read(token: &str, keys: &Keys) -> Option<Self> {
        let message = verified(keys, YOU, token)?;
        Some(YouLink { customer: customer(&message)? })
    }
}

/// The way out of one topic at one address, `/unsubscribe/{token}`. The address itself is not in it, only its hash: so it
/// works when the person's data are gone, and for everybody who shares the mailbox.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnsubscribeLink {
    /// Who got the message.
    pub customer: CustomerId,
    /// On which channel.
    pub channel: Channel,
    /// At which address.
    pub address: AddressHash,
    /// Of which topic.
    pub topic: &'static Topic,
}

impl UnsubscribeLink {
    /// The token: opaque, and of characters that can stand in a header.
    pub fn token(&self, keys: &Keys) -> String {
        let channel = match self.channel {
            Channel::Email => 0,
            Channel::Sms => 1,
        };
        let mut message = packed(&self.customer);
        message.push(channel);
        message.extend(self.address.bytes());
        message.extend(self.topic.id.as_bytes());
        signed(keys, UNSUBSCRIBE, &message)
    }

    /// The whole address.
    pub fn url(&self, shop: &Shop) -> String {
        format!("{}/unsubscribe/{}", shop.public_url, self.token(&shop.keys))
    }

    /// Reads a token; `None` for anything that this shop has not signed.
    pub fn read(token: &str, keys: &Keys) -> Option<Self> {
        let message = verified(keys, UNSUBSCRIBE, token)?;
        let customer = customer(&message)?;
        let (channel, rest) = message.get(ID_LEN..)?.split_first()?;
        let channel = match channel {
            0 => Channel::Email,
            1 => Channel::Sms,
            _ => return None,
        };
        let (address, topic) = rest.split_at_checked(AddressHash::LEN)?;
        let topic = topics::switch_named(std::str::from_utf8(topic).ok()?)?;
        Some(UnsubscribeLink { customer, channel, address: AddressHash::from_bytes(address)?, topic })
    }
}

fn packed(customer: &CustomerId) -> Vec<u8> {
    ids::pack(customer.chars()).unwrap_or_default().to_vec()
}

fn customer(message: &[u8]) -> Option<CustomerId> {
    let chars = ids::unpack(message.get(..ID_LEN)?.try_into().ok()?);
    Some(CustomerId::stored(format!("{}_{chars}", CustomerId::PREFIX)))
}

fn signed(keys: &Keys, purpose: &str, message: &[u8]) -> String {
    let (id, signature) = keys.sign(purpose, message);
    BASE64_URL_SAFE_NO_PAD.encode([&id[..], message, &signature[..]].concat())
}

fn verified(keys: &Keys, purpose: &str, token: &str) -> Option<Vec<u8>> {
    let bytes = BASE64_URL_SAFE_NO_PAD.decode(token).ok()?;
    let (id, rest) = bytes.split_at_checked(KEY_ID_LEN)?;
    let (message, signature) = rest.split_at_checked(rest.len().checked_sub(SIGNATURE_LEN)?)?;
    keys.verify(purpose, message, id, signature).then(|| message.to_vec())
}

#[cfg(test)]
mod tests {
    use kernel::{Dice, Timestamp};

    use super::*;

    fn keys() -> Keys {
        Keys::parse("0123456789abcdef0123456789abcdef").unwrap()
    }

    fn link() -> UnsubscribeLink {
        let now = Timestamp::parse("2026-11-20T10:00:00Z").unwrap();
        UnsubscribeLink {
            customer: CustomerId::new(now, &mut Dice::seeded(1)),
            channel: Channel::Email,
            address: AddressHash::of(&keys(), Channel::Email, "ann@example.test"),
            topic: &topics::NEWS,
        }
    }

    fn bent(token: &str) -> impl Iterator<Item = String> + '_ {
        (0..token.len()).map(|at| {
            let mut bytes = token.as_bytes().to_vec();
            bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
            String::from_utf8(bytes).unwrap()
        })
    }

    #[test]
    fn a_token_says_whose_and_cannot_be_bent() {
        let (keys, link) = (keys(), link());
        let token = link.token(&keys);
        assert_eq!(UnsubscribeLink::read(&token, &keys), Some(link.clone()));
        assert!(bent(&token).all(|bent| UnsubscribeLink::read(&bent, &keys).is_none()));
        let you = YouLink { customer: link.customer };
        let own = you.token(&keys);
        assert_eq!(YouLink::read(&own, &keys), Some(you));
        assert!(bent(&own).all(|bent| YouLink::read(&bent, &keys).is_none()));
    }

    #[test]
    fn one_link_does_not_open_what_another_does() {
        let (keys, link) = (keys(), link());
        assert_eq!(YouLink::read(&link.token(&keys), &keys), None);
        let you = YouLink { customer: link.customer.clone() }.token(&keys);
        assert_eq!(UnsubscribeLink::read(&you, &keys), None);
        let stranger = Keys::parse("fedcba9876543210fedcba9876543210").unwrap();
        assert_eq!(UnsubscribeLink::read(&link.token(&stranger), &keys), None);
        for nonsense in ["", "A", "AAAA", "💥"] {
            assert!(UnsubscribeLink::read(nonsense, &keys).is_none());
            assert!(YouLink::read(nonsense, &keys).is_none());
        }
    }

    #[test]
    fn a_rotated_key_keeps_yesterdays_mail_working() {
        let (old, link) = (keys(), link());
        let new = "fedcba9876543210fedcba9876543210,0123456789abcdef0123456789abcdef";
        assert!(UnsubscribeLink::read(&link.token(&old), &Keys::parse(new).unwrap()).is_some());
    }

    #[test]
    fn nothing_in_a_link_tells_the_address() {
        let token = link().token(&keys());
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(&token).unwrap();
        assert!(!String::from_utf8_lossy(&bytes).contains("example.test"));
    }
}
