//! The way in: an address, a code, and a browser that is signed in.
//!
//! GET looks and nothing else. What is answered never depends on whether anybody is known at the address.

use std::time::Duration;

use axum::Extension;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use customers::account::{
    self, BrowserMark, CODE_WORKS_FOR, Coming, Entered, Place, SESSION_LASTS, SignedIn, Standing,
};
use db::Write;
use kernel::Result;
use serde::Deserialize;
use web::{ClientAddress, Failure, Form, HtmlPage};

use crate::door::{Door, Token, browser, nothing_here, origin, see_other};
use crate::link::SignInLink;
use crate::send;
use crate::view::LinkPage;
use crate::you::asks_page;

/// The cookie of the browser that asked.
const ASKED: &str = "sign_in_asked";

/// What a redirect says in its address. Words only: nothing here opens anything.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Said {
    /// What went wrong, or what was done.
    pub(crate) said: Option<String>,
    /// Where to go on.
    pub(crate) next: Option<String>,
}

/// Where somebody goes on who has signed in: one of our own pages, by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum GoOn {
    Orders,
    You,
    Updates,
    Delete,
}

impl GoOn {
    /// Reads its name; whatever is none leads to the orders.
    pub(crate) fn read(name: &str) -> GoOn {
        match name {
            "you" => GoOn::You,
            "updates" => GoOn::Updates,
            "delete" => GoOn::Delete,
            _ => GoOn::Orders,
        }
    }

    /// Its name.
    pub(crate) fn name(self) -> &'static str {
        match self {
            GoOn::Orders => "orders",
            GoOn::You => "you",
            GoOn::Updates => "updates",
            GoOn::Delete => "delete",
        }
    }

    fn path(self) -> &'static str {
        match self {
            GoOn::Orders => "/orders",
            GoOn::You => "/you",
            GoOn::Updates => "/you/updates",
            GoOn::Delete => "/you/delete",
        }
    }
}

/// `POST /you/code`: asks for a code, to sign in or to add an address.
pub(crate) async fn send(
    State(door): State<Door>,
    client: Option<Extension<ClientAddress>>,
    signed_in: Option<Extension<SignedIn>>,
    form: Form,
) -> Result<Response, Failure> {
    let signed_in = signed_in.map(|Extension(signed_in)| signed_in);
    let next = GoOn::read(form.text("next"));
    let Ok(place) = Place::parse(form.text("address")) else {
        let page = asks_page(&door, signed_in, next, form.text("address"), "not-an-address").await?;
        return Ok(page.status(StatusCode::UNPROCESSABLE_ENTITY).into_response());
    };
    let origin = origin(client);
    let write = door.db.write("account.ask", move |w| asked(w, &place, &origin, signed_in.as_ref()));
    let mark = write.await?;
    let cookie = web::set_cookie(&door.site, ASKED, &mark.value(), CODE_WORKS_FOR)?;
    Ok(see_other(&format!("/you/code?next={}", next.name()), vec![cookie])?)
}

fn asked(
    w: &mut Write<'_>,
    place: &Place,
    origin: &str,
    signed_in: Option<&SignedIn>,
) -> Result<BrowserMark> {
    let mark = account::ask(w, place, origin, signed_in)?;
    send::queue(w, &mark.code)?;
    Ok(mark)
}

/// `GET /you/code`: where the code is typed.
pub(crate) async fn ask_code(
    State(door): State<Door>,
    Query(said): Query<Said>,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let next = GoOn::read(said.next.as_deref().unwrap_or_default());
    let Some(mark) = mark(&door, &headers) else {
        return Ok(see_other(&format!("/you?said=over&next={}", next.name()), Vec::new())?);
    };
    let is_wrong = said.said.as_deref() == Some("wrong");
    let page = door.shown("account/code.html", None, move |r, words| {
        let to = match account::standing(r, &mark.code, Some(&mark))? {
            Standing::Waiting(place) => Some(place),
            Standing::Over | Standing::AnotherBrowser | Standing::Nobody => None,
        };
        let page = words.code_page(to.as_ref(), is_wrong, next.name());
        Ok((page.title.clone(), page))
    });
    Ok(page.await?.into_response())
}

