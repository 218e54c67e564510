//! The way out for mail: what is configured, whether the server takes our login, and the keys that sign.

use std::time::Duration;

use kernel::{Clock, SystemClock, Timestamp};
use messaging::provider::RefusalClass;
use messaging::smtp::{Looked, SmtpSettings, look};

use super::finding::{Finding, bad, good, span};
use crate::{Config, commands};

/// How long each step of the dialogue may take.
const PATIENCE: Duration = Duration::from_secs(5);
/// From here on a certificate that is about to end is spoken of.
const SOON: Duration = Duration::from_secs(14 * 24 * 3_600);

pub(super) fn examine(config: &Config) -> Vec<Finding> {
    if config.mails_stay() {
        return inbox(config).into_iter().chain(signing(config)).collect();
    }
    let settings = match SmtpSettings::parse(&config.mail_url) {
        Ok(settings) => settings,
        Err(error) => return vec![bad("mail", error.to_string(), "Correct AFTERCARE_MAIL_URL.")],
    };
    let mut findings = vec![sender(config, &settings)];
    findings.extend(server(&settings));
    findings.extend(signing(config));
    findings
}

fn sender(config: &Config, settings: &SmtpSettings) -> Finding {
    let domain = config.mail_from.address.domain();
    if domain == "shop.invalid" {
        let fix = "Set AFTERCARE_MAIL_FROM, for example: Northwind Tea <orders@northwind.example>.";
        return bad("mail", "nobody said who mail comes from", fix);
    }
    good("mail", format!("{settings}, from {domain}"))
}

/// Fine on this machine; where customers can reach us, everybody could read everybody's mail.
fn inbox(config: &Config) -> Vec<Finding> {
    let fix = "Set AFTERCARE_MAIL_URL to send for real, for example smtp+starttls://USER:PASSWORD@HOST:587.";
    if config.public_url.starts_with("https://") {
        let found = "nothing is sent, and /inbox shows everybody's mail to whoever opens it";
        return vec![bad("mail", found, fix)];
    }
    vec![good("mail", "kept in the built-in inbox at /inbox; nothing is sent").advice(fix)]
}

fn server(settings: &SmtpSettings) -> Vec<Finding> {
    match commands::block_on(look(settings, PATIENCE)) {
        Err(error) => vec![bad("mail server", error.to_string(), "Correct AFTERCARE_MAIL_URL.")],
        Ok(Err(refusal)) => vec![bad("mail server", refusal.words, mending(refusal.class))],
        Ok(Ok(looked)) => {
            vec![reached(&looked)].into_iter().chain(certificate(looked.certificate_until)).collect()
        }
    }
}

fn mending(class: RefusalClass) -> &'static str {
    match class {
        RefusalClass::Account => {
            "Correct user, password or certificate: AFTERCARE_MAIL_URL, and what your mail provider says."
        }
        RefusalClass::Transient
        | RefusalClass::RecipientBusy
        | RefusalClass::DeadAddress
        | RefusalClass::Stopped
        | RefusalClass::Permanent => {
            "Is the server running, and may this machine reach it? Otherwise correct AFTERCARE_MAIL_URL."
        }
    }
}

fn reached(looked: &Looked) -> Finding {
    let way = if looked.is_secure { "with TLS" } else { "without TLS" };
    let login = if looked.is_logged_in { ", and takes our login" } else { "" };
    good("mail server", format!("answers {way}{login}"))
}

fn certificate(until: Option<Timestamp>) -> Option<Finding> {
    let left = until?.since(SystemClock.now());
    let found = format!("the mail server's is good for another {}", span(left));
    Some(if left < SOON {
        bad("certificate", found, "Have it renewed before it ends: nothing is sent after that.")
    } else {
        good("certificate", found)
    })
}

/// Only the files; what is published is another check.
fn signing(config: &Config) -> Option<Finding> {
    let dkim = config.dkim.as_ref()?;
    Some(match dkim.signer() {
        Ok(signer) => {
            let keys = signer.keys().map(|(selector, key)| {
                format!("{selector} ({}, {} bits)", key.algorithm().kind(), key.bits())
            });
            good("signing", format!("as {} with {}", signer.domain(), keys.collect::<Vec<_>>().join(" and ")))
        }
        Err(error) => bad(
            "signing",
            error.to_string(),
            "Correct AFTERCARE_DKIM_KEY or the file; see \"Mail that arrives\" in the README.",
        ),
    })
}
