//! Who may open what: every route under `/a` that stands in the source, for every role, with objects that exist.

use std::collections::{BTreeMap, BTreeSet};

use axum::http::{StatusCode, header};
use staff::Role::{self, Agent, Manager, Owner};
use stories::routes::in_the_source;
use stories::stage::{Answer, Stage};
use stories::stories;
use world::samples::{Bend, order};

use crate::staff::{get, joined, post};

/// The role that may least and still opens it; for looking and for sending a form.
type Least = (Option<Role>, Option<Role>);

/// Before somebody is signed in.
const OUTSIDE: [&str; 3] = ["/a/sign-in", "/a/sign-in/code", "/a/welcome/{token}"];
/// What ends the session of whoever tries it.
const ENDS_IT: [&str; 2] = ["/a/account/sign-out", "/a/account/sign-out-everywhere"];

const fn look(role: Role) -> Least {
    (Some(role), None)
}

const fn send(role: Role) -> Least {
    (None, Some(role))
}

const fn both(look: Role, send: Role) -> Least {
    (Some(look), Some(send))
}

/// Every route, and who it is for. A new one has to be written down here.
const ROUTES: &[(&str, Least)] = &[
    ("/a", look(Agent)),
    ("/a/account", look(Agent)),
    ("/a/account/second-factor", both(Agent, Agent)),
    ("/a/account/second-factor/confirm", send(Agent)),
    ("/a/account/second-factor/end", send(Agent)),
    ("/a/account/sessions/{id}", send(Agent)),
    ("/a/account/sign-out", send(Agent)),
    ("/a/account/sign-out-everywhere", send(Agent)),
    ("/a/audit", look(Owner)),
    ("/a/audit.csv", look(Owner)),
    ("/a/connections", look(Manager)),
    ("/a/connections/new/{platform}", both(Manager, Manager)),
    ("/a/connections/{id}", look(Manager)),
    ("/a/connections/{id}/access", send(Manager)),
    ("/a/connections/{id}/pause", send(Manager)),
    ("/a/connections/{id}/remove", send(Manager)),
    ("/a/connections/{id}/resume", send(Manager)),
    ("/a/connections/{id}/secret", send(Manager)),
    ("/a/connections/{id}/webhooks/{webhook}/again", send(Manager)),
    ("/a/customers", look(Agent)),
    ("/a/customers/export", send(Manager)),
    ("/a/customers/{id}", look(Agent)),
    ("/a/customers/{id}/consents", look(Agent)),
    ("/a/customers/{id}/contacts", send(Agent)),
    ("/a/customers/{id}/erase", both(Manager, Manager)),
    ("/a/customers/{id}/export", send(Manager)),
    ("/a/customers/{id}/incidents", send(Agent)),
    ("/a/customers/{id}/incidents/{incident}/close", send(Agent)),
    ("/a/customers/{id}/merge", both(Agent, Manager)),
    ("/a/customers/{id}/notes", send(Agent)),
    ("/a/customers/{id}/notes/{note}", both(Agent, Agent)),
    ("/a/customers/{id}/notes/{note}/remove", send(Agent)),
    ("/a/customers/{id}/pause", send(Agent)),
    ("/a/customers/{id}/resume", send(Agent)),
    ("/a/customers/{id}/unmerge", send(Manager)),
    ("/a/design", look(Agent)),
    ("/a/domains", both(Manager, Manager)),
    ("/a/guide", look(Agent)),
    ("/a/guide/put-away", send(Manager)),
    ("/a/keys", both(Owner, Owner)),
    ("/a/keys/{id}/revoke", send(Owner)),
    ("/a/messages", look(Agent)),
    ("/a/messages/act", send(Agent)),
    ("/a/messages/export", send(Manager)),
    ("/a/messages/{id}", look(Agent)),
    ("/a/messages/{id}/act", send(Agent)),
    ("/a/messages/{id}/html", look(Agent)),
    ("/a/orders", look(Agent)),
    ("/a/orders/act", send(Agent)),
    ("/a/orders/export", send(Manager)),
    ("/a/orders/resend", send(Manager)),
    ("/a/orders/{id}", look(Agent)),
    ("/a/orders/{id}/mark", send(Agent)),
    ("/a/orders/{id}/notes", send(Agent)),
    ("/a/orders/{id}/notes/{note}/remove", send(Agent)),
    ("/a/orders/{id}/resend", send(Agent)),
    ("/a/parcels", look(Agent)),
    ("/a/parcels/new", both(Agent, Agent)),
    ("/a/parcels/strays", look(Agent)),
    ("/a/parcels/unlinked", look(Agent)),
    ("/a/parcels/{id}", look(Agent)),
    ("/a/parcels/{id}/carrier", send(Agent)),
    ("/a/parcels/{id}/happened", send(Agent)),
    ("/a/parcels/{id}/number", send(Agent)),
    ("/a/parked", look(Agent)),
    ("/a/parked/{sort}/again", send(Agent)),
    ("/a/parked/{sort}/all-again", send(Manager)),
    ("/a/parked/{sort}/discard", send(Manager)),
    ("/a/search", look(Agent)),
    ("/a/settings", look(Agent)),
    ("/a/settings/brand", both(Manager, Manager)),
    ("/a/settings/brand/look", look(Manager)),
    ("/a/settings/channels", look(Manager)),
    ("/a/settings/channels/test", send(Manager)),
    ("/a/settings/rules", both(Manager, Manager)),
    ("/a/settings/wording", look(Manager)),
    ("/a/settings/wording/{key}", both(Manager, Manager)),
    ("/a/suppressions", both(Agent, Agent)),
    ("/a/suppressions/import", send(Manager)),
    ("/a/suppressions/lift", send(Manager)),
    ("/a/system", both(Manager, Manager)),
    ("/a/tasks", look(Agent)),
    ("/a/tasks/{id}", look(Agent)),
    // What an owner has started; whoever started something may do the same with it.
    ("/a/tasks/{id}/faults", look(Manager)),
    ("/a/tasks/{id}/file", look(Manager)),
    ("/a/tasks/{id}/go-on", send(Manager)),
    ("/a/tasks/{id}/stop", send(Manager)),
    ("/a/team", look(Owner)),
    ("/a/team/invite", send(Owner)),
    ("/a/team/{id}/remove", send(Owner)),
    ("/a/templates", look(Agent)),
    ("/a/templates/{id}", both(Agent, Manager)),
    ("/a/templates/{id}/html", look(Agent)),
    ("/a/templates/{id}/meanwhile", look(Agent)),
    ("/a/templates/{id}/versions", look(Agent)),
    ("/a/templates/{id}/versions/{version}/bring-back", send(Manager)),
    ("/a/views", send(Agent)),
    ("/a/views/{id}/remove", send(Agent)),
    ("/a/webhooks", both(Manager, Manager)),
    ("/a/webhooks/{id}", both(Manager, Manager)),
    ("/a/webhooks/{id}/deliveries/{delivery}/again", send(Manager)),
    ("/a/webhooks/{id}/remove", send(Manager)),
    ("/a/webhooks/{id}/rotate", send(Manager)),
    ("/a/webhooks/{id}/switch", send(Manager)),
    ("/a/webhooks/{id}/test", send(Manager)),
    ("/a/why", look(Agent)),
];

