//! Leaving a customer in peace because they asked for it, and writing to them again.

use std::time::Duration;

use axum::Extension;
use axum::extract::{Path, State};
use axum::response::Response;
use kernel::{CustomerId, Error, Result, Shop, Timestamp};
use staff::Member;
use web::{Failure, Form};

use super::acting::{alive, audit, source};
use super::again;
use super::view::Typed;
use crate::door::{Door, see_other};

const DAY: Duration = Duration::from_secs(86_400);

/// `POST /a/customers/{id}/pause`.
pub(super) async fn pause(
    State(door): State<Door>,
    Extension(member): Extension<Member>,
    Path(id): Path<String>,
    form: Form,
) -> Result<Response, Failure> {
    let id = CustomerId::parse(&id)?;
    match paused(&door, &member, &id, &form).await {
        Ok(path) => Ok(see_other(&path, None)?),
        Err(error) => {
            let (until, span) = (form.text("until").to_owned(), form.text("for").to_owned());
            let typed = Typed { until, span, ..Typed::default() };
            again(&door, member, id, "pause", typed, error).await
        }
    }
}

async fn paused(door: &Door, member: &Member, id: &CustomerId, form: &Form) -> Result<String> {
    let shop = door.db.wiring().get_arc::<Shop>()?;
    let until = until(form.text("for"), form.text("until"), door.db.now(), &shop)?;
    let (member, id) = (member.clone(), id.clone());
    let write = door.db.write("staff.pause", move |w| {
        let person = alive(w, &id)?;
        if customers::pause(w, &person.id, until, &source(&member))? {
            audit(w, &member, "customer.paused", &person.id, None, Some(&until.to_string()))?;
        }
        Ok(format!("/a/customers/{}", person.id))
    });
    write.await
}

/// Until when: so many days, or until a day begins at the shop.
fn until(span: &str, day: &str, now: Timestamp, shop: &Shop) -> Result<Timestamp> {
    match span {
        "7" => Ok(now + 7 * DAY),
        "30" => Ok(now + 30 * DAY),
        "90" => Ok(now + 90 * DAY),
        "date" => Timestamp::parse_local(&format!("{day}T00:00"), &shop.zone).map_err(|_| {
            Error::field("/until", "not_a_date", "Write the day as year-month-day, like 2026-12-24.")
        }),
        _ => Err(Error::field("/for", "unknown_span", "Choose how long.")),
    }
}

/// `POST /a/customers/{id}/resume`.
pub(super) async fn resume(
    State(door): State<Door>,
    Extension(member): Extension<Member>,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let id = CustomerId::parse(&id)?;
    let write = door.db.write("staff.resume", move |w| {
        let person = alive(w, &id)?;
        // A pause may be that of one who was merged: it ends for whoever they are.
        for id in person.ids() {
            if customers::resume(w, &id, &source(&member))? {
                audit(w, &member, "customer.resumed", &id, Some("paused"), None)?;
            }
        }
        Ok(format!("/a/customers/{}", person.id))
    });
    Ok(see_other(&write.await?, None)?)
}
