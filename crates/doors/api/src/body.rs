//! The body of a request: JSON that says it is JSON.

use axum::body::Bytes;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use kernel::{Error, Kind};
use serde_json::Value;
use web::Failure;

/// Why a request is not done.
#[derive(Debug)]
pub enum Refused {
    /// Something failed, as an error says.
    Failed(Error),
    /// The body says that it is something else than JSON.
    MediaType,
}

impl From<Error> for Refused {
    fn from(error: Error) -> Self {
        Refused::Failed(error)
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        match self {
            Refused::Failed(error) => Failure(error).into_response(),
            Refused::MediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE.into_response(),
        }
    }
}

/// Reads the body. What it holds is nobody's business here.
pub fn json(headers: &HeaderMap, body: &Bytes) -> Result<Value, Refused> {
    if !is_json(headers) {
        return Err(Refused::MediaType);
    }
    serde_json::from_slice(body).map_err(|error| unreadable(&error).into())
}

/// `application/json`, with or without parameters.
fn is_json(headers: &HeaderMap) -> bool {
    let media_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let essence = media_type.and_then(|value| value.split(';').next()).map(str::trim);
    essence.is_some_and(|essence| essence.eq_ignore_ascii_case("application/json"))
}

fn unreadable(error: &serde_json::Error) -> Error {
    let words = format!("The body is not JSON: look at line {}, column {}.", error.line(), error.column());
    Error::new(Kind::Unreadable, "unreadable", words)
}
