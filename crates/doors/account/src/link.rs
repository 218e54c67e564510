//! The signed link in the message with the code, `/you/in/{token}`. It names what was asked for and lets nobody in by itself:
//! the page behind it has a button, and the button works only in the browser that asked.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use customers::account::SignInCodeId;
use kernel::keys::{KEY_ID_LEN, SIGNATURE_LEN};
use kernel::{Keys, Shop, ids};

const PURPOSE: &str = "sign-in-link/1";
const ID_LEN: usize = 13;

/// The way in that a message names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignInLink {
    /// What was asked for.
    pub code: SignInCodeId,
}

impl SignInLink {
    /// The token.
    pub fn token(&self, keys: &Keys) -> String {
        let message = ids::pack(self.code.chars()).unwrap_or_default();
        let (id, signature) = keys.sign(PURPOSE, &message);
        BASE64_URL_SAFE_NO_PAD.encode([&id[..], &message[..], &signature[..]].concat())
    }

    /// The whole address.
    pub fn url(&self, shop: &Shop) -> String {
        format!("{}/you/in/{}", shop.public_url, self.token(&shop.keys))
    }

    /// Reads a token; `None` for anything that this shop has not signed.
    pub fn read(token: &str, keys: &Keys) -> Option<Self> {
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(token).ok()?;
        if bytes.len() != KEY_ID_LEN + ID_LEN + SIGNATURE_LEN {
            return None;
        }
        let (id, rest) = bytes.split_at(KEY_ID_LEN);
        let (message, signature) = rest.split_at(ID_LEN);
        if !keys.verify(PURPOSE, message, id, signature) {
            return None;
        }
        let chars = ids::unpack(message.try_into().ok()?);
        Some(SignInLink { code: SignInCodeId::stored(format!("{}_{chars}", SignInCodeId::PREFIX)) })
    }
}

#[cfg(test)]
mod tests {
    use kernel::{Dice, Timestamp};

    use super::*;

    #[test]
    fn a_link_names_what_was_asked_for_and_can_not_be_bent() {
        let keys = Keys::parse("0123456789abcdef0123456789abcdef").unwrap();
        let link = SignInLink { code: SignInCodeId::new(Timestamp::from_ms(5), &mut Dice::seeded(1)) };
        let token = link.token(&keys);
        assert_eq!(SignInLink::read(&token, &keys), Some(link));
        for at in 0..token.len() {
            let mut bent = token.clone().into_bytes();
            bent[at] = if bent[at] == b'A' { b'B' } else { b'A' };
            assert_eq!(SignInLink::read(&String::from_utf8(bent).unwrap(), &keys), None);
        }
        let stranger = Keys::parse("fedcba9876543210fedcba9876543210").unwrap();
        assert_eq!(SignInLink::read(&token, &stranger), None);
        assert_eq!(SignInLink::read("", &keys), None);
    }
}
