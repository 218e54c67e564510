//! Where texts go.

use messaging::sms::settings::SmsSettings;

use super::finding::{Finding, bad, good};
use crate::Config;

/// Texts that stay in the inbox never reach a phone; a person who prefers texts gets mail while none are sent.
pub(super) fn examine(config: &Config) -> Vec<Finding> {
    vec![match config.texts_go_to() {
        None => good("texts", "not connected; who prefers texts gets mail"),
        Some(SmsSettings::Inbox) if config.mails_stay() => {
            good("texts", "kept in the built-in inbox at /inbox; nothing is sent")
        }
        Some(SmsSettings::Inbox) => {
            let found = "kept in the built-in inbox although mail really leaves: they reach nobody";
            bad("texts", found, "Unset AFTERCARE_SMS_URL, or name a gateway there.")
        }
        Some(settings) => good(
            "texts",
            format!("{settings}; what people text comes in at the address that aftercare sms prints"),
        ),
    }]
}
