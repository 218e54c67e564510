//! From an [`Error`] to an answer: one HTTP mapping, one log line, and words for whoever waits.
//!
//! A handler returns `Result<_, Failure>` and uses `?`. A failure travels as a response *extension*; the middleware
//! [`failures_painted`] of each door turns it into what that door speaks, a problem document or a page, and writes
//! the one log line. So a room's handler doesn't know how its errors look, and nothing is logged twice.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::task::Poll;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use kernel::{Error, Kind};
use serde::Serialize;

use crate::admission::{OVERLOADED, TurnedAway};
use crate::{HtmlPage, PageShell, RequestId};

/// The status each kind of error is answered with.
pub fn status_of(kind: Kind) -> StatusCode {
    match kind {
        Kind::Invalid => StatusCode::UNPROCESSABLE_ENTITY,
        Kind::Unreadable => StatusCode::BAD_REQUEST,
        Kind::Unauthorized => StatusCode::UNAUTHORIZED,
        Kind::Forbidden => StatusCode::FORBIDDEN,
        Kind::NotFound => StatusCode::NOT_FOUND,
        Kind::Conflict => StatusCode::CONFLICT,
        Kind::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        Kind::TooMany => StatusCode::TOO_MANY_REQUESTS,
        Kind::Unavailable | Kind::OutcomeUnknown => StatusCode::SERVICE_UNAVAILABLE,
        Kind::Internal => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

/// What a handler fails with; made from an [`Error`] by `?`.
#[derive(Debug)]
pub struct Failure(pub Error);

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Failure(error)
    }
}

/// A failure on its way to the middleware that puts it into words.
#[derive(Clone)]
struct Travelling {
    error: Arc<Error>,
    status: StatusCode,
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let status = status_of(self.0.kind());
        travelling(self.0, status)
    }
}

fn travelling(error: Error, status: StatusCode) -> Response {
    let mut response = status.into_response();
    response.extensions_mut().insert(Travelling { error: Arc::new(error), status });
    response
}

/// The fallback of a router: nothing here by that name.
pub async fn no_such_page() -> Failure {
    Failure(Error::not_found("There is nothing at this address."))
}

/// Puts a failure into the form a door speaks.
pub type Painter = Arc<dyn Fn(&Error, StatusCode, &RequestId) -> Response + Send + Sync>;

/// Failures as problem documents, for programs.
pub fn as_problems() -> Painter {
    Arc::new(problem_with)
}

/// Chooses the sentences of an error page.
pub type WordsOf = Arc<dyn Fn(&Error, StatusCode) -> ErrorWords + Send + Sync>;

/// Failures as pages of `shell`, in `words`, for people.
pub fn as_pages(shell: Arc<dyn PageShell>, words: WordsOf) -> Painter {
    Arc::new(move |error, status, id| {
        let page = ErrorPage::new(words(error, status), status, id);
        match shell.error(&page) {
            Ok(html) => with_retry_after(HtmlPage::new(html).status(status).into_response(), error),
            // A shell that can't even render its error page still owes the reader words and the code.
            Err(_) => {
                (status, format!("{} {} {}\n{id}\n", page.words.heading, page.words.safe, page.words.next))
                    .into_response()
            }
        }
    })
}

/// Routes whose failures and panics are put into words by `painter` and logged once.
pub fn failures_painted<S: Clone + Send + Sync + 'static>(router: Router<S>, painter: Painter) -> Router<S> {
    router.layer(from_fn_with_state(painter, paint))
}

async fn paint(State(painter): State<Painter>, request: Request, next: Next) -> Response {
    let id = request.extensions().get::<RequestId>().cloned().unwrap_or_default();
    let response = without_panic(next.run(request)).await;
    let Some(failed) = failure_in(&response) else { return response };
    log(&failed.error, failed.status, &id);
    let mut painted = painter(&failed.error, failed.status, &id);
    if failed.error.code() == OVERLOADED {
        painted.extensions_mut().insert(TurnedAway);
    }
    // 405 says which methods would do.
    if let Some(allow) = response.headers().get(header::ALLOW) {
        painted.headers_mut().insert(header::ALLOW, allow.clone());
    }
    painted
}

/// A panic ends one request, not the process. Its text may hold anything, so only the panic hook, which names the
/// line of code, says more than that it happened.
async fn without_panic(answer: impl Future<Output = Response>) -> Response {
    let mut answer = Box::pin(answer);
    std::future::poll_fn(move |context| {
        let polled = std::panic::catch_unwind(AssertUnwindSafe(|| answer.as_mut().poll(context)));
        polled.unwrap_or_else(|_| Poll::Ready(Failure(Error::internal("a handler panicked")).into_response()))
    })
    .await
}

/// The failure a response stands for: one of ours, or one the framework made by itself (no such route, wrong method,
/// unreadable input), which is known by a bare or plain-text body.
fn failure_in(response: &Response) -> Option<Travelling> {
    if let Some(ours) = response.extensions().get::<Travelling>() {
        return Some(ours.clone());
    }
    let status = response.status();
    let kind = response.headers().get(header::CONTENT_TYPE);
    let bare = kind.is_none_or(|value| value.as_bytes().starts_with(b"text/plain"));
    let failed = status.is_client_error() || status.is_server_error();
    (failed && bare).then(|| Travelling { error: Arc::new(error_of(status)), status })
}

