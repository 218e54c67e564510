//! The routes. A token nobody signed and a customer who is not there look the same from outside.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{FromRequestParts, Path, Query, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use customers::{OwnHours, Person, TopicLimit};
use db::{Db, Read, Write};
use kernel::shop::QuietHours;
use kernel::{Channel, Error, Kind, Locale, Purpose, Result, Shop, Zone};
use serde::{Deserialize, Serialize};
use web::{Failure, Form, Frame, HtmlPage, PageShell};

use super::fill::{Fill, Standing, TopicStanding};
use super::form::{Brought, SPANS, Wanted, wanted};
use super::link::{UnsubscribeLink, YouLink};
use super::one_click::is_one_click;
use super::{YOU_UPDATES, wishes};
use crate::decide::Verdict;
use crate::look::as_if;
use crate::{Wording, store, topics};

/// What the handlers share.
#[derive(Clone)]
struct Door {
    db: Db,
    shell: Arc<dyn PageShell>,
    connected: Arc<[Channel]>,
}

/// The pages, dressed by `shell`, for a shop that can send on these channels. Their forms count from our own pages only.
pub fn router(db: Db, shell: Arc<dyn PageShell>, connected: &[Channel]) -> Router {
    Router::new()
        .route("/you/updates/{token}", get(updates))
        .route("/you/updates/{token}/channel", post(choose_channel))
        .route("/you/updates/{token}/topics", post(choose_topics))
        .route("/you/updates/{token}/pause", post(pause))
        .route("/you/updates/{token}/hours", post(choose_hours))
        .route("/you/updates/{token}/stop", post(stop))
        .route("/unsubscribe/{token}", get(way_out))
        .route("/unsubscribe/{token}/topic", post(leave_topic))
        .route("/unsubscribe/{token}/all", post(leave_all))
        .with_state(Door { db, shell, connected: connected.into() })
}

/// The one POST that comes from anywhere: a mail program unsubscribes its reader with one click (RFC 8058). It sends no
/// cookie and needs none; what it may do is in the signed address it posts to.
pub fn one_click_router(db: Db) -> Router {
    Router::new().route("/unsubscribe/{token}", post(one_click)).with_state(db)
}

/// The token in the address. One that is not even text looks like any other that nobody signed.
struct Token(String);

impl<S: Send + Sync> FromRequestParts<S> for Token {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failure> {
        let path = Path::<String>::from_request_parts(parts, state).await;
        path.map(|Path(token)| Token(token)).map_err(|_| nobody().into())
    }
}

/// What a redirect after a form says in its address. Words only: nothing here opens anything.
#[derive(Debug, Default, Deserialize)]
struct After {
    done: Option<String>,
    was: Option<String>,
}

async fn updates(
    State(door): State<Door>,
    Token(token): Token,
    Query(after): Query<After>,
) -> Result<HtmlPage, Failure> {
    let link = door.you(&token)?;
    let (connected, done) = (door.connected.clone(), after.done.unwrap_or_default());
    let was = Brought::read(&after.was.unwrap_or_default());
    let read = door.db.read("messaging.updates_page", move |r| {
        let person = found(customers::find(r, &link.customer)?)?;
        let standing = standing(r, &person, &connected)?;
        let fill = Fill::new(r.wired()?, r.wired()?, person.locale.as_ref(), &token);
        Ok((fill.updates(&standing, &done, &was), fill.locale().clone()))
    });
    let (page, locale) = read.await?;
    Ok(door.page("messaging/updates.html", &page.heading, &page, &locale)?)
}

async fn choose_channel(
    State(door): State<Door>,
    Token(token): Token,
    form: Form,
) -> Result<Response, Failure> {
    let link = door.you(&token)?;
    let connected = door.connected.clone();
    let chosen = Channel::parse(form.text("channel"))?;
    let write = door.db.write("messaging.choose_channel", move |w| {
        let person = found(customers::find(w, &link.customer)?)?;
        let standing = standing(w, &person, &connected)?;
        if !standing.open_channels().iter().any(|address| address.channel == chosen) {
            return Ok("not-possible");
        }
        customers::prefer_channel(w, &person.id, Some(chosen), YOU_UPDATES)?;
        Ok("channel")
    });
    see_other("/you/updates", &token, write.await?)
}

async fn choose_topics(
    State(door): State<Door>,
    Token(token): Token,
    form: Form,
) -> Result<Response, Failure> {
    let link = door.you(&token)?;
    let connected = door.connected.clone();
    let shop = door.db.wiring().get_arc::<Shop>()?;
    let wording = door.db.wiring().get_arc::<Wording>()?;
    let write = door.db.write("messaging.choose_topics", move |w| {
        let person = found(customers::find(w, &link.customer)?)?;
        let fill = Fill::new(&shop, &wording, person.locale.as_ref(), "");
        choose(w, &person, &connected, &fill, &form)
    });
    write.await?;
    see_other("/you/updates", &token, "topics")
}

