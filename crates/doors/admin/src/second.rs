//! `/a/account/second-factor`: a code of an app, besides the password.

use axum::Extension;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use kernel::{Kind, Result};
use serde::Serialize;
use staff::{Member, Secret};
use web::{ClientAddress, Failure, Form, HtmlPage};

use crate::door::{Door, fault_of, see_other};
use crate::entry::origin;

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
    client: Option<Extension<ClientAddress>>,
    form: Form,
) -> Result<Response, Failure> {
    let (code, origin) = (form.text("code").to_owned(), origin(client));
    let is_off = door.db.write("staff.end_second", move |w| staff::end_second(w, &member, &code, &origin));
    let fault = match is_off.await {
        Ok(true) => return Ok(see_other("/a/account/second-factor", None)?),
        Ok(false) => {
            "This is not the code that the app shows now, nor one of your recovery codes.".to_owned()
        }
        Err(error) if error.kind() == Kind::TooMany => error.words().to_owned(),
        Err(error) => return Err(error.into()),
    };
    refused(&door, &SecondPage { is_on: true, fault: Some(fault), ..SecondPage::default() })
}

impl SecondPage {
    fn setting_up(secret: Secret) -> Self {
        SecondPage { spelled: Some(secret.spelled), address: Some(secret.address), ..SecondPage::default() }
    }
}

fn refused(door: &Door, page: &SecondPage) -> Result<Response, Failure> {
    let html = door.page(TEMPLATE, TITLE, page)?;
    Ok(html.status(StatusCode::UNPROCESSABLE_ENTITY).into_response())
}
