//! Somebody of the staff at their desk.

use std::time::Duration;

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use kernel::{CustomerId, Email};
use staff::Role;
use stories::stage::{Answer, Stage};

const PASSWORD: &str = "a sentence about tea";

/// Somebody who is signed in.
pub struct Desk<'a> {
    pub stage: &'a Stage,
    cookie: String,
}

impl<'a> Desk<'a> {
    /// Somebody of this role, called Priya if they own the shop, Liu if they manage it, and Sam otherwise.
    pub async fn of(stage: &'a Stage, role: Role) -> Desk<'a> {
        let name = match role {
            Role::Owner => "Priya",
            Role::Manager => "Liu",
            Role::Agent => "Sam",
        };
        Desk::named(stage, role, name).await
    }

    pub async fn named(stage: &'a Stage, role: Role, name: &str) -> Desk<'a> {
        let email = Email::parse(&format!("{}@northwind.test", name.to_lowercase())).unwrap();
        let invited = stage
            .house
            .db
            .write("story.invite", move |w| staff::invite(w, role, Some(&email), None))
            .await
            .unwrap();
        let outside = Desk { stage, cookie: String::new() };
        let joined =
            outside.post(&format!("/a/welcome/{invited}"), &[("name", name), ("password", PASSWORD)]).await;
        let cookie = joined.header(header::SET_COOKIE).split(';').next().unwrap().to_owned();
        Desk { stage, cookie }
    }

    pub async fn get(&self, path: &str) -> Answer {
        let request = Request::get(path).header(header::COOKIE, &self.cookie).body(Body::empty());
        self.stage.http(request.unwrap()).await
    }

    /// A form as a browser sends it from our own page, a millisecond after what was before it.
    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        self.stage.pass(Duration::from_millis(1)).await;
        let encoded = |text: &str| text.bytes().map(|byte| format!("%{byte:02X}")).collect::<String>();
        let pairs: Vec<_> = fields.iter().map(|(name, value)| format!("{name}={}", encoded(value))).collect();
        let request = Request::post(path)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header("sec-fetch-site", "same-origin")
            .header(header::COOKIE, &self.cookie)
            .body(Body::from(pairs.join("&")));
        self.stage.http(request.unwrap()).await
    }

    /// A form that does what it says, and leads on.
    pub async fn does(&self, path: &str, fields: &[(&str, &str)]) -> String {
        let answer = self.post(path, fields).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{path}: {}", answer.body);
        answer.header(header::LOCATION).to_owned()
    }

    /// The page of a customer, part `show` of it.
    pub async fn customer(&self, id: &CustomerId, show: &str) -> String {
        let page = self.get(&format!("/a/customers/{id}?show={show}")).await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.body);
        page.body
    }

    /// What makes a form of the customer's page one form, however often it is sent.
    pub async fn once(&self, id: &CustomerId) -> String {
        let page = self.customer(id, "").await;
        page.split("name=\"once\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned()
    }

    /// What the audit log says was done to customers, newest first.
    pub async fn audited(&self) -> Vec<staff::Entry> {
        let all = self.stage.house.db.read("story.audit", |r| staff::audited(r, 50)).await.unwrap();
        all.into_iter().filter(|entry| !entry.action.starts_with("staff.")).collect()
    }
}

/// The customer of an order.
pub async fn customer_of(stage: &Stage, order: orders::incoming::IncomingOrder) -> CustomerId {
    let taken = stage.take(&order).await;
    stage.settle().await;
    stage.order(&taken.order).await.customer
}

/// A person as they are now.
pub async fn person(stage: &Stage, id: &CustomerId) -> customers::Person {
    let id = id.clone();
    stage.house.db.read("story.person", move |r| customers::person(r, &id)).await.unwrap()
}
