//! Taking one's data, as a file and away. Both are of who has proved all of their addresses.

use axum::Extension;
use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use customers::Asker;
use customers::account::{self, SignedIn};
use db::{Read, Write};
use kernel::Result;
use serde_json::Value;
use web::Failure;

use crate::door::{Door, see_other};

/// What the file is called.
const FILE: &str = "attachment; filename=\"my-data.json\"";

/// `GET /you/data.json`: everything that is known of them, as the staff's own export tells it.
pub(crate) async fn data(
    State(door): State<Door>,
    signed_in: Option<Extension<SignedIn>>,
) -> Result<Response, Failure> {
    let Some(Extension(signed_in)) = signed_in else { return Ok(see_other("/you?next=you", Vec::new())?) };
    let told = door.db.read("account.data", move |r| told(r, &signed_in)).await?;
    let Some(told) = told else { return Ok(see_other("/you", Vec::new())?) };
    let json = serde_json::to_string_pretty(&told).map_err(kernel::Error::from)?;
    let mut response = kernel::text::inert_json(&json).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::CONTENT_DISPOSITION, HeaderValue::from_static(FILE));
    Ok(response)
}

fn told(r: &mut Read<'_>, signed_in: &SignedIn) -> Result<Option<Value>> {
    let people = account::theirs(r, &signed_in.proofs)?;
    let told = people.iter().map(|person| customers::export(r, person)).collect::<Result<Vec<_>>>()?;
    Ok(match told.len() {
        0 => None,
        1 => told.into_iter().next(),
        _ => Some(Value::Array(told)),
    })
}

/// `GET /you/delete`: what will go and what stays.
pub(crate) async fn ask(
    State(door): State<Door>,
    signed_in: Option<Extension<SignedIn>>,
) -> Result<Response, Failure> {
    let Some(Extension(signed_in)) = signed_in else {
        return Ok(see_other("/you?next=delete", Vec::new())?);
    };
    let proofs = signed_in.proofs.clone();
    let is_whole = door.db.read("account.is_whole", move |r| Ok(!account::theirs(r, &proofs)?.is_empty()));
    if !is_whole.await? {
        return Ok(see_other("/you", Vec::new())?);
    }
    let page = door.shown("account/delete.html", Some(signed_in), |_, words| {
        let page = words.delete_page();
        Ok((page.heading.clone(), page))
    });
    Ok(page.await?.into_response())
}

/// `POST /you/delete`: begins to forget them, and signs them out wherever they are.
pub(crate) async fn delete(
    State(door): State<Door>,
    signed_in: Option<Extension<SignedIn>>,
) -> Result<Response, Failure> {
    let Some(Extension(signed_in)) = signed_in else {
        return Ok(see_other("/you?next=delete", Vec::new())?);
    };
    let is_done = door.db.write("account.delete", move |w| forgotten(w, &signed_in)).await?;
    if is_done { Ok(door.out("deleted")?) } else { Ok(see_other("/you", Vec::new())?) }
}

/// Whether there was anybody to forget.
fn forgotten(w: &mut Write<'_>, signed_in: &SignedIn) -> Result<bool> {
    let people = account::theirs(w, &signed_in.proofs)?;
    for person in &people {
        customers::begin_erasure(w, &person.id, Asker::Themselves)?;
    }
    if people.is_empty() {
        return Ok(false);
    }
    account::end_everywhere(w, &signed_in.proofs)?;
    Ok(true)
}
