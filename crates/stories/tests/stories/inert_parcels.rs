//! What is told of parcels stays text wherever somebody reads it: in every mail about them, on the order page, on a
//! customer's own pages, and on the staff's.

use std::collections::BTreeSet;
use std::time::Duration;

use axum::http::StatusCode;
use serde_json::{Value, json};
use staff::Role;
use stories::parcel_life::{Doors, Parcels, STEPS};
use stories::stage::{Answer, Mail, Stage};
use stories::stories;
use world::hostile::strings;

use crate::inert::{assert_inert_mail, assert_links, shapes};
use crate::kit::{full_example, get_with, header_names, post_order, with};

/// Every kind of mail that a parcel's life brings, in the words of a calm one.
const SUBJECTS: [&str; 6] = ["on its way", "is ready", "arrives today", "missed", "problem", "is there"];

const STEP: Duration = Duration::from_secs(2 * 3_600);
const DAY: Duration = Duration::from_secs(86_400);

/// Whoever reads of parcels: a customer who has signed in, and an owner.
struct Readers {
    shopper: String,
    owner: String,
}

/// An order whose parcels are told of.
struct Order {
    number: usize,
    text: Option<String>,
    page: String,
    id: String,
    customer: String,
}

/// Everything that tells of some orders' parcels.
#[derive(Default)]
struct Read {
    mails: Vec<Mail>,
    pages: Vec<(String, String)>,
}

/// An order of now, promised for no day, so that nothing but its parcels is told of.
async fn ordered(stage: &Stage, key: &str, number: usize, text: Option<String>) -> Order {
    let now = json!(stage.now().to_string());
    let order = with(full_example(number), "/placed_at", now.clone());
    let order = with(with(order, "/updated_at", now), "/expected", Value::Null);
    let answer = stage.http(post_order(key, order.to_string())).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.body);
    let told = answer.json();
    let said = |name: &str| told[name].as_str().expect("a text").to_owned();
    let page = said("url").replace(&stage.house.config.public_url, "");
    Order { number, text, page, id: said("id"), customer: said("customer_id") }
}

impl Readers {
    /// Tells what happens to all these parcels, step by step, and reads everything that tells of it on the way.
    async fn read(&self, stage: &Stage, doors: &Doors, orders: &[Order]) -> Read {
        let (mut read, before) = (Read::default(), stage.mails().await.len());
        for at in 0..STEPS.len() {
            for order in orders {
                let of = format!("h{}", order.number);
                let parcels = Parcels { order: &of, number: order.number, text: order.text.as_deref() };
                let parcels = doors.step(stage, parcels, at).await;
                // Where something waits to be collected, and at the end.
                if is_looked_at(at) {
                    for page in [order.page.clone(), format!("/a/orders/{}", order.id)] {
                        self.look(stage, &page, &mut read).await;
                    }
                    for parcel in &parcels {
                        self.look(stage, &format!("/a/parcels/{parcel}"), &mut read).await;
                    }
                }
            }
            if is_looked_at(at) {
                self.look(stage, "/you", &mut read).await;
                self.look(stage, &format!("/a/customers/{}", orders[0].customer), &mut read).await;
                self.look_through(stage, "/orders", &mut read).await;
                self.look_through(stage, "/a/messages", &mut read).await;
            }
            stage.pass(STEP).await;
        }
        stage.pass(DAY).await;
        read.mails = stage.mails().await.split_off(before);
        read
    }

    async fn look_through(&self, stage: &Stage, list: &'static str, read: &mut Read) {
        let mut path = Some(list.to_owned());
        while let Some(at) = path {
            path = self.look(stage, &at, read).await.next_page(list);
        }
    }

    async fn look(&self, stage: &Stage, path: &str, read: &mut Read) -> Answer {
        let cookie = if path.starts_with("/a/") { &self.owner } else { &self.shopper };
        let page = get_with(stage, path, cookie).await;
        assert_eq!(page.status, StatusCode::OK, "{path}: {}", page.body);
        web::markup::assert_html(path, &page.body);
        read.pages.push((route_of(path), page.body.clone()));
        page
    }
}

fn is_looked_at(at: usize) -> bool {
    at == 1 || at + 1 == STEPS.len()
}

/// Without what an address names.
fn route_of(path: &str) -> String {
    let path = path.split('?').next().unwrap_or_default();
    let names = |part: &&str| part.len() < 20;
    path.split('/').filter(names).collect::<Vec<_>>().join("/")
}

/// The shapes of all mails, their headers, and those of each kind of page.
struct Calm {
    mail: BTreeSet<String>,
    headers: BTreeSet<Vec<String>>,
    pages: Vec<(String, BTreeSet<String>)>,
}

impl Calm {
    fn of(read: &Read) -> Calm {
        Calm {
            mail: read.mails.iter().flat_map(|mail| shapes(&mail.html)).collect(),
            headers: read.mails.iter().map(|mail| header_names(&mail.source)).collect(),
            pages: read.pages.iter().map(|(route, html)| (route.clone(), shapes(html))).collect(),
        }
    }

    /// Fails where anything is more than text.
    fn holds(&self, read: &Read) {
        for mail in &read.mails {
            let new: Vec<_> = shapes(&mail.html).difference(&self.mail).cloned().collect();
            assert!(new.is_empty(), "{}: {new:?}", mail.subject);
            assert!(self.headers.contains(&header_names(&mail.source)), "{}", mail.subject);
            assert_inert_mail(mail, &mail.subject);
        }
        for (route, html) in &read.pages {
            let calm = self.pages.iter().filter(|(known, _)| known == route);
            let calm: BTreeSet<&String> = calm.flat_map(|(_, shapes)| shapes).collect();
            let shapes = shapes(html);
            let new: Vec<_> = shapes.iter().filter(|shape| !calm.contains(shape)).collect();
            assert!(new.is_empty(), "{route}: {new:?} in {html}");
            assert_links(html, route);
        }
    }
}

stories! {
    async fn what_is_told_of_parcels_is_inert_wherever_it_is_read(stage: &Stage) {
        let (key, doors) = (stage.api_key().await, Doors::opened(stage).await);
        // As many as a page of their orders holds, and one more.
        let mut calm = Vec::new();
        for number in 1..=11 {
            calm.push(ordered(stage, &key, number, None).await);
        }
        stage.pass(Duration::from_secs(60)).await;
        let shopper = crate::account::signed_in(stage, "amina@example.test").await;
        let owner = crate::staff::joined(stage, Role::Owner, "priya@northwind.test").await;
        let readers = Readers { shopper, owner };
        let calm = readers.read(stage, &doors, &calm).await;
        for kind in SUBJECTS {
            assert!(calm.mails.iter().any(|mail| mail.subject.contains(kind)), "no mail of “{kind}”");
        }
        let calm = Calm::of(&calm);
        let mut hostile = Vec::new();
        for (number, (_, text)) in (12..).zip(strings()).filter(|(_, (_, text))| text.len() < 100_000) {
            hostile.push(ordered(stage, &key, number, Some(text)).await);
        }
        stage.pass(Duration::from_secs(60)).await;
        let read = readers.read(stage, &doors, &hostile).await;
        assert!(read.mails.len() >= SUBJECTS.len() * hostile.len(), "{} mails", read.mails.len());
        calm.holds(&read);
    }
}
