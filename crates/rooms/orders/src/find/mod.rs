//! `/find`: an order's number, and the address or number it was placed with, for somebody who has lost the link.
//!
//! The link goes to the address that was given with the order, never to the screen. What is answered, and how long that
//! takes, does not depend on whether there is such an order: the form is noted, and looking for the order is work of its own.

mod search;
mod typed;
mod view;

use std::sync::Arc;

use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Extension, Router};
use db::Db;
use kernel::{Locale, Result, Shop, choose};
use messaging::Wording;
use serde::Deserialize;
use web::{ClientAddress, Failure, Form, Frame, HtmlPage, PageShell};

pub use search::{SEARCH_JOB, give_up, search};
pub use view::TEMPLATES;

pub(crate) use search::FILE;
pub(crate) use search::KNOWLEDGE;

use typed::Typed;
use view::{Fill, FindPage};

/// What the handlers share.
#[derive(Clone)]
struct Door {
    db: Db,
    shell: Arc<dyn PageShell>,
}

/// The page, dressed by `shell`.
pub fn router(db: Db, shell: Arc<dyn PageShell>) -> Router {
    Router::new().route("/find", get(ask).post(send)).with_state(Door { db, shell })
}

/// What a redirect after the form says in its address.
#[derive(Debug, Default, Deserialize)]
struct After {
    sent: Option<String>,
}

/// `GET /find`.
async fn ask(State(door): State<Door>, Query(after): Query<After>) -> Result<HtmlPage, Failure> {
    let is_sent = after.sent.is_some();
    Ok(door.page(|words| if is_sent { words.sent() } else { words.asked("", "", None) })?)
}

/// `POST /find`.
async fn send(
    State(door): State<Door>,
    client: Option<Extension<ClientAddress>>,
    form: Form,
) -> Result<Response, Failure> {
    let (number, contact) = (form.text("number").to_owned(), form.text("contact").to_owned());
    let typed = match Typed::read(&number, &contact) {
        Ok(typed) => typed,
        Err(fault) => {
            let page = door.page(|words| words.asked(&number, &contact, Some(fault)))?;
            return Ok(page.status(StatusCode::UNPROCESSABLE_ENTITY).into_response());
        }
    };
    let origin = web::client::origin(client.map(|Extension(client)| client));
    door.db.write("orders.find", move |w| search::note(w, &typed, &origin)).await?;
    Ok(web::see_other("/find?sent=1")?)
}

impl Door {
    /// In the shop's own language: of a reader without an order we know no other.
    fn page(&self, fill: impl FnOnce(&Fill<'_>) -> FindPage) -> Result<HtmlPage> {
        let wiring = self.db.wiring();
        let (shop, wording) = (wiring.get_arc::<Shop>()?, wiring.get_arc::<Wording>()?);
        let locale: Locale = choose(wording.catalogue(), None, None, &shop.locale).locale;
        let page = fill(&Fill { shop: &shop, wording: &wording, locale: &locale });
        let frame = Frame { template: "orders/find.html", locale: &locale, title: &page.title };
        self.shell.page(&frame, web::value(&page)).map(HtmlPage::new)
    }
}
