//! The carrier's own page about a number.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use shipments::incoming::{MAX_LINK, MAX_NUMBER};

use crate::number::normalised;
use crate::table::carrier;

/// Where a page's address has the number.
pub(crate) const NUMBER: &str = "{number}";

/// What RFC 3986 leaves as it is.
const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The page of this carrier about this number. None for a carrier that we don't know or that has no such page, and for
/// what is no line of text.
pub fn link(carrier_code: &str, number: &str) -> Option<String> {
    let page = carrier(carrier_code)?.page?;
    let number = number.trim();
    let is_line = !number.is_empty() && !number.chars().any(char::is_control);
    if !is_line || number.chars().count() > MAX_NUMBER {
        return None;
    }
    let number = normalised(number).unwrap_or_else(|| number.to_owned());
    let link = page.replace(NUMBER, &utf8_percent_encode(&number, UNRESERVED).to_string());
    (link.len() <= MAX_LINK).then_some(link)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_has_the_number_in_it_and_nothing_else_of_what_was_sent() {
        let ups = "https://www.ups.com/track?tracknum=1Z5R89390357567127";
        assert_eq!(link("ups", " 1z5r8 9390 3575 67127 ").as_deref(), Some(ups));
        assert_eq!(
            link("ups", "1Z&x=<script>\"'#?é").as_deref(),
            Some("https://www.ups.com/track?tracknum=1Z%26x%3D%3Cscript%3E%22%27%23%3F%C3%A9")
        );
        assert_eq!(
            link("japan-post", "RR123456785JP").as_deref(),
            Some(
                "https://trackings.post.japanpost.jp/services/srv/search/direct?reqCodeNo1=RR123456785JP&locale=en"
            )
        );
    }

    #[test]
    fn without_a_carrier_a_page_or_a_number_there_is_none() {
        assert_eq!(link("nobody", "1"), None);
        assert_eq!(link("", "1"), None);
        assert_eq!(link("dx", "1234567890"), None, "it has no page that a number leads to");
        for none in ["", "  ", "1\n2", "1\u{0}"] {
            assert_eq!(link("ups", none), None, "{none:?}");
        }
        assert_eq!(link("ups", &"9".repeat(MAX_NUMBER + 1)), None);
    }
}
