//! Getting in: by password, and the first time by a link that works once.

use std::time::Duration;

use axum::Extension;
use axum::extract::{Path, Query, Request, State};
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use kernel::{Email, Error, Kind, Result};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::{Deserialize, Serialize};
use staff::{MIN_PASSWORD, Member, Password, SESSION_LASTS, SignedIn, check_password};
use web::{ClientAddress, Failure, Form, HtmlPage};

use crate::door::{Door, fault_of, see_other};

/// The cookie of a browser that is signed in.
pub(crate) const COOKIE: &str = "staff";
/// Where somebody goes who asked for nothing else.
const HOME: &str = "/a";

/// What `admin/sign-in.html` is given as `page`.
#[derive(Debug, Default, Serialize)]
struct SignIn {
    email: String,
    next: String,
    fault: Option<String>,
    /// Signed out a moment ago.
    is_out: bool,
}

/// What `admin/welcome.html` is given as `page`.
#[derive(Debug, Default, Serialize)]
struct Welcome {
    /// As what.
    role: &'static str,
    /// What that means.
    means: &'static str,
    /// The address, when the invitation names it.
    email: Option<String>,
    typed_email: String,
    name: String,
    least: usize,
    fault: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
pub(crate) struct After {
    next: Option<String>,
    out: Option<String>,
}

/// Lets only the staff through, and says who it is.
pub(crate) async fn only_staff(State(door): State<Door>, mut request: Request, next: Next) -> Response {
    match who(&door, request.headers()).await {
        Ok(Some(member)) => {
            request.extensions_mut().insert(member);
            next.run(request).await
        }
        Ok(None) => to_sign_in(&request),
        Err(error) => Failure(error).into_response(),
    }
}

async fn who(door: &Door, headers: &HeaderMap) -> Result<Option<Member>> {
    let Some(token) = web::read_cookie(headers, &door.site, COOKIE).map(str::to_owned) else {
        return Ok(None);
    };
    let (found, now) =
        door.db.glance("staff.member", move |r| Ok((staff::member(r, &token)?, r.now))).await?;
    if let Some(member) = &found
        && member.is_to_be_touched(now)
    {
        seen(door, member).await;
    }
    Ok(found)
}

/// Nobody is turned away because it could not be written down that they came.
async fn seen(door: &Door, member: &Member) {
    let session = member.session.clone();
    if let Err(error) = door.db.write("staff.touch", move |w| staff::touch(w, &session)).await {
        tracing::warn!(?error, "staff.touch_failed");
    }
}

/// What was asked for comes after signing in. A form that was sent meanwhile is not sent again by itself.
fn to_sign_in(request: &Request) -> Response {
    let asked = request.uri().path_and_query().map_or(HOME, |path| path.as_str());
    let next = if request.method() == Method::GET { asked } else { HOME };
    let path = format!("/a/sign-in?next={}", utf8_percent_encode(next, NON_ALPHANUMERIC));
    see_other(&path, None).unwrap_or_else(|error| Failure(error).into_response())
}

/// Only our own pages, or a link in a mail could lead anywhere.
fn own(next: &str) -> &str {
    let is_own = next == HOME || next.starts_with("/a/") || next.starts_with("/a?");
    if is_own && !next.contains('\\') && next.is_ascii() { next } else { HOME }
}

/// `GET /a/sign-in`.
pub(crate) async fn ask(State(door): State<Door>, Query(after): Query<After>) -> Result<HtmlPage, Failure> {
    let next = own(after.next.as_deref().unwrap_or(HOME)).to_owned();
    let page = SignIn { next, is_out: after.out.is_some(), ..SignIn::default() };
    Ok(door.page("admin/sign-in.html", "Sign in", &page)?)
}

/// `POST /a/sign-in`.
pub(crate) async fn sign_in(
    State(door): State<Door>,
    client: Option<Extension<ClientAddress>>,
    headers: HeaderMap,
    form: Form,
) -> Result<Response, Failure> {
    let next = own(form.text("next")).to_owned();
    let signed_in = match Email::parse(form.text("email")) {
        Ok(email) => {
            tried(&door, email, form.all("password").last().unwrap_or_default(), origin(client), &headers)
                .await
        }
        Err(_) => Ok(None),
    };
    let fault = match signed_in {
        Ok(Some(signed_in)) => return Ok(let_in(&door, &signed_in, &next)?),
        Ok(None) => "This e-mail address and this password do not belong together.".to_owned(),
        Err(error) if error.kind() == Kind::TooMany => error.words().to_owned(),
        Err(error) => return Err(error.into()),
    };
    let page = SignIn { email: form.text("email").to_owned(), next, fault: Some(fault), is_out: false };
    let page = door.page("admin/sign-in.html", "Error: Sign in", &page)?;
    Ok(page.status(StatusCode::UNPROCESSABLE_ENTITY).into_response())
}

/// On to what was asked for, by way of the code where one is owed.
fn let_in(door: &Door, signed_in: &SignedIn, next: &str) -> Result<Response> {
    let cookie = web::set_cookie(&door.site, COOKIE, &signed_in.token, SESSION_LASTS)?;
    if signed_in.owes_code {
        let path = format!("/a/sign-in/code?next={}", utf8_percent_encode(next, NON_ALPHANUMERIC));
        return see_other(&path, Some(cookie));
    }
    see_other(next, Some(cookie))
}

/// `GET /a/sign-in/code`.
pub(crate) async fn ask_code(
    State(door): State<Door>,
    Query(after): Query<After>,
) -> Result<HtmlPage, Failure> {
    let next = own(after.next.as_deref().unwrap_or(HOME)).to_owned();
    Ok(door.page("admin/code.html", "The code", &SignIn { next, ..SignIn::default() })?)
}

/// `POST /a/sign-in/code`.
pub(crate) async fn enter_code(
    State(door): State<Door>,
    client: Option<Extension<ClientAddress>>,
    headers: HeaderMap,
    form: Form,
) -> Result<Response, Failure> {
    let next = own(form.text("next")).to_owned();
    let token = web::read_cookie(&headers, &door.site, COOKIE).unwrap_or_default().to_owned();
    let (code, origin) = (form.text("code").to_owned(), origin(client));
    let entered =
        door.db.write("staff.enter_code", move |w| staff::enter_code(w, &token, &code, &origin)).await;
    let fault = match entered {
        Ok(Some(signed_in)) => return Ok(let_in(&door, &signed_in, &next)?),
        Ok(None) => "This is not the code that the app shows now, nor one of your recovery codes.".to_owned(),
        Err(error) if error.kind() == Kind::TooMany => error.words().to_owned(),
        Err(error) if error.kind() == Kind::Unauthorized => return Ok(see_other("/a/sign-in", None)?),
        Err(error) => return Err(error.into()),
    };
    let page = SignIn { next, fault: Some(fault), ..SignIn::default() };
    let page = door.page("admin/code.html", "Error: The code", &page)?;
    Ok(page.status(StatusCode::UNPROCESSABLE_ENTITY).into_response())
}

/// A browser that may come in, as far as the password goes.
async fn tried(
    door: &Door,
    email: Email,
    password: &str,
    origin: String,
    headers: &HeaderMap,
) -> Result<Option<SignedIn>> {
    let (tried, account, kept) =
        door.db.read("staff.try", move |r| staff::try_counts(r, &email, &origin)).await?;
    let typed = password.to_owned();
    let is_right = door.hashing(move || kept.is(&typed)).await?;
    let account = account.filter(|_| is_right);
    let browser = browser(headers);
    door.db.write("staff.sign_in", move |w| staff::sign_in(w, &tried, account.as_ref(), &browser)).await
}

/// Where a request comes from.
pub(crate) fn origin(client: Option<Extension<ClientAddress>>) -> String {
    web::client::origin(client.map(|Extension(client)| client))
}

fn browser(headers: &HeaderMap) -> String {
    let said = headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok());
    said.unwrap_or("Unknown browser").to_owned()
}

