//! `POST /hooks/{source}/{connection id}`: webhooks in.
//!
//! Nothing is stored before the signature is right, and nothing is answered with 200 before it is durable. A sender
//! that gets anything else sends again.

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use db::Db;
use kernel::{Error, Kind, Result, Timestamp, keys, text};
use web::Failure;
use web::error::as_problems;

use crate::connections::{self, Live, Platform};
use crate::inbox::{self, Delivery};
use crate::{ConnectionId, shopify};

/// The most bytes of a webhook.
const MAX_BODY: usize = 1_000_000;
/// The most characters of a header we keep.
const MAX_HEADER: usize = 200;
/// When a sender may try again after a commit that failed.
const RETRY_AFTER_S: u32 = 5;

/// The routes webhooks come in by. Failures are problem documents.
pub fn hooks(db: Db) -> Router {
    let routes = Router::new().route("/hooks/{source}/{connection}", post(take_in)).with_state(db);
    web::failures_painted(web::limit_body(routes, MAX_BODY), as_problems())
}

async fn take_in(
    State(db): State<Db>,
    Path((source, connection)): Path<(String, String)>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<StatusCode, Failure> {
    let id = ConnectionId::parse(&connection)?;
    let live = live_connection(&db, &source, &id).await?;
    let delivery = delivery(id, &live, &headers, body)?;
    let stored = db.write("platforms.receive", move |w| inbox::receive(w, &delivery)).await;
    stored.map_err(told_to_retry)?;
    Ok(StatusCode::OK)
}

/// The connection, when it is one of this source. What is wrong is not told: an address is not a secret, but neither
/// is it anybody's business.
async fn live_connection(db: &Db, source: &str, id: &ConnectionId) -> Result<Live> {
    let id = id.clone();
    let live =
        db.read("platforms.connection", move |r| connections::live(r, &id)).await.map_err(told_to_retry)?;
    live.filter(|live| live.platform.as_str() == source)
        .ok_or_else(|| Error::not_found("There is nothing at this address."))
}

fn told_to_retry(error: Error) -> Error {
    if error.is_transient() && error.retry_after().is_none() {
        error.retry_after_s(RETRY_AFTER_S)
    } else {
        error
    }
}

/// Checks the signature first, then reads the headers the signature does not cover.
fn delivery(connection: ConnectionId, live: &Live, headers: &HeaderMap, body: Bytes) -> Result<Delivery> {
    match live.platform {
        Platform::Shopify => {
            let signature = headers.get(shopify::SIGNATURE).and_then(|value| value.to_str().ok());
            if !signature.is_some_and(|signature| shopify::verify(live.secret.as_bytes(), &body, signature)) {
                return Err(Error::new(
                    Kind::Unauthorized,
                    "bad_signature",
                    "The signature is missing or wrong.",
                ));
            }
            let topic = header(headers, shopify::TOPIC).ok_or_else(no_topic)?;
            let dedupe_key = header(headers, shopify::WEBHOOK_ID);
            Ok(Delivery {
                connection,
                platform: live.platform,
                dedupe_key: dedupe_key.unwrap_or_else(|| inbox::key_of_content(&topic, &body)),
                topic,
                event_id: header(headers, shopify::EVENT_ID),
                triggered_at: header(headers, shopify::TRIGGERED_AT)
                    .and_then(|at| Timestamp::parse(&at).ok()),
                body_sha256: keys::hex(&keys::sha256(&body)),
                body: body.to_vec(),
            })
        }
    }
}

fn no_topic() -> Error {
    Error::new(Kind::Unreadable, "no_topic", "The header X-Shopify-Topic is missing.")
}

/// One plain line of a header; anything else counts as absent.
fn header(headers: &HeaderMap, name: &str) -> Option<String> {
    text::line(headers.get(name)?.to_str().ok()?, MAX_HEADER).ok()
}
