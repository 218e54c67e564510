//! Where each problem document's `type` leads: what the code means and what to do about it.

use serde::Serialize;

/// One kind of problem.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Problem {
    /// The problem's `code`; its anchor is `problem-` and the code.
    pub code: &'static str,
    /// The status it comes with.
    pub status: u16,
    /// What it means and what to do.
    pub about: &'static str,
}

const fn problem(code: &'static str, status: u16, about: &'static str) -> Problem {
    Problem { code, status, about }
}

/// Every problem a caller of the API can meet.
pub const PROBLEMS: &[Problem] = &[
    problem("unreadable", 400, "The body is not JSON, or not in UTF-8. Mend it before you repeat."),
    problem("media_type", 415, "Send the body as application/json."),
    problem("unknown_key", 401, "Send a key made by `aftercare keys create` as `Authorization: Bearer KEY`."),
    problem(
        "missing_scope",
        403,
        "The key is known, but was not made for this. Make one with the scope the operation names.",
    ),
    problem("not_found", 404, "There is no such thing, or it is not for you; we never say which."),
    problem(
        "method_not_allowed",
        405,
        "The address exists, but not with this method. `Allow` names those it takes.",
    ),
    problem("too_large", 413, "The body is larger than the address reads. Nothing was changed."),
    problem(
        "invalid_fields",
        422,
        "`errors` names every field that is wrong by its JSON Pointer. Nothing was changed.",
    ),
    problem("bad_idempotency_key", 422, "An Idempotency-Key has 1 to 255 printable characters."),
    problem(
        "idempotency_mismatch",
        422,
        "This Idempotency-Key came with another body before. Use a new key for a new request.",
    ),
    problem(
        "overloaded",
        503,
        "More requests at once than can be answered. Nothing was done; repeat after `Retry-After` seconds.",
    ),
    problem("unavailable", 503, "Not now. Nothing was changed; repeat after `Retry-After` seconds."),
    problem("outcome_unknown", 503, "It may or may not have happened. Repeat with the same Idempotency-Key."),
    problem("internal", 500, "Our fault. Quote `request_id` to whoever runs this server."),
];
