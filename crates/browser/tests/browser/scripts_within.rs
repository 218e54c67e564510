//! Texts that would run, on the pages of whoever is let in: a customer who has signed in, and an owner; and every page there
//! is, with where in these tests it is looked at.
#![expect(clippy::unwrap_used, reason = "the helpers of a test may panic like the test itself")]

use std::collections::BTreeSet;
use std::time::Duration;

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};
use staff::Role;
use stories::parcel_life::{Doors, Parcels, STEPS};
use stories::routes::in_the_source;
use stories::stage::{Answer, Stage};
use world::scripts::scripts;

use crate::scripts::{API, Documents, calm, poured, set, settled, written};

/// How a page is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// With one text at a time in everything it shows.
    Each,
    /// Once, when every text has come through every door.
    Once,
    /// With each text in its address, by somebody who is a stranger.
    Address,
    /// It shows what one of the staff is typing, as long as they do: not looked at here.
    Draft,
    /// It is read by programs: no page.
    Data,
}

use Place::{Address, Data, Draft, Each, Once};

/// Every address that is looked at. A new one has to be written down here.
pub const PAGES: &[(&str, Place)] = &[
    ("/", Address),
    ("/a", Once),
    ("/a/account", Once),
    ("/a/account/second-factor", Once),
    ("/a/audit", Once),
    ("/a/audit.csv", Data),
    ("/a/connections", Once),
    ("/a/connections/new/{platform}", Once),
    ("/a/connections/{id}", Once),
    ("/a/customers", Once),
    ("/a/customers/{id}", Once),
    ("/a/customers/{id}/consents", Once),
    ("/a/customers/{id}/erase", Once),
    ("/a/customers/{id}/merge", Once),
    ("/a/customers/{id}/notes/{note}", Once),
    ("/a/design", Once),
    ("/a/domains", Once),
    ("/a/guide", Once),
    ("/a/keys", Once),
    ("/a/messages", Once),
    ("/a/messages/{id}", Once),
    ("/a/messages/{id}/html", Once),
    ("/a/orders", Once),
    ("/a/orders/{id}", Each),
    ("/a/parcels", Once),
    ("/a/parcels/new", Once),
    ("/a/parcels/strays", Once),
    ("/a/parcels/unlinked", Once),
    ("/a/parcels/{id}", Each),
    ("/a/parked", Once),
    ("/a/search", Each),
    ("/a/settings", Once),
    ("/a/settings/brand", Once),
    ("/a/settings/brand/look", Draft),
    ("/a/settings/channels", Once),
    ("/a/settings/rules", Once),
    ("/a/settings/wording", Once),
    ("/a/settings/wording/{key}", Once),
    ("/a/sign-in", Address),
    ("/a/sign-in/code", Address),
    ("/a/suppressions", Once),
    ("/a/system", Once),
    ("/a/tasks", Once),
    ("/a/tasks/{id}", Once),
    ("/a/tasks/{id}/faults", Data),
    ("/a/tasks/{id}/file", Data),
    ("/a/team", Once),
    ("/a/templates", Once),
    ("/a/templates/{id}", Once),
    ("/a/templates/{id}/html", Once),
    ("/a/templates/{id}/meanwhile", Draft),
    ("/a/templates/{id}/versions", Once),
    ("/a/webhooks", Once),
    ("/a/webhooks/{id}", Once),
    ("/a/welcome/{token}", Address),
    ("/a/why", Once),
    ("/assets/{file}", Data),
    // Only the demo has it, and shows nothing that anybody wrote.
    ("/demo", Data),
    ("/docs", Address),
    ("/find", Address),
    ("/healthz", Data),
    ("/inbox", Address),
    ("/inbox/{id}", Address),
    ("/inbox/{id}/html", Address),
    ("/metrics", Data),
    ("/o/{token}", Each),
    ("/o/{token}/status.json", Data),
    ("/orders", Each),
    ("/orders/{id}", Once),
    ("/readyz", Data),
    ("/s/{code}", Address),
    ("/unsubscribe/{token}", Address),
    ("/you", Each),
    ("/you/code", Address),
    ("/you/data.json", Data),
    ("/you/delete", Once),
    ("/you/in/{token}", Address),
    ("/you/updates", Once),
    ("/you/updates/{token}", Address),
];

