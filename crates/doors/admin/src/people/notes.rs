//! Notes about a customer, and contacts that no program saw. Whoever wrote one changes it, or a manager does.

use axum::Extension;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use customers::{Contact, Direction, NewNote, Note, NoteId, Way, Wording};
use db::Read;
use kernel::{CustomerId, Error, Kind, Result, Shop, ShopClock, Timestamp};
use serde::Serialize;
use staff::{Member, Permission};
use web::{Failure, Form, HtmlPage};

use super::acting::{alive, audit};
use super::again;
use super::stream::Team;
use super::view::Typed;
use crate::door::{Door, fault_of, see_other};

/// What `admin/note.html` is given as `page`.
#[derive(Debug, Serialize)]
struct NotePage {
    path: String,
    customer: String,
    is_contact: bool,
    how: String,
    who: String,
    at: String,
    when: String,
    subject: String,
    body: String,
    may_change: bool,
    fault: Option<String>,
}

/// `POST /a/customers/{id}/notes`.
pub(super) async fn write(
    State(door): State<Door>,
    Extension(member): Extension<Member>,
    Path(id): Path<String>,
    form: Form,
) -> Result<Response, Failure> {
    keep(&door, member, &id, &form, false).await
}

/// `POST /a/customers/{id}/contacts`.
pub(super) async fn log(
    State(door): State<Door>,
    Extension(member): Extension<Member>,
    Path(id): Path<String>,
    form: Form,
) -> Result<Response, Failure> {
    keep(&door, member, &id, &form, true).await
}

async fn keep(
    door: &Door,
    member: Member,
    id: &str,
    form: &Form,
    is_contact: bool,
) -> Result<Response, Failure> {
    let id = CustomerId::parse(id)?;
    let shop = door.db.wiring().get_arc::<Shop>()?;
    let reading = NoteId::parse(form.text("once"))
        .and_then(|note| read_form(form, is_contact, &shop, door.db.now(), note));
    let written = match reading {
        Ok(reading) => write_down(door, &member, &id, reading).await,
        Err(error) => Err(error),
    };
    match written {
        Ok(path) => Ok(see_other(&path, None)?),
        Err(error) => {
            let typed = Typed {
                subject: form.text("subject").to_owned(),
                body: form.text("body").to_owned(),
                at: form.text("at").to_owned(),
                way: form.text("way").to_owned(),
                direction: form.text("direction").to_owned(),
                ..Typed::default()
            };
            again(door, member, id, if is_contact { "contact" } else { "note" }, typed, error).await
        }
    }
}

/// What was typed: the identifier that makes it one, what it says, how it came about, and when.
struct Reading {
    note: NoteId,
    wording: Wording,
    contact: Option<Contact>,
    happened_at: Timestamp,
}

fn read_form(form: &Form, is_contact: bool, shop: &Shop, now: Timestamp, note: NoteId) -> Result<Reading> {
    let wording = Wording::parse(form.text("subject"), form.text("body"))?;
    if !is_contact {
        return Ok(Reading { note, wording, contact: None, happened_at: now });
    }
    let contact =
        Contact { way: Way::parse(form.text("way"))?, direction: Direction::parse(form.text("direction"))? };
    let happened_at = Timestamp::parse_local(form.text("at"), &shop.zone)?;
    if happened_at > now {
        return Err(Error::field("/at", "impossible_date", "This lies in the future. Say when it was."));
    }
    Ok(Reading { note, wording, contact: Some(contact), happened_at })
}

async fn write_down(door: &Door, member: &Member, id: &CustomerId, read: Reading) -> Result<String> {
    let (member, id) = (member.clone(), id.clone());
    let write = door.db.write("staff.write_note", move |w| {
        let person = alive(w, &id)?;
        let new = NewNote {
            id: read.note.clone(),
            customer: &person.id,
            contact: read.contact,
            wording: &read.wording,
            happened_at: read.happened_at,
            by: member.id.as_str(),
        };
        if customers::write_note(w, &new)? {
            let action = if read.contact.is_some() { "contact.logged" } else { "note.written" };
            audit(w, &member, action, &person.id, None, None)?;
        }
        Ok(format!("/a/customers/{}", person.id))
    });
    write.await
}

