//! One request, seen from outside: its identifier, who asks, and the access log's line.

use std::fmt;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::extract::{ConnectInfo, MatchedPath, Request, State};
use axum::http::{HeaderName, HeaderValue};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use kernel::{Clock, Dice, Timestamp};

use crate::admission::TurnedAway;
use crate::client::{self, TrustedProxies};

/// Said back to the caller on every answer, and quoted to the shop's staff.
pub const REQUEST_ID: HeaderName = HeaderName::from_static("request-id");

/// The name of one request, `req_…`; a request extension.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestId(String);

impl RequestId {
    /// A new name.
    pub fn new(now: Timestamp, dice: &mut Dice) -> Self {
        RequestId(format!("req_{}", kernel::ids::sortable(now, dice)))
    }

    /// The whole name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Default for RequestId {
    /// The name of requests that [`observed`] has not seen, as in the tests of one route.
    fn default() -> Self {
        RequestId("req_unobserved".to_owned())
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What [`observed`] needs: chance for names, time for durations, and whom to believe about addresses.
#[derive(Debug)]
pub struct Requests {
    dice: Mutex<Dice>,
    clock: Arc<dyn Clock>,
    proxies: TrustedProxies,
}

impl Requests {
    /// `clock` should be the machine's own: a duration under a clock that is moved by hand means nothing.
    pub fn new(dice: Dice, clock: Arc<dyn Clock>, proxies: TrustedProxies) -> Arc<Self> {
        Arc::new(Requests { dice: Mutex::new(dice), clock, proxies })
    }

    fn name(&self, now: Timestamp) -> RequestId {
        // A thread that panicked while throwing leaves dice that are as good as before.
        let mut dice = self.dice.lock().unwrap_or_else(PoisonError::into_inner);
        RequestId::new(now, &mut dice)
    }
}

/// Routes whose requests get a [`RequestId`], a [`crate::ClientAddress`] and one line in the access log.
///
/// The address needs the server to be started with `into_make_service_with_connect_info::<SocketAddr>()`.
pub fn observed<S: Clone + Send + Sync + 'static>(router: Router<S>, requests: Arc<Requests>) -> Router<S> {
    router.layer(from_fn_with_state(requests, observe))
}

async fn observe(State(requests): State<Arc<Requests>>, mut request: Request, next: Next) -> Response {
    let began = requests.clock.now();
    let id = requests.name(began);
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
    if let Some(peer) = peer {
        let address = client::address(peer, request.headers(), &requests.proxies);
        request.extensions_mut().insert(address);
    }
    request.extensions_mut().insert(id.clone());
    let method = request.method().clone();
    let route = route_of(&request);
    let mut response = next.run(request).await;
    let duration_ms = requests.clock.now().since(began).as_millis() as u64;
    let status = response.status().as_u16();
    if response.extensions().get::<TurnedAway>().is_some() {
        // Counted in /metrics; in a flood the lines would be most of the work.
        tracing::debug!(target: "access", %method, route, status, duration_ms, request_id = %id);
    } else {
        tracing::info!(target: "access", %method, route, status, duration_ms, request_id = %id);
    }
    if let Ok(value) = HeaderValue::from_str(id.as_str()) {
        response.headers_mut().insert(REQUEST_ID, value);
    }
    response
}

/// The route's pattern, `/o/{token}`. Never the path itself: whoever reads a token may read the order.
fn route_of(request: &Request) -> String {
    request
        .extensions()
        .get::<MatchedPath>()
        .map_or_else(|| "unmatched".to_owned(), |path| path.as_str().to_owned())
}

#[cfg(test)]
mod tests {
    use axum::Extension;
    use axum::body::Body;
    use axum::routing::get;
    use tower::ServiceExt;

    use super::*;
    use crate::ClientAddress;

    #[tokio::test]
    async fn every_answer_carries_the_name_the_handler_saw() {
        let clock = Arc::new(kernel::VirtualClock::at(Timestamp::parse("2026-11-22T10:00:00Z").unwrap()));
        let requests = Requests::new(Dice::seeded(1), clock, TrustedProxies::default());
        let handler = |Extension(id): Extension<RequestId>, address: Option<Extension<ClientAddress>>| async move {
            format!("{id} {}", address.map_or("nobody".to_owned(), |Extension(a)| a.0.to_string()))
        };
        let app: Router = observed(Router::new().route("/o/{token}", get(handler)), requests);
        let mut request = Request::get("/o/secret").body(Body::empty()).unwrap();
        request.extensions_mut().insert(ConnectInfo(SocketAddr::from(([192, 0, 2, 7], 5000))));
        let response = app.oneshot(request).await.unwrap();
        let named = response.headers()[REQUEST_ID].to_str().unwrap().to_owned();
        let body = axum::body::to_bytes(response.into_body(), 1000).await.unwrap();
        assert!(named.starts_with("req_"), "{named}");
        assert_eq!(body, format!("{named} 192.0.2.7"));
    }
}
