//! The blocks that read like a receipt: items, totals, facts, changes, progress.

use super::escape;
use super::page::{Page, TABLE, lines};
use super::pieces::divider;
use super::plan::{blank, said, shows_change, shows_fact, shows_item};
use super::style::LIGHT;
use crate::letter::{Change, Fact, Item, TotalRow};

/// Figures of the same width, in a column that doesn't break.
const FIGURES: &str = "font-variant-numeric:tabular-nums;white-space:nowrap";

/// Under each fact, so that facts one under the other keep their distance.
pub(super) const FACT_GAP: u8 = 16;

/// What was bought, one line each. The picture column is there when any line has a picture.
pub(super) fn items(page: &Page<'_>, heading: &str, items: &[Item]) -> String {
    let shown: Vec<&Item> = items.iter().filter(|item| shows_item(item)).collect();
    let pictured = shown.iter().any(|item| picture_src(item).is_some());
    let rows: String = shown
        .iter()
        .enumerate()
        .map(|(at, item)| item_row(page, item, pictured, if at + 1 == shown.len() { 0 } else { 16 }))
        .collect();
    format!("{}{TABLE} width=\"100%\">\n{rows}</table>\n", page.heading(heading))
}

fn item_row(page: &Page<'_>, item: &Item, pictured: bool, gap: u8) -> String {
    let (start, end) = (page.look.start, page.look.end);
    let style = page.look.type_style(16, LIGHT.text);
    let picture = if pictured { picture(item, end, gap) } else { String::new() };
    format!(
        "<tr>{picture}<td class=\"t i\" align=\"{start}\" valign=\"top\" style=\"padding:0 0 {gap}px;{style};text-align:{start}\">\
         {}{}</td><td class=\"t\" align=\"{end}\" valign=\"top\" style=\"padding:0 0 {gap}px;padding-{start}:16px;{style};\
         text-align:{end};{FIGURES}\">{}</td></tr>\n",
        title(item),
        detail(page, &item.detail),
        escape::foreign(&item.price)
    )
}

/// The title stands beside it, so the picture itself has nothing to add for those who can't see it.
fn picture(item: &Item, end: &str, gap: u8) -> String {
    let sunken = LIGHT.sunken;
    let held = match picture_src(item) {
        Some(src) => format!(
            "<img src=\"{src}\" alt=\"\" width=\"64\" height=\"64\" style=\"display:block;width:64px;height:64px;border:0;\
             border-radius:8px;object-fit:cover;background-color:{sunken}\">"
        ),
        None => format!(
            "<div class=\"k\" style=\"width:64px;height:64px;border-radius:8px;background-color:{sunken}\">&nbsp;</div>"
        ),
    };
    format!("<td valign=\"top\" width=\"64\" style=\"padding:0 0 {gap}px;padding-{end}:16px\">{held}</td>")
}

fn picture_src(item: &Item) -> Option<String> {
    said(&item.image_url).and_then(escape::src)
}

fn title(item: &Item) -> String {
    let title = escape::foreign(&item.title);
    match said(&item.url).and_then(escape::href) {
        Some(href) => format!(
            "<a href=\"{href}\" style=\"color:{};font-weight:600;text-decoration:underline;text-decoration-color:{}\">{title}</a>",
            LIGHT.text, LIGHT.rule
        ),
        None => format!("<span style=\"font-weight:600\">{title}</span>"),
    }
}

fn detail(page: &Page<'_>, detail: &str) -> String {
    if blank(detail) {
        return String::new();
    }
    let style = page.look.type_style(14, LIGHT.muted);
    format!("<br><span class=\"m\" style=\"{style}\">{}</span>", escape::foreign(detail))
}

/// The sums, figures under figures; the one that counts is bigger, under a dotted rule.
pub(super) fn totals(page: &Page<'_>, rows: &[TotalRow]) -> String {
    let shown = rows.iter().filter(|row| !blank(&row.amount));
    let rows: String = shown.enumerate().map(|(at, row)| total_row(page, row, at == 0)).collect();
    format!("{TABLE} width=\"100%\">\n{rows}</table>\n")
}

fn total_row(page: &Page<'_>, row: &TotalRow, first: bool) -> String {
    let (start, end) = (page.look.start, page.look.end);
    let (px, class, color, weight, above) = if row.strong {
        (20, "t", LIGHT.text, ";font-weight:650", if first { String::new() } else { total_rule() })
    } else {
        (16, "m", LIGHT.muted, "", String::new())
    };
    let (label, amount) = (page.look.type_style(px, color), page.look.type_style(px, LIGHT.text));
    format!(
        "{above}<tr><td class=\"{class}\" align=\"{start}\" style=\"padding:3px 0;{label}{weight};text-align:{start}\">{}</td>\
         <td class=\"t\" align=\"{end}\" style=\"padding:3px 0;padding-{start}:16px;{amount}{weight};text-align:{end};{FIGURES}\">{}</td></tr>\n",
        escape::text(&row.label),
        escape::foreign(&row.amount)
    )
}

/// One cell over both columns: the dots of two cells would not meet evenly.
fn total_rule() -> String {
    format!("<tr><td colspan=\"2\" style=\"padding:9px 0\">{}</td></tr>\n", divider().trim_end())
}

