//! Something is wrong for a customer: opened and closed by hand, and what it keeps back until when.

use axum::Extension;
use axum::extract::{Path, State};
use axum::response::Response;
use customers::{NewNote, NoteId, Person, Wording};
use db::{Read, Write};
use kernel::{CustomerId, Error, Result, Shop, ShopClock};
use orders::OrderId;
use serde::Serialize;
use shipments::{Shipment, ShipmentId};
use staff::Member;
use timeline::{Actor, Ending, IncidentId, IncidentKind, Wrong};
use web::{Failure, Form};

use super::acting::{alive, audit, found};
use super::again;
use super::view::Typed;
use crate::door::{Door, see_other};

/// What is wrong, or still counts, on a page.
#[derive(Debug, Serialize)]
pub(super) struct WrongRow {
    what: Vec<&'static str>,
    /// The order's number and page.
    about: Option<(String, String)>,
    /// The parcel's number, if it has one, and its page.
    parcel: Option<(Option<String>, String)>,
    since: String,
    until: String,
    is_open: bool,
    close: String,
}

/// What is wrong for a person now.
pub(super) fn rows(r: &mut Read<'_>, person: &Person) -> Result<Vec<WrongRow>> {
    let mut wrong: Vec<Wrong> = Vec::new();
    for id in person.ids() {
        wrong.extend(timeline::incidents_of(r, &id)?);
    }
    let mut rows = Vec::with_capacity(wrong.len());
    for incident in wrong {
        rows.push(row(r, person, &incident)?);
    }
    Ok(rows)
}

fn row(r: &mut Read<'_>, person: &Person, incident: &Wrong) -> Result<WrongRow> {
    let parcel = parcel_of(r, incident)?;
    let order = order_of(incident, parcel.as_ref());
    let is_open = incident.closed_at.is_none();
    let what = match &order {
        // What was noticed of it is known while it is open.
        Some(order) if is_open => {
            shipments::open::finding_of(r, order, incident.kind, &incident.subject.1)?.what
        }
        Some(_) | None => vec![incident.kind.words()],
    };
    let order = order.map(|order| orders::stored(r, &OrderId::parse(&order)?)).transpose()?.flatten();
    let clock = ShopClock::new(&r.wired::<Shop>()?.zone, r.now);
    Ok(WrongRow {
        what,
        about: order.map(|stored| (stored.order.number, format!("/a/orders/{}", stored.id))),
        parcel: parcel.map(|parcel| (parcel.tracking.number, format!("/a/parcels/{}", parcel.id))),
        since: clock.short(incident.opened_at),
        until: clock.short(incident.holds_until),
        is_open,
        close: format!("/a/customers/{}/incidents/{}/close", person.id, incident.id),
    })
}

/// The parcel that it is about, if it is about one.
fn parcel_of(r: &mut Read<'_>, incident: &Wrong) -> Result<Option<Shipment>> {
    match incident.subject.0.as_str() {
        "shipment" => shipments::shipment(r, &ShipmentId::stored(incident.subject.1.clone())),
        _ => Ok(None),
    }
}

/// The order that it is about, or that its parcel is of: `ord_…`.
fn order_of(incident: &Wrong, parcel: Option<&Shipment>) -> Option<String> {
    let own = (incident.subject.0 == "order").then(|| incident.subject.1.clone());
    own.or_else(|| parcel.map(|parcel| parcel.order.clone()))
}

/// What can be wrong: word, words, and how long it silences at the longest and after it is cured.
pub(super) fn kinds() -> Vec<(&'static str, &'static str, String)> {
    let days = |span: std::time::Duration| span.as_secs() / 86_400;
    let row = |kind: IncidentKind| {
        let hint = format!(
            "They hear nothing that could wait until it is closed, {} days at the longest, and for {} days after.",
            days(kind.oldest()),
            days(kind.cool_down())
        );
        (kind.as_str(), kind.words(), hint)
    };
    IncidentKind::ALL.into_iter().map(row).collect()
}

