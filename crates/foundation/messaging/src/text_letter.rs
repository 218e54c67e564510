//! How a message reads as a text: the brand first, one fact, one short link. Pure.

use crate::sms::segments::{fitted, measure};

/// The most characters of a fact; the merchant's own words may be longer than is wise.
const LONGEST_FACT: usize = 300;

/// What a template says in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextLetter {
    /// The one fact, in sentences from the fullest to the shortest: the first that is one segment is sent.
    pub facts: Vec<String>,
    /// Where to read on: one address with its scheme, since phones make links of nothing less.
    pub link: Option<String>,
}

impl TextLetter {
    /// What the phone shows: the fullest fact that is one segment, else the shortest.
    pub fn body(&self, brand: &str) -> String {
        let mut bodies = self.facts.iter().map(|fact| self.with(brand, fact));
        let mut body = bodies.next().unwrap_or_else(|| self.with(brand, ""));
        for shorter in bodies {
            if measure(&body).segments.len() == 1 {
                break;
            }
            body = shorter;
        }
        body
    }

    fn with(&self, brand: &str, fact: &str) -> String {
        let fact = kernel::text::shortened(fact.trim(), LONGEST_FACT);
        let said = format!("{}: {fact}", brand.trim());
        // The link stays as it is: only words may be written more plainly.
        let body = match &self.link {
            Some(link) => format!("{} {link}", said.trim_end()),
            None => said,
        };
        fitted(&one_line(&body))
    }
}

/// Texts are one paragraph; what catalogues and shops put in to lay out a page is a space on a phone.
fn one_line(text: &str) -> String {
    text.split(|c: char| c.is_whitespace() || c.is_control())
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn letter(facts: &[&str]) -> TextLetter {
        let facts = facts.iter().map(|fact| (*fact).to_owned()).collect();
        TextLetter { facts, link: Some("https://tea.example/s/abc".to_owned()) }
    }

    #[test]
    fn the_brand_comes_first_and_the_link_last() {
        let body = letter(&["We’ve got your order #1042."]).body("Northwind Tea");
        assert_eq!(body, "Northwind Tea: We’ve got your order #1042. https://tea.example/s/abc");
    }

    #[test]
    fn the_fullest_fact_that_is_one_segment_is_said() {
        let (full, short) = ("long ".repeat(30), "short.".to_owned());
        assert!(letter(&[&full, &short]).body("Tea").contains("short."));
        let body = letter(&["fits.", &short]).body("Tea");
        assert!(body.contains("fits."), "{body}");
        let endless = "long ".repeat(90);
        let body = letter(&[&endless]).body("Tea");
        assert!(measure(&body).segments.len() <= 3 && body.ends_with("/s/abc"), "{body}");
    }

    #[test]
    fn layout_becomes_spaces() {
        let body = letter(&["It’s\u{a0}£27.95\r\n\tin all."]).body("Tea");
        assert_eq!(body, "Tea: It’s £27.95 in all. https://tea.example/s/abc");
    }
}
