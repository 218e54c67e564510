//! Two customers who are one person, and taking that back: both side by side, and what will happen, before it does.

use axum::Extension;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use customers::{Person, find_alone, may_merge, side};
use db::Read;
use kernel::{CustomerId, Kind, Result, Shop, ShopClock};
use serde::{Deserialize, Serialize};
use staff::{Member, Permission};
use web::{Failure, Form, HtmlPage};

use super::acting::{audit, found, only_managers, source};
use super::reached::{channel_word, question};
use super::view::called;
use crate::door::{Door, fault_of, see_other};

/// Orders that are counted of a side.
const MOST_COUNTED: i64 = 100;

/// Somebody who was merged, on the page of who they are now.
#[derive(Debug, Serialize)]
pub(super) struct MergedRow {
    id: String,
    name: String,
    address: String,
}

/// Who was merged into a person.
pub(super) fn rows(r: &mut Read<'_>, person: &Person) -> Result<Vec<MergedRow>> {
    let mut rows = Vec::new();
    for id in &person.others {
        let Some(other) = find_alone(r, id)? else { continue };
        let address = other.contact_points.first().map(|point| point.address.clone());
        rows.push(MergedRow {
            id: id.to_string(),
            name: called(&other),
            address: address.unwrap_or_default(),
        });
    }
    Ok(rows)
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    with: Option<String>,
}

/// What `admin/merge.html` is given as `page`.
#[derive(Debug, Serialize)]
struct MergePage {
    path: String,
    with: String,
    kept: SideView,
    gone: Option<SideView>,
    /// Why they can't be merged.
    obstacle: Option<&'static str>,
    may_manage: bool,
    fault: Option<String>,
}

/// One of the two.
#[derive(Debug, Serialize)]
struct SideView {
    id: String,
    name: String,
    since: String,
    addresses: Vec<(&'static str, String)>,
    orders: String,
    consents: Vec<(String, &'static str)>,
}

/// `GET /a/customers/{id}/merge?with=…`: whom with, and then both side by side.
pub(super) async fn ask(
    State(door): State<Door>,
    Extension(member): Extension<Member>,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Failure> {
    let id = CustomerId::parse(&id)?;
    let with: String = asked.with.unwrap_or_default().trim().chars().take(200).collect();
    let page = door.db.read("staff.merge_page", move |r| merge_page(r, &member, &id, &with)).await?;
    Ok(answered(&door, &page)?.into_response())
}

fn answered(door: &Door, page: &MergePage) -> Result<HtmlPage> {
    let title = if page.fault.is_some() { "Error: Merge customers" } else { "Merge customers" };
    let html = door.page("admin/merge.html", title, page)?;
    Ok(if page.fault.is_some() { html.status(StatusCode::UNPROCESSABLE_ENTITY) } else { html })
}

fn merge_page(r: &mut Read<'_>, member: &Member, id: &CustomerId, with: &str) -> Result<MergePage> {
    let person = found(r, id)?;
    let page = MergePage {
        path: format!("/a/customers/{}", person.id),
        with: with.to_owned(),
        kept: side_view(r, &person)?,
        gone: None,
        obstacle: None,
        may_manage: member.role.may(Permission::ManageCustomers),
        fault: None,
    };
    if with.is_empty() {
        return Ok(page);
    }
    let other = match named(r, &person, with) {
        Ok(other) => other,
        Err(error) => return Ok(MergePage { fault: Some(fault_of(error)?), ..page }),
    };
    let (kept, gone) = (side(r, &person.id)?, side(r, &other.id)?);
    Ok(MergePage {
        gone: Some(side_view(r, &other)?),
        obstacle: may_merge(&kept, &gone).err().map(|obstacle| obstacle.words()),
        ..page
    })
}

/// Whom somebody means, other than the person themselves.
fn named(r: &mut Read<'_>, person: &Person, with: &str) -> Result<Person> {
    let mut others = super::named::people(r, with)?;
    if others.iter().any(|other| other.id == person.id) && others.len() > 1 {
        others.retain(|other| other.id != person.id);
    }
    super::named::only(others)
}

fn side_view(r: &mut Read<'_>, person: &Person) -> Result<SideView> {
    let orders = orders::staff::of_customers(r, &person.ids(), MOST_COUNTED)?.len() as i64;
    let clock = ShopClock::new(&r.wired::<Shop>()?.zone, r.now);
    let answer = |answer: &customers::Answer| {
        (question(&answer.consent), if answer.consent.granted { "yes" } else { "no" })
    };
    let point = |point: &customers::ContactPoint| (channel_word(point.channel), point.address.clone());
    Ok(SideView {
        id: person.id.to_string(),
        name: called(person),
        since: clock.short(person.created_at),
        addresses: person.contact_points.iter().map(point).collect(),
        orders: if orders == MOST_COUNTED { "100 or more".to_owned() } else { orders.to_string() },
        consents: person.consents.iter().map(answer).collect(),
    })
}

/// `POST /a/customers/{id}/merge`: merges `other` into this one.
pub(super) async fn merge(
    State(door): State<Door>,
    Extension(member): Extension<Member>,
    Path(id): Path<String>,
    form: Form,
) -> Result<Response, Failure> {
    only_managers(&member, "Merging customers")?;
    let (id, other) = (CustomerId::parse(&id)?, CustomerId::parse(form.text("other"))?);
    let (member_again, id_again, typed) = (member.clone(), id.clone(), other.to_string());
    let write = door.db.write("staff.merge", move |w| {
        let kept = found(w, &id)?.id;
        if customers::merge(w, &kept, &other, &source(&member))? {
            audit(w, &member, "customer.merged", &kept, None, Some(other.as_str()))?;
        }
        Ok(format!("/a/customers/{kept}"))
    });
    match write.await {
        Ok(path) => Ok(see_other(&path, None)?),
        Err(error) if error.kind() == Kind::Invalid => {
            let read = move |r: &mut Read<'_>| merge_page(r, &member_again, &id_again, &typed);
            let page = door.db.read("staff.merge_page", read).await?;
            let page = MergePage { fault: Some(fault_of(error)?), ..page };
            Ok(answered(&door, &page)?.into_response())
        }
        Err(error) => Err(error.into()),
    }
}

/// `POST /a/customers/{id}/unmerge`: `other` is a customer of their own again.
pub(super) async fn unmerge(
    State(door): State<Door>,
    Extension(member): Extension<Member>,
    Path(id): Path<String>,
    form: Form,
) -> Result<Response, Failure> {
    only_managers(&member, "Taking a merge back")?;
    let (id, other) = (CustomerId::parse(&id)?, CustomerId::parse(form.text("other"))?);
    let write = door.db.write("staff.unmerge", move |w| {
        let kept = found(w, &id)?.id;
        // Done twice it is done once; somebody else's merge is not this page's to take back.
        let is_theirs = side(w, &other)?.merged_into.as_ref() == Some(&kept);
        if is_theirs && customers::unmerge(w, &other, &source(&member))? {
            audit(w, &member, "customer.unmerged", &kept, Some(other.as_str()), None)?;
        }
        Ok(format!("/a/customers/{kept}"))
    });
    Ok(see_other(&write.await?, None)?)
}