/// `GET /a/welcome/{token}`: looking uses nothing up, so a scanner of mail does no harm.
pub(crate) async fn welcome(
    State(door): State<Door>,
    Path(token): Path<String>,
) -> Result<HtmlPage, Failure> {
    let page = asked_to_join(&door, token).await?;
    Ok(door.page("admin/welcome.html", "Welcome", &page)?)
}

async fn asked_to_join(door: &Door, token: String) -> Result<Welcome> {
    let invited = door.db.read("staff.invitation", move |r| staff::invitation(r, &token)).await?;
    Ok(Welcome {
        role: invited.role.as_str(),
        means: invited.role.words(),
        email: invited.email.map(|email| email.as_str().to_owned()),
        least: MIN_PASSWORD,
        ..Welcome::default()
    })
}

/// `POST /a/welcome/{token}`.
pub(crate) async fn accept(
    State(door): State<Door>,
    Path(token): Path<String>,
    client: Option<Extension<ClientAddress>>,
    headers: HeaderMap,
    form: Form,
) -> Result<Response, Failure> {
    let invited = asked_to_join(&door, token.clone()).await?;
    let email = invited.email.clone().unwrap_or_else(|| form.text("email").to_owned());
    let (name, password) =
        (form.text("name").to_owned(), form.all("password").last().unwrap_or_default().to_owned());
    match joined(&door, token, &email, &name, &password).await {
        Ok(email) => {
            let signed_in = tried(&door, email, &password, origin(client), &headers).await?;
            let signed_in =
                signed_in.ok_or_else(|| Error::internal("a new password that is not the right one"))?;
            Ok(let_in(&door, &signed_in, HOME)?)
        }
        Err(error) => {
            let fault = Some(fault_of(error)?);
            let page = Welcome { typed_email: email, name, fault, ..invited };
            let page = door.page("admin/welcome.html", "Error: Welcome", &page)?;
            Ok(page.status(StatusCode::UNPROCESSABLE_ENTITY).into_response())
        }
    }
}

async fn joined(door: &Door, token: String, email: &str, name: &str, password: &str) -> Result<Email> {
    let email = Email::parse(email)?;
    check_password(password, email.as_str())?;
    let (mut dice, typed) = (door.dice(), password.to_owned());
    let hash = door.hashing(move || Password::hash(&typed, &mut dice)).await?;
    let (address, name) = (email.clone(), name.to_owned());
    door.db.write("staff.accept", move |w| staff::accept(w, &token, &address, &name, &hash)).await?;
    Ok(email)
}

/// A cookie that ends at once.
pub(crate) fn no_cookie(door: &Door) -> Result<axum::http::HeaderValue> {
    web::set_cookie(&door.site, COOKIE, "out", Duration::ZERO)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn after_signing_in_one_stays_here() {
        for own_page in ["/a", "/a/orders/ord_1?x=1", "/a?x"] {
            assert_eq!(own(own_page), own_page);
        }
        for elsewhere in
            ["", "https://evil.example", "//evil.example", "/admin", "/a/\\evil.example", "/o/token"]
        {
            assert_eq!(own(elsewhere), HOME, "{elsewhere}");
        }
    }
}