/// What no browser opens.
const FOR_PROGRAMS: [&str; 2] = ["/v1/", "/hooks/"];
/// The step at which a parcel waits to be collected.
const WAITS: usize = 1;
const HOUR: Duration = Duration::from_secs(3_600);
const PASSWORD: &str = "a sentence about tea";

#[test]
fn every_page_has_its_place_among_those_that_are_watched() {
    let found = in_the_source("/").into_iter().filter(|(_, (is_looked_at, _))| *is_looked_at);
    let found = found.map(|(route, _)| route);
    let found: BTreeSet<String> =
        found.filter(|route| !FOR_PROGRAMS.iter().any(|start| route.starts_with(start))).collect();
    let written: BTreeSet<String> = PAGES.iter().map(|(route, _)| (*route).to_owned()).collect();
    assert_eq!(found, written, "say in the table of this file how a new page is looked at");
}

/// Whoever is let in, and what there is to see.
struct Within {
    shopper: String,
    owner: String,
    /// Each order with its number and its text.
    orders: Vec<(usize, String, Value)>,
}

/// One shopper's orders, each with a text of its own in it and in what is told of its parcels; seen by the shopper, by
/// whoever has the order's link, and by an owner.
pub async fn within(stage: &Stage, documents: &mut Documents) {
    let mut within = Within { shopper: String::new(), owner: joined(stage).await, orders: Vec::new() };
    let (key, doors) = (stage.api_key().await, Doors::opened(stage).await);
    for (number, text) in scripts().iter().enumerate() {
        let calm = of_the_shopper(stage, number);
        // Two accounts would be two people.
        let fields: Vec<_> = API.into_iter().filter(|(field, _)| *field != "/customer/external_id").collect();
        let told = written(stage, &key, &calm, poured(&calm, &fields, text)).await.json();
        if number == 0 {
            settled(stage).await;
            within.shopper = signed_in(stage).await;
        }
        within.seen_by_the_shopper(stage, documents, number).await;
        within.orders.push((number, text.clone(), told));
    }
    settled(stage).await;
    for at in 0..STEPS.len() {
        within.step(stage, documents, &doors, at).await;
        stage.pass(HOUR * 2).await;
    }
    stage.pass(HOUR * 24).await;
    mails(stage, documents).await;
    within.all_pages(stage, documents).await;
}

fn of_the_shopper(stage: &Stage, number: usize) -> Value {
    let mut order = calm(number);
    let now = json!(stage.now().to_string());
    for (field, value) in [
        ("/external_id", json!(format!("w{number}"))),
        ("/placed_at", now.clone()),
        ("/updated_at", now),
        ("/expected", Value::Null),
        ("/customer/email", json!("shopper@example.test")),
        ("/customer/phone", Value::Null),
        ("/customer/preferred_channel", Value::Null),
        ("/customer/external_id", json!("shopper")),
    ] {
        set(&mut order, field, value);
    }
    order
}

impl Within {
    /// What is known of them, which is the newest name, and their list with the newest order on it.
    async fn seen_by_the_shopper(&self, stage: &Stage, documents: &mut Documents, number: usize) {
        let mut pages = Vec::new();
        for path in ["/you", "/orders"] {
            pages.push(page(stage, path, &self.shopper).await);
        }
        together(documents, &format!("{number}, a shopper’s own pages"), pages);
    }

    /// Something happens to all parcels. Whoever has the link looks where they wait to be collected, an owner at the end.
    async fn step(&self, stage: &Stage, documents: &mut Documents, doors: &Doors, at: usize) {
        for (number, text, told) in &self.orders {
            let order = format!("w{number}");
            let parcels = Parcels { order: &order, number: *number, text: Some(text) };
            let parcels = doors.step(stage, parcels, at).await;
            if at == WAITS {
                let answer = stage.get(told["url"].as_str().unwrap()).await;
                documents.add(&format!("{number}, order page with parcels"), &answer);
            }
            if at + 1 == STEPS.len() {
                let pages = self.seen_by_an_owner(stage, told, &parcels, text).await;
                together(documents, &format!("{number}, an owner’s pages"), pages);
            }
        }
    }

