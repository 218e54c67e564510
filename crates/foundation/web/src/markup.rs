//! A check of finished pages, for the tests of every crate that has some.
//!
//! It is no HTML parser: it reads the tags our own templates write, and finds the slips templates make.

use std::collections::{BTreeMap, BTreeSet};

/// One start tag with its attributes.
#[derive(Debug)]
struct Tag {
    name: String,
    attributes: BTreeMap<String, String>,
}

/// Elements without an end tag.
const VOID: [&str; 10] = ["area", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"];

/// Everything that is wrong with a page; empty when nothing is.
///
/// Language and direction, one first heading, ids that are unique and references that lead to one, alternative texts,
/// labels, no inline code or style (our own policy would block them), and elements closed in the order they opened.
pub fn check_html(html: &str) -> Vec<String> {
    let (tags, mut faults) = read(html);
    let named = |name: &str| tags.iter().filter(|tag| tag.name == name).collect::<Vec<_>>();
    let roots = named("html");
    if !roots.iter().any(|root| has_text(root, "lang") && has_text(root, "dir")) {
        faults.push("the page says no language and direction".to_owned());
    }
    if named("h1").len() != 1 {
        faults.push(format!("{} first headings", named("h1").len()));
    }
    faults.extend(inline_code(&tags));
    faults.extend(reference_faults(&tags));
    faults.extend(
        named("img")
            .iter()
            .filter(|img| !img.attributes.contains_key("alt"))
            .map(|_| "an img without alt".to_owned()),
    );
    faults
}

/// [`check_html`] for a test: panics with the name of the page and all its faults.
///
/// # Panics
/// When the page has a fault.
#[track_caller]
pub fn assert_html(name: &str, html: &str) {
    let faults = check_html(html);
    assert!(faults.is_empty(), "{name}: {faults:#?}\n{html}");
}

fn has_text(tag: &Tag, attribute: &str) -> bool {
    tag.attributes.get(attribute).is_some_and(|value| !value.is_empty())
}

fn inline_code(tags: &[Tag]) -> Vec<String> {
    let mut faults = Vec::new();
    for tag in tags {
        if tag.name == "style" || (tag.name == "script" && !has_text(tag, "src")) {
            faults.push(format!("an inline {}", tag.name));
        }
        let inline = |name: &String| name == "style" || name.starts_with("on");
        faults.extend(
            tag.attributes.keys().filter(|name| inline(name)).map(|name| format!("{} with {name}", tag.name)),
        );
    }
    faults
}

fn reference_faults(tags: &[Tag]) -> Vec<String> {
    let mut faults = Vec::new();
    let mut ids = BTreeSet::new();
    for id in tags.iter().filter_map(|tag| tag.attributes.get("id")) {
        if !ids.insert(id.as_str()) {
            faults.push(format!("two elements are called {id}"));
        }
    }
    for tag in tags {
        for name in ["for", "aria-describedby", "aria-labelledby"] {
            let targets = tag.attributes.get(name).into_iter().flat_map(|value| value.split_whitespace());
            faults.extend(targets.filter(|t| !ids.contains(t)).map(|t| format!("{name}={t} leads nowhere")));
        }
        let local = tag.attributes.get("href").and_then(|href| href.strip_prefix('#'));
        faults.extend(
            local.filter(|target| !ids.contains(target)).map(|target| format!("#{target} leads nowhere")),
        );
    }
    faults.extend(unlabelled(tags));
    faults
}

fn unlabelled(tags: &[Tag]) -> Vec<String> {
    let labelled: BTreeSet<&String> = tags.iter().filter_map(|tag| tag.attributes.get("for")).collect();
    let typed = |tag: &&Tag| {
        let kind = tag.attributes.get("type").map_or("text", String::as_str);
        matches!(tag.name.as_str(), "select" | "textarea")
            || (tag.name == "input" && !matches!(kind, "hidden" | "submit" | "radio" | "checkbox"))
    };
    let bare = |tag: &&Tag| {
        !tag.attributes.contains_key("aria-label")
            && !tag.attributes.get("id").is_some_and(|id| labelled.contains(id))
    };
    tags.iter().filter(typed).filter(bare).map(|tag| format!("a {} without a label", tag.name)).collect()
}

/// All start tags, and the faults of nesting.
fn read(html: &str) -> (Vec<Tag>, Vec<String>) {
    let (mut tags, mut open, mut faults) = (Vec::new(), Vec::<String>::new(), Vec::new());
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        rest = &rest[at + 1..];
        if let Some(comment) = rest.strip_prefix("!--") {
            rest = comment.split_once("-->").map_or("", |(_, after)| after);
            continue;
        }
        let (inside, after) = split_tag(rest);
        rest = after;
        if let Some(name) = inside.strip_prefix('/') {
            let expected = open.pop().unwrap_or_default();
            if expected != name.trim() {
                faults.push(format!("</{}> where </{expected}> belongs", name.trim()));
            }
        } else if inside.starts_with(|c: char| c.is_ascii_alphabetic()) {
            let tag = read_tag(inside);
            if !VOID.contains(&tag.name.as_str()) && !inside.ends_with('/') {
                open.push(tag.name.clone());
            }
            tags.push(tag);
        }
    }
    faults.extend(open.into_iter().map(|name| format!("<{name}> is never closed")));
    (tags, faults)
}