/// `POST /a/customers/{id}/incidents`. With an order it is about that, and leads back to it.
pub(super) async fn open(
    State(door): State<Door>,
    Extension(member): Extension<Member>,
    Path(id): Path<String>,
    form: Form,
) -> Result<Response, Failure> {
    let id = CustomerId::parse(&id)?;
    match opened(&door, &member, &id, &form).await {
        Ok(path) => Ok(see_other(&path, None)?),
        Err(error) => {
            let (reason, kind) = (form.text("reason").to_owned(), form.text("kind").to_owned());
            let typed = Typed { reason, kind, ..Typed::default() };
            again(&door, member, id, "incident", typed, error).await
        }
    }
}

async fn opened(door: &Door, member: &Member, id: &CustomerId, form: &Form) -> Result<String> {
    let kind = IncidentKind::parse(form.text("kind"))
        .map_err(|_| Error::field("/kind", "unknown_incident", "Say what is wrong."))?;
    let order = Some(form.text("order")).filter(|order| !order.is_empty()).map(OrderId::parse).transpose()?;
    let reason = Some(form.text("reason")).filter(|reason| !reason.is_empty());
    let reason = reason.map(|reason| Wording::parse(kind.words(), reason)).transpose()?;
    let (member, id) = (member.clone(), id.clone());
    let write = door.db.write("staff.open_incident", move |w| {
        let person = alive(w, &id)?;
        let (subject, back) = match &order {
            Some(order) => {
                let stored = orders::stored(w, order)?.filter(|order| person.ids().contains(&order.customer));
                stored.ok_or_else(|| Error::not_found("There is no such order."))?;
                (("order", order.as_str()), format!("/a/orders/{order}"))
            }
            None => (("customer", person.id.as_str()), format!("/a/customers/{}", person.id)),
        };
        let actor = Actor::Staff(member.id.as_str().to_owned());
        if timeline::open_incident(w, kind, subject, &person.id, actor)?.is_some() {
            audit(w, &member, "incident.opened", &person.id, None, Some(kind.as_str()))?;
            explain(w, &member, &person.id, reason.as_ref())?;
        }
        Ok(back)
    });
    write.await
}

/// The reason is a note beside it: the timeline itself holds no free text.
fn explain(
    w: &mut Write<'_>,
    member: &Member,
    customer: &CustomerId,
    reason: Option<&Wording>,
) -> Result<()> {
    let Some(wording) = reason else { return Ok(()) };
    let happened_at = w.now;
    let id = NoteId::new(happened_at, w.dice);
    let by = member.id.as_str();
    customers::write_note(w, &NewNote { id, customer, contact: None, wording, happened_at, by })?;
    Ok(())
}

/// `POST /a/customers/{id}/incidents/{incident}/close`.
pub(super) async fn close(
    State(door): State<Door>,
    Extension(member): Extension<Member>,
    Path((id, incident)): Path<(String, String)>,
    form: Form,
) -> Result<Response, Failure> {
    let (id, incident) = (CustomerId::parse(&id)?, IncidentId::parse(&incident)?);
    // Whatever else was sent means that it was put right.
    let ending = if form.text("ending") == "mistaken" { Ending::Mistaken } else { Ending::Cured };
    let is_on_order = form.text("back") == "order";
    let write = door.db.write("staff.close_incident", move |w| {
        let person = found(w, &id)?;
        let known = timeline::incident(w, &incident)?.filter(|known| person.ids().contains(&known.customer));
        let known = known.ok_or_else(|| Error::not_found("There is no such incident."))?;
        let actor = Actor::Staff(member.id.as_str().to_owned());
        if timeline::close_incident_named(w, &incident, ending, actor)? {
            let kind = known.kind.as_str();
            audit(w, &member, "incident.closed", &person.id, Some(kind), Some(ending.as_str()))?;
        }
        let parcel = parcel_of(w, &known)?;
        let order = order_of(&known, parcel.as_ref()).filter(|_| is_on_order);
        Ok(order.map_or_else(|| format!("/a/customers/{}", person.id), |order| format!("/a/orders/{order}")))
    });
    Ok(see_other(&write.await?, None)?)
}
