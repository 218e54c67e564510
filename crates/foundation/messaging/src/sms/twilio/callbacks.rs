//! What the service calls us with: statuses and incoming texts, as forms. Pure.

use kernel::{MessageId, Phone};
use url::form_urlencoded;

use crate::sms::incoming::IncomingText;
use crate::sms::keywords::Meaning;
use crate::sms::reports::{NumberFault, Report};
use crate::sms::status::DeliveryStatus;

/// The fields of a webhook, in the order they came.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Params(pub Vec<(String, String)>);

impl Params {
    /// Reads a form.
    pub fn of_form(body: &[u8]) -> Self {
        Params(form_urlencoded::parse(body).map(|(k, v)| (k.into_owned(), v.into_owned())).collect())
    }

    /// Reads an object of texts; anything else holds none.
    pub fn of_json(body: &[u8]) -> Self {
        let object = serde_json::from_slice::<serde_json::Map<String, serde_json::Value>>(body);
        let texts = object.unwrap_or_default().into_iter();
        Params(texts.filter_map(|(name, value)| Some((name, value.as_str()?.to_owned()))).collect())
    }

    /// A field; empty when it is not there.
    pub fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
    }
}

/// A status of `message`; `None` for one that says nothing.
pub fn report(message: MessageId, params: &Params) -> Option<Report> {
    let status = match params.get("MessageStatus") {
        "accepted" | "scheduled" | "queued" => DeliveryStatus::Queued,
        "sending" | "sent" => DeliveryStatus::Sent,
        "delivered" | "read" => DeliveryStatus::Delivered,
        "undelivered" => DeliveryStatus::Undelivered,
        "failed" | "canceled" => DeliveryStatus::Rejected,
        _ => return None,
    };
    let code: String = params.get("ErrorCode").chars().filter(char::is_ascii_digit).take(8).collect();
    let number = Phone::parse(params.get("To")).ok();
    let number_fault = number.and_then(|number| match code.as_str() {
        // No such number, a landline, an unknown subscriber.
        "21211" | "21614" | "30005" | "30006" => Some(NumberFault::Dead(number)),
        "21610" => Some(NumberFault::Stopped(number)),
        _ => None,
    });
    Some(Report { message, gateway: "twilio", status, detail: code, number_fault })
}

/// A text that somebody sent to the shop; `None` when it names no number.
pub fn incoming(params: &Params) -> Option<IncomingText> {
    // There when the service has understood the word itself, and answered it.
    let understood = match params.get("OptOutType") {
        "STOP" => Some(Meaning::Stop),
        "START" => Some(Meaning::Start),
        "HELP" => Some(Meaning::Help),
        _ => None,
    };
    let id = Some(params.get("MessageSid").to_owned()).filter(|id| !id.is_empty());
    Some(IncomingText {
        gateway: "twilio",
        id,
        sent_at: String::new(),
        from: Phone::parse(params.get("From")).ok()?,
        to: params.get("To").to_owned(),
        body: params.get("Body").to_owned(),
        is_answered: understood.is_some(),
        understood,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::{Dice, Timestamp};
    use serde_json::Value;

    fn params(file: &str) -> Params {
        let json: Value = serde_json::from_str(file).unwrap();
        Params::of_form(json.pointer("/request/body_raw").and_then(Value::as_str).unwrap().as_bytes())
    }

    #[test]
    fn statuses_are_read() {
        let told = |file: &str| {
            report(MessageId::new(Timestamp::from_ms(1), &mut Dice::seeded(1)), &params(file)).unwrap()
        };
        let delivered = told(include_str!("payloads/twilio_status_delivered.json"));
        assert_eq!((delivered.status, delivered.detail.as_str()), (DeliveryStatus::Delivered, ""));
        let undelivered = told(include_str!("payloads/twilio_status_undelivered.json"));
        assert_eq!((undelivered.status, undelivered.detail.as_str()), (DeliveryStatus::Undelivered, "30003"));
        assert_eq!(undelivered.number_fault, None, "a phone that is off is not a dead number");
    }

    #[test]
    fn incoming_texts_are_read() {
        let stop = incoming(&params(include_str!("payloads/twilio_inbound_sms_stop.json"))).unwrap();
        assert_eq!((stop.from.as_str(), stop.body.as_str()), ("+4366012345", "STOP ✓"));
        let answered =
            incoming(&params(include_str!("payloads/twilio_inbound_sms_optouttype.json"))).unwrap();
        assert!(answered.is_answered && answered.understood == Some(Meaning::Stop));
    }
}
