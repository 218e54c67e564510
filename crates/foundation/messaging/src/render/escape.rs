//! The only ways a text gets into HTML. Each place in a document has its own.

use kernel::brand::check_link;

/// Text between tags. Control characters have no place in a document and go.
pub(super) fn text(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 8);
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\n' | '\t' => out.push(c),
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out
}

/// Text in a double-quoted attribute: on one line.
pub(super) fn attribute(value: &str) -> String {
    text(&kernel::text::unfolded(value))
}

/// Text a person made, kept from turning the sentence around it (names and addresses in another script).
pub(super) fn foreign(made_by_a_person: &str) -> String {
    format!("<bdi>{}</bdi>", text(made_by_a_person))
}

/// A link that may be followed, ready for `href`: web, mail and telephone. Anything else is no link.
pub(super) fn href(link: &str) -> Option<String> {
    let link = link.trim();
    let followed = match link.split_once(':').map(|(scheme, rest)| (scheme.to_ascii_lowercase(), rest)) {
        Some((scheme, _)) if scheme == "http" || scheme == "https" => is_web(link),
        Some((scheme, rest)) if scheme == "mailto" || scheme == "tel" => {
            !rest.is_empty() && is_one_word(link)
        }
        Some(_) | None => false,
    };
    followed.then(|| attribute(link))
}

/// A picture that may be loaded, ready for `src`.
pub(super) fn src(link: &str) -> Option<String> {
    is_web(link.trim()).then(|| attribute(link.trim()))
}

/// The `tel:` link of a number as people read it.
pub(super) fn telephone(number: &str) -> Option<String> {
    let digits: String = number.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect();
    if digits.len() < 3 { None } else { href(&format!("tel:{digits}")) }
}

/// JSON inside a `<script>` element: no character that could end the element or begin a comment survives.
pub(super) fn json(value: &serde_json::Value) -> String {
    value
        .to_string()
        .replace('<', "\\u003c")
        .replace('>', "\\u003e")
        .replace('&', "\\u0026")
        .replace('\u{2028}', "\\u2028")
        .replace('\u{2029}', "\\u2029")
}

fn is_web(link: &str) -> bool {
    is_one_word(link) && check_link(link).is_ok()
}

/// Readers of links forgive white space and control characters inside; we don't.
fn is_one_word(link: &str) -> bool {
    !link.chars().any(|c| c.is_control() || c.is_whitespace() || matches!(c, '<' | '>' | '"' | '`'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_links_that_lead_somewhere_harmless_are_links() {
        for good in
            ["https://a.example/?x=1&y=2", "HTTP://a.example", "mailto:help@a.example", "tel:+441134960000"]
        {
            assert!(href(good).is_some(), "{good}");
        }
        let bad = [
            "javascript:alert(1)",
            "JaVaScRiPt:alert(1)",
            " javascript:alert(1)",
            "java\tscript:alert(1)",
            "data:text/html,x",
            "vbscript:x",
            "//a.example",
            "/a",
            "#a",
            "",
            "mailto:",
            "https://a.example/\" onx=\"",
            "https://",
            "mailto:a@b\r\nBcc:c@d",
            "cid:1",
            "file:///etc/passwd",
            "&#106;avascript:alert(1)",
        ];
        for link in bad {
            assert_eq!(href(link), None, "{link}");
        }
        assert_eq!(
            href("https://a.example/?x=1&y='2'").as_deref(),
            Some("https://a.example/?x=1&amp;y=&#39;2&#39;")
        );
        assert_eq!(src("data:image/png;base64,AAAA"), None);
        assert_eq!(telephone("0113 496 0000").as_deref(), Some("tel:01134960000"));
        assert_eq!(telephone("none"), None);
    }

    #[test]
    fn text_stays_text() {
        assert_eq!(
            text("<b>\"a\" & 'b'\u{0}\u{7}</b>\n"),
            "&lt;b&gt;&quot;a&quot; &amp; &#39;b&#39;&lt;/b&gt;\n"
        );
        assert_eq!(attribute("a\r\n\"b\""), "a  &quot;b&quot;");
        assert_eq!(
            json(&serde_json::json!({"n": "</script><!--&"})),
            r#"{"n":"\u003c/script\u003e\u003c!--\u0026"}"#
        );
    }
}
