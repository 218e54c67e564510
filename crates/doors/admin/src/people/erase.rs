//! Everything that is known of a customer as a file, and forgetting it.

use axum::Extension;
use axum::extract::{Path, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use customers::{Asker, Person};
use db::Read;
use kernel::{CustomerId, Error, Result, Shop, ShopClock};
use serde::Serialize;
use staff::Member;
use web::{Failure, Form, HtmlPage};

use super::acting::{audit, found, only_managers};
use super::view::called;
use crate::door::{Door, see_other};

/// What has to be typed, so that nobody is forgotten by a slip of the hand.
const TYPED: &str = "ERASE";

/// What `admin/erase.html` is given as `page`.
#[derive(Debug, Serialize)]
struct ErasePage {
    path: String,
    name: String,
    typed: &'static str,
    orders: usize,
    is_several: bool,
    standing: Option<String>,
    fault: Option<&'static str>,
}

/// How an erasure stands, in a sentence; none was asked for of nearly everybody.
pub(super) fn standing(r: &mut Read<'_>, person: &Person) -> Result<Option<String>> {
    if person.erased_at.is_none() {
        return Ok(None);
    }
    let erasure = customers::erasure(r, &person.id)?;
    let clock = ShopClock::new(&r.wired::<Shop>()?.zone, r.now);
    Ok(erasure.map(|erasure| match erasure.finished_at {
        Some(at) => format!("Their data were erased on {}. What is left has no face.", clock.long(at)),
        None => format!(
            "Their data are being erased since {}. Nobody is recognised as them, and nothing is sent to them.",
            clock.long(erasure.asked_at)
        ),
    }))
}

/// `POST /a/customers/{id}/export`: a form, because that somebody took it is written down.
pub(super) async fn export(
    State(door): State<Door>,
    Extension(member): Extension<Member>,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    only_managers(&member, "Exporting a customer")?;
    let id = CustomerId::parse(&id)?;
    let name = format!("customer-{id}.json");
    let write = door.db.write("staff.export", move |w| {
        let person = found(w, &id)?;
        let told = customers::export(w, &person)?;
        audit(w, &member, "customer.exported", &person.id, None, None)?;
        Ok(kernel::text::inert_json(&serde_json::to_string_pretty(&told)?))
    });
    let mut response = write.await?.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    let disposition = HeaderValue::try_from(format!("attachment; filename=\"{name}\""))
        .map_err(|_| Error::internal("an identifier that is no header"))?;
    headers.insert(header::CONTENT_DISPOSITION, disposition);
    Ok(response)
}

/// `GET /a/customers/{id}/erase`.
pub(super) async fn ask(
    State(door): State<Door>,
    Extension(member): Extension<Member>,
    Path(id): Path<String>,
) -> Result<HtmlPage, Failure> {
    only_managers(&member, "Erasing a customer")?;
    let id = CustomerId::parse(&id)?;
    let page = door.db.read("staff.erase_page", move |r| erase_page(r, &id)).await?;
    Ok(door.page("admin/erase.html", "Erase a customer", &page)?)
}

fn erase_page(r: &mut Read<'_>, id: &CustomerId) -> Result<ErasePage> {
    let person = found(r, id)?;
    Ok(ErasePage {
        path: format!("/a/customers/{}", person.id),
        name: called(&person),
        typed: TYPED,
        orders: orders::staff::of_customers(r, &person.ids(), 100)?.len(),
        is_several: !person.others.is_empty(),
        standing: standing(r, &person)?,
        fault: None,
    })
}

/// `POST /a/customers/{id}/erase`.
pub(super) async fn erase(
    State(door): State<Door>,
    Extension(member): Extension<Member>,
    Path(id): Path<String>,
    form: Form,
) -> Result<Response, Failure> {
    only_managers(&member, "Erasing a customer")?;
    let id = CustomerId::parse(&id)?;
    if form.text("typed") != TYPED {
        let page = door.db.read("staff.erase_page", move |r| erase_page(r, &id)).await?;
        let page = ErasePage { fault: Some("Type ERASE in capital letters. Nothing was changed."), ..page };
        let html = door.page("admin/erase.html", "Error: Erase a customer", &page)?;
        return Ok(html.status(StatusCode::UNPROCESSABLE_ENTITY).into_response());
    }
    let write = door.db.write("staff.erase", move |w| {
        let person = found(w, &id)?;
        if customers::begin_erasure(w, &person.id, Asker::Staff(member.id.as_str()))? {
            audit(w, &member, "customer.erased", &person.id, None, None)?;
        }
        Ok(format!("/a/customers/{}", person.id))
    });
    Ok(see_other(&write.await?, None)?)
}
