//! Requests about endpoints, read with every fault named.

use kernel::fields::Fields;
use kernel::{Result, Timestamp};
use serde_json::Value;

use super::endpoints::{EndpointChange, NewEndpoint};
use kernel::object::Object;

/// A range of time whose events are to be sent again.
#[derive(Clone, Debug)]
pub struct Range {
    /// From when on.
    pub since: Timestamp,
    /// Until when.
    pub until: Option<Timestamp>,
    /// The event the page before ended with.
    pub after: Option<String>,
}

/// Reads an endpoint to be made.
pub fn new_endpoint(value: &Value) -> Result<NewEndpoint> {
    let mut fields = Fields::strict();
    let read = Object::new(&mut fields, "", value).and_then(|mut object| {
        let url = object.must_read(&mut fields, "url", |_, _, text| Some(text.to_owned()));
        let kinds = kinds(&mut fields, &mut object);
        let description = object.text(&mut fields, "description").map(str::to_owned);
        object.close(&mut fields);
        Some(NewEndpoint { url: url?, kinds: kinds.unwrap_or_default(), description })
    });
    fields.finish_with(read)
}

/// Reads what is to be changed.
pub fn endpoint_change(value: &Value) -> Result<EndpointChange> {
    let mut fields = Fields::strict();
    let read = Object::new(&mut fields, "", value).map(|mut object| {
        let change = EndpointChange {
            url: object.text(&mut fields, "url").map(str::to_owned),
            kinds: kinds(&mut fields, &mut object),
            description: object.text(&mut fields, "description").map(str::to_owned),
            forgets_description: false,
            disabled: object.boolean(&mut fields, "disabled"),
        };
        object.close(&mut fields);
        change
    });
    fields.finish_with(read)
}

/// Reads a range of time.
pub fn range(value: &Value) -> Result<Range> {
    let mut fields = Fields::strict();
    let read = Object::new(&mut fields, "", value).and_then(|mut object| {
        let since = object.must_read(&mut fields, "since", Fields::instant);
        let until = object.read(&mut fields, "until", Fields::instant);
        let after = object.text(&mut fields, "after").map(str::to_owned);
        object.close(&mut fields);
        Some(Range { since: since?, until, after })
    });
    fields.finish_with(read)
}

fn kinds(fields: &mut Fields, object: &mut Object<'_>) -> Option<Vec<String>> {
    let list = object.list(fields, "kinds")?;
    let at = object.pointer("kinds");
    let texts = list.iter().enumerate().filter_map(|(place, kind)| {
        let text = kind.as_str();
        if text.is_none() {
            fields.fault(&format!("{at}/{place}"), "wrong_type", "Write a text in quotes.");
        }
        text.map(str::to_owned)
    });
    Some(texts.collect())
}
