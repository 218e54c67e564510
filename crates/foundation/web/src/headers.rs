//! Security headers, on every answer.
//!
//! A page may load its own stylesheet, script and pictures, and ask and send forms to us alone; nothing else. What differs for one page
//! is said by its response through a [`Framing`] extension, so that a route can loosen its own rule and no other's.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;

/// What pages may load.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct HeaderPolicy {
    /// Pictures over http too. Only the demo on this machine needs it, whose simulated shop has no certificate.
    pub http_images: bool,
}

/// How a response stands to frames; a response extension. Without it a page neither frames nor is framed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Framing {
    /// A page of ours that shows another answer of ours in a sandboxed frame.
    Shows,
    /// A stranger's document, such as a mail, shown in such a frame: no scripts, no forms, no origin; its own inline
    /// styles work.
    Shown,
    /// A page of ours, shown in such a frame: no scripts and no forms; our own stylesheets work.
    ShownPage,
}

/// Routes whose every answer carries the security headers.
pub fn secured<S: Clone + Send + Sync + 'static>(router: Router<S>, policy: HeaderPolicy) -> Router<S> {
    router.layer(from_fn_with_state(Arc::new(Csp::new(policy)), secure))
}

/// The policies, written once at start.
#[derive(Debug)]
struct Csp {
    page: HeaderValue,
    shows: HeaderValue,
    shown: HeaderValue,
    shown_page: HeaderValue,
}

const PAGE: &str = "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; form-action 'self'; base-uri 'none'; ";

impl Csp {
    fn new(policy: HeaderPolicy) -> Self {
        let images = if policy.http_images {
            "img-src 'self' https: http: data:"
        } else {
            "img-src 'self' https: data:"
        };
        let page = format!("{PAGE}frame-ancestors 'none'; {images}");
        let shows = format!("{PAGE}frame-ancestors 'none'; frame-src 'self'; {images}");
        let shown = format!(
            "sandbox; default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; \
             frame-ancestors 'self'; {images}"
        );
        let shown_page = format!(
            "sandbox allow-same-origin; default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; \
             frame-ancestors 'self'; {images}"
        );
        let header =
            |text: String| HeaderValue::try_from(text).unwrap_or(HeaderValue::from_static("sandbox"));
        Csp { page: header(page), shows: header(shows), shown: header(shown), shown_page: header(shown_page) }
    }

    fn of(&self, framing: Option<&Framing>) -> &HeaderValue {
        match framing {
            None => &self.page,
            Some(Framing::Shows) => &self.shows,
            Some(Framing::Shown) => &self.shown,
            Some(Framing::ShownPage) => &self.shown_page,
        }
    }
}

const FIXED: [(HeaderName, &str); 4] = [
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "no-referrer"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
];

async fn secure(State(csp): State<Arc<Csp>>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let policy = csp.of(response.extensions().get::<Framing>()).clone();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    for (name, value) in FIXED {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use axum::routing::get;
    use tower::ServiceExt;

    use super::*;
    use crate::HtmlPage;

    async fn headers_of(path: &str, policy: HeaderPolicy) -> axum::http::HeaderMap {
        let routes = Router::new()
            .route("/page", get(|| async { HtmlPage::new("<p>".into()) }))
            .route("/shows", get(|| async { HtmlPage::new("<p>".into()).framing(Framing::Shows) }))
            .route("/shown", get(|| async { HtmlPage::new("<p>".into()).framing(Framing::Shown) }));
        let request = Request::get(path).body(Body::empty()).unwrap();
        let response = secured(routes, policy).oneshot(request).await.unwrap();
        response.headers().clone()
    }

    fn csp(headers: &axum::http::HeaderMap) -> &str {
        headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap()
    }

    #[tokio::test]
    async fn a_page_loads_only_its_own_and_is_never_framed() {
        let headers = headers_of("/page", HeaderPolicy::default()).await;
        for rule in [
            "default-src 'none'",
            "style-src 'self'",
            "connect-src 'self'",
            "frame-ancestors 'none'",
            "img-src 'self' https: data:",
        ] {
            assert!(csp(&headers).contains(rule), "{rule}");
        }
        assert!(
            !csp(&headers).contains("unsafe")
                && !csp(&headers).contains("http:")
                && !csp(&headers).contains("frame-src")
        );
        assert_eq!(headers[header::X_CONTENT_TYPE_OPTIONS], "nosniff");
        assert_eq!(headers[header::REFERRER_POLICY], "no-referrer");
        assert_eq!(headers["cross-origin-opener-policy"], "same-origin");
    }

    #[tokio::test]
    async fn unknown_addresses_are_secured_too() {
        assert!(
            headers_of("/nothing", HeaderPolicy::default())
                .await
                .contains_key(header::CONTENT_SECURITY_POLICY)
        );
    }

    #[tokio::test]
    async fn a_strangers_document_is_sandboxed_and_framed_by_us_alone() {
        let shows = headers_of("/shows", HeaderPolicy::default()).await;
        assert!(csp(&shows).contains("frame-src 'self'") && !csp(&shows).contains("unsafe"));
        let shown = headers_of("/shown", HeaderPolicy { http_images: true }).await;
        for rule in
            ["sandbox;", "frame-ancestors 'self'", "style-src 'unsafe-inline'", "form-action 'none'", "http:"]
        {
            assert!(csp(&shown).contains(rule), "{rule}");
        }
        assert!(!csp(&shown).contains("script"));
    }
}
