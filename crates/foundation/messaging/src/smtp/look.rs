//! A look at the mail server that sends nothing: does it answer, is its certificate good, does it know us?

use std::time::Duration;

use kernel::{Result as Checked, Timestamp};
use tls::Tls;
use tokio::net::lookup_host;
use tokio::time::timeout;
use x509_cert::Certificate;
use x509_cert::der::Decode;

use super::opening;
use super::settings::SmtpSettings;
use crate::provider::Refusal;

/// What was seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Looked {
    /// Whether TLS protects what is said.
    pub is_secure: bool,
    /// Whether a user and a password were given and taken.
    pub is_logged_in: bool,
    /// Until when the server's certificate is good.
    pub certificate_until: Option<Timestamp>,
}

/// Opens a session and closes it again. Each step takes `patience` at most. The outer error is about our own settings.
pub async fn look(settings: &SmtpSettings, patience: Duration) -> Checked<Result<Looked, Refusal>> {
    let mut settings = settings.clone();
    let limits = &mut settings.timeouts;
    for limit in [&mut limits.connect, &mut limits.greeting, &mut limits.command] {
        *limit = (*limit).min(patience);
    }
    let tls = Tls::new(settings.ca.as_deref(), None)?;
    if !is_known(&settings, patience).await {
        return Ok(Err(Refusal::unanswered(&format!(
            "The name {} can't be found in the DNS",
            settings.host
        ))));
    }
    let mut line = match opening::open(&settings, &tls).await {
        Ok(line) => line,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let looked = Looked {
        is_secure: line.wire.is_secure(),
        is_logged_in: settings.login.is_some(),
        certificate_until: line.wire.certificate().and_then(good_until),
    };
    // Polite, and of no consequence.
    let _ = line.wire.ask("QUIT\r\n", patience).await;
    Ok(Ok(looked))
}

/// A name that is not there is told apart, because connecting to it fails with words that say nothing.
async fn is_known(settings: &SmtpSettings, patience: Duration) -> bool {
    let found = timeout(patience, lookup_host((settings.host.as_str(), settings.port))).await;
    found.is_ok_and(|found| found.is_ok_and(|mut addresses| addresses.next().is_some()))
}

fn good_until(der: &[u8]) -> Option<Timestamp> {
    let certificate = Certificate::from_der(der).ok()?;
    let until = certificate.tbs_certificate.validity.not_after.to_unix_duration();
    i64::try_from(until.as_millis()).ok().map(Timestamp::from_ms)
}