/// Labelled facts, two beside each other where there is room and one under the other where there isn't, without
/// asking how wide the screen is.
pub(super) fn facts(page: &Page<'_>, facts: &[Fact]) -> String {
    facts.iter().filter(|fact| shows_fact(fact)).map(|fact| one_fact(page, fact)).collect()
}

fn one_fact(page: &Page<'_>, fact: &Fact) -> String {
    let label = page.look.type_style(14, LIGHT.muted);
    let value = page.look.type_style(16, LIGHT.text);
    // No white space between the boxes: it would be as wide as a letter and push the second to the next line.
    format!(
        "<div style=\"display:inline-block;vertical-align:top;width:100%;max-width:256px;margin:0 0 {FACT_GAP}px\">\
         <p class=\"m\" style=\"margin:0 0 2px;{label}\">{}</p><p class=\"t i\" style=\"margin:0;padding-{}:16px;{value}\">{}</p></div>",
        escape::text(&fact.label),
        page.look.end,
        lines(&fact.lines)
    )
}

/// What changed: the value it had and the value it has, told apart by words and not by colour or strokes.
pub(super) fn changes(page: &Page<'_>, changes: &[Change]) -> String {
    let shown: Vec<&Change> = changes.iter().filter(|change| shows_change(change)).collect();
    let last = shown.len().saturating_sub(1);
    shown.iter().enumerate().map(|(at, change)| one_change(page, change, at == last)).collect()
}

fn one_change(page: &Page<'_>, change: &Change, last: bool) -> String {
    let gap = if last { 0 } else { 16 };
    let heading = page.heading_html(&escape::foreign(&change.label), 16, 4);
    let mut rows = String::new();
    if !blank(&change.before) {
        rows += &change_row(page, "letter-before", &escape::foreign(&change.before), false);
    }
    if blank(&change.after) {
        rows += &change_row(page, "letter-now", &page.say("letter-removed", &[]), true);
    } else {
        rows += &change_row(page, "letter-now", &escape::foreign(&change.after), true);
    }
    format!("{heading}{TABLE} width=\"100%\" style=\"margin:0 0 {gap}px\">\n{rows}</table>\n")
}

fn change_row(page: &Page<'_>, label_key: &str, value_html: &str, counts: bool) -> String {
    let (start, end) = (page.look.start, page.look.end);
    let (class, ink, weight) =
        if counts { ("t", LIGHT.text, ";font-weight:600") } else { ("m", LIGHT.muted, "") };
    format!(
        "<tr><td class=\"m\" align=\"{start}\" valign=\"baseline\" width=\"72\" style=\"padding:2px 0;padding-{end}:12px;{};text-align:{start}\">\
         {}</td><td class=\"{class}\" align=\"{start}\" valign=\"baseline\" style=\"padding:2px 0;{}{weight};text-align:{start}\">{value_html}</td></tr>\n",
        page.look.type_style(14, LIGHT.muted),
        page.say(label_key, &[]),
        page.look.type_style(16, ink)
    )
}

/// Where the order stands: a cell for each step. A sign, a weight and a colour say the same thing.
pub(super) fn progress(page: &Page<'_>, steps: &[String], current: usize) -> String {
    let current = current.min(steps.len().saturating_sub(1));
    let share = 100 / steps.len().max(1);
    let cells: Vec<String> =
        steps.iter().enumerate().map(|(at, step)| step_cell(page, step, at.cmp(&current), share)).collect();
    let gap = "<td class=\"z\" width=\"6\" style=\"font-size:0;line-height:0\">&nbsp;</td>";
    let (n, total) = (current as i64 + 1, steps.len() as i64);
    format!(
        "<p class=\"m\" style=\"margin:0 0 8px;{}\">{}</p>\n{TABLE} width=\"100%\" style=\"table-layout:fixed\"><tr>{}</tr></table>\n",
        page.look.type_style(14, LIGHT.muted),
        page.say("letter-step", &[("n", n.into()), ("total", total.into())]),
        cells.join(gap)
    )
}

fn step_cell(page: &Page<'_>, step: &str, compared: std::cmp::Ordering, share: usize) -> String {
    use std::cmp::Ordering::{Equal, Greater, Less};
    let accent = page.look.light.fill.as_str();
    let (bar_class, bar, class, ink, weight, sign, marked) = match compared {
        Less => ("o", accent, "t", LIGHT.text, 400, "✓", ""),
        Equal => ("o", accent, "a", accent, 650, "●", " aria-current=\"step\""),
        Greater => ("r", LIGHT.rule, "m", LIGHT.muted, 400, "○", ""),
    };
    let start = page.look.start;
    format!(
        "<td class=\"{bar_class} q\" align=\"{start}\" valign=\"top\" width=\"{share}%\"{marked} style=\"border:solid {bar};border-width:4px 0 0;\
         padding:8px 0 0;text-align:{start};font-size:14px;line-height:1.4;word-wrap:break-word\"><span class=\"{class}\" \
         style=\"color:{ink};font-weight:{weight}\">{sign} {}</span></td>",
        escape::foreign(step)
    )
}