/// Only what is different from before is a decision.
fn choose(
    w: &mut Write<'_>,
    person: &Person,
    connected: &[Channel],
    fill: &Fill<'_>,
    form: &Form,
) -> Result<()> {
    let standing = standing(w, person, connected)?;
    let usual = standing.channel().or(person.preferred_channel).unwrap_or(Channel::Email);
    let open: Vec<Channel> = standing.open_channels().iter().map(|address| address.channel).collect();
    for before in &standing.topics {
        let wants = wanted(form, before.topic);
        let words = fill.box_words(before.topic);
        let by = wants.by.clone().unwrap_or_else(|| vec![usual]);
        if wants.is_on != before.is_on {
            wishes::set_topic(w, person, before.topic, wants.is_on, &by, Some(&words), YOU_UPDATES)?;
        }
        let by_before: Vec<Channel> = before.by.iter().copied().filter(|by| open.contains(by)).collect();
        let chosen = wants.by.as_ref().filter(|by| !before.is_on || **by != by_before);
        if let Some(by) = chosen {
            wishes::set_ways(w, person, before.topic, (by, &open), &words, YOU_UPDATES)?;
        }
        limit(w, person, before, &wants, &open)?;
    }
    Ok(())
}

/// Keeps which way and how often, as far as the form showed it.
fn limit(
    w: &mut Write<'_>,
    person: &Person,
    before: &TopicStanding,
    wants: &Wanted,
    open: &[Channel],
) -> Result<()> {
    let known = customers::topic_limits(w, &person.ids())?.remove(before.topic.id).unwrap_or_default();
    let without = match &wants.by {
        Some(by) => open.iter().copied().find(|channel| !by.contains(channel)),
        None => known.without,
    };
    let every_days = wants.every_days.unwrap_or(known.every_days);
    let limit = TopicLimit { without, every_days };
    customers::limit_topic(w, &person.id, before.topic.id, limit, YOU_UPDATES).map(drop)
}

async fn pause(State(door): State<Door>, Token(token): Token, form: Form) -> Result<Response, Failure> {
    let link = door.you(&token)?;
    let days = form.text("days").parse().ok().filter(|days| SPANS.contains(days));
    let write = door.db.write("messaging.pause", move |w| {
        let person = found(customers::find(w, &link.customer)?)?;
        match days {
            Some(days) => {
                let until = w.now + Duration::from_secs(u64::from(days) * 86_400);
                customers::pause(w, &person.id, until, YOU_UPDATES)?;
                Ok("paused")
            }
            None => {
                // Whichever of the customers they are was left in peace.
                for id in person.ids() {
                    customers::resume(w, &id, YOU_UPDATES)?;
                }
                Ok("resumed")
            }
        }
    });
    see_other("/you/updates", &token, write.await?)
}

async fn choose_hours(
    State(door): State<Door>,
    Token(token): Token,
    form: Form,
) -> Result<Response, Failure> {
    let link = door.you(&token)?;
    let Ok(own) = own_hours(&form) else { return see_other("/you/updates", &token, "no-clock") };
    let write = door.db.write("messaging.choose_hours", move |w| {
        let person = found(customers::find(w, &link.customer)?)?;
        customers::choose_hours(w, &person.id, own.as_ref(), YOU_UPDATES)
    });
    write.await?;
    see_other("/you/updates", &token, "hours")
}

/// The hours that were chosen; none for the shop's.
fn own_hours(form: &Form) -> Result<Option<OwnHours>> {
    if form.has("shops") {
        return Ok(None);
    }
    let hour = |name: &str| {
        let hour = form.text(name).parse::<u8>().ok().filter(|hour| *hour < 24);
        hour.ok_or_else(|| Error::field(format!("/{name}"), "no_hour", "Hours go from 0 to 23."))
    };
    let zone = Zone::parse(form.text("zone"))?;
    Ok(Some(OwnHours { hours: QuietHours { from: hour("from")?, to: hour("to")? }, zone }))
}

async fn stop(State(door): State<Door>, Token(token): Token) -> Result<Response, Failure> {
    let link = door.you(&token)?;
    let connected = door.connected.clone();
    let write = door.db.write("messaging.stop_all", move |w| {
        let person = found(customers::find(w, &link.customer)?)?;
        let was = was_on(&standing(w, &person, &connected)?);
        wishes::stop_all(w, &person, YOU_UPDATES)?;
        Ok(was)
    });
    let was = write.await?;
    see_other("/you/updates", &token, &format!("stopped&was={}", was.text()))
}

/// What a button that stops everything would have to bring back. Only what needs a yes for each way says which ways.
fn was_on(standing: &Standing) -> Brought {
    let on = standing.topics.iter().filter(|topic| topic.is_on);
    Brought::of(on.map(|topic| match topic.topic.purpose {
        Purpose::Marketing => (topic.topic, topic.by.clone()),
        Purpose::Transactional | Purpose::Legal | Purpose::Service | Purpose::Survey => {
            (topic.topic, Vec::new())
        }
    }))
}

