//! `/docs`: what the API takes and answers, as a page.
//!
//! Made from the OpenAPI document when it is first looked at; neither changes while the program runs.

mod view;

use std::sync::{Arc, OnceLock};

use axum::Router;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::routing::get;
use kernel::{Locale, Result};
use serde_json::Value;
use web::{Failure, Frame, HtmlPage, PageShell};

pub use view::TEMPLATES;

/// Where the OpenAPI document itself is served.
const DOCUMENT: &str = "/v1/openapi.json";

/// The server in the commands to copy, when the document names none.
const EXAMPLE_SERVER: &str = "https://aftercare.example";

/// Makes the document that a page is made from.
pub type Document = Box<dyn Fn() -> Result<Value> + Send + Sync>;

/// What the handler shares.
struct Door {
    document: Document,
    made: OnceLock<Made>,
    shell: Arc<dyn PageShell>,
}

/// What does not change from look to look.
#[derive(Clone)]
struct Made {
    title: String,
    page: web::Value,
}

/// The page of the OpenAPI document that `document` makes, dressed by `shell`. The commands on it are for the first of the
/// document's `servers`.
pub fn router(document: Document, shell: Arc<dyn PageShell>) -> Router {
    let door = Door { document, made: OnceLock::new(), shell };
    Router::new().route("/docs", get(show)).with_state(Arc::new(door))
}

async fn show(State(door): State<Arc<Door>>, headers: HeaderMap) -> Result<HtmlPage, Failure> {
    let (locale, made) = (Locale::default(), door.made()?);
    let frame = Frame { template: "api/docs.html", locale: &locale, title: &made.title };
    let html = door.shell.page(&frame, made.page.clone())?;
    Ok(HtmlPage::new(html).revalidated(&headers))
}

impl Door {
    fn made(&self) -> Result<&Made> {
        if let Some(made) = self.made.get() {
            return Ok(made);
        }
        let document = (self.document)()?;
        let docs = view::page(&document, server(&document), DOCUMENT);
        let made = Made { title: format!("{} API", docs.title), page: web::value(&docs) };
        Ok(self.made.get_or_init(|| made))
    }
}

fn server(document: &Value) -> &str {
    let url = document["servers"][0]["url"].as_str().map(|url| url.trim_end_matches('/'));
    url.filter(|url| !url.is_empty()).unwrap_or(EXAMPLE_SERVER)
}

#[cfg(test)]
mod tests {
    use axum::body::{Body, to_bytes};
    use axum::http::{Request, StatusCode, header};
    use serde_json::json;
    use tower::ServiceExt;
    use web::{Pages, PlainShell};

    use super::*;

    fn routes(document: Value) -> Router {
        let document = move || Ok(document.clone());
        router(
            Box::new(document),
            Arc::new(PlainShell::new(Arc::new(Pages::new(&[TEMPLATES]).unwrap()), Vec::new())),
        )
    }

    #[tokio::test]
    async fn the_page_says_what_our_document_says() {
        let document = serde_json::to_value(crate::openapi()).unwrap();
        let request = Request::get("/docs").body(Body::empty()).unwrap();
        let response = routes(document.clone()).oneshot(request).await.unwrap();
        assert_eq!(response.status(), StatusCode::OK);
        let tag = response.headers()[header::ETAG].clone();
        let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
        let html = String::from_utf8(body.to_vec()).unwrap();
        for path in document["paths"].as_object().unwrap().keys() {
            assert!(html.contains(path), "{path}");
        }
        let again = Request::get("/docs").header(header::IF_NONE_MATCH, tag).body(Body::empty()).unwrap();
        assert_eq!(routes(document).oneshot(again).await.unwrap().status(), StatusCode::NOT_MODIFIED);
    }

    #[test]
    fn commands_are_for_the_documents_own_server() {
        assert_eq!(server(&json!({ "servers": [{ "url": "https://a.example/" }] })), "https://a.example");
        assert_eq!(server(&json!({ "servers": [{ "url": "/" }] })), EXAMPLE_SERVER);
        assert_eq!(server(&json!({})), EXAMPLE_SERVER);
    }
}