/// `POST /you/enter`: the code that was typed.
pub(crate) async fn enter(
    State(door): State<Door>,
    signed_in: Option<Extension<SignedIn>>,
    headers: HeaderMap,
    form: Form,
) -> Result<Response, Failure> {
    let next = GoOn::read(form.text("next"));
    let Some(mark) = mark(&door, &headers) else {
        return Ok(see_other(&format!("/you?said=over&next={}", next.name()), Vec::new())?);
    };
    let (typed, name) = (form.text("code").to_owned(), browser(&headers));
    let write = door
        .db
        .write("account.enter", move |w| account::enter(w, &mark, &typed, coming(&name, signed_in.as_ref())));
    let entered = write.await?;
    Ok(door.let_in(entered, next)?)
}

/// `GET /you/in/{token}`: the page behind the link in the message. Looking uses nothing up, whoever looks.
pub(crate) async fn follow(
    State(door): State<Door>,
    Token(token): Token,
    headers: HeaderMap,
) -> Result<HtmlPage, Failure> {
    let link = door.link(&token)?;
    let mark = mark(&door, &headers);
    let page = door.shown("account/link.html", None, move |r, words| {
        let standing = account::standing(r, &link.code, mark.as_ref())?;
        let page: LinkPage = match standing {
            Standing::Nobody => return Err(nothing_here()),
            standing => words.link_page(&standing, &token),
        };
        Ok((page.heading.clone(), page))
    });
    Ok(page.await?)
}

/// `POST /you/in/{token}`: the button on that page.
pub(crate) async fn open(
    State(door): State<Door>,
    signed_in: Option<Extension<SignedIn>>,
    Token(token): Token,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let link = door.link(&token)?;
    let (mark, name) = (mark(&door, &headers), browser(&headers));
    let write = door.db.write("account.open", move |w| {
        account::open(w, &link.code, mark.as_ref(), coming(&name, signed_in.as_ref()))
    });
    match write.await? {
        // The page itself says what this browser can do instead.
        Entered::AnotherBrowser => Ok(see_other(&format!("/you/in/{token}"), Vec::new())?),
        entered => Ok(door.let_in(entered, GoOn::Orders)?),
    }
}

fn coming<'a>(name: &'a str, signed_in: Option<&'a Extension<SignedIn>>) -> Coming<'a> {
    Coming { name, signed_in: signed_in.map(|Extension(signed_in)| signed_in) }
}

fn mark(door: &Door, headers: &HeaderMap) -> Option<BrowserMark> {
    web::read_cookie(headers, &door.site, ASKED).and_then(BrowserMark::read)
}

impl Door {
    fn link(&self, token: &str) -> Result<SignInLink> {
        SignInLink::read(token, &self.shop()?.keys).ok_or_else(nothing_here)
    }

    fn let_in(&self, entered: Entered, next: GoOn) -> Result<Response> {
        let name = next.name();
        match entered {
            Entered::In(token) => {
                let cookie = web::set_cookie(&self.site, account::COOKIE, &token, SESSION_LASTS)?;
                let done = web::set_cookie(&self.site, ASKED, "done", Duration::ZERO)?;
                see_other(next.path(), vec![cookie, done])
            }
            Entered::Wrong => see_other(&format!("/you/code?said=wrong&next={name}"), Vec::new()),
            Entered::Over | Entered::AnotherBrowser => {
                see_other(&format!("/you?said=over&next={name}"), Vec::new())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn after_signing_in_one_goes_on_at_a_page_of_ours() {
        for name in ["orders", "you", "updates", "delete"] {
            assert_eq!(GoOn::read(name).name(), name);
        }
        for elsewhere in ["", "https://evil.example", "//evil.example", "/a", "\r\nx"] {
            assert_eq!(GoOn::read(elsewhere).path(), "/orders");
        }
    }
}
