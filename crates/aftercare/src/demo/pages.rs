//! `/demo`: be a customer, let time pass, see what happened and why.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{Query, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use kernel::{Channel, Clock, Error, Locale, Result};
use orders::OrderLink;
use orders::incoming::Payment;
use serde::Deserialize;
use web::{Failure, Form, Frame, HtmlPage, Link, PageShell};
use world::parcels::{self, Fate};
use world::people::Person;
use world::shopping::{Kind, order_now};

use super::view::{ClockView, DemoPage, Done, ORDER_KINDS, SPANS};
use super::{Demo, happened};
use crate::routes;

#[derive(Clone)]
struct Door {
    demo: Arc<Demo>,
    shell: Arc<dyn PageShell>,
}

/// The whole demo: the shop's own routes, and the page.
pub fn router(demo: Arc<Demo>) -> Result<Router> {
    let pages = routes::pages()?;
    let shell = routes::plain_shell(&demo.house, true, pages);
    let door = Door { demo: demo.clone(), shell };
    let pages = Router::new()
        .route("/demo", get(show))
        .route("/demo/orders", post(place_order))
        .route("/demo/time", post(let_time_pass))
        .with_state(door);
    demo.house.router_with(Some(pages))
}

/// What the last button did, in the address of the page it led to.
#[derive(Debug, Default, Deserialize)]
struct After {
    placed: Option<String>,
    passed: Option<String>,
}

async fn show(State(door): State<Door>, Query(after): Query<After>) -> Result<Response, Failure> {
    let demo = &door.demo;
    let (happened, customers, orders, held) = demo
        .house
        .db
        .read("demo.page", |r| {
            let held = messaging::held_by_restore(r)?;
            Ok((happened::newest(r)?, customers::count(r)?, orders::count(r)?, held))
        })
        .await?;
    let shop = demo.house.shop()?;
    let now = demo.clock.now();
    let page = DemoPage {
        clock: ClockView { at: now.to_string(), shown: happened::shown(&shop, now) },
        intro: format!(
            "{} is a simulated shop with {customers} customers and {orders} orders. Nobody in it exists.{}",
            shop.brand.name,
            held.map(|held| held_words(&held)).unwrap_or_default()
        ),
        done: done(&door, &after)?,
        choices: ORDER_KINDS.to_vec(),
        spans: SPANS.to_vec(),
        happened,
        older: None,
        links: vec![Link::new("Inbox", "/inbox"), Link::new("API documents", "/docs")],
    };
    let frame = Frame { template: "demo/demo.html", locale: &Locale::default(), title: "Demo" };
    let html = door.shell.page(&frame, web::value(&page))?;
    Ok(HtmlPage::new(html).into_response())
}

fn held_words(held: &messaging::HeldByRestore) -> String {
    format!(
        " It was restored on {}: {} messages that were due before wait for `aftercare messages release`.",
        held.hold.restored_at, held.messages
    )
}

fn done(door: &Door, after: &After) -> Result<Option<Done>> {
    if let Some(id) = &after.placed {
        let order = orders::OrderId::parse(id)?;
        let url = OrderLink::new(order, door.demo.clock.now()).url(&*door.demo.house.shop()?);
        let text = "The order is placed. What its customer is told, and when, stands below.".to_owned();
        return Ok(Some(Done { text, link: Some(Link::new("See the customer's page", url)) }));
    }
    Ok(after.passed.as_deref().and_then(|done| done.parse::<u64>().ok()).map(|done| {
        let text = format!("Time has passed; {done} things were done, each at its own moment.");
        Done { text, link: None }
    }))
}

async fn place_order(State(door): State<Door>, form: Form) -> Result<Response, Failure> {
    let (kind, fits): (Kind, fn(&Person) -> bool) = match form.text("kind") {
        "paid" | "" => (Kind::Paid, |_| true),
        "pay-later" => (Kind::PayLater, |_| true),
        "made-to-order" => (Kind::MadeToOrder, |_| true),
        "gift" => (Kind::Gift, |_| true),
        "in-german" => (Kind::Paid, |person| person.locale.language() == "de"),
        "late" => (Kind::Paid, |_| true),
        "by-text" => (Kind::Paid, |person| person.preferred_channel == Some(Channel::Sms)),
        _ => return Err(Error::field("/kind", "unknown_word", "Choose one of the kinds of orders.").into()),
    };
    let demo = &door.demo;
    let mut hands = demo.hands.lock().await;
    let who: Vec<&Person> = demo.people.iter().filter(|person| fits(person)).collect();
    // A demo of very few customers may have nobody like that.
    let who = if who.is_empty() { demo.people.iter().collect() } else { who };
    let person = who[hands.dice.below(who.len() as u64) as usize];
    let number = hands.next_number;
    hands.next_number += 1;
    let order = order_now(person, kind, number, demo.clock.now(), &mut hands.dice);
    let fate = if form.text("kind") == "late" { Fate::Late } else { Fate::InTime };
    if order.payment != Payment::Pending {
        let left_at = parcels::leaves_at(&order, demo.clock.now());
        let tellings = parcels::to_come(&order, left_at, fate, &mut hands.dice);
        hands.add(tellings);
    }
    let taken = demo.house.db.write("demo.order", move |w| orders::take(w, &order)).await?;
    demo.let_pass(&mut hands, demo.clock.now()).await?;
    Ok(to(&format!("/demo?placed={}", taken.order)))
}

async fn let_time_pass(State(door): State<Door>, form: Form) -> Result<Response, Failure> {
    const HOUR: Duration = Duration::from_secs(3_600);
    let span = match form.text("pass") {
        "1h" => HOUR,
        "1d" => HOUR * 24,
        "7d" => HOUR * 24 * 7,
        _ => return Err(Error::field("/pass", "unknown_word", "Choose an hour, a day or a week.").into()),
    };
    let demo = &door.demo;
    let mut hands = demo.hands.lock().await;
    let until = demo.clock.now() + span;
    let done = demo.let_pass(&mut hands, until).await?;
    Ok(to(&format!("/demo?passed={done}")))
}

fn to(path: &str) -> Response {
    let response = Redirect::to(path).into_response();
    debug_assert_eq!(response.status(), StatusCode::SEE_OTHER);
    debug_assert!(response.headers().contains_key(header::LOCATION));
    response
}
