//! The editor of one template: what is shown, and what a press does.

use axum::Extension;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use db::{Read, Write};
use kernel::{Error, Kind, Result, Shop};
use staff::{Member, StaffId};
use web::headers::Framing;
use web::{Failure, Form, HtmlPage, see_other};

use super::fill::{self, Said};
use super::form::{self, Press};
use super::looks::{Asked, Looks, View};
use super::test_send::{self, Test};
use super::view::EditorPage;
use super::{Door, history, may_change, offered, only_managers};
use crate::design::edit::edited;
use crate::design::offer::Offer;
use crate::design::preview::{Writer, spoken};
use crate::design::save::{NOTE_CHARS, Saved};
use crate::design::source::Design;
use crate::design::{save, store, trial};
use crate::inbox::view::{Body, forced_dark, forced_light};
use crate::template::Template;
use crate::wording::Wording;

/// What somebody has before them.
#[derive(Clone, Debug)]
pub(super) struct Open {
    /// The version it was begun from.
    pub base: u32,
    /// What it is by now.
    pub design: Design,
    /// What its maker says of it.
    pub note: String,
    /// Whether it is kept as a draft of theirs.
    pub is_draft: bool,
}

/// A template with who looks at it, and how.
#[derive(Clone)]
pub(super) struct Desk {
    pub template: Template,
    pub offer: &'static Offer,
    pub member: Member,
    pub looks: Looks,
}

/// What a press led to.
enum Done {
    /// Another page.
    GoTo(String),
    /// The same page, and what is wrong.
    Wrong(Open, Said),
    /// Somebody else saved a version meanwhile.
    Meanwhile,
    /// A test is to leave.
    Test(Box<Test>, Open),
}

