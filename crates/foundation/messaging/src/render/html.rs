//! The HTML part: a document of one column, 600 pixels at most, that holds without its `<style>`.

use kernel::Brand;
use kernel::words::Say;

use super::page::{Page, Place, TABLE};
use super::pieces::{self, Weight};
use super::plan::{self, Ground, Section};
use super::style::{LIGHT, SANS};
use super::{commerce, escape, footer};
use crate::letter::{Block, Letter};

/// What follows the preheader in a list of messages, so that the body doesn't: a joiner that shows nothing, and a
/// space that doesn't collapse.
const INVISIBLE: &str = "\u{34F}\u{200C}\u{A0}";
/// How far a mail program looks for text to show after the subject.
const PREVIEW_CHARS: usize = 150;
/// The longest preheader.
const PREHEADER_CHARS: usize = 90;

/// The whole document.
pub(super) fn document(letter: &Letter, brand: &Brand, words: &dyn Say) -> String {
    let page = Page::new(letter, brand, words);
    let sections = plan::sections(letter.shown(), brand);
    let mut filled = false;
    let body: String = sections.iter().map(|section| section_html(&page, section, &mut filled)).collect();
    format!(
        "<!doctype html>\n<html lang=\"{lang}\" dir=\"{dir}\" xmlns:o=\"urn:schemas-microsoft-com:office:office\">\n{head}\
         <body class=\"p\" bgcolor=\"{paper}\" style=\"margin:0;padding:0;background-color:{paper};color:{ink}\">\n\
         <div lang=\"{lang}\" dir=\"{dir}\" class=\"p\" style=\"background-color:{paper};color:{ink};font-family:{SANS}\">\n\
         {preheader}{column}</div>\n</body>\n</html>\n",
        lang = letter.locale,
        dir = page.look.dir,
        head = head(&page, letter),
        paper = LIGHT.paper,
        ink = LIGHT.text,
        preheader = preheader(letter),
        column = column(&page, &body),
    )
}

fn head(page: &Page<'_>, letter: &Letter) -> String {
    let json_ld = letter.json_ld.as_ref().map_or(String::new(), |data| {
        format!("<script type=\"application/ld+json\">{}</script>\n", escape::json(data))
    });
    format!(
        "<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"supported-color-schemes\" content=\"light dark\">\n\
         <meta name=\"format-detection\" content=\"telephone=no,date=no,address=no,email=no,url=no\">\n\
         <meta name=\"x-apple-disable-message-reformatting\">\n<title>{}</title>\n\
         <!--[if mso]><xml><o:OfficeDocumentSettings><o:PixelsPerInch>96</o:PixelsPerInch></o:OfficeDocumentSettings></xml>\
         <style>td,p,h1,h2,a,span{{font-family:'Segoe UI',Arial,sans-serif!important}}</style><![endif]-->\n{}{json_ld}</head>\n",
        escape::text(&kernel::text::unfolded(&letter.subject)),
        page.look.sheets(),
    )
}

/// Shown in the list of messages and nowhere else. One that repeats the subject says nothing, and is left out.
fn preheader(letter: &Letter) -> String {
    let text = kernel::text::unfolded(letter.preheader.trim());
    let text = if text == letter.subject.trim() { String::new() } else { text };
    let text = kernel::text::shortened(&text, PREHEADER_CHARS);
    let padding = INVISIBLE.repeat(PREVIEW_CHARS.saturating_sub(text.chars().count()));
    format!(
        "<div style=\"display:none;max-height:0;max-width:0;overflow:hidden;opacity:0;font-size:1px;line-height:1px;\
         mso-hide:all\">{}{padding}</div>\n",
        escape::text(&text)
    )
}

