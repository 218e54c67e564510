//! Texts through a service that speaks as Twilio's API does (`2010-04-01`): one POST per text, and signed webhooks back.

pub(super) mod answer;
mod callbacks;
pub mod signature;

use std::sync::Arc;

use async_trait::async_trait;
use egress::{Egress, Line, Request, Rules};
use kernel::{Channel, Result, Shop};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use url::Url;
use url::form_urlencoded::Serializer;

pub use self::callbacks::{Params, incoming, report};
use super::settings::Gateway;
use crate::outgoing::{Outgoing, Text};
use crate::provider::{Provider, Refusal, RefusalClass, Session, Submission, wrong_channel};

/// The most bytes of an answer that we read.
const ANSWER_BYTES: usize = 32_768;

/// Sends texts through the account's service.
pub struct TwilioProvider {
    gateway: Arc<Gateway>,
    egress: Egress,
    public_url: String,
    gate: Arc<Semaphore>,
}

impl TwilioProvider {
    /// A provider; nothing is connected yet. Reports come back to the public URL.
    pub fn new(gateway: Gateway, shop: &Shop) -> Result<Self> {
        Ok(TwilioProvider {
            gate: Arc::new(Semaphore::new(gateway.sessions)),
            gateway: Arc::new(gateway),
            // The operator's own configuration names the service.
            egress: Egress::new(Rules::anywhere())?,
            public_url: shop.public_url.clone(),
        })
    }
}

#[async_trait]
impl Provider for TwilioProvider {
    fn name(&self) -> &'static str {
        "twilio"
    }

    fn channel(&self) -> Channel {
        Channel::Sms
    }

    async fn connect(&self) -> std::result::Result<Box<dyn Session>, Refusal> {
        let permit = Arc::clone(&self.gate).acquire_owned().await;
        let permit = permit.map_err(|_| super::kannel::shutting_down())?;
        let line = self.egress.connect(&self.gateway.endpoint).await.map_err(|missed| Refusal {
            class: RefusalClass::Transient,
            words: format!("The service could not be reached: {}.", missed.words),
            retry_after: None,
        })?;
        let (gateway, public_url) = (self.gateway.clone(), self.public_url.clone());
        Ok(Box::new(TwilioSession { line, gateway, public_url, _permit: permit }))
    }

    fn concurrency(&self) -> usize {
        self.gateway.sessions
    }
}

struct TwilioSession {
    line: Line,
    gateway: Arc<Gateway>,
    public_url: String,
    _permit: OwnedSemaphorePermit,
}

#[async_trait]
impl Session for TwilioSession {
    async fn submit(self: Box<Self>, message: &Outgoing) -> Submission {
        let Outgoing::Text(text) = message else { return wrong_channel(message) };
        match self.line.send(send_request(&self.gateway, text, &self.public_url)).await {
            Ok(answer) => answer::of(answer.status, &answer.text(), answer.retry_after()),
            Err(silence) => {
                Submission::Unknown { words: format!("No answer to the text: {}.", silence.words) }
            }
        }
    }
}

fn send_request(gateway: &Gateway, text: &Text, public_url: &str) -> Request {
    let mut url: Url = gateway.endpoint.clone();
    url.set_path(&format!("/2010-04-01/Accounts/{}/Messages.json", gateway.user));
    let mut form = Serializer::new(String::new());
    form.append_pair("To", text.to.as_str()).append_pair("Body", &text.body);
    match (&gateway.line, &gateway.from) {
        (Some(service), _) => form.append_pair("MessagingServiceSid", service),
        (None, from) => form.append_pair("From", from.as_deref().unwrap_or_default()),
    };
    form.append_pair("StatusCallback", &format!("{public_url}/hooks/twilio/status/{}", text.message));
    let request = Request {
        timeout: gateway.answer_within,
        max_answer_bytes: ANSWER_BYTES,
        ..Request::new("POST", url)
    };
    request
        .basic_auth(&gateway.user, &gateway.password)
        .body("application/x-www-form-urlencoded", form.finish().into_bytes())
}