/// `GET /a/templates/{id}`.
pub(super) async fn show(
    State(door): State<Door>,
    Extension(member): Extension<Member>,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Failure> {
    let read = door.db.read("messaging.template", move |r| {
        let desk = desk(r, &id, &member, &asked)?;
        let open = open(r, &desk)?;
        let said = Said { did: fill::did(&asked.did, &open.design, desk.offer), ..Said::default() };
        fill::editor(r, &desk, open, said)
    });
    let page = read.await?;
    Ok(door.editor(&page, StatusCode::OK)?)
}

/// `GET /a/templates/{id}/html`: the message itself, for the frame.
pub(super) async fn html(
    State(door): State<Door>,
    Extension(member): Extension<Member>,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<HtmlPage, Failure> {
    let read = door.db.read("messaging.template_html", move |r| {
        let desk = desk(r, &id, &member, &asked)?;
        let design = match asked.version {
            Some(version) => saved(r, &desk, version)?,
            None => open(r, &desk)?.design,
        };
        written_html(r, &desk, design)
    });
    Ok(HtmlPage::new(read.await?).framing(Framing::Shown))
}

fn written_html(r: &mut Read<'_>, desk: &Desk, design: Design) -> Result<String> {
    let filling = fill::filling(r, &desk.template, &desk.looks.with)?;
    let (compiled, _) = trial::compiled(r, &desk.template, desk.offer, design)?;
    let (shop, wording) = (r.wired::<Shop>()?, r.wired::<Wording>()?);
    let (template, locale) = (&desk.template, &desk.looks.locale);
    let written = Writer { shop, wording, template, filling: &filling, locale }.written(&compiled)?;
    let html = written.rendered.html;
    Ok(if desk.looks.view == View::Dark { forced_dark(&html) } else { forced_light(&html) })
}

/// `POST /a/templates/{id}`: whichever button of the editor was pressed.
pub(super) async fn press(
    State(door): State<Door>,
    Extension(member): Extension<Member>,
    Path(id): Path<String>,
    form: Form,
) -> Result<Response, Failure> {
    only_managers(&member)?;
    let asked = form::asked(&form);
    let typed = form.clone();
    let pressed = door.db.write("messaging.template_pressed", move |w| {
        let desk = desk(w, &id, &member, &asked)?;
        let done = pressed(w, &desk, &typed)?;
        Ok((desk, done))
    });
    let (desk, done) = pressed.await?;
    match done {
        Done::GoTo(path) => Ok(see_other(&path)?),
        Done::Wrong(open, said) => Ok(door.wrong(desk, open, said).await?),
        Done::Meanwhile => Ok(history::conflict(&door, desk).await?),
        Done::Test(test, open) => match test_send::send(&door, &test).await {
            Ok(()) => Ok(see_other(&path(&desk, &desk.looks, "tested", ""))?),
            Err(words) => {
                let said = Said { fault: Some(words), ..Said::of_test(&form) };
                Ok(door.wrong(desk, open, said).await?)
            }
        },
    }
}

/// Keeps what was typed, then does what was pressed.
fn pressed(w: &mut Write<'_>, desk: &Desk, form: &Form) -> Result<Done> {
    let press = Press::parse(form.text("do"));
    let base = base_of(w, desk, form::base(form))?;
    let mut open = opened_from(w, desk, base)?;
    form::typed(&mut open.design, &desk.looks.language, form);
    if form.has("note") {
        open.note = kernel::text::shortened(form.text("note"), NOTE_CHARS);
    }
    if matches!(press, Press::SaveOver | Press::GoOn) {
        open.base = form::base(form);
    }
    if let Press::Edit(edit) = &press {
        open.design = edited(open.design, edit, desk.offer);
    }
    if let Some(wrong) = kept(w, desk, &mut open)? {
        return Ok(Done::Wrong(open, Said { fault: Some(wrong), ..Said::of_test(form) }));
    }
    let go = |looks: &Looks, did: &str, at: &str| Done::GoTo(path(desk, looks, did, at));
    Ok(match press {
        Press::Keep | Press::GoOn => go(&desk.looks, "", ""),
        Press::Look(turn) => go(&form::turned(desk.looks.clone(), &turn)?, "", "#preview"),
        Press::Edit(edit) => {
            let at = edit.subject(&open.design).map(|name| format!("#piece-{name}")).unwrap_or_default();
            go(&desk.looks, &edit.done_word(&open.design), &at)
        }
        Press::Drop => {
            store::drop_draft(w, &desk.member.id, desk.template.id)?;
            go(&desk.looks, "dropped", "")
        }
        Press::Save | Press::SaveOver => return used(w, desk, open),
        Press::TestMail | Press::TestText => return tested(w, desk, &press, form, open),
    })
}

/// The version that what somebody has before them was begun from: where they have saved it themselves since, that one.
fn base_of(r: &mut Read<'_>, desk: &Desk, shown: u32) -> Result<u32> {
    let latest = store::latest(r, desk.template.id)?;
    let own = latest.filter(|latest| latest.version > shown && latest.made_by == desk.member.id);
    Ok(own.map_or(shown, |own| own.version))
}

/// Saves what was kept, or says what is wrong with it. A button that is pressed twice saves once.
fn used(w: &mut Write<'_>, desk: &Desk, open: Open) -> Result<Done> {
    if !open.is_draft {
        return Ok(Done::GoTo(path(desk, &desk.looks, "unchanged", "")));
    }
    match save(w, desk.template.id, open.base, &open.design, &open.note, &desk.member.id) {
        Ok(Saved::As(_)) => Ok(Done::GoTo(path(desk, &desk.looks, "saved", ""))),
        Ok(Saved::Meanwhile(_)) => Ok(Done::Meanwhile),
        Err(error) if error.kind() == Kind::Invalid => {
            let fault =
                Some("Nothing is lost: it is your draft. Change what is marked, then save it.".to_owned());
            Ok(Done::Wrong(open, Said { fault, problems: fill::problems(&error), ..Said::default() }))
        }
        Err(error) => Err(error),
    }
}

fn tested(w: &mut Write<'_>, desk: &Desk, press: &Press, form: &Form, open: Open) -> Result<Done> {
    match test_send::prepared(w, desk, press, form, open.design.clone()) {
        Ok(test) => Ok(Done::Test(Box::new(test), open)),
        Err(error) if matches!(error.kind(), Kind::Invalid | Kind::TooMany) => {
            let fault = Some(fill::first_fault(&error));
            Ok(Done::Wrong(open, Said { fault, ..Said::of_test(form) }))
        }
        Err(error) => Err(error),
    }
}

/// Keeps a draft; one that is as it was saved is none. Says why when it can't be kept.
fn kept(w: &mut Write<'_>, desk: &Desk, open: &mut Open) -> Result<Option<String>> {
    let (by, template): (&StaffId, _) = (&desk.member.id, desk.template.id);
    let is_as_saved =
        saved(w, desk, open.base).is_ok_and(|saved| saved == open.design) && open.note.is_empty();
    if is_as_saved {
        store::drop_draft(w, by, template)?;
        open.is_draft = false;
        return Ok(None);
    }
    match store::keep(w, by, template, open.base, &open.design, &open.note) {
        Ok(()) => {
            open.is_draft = true;
            Ok(None)
        }
        Err(error) if error.kind() == Kind::Invalid => Ok(Some(error.words().to_owned())),
        Err(error) => Err(error),
    }
}

/// A template and the look at it.
pub(super) fn desk(r: &mut Read<'_>, id: &str, member: &Member, asked: &Asked) -> Result<Desk> {
    let (template, offer) = offered(r, id)?;
    let languages = spoken(r.wired::<Wording>()?, &r.wired::<Shop>()?.locale);
    let looks = Looks::of(asked, &languages)?;
    Ok(Desk { template, offer, member: member.clone(), looks })
}

/// The draft of whoever looks, else what is live. Who may not change anything has no draft.
pub(super) fn open(r: &mut Read<'_>, desk: &Desk) -> Result<Open> {
    let live = store::latest(r, desk.template.id)?.map_or(0, |latest| latest.version);
    opened_from(r, desk, live)
}

/// The draft of whoever looks, else the version that their page was made from.
fn opened_from(r: &mut Read<'_>, desk: &Desk, base: u32) -> Result<Open> {
    let draft = match may_change(&desk.member) {
        true => store::draft(r, &desk.member.id, desk.template.id)?,
        false => None,
    };
    match draft {
        Some(draft) => {
            let design = draft.design.over(desk.offer);
            Ok(Open { base: draft.base, design, note: draft.note, is_draft: true })
        }
        None => Ok(Open { base, design: readable(r, desk, base)?, note: String::new(), is_draft: false }),
    }
}

/// A version to go on from: the letter as it came where this release of the program can't read it, as messages are then.
fn readable(r: &mut Read<'_>, desk: &Desk, version: u32) -> Result<Design> {
    match saved(r, desk, version) {
        Err(error) if error.kind() == Kind::Internal => {
            tracing::warn!(template = desk.template.id, version, ?error, "this design can't be read");
            Ok(Design::shipped(desk.offer))
        }
        design => design,
    }
}

/// A version as it was saved; 0 is the letter as it came.
pub(super) fn saved(r: &mut Read<'_>, desk: &Desk, version: u32) -> Result<Design> {
    if version == 0 {
        return Ok(Design::shipped(desk.offer));
    }
    let none = || Error::not_found("There is no such version.");
    let stored = store::version(r, desk.template.id, version)?.ok_or_else(none)?;
    Ok(Design::parse(&stored.source)?.over(desk.offer))
}

/// The editor's address, with what the last press did and where on the page it was.
pub(super) fn path(desk: &Desk, looks: &Looks, did: &str, at: &str) -> String {
    let did = if did.is_empty() { String::new() } else { format!("&did={did}") };
    format!("/a/templates/{}?{}{did}{at}", desk.template.id, looks.query())
}

impl Door {
    fn editor(&self, page: &EditorPage, status: StatusCode) -> Result<Response> {
        let html = self.page("messaging/template.html", page.title, page)?.status(status);
        Ok(match page.body {
            Body::Frame { .. } => html.framing(Framing::Shows).into_response(),
            Body::Text { .. } | Body::Bubble { .. } | Body::Headers { .. } => html.into_response(),
        })
    }

    /// The editor again, with everything that was typed and what is wrong.
    async fn wrong(&self, desk: Desk, open: Open, said: Said) -> Result<Response> {
        let again =
            self.db.read("messaging.template", move |r| fill::editor(r, &desk, open.clone(), said.clone()));
        self.editor(&again.await?, StatusCode::UNPROCESSABLE_ENTITY)
    }
}
