//! What people do about the messages they get, and what goes wrong for them.

use axum::Router;
use axum::body::Body;
use axum::http::{Request, header};
use db::{Db, Write};
use kernel::{Channel, CustomerId, MessageId, Result};
use messaging::sms::signed;
use messaging::{NewMessage, Recipient};
use timeline::{Actor, Ending, IncidentKind};

use super::Credentials;
use super::agenda::{Action, Answer};
use super::http::ask;
use super::outside::What;
use super::scene::Scene;
use crate::people::Person;

const FORM: &str = "application/x-www-form-urlencoded";

/// Somebody leaves by the mail they got; again when the shop is away.
pub(crate) async fn answer(scene: &Scene, router: Option<Router>, hand_off: usize, how: Answer) {
    let Some(way_out) = scene.outside.hand_off(hand_off).way_out else { return };
    let (path, body) = match how {
        Answer::OneClick => (way_out, "List-Unsubscribe=One-Click"),
        Answer::Topic => (format!("{way_out}/topic"), ""),
        Answer::All => (format!("{way_out}/all"), ""),
    };
    let again = |scene: &Scene| scene.later(10, 3_600, Action::Answer { hand_off, how });
    let Some(router) = router else { return again(scene) };
    let request = Request::post(path)
        .header(header::CONTENT_TYPE, FORM)
        .header("sec-fetch-site", if how == Answer::OneClick { "cross-site" } else { "same-origin" });
    let heard = ask(scene, router, request.body(Body::from(body))).await;
    match heard.status {
        200..=399 => scene.outside.said(scene.now(), What::Left { hand_off, how }),
        400..=428 => scene.refuse(format!("leaving by {how:?}: {} {}", heard.status, heard.body)),
        _ => again(scene),
    }
}

/// Somebody texts the shop; the gateway brings it again when the shop is away.
pub(crate) async fn text(
    scene: &Scene,
    keys: &Credentials,
    router: Option<Router>,
    (which, person): (usize, &Person),
    (body, nth): (&'static str, u32),
) {
    let Some(phone) = &person.phone else { return };
    let again = |scene: &Scene| scene.later(5, 600, Action::Text { person: which, body, nth });
    let Some(router) = router else { return again(scene) };
    let (path, from) = (signed::incoming_path(&keys.keys), phone.as_str().trim_start_matches('+'));
    let path =
        format!("{path}?from=%2B{from}&to=123&text={body}&charset=UTF-8&coding=0&id={from}-{nth}&ts=0");
    let heard = ask(scene, router, Request::get(path).body(Body::empty())).await;
    let phone = phone.to_string();
    match (heard.status, body) {
        (200..=299, "STOP") => scene.outside.said(scene.now(), What::Stopped { phone }),
        (200..=299, "START") => scene.outside.said(scene.now(), What::Started { phone }),
        (200..=299, _) => {}
        (400..=428, _) => scene.refuse(format!("texting {body}: {} {}", heard.status, heard.body)),
        _ => again(scene),
    }
}

/// Somebody asks for a code at their address; again when the shop is away. Its mail is scanned like any other.
pub(crate) async fn sign_in(scene: &Scene, router: Option<Router>, (which, person): (usize, &Person)) {
    let again = |scene: &Scene| scene.later(5, 600, Action::SignIn { person: which });
    let Some(router) = router else { return again(scene) };
    let body = format!("address={}", person.email.as_str().replace('+', "%2B").replace('@', "%40"));
    let request = Request::post("/you/code").header(header::CONTENT_TYPE, FORM);
    let request = request.header("sec-fetch-site", "same-origin").body(Body::from(body));
    let heard = ask(scene, router, request).await;
    match heard.status {
        // Who asks too often is told to wait, and may.
        200..=399 | 429 => {}
        400..=428 => scene.refuse(format!("asking for a code: {} {}", heard.status, heard.body)),
        _ => again(scene),
    }
}

/// The gateway reports on a text it took.
pub(crate) async fn report(
    scene: &Scene,
    keys: &Credentials,
    router: Option<Router>,
    hand_off: usize,
    status: &'static str,
) {
    let again = |scene: &Scene| scene.later(5, 600, Action::Report { hand_off, status });
    let Some(router) = router else { return again(scene) };
    let Some(Ok(message)) = scene.outside.hand_off(hand_off).message.map(|id| MessageId::parse(&id)) else {
        return;
    };
    let path = format!("{}?type={status}&answer=", signed::report_path(&keys.keys, &message));
    let heard = ask(scene, router, Request::get(path).body(Body::empty())).await;
    match heard.status {
        200..=299 => scene.outside.reported(message.to_string(), scene.now()),
        400..=428 => scene.refuse(format!("reporting {status}: {} {}", heard.status, heard.body)),
        _ => again(scene),
    }
}

/// The merchant writes something to a customer: through messaging's own verb, so that its rules decide.
pub(crate) async fn say(scene: &Scene, db: &Db, person: &Person, template: &'static str, nth: u32) {
    let (email, trigger) = (person.email.key(), format!("{template} {nth}"));
    let written = db.write("sim.say", move |w| {
        let Some(customer) = customer_at(w, &email)? else { return Ok(()) };
        let not_after = Some(w.now + std::time::Duration::from_secs(5 * 86_400));
        let message = NewMessage {
            customer: &customer,
            template,
            subject: ("customer", customer.as_str()),
            trigger: &trigger,
            thread: &trigger,
            recipient: Recipient::default(),
            context: serde_json::json!({ "said": trigger }),
            not_before: w.now,
            not_after,
        };
        messaging::queue(w, &message).map(drop)
    });
    if let Err(error) = written.await {
        scene.trace.note(format_args!("not written: {error}"));
    }
}

/// Something goes wrong for a customer, or is put right.
pub(crate) async fn incident(scene: &Scene, db: &Db, person: &Person, kind: IncidentKind, opens: bool) {
    let (email, key) = (person.email.to_string(), person.email.key());
    if !opens {
        scene.outside.said(scene.now(), What::Closing { email: email.clone(), kind });
    }
    let name = if opens { "sim.open_incident" } else { "sim.close_incident" };
    let changed = db.write(name, move |w| {
        let Some(customer) = customer_at(w, &key)? else { return Ok(false) };
        let subject = ("customer", customer.as_str());
        match opens {
            true => timeline::open_incident(w, kind, subject, &customer, Actor::Rule("sim"))
                .map(|opened| opened.is_some()),
            false => timeline::close_incident(w, kind, subject, Ending::Cured, Actor::Rule("sim")),
        }
    });
    if let Ok(true) = changed.await {
        let what = if opens { What::Opened { email, kind } } else { What::Closed { email, kind } };
        scene.outside.said(scene.now(), what);
    }
}

fn customer_at(w: &mut Write<'_>, email_key: &str) -> Result<Option<CustomerId>> {
    Ok(customers::holders(w, Channel::Email, email_key)?.into_iter().next())
}
