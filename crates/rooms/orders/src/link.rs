//! The signed link of the order page: `/o/{token}`.
//!
//! The token says which order, on which day the link was made, and carries a 128-bit signature with the id of its key.
//! Nothing about it is stored: a rotated key keeps yesterday's mail working, and a guessed token is simply not found.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use db::Write;
use kernel::keys::{KEY_ID_LEN, SIGNATURE_LEN};
use kernel::{Error, Keys, Result, Shop, Timestamp, ids};

use crate::{OrderId, short_link, store};

const PURPOSE: &str = "order-link/1";
const DAY_MS: i64 = 86_400_000;
const MESSAGE_LEN: usize = 2 + 13;

/// The ways to an order's page: the page, and a shorter way to it where its customer can be texted.
pub fn links(w: &mut Write<'_>, order: &OrderId) -> Result<(String, Option<String>)> {
    let stored = store::stored(w, order)?;
    let stored = stored.ok_or_else(|| Error::internal("an order to link to that is not there"))?;
    let short_url = short_link::make(w, &stored)?;
    let (now, shop) = (w.now, w.wired::<Shop>()?);
    Ok((OrderLink::new(stored.id, now).url(shop), short_url))
}

/// What a valid token says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderLink {
    /// Which order.
    pub order: OrderId,
    /// The day the link was made (UTC), as its first instant.
    pub issued_at: Timestamp,
}

impl OrderLink {
    /// A link made `now`.
    pub fn new(order: OrderId, now: Timestamp) -> Self {
        OrderLink { order, issued_at: Timestamp::from_ms(now.ms() - now.ms().rem_euclid(DAY_MS)) }
    }

    /// The token: 44 characters that can stand in a path.
    pub fn token(&self, keys: &Keys) -> String {
        let message = self.message();
        let (id, signature) = keys.sign(PURPOSE, &message);
        BASE64_URL_SAFE_NO_PAD.encode([&id[..], &message[..], &signature[..]].concat())
    }

    /// The whole address.
    pub fn url(&self, shop: &Shop) -> String {
        format!("{}/o/{}", shop.public_url, self.token(&shop.keys))
    }

    /// Reads a token; `None` for anything that this shop has not signed.
    pub fn read(token: &str, keys: &Keys) -> Option<Self> {
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(token).ok()?;
        if bytes.len() != KEY_ID_LEN + MESSAGE_LEN + SIGNATURE_LEN {
            return None;
        }
        let (id, rest) = bytes.split_at(KEY_ID_LEN);
        let (message, signature) = rest.split_at(MESSAGE_LEN);
        if !keys.verify(PURPOSE, message, id, signature) {
            return None;
        }
        let day = u16::from_be_bytes([message[0], message[1]]);
        let chars = ids::unpack(message[2..].try_into().ok()?);
        let order = OrderId::stored(format!("{}_{chars}", OrderId::PREFIX));
        Some(OrderLink { order, issued_at: Timestamp::from_ms(i64::from(day) * DAY_MS) })
    }

    fn message(&self) -> [u8; MESSAGE_LEN] {
        let day = (self.issued_at.ms() / DAY_MS).clamp(0, i64::from(u16::MAX)) as u16;
        let mut message = [0u8; MESSAGE_LEN];
        message[..2].copy_from_slice(&day.to_be_bytes());
        message[2..].copy_from_slice(&ids::pack(self.order.chars()).unwrap_or_default());
        message
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::Dice;

    #[test]
    fn a_token_says_which_order_and_when_and_cannot_be_bent() {
        let keys = Keys::parse("0123456789abcdef0123456789abcdef").unwrap();
        let now = Timestamp::parse("2026-11-20T10:00:00Z").unwrap();
        let link = OrderLink::new(OrderId::new(now, &mut Dice::seeded(1)), now);
        let token = link.token(&keys);
        assert_eq!(token.len(), 44);
        assert_eq!(OrderLink::read(&token, &keys), Some(link));
        for at in 0..token.len() {
            let mut bent = token.clone().into_bytes();
            bent[at] = if bent[at] == b'A' { b'B' } else { b'A' };
            assert_eq!(OrderLink::read(&String::from_utf8(bent).unwrap(), &keys), None);
        }
        let stranger = Keys::parse("fedcba9876543210fedcba9876543210").unwrap();
        assert_eq!(OrderLink::read(&token, &stranger), None);
        assert_eq!(OrderLink::read("", &keys), None);
    }
}
