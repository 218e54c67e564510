//! What the pages of templates show.

use serde::Serialize;

use crate::design::checks::Check;
use crate::design::diff::{Line, Run};
use crate::design::offer::Offer;
use crate::inbox::view::Body;
use crate::template::Template;

/// What `messaging/templates.html` is given as `page`.
#[derive(Debug, Serialize)]
pub struct ListPage {
    /// Messages that can be changed.
    pub rows: Vec<TemplateRow>,
    /// Whether some messages stay as they are.
    pub some_stay: bool,
}

/// One message.
#[derive(Debug, Serialize)]
pub struct TemplateRow {
    /// Its editor.
    pub href: String,
    /// `Order confirmation`.
    pub title: &'static str,
    /// When it is sent.
    pub about: &'static str,
    /// `transactional`.
    pub purpose: &'static str,
    /// The live version; none while it is as it came.
    pub version: Option<VersionRow>,
    /// Whether the reader has begun to change it.
    pub has_draft: bool,
}

impl TemplateRow {
    /// The row of a template.
    pub(super) fn new(
        template: &Template,
        offer: &Offer,
        version: Option<VersionRow>,
        has_draft: bool,
    ) -> TemplateRow {
        let (href, purpose) = (format!("/a/templates/{}", template.id), template.purpose.as_str());
        TemplateRow { href, title: offer.title, about: offer.about, purpose, version, has_draft }
    }
}

/// A saved version.
#[derive(Clone, Debug, Serialize)]
pub struct VersionRow {
    /// Its number.
    pub number: u32,
    /// Who made it.
    pub by: String,
    /// RFC 3339, for machines.
    pub at: String,
    /// By the shop's clock.
    pub when: String,
    /// What its maker said of it.
    pub note: String,
}

