//! The plain blocks: brand bar, answer, text, buttons, code, rule.

use super::escape;
use super::page::{Page, TABLE};
use super::plan::{blank, said};
use super::style::{LIGHT, MONO};

/// What a button looks like: the first of a letter is the thing to do, the others are offers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Weight {
    Filled,
    Outlined,
}

/// Under each button, so that buttons one under the other keep their distance.
pub(super) const BUTTON_GAP: u8 = 12;

/// The logo, or the name. A logo keeps its light plate in the dark: most are drawn for paper.
pub(super) fn brand_bar(page: &Page<'_>) -> String {
    let name = escape::foreign(&page.brand.name);
    let shown = match said(&page.brand.logo_url).and_then(escape::src) {
        Some(src) => logo(page, &src),
        None => format!(
            "<span class=\"t\" style=\"font-size:20px;line-height:28px;font-weight:650;color:{}\">{name}</span>",
            LIGHT.text
        ),
    };
    let home = said(&page.brand.site_url).and_then(escape::href);
    let linked = match home {
        Some(href) => format!(
            "<a href=\"{href}\" class=\"t\" style=\"color:{};text-decoration:none\">{shown}</a>",
            LIGHT.text
        ),
        None => shown,
    };
    format!("{linked}\n")
}

fn logo(page: &Page<'_>, src: &str) -> String {
    let alt = escape::attribute(&page.brand.name);
    let paper = LIGHT.paper;
    format!(
        "<img src=\"{src}\" alt=\"{alt}\" height=\"40\" style=\"display:inline-block;height:40px;width:auto;max-width:240px;\
         border:4px solid {paper};border-radius:8px;background-color:{paper};color:{};font-size:20px;font-weight:650\">",
        LIGHT.text
    )
}

/// The answer, bigger than everything else.
pub(super) fn answer(page: &Page<'_>, heading: &str, line: &str) -> String {
    let mut out = String::new();
    if !blank(heading) {
        out += &format!(
            "<h1 class=\"t h\" style=\"margin:0;font-size:30px;line-height:1.2;font-weight:650;text-wrap:balance;letter-spacing:{};color:{}\">{}</h1>\n",
            // Scripts whose letters join must not be spaced.
            if page.look.dir == "rtl" { "normal" } else { "-.01em" },
            LIGHT.text,
            escape::text(heading)
        );
    }
    if !blank(line) {
        let style = page.look.type_style(17, LIGHT.muted);
        let gap = if blank(heading) { 0 } else { 10 };
        out += &format!("<p class=\"m\" style=\"margin:{gap}px 0 0;{style}\">{}</p>\n", escape::text(line));
    }
    out
}

/// Paragraphs.
pub(super) fn text(page: &Page<'_>, text: &str) -> String {
    let style = page.look.type_style(16, LIGHT.text);
    let shown: Vec<&str> = text.lines().filter(|line| !blank(line)).collect();
    let paragraph = |(at, line): (usize, &&str)| {
        let gap = if at + 1 == shown.len() { 0 } else { 12 };
        format!("<p class=\"t\" style=\"margin:0 0 {gap}px;{style}\">{}</p>\n", escape::text(line.trim()))
    };
    shown.iter().enumerate().map(paragraph).collect()
}

/// Buttons side by side where there is room. The table cell carries the padding and the colour, so that programs
/// which ignore either on a link still show 44 pixels of button.
pub(super) fn buttons(page: &Page<'_>, buttons: &[(&str, &str, Weight)]) -> String {
    buttons.iter().map(|(label, href, weight)| button(page, label, escape::href(href), *weight)).collect()
}

fn button(page: &Page<'_>, label: &str, href: Option<String>, weight: Weight) -> String {
    let label = escape::text(label);
    let Some(href) = href else {
        return format!(
            "<p class=\"t\" style=\"margin:0 0 {BUTTON_GAP}px;{}\">{label}</p>\n",
            page.look.type_style(16, LIGHT.text)
        );
    };
    let accent = &page.look.light;
    let (class, ground, ink) = match weight {
        Weight::Filled => ("f", accent.fill.as_str(), accent.ink.as_str()),
        Weight::Outlined => ("o s", LIGHT.surface, accent.fill.as_str()),
    };
    let (end, edge) = (page.look.end, &accent.fill);
    format!(
        "<div class=\"n\" style=\"display:inline-block;vertical-align:top;margin:0 0 {BUTTON_GAP}px;margin-{end}:12px\">{TABLE} \
         style=\"border-collapse:separate\"><tr><td class=\"{class}\" bgcolor=\"{ground}\" style=\"background-color:{ground};\
         border:2px solid {edge};border-radius:8px;text-align:center\"><a href=\"{href}\" style=\"display:inline-block;\
         padding:10px 22px;font-size:16px;line-height:20px;font-weight:600;color:{ink};text-decoration:none\">{label}</a>\
         </td></tr></table></div>\n"
    )
}

/// A code to type: large, evenly spaced, always from left to right, taken whole by one click.
pub(super) fn code(code: &str) -> String {
    let (sunken, rule, ink) = (LIGHT.sunken, LIGHT.rule, LIGHT.text);
    format!(
        "{TABLE} width=\"100%\" style=\"border-collapse:separate\"><tr><td class=\"k r t\" align=\"center\" bgcolor=\"{sunken}\" \
         style=\"background-color:{sunken};border:2px dotted {rule};border-radius:8px;padding:16px;text-align:center;\
         font-family:{MONO};font-size:28px;line-height:36px;font-weight:600;letter-spacing:.12em;color:{ink};\
         -webkit-user-select:all;user-select:all\"><bdi dir=\"ltr\">{}</bdi></td></tr></table>\n",
        escape::text(code.trim())
    )
}

/// A picture as wide as the column. What can't be fetched is said in words.
pub(super) fn picture(page: &Page<'_>, src: &str, alt: &str) -> String {
    let style = page.look.type_style(16, LIGHT.text);
    match escape::src(src) {
        Some(src) => format!(
            "<img src=\"{src}\" alt=\"{}\" width=\"526\" class=\"t\" style=\"display:block;width:100%;max-width:526px;height:auto;\
             border:0;border-radius:8px;{style}\">\n",
            escape::attribute(alt.trim())
        ),
        None => format!("<p class=\"t\" style=\"margin:0;{style}\">{}</p>\n", escape::text(alt.trim())),
    }
}

/// A dotted rule.
pub(super) fn divider() -> String {
    format!(
        "{TABLE} width=\"100%\"><tr><td class=\"r\" height=\"2\" style=\"border-top:2px dotted {};font-size:0;line-height:0\">\
         &nbsp;</td></tr></table>\n",
        LIGHT.rule
    )
}
