//! No request makes us hold more bytes than its address needs.

use axum::Router;
use axum::body::Body;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::header;
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use http_body_util::Limited;

use crate::error::{Failure, too_large};

/// Routes that read at most `bytes` of a body: by what the caller announces, and by what really comes.
pub fn limit_body<S: Clone + Send + Sync + 'static>(router: Router<S>, bytes: usize) -> Router<S> {
    // Ours is the only limit, so that one number decides.
    router.layer(from_fn_with_state(bytes, limit)).layer(DefaultBodyLimit::disable())
}

async fn limit(State(bytes): State<usize>, request: Request, next: Next) -> Response {
    let announced = request.headers().get(header::CONTENT_LENGTH);
    let announced = announced.and_then(|value| value.to_str().ok()?.parse::<usize>().ok());
    if announced.is_some_and(|length| length > bytes) {
        return Failure(too_large()).into_response();
    }
    next.run(request.map(|body| Body::new(Limited::new(body, bytes)))).await
}

#[cfg(test)]
mod tests {
    use axum::body::Bytes;
    use axum::http::StatusCode;
    use axum::routing::post;
    use tower::ServiceExt;

    use super::*;
    use crate::error::{as_problems, failures_painted};

    fn app() -> Router {
        let routes = Router::new().route("/", post(|body: Bytes| async move { body.len().to_string() }));
        failures_painted(limit_body(routes, 10), as_problems())
    }

    async fn status_and_type(request: Request) -> (StatusCode, String) {
        let response = app().oneshot(request).await.unwrap();
        let kind = response.headers()[header::CONTENT_TYPE].to_str().unwrap().to_owned();
        (response.status(), kind)
    }

    #[tokio::test]
    async fn what_fits_is_read() {
        let (status, _) = status_and_type(Request::post("/").body(Body::from("0123456789")).unwrap()).await;
        assert_eq!(status, StatusCode::OK);
    }

    #[tokio::test]
    async fn too_much_is_413_whether_announced_or_not() {
        let announced = Request::post("/").header("content-length", "11").body(Body::from("01234567890"));
        // A body that says nothing of its length, as with chunked encoding.
        let streamed =
            Request::post("/").body(Body::new(http_body_util::Full::new(Bytes::from_static(b"01234567890"))));
        for request in [announced, streamed] {
            let (status, kind) = status_and_type(request.unwrap()).await;
            assert_eq!((status, kind.as_str()), (StatusCode::PAYLOAD_TOO_LARGE, "application/problem+json"));
        }
    }
}