/// The column in the middle. Outlook on Windows knows no greatest width, so it gets a table of its own.
fn column(page: &Page<'_>, body: &str) -> String {
    let paper = LIGHT.paper;
    format!(
        "{TABLE} width=\"100%\" class=\"p\" bgcolor=\"{paper}\" style=\"background-color:{paper}\"><tr>\
         <td class=\"g\" align=\"center\" style=\"padding:8px 16px 24px\">\n\
         <!--[if mso]>{TABLE} width=\"600\" align=\"center\" dir=\"{dir}\"><tr><td><![endif]-->\n\
         <div dir=\"{dir}\" style=\"max-width:600px;margin:0 auto\">\n{body}</div>\n\
         <!--[if mso]></td></tr></table><![endif]-->\n</td></tr></table>\n",
        dir = page.look.dir,
    )
}

/// The blocks that share a ground, in one table. `filled` says whether the letter has its filled button already.
fn section_html(page: &Page<'_>, section: &Section<'_>, filled: &mut bool) -> String {
    let runs = runs_of_buttons(&section.blocks);
    let last = runs.len().saturating_sub(1);
    let rows: String = runs
        .iter()
        .enumerate()
        .map(|(at, run)| {
            let place = Place { ground: section.ground, first: at == 0, last: at == last };
            page.row(place, trailing(run), &run_html(page, run, filled))
        })
        .collect();
    let edge = match section.ground {
        Ground::Paper => ("p", String::new()),
        Ground::Surface => (
            "s r",
            format!(
                " bgcolor=\"{0}\" style=\"background-color:{0};border:1px solid {1};border-radius:12px;border-collapse:separate\"",
                LIGHT.surface, LIGHT.rule
            ),
        ),
    };
    format!("{TABLE} width=\"100%\" class=\"{}\"{}>\n{rows}</table>\n", edge.0, edge.1)
}

/// Neighbouring buttons share a row; every other block has its own.
fn runs_of_buttons<'a>(blocks: &[&'a Block]) -> Vec<Vec<&'a Block>> {
    let is_button = |block: &Block| matches!(block, Block::Button { .. });
    let runs = blocks.chunk_by(|a, b| is_button(a) && is_button(b));
    runs.map(<[&Block]>::to_vec).collect()
}

/// Boxes that may stand one under the other carry their distance under them, the last one, too.
fn trailing(run: &[&Block]) -> u8 {
    match run.last() {
        Some(Block::Button { .. }) => pieces::BUTTON_GAP,
        Some(Block::Facts(_)) => commerce::FACT_GAP,
        Some(_) | None => 0,
    }
}

fn run_html(page: &Page<'_>, run: &[&Block], filled: &mut bool) -> String {
    let mut buttons = Vec::new();
    let mut other = String::new();
    for block in run {
        if let Block::Button { label, href } = block {
            let weight = if *filled { Weight::Outlined } else { Weight::Filled };
            // A button that leads nowhere is written as text, and the next one is the thing to do.
            *filled |= escape::href(href).is_some();
            buttons.push((label.as_str(), href.as_str(), weight));
        } else {
            other += &block_html(page, block);
        }
    }
    other + &pieces::buttons(page, &buttons)
}

fn block_html(page: &Page<'_>, block: &Block) -> String {
    match block {
        Block::BrandBar => pieces::brand_bar(page),
        Block::Answer { heading, line } => pieces::answer(page, heading, line),
        Block::Text(text) => pieces::text(page, text),
        Block::Button { label, href } => pieces::buttons(page, &[(label, href, Weight::Outlined)]),
        Block::Changes(changes) => commerce::changes(page, changes),
        Block::Items { heading, items } => commerce::items(page, heading, items),
        Block::Totals(rows) => commerce::totals(page, rows),
        Block::Facts(facts) => commerce::facts(page, facts),
        Block::Progress { steps, current } => commerce::progress(page, steps, *current),
        Block::Code(code) => pieces::code(code),
        Block::Divider => pieces::divider(),
        Block::Picture { src, alt } => pieces::picture(page, src, alt),
        Block::Footer { why, links } => footer::footer(page, why, links),
    }
}
