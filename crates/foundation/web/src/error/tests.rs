use axum::http::Method;
use axum::routing::get;
use kernel::FieldError;
use tower::ServiceExt;

use super::*;
use crate::{Pages, PlainShell};

async fn answer(painter: Painter, method: Method, path: &str) -> (Response, String) {
    let routes = Router::new()
        .route("/missing", get(|| async { Failure(Error::not_found("No such order.")) }))
        .route("/broken", get(|| async { Failure(Error::internal("the disk is full")) }))
        .route("/busy", get(|| async { Failure(Error::unavailable("no connection")) }))
        .route(
            "/panic",
            get(|| async {
                if true {
                    panic!("amina@example.test")
                }
            }),
        );
    let request = Request::builder().method(method).uri(path).body(Body::empty()).unwrap();
    let response = failures_painted(routes, painter).oneshot(request).await.unwrap();
    let (parts, body) = response.into_parts();
    let bytes = axum::body::to_bytes(body, 100_000).await.unwrap();
    (Response::from_parts(parts, Body::empty()), String::from_utf8(bytes.to_vec()).unwrap())
}

fn pages() -> Painter {
    let shell = PlainShell::new(Arc::new(Pages::new(&[]).unwrap()), Vec::new());
    as_pages(Arc::new(shell), Arc::new(plain_words))
}

#[tokio::test]
async fn a_problem_names_code_fields_and_request() {
    let field = FieldError {
        pointer: "/lines/0/quantity".into(),
        code: "out_of_range",
        detail: "Write 1 or more.".into(),
    };
    let error = Error::invalid("invalid_fields", "Some fields are not right.").with_fields(vec![field]);
    let response = problem(&error, &RequestId::default());
    assert_eq!(response.status(), 422);
    assert_eq!(response.headers()[header::CONTENT_TYPE], "application/problem+json");
    let body = axum::body::to_bytes(response.into_body(), 10_000).await.unwrap();
    let body: serde_json::Value = serde_json::from_slice(&body).unwrap();
    let expected = serde_json::json!({
        "type": "/docs#problem-invalid_fields", "title": "Unprocessable Entity", "status": 422,
        "detail": "Some fields are not right.", "instance": "urn:aftercare:request:req_unobserved",
        "code": "invalid_fields", "request_id": "req_unobserved",
        "errors": [{ "pointer": "/lines/0/quantity", "code": "out_of_range", "detail": "Write 1 or more." }],
    });
    assert_eq!(body, expected);
}

#[tokio::test]
async fn failures_and_the_frameworks_own_refusals_become_problems() {
    let cases = [
        (Method::GET, "/missing", 404, "not_found"),
        (Method::GET, "/nowhere", 404, "not_found"),
        (Method::POST, "/missing", 405, "method_not_allowed"),
        (Method::GET, "/broken", 500, "internal"),
        (Method::GET, "/panic", 500, "internal"),
        (Method::GET, "/busy", 503, "unavailable"),
    ];
    for (method, path, status, code) in cases {
        let (response, body) = answer(as_problems(), method, path).await;
        assert_eq!(response.status(), status, "{path}");
        assert!(body.contains(&format!("\"code\":\"{code}\"")), "{path}: {body}");
        assert!(!body.contains("disk") && !body.contains("amina"), "{body}");
    }
}

#[tokio::test]
async fn a_wait_and_the_right_methods_are_said_in_headers() {
    let (busy, _) = answer(as_problems(), Method::GET, "/busy").await;
    assert_eq!(busy.headers()[header::RETRY_AFTER], "5");
    let (wrong, _) = answer(as_problems(), Method::POST, "/missing").await;
    assert!(wrong.headers()[header::ALLOW].to_str().unwrap().contains("GET"));
}

#[tokio::test]
async fn people_get_a_page_with_the_code_to_quote() {
    let (response, html) = answer(pages(), Method::GET, "/broken").await;
    assert_eq!(response.status(), 500);
    crate::markup::assert_html("error", &html);
    assert!(html.contains("Something failed on our side.") && html.contains("req_unobserved"));
    assert!(!html.contains("disk"));
    let (_, html) = answer(pages(), Method::GET, "/nowhere").await;
    assert!(!html.contains("req_unobserved"), "nothing to look into");
}

#[test]
fn every_kind_has_its_status() {
    let table = [
        (Kind::Invalid, 422),
        (Kind::Unreadable, 400),
        (Kind::Unauthorized, 401),
        (Kind::Forbidden, 403),
        (Kind::NotFound, 404),
        (Kind::Conflict, 409),
        (Kind::TooLarge, 413),
        (Kind::TooMany, 429),
        (Kind::Unavailable, 503),
        (Kind::OutcomeUnknown, 503),
        (Kind::Internal, 500),
    ];
    for (kind, status) in table {
        assert_eq!(status_of(kind), status, "{kind:?}");
    }
}
