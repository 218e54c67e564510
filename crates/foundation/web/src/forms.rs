//! What a person typed into a form, read under a size cap.

use std::collections::BTreeMap;

use axum::body::{Body, to_bytes};
use axum::extract::{FromRequest, Request};
use axum::http::header;
use kernel::{Error, Kind, Result};
use percent_encoding::percent_decode_str;

use crate::Failure;
use crate::error::too_large;

/// The fields of a form; an extractor. Of a field that was sent twice, all values are kept in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Form(BTreeMap<String, Vec<String>>);

/// Bytes a form may have. Our longest is a page of text.
const FORM_BYTES: usize = 64 * 1024;
/// Fields a form may have.
const FORM_FIELDS: usize = 200;

impl Form {
    /// Reads `application/x-www-form-urlencoded`.
    pub fn parse(body: &[u8]) -> Result<Self> {
        let text = std::str::from_utf8(body).map_err(|_| unreadable())?;
        let mut fields: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (count, pair) in text.split('&').filter(|pair| !pair.is_empty()).enumerate() {
            if count == FORM_FIELDS {
                return Err(too_large());
            }
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            fields.entry(decoded(name)?).or_default().push(decoded(value)?);
        }
        Ok(Form(fields))
    }

    /// The field's last value without surrounding spaces; empty when it was not sent.
    pub fn text(&self, name: &str) -> &str {
        self.0.get(name).and_then(|values| values.last()).map_or("", |value| value.trim())
    }

    /// Whether the box or button was sent at all.
    pub fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    /// Every value of a field, as from several boxes of one name.
    pub fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        self.0.get(name).into_iter().flatten().map(String::as_str)
    }
}

fn decoded(text: &str) -> Result<String> {
    let spaced = text.replace('+', " ");
    percent_decode_str(&spaced).decode_utf8().map(|text| text.into_owned()).map_err(|_| unreadable())
}

#[track_caller]
fn unreadable() -> Error {
    Error::new(
        Kind::Unreadable,
        "unreadable_form",
        "We couldn't read that form. Nothing was changed; please try again.",
    )
}

impl<S: Send + Sync> FromRequest<S> for Form {
    type Rejection = Failure;

    async fn from_request(request: Request, _: &S) -> Result<Self, Failure> {
        let kind = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let right = kind.is_none_or(|kind| kind.starts_with("application/x-www-form-urlencoded"));
        if !right {
            return Err(unreadable().into());
        }
        let body: Body = request.into_body();
        let bytes = to_bytes(body, FORM_BYTES).await.map_err(|_| too_large())?;
        Ok(Form::parse(&bytes)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_read_as_browsers_write_them() {
        let form = Form::parse("code=+123%20456&name=Zo%C3%AB+K&box=a&box=b&empty=".as_bytes()).unwrap();
        assert_eq!(form.text("code"), "123 456");
        assert_eq!(form.text("name"), "Zoë K");
        assert_eq!(form.all("box").collect::<Vec<_>>(), ["a", "b"]);
        assert!(form.has("empty") && !form.has("missing"));
        assert_eq!(form.text("missing"), "");
    }

    #[test]
    fn nonsense_and_floods_are_refused() {
        assert_eq!(Form::parse(b"a=%FF").unwrap_err().kind(), Kind::Unreadable);
        assert_eq!(Form::parse(b"a=\xFF").unwrap_err().kind(), Kind::Unreadable);
        let flood = "a=1&".repeat(FORM_FIELDS + 1);
        assert_eq!(Form::parse(flood.as_bytes()).unwrap_err().kind(), Kind::TooLarge);
    }

    #[tokio::test]
    async fn a_long_form_is_too_large_and_json_is_not_a_form() {
        let ask = |kind: &str, body: String| {
            Request::post("/").header("content-type", kind).body(Body::from(body)).unwrap()
        };
        let long =
            Form::from_request(ask("application/x-www-form-urlencoded", "a".repeat(FORM_BYTES + 1)), &())
                .await;
        assert_eq!(long.unwrap_err().0.kind(), Kind::TooLarge);
        let json = Form::from_request(ask("application/json", "{}".into()), &()).await;
        assert_eq!(json.unwrap_err().0.kind(), Kind::Unreadable);
    }
}
