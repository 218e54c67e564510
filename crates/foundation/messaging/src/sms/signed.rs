//! The addresses that gateways call us by. What has no signature of its own gets one in its path.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use kernel::{Keys, MessageId, Shop, keys};

use super::settings::SmsSettings;

const REPORT: &str = "text-report/1";
const INCOMING: &str = "incoming-text/1";
/// What Kannel tells of a text: numbers, raw bytes with their charset and coding, its own name for it, the time.
const KANNEL_FIELDS: &str = "from=%p&to=%P&text=%b&charset=%C&coding=%c&id=%I&ts=%t";

/// Where Kannel reports on one message: the signature says that we asked for this report.
pub fn report_path(keys: &Keys, message: &MessageId) -> String {
    format!("/hooks/kannel/dlr/{message}/{}", signed(keys, REPORT, message.as_str()))
}

/// Whether `signature` is that of this message's address.
pub fn is_report_of(keys: &Keys, message: &MessageId, signature: &str) -> bool {
    verified(keys, REPORT, message.as_str(), signature)
}

/// Where Kannel brings what people text. The secret in it is the same for good, and a rotated root keeps it working.
pub fn incoming_path(keys: &Keys) -> String {
    format!("/hooks/kannel/mo/{}", signed(keys, INCOMING, "kannel"))
}

/// Whether this is the secret of [`incoming_path`].
pub fn is_incoming(keys: &Keys, secret: &str) -> bool {
    verified(keys, INCOMING, "kannel", secret)
}

/// The address that brings what people text, for the settings of the gateway; none while texts stay here. Kannel's
/// ends in the escapes that it fills in.
pub fn incoming_url(settings: &SmsSettings, shop: &Shop) -> Option<String> {
    match settings {
        SmsSettings::Inbox => None,
        SmsSettings::Kannel(gateway) => {
            let base = gateway.callback.as_deref().unwrap_or(&shop.public_url);
            Some(format!("{base}{}?{KANNEL_FIELDS}", incoming_path(&shop.keys)))
        }
        SmsSettings::Twilio(_) => Some(format!("{}/hooks/twilio/incoming", shop.public_url)),
    }
}

fn signed(keys: &Keys, purpose: &str, message: &str) -> String {
    let (id, signature) = keys.sign(purpose, message.as_bytes());
    BASE64_URL_SAFE_NO_PAD.encode([&id[..], &signature[..]].concat())
}

fn verified(keys: &Keys, purpose: &str, message: &str, signed: &str) -> bool {
    let Ok(bytes) = BASE64_URL_SAFE_NO_PAD.decode(signed) else { return false };
    let Some((id, signature)) = bytes.split_at_checked(keys::KEY_ID_LEN) else { return false };
    keys.verify(purpose, message.as_bytes(), id, signature)
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::{Dice, Timestamp};

    #[test]
    fn an_address_is_good_for_one_message_of_one_shop() {
        let keys = Keys::parse("0123456789abcdef0123456789abcdef").unwrap();
        let stranger = Keys::parse("fedcba9876543210fedcba9876543210").unwrap();
        let id = |n| MessageId::new(Timestamp::from_ms(1), &mut Dice::seeded(n));
        let path = report_path(&keys, &id(1));
        let signature = path.rsplit('/').next().unwrap();
        assert!(is_report_of(&keys, &id(1), signature));
        assert!(!is_report_of(&keys, &id(2), signature));
        assert!(!is_report_of(&stranger, &id(1), signature));
        let secret = incoming_path(&keys);
        let secret = secret.rsplit('/').next().unwrap();
        assert!(is_incoming(&keys, secret) && !is_incoming(&keys, signature) && !is_incoming(&keys, ""));
    }
}