/// The inside of a tag up to the `>` that is not in quotes, and what follows.
fn split_tag(text: &str) -> (&str, &str) {
    let mut quote = None;
    for (at, c) in text.char_indices() {
        match (quote, c) {
            (None, '>') => return (&text[..at], &text[at + 1..]),
            (None, '"' | '\'') => quote = Some(c),
            (Some(open), c) if open == c => quote = None,
            (None | Some(_), _) => {}
        }
    }
    (text, "")
}

fn read_tag(inside: &str) -> Tag {
    let (name, mut rest) =
        inside.split_once(char::is_whitespace).unwrap_or((inside.trim_end_matches('/'), ""));
    let mut attributes = BTreeMap::new();
    loop {
        rest = rest.trim_start();
        let end = rest.find(|c: char| c == '=' || c.is_whitespace()).unwrap_or(rest.len());
        let key = rest[..end].to_ascii_lowercase();
        if key.is_empty() {
            break;
        }
        rest = &rest[end..];
        let value = rest.strip_prefix('=').map(read_value);
        let (value, after) = value.unwrap_or(("", rest));
        attributes.insert(key, value.to_owned());
        rest = after;
    }
    Tag { name: name.to_ascii_lowercase(), attributes }
}

fn read_value(text: &str) -> (&str, &str) {
    match text.chars().next() {
        Some(quote @ ('"' | '\'')) => text[1..].split_once(quote).unwrap_or((&text[1..], "")),
        Some(_) | None => text.split_at(text.find(char::is_whitespace).unwrap_or(text.len())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "<!doctype html><html lang=\"en\" dir=\"ltr\"><body><h1 id=\"a\">Hi</h1>\
        <!-- <p> --><a href=\"#a\">up</a><img src=\"x\" alt=\"\"><label for=\"c\">Code</label><input id=\"c\"></body></html>";

    #[test]
    fn a_good_page_has_no_faults() {
        assert_eq!(check_html(GOOD), Vec::<String>::new());
    }

    #[test]
    fn each_slip_is_found() {
        let slips = [
            (" dir=\"ltr\"", "", "language and direction"),
            ("<h1 id=\"a\">Hi</h1>", "<p id=\"a\">Hi</p>", "0 first headings"),
            ("<body>", "<body><p id=\"a\"></p>", "two elements"),
            (" alt=\"\"", "", "without alt"),
            ("<body>", "<body onload=\"x()\">", "body with onload"),
            ("<body>", "<body style='a:b'>", "body with style"),
            ("<body>", "<body><style>x</style>", "inline style"),
            ("<body>", "<body><script>x</script>", "inline script"),
            ("\"#a\"", "\"#b\"", "#b leads nowhere"),
            ("for=\"c\"", "for=\"d\"", "a input without a label"),
            ("</body>", "", "</html> where </body> belongs"),
        ];
        for (from, to, expected) in slips {
            let faults = check_html(&GOOD.replacen(from, to, 1));
            assert!(faults.iter().any(|fault| fault.contains(expected)), "{expected}: {faults:?}");
        }
    }
}
