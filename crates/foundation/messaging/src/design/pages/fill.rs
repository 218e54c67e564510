//! From a draft to the page that shows it.

use db::Read;
use kernel::{Channel, Error, Result, Shop, ShopClock};
use staff::Account;
use web::Form;

use super::editor::{Desk, Open};
use super::fields::{Fields, Ours, label};
use super::looks::{Looks, View, With};
use super::may_change;
use super::view::{CheckRow, Choice, EditorPage, VersionRow};
use crate::connected::Connected;
use crate::design::checks::{self, Check, Tone};
use crate::design::edit::{Edit, Kind};
use crate::design::offer::{FactKind, Offer, OfferedFact};
use crate::design::preview::{Filling, Recent, Spoken, Writer, Written, one_of, recent, spoken};
use crate::design::source::Design;
use crate::design::store::{self, Version};
use crate::design::trial;
use crate::inbox::view::Body;
use crate::sms::price::SegmentPrice;
use crate::sms::segments::measure;
use crate::template::Template;
use crate::wording::Wording;

/// What a page says besides showing the draft.
#[derive(Clone, Debug, Default)]
pub(super) struct Said {
    /// What the last press did.
    pub did: Option<String>,
    /// What went wrong.
    pub fault: Option<String>,
    /// What has to be changed.
    pub problems: Vec<Check>,
    /// Where a test was to go.
    pub test_mail: Option<String>,
    /// Where a test was to go.
    pub test_text: Option<String>,
}

impl Said {
    /// Keeps the addresses that were typed for a test.
    pub(super) fn of_test(form: &Form) -> Said {
        let typed = |name: &str| form.has(name).then(|| form.text(name).to_owned());
        Said { test_mail: typed("test_mail"), test_text: typed("test_text"), ..Said::default() }
    }
}

/// The page.
pub(super) fn editor(r: &mut Read<'_>, desk: &Desk, open: Open, said: Said) -> Result<EditorPage> {
    let (latest, people) = (store::latest(r, desk.template.id)?, staff::accounts(r)?);
    let recents = recent(r, desk.template.id)?;
    let filling = filled_with(r, desk, &recents)?;
    let (compiled, faults) = trial::compiled(r, &desk.template, desk.offer, open.design.clone())?;
    let (shop, wording) = (r.wired::<Shop>()?, r.wired::<Wording>()?);
    let (template, locale) = (&desk.template, &desk.looks.locale);
    let writer = Writer { shop, wording, template, filling: &filling, locale };
    let written = writer.written(&compiled)?;
    let price = *r.wired::<SegmentPrice>()?;
    let languages = spoken(wording, &shop.locale);
    let mut found: Vec<Check> = faults.iter().map(checks::of_fault).collect();
    found.extend(trial::of_written(&written, &writer, price));
    found.extend(checks::of_languages(&open.design, &named(&languages)));
    found.push(checks::of_brand(&shop.brand));
    found.sort_by_key(|check| std::cmp::Reverse(check.tone));
    let fields = Fields { desk, ours: Ours::of(&writer)?, faults: &faults };
    let (head, pieces) = (fields.head(&open.design), fields.pieces(&open.design));
    let is_here = |name: &str| {
        let mut all = head.iter().chain(pieces.iter().flat_map(|piece| &piece.fields));
        all.any(|field| field.name == name)
    };
    let verdict = verdict(&found);
    let row = |check: Check| CheckRow::new(check, is_here);
    let (checks, problems) =
        (found.into_iter().map(row).collect(), said.problems.into_iter().map(row).collect());
    let clock = ShopClock::new(&shop.zone, r.now);
    let live = latest.map(|latest| version(&latest, &people, &clock));
    let next = live.as_ref().map_or(0, |live| live.number) + 1;
    let texts_leave = r.wired::<Connected>()?.0.contains(&Channel::Sms);
    let test_text = texts_leave.then(|| said.test_text.unwrap_or_default());
    Ok(EditorPage {
        path: format!("/a/templates/{}", desk.template.id),
        title: desk.offer.title,
        about: desk.offer.about,
        meanwhile: live.clone().filter(|live| open.is_draft && live.number > open.base),
        live,
        base: open.base,
        next,
        may_change: may_change(&desk.member),
        has_draft: open.is_draft,
        did: said.did,
        fault: said.fault,
        problems,
        language_name: name_of(&languages, &desk.looks),
        languages: language_choices(desk, &languages),
        language: desk.looks.language.clone(),
        dir: desk.looks.locale.dir(),
        head,
        pieces,
        kinds: Kind::ALL.map(|(_, name, label)| (name, label)).to_vec(),
        facts: desk.offer.facts.iter().map(fact).collect(),
        views: View::ALL.into_iter().map(|view| view_choice(desk, view)).collect(),
        view: desk.looks.view.name(),
        fillings: fillings(desk, &recents),
        with: desk.looks.with.as_str().to_owned(),
        subject: written.rendered.subject.clone(),
        body: body(desk, written, price, &shop.locale),
        checks,
        verdict,
        note: open.note,
        test_mail: said.test_mail.unwrap_or_else(|| desk.member.email.clone()),
        test_text,
    })
}