/// What `messaging/template.html` is given as `page`.
#[derive(Debug, Serialize)]
pub struct EditorPage {
    /// The template's own address.
    pub path: String,
    /// `Order confirmation`.
    pub title: &'static str,
    /// When it is sent.
    pub about: &'static str,
    /// The live version; none while it is as it came.
    pub live: Option<VersionRow>,
    /// The version the draft was begun from.
    pub base: u32,
    /// The number that *Save* would give.
    pub next: u32,
    /// Whether the reader may change it.
    pub may_change: bool,
    /// Whether something is written that is not saved.
    pub has_draft: bool,
    /// Who saved a version since the draft was begun.
    pub meanwhile: Option<VersionRow>,
    /// What the last press did.
    pub did: Option<String>,
    /// What went wrong, in a sentence.
    pub fault: Option<String>,
    /// What has to be changed before it can be used.
    pub problems: Vec<CheckRow>,
    /// The languages.
    pub languages: Vec<Choice>,
    /// The language's tag, and its name.
    pub language: String,
    /// Its name.
    pub language_name: String,
    /// `ltr` or `rtl`.
    pub dir: &'static str,
    /// Subject, preheader, text message.
    pub head: Vec<Field>,
    /// The blocks in order.
    pub pieces: Vec<PieceRow>,
    /// What can be added.
    pub kinds: Vec<(&'static str, &'static str)>,
    /// What own words may name: how it is written, and what it is.
    pub facts: Vec<(String, &'static str)>,
    /// The ways to see it.
    pub views: Vec<Choice>,
    /// The current one.
    pub view: &'static str,
    /// The orders it can be filled with.
    pub fillings: Vec<Choice>,
    /// The current one.
    pub with: String,
    /// The subject as it reads.
    pub subject: String,
    /// The message.
    pub body: Body,
    /// What was looked at.
    pub checks: Vec<CheckRow>,
    /// What came out of it: tone and words.
    pub verdict: (&'static str, String),
    /// What its maker says of it.
    pub note: String,
    /// Where a test by mail goes.
    pub test_mail: String,
    /// Where a test by text goes; none where no texts leave.
    pub test_text: Option<String>,
}

/// Something to choose among others.
#[derive(Debug, Serialize)]
pub struct Choice {
    /// What it says.
    pub label: String,
    /// What its button sends.
    pub value: String,
    /// Where its link leads, for whoever changes nothing.
    pub href: String,
    /// Whether it is chosen.
    pub current: bool,
}

/// A sentence of the shop's own in the language that is being written.
#[derive(Debug, Serialize)]
pub struct Field {
    /// Its name in the form.
    pub name: String,
    /// What it is called.
    pub label: &'static str,
    /// What was written.
    pub value: String,
    /// What is said while nothing is written.
    pub ours: String,
    /// What to know about it.
    pub hint: &'static str,
    /// Rows of its box; 0 is one line.
    pub rows: u8,
    /// Whether it is the same in every language.
    pub is_for_all: bool,
    /// What is wrong with it.
    pub faults: Vec<String>,
}

/// A block of the message.
#[derive(Debug, Serialize)]
pub struct PieceRow {
    /// Its name within the design.
    pub name: String,
    /// What it is called.
    pub label: String,
    /// Its place, counted from 1.
    pub place: usize,
    /// Whether it is the shop's own.
    pub is_own: bool,
    /// Whether it is left out.
    pub is_hidden: bool,
    /// Whether it can be left out.
    pub can_hide: bool,
    /// Whether it can go up.
    pub can_go_up: bool,
    /// Whether it can go down.
    pub can_go_down: bool,
    /// Whether another can come behind it.
    pub can_add: bool,
    /// What is written in it.
    pub fields: Vec<Field>,
}

/// One thing that was looked at.
#[derive(Debug, Serialize)]
pub struct CheckRow {
    /// `ok`, `warn`, `bad` or `info`.
    pub tone: &'static str,
    /// `Size`.
    pub what: &'static str,
    /// What was found, and what to do.
    pub words: String,
    /// The field it is about, where it is on this page.
    pub field: Option<String>,
}

impl CheckRow {
    /// The row of a check; it leads to its field where the page has it.
    pub(super) fn new(check: Check, has_field: impl Fn(&str) -> bool) -> CheckRow {
        let field = check.field.filter(|field| has_field(field));
        CheckRow { tone: check.tone.badge(), what: check.what, words: check.words, field }
    }
}

/// What `messaging/versions.html` is given as `page`.
#[derive(Debug, Serialize)]
pub struct VersionsPage {
    /// The template's own address.
    pub path: String,
    /// `Order confirmation`.
    pub title: &'static str,
    /// The number of the live version; 0 while it is as it came.
    pub live: u32,
    /// Whether the reader may bring one back.
    pub may_change: bool,
    /// One page of versions, the newest first.
    pub rows: Vec<VersionRow>,
    /// The page of older ones.
    pub older: Option<String>,
    /// The newest page, when this is another one.
    pub newest: Option<String>,
    /// What is compared: `from` and `to`.
    pub compared: Option<(u32, u32)>,
    /// How they differ.
    pub diff: Vec<DiffLine>,
    /// What went wrong.
    pub fault: Option<String>,
}

/// What `messaging/meanwhile.html` is given as `page`.
#[derive(Debug, Serialize)]
pub struct MeanwhilePage {
    /// The template's own address.
    pub path: String,
    /// `Order confirmation`.
    pub title: &'static str,
    /// What somebody else saved.
    pub theirs: VersionRow,
    /// The number that saving would give.
    pub next: u32,
    /// From theirs to the reader's.
    pub diff: Vec<DiffLine>,
}

/// A line of a comparison.
#[derive(Debug, Serialize)]
pub struct DiffLine {
    /// `same`, `gone`, `new` or `changed`.
    pub kind: &'static str,
    /// Its runs of words: `same`, `gone` or `new`, and what they say.
    pub runs: Vec<(&'static str, String)>,
}

impl DiffLine {
    /// A line as it is shown.
    pub(super) fn new(line: Line) -> DiffLine {
        match line {
            Line::Same(words) => DiffLine { kind: "same", runs: vec![("same", words)] },
            Line::Gone(words) => DiffLine { kind: "gone", runs: vec![("gone", words)] },
            Line::New(words) => DiffLine { kind: "new", runs: vec![("new", words)] },
            Line::Changed(runs) => DiffLine { kind: "changed", runs: runs.into_iter().map(run).collect() },
        }
    }
}

fn run(run: Run) -> (&'static str, String) {
    match run {
        Run::Same(words) => ("same", words),
        Run::Gone(words) => ("gone", words),
        Run::New(words) => ("new", words),
    }
}
