//! Forms only count when they come from our own pages.
//!
//! Browsers say where a request comes from: `Sec-Fetch-Site`, and `Origin`. That is checked instead of a hidden token
//! in every form, which would have to be stored, expire, and fail people who left a page open over night.
//!
//! The table, first match wins; it only concerns methods that change something:
//!
//! | request says | answer |
//! |---|---|
//! | `Sec-Fetch-Site: same-origin` or `none` (typed or bookmarked) | allowed |
//! | `Sec-Fetch-Site`: anything else | refused |
//! | `Origin` is the public URL's, or its host is the one in `Host` | allowed |
//! | `Origin` is another | refused |
//! | `Origin: null`, or neither header, without a cookie | allowed: there is nothing of the reader's to ride on |
//! | `Origin: null`, or neither header, with a cookie | refused |
//!
//! The last two rows are for old browsers and for programs. Our own `Referrer-Policy: no-referrer` makes browsers say
//! `Origin: null` on our own forms; every browser that does so also says `Sec-Fetch-Site`, on https and on loopback.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method, Uri, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use kernel::{Error, Kind, Result};

use crate::Failure;

/// How the outside reaches us, from the public URL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Site {
    origin: String,
    secure: bool,
}

impl Site {
    /// Reads the public URL, for example `https://orders.northwind.example`.
    pub fn parse(public_url: &str) -> Result<Self> {
        let wrong = || Error::invalid("not_a_link", "Write the public URL as https://orders.example.");
        let uri: Uri = public_url.parse().map_err(|_| wrong())?;
        let (Some(scheme @ ("http" | "https")), Some(authority)) = (uri.scheme_str(), uri.authority()) else {
            return Err(wrong());
        };
        let secure = scheme == "https" || !is_loopback(authority.host());
        Ok(Site { origin: format!("{scheme}://{}", authority.as_str().to_ascii_lowercase()), secure })
    }

    /// Whether cookies must be secure: everywhere but over http on this machine.
    pub fn is_secure(&self) -> bool {
        self.secure
    }
}

fn is_loopback(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || bare.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// Routes that refuse forms from elsewhere.
pub fn guarded<S: Clone + Send + Sync + 'static>(router: Router<S>, site: Site) -> Router<S> {
    router.layer(from_fn_with_state(Arc::new(site), guard))
}

async fn guard(State(site): State<Arc<Site>>, request: Request, next: Next) -> Response {
    let safe = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    if safe || from_own_page(request.headers(), &site) {
        return next.run(request).await;
    }
    let words = "This form was sent from another site, so we did nothing. Open the page again and send it from there.";
    Failure(Error::new(Kind::Forbidden, "foreign_form", words)).into_response()
}

/// The table of this module.
fn from_own_page(headers: &HeaderMap, site: &Site) -> bool {
    let said = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or("unreadable"));
    match (said("sec-fetch-site"), said("origin")) {
        (Some("same-origin" | "none"), _) => true,
        (Some(_), _) => false,
        (None, None | Some("null")) => !headers.contains_key(header::COOKIE),
        (None, Some(origin)) => {
            let host = origin.split_once("://").map(|(_, host)| host);
            origin.eq_ignore_ascii_case(&site.origin) || (host.is_some() && host == said("host"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_own_forms_count() {
        const OWN: &str = "https://orders.example";
        let cases: [(&[(&str, &str)], bool); 13] = [
            (&[("sec-fetch-site", "same-origin")], true),
            (&[("sec-fetch-site", "none")], true),
            (&[("sec-fetch-site", "same-site")], false),
            (&[("sec-fetch-site", "cross-site")], false),
            (&[("sec-fetch-site", "cross-site"), ("origin", OWN)], false),
            (&[("sec-fetch-site", "same-origin"), ("origin", "null"), ("cookie", "a=1")], true),
            (&[("origin", OWN), ("cookie", "a=1")], true),
            (&[("origin", "http://127.0.0.1:4080"), ("host", "127.0.0.1:4080")], true),
            (&[("origin", "https://evil.example"), ("host", "orders.example")], false),
            (&[("origin", "null")], true),
            (&[("origin", "null"), ("cookie", "a=1")], false),
            (&[], true),
            (&[("cookie", "a=1")], false),
        ];
        let site = Site::parse(OWN).unwrap();
        for (said, allowed) in cases {
            let mut headers = HeaderMap::new();
            for (name, value) in said {
                headers.insert(*name, value.parse().unwrap());
            }
            assert_eq!(from_own_page(&headers, &site), allowed, "{said:?}");
        }
    }

    #[test]
    fn a_public_url_is_a_web_address() {
        assert!(Site::parse("ftp://x.example").is_err());
        assert!(Site::parse("orders.example").is_err());
        for local in ["http://localhost:4080", "http://127.0.0.1:4080", "http://[::1]:4080"] {
            assert!(!Site::parse(local).unwrap().is_secure(), "{local}");
        }
        assert!(Site::parse("http://192.168.1.5").unwrap().is_secure());
    }
}
