//! The routes, and who is signed in.

use std::sync::Arc;

use axum::extract::{FromRequestParts, Path, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Extension, Router};
use customers::account::{self, SignedIn};
use db::{Db, Read};
use kernel::{Error, Locale, Result, Shop};
use serde::Serialize;
use web::{ClientAddress, Failure, Frame, HtmlPage, PageShell, Site};

use crate::fill::Fill;
use crate::{leave, sign_in, you};

/// What the handlers share.
#[derive(Clone)]
pub(crate) struct Door {
    pub(crate) db: Db,
    pub(crate) site: Site,
    shell: Arc<dyn PageShell>,
}

/// The pages, dressed by `shell`. They have to be [`recognised`].
pub fn router(db: Db, shell: Arc<dyn PageShell>, site: Site) -> Router {
    Router::new()
        .route("/you", get(you::show))
        .route("/you/code", get(sign_in::ask_code).post(sign_in::send))
        .route("/you/enter", post(sign_in::enter))
        .route("/you/in/{token}", get(sign_in::follow).post(sign_in::open))
        .route("/you/updates", get(you::updates))
        .route("/you/data.json", get(leave::data))
        .route("/you/delete", get(leave::ask).post(leave::delete))
        .route("/you/sign-out", post(you::sign_out))
        .route("/you/sign-out-everywhere", post(you::sign_out_everywhere))
        .route("/you/sessions/{id}", post(you::end_session))
        .with_state(Door { db, site, shell })
}

/// Pages on which a browser that is signed in is known: each request carries its [`SignedIn`], or none.
pub fn recognised<S: Clone + Send + Sync + 'static>(routes: Router<S>, db: Db, site: Site) -> Router<S> {
    routes.layer(from_fn_with_state((db, site), recognise))
}

async fn recognise(State((db, site)): State<(Db, Site)>, mut request: Request, next: Next) -> Response {
    match who(&db, &site, request.headers()).await {
        Ok(signed_in) => {
            if let Some(signed_in) = signed_in {
                request.extensions_mut().insert(signed_in);
            }
            next.run(request).await
        }
        Err(error) => Failure(error).into_response(),
    }
}

async fn who(db: &Db, site: &Site, headers: &HeaderMap) -> Result<Option<SignedIn>> {
    let Some(token) = web::read_cookie(headers, site, account::COOKIE).map(str::to_owned) else {
        return Ok(None);
    };
    let read = db.glance("account.signed_in", move |r| Ok((account::signed_in(r, &token)?, r.now)));
    let (signed_in, now) = read.await?;
    if let Some(signed_in) = signed_in.as_ref().filter(|signed_in| signed_in.is_to_be_touched(now)) {
        seen(db, signed_in).await;
    }
    Ok(signed_in)
}

/// Nobody is turned away because it could not be written down that they came.
async fn seen(db: &Db, signed_in: &SignedIn) {
    let id = signed_in.id.clone();
    if let Err(error) = db.write("account.touch", move |w| account::touch(w, &id)).await {
        tracing::warn!(?error, "account.touch_failed");
    }
}

/// What stands in the address of a page. What is not even text looks like any other that leads nowhere.
pub(crate) struct Token(pub(crate) String);

impl<S: Send + Sync> FromRequestParts<S> for Token {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failure> {
        let path = Path::<String>::from_request_parts(parts, state).await;
        path.map(|Path(token)| Token(token)).map_err(|_| nothing_here().into())
    }
}

impl Door {
    pub(crate) fn shop(&self) -> Result<Arc<Shop>> {
        self.db.wiring().get_arc::<Shop>()
    }

    /// A page that is filled from a look at the database, in the reader's language as far as it is known.
    pub(crate) async fn shown<T: Serialize + Send + 'static>(
        &self,
        template: &'static str,
        signed_in: Option<SignedIn>,
        fill: impl Fn(&mut Read<'_>, &Fill<'_>) -> Result<(String, T)> + Send + 'static,
    ) -> Result<HtmlPage> {
        let read = self.db.read("account.page", move |r| {
            let locale = language(r, signed_in.as_ref())?;
            let (shop, wording) = (r.wired_arc::<Shop>()?, r.wired_arc::<messaging::Wording>()?);
            let words = Fill::new(&shop, &wording, locale.as_ref(), r.now);
            let (title, page) = fill(r, &words)?;
            Ok((title, page, words.locale().clone()))
        });
        let (title, page, locale) = read.await?;
        self.page(template, &title, &page, &locale)
    }

    fn page<T: Serialize>(&self, template: &str, title: &str, page: &T, locale: &Locale) -> Result<HtmlPage> {
        let frame = Frame { template, locale, title };
        self.shell.page(&frame, web::value(page)).map(HtmlPage::new)
    }
}

/// The language of the first person we know behind what a browser has proved.
fn language(r: &mut Read<'_>, signed_in: Option<&SignedIn>) -> Result<Option<Locale>> {
    let Some(signed_in) = signed_in else { return Ok(None) };
    for (customer, _) in account::holders_of(r, &signed_in.proofs)? {
        if let Some(locale) = customers::language_of(r, &customer)? {
            return Ok(Some(locale));
        }
    }
    Ok(None)
}

/// Where a request comes from.
pub(crate) fn origin(client: Option<Extension<ClientAddress>>) -> String {
    web::client::origin(client.map(|Extension(client)| client))
}

/// What a browser calls itself.
pub(crate) fn browser(headers: &HeaderMap) -> String {
    let said = headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok());
    said.unwrap_or_default().to_owned()
}

/// On to another page, with cookies.
pub(crate) fn see_other(path: &str, cookies: Vec<HeaderValue>) -> Result<Response> {
    let mut response = web::see_other(path)?;
    for cookie in cookies {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    Ok(response)
}

/// Nothing here, or not for who asks: the same from outside.
#[track_caller]
pub(crate) fn nothing_here() -> Error {
    Error::not_found("There is nothing behind this link.")
}