/// One of everything that a path may name.
struct Things {
    by_beginning: Vec<(&'static str, String)>,
}

impl Things {
    async fn made(stage: &Stage, owner: &str) -> Things {
        let taken = stage.take(&order(1042, stage.now()).paid()).await;
        stage.settle().await;
        let customer = stage.order(&taken.order).await.customer;
        let message = stage.house.db.read("story.told", {
            let order = taken.order.clone();
            move |r| messaging::told_about(r, "order", order.as_str(), 1)
        });
        let message = message.await.unwrap().remove(0).id;
        let hook = [("url", "https://hooks.northwind.example/in"), ("wants", "all")];
        let fields = [("name", "Tea"), ("scope", "orders:read")];
        let key = listed(&post(stage, "/a/keys", owner, &fields).await, stage, owner, "/a/keys").await;
        let endpoint =
            listed(&post(stage, "/a/webhooks", owner, &hook).await, stage, owner, "/a/webhooks").await;
        let shop = crate::kit::Shop::connected(stage).await;
        let connection = shop.path.rsplit('/').next().unwrap().to_owned();
        let task = post(stage, "/a/customers/export", owner, &[("query", "")]).await;
        let task = task.header(header::LOCATION).rsplit('/').next().unwrap().to_owned();
        stage.settle().await;
        Things {
            by_beginning: vec![
                ("/a/orders/", taken.order.to_string()),
                ("/a/customers/", customer.to_string()),
                ("/a/messages/", message.to_string()),
                ("/a/connections/new/", "generic".to_owned()),
                ("/a/connections/", connection),
                ("/a/keys/", key),
                ("/a/webhooks/", endpoint),
                ("/a/tasks/", task),
                ("/a/templates/", "order.confirmation".to_owned()),
                ("/a/settings/wording/", "mail-confirmation-subject".to_owned()),
                ("/a/parked/", "work".to_owned()),
            ],
        }
    }

