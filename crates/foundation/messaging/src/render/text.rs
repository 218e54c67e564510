//! The text part: the same letter for terminals, screen readers, watches and everybody who prefers it.
//!
//! Nothing is escaped here, because nothing is markup; text a person made is isolated, so that a name in another
//! script can't turn the sentence around it.

use kernel::text::{kept_together, unfolded, without_bidi_controls};
use kernel::words::{Arg, Say};
use kernel::{Brand, Locale};

use super::escape;
use super::footer::sender;
use super::plan::{self, blank, said, shows_change, shows_fact, shows_item};
use super::wrap::{self, leader, width, wrapped};
use crate::letter::{Block, Change, Fact, Item, Letter, TotalRow};

/// The whole text. Blocks are parted by an empty line.
pub(super) fn document(letter: &Letter, brand: &Brand, words: &dyn Say) -> String {
    let writer = Writer { brand, locale: &letter.locale, words };
    let sections = plan::sections(letter.shown(), brand);
    let blocks = sections.iter().flat_map(|section| &section.blocks);
    let parts: Vec<String> =
        blocks.map(|block| writer.block(block)).filter(|part| !part.is_empty()).collect();
    without_controls(&parts.join("\n"))
}

struct Writer<'a> {
    brand: &'a Brand,
    locale: &'a Locale,
    words: &'a dyn Say,
}

