//! What a form is answered with.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use kernel::{Error, Kind, Result};

/// Goes on at another page, so that reloading repeats nothing.
pub fn see_other(path: &str) -> Result<Response> {
    let location = HeaderValue::try_from(path).map_err(|_| Error::internal("a path that is no header"))?;
    let mut response = (StatusCode::SEE_OTHER, [(header::LOCATION, location)]).into_response();
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

/// What is wrong with what somebody typed, in a sentence for the form; anything else fails.
pub fn fault_of(error: Error) -> Result<String> {
    match error.kind() {
        Kind::Invalid => Ok(error.fields().first().map_or(error.words(), |field| &field.detail).to_owned()),
        Kind::Unreadable
        | Kind::Unauthorized
        | Kind::Forbidden
        | Kind::NotFound
        | Kind::Conflict
        | Kind::TooLarge
        | Kind::TooMany
        | Kind::Unavailable
        | Kind::OutcomeUnknown
        | Kind::Internal => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_leads_on_and_a_fault_stays_on_the_page() {
        let response = see_other("/a/keys").unwrap();
        assert_eq!(response.status(), StatusCode::SEE_OTHER);
        assert_eq!(response.headers()[header::LOCATION], "/a/keys");
        assert!(see_other("/a\n/b").is_err());
        let fault = Error::field("/name", "empty", "Write something here.");
        assert_eq!(fault_of(fault).unwrap(), "Write something here.");
        assert!(fault_of(Error::not_found("gone")).is_err());
    }
}