/// A saved version with its maker's name.
pub(super) fn version(version: &Version, people: &[Account], clock: &ShopClock<'_>) -> VersionRow {
    let maker = people.iter().find(|person| person.id == version.made_by);
    VersionRow {
        number: version.version,
        by: maker.map_or_else(|| "somebody who has left".to_owned(), |person| person.name.clone()),
        at: version.made_at.to_string(),
        when: clock.short(version.made_at),
        note: version.note.clone(),
    }
}

/// What the last press did, in a sentence; what an address says that was never pressed is nothing.
pub(super) fn did(word: &str, design: &Design, offer: &Offer) -> Option<String> {
    let all = design.pieces.len();
    let place = |edit: &Edit| {
        let name = edit.subject(design)?;
        let at = design.pieces.iter().position(|piece| piece.name() == name)?;
        Some((label(&design.pieces[at], offer), at + 1))
    };
    match word {
        "saved" => return Some("Saved. Messages are written like this from now on.".to_owned()),
        "unchanged" => return Some("Nothing has changed since it was saved.".to_owned()),
        "dropped" => return Some("Your changes are dropped.".to_owned()),
        "tested" => return Some("The test is on its way.".to_owned()),
        _ => {}
    }
    let edit = Edit::parse(word)?;
    let placed = place(&edit);
    Some(match (&edit, placed) {
        (Edit::Up(_) | Edit::Down(_), Some((label, at))) => format!("{label} is now block {at} of {all}."),
        (Edit::Hide(_), Some((label, _))) => format!("{label} is hidden."),
        (Edit::Show(_), Some((label, _))) => format!("{label} is shown again."),
        (Edit::Add(..), Some((label, at))) => {
            format!("{label} was added as block {at} of {all}. Write in it below.")
        }
        (Edit::Remove(_), _) => "The block is removed.".to_owned(),
        (Edit::Fresh, _) => "Everything is as it came. Save it to use it.".to_owned(),
        (Edit::Up(_) | Edit::Down(_) | Edit::Hide(_) | Edit::Show(_) | Edit::Add(..), None) => return None,
    })
}

/// What has to be changed before a design can be saved.
pub(super) fn problems(error: &Error) -> Vec<Check> {
    let problem = |field: &kernel::FieldError| Check {
        tone: Tone::Bad,
        what: "Words",
        words: field.detail.clone(),
        field: Some(field.pointer.trim_start_matches('/').to_owned()),
    };
    error.fields().iter().map(problem).collect()
}

/// What is wrong with what was typed.
pub(super) fn first_fault(error: &Error) -> String {
    error.fields().first().map_or(error.words(), |field| &field.detail).to_owned()
}

/// What a preview is filled with.
pub(super) fn filling(r: &mut Read<'_>, template: &Template, with: &With) -> Result<Filling> {
    match with {
        With::Newest => {
            let newest = recent(r, template.id)?.into_iter().next();
            Ok(newest.map_or_else(|| Filling::sample(template, r.now), |newest| newest.filling))
        }
        With::Sample => Ok(Filling::sample(template, r.now)),
        With::Message(id) => Ok(one_of(r, id, template.id)?.filling),
    }
}

fn filled_with(r: &mut Read<'_>, desk: &Desk, recents: &[Recent]) -> Result<Filling> {
    match (&desk.looks.with, recents.first()) {
        (With::Newest, Some(newest)) => Ok(newest.filling.clone()),
        (with, _) => filling(r, &desk.template, with),
    }
}