    async fn seen_by_an_owner(
        &self,
        stage: &Stage,
        told: &Value,
        parcels: &[String; 2],
        text: &str,
    ) -> Vec<String> {
        let typed = utf8_percent_encode(text, NON_ALPHANUMERIC);
        let paths = [
            format!("/a/orders/{}", told["id"].as_str().unwrap()),
            format!("/a/parcels/{}", parcels[0]),
            format!("/a/parcels/{}", parcels[1]),
            format!("/a/search?q={typed}"),
        ];
        let mut pages = Vec::new();
        for path in paths {
            pages.push(page(stage, &path, &self.owner).await);
        }
        pages
    }

    /// Every page that is looked at once, with what it names.
    async fn all_pages(&self, stage: &Stage, documents: &mut Documents) {
        let owner = &self.owner;
        let (_, _, told) = self.orders.last().unwrap();
        let (things, mut missing) = (things(stage, owner, told).await, Vec::new());
        for (route, _) in PAGES.iter().filter(|(_, place)| *place == Once) {
            let path = filled(route, &things);
            let cookie = if route.starts_with("/a") { owner } else { &self.shopper };
            let answer = get(stage, &path, cookie).await;
            let is_there = answer.status.is_success() || answer.status.is_redirection();
            missing.extend((!is_there).then(|| format!("{path}: {}", answer.status)));
            documents.add(&format!("every text on {path}"), &answer);
        }
        assert_eq!(missing, Vec::<String>::new(), "nothing is looked at there");
        for list in ["/a/orders", "/a/customers", "/a/messages", "/a/tasks", "/orders"] {
            let cookie = if list.starts_with("/a") { owner } else { &self.shopper };
            further(stage, documents, list, cookie).await;
        }
    }
}

/// The list goes on, page by page.
async fn further(stage: &Stage, documents: &mut Documents, list: &str, cookie: &str) {
    let mut path = Some(list.to_owned());
    while let Some(at) = path {
        let answer = get(stage, &at, cookie).await;
        documents.add(&format!("every text on {at}"), &answer);
        path = answer.next_page(list);
    }
}

/// The mails that name carriers and places, a dozen at a time. The others about parcels are put together of the same.
async fn mails(stage: &Stage, documents: &mut Documents) {
    let all = stage.mails().await;
    let names = |subject: &str| ["on its way", "is ready"].iter().any(|words| subject.contains(words));
    let told: Vec<_> = all.into_iter().filter(|mail| names(&mail.subject)).collect();
    assert!(told.len() >= 2 * scripts().len(), "{} mails", told.len());
    for (number, some) in told.chunks(12).enumerate() {
        let pages = some.iter().map(|mail| mail.html.clone()).collect();
        together(documents, &format!("mails about parcels, {number}"), pages);
    }
}

/// Several pages of one reader as one document: each is whole, so that what stands in one is read as it would be alone.
fn together(documents: &mut Documents, name: &str, pages: Vec<String>) {
    documents.add_html(name, &pages.concat());
}

async fn page(stage: &Stage, path: &str, cookie: &str) -> String {
    let answer = get(stage, path, cookie).await;
    assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.body);
    answer.body
}

async fn get(stage: &Stage, path: &str, cookie: &str) -> Answer {
    stage.http(Request::get(path).header(header::COOKIE, cookie).body(Body::empty()).unwrap()).await
}

/// A form as a browser sends it from our own page.
async fn post(stage: &Stage, path: &str, cookie: &str, fields: &[(&str, &str)]) -> Answer {
    let encoded = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
    let pairs: Vec<_> = fields.iter().map(|(name, value)| format!("{name}={}", encoded(value))).collect();
    let request = Request::post(path)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header("sec-fetch-site", "same-origin")
        .header(header::COOKIE, cookie);
    stage.http(request.body(Body::from(pairs.join("&"))).unwrap()).await
}

/// The cookies that an answer sets.
fn cookies(answer: &Answer) -> String {
    let set = answer.headers.get_all(header::SET_COOKIE).iter().filter_map(|value| value.to_str().ok());
    set.filter_map(|line| line.split(';').next()).collect::<Vec<_>>().join("; ")
}

