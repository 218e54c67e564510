//! From the JSON of `PATCH /v1/customers/{id}` to what it asks for. Pure.

use customers::Consent;
use kernel::fields::Fields;
use kernel::{Channel, Purpose, Result, Timestamp};
use messaging::topics::{self, Topic};
use orders::incoming::{CLOCKS_DIFFER_BY, MAX_ID, MAX_NOTE};
use serde_json::Value;

use kernel::object::Object;

/// The most answers of one request.
const MAX_CONSENTS: usize = 20;
/// Sources in which a person acts with their own hand: nobody may speak in their name.
const RESERVED: [&str; 4] =
    [messaging::you::YOU_UPDATES, messaging::you::ONE_CLICK, customers::account::SIGN_IN, "text"];

/// What a request asks for.
#[derive(Debug, Default)]
pub struct Patch {
    /// A channel, or none at all.
    pub preferred_channel: Option<Option<Channel>>,
    /// Topics and whether they are wanted.
    pub topics: Vec<(&'static Topic, bool)>,
    /// Answers, each with its source.
    pub consents: Vec<(Consent, String)>,
}

/// Reads it. `now` bounds the instants that have happened already.
pub fn read(value: &Value, now: Timestamp) -> Result<Patch> {
    let mut fields = Fields::strict();
    let read = Object::new(&mut fields, "", value).map(|body| patch(&mut fields, body, now));
    fields.finish_with(read)
}

fn patch(fields: &mut Fields, mut body: Object<'_>, now: Timestamp) -> Patch {
    let is_named = body.has("preferred_channel");
    let channel = body.read(fields, "preferred_channel", |f, at, text| f.parsed(at, text, Channel::parse));
    let patch = Patch {
        preferred_channel: is_named.then_some(channel),
        topics: body.object(fields, "topics").map(|topics| self::topics(fields, topics)).unwrap_or_default(),
        consents: consents(fields, &mut body, now),
    };
    body.close(fields);
    patch
}

fn topics(fields: &mut Fields, mut object: Object<'_>) -> Vec<(&'static Topic, bool)> {
    let chosen: Vec<_> =
        topics::switches().filter_map(|topic| Some((topic, object.boolean(fields, topic.id)?))).collect();
    object.close(fields);
    chosen
}

fn consents(fields: &mut Fields, body: &mut Object<'_>, now: Timestamp) -> Vec<(Consent, String)> {
    let told = body.list(fields, "consents").unwrap_or_default();
    if told.len() > MAX_CONSENTS {
        fields.fault("/consents", "too_many", format!("Send at most {MAX_CONSENTS} answers at once."));
        return Vec::new();
    }
    let one = |(place, value): (usize, &Value)| {
        let object = Object::new(fields, &format!("/consents/{place}"), value)?;
        consent(fields, object, now)
    };
    told.iter().enumerate().filter_map(one).collect()
}

fn consent(fields: &mut Fields, mut object: Object<'_>, now: Timestamp) -> Option<(Consent, String)> {
    let latest = now + CLOCKS_DIFFER_BY;
    let channel = object.must_read(fields, "channel", |f, at, text| f.parsed(at, text, Channel::parse));
    let granted = object.boolean(fields, "granted");
    let granted = fields.required(&object.pointer("granted"), granted);
    let wording = object.read(fields, "wording", |f, at, text| f.paragraph(at, text, MAX_NOTE));
    if granted == Some(true) && wording.is_none() {
        let words = "Say which words stood beside the box: a yes without them proves nothing.";
        fields.fault(&object.pointer("wording"), "missing", words);
    }
    let source = object.must_read(fields, "source", source);
    let at = object.read(fields, "at", |f, at, text| f.instant_until(at, text, latest));
    object.close(fields);
    let said_at = at.unwrap_or(now);
    let consent =
        Consent { channel: channel?, purpose: Purpose::Marketing, granted: granted?, wording, said_at };
    Some((consent, source?))
}

fn source(fields: &mut Fields, at: &str, text: &str) -> Option<String> {
    let source = fields.identifier(at, text, MAX_ID)?;
    if RESERVED.contains(&source.as_str()) {
        fields.fault(at, "reserved", "That is how the person's own hand is written down. Use another name.");
        return None;
    }
    Some(source)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const NOW: Timestamp = Timestamp::from_ms(1_795_348_800_000);

    fn faults(value: &Value) -> Vec<String> {
        let error = read(value, NOW).unwrap_err();
        error.fields().iter().map(|field| format!("{} {}", field.pointer, field.code)).collect()
    }

    #[test]
    fn what_is_absent_changes_nothing_and_null_forgets() {
        let nothing = read(&json!({}), NOW).unwrap();
        assert!(nothing.preferred_channel.is_none() && nothing.topics.is_empty());
        assert_eq!(read(&json!({ "preferred_channel": null }), NOW).unwrap().preferred_channel, Some(None));
        let chosen = json!({ "preferred_channel": "sms", "topics": { "news": false, "tips": null } });
        let patch = read(&chosen, NOW).unwrap();
        assert_eq!(patch.preferred_channel, Some(Some(Channel::Sms)));
        assert_eq!(patch.topics, [(topics::switch_named("news").unwrap(), false)]);
    }

    #[test]
    fn an_answer_carries_its_words_its_source_and_its_time() {
        let yes = json!({ "consents": [{
            "channel": "email", "granted": true, "wording": "Tick to get our news", "source": "checkout"
        }] });
        let patch = read(&yes, NOW).unwrap();
        let (consent, source) = &patch.consents[0];
        assert_eq!((source.as_str(), consent.said_at), ("checkout", NOW));
        assert_eq!(consent.wording.as_deref(), Some("Tick to get our news"));
        let no = json!({ "consents": [{ "channel": "sms", "granted": false, "source": "import" }] });
        assert!(!read(&no, NOW).unwrap().consents[0].0.granted);
    }

    #[test]
    fn every_wrong_field_is_named() {
        let wrong = json!({
            "preferred_channel": "pigeon",
            "topics": { "orders": false },
            "consents": [
                { "channel": "email", "granted": true, "source": "checkout" },
                { "channel": "email", "source": "one_click", "at": "2030-01-01T00:00:00Z" },
                7
            ],
            "name": "Amina"
        });
        assert_eq!(
            faults(&wrong),
            [
                "/preferred_channel unknown_channel",
                "/topics/orders unknown_field",
                "/consents/0/wording missing",
                "/consents/1/granted missing",
                "/consents/1/source reserved",
                "/consents/1/at in_the_future",
                "/consents/2 wrong_type",
                "/name unknown_field",
            ]
        );
        assert_eq!(faults(&json!([])), [" wrong_type"]);
    }
}