/// `GET /a/customers/{id}/notes/{note}`.
pub(super) async fn ask(
    State(door): State<Door>,
    Extension(member): Extension<Member>,
    Path((id, note)): Path<(String, String)>,
) -> Result<HtmlPage, Failure> {
    let (id, note) = (CustomerId::parse(&id)?, NoteId::parse(&note)?);
    let page = door.db.read("staff.note", move |r| note_page(r, &member, &id, &note)).await?;
    Ok(door.page("admin/note.html", "What was written", &page)?)
}

fn note_page(r: &mut Read<'_>, member: &Member, id: &CustomerId, note: &NoteId) -> Result<NotePage> {
    let note = theirs(r, id, note)?;
    let team = Team::of(r)?;
    let clock = ShopClock::new(&r.wired::<Shop>()?.zone, r.now);
    let how = note.contact.map(|contact| format!("{}. {}.", contact.way.words(), contact.direction.words()));
    Ok(NotePage {
        path: format!("/a/customers/{id}/notes/{}", note.id),
        customer: format!("/a/customers/{id}"),
        is_contact: note.contact.is_some(),
        how: how.unwrap_or_default(),
        who: team.called(&note.written_by),
        at: note.happened_at.to_string(),
        when: clock.long(note.happened_at),
        may_change: may_change(member, &note),
        subject: note.wording.subject.unwrap_or_default(),
        body: note.wording.body,
        fault: None,
    })
}

/// The note, when it is about this person; another's is not there.
fn theirs(r: &mut Read<'_>, id: &CustomerId, note: &NoteId) -> Result<Note> {
    let person = alive(r, id)?;
    let found = customers::note(r, note)?.filter(|note| person.ids().contains(&note.customer));
    found.ok_or_else(|| Error::not_found("There is no such note."))
}

fn may_change(member: &Member, note: &Note) -> bool {
    note.written_by == member.id.as_str() || member.role.may(Permission::ManageCustomers)
}

fn only_who_may(member: &Member, note: &Note) -> Result<()> {
    if may_change(member, note) {
        return Ok(());
    }
    let words = "Only who wrote it changes it, or a manager. Write a note of your own beside it.";
    Err(Error::new(Kind::Forbidden, "not_allowed", words))
}

/// `POST /a/customers/{id}/notes/{note}`.
pub(super) async fn edit(
    State(door): State<Door>,
    Extension(member): Extension<Member>,
    Path((id, note)): Path<(String, String)>,
    form: Form,
) -> Result<Response, Failure> {
    let (id, note) = (CustomerId::parse(&id)?, NoteId::parse(&note)?);
    let wording = match Wording::parse(form.text("subject"), form.text("body")) {
        Ok(wording) => wording,
        Err(error) => {
            let page = door.db.read("staff.note", move |r| note_page(r, &member, &id, &note)).await?;
            let (subject, body) = (form.text("subject").to_owned(), form.text("body").to_owned());
            let page = NotePage { subject, body, fault: Some(fault_of(error)?), ..page };
            let page = door.page("admin/note.html", "Error: What was written", &page)?;
            return Ok(page.status(StatusCode::UNPROCESSABLE_ENTITY).into_response());
        }
    };
    let path = format!("/a/customers/{id}");
    let write = door.db.write("staff.edit_note", move |w| {
        let found = theirs(w, &id, &note)?;
        only_who_may(&member, &found)?;
        if found.wording != wording && customers::edit_note(w, &note, &wording)? {
            audit(w, &member, "note.edited", &found.customer, Some("text"), Some("changed"))?;
        }
        Ok(())
    });
    write.await?;
    Ok(see_other(&path, None)?)
}

/// `POST /a/customers/{id}/notes/{note}/remove`.
pub(super) async fn remove(
    State(door): State<Door>,
    Extension(member): Extension<Member>,
    Path((id, note)): Path<(String, String)>,
) -> Result<Response, Failure> {
    let (id, note) = (CustomerId::parse(&id)?, NoteId::parse(&note)?);
    let path = format!("/a/customers/{id}");
    let write = door.db.write("staff.remove_note", move |w| {
        let found = theirs(w, &id, &note)?;
        only_who_may(&member, &found)?;
        if customers::remove_note(w, &note)? {
            audit(w, &member, "note.removed", &found.customer, Some("text"), None)?;
        }
        Ok(())
    });
    write.await?;
    Ok(see_other(&path, None)?)
}
