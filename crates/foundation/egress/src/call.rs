//! What is asked and what is answered.

use std::fmt;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use url::Url;

use crate::NotReached;

/// What an answer may hold when nobody says: 64 KiB.
const ANSWER_BYTES: usize = 64 * 1024;
/// How long an answer may take when nobody says.
const ANSWER_TIME: Duration = Duration::from_secs(30);

/// One request.
#[derive(Clone, Debug)]
pub struct Request {
    /// `GET`, `POST`, `PUT` or `DELETE`.
    pub method: &'static str,
    /// Where to.
    pub url: Url,
    /// Headers besides `Host`, `User-Agent` and `Content-Length`. Their values are never logged.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
    /// How long the whole answer may take, from the first byte of the request on.
    pub timeout: Duration,
    /// How much of the answer's body is read; more makes [`Answer::is_whole`] false.
    pub max_answer_bytes: usize,
}

impl Request {
    /// A request without headers and body, with the usual caps.
    pub fn new(method: &'static str, url: Url) -> Self {
        Request {
            method,
            url,
            headers: Vec::new(),
            body: Vec::new(),
            timeout: ANSWER_TIME,
            max_answer_bytes: ANSWER_BYTES,
        }
    }

    /// Adds a header.
    pub fn header(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.push((name.to_owned(), value.into()));
        self
    }

    /// Adds `Authorization: Basic` (RFC 7617).
    pub fn basic_auth(self, user: &str, password: &str) -> Self {
        self.header("Authorization", format!("Basic {}", STANDARD.encode(format!("{user}:{password}"))))
    }

    /// Sets the body and its media type.
    pub fn body(mut self, media_type: &str, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self.header("Content-Type", media_type)
    }
}

/// An answer, whatever its status: a redirect is an answer too, and is not followed.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The status code.
    pub status: u16,
    /// Names in lower case, and values.
    pub headers: Vec<(String, String)>,
    /// The body, up to the cap of the request.
    pub body: Vec<u8>,
    /// Whether the body is all there was.
    pub is_whole: bool,
}

impl Answer {
    /// Whether the status is 200 to 299.
    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// The first header of this name, given in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The body as text; what is no UTF-8 is replaced.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// `Retry-After` in seconds, at most a day; the form with a date is passed over.
    pub fn retry_after(&self) -> Option<Duration> {
        let seconds: u64 = self.header("retry-after")?.trim().parse().ok()?;
        Some(Duration::from_secs(seconds.min(86_400)))
    }
}

/// The request was out, wholly or in part, and no answer came: the other side may have acted on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoAnswer {
    /// What happened, for the operator; no part of request or answer.
    pub words: String,
}

/// Why a call has no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CallError {
    /// Nothing of the request was said.
    NotReached(NotReached),
    /// It may have arrived.
    NoAnswer(NoAnswer),
}

impl CallError {
    /// What happened, for the operator.
    pub fn words(&self) -> &str {
        match self {
            CallError::NotReached(error) => &error.words,
            CallError::NoAnswer(error) => &error.words,
        }
    }
}

impl fmt::Display for CallError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.words())
    }
}
