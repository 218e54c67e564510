//! So much at once and no more: what comes beyond it is told to come back before anything is done for it.
//!
//! Work that is taken on beyond what can be done takes from all the same, until nothing is done in time any more. So
//! each kind of request has a gate of its own: while it is full, whoever comes is answered with 503 and `Retry-After`
//! at once, and what is inside goes on as fast as ever. It also bounds what waits for the database: nothing gets
//! into that queue but through a gate, or from work that has its own places.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use axum::Router;
use axum::extract::{Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use kernel::{Error, Kind};

use crate::Failure;

/// The code of the error that a full gate answers with.
pub const OVERLOADED: &str = "overloaded";
/// Says of an answer that its request was turned away at a gate; a response extension.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TurnedAway;

/// When it makes sense to come back: what is inside a full gate is done long before.
const RETRY_AFTER_S: u32 = 2;

/// The way in for one kind of request.
#[derive(Debug)]
pub struct Gate {
    name: &'static str,
    at_most: usize,
    inside: AtomicUsize,
    turned_away: AtomicU64,
}

impl Gate {
    /// A gate that lets `at_most` requests in at once; `name` is what `/metrics` calls it.
    pub fn new(name: &'static str, at_most: usize) -> Arc<Gate> {
        Arc::new(Gate { name, at_most, inside: AtomicUsize::new(0), turned_away: AtomicU64::new(0) })
    }

    /// What it is called.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// How many requests are inside this moment.
    pub fn inside(&self) -> usize {
        self.inside.load(Ordering::Relaxed)
    }

    /// How many were turned away so far.
    pub fn turned_away(&self) -> u64 {
        self.turned_away.load(Ordering::Relaxed)
    }

    /// A place inside, free again when it is dropped; `None` when there is none.
    fn enter(self: &Arc<Self>) -> Option<Place> {
        let free = |inside: usize| (inside < self.at_most).then_some(inside + 1);
        if self.inside.fetch_update(Ordering::Relaxed, Ordering::Relaxed, free).is_err() {
            self.turned_away.fetch_add(1, Ordering::Relaxed);
            return None;
        }
        Some(Place(Arc::clone(self)))
    }
}

/// A place inside a gate. A request that is given up by its sender gives it back too.
struct Place(Arc<Gate>);

impl Drop for Place {
    fn drop(&mut self) {
        self.0.inside.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Routes that are entered through `gate`. The refusal is a [`Failure`], so the door around them puts it into words.
pub fn admitted<S: Clone + Send + Sync + 'static>(router: Router<S>, gate: Arc<Gate>) -> Router<S> {
    router.layer(from_fn_with_state(gate, admit))
}

async fn admit(State(gate): State<Arc<Gate>>, request: Request, next: Next) -> Response {
    match gate.enter() {
        Some(_place) => next.run(request).await,
        None => Failure(too_much_to_do()).into_response(),
    }
}

fn too_much_to_do() -> Error {
    let words = "There is more to do this moment than we can. Nothing was changed; please try again.";
    Error::new(Kind::Unavailable, OVERLOADED, words).retry_after_s(RETRY_AFTER_S)
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use axum::http::{StatusCode, header};
    use axum::routing::get;
    use tokio::sync::Notify;
    use tower::ServiceExt;

    use super::*;
    use crate::error::{as_problems, failures_painted};

    fn app(gate: &Arc<Gate>, go: &Arc<Notify>) -> Router {
        let go = Arc::clone(go);
        let slow = move || async move {
            go.notified().await;
            "done"
        };
        failures_painted(admitted(Router::new().route("/", get(slow)), Arc::clone(gate)), as_problems())
    }

    fn ask(app: &Router) -> impl Future<Output = Response> + use<> {
        let app = app.clone();
        async move { app.oneshot(Request::get("/").body(Body::empty()).unwrap()).await.unwrap() }
    }

    #[tokio::test]
    async fn who_comes_beyond_is_told_to_come_back_and_who_is_inside_is_served() {
        let (gate, go) = (Gate::new("test", 2), Arc::new(Notify::new()));
        let app = app(&gate, &go);
        let inside: Vec<_> = (0..2).map(|_| tokio::spawn(ask(&app))).collect();
        while gate.inside() < 2 {
            tokio::task::yield_now().await;
        }
        let refused = ask(&app).await;
        assert_eq!(refused.status(), StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(refused.headers()[header::RETRY_AFTER], "2");
        assert_eq!(refused.headers()[header::CONTENT_TYPE], "application/problem+json");
        assert_eq!((gate.inside(), gate.turned_away()), (2, 1));
        for _ in &inside {
            go.notify_one();
        }
        for answer in inside {
            assert_eq!(answer.await.unwrap().status(), StatusCode::OK);
        }
        assert_eq!(gate.inside(), 0);
    }

    #[tokio::test]
    async fn a_sender_that_gives_up_gives_its_place_back() {
        let (gate, go) = (Gate::new("test", 1), Arc::new(Notify::new()));
        let app = app(&gate, &go);
        let waiting = tokio::spawn(ask(&app));
        while gate.inside() < 1 {
            tokio::task::yield_now().await;
        }
        waiting.abort();
        assert!(waiting.await.is_err());
        assert_eq!(gate.inside(), 0);
    }
}