impl Writer<'_> {
    fn block(&self, block: &Block) -> String {
        match block {
            Block::BrandBar => wrapped(&self.person(&self.brand.name), ""),
            Block::Answer { heading, line } => headed(heading, '=') + &wrapped(line, ""),
            Block::Text(text) => wrapped(text, ""),
            Block::Button { label, href } => linked(label, href),
            Block::Changes(changes) => {
                changes.iter().filter(|c| shows_change(c)).map(|c| self.change(c)).collect()
            }
            Block::Items { heading, items } => {
                let rows: Vec<String> =
                    items.iter().filter(|item| shows_item(item)).map(|one| self.item_rows(one)).collect();
                headed(heading, '-') + &rows.join("\n")
            }
            Block::Totals(rows) => self.totals(rows),
            Block::Facts(facts) => {
                facts.iter().filter(|fact| shows_fact(fact)).map(|one| self.fact_rows(one)).collect()
            }
            Block::Progress { steps, current } => self.progress(steps, *current),
            Block::Code(code) => format!("    {}\n", unfolded(code.trim())),
            Block::Divider => format!("{}\n", ". ".repeat(wrap::RECEIPT / 2).trim_end()),
            Block::Picture { alt, .. } if blank(alt) => String::new(),
            Block::Picture { alt, .. } => wrapped(&format!("[{}]", unfolded(alt.trim())), ""),
            Block::Footer { why, links } => self.footer(why, links),
        }
    }

    /// Text a person made, on one line, and isolated where two directions can meet. Elsewhere the marks would only
    /// be boxes in a program that doesn't know them. In a letter that runs from right to left even plain Latin text
    /// needs them: "Visa ending 4242" would begin with its number.
    fn person(&self, text: &str) -> String {
        let text = unfolded(text);
        let text = text.trim();
        let directions_meet = self.locale.dir() == "rtl" || wrap::turns(text);
        if text.is_empty() || !directions_meet {
            return text.to_owned();
        }
        format!("\u{2068}{}\u{2069}", without_bidi_controls(text))
    }

    /// An amount, likewise; the marks in it are its own and say where its minus belongs.
    fn amount(&self, text: &str) -> String {
        let directions_meet = self.locale.dir() == "rtl" || wrap::turns(text);
        if directions_meet { kept_together(text.trim()) } else { text.trim().to_owned() }
    }

    fn say(&self, key: &str, args: &[(&str, Arg<'_>)]) -> String {
        self.words.say(self.locale, key, args)
    }

    fn change(&self, change: &Change) -> String {
        let mut out = wrapped(&self.person(&change.label), "");
        if !blank(&change.before) {
            out += &wrapped(
                &format!("{}: {}", self.say("letter-before", &[]), self.person(&change.before)),
                "  ",
            );
        }
        let after =
            if blank(&change.after) { self.say("letter-removed", &[]) } else { self.person(&change.after) };
        out + &wrapped(&format!("{}: {after}", self.say("letter-now", &[])), "  ")
    }

    fn progress(&self, steps: &[String], current: usize) -> String {
        let current = current.min(steps.len().saturating_sub(1));
        let (n, total) = (current as i64 + 1, steps.len() as i64);
        let mut out = wrapped(&self.say("letter-step", &[("n", n.into()), ("total", total.into())]), "");
        for (at, step) in steps.iter().enumerate() {
            let sign = match at.cmp(&current) {
                std::cmp::Ordering::Less => "[x]",
                std::cmp::Ordering::Equal => "[>]",
                std::cmp::Ordering::Greater => "[ ]",
            };
            out += &wrapped(&format!("{sign} {}", self.person(step)), "  ");
        }
        out
    }

    fn footer(&self, why: &str, links: &[(String, String)]) -> String {
        let helpful: String =
            links.iter().filter(|(label, _)| !blank(label)).map(|(l, href)| linked(l, href)).collect();
        let imprint = wrapped(why, "") + &wrapped(&self.person(&sender(self.brand)), "");
        let parts = [self.service(), helpful, self.profiles(), imprint];
        parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n")
    }

    fn service(&self) -> String {
        let contact = &self.brand.contact;
        let fields = [
            ("letter-email", &contact.email),
            ("letter-phone", &contact.phone),
            ("letter-hours", &contact.hours),
        ];
        let mut rows: String = fields
            .into_iter()
            .filter_map(|(key, value)| said(value).map(|value| (key, value)))
            .map(|(key, value)| wrapped(&format!("{}: {}", self.say(key, &[]), self.person(value)), "  "))
            .collect();
        // Marks beside a link would become part of it when a program makes it clickable.
        if let Some(page) = said(&contact.url).filter(|url| leads_somewhere(url)) {
            rows += &wrapped(&format!("{}: {page}", self.say("letter-contact-page", &[])), "  ");
        }
        if rows.is_empty() { rows } else { wrapped(&self.say("letter-service", &[]), "") + &rows }
    }

    fn profiles(&self) -> String {
        let profiles = self.brand.social.iter().filter(|p| !blank(&p.name) && leads_somewhere(&p.url));
        let rows: String = profiles
            .map(|profile| {
                wrapped(&format!("{}: {}", self.person(&profile.name), unfolded(&profile.url)), "  ")
            })
            .collect();
        if rows.is_empty() { rows } else { wrapped(&self.say("letter-follow", &[]), "") + &rows }
    }

    fn item_rows(&self, item: &Item) -> String {
        let detail = self.person(&item.detail);
        let title = self.person(&item.title);
        let mut out = match (blank(&item.detail), blank(&item.price)) {
            (_, true) => wrapped(&title, "") + &wrapped(&detail, "  "),
            (true, false) => leader(&title, &self.amount(&item.price), ""),
            (false, false) => wrapped(&title, "") + &leader(&detail, &self.amount(&item.price), "  "),
        };
        if let Some(url) = said(&item.url).filter(|url| leads_somewhere(url)) {
            out += &wrapped(url, "  ");
        }
        out
    }

    fn totals(&self, rows: &[TotalRow]) -> String {
        let mut out = String::new();
        for row in rows.iter().filter(|row| !blank(&row.amount)) {
            if row.strong && !out.is_empty() {
                out += &format!("{}\n", "-".repeat(wrap::RECEIPT));
            }
            out += &leader(row.label.trim(), &self.amount(&row.amount), "");
        }
        out
    }

    fn fact_rows(&self, fact: &Fact) -> String {
        let lines =
            fact.lines.iter().filter(|line| !blank(line)).map(|line| wrapped(&self.person(line), "  "));
        wrapped(&fact.label, "") + &lines.collect::<String>()
    }
}

/// A heading with a line under it; nothing when it says nothing.
fn headed(heading: &str, line: char) -> String {
    if blank(heading) {
        return String::new();
    }
    let heading = wrapped(heading, "");
    let under = heading.lines().map(width).max().unwrap_or_default();
    format!("{heading}{}\n\n", line.to_string().repeat(under))
}

/// What a link says, and under it where it leads, in full. A link nobody may follow is left out, as in the HTML.
fn linked(label: &str, href: &str) -> String {
    if leads_somewhere(href) {
        wrapped(&format!("{}:", label.trim()), "") + &wrapped(href.trim(), "")
    } else {
        wrapped(label, "")
    }
}

/// Whether a link is one the HTML would follow, too.
fn leads_somewhere(link: &str) -> bool {
    escape::href(link).is_some()
}

/// The letter ends lines with `\n` alone, and holds no other control character.
fn without_controls(text: &str) -> String {
    text.chars().filter(|c| *c == '\n' || !c.is_control()).collect()
}
