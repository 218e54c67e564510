//! What somebody does with one order: mark it, write about it, send its confirmation again.

use axum::Extension;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use kernel::{Error, Kind, Result};
use staff::{Member, NoteId};
use web::{Failure, Form, see_other};

use super::view::Flash;
use super::{Door, no_order};
use crate::marks::{self, Mark};
use crate::resend::{self, Resent};
use crate::{OrderId, store};

/// `POST /a/orders/{id}/mark`.
pub(super) async fn mark(
    State(door): State<Door>,
    Extension(member): Extension<Member>,
    Path(id): Path<String>,
    form: Form,
) -> Result<Response, Failure> {
    let (id, mark) = (OrderId::parse(&id)?, Mark::parse(form.text("mark"))?);
    let because = form.text("because").to_owned();
    let (marked, by) = (id.clone(), member.clone());
    let done = door
        .db
        .write("orders.mark", move |w| {
            marks::mark(w, &marked, mark, &because, by.id.as_str())?;
            let after = (mark == Mark::Hold).then_some("changed");
            staff::note(w, Some(&by.id), mark.event(), ("order", marked.as_str()), None, after)
        })
        .await;
    answer(&door, &id, member, done.map(|()| mark.as_str())).await
}

/// `POST /a/orders/{id}/resend`. `seen` is how many confirmations there were when the button was shown, so that pressing
/// twice is pressing once.
pub(super) async fn resend(
    State(door): State<Door>,
    Extension(member): Extension<Member>,
    Path(id): Path<String>,
    form: Form,
) -> Result<Response, Failure> {
    let id = OrderId::parse(&id)?;
    let seen = seen(form.text("seen"))?;
    let (asked, by) = (id.clone(), member.clone());
    let done = door
        .db
        .write("orders.resend", move |w| {
            let resent = resend::resend(w, &asked, seen)?;
            if let Resent::Now(message) = &resent {
                let subject = ("order", asked.as_str());
                staff::note(w, Some(&by.id), "order.resent", subject, None, Some(message.as_str()))?;
            }
            Ok(resent)
        })
        .await;
    let word = |resent| match resent {
        Resent::Now(_) => "resent",
        Resent::Already => "already",
    };
    answer(&door, &id, member, done.map(word)).await
}

/// How many confirmations somebody has seen.
pub(super) fn seen(text: &str) -> Result<u32> {
    let unreadable = |_| Error::invalid("not_a_number", "Open the order anew, then send it again.");
    text.parse().map_err(unreadable)
}

/// `POST /a/orders/{id}/notes`.
pub(super) async fn add_note(
    State(door): State<Door>,
    Extension(member): Extension<Member>,
    Path(id): Path<String>,
    form: Form,
) -> Result<Response, Failure> {
    let id = OrderId::parse(&id)?;
    let (about, body, by) = (id.clone(), form.text("body").to_owned(), member.clone());
    let done = door
        .db
        .write("orders.add_note", move |w| {
            store::stored(w, &about)?.ok_or_else(no_order)?;
            staff::add_note(w, &by, ("order", about.as_str()), &body)
        })
        .await;
    answer(&door, &id, member, done.map(|_| "noted")).await
}

/// `POST /a/orders/{id}/notes/{note}/remove`.
pub(super) async fn remove_note(
    State(door): State<Door>,
    Extension(member): Extension<Member>,
    Path((id, note)): Path<(String, String)>,
) -> Result<Response, Failure> {
    let (id, note) = (OrderId::parse(&id)?, NoteId::parse(&note)?);
    let (about, by) = (id.clone(), member.clone());
    let done = door
        .db
        .write("orders.remove_note", move |w| staff::remove_note(w, &by, ("order", about.as_str()), &note))
        .await;
    answer(&door, &id, member, done.map(|()| "removed")).await
}

/// The order again: with what was done, or with what is wrong.
async fn answer(
    door: &Door,
    id: &OrderId,
    member: Member,
    done: Result<&'static str>,
) -> Result<Response, Failure> {
    let error = match done {
        Ok(word) => return Ok(see_other(&format!("/a/orders/{id}?did={word}"))?),
        Err(error) if error.kind() == Kind::Invalid => error,
        Err(error) => return Err(error.into()),
    };
    let words = error.fields().first().map_or(error.words(), |field| &field.detail).to_owned();
    let page = door.order_page(id, member, Some(Flash { tone: "bad", words })).await?;
    Ok(page.status(StatusCode::UNPROCESSABLE_ENTITY).into_response())
}

/// What was just done, by a known word of the address.
pub(super) fn flash_of(did: &str) -> Option<Flash> {
    let words = match did {
        "pack" => "It is marked as packed.",
        "unpack" => "It is not packed any more.",
        "hold" => "It is held.",
        "let_go" => "It is let go.",
        "resent" => "The confirmation is on its way again.",
        "already" => "It was sent again already. Nothing was sent twice.",
        "noted" => "Your note is kept.",
        "removed" => "The note is removed.",
        _ => return None,
    };
    Some(Flash { tone: "ok", words: words.to_owned() })
}
