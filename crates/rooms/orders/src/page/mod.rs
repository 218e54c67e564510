//! `/o/{token}`: the order page. The signed link is the key to it; the full address sometimes needs a code besides.
//!
//! GET changes nothing: a mail scanner may open the page as often as it likes. The forms are POSTs that end in a
//! redirect, so that reloading never sends anything twice.

mod codes;
pub(crate) mod fill;
pub mod html;
mod status;
pub mod view;

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{FromRequestParts, Path, Query, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use db::{Db, Read};
use kernel::{Channel, Error, Locale, Result, Shop, Timestamp};
use messaging::Wording;
use serde::Deserialize;
use web::{Failure, Form, HtmlPage, PageShell, Site};

use crate::link::OrderLink;
use crate::parcels::{ParcelPlace, ParcelSeen, Parcels, arrived};
use crate::store::{self, StoredOrder};
use crate::{shelf, short_link};
use codes::Tried;
use fill::{AddressView, Fill};

/// Links older than this show town and end of the postcode only, until a code is entered.
pub const OPEN_FOR: Duration = Duration::from_secs(60 * 86_400);

/// What the handlers share.
#[derive(Clone)]
struct Door {
    db: Db,
    shell: Arc<dyn PageShell>,
    site: Site,
}

/// The routes of the order page, dressed by `shell`.
pub fn router(db: Db, shell: Arc<dyn PageShell>, site: Site) -> Router {
    Router::new()
        .route("/s/{code}", get(short))
        .route("/o/{token}", get(show))
        .route("/o/{token}/status.json", get(status::tell))
        .route("/o/{token}/code", post(send_code))
        .route("/o/{token}/address", post(enter_code))
        .route("/o/{token}/parcels/{parcel}/{what}", post(report))
        .route("/o/{token}/delay/{answer}", post(answer_delay))
        .with_state(Door { db, shell, site })
}

/// The token in the address. One that is not even text looks like any other that nobody signed.
struct Token(String);

impl<S: Send + Sync> FromRequestParts<S> for Token {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failure> {
        let path = Path::<String>::from_request_parts(parts, state).await;
        path.map(|Path(token)| Token(token)).map_err(|_| no_order().into())
    }
}

/// What a redirect after a form says in its address, and how much somebody asks to see. Words only: nothing here opens
/// anything.
#[derive(Debug, Default, Deserialize)]
struct After {
    code: Option<String>,
    scans: Option<String>,
}

/// How this reader looks at the page.
struct Look {
    /// Whether they have entered the right code.
    granted: bool,
    /// What came of asking for one.
    asked: String,
    /// Whether they want every scan.
    all_scans: bool,
}

async fn show(
    State(door): State<Door>,
    Token(token): Token,
    Query(after): Query<After>,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let link = door.link(&token)?;
    let look = Look {
        granted: codes::is_granted(&door.shop()?.keys, &headers, &door.site, &link, door.db.now()),
        asked: after.code.unwrap_or_default(),
        all_scans: after.scans.as_deref() == Some("all"),
    };
    let page = door.db.glance("orders.page", move |r| seen(r, &link, &token, &look)).await?;
    Ok(door.page(&page.0, &page.1)?.into_response())
}

/// What this reader sees of the order as it is now, and in which language.
///
/// Nothing of it is kept: a page that is made anew for each look can't be stale, whoever changed what it shows, and can't
/// be somebody else's.
fn seen(r: &mut Read<'_>, link: &OrderLink, token: &str, look: &Look) -> Result<(view::OrderPage, Locale)> {
    let stored = store::stored(r, &link.order)?.ok_or_else(no_order)?;
    let stored = shelf::filled(r, stored)?;
    let parcels = crate::parcels::of(r, &stored)?;
    let asked_of_delay = crate::parcels::asked(r, &stored)?;
    let told = messaging::told_about(r, "order", stored.id.as_str(), 100)?;
    let is_there = is_there(&stored, &parcels);
    let view = address_view(is_there, link, r.now, look);
    let words = r.wired::<Wording>()?.catalogue();
    // Who ordered in a language we speak is answered in it, whatever else is known of them.
    let language = match &stored.order.locale {
        Some(locale) if words.speaks(locale) => None,
        Some(_) | None => customers::language_of(r, &stored.customer)?,
    };
    // Only who is asked for a code is told where it went.
    let code_goes_by = match view {
        AddressView::Asking(_) => codes::goes_by(r, &stored)?,
        AddressView::Open
        | AddressView::Granted
        | AddressView::Masked
        | AddressView::TooMany
        | AddressView::NoContact => Channel::Email,
    };
    let fill = Fill::new(r.wired()?, r.wired()?, &stored, language.as_ref(), r.now, token);
    let fill = fill
        .with_codes_by(code_goes_by)
        .with_parcels(parcels)
        .with_delay(asked_of_delay)
        .with_all_scans(look.all_scans);
    Ok((fill.page(&view, &told), fill.locale().clone()))
}

/// The short link of a text: leads to the page, and changes nothing.
async fn short(State(door): State<Door>, code: Token) -> Result<Response, Failure> {
    let keys = door.shop()?.keys.clone();
    let page = door.db.read("orders.short_link", move |r| short_link::follow(r, &code.0, &keys)).await?;
    let location = HeaderValue::try_from(page.ok_or_else(no_order)?).map_err(|_| no_order())?;
    Ok((StatusCode::FOUND, [(header::LOCATION, location)]).into_response())
}

/// Sends a code to the address the order was placed with.
async fn send_code(State(door): State<Door>, Token(token): Token) -> Result<Response, Failure> {
    let link = door.link(&token)?;
    let sent = door.db.write("orders.send_code", move |w| codes::send(w, &link)).await?;
    let outcome = match sent {
        codes::Sent::Yes(nonce) => {
            let cookie = web::set_cookie(&door.site, codes::ASKED, &nonce, codes::CODE_WORKS_FOR)?;
            return see_other(&token, "sent", Some(cookie));
        }
        codes::Sent::TooMany => "too-many",
        codes::Sent::NowhereToSend => "no-contact",
    };
    see_other(&token, outcome, None)
}

/// Checks the code that was typed, and shows the address for a while.
async fn enter_code(
    State(door): State<Door>,
    Token(token): Token,
    headers: HeaderMap,
    form: Form,
) -> Result<Response, Failure> {
    let link = door.link(&token)?;
    let nonce = web::read_cookie(&headers, &door.site, codes::ASKED).unwrap_or_default().to_owned();
    let typed = form.text("code").to_owned();
    let (order, now) = (link.clone(), door.db.now());
    let tried = door.db.write("orders.enter_code", move |w| codes::enter(w, &order, &nonce, &typed)).await?;
    match tried {
        Tried::Right => {
            let grant = codes::grant(&door.shop()?.keys, &link, now);
            let cookie = web::set_cookie(&door.site, codes::GRANT, &grant, codes::GRANT_WORKS_FOR)?;
            see_other(&token, "shown", Some(cookie))
        }
        Tried::Wrong => see_other(&token, "wrong", None),
        Tried::Expired => see_other(&token, "expired", None),
        Tried::TooMany => see_other(&token, "too-many", None),
    }
}

/// Somebody says that a parcel is not there, or that it is after all.
async fn report(
    State(door): State<Door>,
    Path((token, parcel, what)): Path<(String, String, String)>,
) -> Result<Response, Failure> {
    let link = door.link(&token)?;
    let is_missing = match what.as_str() {
        "missing" => true,
        "found" => false,
        _ => return Err(no_order().into()),
    };
    let reported = door.db.write("orders.report_parcel", move |w| {
        let parcels = *w.wired::<Parcels>()?;
        (parcels.report)(w, link.order.as_str(), &parcel, is_missing)
    });
    reported.await?;
    back_to(&token, "parcel-1")
}

/// Somebody whose order is late says whether they wait for it.
async fn answer_delay(
    State(door): State<Door>,
    Path((token, answer)): Path<(String, String)>,
) -> Result<Response, Failure> {
    let link = door.link(&token)?;
    let answered = door.db.write("orders.answer_delay", move |w| {
        let parcels = *w.wired::<Parcels>()?;
        (parcels.answer)(w, link.order.as_str(), &answer)
    });
    answered.await?;
    back_to(&token, "delay")
}

fn back_to(token: &str, place: &str) -> Result<Response, Failure> {
    let location = HeaderValue::try_from(format!("/o/{token}#{place}")).map_err(|_| no_order())?;
    Ok((StatusCode::SEE_OTHER, [(header::LOCATION, location)]).into_response())
}

impl Door {
    fn shop(&self) -> Result<Arc<Shop>> {
        self.db.wiring().get_arc::<Shop>()
    }

    /// A token nobody signed and an order that is not there look the same from outside.
    fn link(&self, token: &str) -> Result<OrderLink> {
        OrderLink::read(token, &self.shop()?.keys).ok_or_else(no_order)
    }

    fn page(&self, page: &view::OrderPage, locale: &Locale) -> Result<HtmlPage> {
        let around = self.shell.around(locale)?;
        let written = around.page(&page.heading, html::USUAL_BYTES, |html| html::write(html, page));
        Ok(HtmlPage::new(written))
    }
}

#[track_caller]
fn no_order() -> Error {
    Error::not_found("There is no order behind this link.")
}

/// Whether all of it was delivered. That somebody with the link says otherwise opens no address.
fn is_there(stored: &StoredOrder, parcels: &[ParcelSeen]) -> bool {
    let places: Vec<ParcelPlace> = parcels.iter().map(ParcelSeen::place).collect();
    arrived(&stored.order, &places).is_some()
}

/// Full until it is delivered and while the link is young; afterwards only with a code.
fn address_view(is_there: bool, link: &OrderLink, now: Timestamp, look: &Look) -> AddressView {
    let is_open = !is_there && now.since(link.issued_at) <= OPEN_FOR;
    match look.asked.as_str() {
        _ if is_open => AddressView::Open,
        _ if look.granted => AddressView::Granted,
        "sent" => AddressView::Asking(None),
        "wrong" => AddressView::Asking(Some("page-code-wrong")),
        "expired" => AddressView::Asking(Some("page-code-expired")),
        "too-many" => AddressView::TooMany,
        "no-contact" => AddressView::NoContact,
        _ => AddressView::Masked,
    }
}

fn see_other(token: &str, outcome: &str, cookie: Option<HeaderValue>) -> Result<Response, Failure> {
    // The token was read a moment ago, so it holds nothing but the characters of base64url.
    let location = format!("/o/{token}?code={outcome}#address");
    let location = HeaderValue::try_from(location).map_err(|_| Failure::from(no_order()))?;
    let mut response = StatusCode::SEE_OTHER.into_response();
    response.headers_mut().insert(header::LOCATION, location);
    if let Some(cookie) = cookie {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    Ok(response)
}
