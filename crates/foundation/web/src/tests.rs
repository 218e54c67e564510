//! The whole stack around one route, in the order the crate's documentation gives.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::http::{StatusCode, header};
use axum::response::Response;
use axum::routing::post;
use kernel::{Dice, Timestamp, VirtualClock};
use tower::ServiceExt;

use crate::error::as_problems;
use crate::*;

async fn answer(request: Request) -> Response {
    let clock = Arc::new(VirtualClock::at(Timestamp::parse("2026-11-22T10:00:00Z").unwrap()));
    let site = Site::parse("https://orders.example").unwrap();
    let handler = |form: Form| async move {
        assert!(form.text("code") != "panic");
        HtmlPage::new(form.text("code").to_owned())
    };
    let routes = guarded(limit_body(Router::new().route("/o/{token}", post(handler)), 100), site);
    let painted = failures_painted(routes, as_problems());
    let app: Router = observed(
        secured(painted, HeaderPolicy::default()),
        Requests::new(Dice::seeded(1), clock, TrustedProxies::default()),
    );
    app.oneshot(request).await.unwrap()
}

fn form(body: &str, site: &str) -> Request {
    let request = Request::post("/o/secret").header("sec-fetch-site", site);
    request
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from(body.to_owned()))
        .unwrap()
}

#[tokio::test]
async fn good_or_bad_an_answer_has_its_name_and_its_headers() {
    let long = format!("code={}", "1".repeat(200));
    let cases = [
        (form("code=123", "same-origin"), StatusCode::OK),
        (form("code=123", "cross-site"), StatusCode::FORBIDDEN),
        (form(&long, "same-origin"), StatusCode::PAYLOAD_TOO_LARGE),
        (form("code=panic", "same-origin"), StatusCode::INTERNAL_SERVER_ERROR),
        (Request::get("/nowhere").body(Body::empty()).unwrap(), StatusCode::NOT_FOUND),
    ];
    for (request, status) in cases {
        let response = answer(request).await;
        assert_eq!(response.status(), status);
        let headers = response.headers();
        assert!(headers[request::REQUEST_ID].to_str().unwrap().starts_with("req_"), "{status}");
        assert!(headers.contains_key(header::CONTENT_SECURITY_POLICY), "{status}");
        assert_eq!(headers[header::CACHE_CONTROL], "no-store", "{status}");
    }
}
