//! What every block needs to be written as HTML: the look, the words, and the few shapes they share.

use kernel::words::{Arg, Say};
use kernel::{Brand, Locale};

use super::escape;
use super::plan::{Ground, blank};
use super::style::{LIGHT, Look};
use crate::letter::Letter;

/// The letter in its look. Every method returns finished HTML.
pub(super) struct Page<'a> {
    pub brand: &'a Brand,
    pub look: Look,
    locale: &'a Locale,
    words: &'a dyn Say,
}

/// Where a row stands in its section: the first and the last keep more distance from the edge.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    pub ground: Ground,
    pub first: bool,
    pub last: bool,
}

/// A table that is layout and not data.
pub(super) const TABLE: &str = r#"<table role="presentation" cellpadding="0" cellspacing="0" border="0""#;

impl<'a> Page<'a> {
    pub(super) fn new(letter: &'a Letter, brand: &'a Brand, words: &'a dyn Say) -> Self {
        Page { brand, look: Look::new(&letter.locale, brand), locale: &letter.locale, words }
    }

    /// A sentence of the blocks' own, escaped and isolated: it may be in English where no other language has it.
    pub(super) fn say(&self, key: &str, args: &[(&str, Arg<'_>)]) -> String {
        escape::foreign(&self.words.say(self.locale, key, args))
    }

    /// The row of a block, whose last line has already `trailing` pixels under it. Colour and ground are said
    /// together, so that no program inverts only one of them.
    pub(super) fn row(&self, place: Place, trailing: u8, content: &str) -> String {
        // The receipt's edge is a pixel wide, so what stands on paper is moved by one to begin in the same column.
        let (class, ground, side, edge) = match place.ground {
            Ground::Paper => ("p", LIGHT.paper, 37, 24),
            Ground::Surface => ("s", LIGHT.surface, 36, 36),
        };
        let top = if place.first { edge } else { 0 };
        let bottom = if place.last { edge } else { 24 } - trailing;
        // The rounded corners of the receipt belong to its first and last row, whose ground would else stick out.
        let radius = match (place.ground, place.first, place.last) {
            (Ground::Surface, true, true) => ";border-radius:12px",
            (Ground::Surface, true, false) => ";border-radius:12px 12px 0 0",
            (Ground::Surface, false, true) => ";border-radius:0 0 12px 12px",
            (Ground::Surface, false, false) | (Ground::Paper, _, _) => "",
        };
        let ink = self.look.type_style(16, LIGHT.text);
        let start = self.look.start;
        format!(
            "<tr><td class=\"{class} x t\" align=\"{start}\" bgcolor=\"{ground}\" style=\"padding:{top}px {side}px {bottom}px;\
             background-color:{ground};{ink};text-align:{start}{radius}\">\n{content}</td></tr>\n"
        )
    }

    /// A heading over a part of the letter; nothing when it says nothing.
    pub(super) fn heading(&self, text: &str) -> String {
        if blank(text) { String::new() } else { self.heading_html(&escape::text(text), 18, 12) }
    }

    /// A heading of `px` size made of finished HTML, with `gap` under it.
    pub(super) fn heading_html(&self, html: &str, px: u8, gap: u8) -> String {
        format!(
            "<h2 class=\"t\" style=\"margin:0 0 {gap}px;font-size:{px}px;line-height:24px;font-weight:650;color:{}\">{html}</h2>\n",
            LIGHT.text
        )
    }

    /// A link in the accent colour, or the label alone when the address leads nowhere we follow.
    pub(super) fn link(&self, label_html: &str, href: Option<String>) -> String {
        let color = &self.look.light.fill;
        match href {
            Some(href) => format!(
                "<a href=\"{href}\" class=\"a\" style=\"color:{color};text-decoration:underline\">{label_html}</a>"
            ),
            None => label_html.to_owned(),
        }
    }
}

/// Lines people wrote, each isolated, one under the other.
pub(super) fn lines(lines: &[String]) -> String {
    let shown: Vec<String> =
        lines.iter().filter(|line| !blank(line)).map(|line| escape::foreign(line)).collect();
    shown.join("<br>")
}