/// An owner who is let in.
async fn joined(stage: &Stage) -> String {
    let token =
        stage.house.db.write("story.invite", |w| staff::invite(w, Role::Owner, None, None)).await.unwrap();
    let fields = [("email", "priya@northwind.test"), ("name", "Priya"), ("password", PASSWORD)];
    let answer = post(stage, &format!("/a/welcome/{token}"), "", &fields).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    cookies(&answer)
}

/// The shopper, who has typed the code of a mail.
async fn signed_in(stage: &Stage) -> String {
    let asked = post(stage, "/you/code", "", &[("address", "shopper@example.test")]).await;
    stage.settle().await;
    let subjects = stage.subjects().await;
    let coded =
        subjects.iter().rev().map(|subject| subject.chars().filter(char::is_ascii_digit).collect::<String>());
    let code = coded.into_iter().find(|digits| digits.len() == 6).unwrap();
    let entered = post(stage, "/you/enter", &cookies(&asked), &[("code", &code)]).await;
    assert_eq!(entered.header(header::LOCATION), "/orders", "{}", entered.body);
    cookies(&entered)
}

/// One of everything that an address may name, by what stands before it.
async fn things(stage: &Stage, owner: &str, told: &Value) -> Vec<(String, String)> {
    let said = |name: &str| told[name].as_str().unwrap().to_owned();
    let customer = said("customer_id");
    let at = |list: &str| format!("{list}/");
    noted(stage, owner, &customer).await;
    post(stage, "/a/customers/export", owner, &[("query", "")]).await;
    let hook = [("url", "https://hooks.northwind.example/in"), ("wants", "all")];
    post(stage, "/a/webhooks", owner, &hook).await;
    stage.settle().await;
    let notes = format!("/a/customers/{customer}/notes");
    let mut things = vec![
        ("/a/customers/".to_owned(), customer.clone()),
        ("/a/orders/".to_owned(), said("id")),
        ("/orders/".to_owned(), said("id")),
        ("/a/connections/new/".to_owned(), "shopify".to_owned()),
        ("/a/templates/".to_owned(), "order.confirmation".to_owned()),
        ("/a/settings/wording/".to_owned(), "mail-confirmation-subject".to_owned()),
    ];
    for (list, shown_on) in [
        (notes.as_str(), format!("/a/customers/{customer}")),
        ("/a/connections", "/a/connections".to_owned()),
        ("/a/messages", "/a/messages".to_owned()),
        ("/a/tasks", "/a/tasks".to_owned()),
        ("/a/webhooks", "/a/webhooks".to_owned()),
    ] {
        let (before, page) = (at(list), page(stage, &shown_on, owner).await);
        let named = page.split(&before).skip(1).map(|rest| rest.split(['/', '"', '?']).next().unwrap());
        let id = named
            .into_iter()
            .find(|id| id.contains('_'))
            .unwrap_or_else(|| panic!("{shown_on} names none: {page}"));
        things.push((before.clone(), id.to_owned()));
    }
    things
}

/// A note with as many texts in it as one may hold.
async fn noted(stage: &Stage, owner: &str, customer: &str) {
    let shown = page(stage, &format!("/a/customers/{customer}"), owner).await;
    let once = shown.split("name=\"once\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
    let plain = scripts().into_iter().filter(|text| !text.chars().any(char::is_control));
    let body: String = plain.collect::<Vec<_>>().join(" ").chars().take(7_000).collect();
    let fields = [("once", once), ("subject", ""), ("body", &body)];
    let answer = post(stage, &format!("/a/customers/{customer}/notes"), owner, &fields).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
}

/// The address of a route, with what is in braces filled in.
fn filled(route: &str, things: &[(String, String)]) -> String {
    let mut path = String::new();
    for part in route.split_inclusive('/') {
        let name = part.trim_end_matches('/');
        let known = things.iter().find(|(before, _)| *before == path);
        match known.filter(|_| name.starts_with('{')) {
            Some((_, id)) => path.push_str(&format!("{id}{}", &part[name.len()..])),
            None => path.push_str(part),
        }
    }
    if path == "/a/parcels/new" {
        let order = things.iter().find(|(before, _)| before == "/a/orders/").unwrap();
        path.push_str(&format!("?order={}", order.1));
    }
    path
}