/// What came out of all checks, for beside the preview.
fn verdict(found: &[Check]) -> (&'static str, String) {
    let count = |tone: Tone| found.iter().filter(|check| check.tone == tone).count();
    match (count(Tone::Bad), count(Tone::Warn)) {
        (0, 0) => (Tone::Ok.badge(), "ready".to_owned()),
        (0, warnings) => (Tone::Warn.badge(), format!("{warnings} to look at")),
        (bad, _) => (Tone::Bad.badge(), format!("{bad} to change")),
    }
}

fn named(languages: &[Spoken]) -> Vec<(String, String)> {
    languages.iter().map(|spoken| (spoken.tag.clone(), spoken.name.clone())).collect()
}

fn name_of(languages: &[Spoken], looks: &Looks) -> String {
    let spoken = languages.iter().find(|spoken| spoken.tag == looks.language);
    spoken.map(|spoken| spoken.name.clone()).unwrap_or_default()
}

fn language_choices(desk: &Desk, languages: &[Spoken]) -> Vec<Choice> {
    let choice = |spoken: &Spoken| Choice {
        label: spoken.name.clone(),
        value: format!("language:{}", spoken.tag),
        href: href(desk, &desk.looks.with_language(&spoken.tag)),
        current: spoken.tag == desk.looks.language,
    };
    languages.iter().map(choice).collect()
}

fn view_choice(desk: &Desk, view: View) -> Choice {
    Choice {
        label: view.label().to_owned(),
        value: format!("view:{}", view.name()),
        href: href(desk, &desk.looks.with_view(view)),
        current: view == desk.looks.view,
    }
}

fn fillings(desk: &Desk, recents: &[Recent]) -> Vec<Choice> {
    let choice = |label: String, with: With, current: bool| Choice {
        label,
        value: format!("with:{}", with.as_str()),
        href: href(desk, &desk.looks.filled_with(with)),
        current,
    };
    let chosen = &desk.looks.with;
    let one = |(at, recent): (usize, &Recent)| {
        let is_newest = at == 0 && *chosen == With::Newest;
        let with = With::Message(recent.id.clone());
        let current = is_newest || *chosen == with;
        choice(format!("Message to {}", recent.to), with, current)
    };
    let is_sample = *chosen == With::Sample || *chosen == With::Newest && recents.is_empty();
    let sample = choice("Our sample".to_owned(), With::Sample, is_sample);
    recents.iter().enumerate().map(one).chain([sample]).collect()
}

fn href(desk: &Desk, looks: &Looks) -> String {
    format!("/a/templates/{}?{}", desk.template.id, looks.query())
}

/// How a fact is written, and what it is.
fn fact(fact: &OfferedFact) -> (String, &'static str) {
    let name = fact.name;
    let written = match fact.kind {
        FactKind::Text | FactKind::Link => format!("{{{{{name}}}}}"),
        FactKind::YesNo => format!("{{{{#if {name}}}}}…{{{{/if}}}}"),
        FactKind::List(fields) => {
            let fields: Vec<String> = fields.iter().map(|field| format!("{{{{this.{field}}}}}")).collect();
            format!("{{{{#each {name}}}}}{}{{{{/each}}}}", fields.join(" "))
        }
    };
    (written, fact.means)
}

fn body(desk: &Desk, written: Written, price: SegmentPrice, locale: &kernel::Locale) -> Body {
    let frame = |width: &'static str| Body::Frame {
        title: format!("The message: {}", desk.looks.view.label()),
        width,
        src: format!("/a/templates/{}/html?{}", desk.template.id, desk.looks.query()),
    };
    match desk.looks.view {
        View::Desktop | View::Dark => frame(""),
        View::Phone => frame("w360"),
        View::Text => Body::Text { title: "The text part".to_owned(), text: written.rendered.text },
        View::Sms => {
            let segments = measure(&written.text).segments.len();
            let cost = price.of(segments).map(|money| format!(", {}", money.shown(locale)));
            let many = if segments == 1 { "1 segment".to_owned() } else { format!("{segments} segments") };
            Body::Bubble { text: written.text, takes: many + &cost.unwrap_or_default() }
        }
    }
}
