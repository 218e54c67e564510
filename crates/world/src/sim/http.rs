//! Asks the shop as the outside does, without a socket.

use axum::Router;
use axum::body::Body;
use axum::http::{Error, Request};
use http_body_util::BodyExt;
use tower::ServiceExt;

use super::scene::Scene;

/// What was heard.
pub(crate) struct Heard {
    pub(crate) status: u16,
    pub(crate) body: String,
}

/// Asks. A request that can't even be made is heard as nothing.
pub(crate) async fn ask(scene: &Scene, router: Router, request: Result<Request<Body>, Error>) -> Heard {
    let Ok(request) = request else { return Heard { status: 0, body: String::new() } };
    let what = format!("{} {}", request.method(), request.uri().path());
    let Ok(response) = router.oneshot(request).await;
    let (parts, body) = response.into_parts();
    let bytes = body.collect().await.map(|body| body.to_bytes()).unwrap_or_default();
    let status = parts.status.as_u16();
    scene.trace.note(format_args!("{} {what}: {status}", scene.now()));
    Heard { status, body: String::from_utf8_lossy(&bytes).into_owned() }
}
