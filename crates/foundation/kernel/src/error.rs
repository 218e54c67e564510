//! One error for the whole program: words for the person, words for the operator, and where it began.

use std::borrow::Cow;
use std::fmt;
use std::panic::Location;

/// What went wrong, as far as the caller's next step is concerned. One HTTP status each (`web::status_of`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The input is wrong and will be wrong next time. 422, or 400 when it could not be read at all.
    Invalid,
    /// The input could not be read (not JSON, not the media type). 400.
    Unreadable,
    /// Nobody we know. 401.
    Unauthorized,
    /// Somebody we know who may not. 403.
    Forbidden,
    /// No such thing, or not for you: we never say which. 404.
    NotFound,
    /// It contradicts what is stored. 409.
    Conflict,
    /// More bytes than we read. 413.
    TooLarge,
    /// Too often. 429.
    TooMany,
    /// Not now; nothing was changed; try again. 503.
    Unavailable,
    /// The connection went away while committing: it may or may not have happened. 503, and never re-run by `db`.
    OutcomeUnknown,
    /// Our fault. 500.
    Internal,
}

/// One wrong field of an input, as RFC 9457's extension members name it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldError {
    /// JSON Pointer (RFC 6901) of the field, for example `/lines/0/quantity`.
    pub pointer: String,
    /// A stable name a program can match on, for example `out_of_range`.
    pub code: &'static str,
    /// A sentence for the person who has to mend it.
    pub detail: String,
}

/// The error of every fallible verb.
pub struct Error {
    inner: Box<Inner>,
}

struct Inner {
    kind: Kind,
    code: &'static str,
    words: Cow<'static, str>,
    detail: String,
    fields: Vec<FieldError>,
    retry_after_s: Option<u32>,
    at: &'static Location<'static>,
}

/// `Result` with our [`Error`].
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// An error with a stable `code` and `words` for the person who caused or met it.
    #[track_caller]
    pub fn new(kind: Kind, code: &'static str, words: impl Into<Cow<'static, str>>) -> Self {
        let inner = Inner {
            kind,
            code,
            words: words.into(),
            detail: String::new(),
            fields: Vec::new(),
            retry_after_s: None,
            at: Location::caller(),
        };
        Error { inner: Box::new(inner) }
    }

    /// Wrong input, said for the person who sent it.
    #[track_caller]
    pub fn invalid(code: &'static str, words: impl Into<Cow<'static, str>>) -> Self {
        Error::new(Kind::Invalid, code, words)
    }

    /// One wrong field.
    #[track_caller]
    pub fn field(pointer: impl Into<String>, code: &'static str, detail: impl Into<String>) -> Self {
        let field = FieldError { pointer: pointer.into(), code, detail: detail.into() };
        Error::invalid("invalid_fields", "Some fields are not right.").with_fields(vec![field])
    }

    /// Nothing here by that name, or not for the one who asks.
    #[track_caller]
    pub fn not_found(words: impl Into<Cow<'static, str>>) -> Self {
        Error::new(Kind::NotFound, "not_found", words)
    }

    /// Not now: nothing was changed, and the same request may work in a moment.
    #[track_caller]
    pub fn unavailable(detail: impl Into<String>) -> Self {
        Error::new(
            Kind::Unavailable,
            "unavailable",
            "We can't do that this moment. Nothing was changed; please try again.",
        )
        .detail(detail)
        .retry_after_s(5)
    }

    /// Our fault; `detail` is for the operator and never shown to a customer.
    #[track_caller]
    pub fn internal(detail: impl Into<String>) -> Self {
        Error::new(Kind::Internal, "internal", "Something failed on our side.").detail(detail)
    }

    /// Adds what the operator needs to know. Must not hold personal data: it is logged.
    pub fn detail(mut self, detail: impl Into<String>) -> Self {
        self.inner.detail = detail.into();
        self
    }

    /// Adds the fields that are wrong.
    pub fn with_fields(mut self, fields: Vec<FieldError>) -> Self {
        self.inner.fields = fields;
        self
    }

    /// Says after how many seconds a repeat makes sense.
    pub fn retry_after_s(mut self, seconds: u32) -> Self {
        self.inner.retry_after_s = Some(seconds);
        self
    }

    /// What the caller can do about it.
    pub fn kind(&self) -> Kind {
        self.inner.kind
    }

    /// The stable name of this error.
    pub fn code(&self) -> &'static str {
        self.inner.code
    }

    /// The sentence for the person.
    pub fn words(&self) -> &str {
        &self.inner.words
    }

    /// The sentence for the operator; empty when the words say it all.
    pub fn operator_detail(&self) -> &str {
        &self.inner.detail
    }

    /// The wrong fields, if the input had any.
    pub fn fields(&self) -> &[FieldError] {
        &self.inner.fields
    }

    /// Seconds to wait before a repeat, when we know.
    pub fn retry_after(&self) -> Option<u32> {
        self.inner.retry_after_s
    }

    /// The line of code it began at.
    pub fn location(&self) -> &'static Location<'static> {
        self.inner.at
    }

    /// Whether the same call may succeed later without being changed.
    pub fn is_transient(&self) -> bool {
        matches!(self.kind(), Kind::Unavailable | Kind::OutcomeUnknown | Kind::TooMany)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.words())?;
        for field in self.fields() {
            write!(f, " [{}: {}]", field.pointer, field.detail)?;
        }
        if !self.operator_detail().is_empty() {
            write!(f, " ({})", self.operator_detail())?;
        }
        Ok(())
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}/{}: {} at {}", self.kind(), self.code(), self, self.location())
    }
}

impl std::error::Error for Error {}

impl From<serde_json::Error> for Error {
    #[track_caller]
    fn from(error: serde_json::Error) -> Self {
        // Category and place only: the text of a JSON error may quote the value, and values are personal.
        Error::internal(format!(
            "JSON {:?} error at line {} column {}",
            error.classify(),
            error.line(),
            error.column()
        ))
    }
}
