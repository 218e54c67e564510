//! Texts through a gateway that speaks as Kannel's smsbox does: one GET per text, and delivery reports by a GET back.
//!
//! Kannel signs nothing. So the address of the report carries our signature, and that of incoming texts a secret.

mod callbacks;
pub(super) mod verdict;

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use egress::{Egress, Line, Request, Rules};
use kernel::{Channel, Keys, Result, Shop};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use url::Url;

pub use self::callbacks::{incoming, report};
use super::segments::{Encoding, measure};
use super::settings::Gateway;
use super::signed;
use crate::outgoing::{Outgoing, Text};
use crate::provider::{Provider, Refusal, RefusalClass, Session, Submission, wrong_channel};

/// Everything that Kannel can report: delivered, undeliverable, queued, taken, refused.
const ALL_REPORTS: &str = "31";
/// What a report brings back: its kind, the network's answer, the number.
const REPORT_FIELDS: &str = "type=%d&answer=%A&to=%p";
/// The most bytes of an answer that we read.
const ANSWER_BYTES: usize = 4_096;

/// Sends texts through the operator's gateway.
pub struct KannelProvider {
    gateway: Arc<Gateway>,
    egress: Egress,
    keys: Keys,
    callback: String,
    gate: Arc<Semaphore>,
}

impl KannelProvider {
    /// A provider; nothing is connected yet. Reports come back to the gateway's `callback`, else to the public URL.
    pub fn new(gateway: Gateway, shop: &Shop) -> Result<Self> {
        Ok(KannelProvider {
            callback: gateway.callback.clone().unwrap_or_else(|| shop.public_url.clone()),
            gate: Arc::new(Semaphore::new(gateway.sessions)),
            gateway: Arc::new(gateway),
            // The operator's own configuration names the gateway; it usually runs on this machine.
            egress: Egress::new(Rules::anywhere())?,
            keys: shop.keys.clone(),
        })
    }
}

#[async_trait]
impl Provider for KannelProvider {
    fn name(&self) -> &'static str {
        "kannel"
    }

    fn channel(&self) -> Channel {
        Channel::Sms
    }

    async fn connect(&self) -> std::result::Result<Box<dyn Session>, Refusal> {
        let permit = Arc::clone(&self.gate).acquire_owned().await.map_err(|_| shutting_down())?;
        let line = self.egress.connect(&self.gateway.endpoint).await.map_err(|missed| Refusal {
            class: RefusalClass::Transient,
            words: format!("The gateway could not be reached: {}.", missed.words),
            retry_after: None,
        })?;
        let (gateway, keys, callback) = (self.gateway.clone(), self.keys.clone(), self.callback.clone());
        Ok(Box::new(KannelSession { line, gateway, keys, callback, _permit: permit }))
    }

    fn concurrency(&self) -> usize {
        self.gateway.sessions
    }
}

pub(super) fn shutting_down() -> Refusal {
    let words = "The program is stopping.".to_owned();
    Refusal { class: RefusalClass::Transient, words, retry_after: Some(Duration::from_secs(1)) }
}

struct KannelSession {
    line: Line,
    gateway: Arc<Gateway>,
    keys: Keys,
    callback: String,
    _permit: OwnedSemaphorePermit,
}

#[async_trait]
impl Session for KannelSession {
    async fn submit(self: Box<Self>, message: &Outgoing) -> Submission {
        let Outgoing::Text(text) = message else { return wrong_channel(message) };
        let request = Request {
            timeout: self.gateway.answer_within,
            max_answer_bytes: ANSWER_BYTES,
            ..Request::new("GET", send_url(&self.gateway, text, &self.keys, &self.callback))
        };
        match self.line.send(request).await {
            Ok(answer) => verdict::of(answer.status, &answer.text(), answer.retry_after()),
            Err(silence) => {
                Submission::Unknown { words: format!("No answer to the text: {}.", silence.words) }
            }
        }
    }
}

/// The address that sends one text. It holds the password: it is never logged.
fn send_url(gateway: &Gateway, text: &Text, keys: &Keys, callback: &str) -> Url {
    let report = format!("{callback}{}?{REPORT_FIELDS}", signed::report_path(keys, &text.message));
    let coding = match measure(&text.body).encoding {
        Encoding::Gsm7 => "0",
        Encoding::Ucs2 => "2",
    };
    let mut url = gateway.endpoint.clone();
    let mut query = url.query_pairs_mut();
    query.append_pair("username", &gateway.user).append_pair("password", &gateway.password);
    if let Some(from) = &gateway.from {
        query.append_pair("from", from);
    }
    if let Some(line) = &gateway.line {
        query.append_pair("smsc", line);
    }
    query.append_pair("to", text.to.as_str()).append_pair("text", &text.body);
    query.append_pair("charset", "UTF-8").append_pair("coding", coding);
    query.append_pair("dlr-mask", ALL_REPORTS).append_pair("dlr-url", &report);
    drop(query);
    url
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sms::settings::SmsSettings;
    use kernel::{Dice, MessageId, Phone, Timestamp};

    #[test]
    fn the_request_is_what_kannel_reads() {
        let url = "kannel+http://u:p%26q@127.0.0.1:13013/cgi-bin/sendsms?from=Tea&smsc=EU";
        let SmsSettings::Kannel(gateway) = SmsSettings::parse(url).unwrap() else { panic!() };
        let keys = Keys::parse("0123456789abcdef0123456789abcdef").unwrap();
        let message = MessageId::new(Timestamp::from_ms(1), &mut Dice::seeded(1));
        let to = Phone::parse("+447700900123").unwrap();
        let text = |body: &str| Text {
            message: message.clone(),
            key: "k".into(),
            to: to.clone(),
            body: body.into(),
        };
        let asked = |body: &str| -> Vec<(String, String)> {
            let url = send_url(&gateway, &text(body), &keys, "http://127.0.0.1:4080");
            url.query_pairs().map(|(k, v)| (k.into_owned(), v.into_owned())).collect()
        };
        let pairs = asked("Tea: a & b €");
        let value = |name: &str| pairs.iter().find(|(k, _)| k == name).unwrap().1.as_str();
        assert_eq!((value("username"), value("password")), ("u", "p&q"));
        assert_eq!((value("from"), value("smsc"), value("to")), ("Tea", "EU", "+447700900123"));
        assert_eq!((value("text"), value("coding"), value("charset")), ("Tea: a & b €", "0", "UTF-8"));
        let report = format!("http://127.0.0.1:4080/hooks/kannel/dlr/{message}/");
        assert!(value("dlr-url").starts_with(&report), "{}", value("dlr-url"));
        assert!(value("dlr-url").ends_with("?type=%d&answer=%A&to=%p"));
        assert!(asked("✓").contains(&("coding".to_owned(), "2".to_owned())));
    }
}