async fn way_out(
    State(door): State<Door>,
    Token(token): Token,
    Query(after): Query<After>,
) -> Result<HtmlPage, Failure> {
    let link = out(&door.db, &token)?;
    let done = after.done.unwrap_or_default();
    let read = door.db.read("messaging.unsubscribe_page", move |r| {
        let person = customers::find(r, &link.customer)?;
        let locale = person.as_ref().and_then(|person| person.locale.clone());
        let shop = r.wired::<Shop>()?;
        let more = person.map(|person| YouLink { customer: person.id }.token(&shop.keys));
        let more = more.map(|token| format!("/you/updates/{token}"));
        let fill = Fill::new(shop, r.wired()?, locale.as_ref(), &token);
        Ok((fill.unsubscribe(link.topic, more, &done), fill.locale().clone()))
    });
    let (page, locale) = read.await?;
    Ok(door.page("messaging/unsubscribe.html", &page.heading, &page, &locale)?)
}

async fn leave_topic(State(door): State<Door>, Token(token): Token) -> Result<Response, Failure> {
    leave(&door.db, &token, false).await?;
    see_other("/unsubscribe", &token, "topic")
}

async fn leave_all(State(door): State<Door>, Token(token): Token) -> Result<Response, Failure> {
    leave(&door.db, &token, true).await?;
    see_other("/unsubscribe", &token, "all")
}

async fn one_click(
    State(db): State<Db>,
    Token(token): Token,
    headers: HeaderMap,
    body: Bytes,
) -> Result<StatusCode, Failure> {
    out(&db, &token)?;
    let content_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    if !is_one_click(content_type.unwrap_or_default(), &body) {
        let words = "Send List-Unsubscribe=One-Click as a form, as RFC 8058 says. Nothing was changed.";
        return Err(Error::new(Kind::Unreadable, "not_one_click", words).into());
    }
    leave(&db, &token, false).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn leave(db: &Db, token: &str, everything: bool) -> Result<()> {
    let link = out(db, token)?;
    db.write("messaging.unsubscribe", move |w| wishes::unsubscribe(w, &link, everything)).await
}

fn standing(r: &mut Read<'_>, person: &Person, connected: &[Channel]) -> Result<Standing> {
    let (verdict, addresses) = as_if(r, person, &topics::ORDERS, connected)?;
    let usual = match &verdict {
        Verdict::Send { channel, .. } => Some(*channel),
        Verdict::Hold { .. } | Verdict::Drop { .. } => None,
    };
    let limits = customers::topic_limits(r, &person.ids())?;
    let mut topics = Vec::new();
    for (topic, is_on) in wishes::topic_states(r, person, connected)? {
        let limit = limits.get(topic.id).copied().unwrap_or_default();
        let by = wishes::ways_of(r, person, (topic, is_on), limit.without, connected)?;
        // Of what needs a yes, only the usual way is proposed to who has said none.
        let by = if topic.purpose == Purpose::Marketing && !is_on { usual.into_iter().collect() } else { by };
        topics.push(TopicStanding { topic, is_on, by, every_days: limit.every_days });
    }
    let now = r.now;
    Ok(Standing {
        verdict,
        addresses,
        connected: connected.to_vec(),
        topics,
        paused_until: person.paused_until.filter(|until| *until > now),
        own_hours: person.own_hours.clone(),
        zone: store::zone_of(person, r.wired::<Shop>()?),
        now,
    })
}

impl Door {
    fn you(&self, token: &str) -> Result<YouLink> {
        YouLink::read(token, &self.db.wiring().get_arc::<Shop>()?.keys).ok_or_else(nobody)
    }

    fn page<T: Serialize>(&self, template: &str, title: &str, page: &T, locale: &Locale) -> Result<HtmlPage> {
        let frame = Frame { template, locale, title };
        self.shell.page(&frame, web::value(page)).map(HtmlPage::new)
    }
}

fn out(db: &Db, token: &str) -> Result<UnsubscribeLink> {
    UnsubscribeLink::read(token, &db.wiring().get_arc::<Shop>()?.keys).ok_or_else(nobody)
}

fn found(person: Option<Person>) -> Result<Person> {
    person.ok_or_else(nobody)
}

#[track_caller]
fn nobody() -> Error {
    Error::not_found("There is nothing behind this link.")
}

fn see_other(path: &str, token: &str, done: &str) -> Result<Response, Failure> {
    // The token was read a moment ago, so it holds nothing but the characters of base64url.
    let location = HeaderValue::try_from(format!("{path}/{token}?done={done}"));
    let location = location.map_err(|_| Failure::from(nobody()))?;
    let mut response = StatusCode::SEE_OTHER.into_response();
    response.headers_mut().insert(header::LOCATION, location);
    Ok(response)
}
