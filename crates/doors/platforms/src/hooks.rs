//! `POST /hooks/{source}/{connection id}`: webhooks in.
//!
//! Nothing is stored before the signature is right, and nothing is answered with 200 before it is durable. A sender
//! that gets anything else sends again.

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use db::Db;
use kernel::{Error, Result};
use web::Failure;
use web::error::as_problems;

use crate::connections::{self, Live};
use crate::platform::{Accepted, Call, nothing_here};
use crate::{ConnectionId, inbox};

/// The most bytes of a webhook.
const MAX_BODY: usize = 1_000_000;
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
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Bytes,
) -> Result<StatusCode, Failure> {
    let id = ConnectionId::parse(&connection)?;
    let live = live_connection(&db, &source, &id).await?;
    let token = query.as_deref().and_then(token);
    let token = token.as_deref();
    let call = Call { connection: &id, live: &live, headers: &headers, token, body: &body, now: db.now() };
    match live.platform.accept(&call)? {
        Accepted::Delivery(delivery) => {
            let stored = db.write("platforms.receive", move |w| inbox::receive(w, &delivery)).await;
            stored.map_err(told_to_retry)?;
        }
        Accepted::Ping => {}
    }
    Ok(StatusCode::OK)
}

/// What the address says for senders that sign nothing.
fn token(query: &str) -> Option<String> {
    let mut pairs = url::form_urlencoded::parse(query.as_bytes());
    pairs.find(|(name, _)| name == "token").map(|(_, token)| token.into_owned())
}

/// The connection, when it is one of this source.
async fn live_connection(db: &Db, source: &str, id: &ConnectionId) -> Result<Live> {
    let id = id.clone();
    let live =
        db.glance("platforms.connection", move |r| connections::live(r, &id)).await.map_err(told_to_retry)?;
    live.filter(|live| live.platform.as_str() == source).ok_or_else(nothing_here)
}

fn told_to_retry(error: Error) -> Error {
    if error.is_transient() && error.retry_after().is_none() {
        error.retry_after_s(RETRY_AFTER_S)
    } else {
        error
    }
}
