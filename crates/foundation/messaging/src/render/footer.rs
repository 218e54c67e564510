//! The foot of every letter: how to reach a person, where else the shop is, who sent this and why.

use kernel::Brand;
use kernel::brand::Contact;

use super::escape;
use super::page::Page;
use super::plan::{blank, said};
use super::style::LIGHT;

/// Help first, the reason for the letter last.
pub(super) fn footer(page: &Page<'_>, why: &str, links: &[(String, String)]) -> String {
    service(page, &page.brand.contact) + &elsewhere(page, links) + &imprint(page, why)
}

fn service(page: &Page<'_>, contact: &Contact) -> String {
    let mut rows = Vec::new();
    if let Some(email) = said(&contact.email) {
        let link = page.link(&escape::foreign(email), escape::href(&format!("mailto:{email}")));
        rows.push(format!("{}: {link}", page.say("letter-email", &[])));
    }
    if let Some(phone) = said(&contact.phone) {
        let number = format!("<bdi dir=\"ltr\">{}</bdi>", escape::text(phone));
        rows.push(format!(
            "{}: {}",
            page.say("letter-phone", &[]),
            page.link(&number, escape::telephone(phone))
        ));
    }
    if let Some(hours) = said(&contact.hours) {
        rows.push(format!("{}: {}", page.say("letter-hours", &[]), escape::foreign(hours)));
    }
    if let Some(href) = said(&contact.url).and_then(escape::href) {
        rows.push(page.link(&page.say("letter-contact-page", &[]), Some(href)));
    }
    boxed(&headed(page, "letter-service", &rows))
}

/// The template's links, and the profiles under their own words.
fn elsewhere(page: &Page<'_>, links: &[(String, String)]) -> String {
    let helpful = links.iter().filter(|(label, _)| !blank(label));
    let helpful: Vec<String> =
        helpful.map(|(label, link)| page.link(&escape::text(label), escape::href(link))).collect();
    let profiles = page.brand.social.iter().filter(|profile| !blank(&profile.name));
    let profiles: Vec<String> = profiles
        .map(|profile| page.link(&escape::foreign(&profile.name), escape::href(&profile.url)))
        .collect();
    let follow = if profiles.is_empty() { vec![] } else { vec![profiles.join(" · ")] };
    boxed(&(list(&helpful) + &headed(page, "letter-follow", &follow)))
}

/// A list under a heading; nothing when the list is empty.
fn headed(page: &Page<'_>, key: &str, rows: &[String]) -> String {
    if rows.is_empty() { String::new() } else { page.heading_html(&page.say(key, &[]), 14, 2) + &list(rows) }
}

fn list(rows: &[String]) -> String {
    if rows.is_empty() {
        return String::new();
    }
    format!("<p class=\"m\" style=\"margin:0 0 12px;{}\">{}</p>", small(), rows.join("<br>"))
}

/// Two boxes stand beside each other where there is room.
fn boxed(body: &str) -> String {
    if body.is_empty() {
        return String::new();
    }
    format!("<div style=\"display:inline-block;vertical-align:top;width:100%;max-width:256px\">{body}</div>")
}

/// Why this was sent, and from where.
fn imprint(page: &Page<'_>, why: &str) -> String {
    let sender = sender(page.brand);
    let parts = [why.trim(), sender.trim()].map(escape::text);
    let shown: Vec<&str> = parts.iter().map(String::as_str).filter(|part| !part.is_empty()).collect();
    if shown.is_empty() {
        return String::new();
    }
    format!("<p class=\"m\" style=\"margin:12px 0 0;{}\">{}</p>\n", small(), shown.join("<br>"))
}

/// The shop's name and postal address on one line.
pub(super) fn sender(brand: &Brand) -> String {
    let parts = [Some(brand.name.trim()), said(&brand.postal_address)];
    let shown: Vec<&str> = parts.into_iter().flatten().filter(|part| !blank(part)).collect();
    shown.join(" · ")
}

/// Links in the footer are lines of their own height: 24 pixels, which a finger can meet.
fn small() -> String {
    format!("font-size:14px;line-height:24px;color:{}", LIGHT.muted)
}
