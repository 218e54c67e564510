//! A finished page on its way out: type, status, caching, and whether search engines may keep it.

use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::headers::Framing;

/// An HTML answer. What we serve is somebody's own, so unless told otherwise nobody keeps or indexes it.
#[derive(Clone, Debug)]
pub struct HtmlPage {
    html: String,
    status: StatusCode,
    cache: Cache,
    indexed: bool,
    framing: Option<Framing>,
    known: Option<HeaderValue>,
}

/// How long a page may be kept, and by whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Cache {
    /// By nobody: forms, errors, whatever shows an address.
    Nobody,
    /// By the reader's own browser, asking us each time whether it still holds.
    Revalidated,
}

impl HtmlPage {
    /// A page that nobody keeps.
    pub fn new(html: String) -> Self {
        HtmlPage {
            html,
            status: StatusCode::OK,
            cache: Cache::Nobody,
            indexed: false,
            framing: None,
            known: None,
        }
    }

    /// With another status than 200.
    pub fn status(mut self, status: StatusCode) -> Self {
        self.status = status;
        self
    }

    /// With an `ETag`: a browser that already holds this very page, as its `headers` say, gets 304 and no body.
    pub fn revalidated(mut self, headers: &HeaderMap) -> Self {
        self.cache = Cache::Revalidated;
        self.known = headers.get(header::IF_NONE_MATCH).cloned();
        self
    }

    /// A page search engines may show, such as the portal's front.
    pub fn indexed(mut self) -> Self {
        self.indexed = true;
        self
    }

    /// A page that shows a frame, or is shown in one.
    pub fn framing(mut self, framing: Framing) -> Self {
        self.framing = Some(framing);
        self
    }

    fn etag(&self) -> Option<String> {
        let hash = || kernel::keys::hex(&kernel::keys::sha256(self.html.as_bytes())[..12]);
        (self.cache == Cache::Revalidated).then(|| format!("\"{}\"", hash()))
    }

    /// A proxy that compresses may have made the tag a weak one.
    fn is_known(&self, etag: &str) -> bool {
        let known = self.known.as_ref().and_then(|value| value.to_str().ok()).unwrap_or_default();
        known.split(',').any(|tag| tag.trim().trim_start_matches("W/") == etag)
    }
}

impl IntoResponse for HtmlPage {
    fn into_response(self) -> Response {
        let etag = self.etag();
        let unchanged =
            self.status == StatusCode::OK && etag.as_deref().is_some_and(|etag| self.is_known(etag));
        let (status, html) =
            if unchanged { (StatusCode::NOT_MODIFIED, String::new()) } else { (self.status, self.html) };
        let mut response = (status, html).into_response();
        let cache = match self.cache {
            Cache::Nobody => "no-store",
            Cache::Revalidated => "private, no-cache",
        };
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
        if !self.indexed {
            headers.insert("x-robots-tag", HeaderValue::from_static("noindex"));
        }
        if let Some(etag) = etag.and_then(|etag| HeaderValue::try_from(etag).ok()) {
            headers.insert(header::ETAG, etag);
        }
        if let Some(framing) = self.framing {
            response.extensions_mut().insert(framing);
        }
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_nobodys_to_keep_or_index_unless_told() {
        let headers = HtmlPage::new("<p>".into()).into_response().headers().clone();
        assert_eq!(headers[header::CACHE_CONTROL], "no-store");
        assert_eq!(headers["x-robots-tag"], "noindex");
        assert!(
            !HtmlPage::new("<p>".into()).indexed().into_response().headers().contains_key("x-robots-tag")
        );
    }

    #[test]
    fn a_browser_that_holds_the_page_gets_no_body() {
        let page = |headers: &HeaderMap| HtmlPage::new("<p>one".into()).revalidated(headers).into_response();
        let first = page(&HeaderMap::new());
        assert_eq!(first.headers()[header::CACHE_CONTROL], "private, no-cache");
        let tag = first.headers()[header::ETAG].to_str().unwrap().to_owned();
        let mut headers = HeaderMap::new();
        headers.insert(header::IF_NONE_MATCH, format!("\"x\", W/{tag}").parse().unwrap());
        assert_eq!(page(&headers).status(), StatusCode::NOT_MODIFIED);
        headers.insert(header::IF_NONE_MATCH, "\"x\"".parse().unwrap());
        assert_eq!(page(&headers).status(), StatusCode::OK);
    }
}
