//! `/a/account/second-factor`: a code of an app, besides the password.

use axum::Extension;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use kernel::{Error, Kind, Result};
use serde::Serialize;
use staff::{Member, Secret};
use web::{Failure, Form, HtmlPage};

use crate::door::{Door, see_other};

const TEMPLATE: &str = "admin/second.html";
const TITLE: &str = "Second factor";

/// What `admin/second.html` is given as `page`.
#[derive(Debug, Default, Serialize)]
struct SecondPage {
    /// Whether a code is asked for at each sign-in.
    is_on: bool,
    /// To be typed into an app; shown while it is set up.
    spelled: Option<String>,
    /// The same, to be opened by an app on this device.
    address: Option<String>,
    /// The codes for whoever loses their telephone; shown once.
    recovery_codes: Vec<String>,
    fault: Option<String>,
}

/// `GET /a/account/second-factor`.
pub(crate) async fn show(
    State(door): State<Door>,
    Extension(member): Extension<Member>,
) -> Result<HtmlPage, Failure> {
    let is_on = door.db.read("staff.second", move |r| staff::has_second(r, &member.id)).await?;
    Ok(door.page(TEMPLATE, TITLE, &SecondPage { is_on, ..SecondPage::default() })?)
}

/// `POST /a/account/second-factor`: makes a secret for an app.
pub(crate) async fn begin(
    State(door): State<Door>,
    Extension(member): Extension<Member>,
) -> Result<HtmlPage, Failure> {
    let secret = door.db.write("staff.begin_second", move |w| staff::begin_second(w, &member)).await?;
    Ok(door.page(TEMPLATE, TITLE, &SecondPage::setting_up(secret))?)
}

/// `POST /a/account/second-factor/confirm`: switches it on by a code of the app.
pub(crate) async fn confirm(
    State(door): State<Door>,
    Extension(member): Extension<Member>,
    form: Form,
) -> Result<Response, Failure> {
    let (code, confirming) = (form.text("code").to_owned(), member.clone());
    let confirmed =
        door.db.write("staff.confirm_second", move |w| staff::confirm_second(w, &confirming, &code)).await;
    match confirmed {
        Ok(recovery_codes) => {
            let page = SecondPage { is_on: true, recovery_codes, ..SecondPage::default() };
            Ok(door.page(TEMPLATE, TITLE, &page)?.into_response())
        }
        Err(error) => {
            let fault = Some(fault_of(error)?);
            let begun =
                door.db.read("staff.unconfirmed", move |r| staff::unconfirmed_second(r, &member)).await?;
            let page = begun.map(SecondPage::setting_up).unwrap_or_default();
            refused(&door, &SecondPage { fault, ..page })
        }
    }
}

/// `POST /a/account/second-factor/end`: switches it off by a last code.
pub(crate) async fn end(
    State(door): State<Door>,
    Extension(member): Extension<Member>,
    form: Form,
) -> Result<Response, Failure> {
    let code = form.text("code").to_owned();
    match door.db.write("staff.end_second", move |w| staff::end_second(w, &member, &code)).await {
        Ok(()) => Ok(see_other("/a/account/second-factor", None)?),
        Err(error) => {
            let fault = Some(fault_of(error)?);
            refused(&door, &SecondPage { is_on: true, fault, ..SecondPage::default() })
        }
    }
}

impl SecondPage {
    fn setting_up(secret: Secret) -> Self {
        SecondPage { spelled: Some(secret.spelled), address: Some(secret.address), ..SecondPage::default() }
    }
}

/// The sentence for a wrong code; anything else fails.
fn fault_of(error: Error) -> Result<String> {
    match error.kind() {
        Kind::Invalid => Ok(error.fields().first().map_or(error.words(), |field| &field.detail).to_owned()),
        _ => Err(error),
    }
}

fn refused(door: &Door, page: &SecondPage) -> Result<Response, Failure> {
    let html = door.page(TEMPLATE, TITLE, page)?;
    Ok(html.status(StatusCode::UNPROCESSABLE_ENTITY).into_response())
}
