//! Cookies: read by name, set so that nothing but our own pages can read or fix them.

use std::time::Duration;

use axum::http::{HeaderMap, HeaderValue, header};
use kernel::{Error, Result};

use crate::Site;

/// The value of the cookie `name`, under the name [`set_cookie`] gave it on this site.
pub fn read_cookie<'a>(headers: &'a HeaderMap, site: &Site, name: &str) -> Option<&'a str> {
    let full = full_name(site, name);
    let lines = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(key, _)| *key == full).map(|(_, value)| value)
}

/// A `Set-Cookie` header. `value` must be plain: letters, digits, `-`, `_`, `.`, `~`.
///
/// The `__Host-` prefix makes browsers refuse the cookie unless it is secure, for the whole site and from this very
/// host, so a neighbouring subdomain can't plant one.
pub fn set_cookie(site: &Site, name: &str, value: &str, age: Duration) -> Result<HeaderValue> {
    let plain = |text: &str| text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.~".contains(&b));
    if !plain(name) || !plain(value) {
        return Err(Error::internal(format!("cookie {name} is not plain")));
    }
    let secure = if site.is_secure() { "; Secure" } else { "" };
    let age = age.as_secs();
    let line =
        format!("{}={value}; Path=/; Max-Age={age}; HttpOnly; SameSite=Lax{secure}", full_name(site, name));
    HeaderValue::try_from(line).map_err(|_| Error::internal(format!("cookie {name} is not plain")))
}

fn full_name(site: &Site, name: &str) -> String {
    if site.is_secure() { format!("__Host-{name}") } else { name.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn site(url: &str) -> Site {
        Site::parse(url).unwrap()
    }

    #[test]
    fn a_cookie_is_secure_everywhere_but_on_this_machine() {
        let set = |url| set_cookie(&site(url), "seen", "abc", Duration::from_secs(60)).unwrap();
        let secure = "__Host-seen=abc; Path=/; Max-Age=60; HttpOnly; SameSite=Lax; Secure";
        assert_eq!(set("https://orders.example"), secure);
        assert_eq!(set("http://orders.example"), secure);
        assert_eq!(set("http://127.0.0.1:4080"), "seen=abc; Path=/; Max-Age=60; HttpOnly; SameSite=Lax");
    }

    #[test]
    fn only_the_right_name_is_read() {
        let mut headers = HeaderMap::new();
        headers.append(header::COOKIE, "xseen=1; seen=2; __Host-seen=3".parse().unwrap());
        assert_eq!(read_cookie(&headers, &site("https://orders.example"), "seen"), Some("3"));
        assert_eq!(read_cookie(&headers, &site("http://localhost:4080"), "seen"), Some("2"));
        assert_eq!(read_cookie(&headers, &site("http://localhost:4080"), "other"), None);
    }

    #[test]
    fn a_value_cannot_add_attributes() {
        assert!(set_cookie(&site("https://x.example"), "a", "b; Domain=example", Duration::ZERO).is_err());
    }
}