fn error_of(status: StatusCode) -> Error {
    match status {
        StatusCode::NOT_FOUND => Error::not_found("There is nothing at this address."),
        StatusCode::METHOD_NOT_ALLOWED => {
            Error::new(Kind::Invalid, "method_not_allowed", "This address does not take that method.")
        }
        StatusCode::PAYLOAD_TOO_LARGE => too_large(),
        StatusCode::UNSUPPORTED_MEDIA_TYPE => {
            Error::new(Kind::Unreadable, "media_type", "This address does not read that media type.")
        }
        status if status.is_client_error() => {
            Error::new(Kind::Unreadable, "unreadable", "The request could not be read.")
        }
        status => Error::internal(format!("an answer with status {status} and no words")),
    }
}

/// More bytes than the address reads.
#[track_caller]
pub fn too_large() -> Error {
    Error::new(Kind::TooLarge, "too_large", "This is more than we read at once. Nothing was changed.")
}

/// The one log line of a failure. `detail` never holds personal data, by the contract of [`Error::detail`].
fn log(error: &Error, status: StatusCode, id: &RequestId) {
    let (kind, code, detail) = (error.kind(), error.code(), error.operator_detail());
    if code == OVERLOADED {
        // Counted in /metrics. A line for each would be the work that is being saved.
        return;
    }
    let (at, status) = (error.location(), status.as_u16());
    match kind {
        Kind::Internal | Kind::OutcomeUnknown => {
            tracing::error!(?kind, code, detail, %at, request_id = %id, status, "request failed");
        }
        Kind::Unavailable => {
            tracing::warn!(?kind, code, detail, %at, request_id = %id, status, "request failed")
        }
        Kind::Invalid
        | Kind::Unreadable
        | Kind::Unauthorized
        | Kind::Forbidden
        | Kind::NotFound
        | Kind::Conflict
        | Kind::TooLarge
        | Kind::TooMany => {
            tracing::info!(?kind, code, detail, %at, request_id = %id, status, "request refused")
        }
    }
}

/// A problem document (RFC 9457).
#[derive(Serialize)]
struct Problem<'a> {
    #[serde(rename = "type")]
    about: String,
    title: &'static str,
    status: u16,
    detail: &'a str,
    instance: String,
    code: &'static str,
    request_id: &'a str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<ProblemField<'a>>,
}

#[derive(Serialize)]
struct ProblemField<'a> {
    pointer: &'a str,
    code: &'static str,
    detail: &'a str,
}

/// The error as `application/problem+json`.
pub fn problem(error: &Error, request_id: &RequestId) -> Response {
    problem_with(error, status_of(error.kind()), request_id)
}

fn problem_with(error: &Error, status: StatusCode, id: &RequestId) -> Response {
    let fields = error.fields().iter();
    let problem = Problem {
        about: format!("/docs#problem-{}", error.code()),
        title: status.canonical_reason().unwrap_or("Error"),
        status: status.as_u16(),
        detail: error.words(),
        instance: format!("urn:aftercare:request:{id}"),
        code: error.code(),
        request_id: id.as_str(),
        errors: fields
            .map(|f| ProblemField { pointer: &f.pointer, code: f.code, detail: &f.detail })
            .collect(),
    };
    // A struct of strings always becomes JSON.
    let body = serde_json::to_vec(&problem).unwrap_or_default();
    let mut response = (status, Body::from(body)).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    with_retry_after(response, error)
}

fn with_retry_after(mut response: Response, error: &Error) -> Response {
    if let Some(seconds) = error.retry_after() {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}

/// The sentences of an error page.
#[derive(Clone, Debug, Serialize)]
pub struct ErrorWords {
    /// What happened, as a heading.
    pub heading: String,
    /// Whether what the person did is safe.
    pub safe: String,
    /// What to do now.
    pub next: String,
    /// The label before the code to quote.
    pub quote: String,
}

/// What an error page is made from.
#[derive(Clone, Debug, Serialize)]
pub struct ErrorPage {
    /// What it says.
    #[serde(flatten)]
    pub words: ErrorWords,
    /// The code to quote to the shop; empty when there is nothing to look into.
    pub request_id: String,
}

impl ErrorPage {
    fn new(words: ErrorWords, status: StatusCode, id: &RequestId) -> Self {
        let request_id = if status == StatusCode::NOT_FOUND { String::new() } else { id.to_string() };
        ErrorPage { words, request_id }
    }
}

/// The words of our own plain pages, where the reader runs the program: they may see the error's own sentence.
pub fn plain_words(error: &Error, status: StatusCode) -> ErrorWords {
    let title = status.canonical_reason().unwrap_or("Error");
    ErrorWords {
        heading: title.to_owned(),
        safe: error.words().to_owned(),
        next: "The program's log has the details under the code below.".to_owned(),
        quote: "Code".to_owned(),
    }
}

#[cfg(test)]
mod tests;
