//! `Idempotency-Key`: a request that is sent again because its answer got lost is not done again.
//!
//! The claim, what the request did and its status are one write, so a claim without an answer never exists. A request
//! that is refused leaves no claim: it may be mended and sent again under the same key.

use std::time::Duration;

use axum::http::{HeaderMap, StatusCode};
use db::Write;
use jobs::Next;
use kernel::{Error, Result, keys};
use orders::OrderId;
use serde_json::Value;

use crate::keys::KeyId;
use crate::store;

/// The request header.
pub const HEADER: &str = "idempotency-key";
/// The most characters of a key.
const MAX_CHARS: usize = 255;
/// How long keys are kept.
const KEPT: Duration = Duration::from_secs(7 * 24 * 3_600);
/// How soon the next chunk is deleted when there were many.
const NEXT_CHUNK: Duration = Duration::from_secs(10);

/// A request that must be done once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Once {
    /// Whose request it is: keys of two callers are two.
    pub caller: KeyId,
    /// What the caller calls it.
    pub key: String,
    /// The hash of its body.
    pub request_sha256: String,
}

/// What an earlier request under the same key was answered with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Done {
    /// Its status.
    pub status: StatusCode,
    /// Its order.
    pub order: OrderId,
}

/// Reads the header, if there is one.
pub fn asked(headers: &HeaderMap, caller: &KeyId, body: &[u8]) -> Result<Option<Once>> {
    let Some(value) = headers.get(HEADER) else { return Ok(None) };
    let key = value.to_str().ok().map(str::trim).filter(|key| (1..=MAX_CHARS).contains(&key.len()));
    let key = key.ok_or_else(|| {
        Error::invalid("bad_idempotency_key", "The Idempotency-Key is 1 to 255 printable ASCII characters.")
    })?;
    let request_sha256 = keys::hex(&keys::sha256(body));
    Ok(Some(Once { caller: caller.clone(), key: key.to_owned(), request_sha256 }))
}

/// Claims the request. Some answer when it was done before; an error when something else was done under its key.
pub fn claim(w: &mut Write<'_>, once: &Once) -> Result<Option<Done>> {
    if store::claim_request(w, once)? {
        return Ok(None);
    }
    let claimed = store::claimed_request(w, once)?;
    if claimed.request_sha256 != once.request_sha256 {
        let words = "This Idempotency-Key was used with another body. Use a new key for a new request.";
        return Err(Error::invalid("idempotency_mismatch", words));
    }
    let status = claimed.status.and_then(|status| StatusCode::from_u16(u16::try_from(status).ok()?).ok());
    match (status, claimed.order) {
        (Some(status), Some(order)) => Ok(Some(Done { status, order })),
        _ => Err(Error::internal("an idempotency key without its answer")),
    }
}

/// Writes down what the claimed request is answered with.
pub fn settle(w: &mut Write<'_>, once: &Once, status: StatusCode, order: &OrderId) -> Result<()> {
    store::settle_request(w, once, status.as_u16(), order)
}

/// Deletes keys after a week, a chunk at a time.
pub fn forget_old_requests(w: &mut Write<'_>, _payload: &Value) -> Result<Next> {
    let before = w.now - KEPT;
    match store::forget_requests(w, before)? {
        0 => Ok(Next::Done),
        _ => Ok(Next::Again(w.now + NEXT_CHUNK)),
    }
}
