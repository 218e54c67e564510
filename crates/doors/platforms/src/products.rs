//! Products as platforms tell them, into the catalogue.

use catalogue::{IncomingProduct, MAX_ID, MAX_LINK, MAX_TITLE};
use db::Write;
use kernel::fields::Fields;
use kernel::{Currency, Result, Timestamp};
use serde_json::Value;

use crate::reading;

/// What a webhook about a product says.
#[derive(Clone, Debug, PartialEq)]
pub enum Told {
    /// A version of it.
    Version(Box<IncomingProduct>),
    /// It is gone; by the platform's identifier.
    Gone(String),
}

/// What is known of a product besides its body.
#[derive(Clone, Copy, Debug)]
pub struct Notice<'a> {
    /// The source it is stored under.
    pub source: &'a str,
    /// The shop's currency: platforms tell prices without one.
    pub currency: Currency,
    /// When it is read: a version without a time of its own is as new as that.
    pub now: Timestamp,
}

/// Takes in what a webhook says of a product.
pub(crate) fn take_in(w: &mut Write<'_>, source: &str, told: &Told) -> Result<()> {
    match told {
        Told::Version(product) => catalogue::take(w, product).map(drop),
        Told::Gone(external_id) => {
            let now = w.now;
            catalogue::forget(w, source, external_id, now).map(drop)
        }
    }
}

/// The body as JSON.
pub(crate) fn json(body: &[u8]) -> Result<Value> {
    serde_json::from_slice(body).map_err(|error| reading::unreadable("a product", &error))
}

/// A plain value as text: platforms change between numbers and strings from version to version.
pub(crate) fn text(value: &Value, name: &str) -> Option<String> {
    plain(value.get(name)?)
}

/// The same for a value that stands in a list.
pub(crate) fn plain(value: &Value) -> Option<String> {
    let text = match value {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        Value::Bool(yes) => yes.to_string(),
        Value::Null | Value::Array(_) | Value::Object(_) => return None,
    };
    (!text.is_empty()).then_some(text)
}

/// A list that may be missing or null.
pub(crate) fn items<'a>(value: &'a Value, name: &str) -> &'a [Value] {
    value.get(name).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// An identifier, which has to be there.
pub(crate) fn identifier(fields: &mut Fields, value: &Value, name: &str) -> Option<String> {
    let pointer = format!("/{name}");
    let text = fields.required(&pointer, text(value, name))?;
    fields.identifier(&pointer, &text, MAX_ID)
}

/// A title.
pub(crate) fn title(fields: &mut Fields, value: &Value, name: &str) -> Option<String> {
    fields.line(&format!("/{name}"), &text(value, name)?, MAX_TITLE)
}

/// A link that can be used; another one is left out, for a product without a picture is a product.
pub(crate) fn link(text: Option<String>) -> Option<String> {
    text.filter(|link| link.chars().count() <= MAX_LINK && kernel::brand::check_link(link).is_ok())
}

/// A stock keeping unit that can be kept.
pub(crate) fn sku(value: &Value) -> Option<String> {
    text(value, "sku").and_then(|sku| kernel::text::line(&sku, MAX_ID).ok())
}
