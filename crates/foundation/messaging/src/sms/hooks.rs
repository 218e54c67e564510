//! Where gateways call us: delivery reports, and what people text to the shop.

use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use db::Db;
use kernel::{Error, Kind, MessageId, Result, Shop};
use web::Failure;
use web::error::as_problems;

use super::settings::SmsSettings;
use super::twilio::signature::{self, Secrets, Signed};
use super::twilio::{self, Params};
use super::{incoming, kannel, reports, signed};

/// When a gateway may try again after a commit that failed.
const RETRY_AFTER_S: u32 = 5;
/// The most bytes of a query that we read: ten segments, percent-encoded.
const MOST_QUERY: usize = 16_384;
/// The most bytes of a webhook.
const MOST_BODY: usize = 100_000;

/// What the handlers share.
#[derive(Clone)]
struct Door {
    db: Db,
    settings: Arc<SmsSettings>,
}

/// The addresses that the connected gateway calls; none when texts stay here. Failures are problem documents.
pub fn hooks(db: Db, settings: SmsSettings) -> Router {
    let routes = match &settings {
        SmsSettings::Inbox => Router::new(),
        SmsSettings::Kannel(_) => Router::new()
            .route("/hooks/kannel/dlr/{message}/{signature}", get(kannel_report))
            .route("/hooks/kannel/mo/{secret}", get(kannel_incoming)),
        SmsSettings::Twilio(_) => Router::new()
            .route("/hooks/twilio/status/{message}", post(twilio_report))
            .route("/hooks/twilio/incoming", post(twilio_incoming)),
    };
    let door = Door { db, settings: Arc::new(settings) };
    web::failures_painted(web::limit_body(routes, MOST_BODY).with_state(door), as_problems())
}

/// Kannel reports by GET and knows no other way, so this GET acts, as no other of ours does. Whoever calls it has to
/// show the signature that we gave to Kannel with this very message, and calling it twice has the effect of once.
async fn kannel_report(
    State(door): State<Door>,
    Path((message, signature)): Path<(String, String)>,
    RawQuery(query): RawQuery,
) -> Result<StatusCode, Failure> {
    let message = MessageId::parse(&message)?;
    if !signed::is_report_of(&door.shop()?.keys, &message, &signature) {
        return Err(unsigned().into());
    }
    // A kind of report that we don't know says nothing, and is no reason for Kannel to send it again.
    let Some(report) = kannel::report(message, &short(query)?) else { return Ok(StatusCode::OK) };
    let kept = door.db.write("messaging.report", move |w| reports::take_report(w, &report)).await;
    kept.map_err(told_to_retry)?;
    Ok(StatusCode::OK)
}

/// Incoming texts come by GET too, under the same exception: the secret is in the path, and a text acts once.
async fn kannel_incoming(
    State(door): State<Door>,
    Path(secret): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<StatusCode, Failure> {
    if !signed::is_incoming(&door.shop()?.keys, &secret) {
        return Err(unsigned().into());
    }
    let text = kannel::incoming(&short(query)?).ok_or_else(no_number)?;
    let taken = door.db.write("messaging.incoming", move |w| incoming::take_text(w, &text)).await;
    taken.map_err(told_to_retry)?;
    Ok(StatusCode::OK)
}

/// What became of one message.
async fn twilio_report(
    State(door): State<Door>,
    Path(message): Path<String>,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Result<StatusCode, Failure> {
    let params = door.signed_by_twilio(&uri, &headers, &body)?;
    let message = MessageId::parse(&message)?;
    let Some(report) = twilio::report(message, &params) else { return Ok(StatusCode::NO_CONTENT) };
    let kept = door.db.write("messaging.report", move |w| reports::take_report(w, &report)).await;
    kept.map_err(told_to_retry)?;
    Ok(StatusCode::NO_CONTENT)
}

/// What somebody texted. The empty answer says that nothing is to be sent back this way.
async fn twilio_incoming(
    State(door): State<Door>,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Failure> {
    let params = door.signed_by_twilio(&uri, &headers, &body)?;
    let text = twilio::incoming(&params).ok_or_else(no_number)?;
    let taken = door.db.write("messaging.incoming", move |w| incoming::take_text(w, &text)).await;
    taken.map_err(told_to_retry)?;
    Ok(([(header::CONTENT_TYPE, "text/xml")], "<Response></Response>").into_response())
}

impl Door {
    /// The fields of a webhook, when it is the account's own: signed over the address that the public knows.
    fn signed_by_twilio(&self, uri: &Uri, headers: &HeaderMap, body: &[u8]) -> Result<Params> {
        let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
        let gateway = self.settings.gateway().ok_or_else(unsigned)?;
        let is_json = text("content-type").is_some_and(|kind| kind.starts_with("application/json"));
        let params = if is_json { Params::default() } else { Params::of_form(body) };
        let path = uri.path_and_query().map_or("", |path| path.as_str());
        let signed = Signed {
            url: &format!("{}{path}", self.shop()?.public_url),
            params: &params,
            body: is_json.then_some(body),
            signature: text(signature::SIGNATURE).unwrap_or_default(),
            settings: text(signature::SETTINGS),
        };
        let webhook_key = gateway.webhook_key.as_deref().unwrap_or(&gateway.password);
        if !signature::is_right(&signed, Secrets { token: &gateway.password, webhook_key }) {
            return Err(unsigned());
        }
        Ok(if is_json { Params::of_json(body) } else { params })
    }

    fn shop(&self) -> Result<Arc<Shop>> {
        self.db.wiring().get_arc::<Shop>()
    }
}

fn short(query: Option<String>) -> Result<String> {
    let query = query.unwrap_or_default();
    if query.len() > MOST_QUERY {
        return Err(Error::new(Kind::TooLarge, "too_large", "This is more than a text can hold."));
    }
    Ok(query)
}

#[track_caller]
fn unsigned() -> Error {
    Error::new(Kind::Unauthorized, "bad_signature", "The signature is missing or wrong.")
}

#[track_caller]
fn no_number() -> Error {
    Error::new(Kind::Unreadable, "no_number", "The sender is not a phone number.")
}

fn told_to_retry(error: Error) -> Error {
    if error.is_transient() && error.retry_after().is_none() {
        error.retry_after_s(RETRY_AFTER_S)
    } else {
        error
    }
}