    /// The path with what is in braces filled in; nobody's, where nothing of the kind was made.
    fn filled(&self, route: &str) -> String {
        let mut path = String::new();
        for part in route.split_inclusive('/') {
            let name = part.trim_end_matches('/');
            if !name.starts_with('{') {
                path.push_str(part);
                continue;
            }
            let known = self.by_beginning.iter().find(|(beginning, _)| path == *beginning);
            let unknown = if name == "{version}" { "1" } else { "nobody" };
            path.push_str(known.map_or(unknown, |(_, id)| id));
            path.push_str(&part[name.len()..]);
        }
        path
    }
}

/// The identifier in the first address below `list` that the page names.
async fn listed(made: &Answer, stage: &Stage, cookie: &str, list: &str) -> String {
    let page = get(stage, list, cookie).await;
    let named = |body: &str| {
        let rest = body.split(&format!("{list}/")).nth(1)?;
        Some(rest.split(['/', '"', '?']).next()?.to_owned())
    };
    named(&page.body).unwrap_or_else(|| panic!("{list}: {} {}", made.status, made.body))
}

fn is_to_sign_in(answer: &Answer) -> bool {
    answer.status == StatusCode::SEE_OTHER && answer.header(header::LOCATION).starts_with("/a/sign-in")
}

/// What is wrong with an answer: nobody is let through who may not, and nobody is kept out who may.
fn judged(answer: &Answer, role: Role, least: Role, what: &str) -> Option<String> {
    let status = answer.status;
    let is_right = match (is_to_sign_in(answer), role < least) {
        (true, _) => false,
        (false, true) => status == StatusCode::FORBIDDEN,
        (false, false) => status != StatusCode::FORBIDDEN && !status.is_server_error(),
    };
    (!is_right).then(|| format!("{what}: {role:?} got {status}, and it is for {least:?}"))
}

stories! {
    async fn every_route_is_for_whom_it_says(stage: &Stage) {
        let mut cookies = Vec::new();
        for (role, email) in [(Owner, "o@northwind.test"), (Agent, "a@northwind.test"), (Manager, "m@northwind.test")] {
            cookies.push((role, joined(stage, role, email).await));
        }
        let things = Things::made(stage, &cookies[0].1).await;
        cookies.sort_by_key(|(role, _)| *role);
        let mut wrong = Vec::new();
        for (route, (look, send)) in ROUTES {
            let path = things.filled(route);
            if let Some(least) = look {
                assert!(is_to_sign_in(&stage.get(&path).await), "GET {route}: a stranger");
                for (role, cookie) in &cookies {
                    wrong.extend(judged(&get(stage, &path, cookie).await, *role, *least, &format!("GET {route}")));
                }
            }
            if let Some(least) = send {
                assert!(is_to_sign_in(&post(stage, &path, "", &[]).await), "POST {route}: a stranger");
                for (role, cookie) in cookies.iter().filter(|_| !ENDS_IT.contains(route)) {
                    wrong.extend(judged(&post(stage, &path, cookie, &[]).await, *role, *least, &format!("POST {route}")));
                }
            }
        }
        assert_eq!(wrong, Vec::<String>::new());
    }
}

#[test]
fn every_route_of_the_staff_is_written_down() {
    let mut written: BTreeMap<String, (bool, bool)> = BTreeMap::new();
    for (route, (look, send)) in ROUTES {
        written.insert((*route).to_owned(), (look.is_some(), send.is_some()));
    }
    let mut found = in_the_source("/a");
    let outside: BTreeSet<&str> = OUTSIDE.into_iter().collect();
    found.retain(|route, _| !outside.contains(route.as_str()));
    assert_eq!(found, written, "say in the table of this file who a new route is for");
}
