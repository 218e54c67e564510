//! `/v1/customers`: how a person is reached, and what they chose and agreed to.

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use customers::{Answer, ContactPoint, Person, Suppression};
use db::{Db, Read, Write};
use kernel::{Channel, CustomerId, Error, Result};
use messaging::{topics, you};
use web::Failure;

use crate::body::{Refused, json};
use crate::customer_in::{self, Patch};
use crate::customer_schema::{
    ConsentOut, ContactPointOut, CustomerOut, CustomerPatch, SuppressionOut, TopicOut,
};
use crate::keys::{self, Scope};
use crate::schema::Problem;

/// The longest history that is told.
const MOST_ANSWERS: usize = 500;
/// How the timeline calls what came through this door.
const SOURCE: &str = "api";

/// Read a customer
///
/// How a person is reached, what they chose, and what they agreed to with its whole history.
#[utoipa::path(
    get, path = "/v1/customers/{id}", operation_id = "readCustomer", tag = "customers",
    params(("id" = String, Path, description = "The customer's `cus_…`.")),
    responses(
        (status = 200, description = "The customer.", body = CustomerOut),
        (status = 401, description = "No key, or none of this shop.", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "The key lacks the scope.", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No such customer.", body = Problem, content_type = "application/problem+json"),
    ),
    security(("key" = ["customers:read"])),
)]
pub(crate) async fn get_customer(
    State(db): State<Db>,
    headers: HeaderMap,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    keys::authenticate(&db, &headers, Scope::CustomersRead).await?;
    let id = CustomerId::parse(&id)?;
    let customer = db.read("api.customer", move |r| present(r, &id)).await?;
    Ok(Json(customer).into_response())
}

/// Change what a customer chose
///
/// Sets the channel, topics, and answers about marketing. Each change is kept with its source; the answer is the
/// customer as they stand then. The same request twice changes nothing more.
#[utoipa::path(
    patch, path = "/v1/customers/{id}", operation_id = "changeCustomer", tag = "customers",
    params(("id" = String, Path, description = "The customer's `cus_…`.")), request_body = CustomerPatch,
    responses(
        (status = 200, description = "The customer.", body = CustomerOut),
        (status = 400, description = "Not JSON.", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "No key, or none of this shop.", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "The key lacks the scope.", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No such customer.", body = Problem, content_type = "application/problem+json"),
        (status = 415, description = "Another media type than application/json.", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "Some fields are wrong; nothing was changed.", body = Problem, content_type = "application/problem+json"),
    ),
    security(("key" = ["customers:write"])),
)]
pub(crate) async fn patch_customer(
    State(db): State<Db>,
    headers: HeaderMap,
    Path(id): Path<String>,
    body: Bytes,
) -> Result<Response, Refused> {
    let caller = keys::authenticate(&db, &headers, Scope::CustomersWrite).await?;
    let value = json(&headers, &body)?;
    let id = CustomerId::parse(&id)?;
    let patch = customer_in::read(&value, caller.now)?;
    let write = db.write("api.change_customer", move |w| {
        change(w, &id, &patch)?;
        present(w, &id)
    });
    Ok(Json(write.await?).into_response())
}

fn change(w: &mut Write<'_>, id: &CustomerId, patch: &Patch) -> Result<()> {
    let person = found(customers::find(w, id)?)?;
    // Whoever was merged into somebody is that one now.
    let id = &person.id;
    if let Some(channel) = patch.preferred_channel {
        customers::prefer_channel(w, id, channel, SOURCE)?;
    }
    for (topic, wanted) in &patch.topics {
        // A yes to marketing needs the words that stood beside the box: it comes with the answers, or not at all.
        you::set_topic(w, &person, topic, *wanted, &[], None, SOURCE)?;
    }
    for (consent, source) in &patch.consents {
        customers::record_consent(w, id, consent, source)?;
    }
    Ok(())
}

/// The customer as the API says them.
pub(crate) fn present(r: &mut Read<'_>, id: &CustomerId) -> Result<CustomerOut> {
    let person = found(customers::find(r, id)?)?;
    let mut contact_points = Vec::with_capacity(person.contact_points.len());
    for point in &person.contact_points {
        let wished = customers::suppression_history(r, point.channel, &point.key)?;
        contact_points.push(contact_point(point, &wished));
    }
    Ok(CustomerOut {
        id: person.id.to_string(),
        created_at: person.created_at.to_string(),
        name: person.name.clone(),
        locale: person.locale.as_ref().map(ToString::to_string),
        time_zone: person.zone.as_ref().map(|zone| zone.name().to_owned()),
        preferred_channel: person.preferred_channel.map(Channel::as_str),
        contact_points,
        topics: topics_of(r, &person)?,
        consents: person.consents.iter().map(consent).collect(),
        consent_history: history(r, &person)?.iter().map(|entry| consent(&entry.answer)).collect(),
    })
}

fn found(person: Option<Person>) -> Result<Person> {
    person.ok_or_else(|| Error::not_found("There is no customer by that identifier."))
}

fn contact_point(point: &ContactPoint, wished: &[Suppression]) -> ContactPointOut {
    ContactPointOut {
        channel: point.channel.as_str(),
        address: point.address.clone(),
        dead_at: point.dead_at.map(|at| at.to_string()),
        suppressions: wished.iter().map(suppression).collect(),
    }
}

fn suppression(suppression: &Suppression) -> SuppressionOut {
    SuppressionOut {
        reason: suppression.reason.as_str(),
        topic: suppression.topic.clone(),
        source: suppression.source.clone(),
        since: suppression.since.to_string(),
        lifted_at: suppression.lifted_at.map(|at| at.to_string()),
    }
}

fn history(r: &mut Read<'_>, person: &Person) -> Result<Vec<customers::Entry>> {
    customers::ledger(r, &person.ids(), None, MOST_ANSWERS)
}

fn topics_of(r: &mut Read<'_>, person: &Person) -> Result<Vec<TopicOut>> {
    let mut chosen = Vec::new();
    for id in person.ids() {
        chosen.extend(customers::topic_choices(r, &id)?);
    }
    // The newest choice about a topic counts, whichever customer it was made as.
    chosen.sort_by_key(|choice| (std::cmp::Reverse(choice.said_at), choice.wanted));
    let topic = |topic: &'static topics::Topic| {
        let choice = chosen.iter().find(|choice| choice.topic == topic.id);
        TopicOut {
            topic: topic.id,
            wanted: choice.is_none_or(|choice| choice.wanted),
            source: choice.map(|choice| choice.source.clone()),
            at: choice.map(|choice| choice.said_at.to_string()),
        }
    };
    Ok(topics::switches().map(topic).collect())
}

fn consent(answer: &Answer) -> ConsentOut {
    let consent = &answer.consent;
    ConsentOut {
        channel: consent.channel.as_str(),
        purpose: consent.purpose.as_str(),
        granted: consent.granted,
        wording: consent.wording.clone(),
        source: answer.source.clone(),
        at: consent.said_at.to_string(),
    }
}
