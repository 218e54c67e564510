//! `/you`: who somebody is as we know it, how they sign in, and where.

use std::time::Duration;

use axum::Extension;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use customers::account::{self, ShopperSessionId, SignedIn};
use kernel::{Result, Shop};
use messaging::you::YouLink;
use web::{Failure, HtmlPage};

use crate::door::{Door, Token, nothing_here, see_other};
use crate::sign_in::{GoOn, Said};

/// `GET /you`.
pub(crate) async fn show(
    State(door): State<Door>,
    signed_in: Option<Extension<SignedIn>>,
    Query(said): Query<Said>,
) -> Result<HtmlPage, Failure> {
    let next = GoOn::read(said.next.as_deref().unwrap_or_default());
    let signed_in = signed_in.map(|Extension(signed_in)| signed_in);
    // What a form had to say stands in no address that anybody could hand on.
    let said = said.said.filter(|said| said != "not-an-address").unwrap_or_default();
    Ok(asks_page(&door, signed_in, next, "", &said).await?)
}

/// The page with the form for an address: the way in, or everything about who is in.
pub(crate) async fn asks_page(
    door: &Door,
    signed_in: Option<SignedIn>,
    next: GoOn,
    typed: &str,
    said: &str,
) -> Result<HtmlPage> {
    let (typed, said) = (typed.to_owned(), said.to_owned());
    let Some(signed_in) = signed_in else {
        let page = door.shown("account/asks.html", None, move |_, words| {
            let page = words.asks_page(&typed, &said, next.name());
            Ok((page.title.clone(), page))
        });
        return page.await;
    };
    let page = door.shown("account/you.html", Some(signed_in.clone()), move |r, words| {
        let people = account::theirs(r, &signed_in.proofs)?;
        let open = account::open_sessions(r, &signed_in)?;
        let page = words.you_page(&signed_in, &people, &open, (&typed, &said));
        Ok((page.heading.clone(), page))
    });
    page.await
}

/// `GET /you/updates`: to the page on which they decide about our messages.
pub(crate) async fn updates(
    State(door): State<Door>,
    signed_in: Option<Extension<SignedIn>>,
) -> Result<Response, Failure> {
    let Some(Extension(signed_in)) = signed_in else {
        return Ok(see_other("/you?next=updates", Vec::new())?);
    };
    let read = door.db.read("account.updates", move |r| {
        let person = account::theirs(r, &signed_in.proofs)?.into_iter().next();
        let keys = &r.wired::<Shop>()?.keys;
        Ok(person.map(|person| YouLink { customer: person.id }.token(keys)))
    });
    // Whose numbers alone were proved has the link at the foot of our messages.
    let path = read.await?.map_or_else(|| "/you".to_owned(), |token| format!("/you/updates/{token}"));
    Ok(see_other(&path, Vec::new())?)
}

/// `POST /you/sign-out`.
pub(crate) async fn sign_out(
    State(door): State<Door>,
    signed_in: Option<Extension<SignedIn>>,
) -> Result<Response, Failure> {
    if let Some(Extension(signed_in)) = signed_in {
        door.db.write("account.sign_out", move |w| account::sign_out(w, &signed_in)).await?;
    }
    Ok(door.out("out")?)
}

/// `POST /you/sign-out-everywhere`.
pub(crate) async fn sign_out_everywhere(
    State(door): State<Door>,
    signed_in: Option<Extension<SignedIn>>,
) -> Result<Response, Failure> {
    if let Some(Extension(signed_in)) = signed_in {
        let write = door
            .db
            .write("account.sign_out_everywhere", move |w| account::end_everywhere(w, &signed_in.proofs));
        write.await?;
    }
    Ok(door.out("out")?)
}

/// `POST /you/sessions/{id}`: signs another browser of theirs out.
pub(crate) async fn end_session(
    State(door): State<Door>,
    signed_in: Option<Extension<SignedIn>>,
    Token(id): Token,
) -> Result<Response, Failure> {
    let Some(Extension(signed_in)) = signed_in else { return Ok(see_other("/you?next=you", Vec::new())?) };
    let id = ShopperSessionId::parse(&id).map_err(|_| nothing_here())?;
    let ended = door.db.write("account.end_session", move |w| account::end_one(w, &signed_in, &id)).await?;
    if !ended {
        return Err(nothing_here().into());
    }
    Ok(see_other("/you?said=ended", Vec::new())?)
}

impl Door {
    /// To the way in, without the cookie.
    pub(crate) fn out(&self, said: &str) -> Result<Response> {
        let cookie = web::set_cookie(&self.site, account::COOKIE, "out", Duration::ZERO)?;
        Ok(see_other(&format!("/you?said={said}"), vec![cookie])?.into_response())
    }
}
