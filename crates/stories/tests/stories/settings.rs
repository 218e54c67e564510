//! Settings by pages: shops, keys, webhooks, domains, the audit log, the system, and what is parked.

use std::time::Duration;

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jobs::{Lane, NewJob};
use kernel::webhooks::{Headers, Secret, TOLERANCE, verify};
use serde_json::{Value, json};
use staff::Role;
use stories::dns_server::DnsServer;
use stories::http_sink::{HttpSink, Reply};
use stories::stage::{Answer, Stage};
use stories::stories;
use world::samples::{Bend, order};

use crate::kit::{all_orders, example, shopify_order, signed_by, webhooks, with};
use crate::staff::{get, joined, post};

const MINUTE: Duration = Duration::from_secs(60);
const DAY: Duration = Duration::from_secs(86_400);

async fn owner(stage: &Stage) -> String {
    joined(stage, Role::Owner, "priya@northwind.test").await
}

/// What a page shows once behind a label.
fn shown(page: &str, before: &str) -> String {
    let rest = page.split(before).nth(1).unwrap_or_else(|| panic!("no {before} in {page}"));
    rest.split('<').next().unwrap().to_owned()
}

/// Where the first form leads whose address ends like this.
fn action(page: &str, end: &str) -> String {
    let actions = page.split("action=\"").skip(1).filter_map(|rest| rest.split('"').next());
    actions
        .into_iter()
        .find(|path| path.ends_with(end))
        .unwrap_or_else(|| panic!("no {end} in {page}"))
        .to_owned()
}

/// What is typed into a form.
type Fields<'a> = &'a [(&'a str, &'a str)];

/// A shop that was connected on a page: the page about it, where it posts, and what it signs with.
struct Shop {
    page: String,
    path: String,
    secret: String,
}

impl Shop {
    async fn connected(stage: &Stage, cookie: &str, name: &str) -> Shop {
        let made = post(stage, "/a/connections/new/generic", cookie, &[("name", name)]).await;
        assert_eq!(made.status, StatusCode::OK, "{}", made.body);
        let url = shown(&made.body, "Webhook address</dt><dd><code>");
        let path = url.strip_prefix(&stage.house.config.public_url).unwrap().to_owned();
        let page = format!("/a/connections/{}", path.rsplit('/').next().unwrap());
        Shop { page, path, secret: shown(&made.body, "Secret</dt><dd><code>") }
    }

    /// An event signed as the specification says, and everything it brings about.
    async fn tell(&self, stage: &Stage, id: &str, order: &Value) -> Answer {
        let event = json!({ "type": "order.updated", "timestamp": "2026-11-20T10:00:01Z", "data": order });
        let (body, time) = (event.to_string(), (stage.now().ms() / 1_000).to_string());
        let key = STANDARD.decode(self.secret.strip_prefix("whsec_").unwrap()).unwrap();
        let signature = format!("v1,{}", signed_by(&key, format!("{id}.{time}.{body}").as_bytes()));
        let request = Request::post(&self.path)
            .header("webhook-id", id)
            .header("webhook-timestamp", time)
            .header("webhook-signature", signature);
        let answer = stage.http(request.body(Body::from(body)).unwrap()).await;
        stage.settle().await;
        answer
    }

    async fn shown(&self, stage: &Stage, cookie: &str) -> String {
        get(stage, &self.page, cookie).await.body
    }
}

/// Work that fails whenever it is tried, until nobody tries it any more. By then everybody's session has ended.
async fn work_that_fails(stage: &Stage, kind: &'static str, key: &'static str) {
    let queued = stage.house.db.write("story.nonsense", move |w| {
        let (payload, due_at) = (json!({ "nonsense": true }), w.now);
        jobs::enqueue(w, &NewJob { kind, key, payload: &payload, due_at, lane: Lane::Reaction })
    });
    queued.await.unwrap();
    stage.pass(10 * DAY).await;
}

stories! {
    async fn each_page_is_for_those_whose_matter_it_is(stage: &Stage) {
        let people = [
            (Role::Owner, owner(stage).await),
            (Role::Manager, joined(stage, Role::Manager, "mei@northwind.test").await),
            (Role::Agent, joined(stage, Role::Agent, "liu@northwind.test").await),
        ];
        let pages = [
            ("/a/settings", Role::Agent),
            ("/a/parked", Role::Agent),
            ("/a/connections", Role::Manager),
            ("/a/connections/new/shopify", Role::Manager),
            ("/a/webhooks", Role::Manager),
            ("/a/domains", Role::Manager),
            ("/a/system", Role::Manager),
            ("/a/keys", Role::Owner),
            ("/a/audit", Role::Owner),
            ("/a/audit.csv", Role::Owner),
        ];
        let none = "0000000000000000000000000";
        let acts = [
            ("/a/connections/new/generic".to_owned(), Role::Manager),
            (format!("/a/connections/con_{none}/pause"), Role::Manager),
            (format!("/a/connections/con_{none}/remove"), Role::Manager),
            ("/a/webhooks".to_owned(), Role::Manager),
            (format!("/a/webhooks/wep_{none}/rotate"), Role::Manager),
            ("/a/keys".to_owned(), Role::Owner),
            (format!("/a/keys/key_{none}/revoke"), Role::Owner),
            ("/a/domains".to_owned(), Role::Manager),
            ("/a/parked/work/all-again".to_owned(), Role::Manager),
            ("/a/parked/work/discard".to_owned(), Role::Manager),
        ];
        for (role, cookie) in &people {
            for (page, least) in pages {
                let answer = get(stage, page, cookie).await;
                let expected = if role >= &least { StatusCode::OK } else { StatusCode::FORBIDDEN };
                assert_eq!(answer.status, expected, "{page} as {}: {}", role.as_str(), answer.body);
                assert_eq!(get(stage, page, "").await.status, StatusCode::SEE_OTHER, "{page} as nobody");
            }
            for (act, least) in &acts {
                let answer = post(stage, act, cookie, &[]).await;
                let is_refused = answer.status == StatusCode::FORBIDDEN;
                assert_eq!(is_refused, role < least, "{act} as {}: {}", role.as_str(), answer.status);
                let stranger = post(stage, act, "", &[]).await;
                assert_eq!(stranger.header(header::LOCATION), "/a/sign-in?next=%2Fa", "{act} as nobody");
            }
        }
        for setting in aftercare::lists::settings::settings().0 {
            let answer = get(stage, setting.href, &people[0].1).await;
            assert_eq!(answer.status, StatusCode::OK, "{}: {}", setting.href, answer.body);
        }
        let agents = get(stage, "/a/settings", &people[2].1).await.body;
        assert!(agents.contains("Ask a manager or an owner.") && agents.contains("Ask an owner."), "{agents}");
        assert!(!agents.contains("href=\"/a/connections\"") && agents.contains("href=\"/a/parked\""), "{agents}");
    }

    async fn a_shop_connected_on_a_page_is_heard_and_its_customer_told(stage: &Stage) {
        let cookie = owner(stage).await;
        let shop = Shop::connected(stage, &cookie, "Northwind Tea").await;
        assert_eq!(shop.tell(stage, "msg_1", &example()).await.status, StatusCode::OK);
        assert_eq!(all_orders(stage).await.len(), 1);
        assert_eq!(stage.mails().await[0].to, "amina@example.test");
        let page = shop.shown(stage, &cookie).await;
        assert!(page.contains("Taken in") && page.contains("/a/orders/ord_"), "{page}");
        assert!(!page.contains(&shop.secret), "the secret was shown once");
        assert!(page.contains("Switch off these mails there") && page.contains("Order confirmation"), "{page}");
        let list = get(stage, "/a/connections", &cookie).await.body;
        assert!(list.contains("Northwind Tea") && list.contains("Working"), "{list}");
        let log = get(stage, "/a/audit", &cookie).await.body;
        assert!(log.contains("connection added") && !log.contains(&shop.secret), "{log}");
    }

    async fn a_webhook_that_is_processed_again_tells_nobody_twice(stage: &Stage) {
        let cookie = owner(stage).await;
        let shop = Shop::connected(stage, &cookie, "Northwind Tea").await;
        shop.tell(stage, "msg_1", &example()).await;
        let again = action(&shop.shown(stage, &cookie).await, "/again");
        let (before, messages) = (all_orders(stage).await, stage.messages().await);
        for _ in 0..2 {
            stage.pass(MINUTE).await;
            let answer = post(stage, &again, &cookie, &[]).await;
            assert_eq!(answer.header(header::LOCATION), format!("{}?done=again", shop.page), "{}", answer.body);
            assert_eq!(webhooks(stage).await[0].state, "received", "it waits to be read");
            stage.settle().await;
            assert_eq!(webhooks(stage).await[0].state, "done");
        }
        assert_eq!((all_orders(stage).await, stage.messages().await), (before, messages));
        let other = Shop::connected(stage, &cookie, "Another").await;
        let strange = again.replace(&shop.page, &other.page);
        assert_eq!(post(stage, &strange, &cookie, &[]).await.status, StatusCode::NOT_FOUND, "another shop's");
    }

    async fn a_wrong_form_says_what_is_wrong_and_connects_nothing(stage: &Stage) {
        let cookie = owner(stage).await;
        Shop::connected(stage, &cookie, "Northwind Tea").await;
        let woo = "/a/connections/new/woocommerce";
        let cases: [(&str, Fields<'_>, &str); 6] = [
            (woo, &[("name", "")], "Write something here."),
            (woo, &[("name", "Northwind Tea")], "A connection has this name already."),
            (woo, &[("name", "W"), ("api_url", "https://shop.example")], "Write the key, too"),
            (woo, &[("name", "W"), ("api_url", "http://shop.example"), ("api_key", "ck:cs")], "has to begin with https://"),
            (woo, &[("name", "W"), ("api_url", "https://shop.example"), ("api_key", "ck")], "joined by a colon"),
            ("/a/connections/new/shopify", &[("name", "S\u{1}")], "control"),
        ];
        for (path, fields, words) in cases {
            let answer = post(stage, path, &cookie, fields).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{fields:?}: {}", answer.body);
            assert!(answer.body.to_lowercase().contains(&words.to_lowercase()), "{fields:?}: {}", answer.body);
        }
        assert_eq!(post(stage, "/a/connections/new/magento", &cookie, &[]).await.status, StatusCode::NOT_FOUND);
        let list = get(stage, "/a/connections", &cookie).await.body;
        assert_eq!(list.matches("href=\"/a/connections/con_").count(), 1, "{list}");
    }

    async fn a_paused_shop_is_refused_until_it_is_resumed(stage: &Stage) {
        let cookie = owner(stage).await;
        let shop = Shop::connected(stage, &cookie, "Northwind Tea").await;
        post(stage, &format!("{}/pause", shop.page), &cookie, &[]).await;
        assert_eq!(shop.tell(stage, "msg_1", &example()).await.status, StatusCode::NOT_FOUND);
        assert!(shop.shown(stage, &cookie).await.contains("Paused"));
        post(stage, &format!("{}/resume", shop.page), &cookie, &[]).await;
        assert_eq!(shop.tell(stage, "msg_1", &example()).await.status, StatusCode::OK);
        assert_eq!(stage.mails().await.len(), 1);
        for _ in 0..2 {
            post(stage, &format!("{}/resume", shop.page), &cookie, &[]).await;
        }
        let log = get(stage, "/a/audit", &cookie).await.body;
        assert_eq!(log.matches("connection resumed</td>").count(), 1, "what changes nothing is no change: {log}");
    }

    async fn a_removed_shop_keeps_its_orders_and_comes_back_under_its_address(stage: &Stage) {
        let cookie = owner(stage).await;
        let shop = Shop::connected(stage, &cookie, "Northwind Tea").await;
        shop.tell(stage, "msg_1", &example()).await;
        let removed = post(stage, &format!("{}/remove", shop.page), &cookie, &[]).await;
        assert_eq!(removed.header(header::LOCATION), "/a/connections?done=removed");
        assert_eq!(get(stage, &shop.page, &cookie).await.status, StatusCode::NOT_FOUND);
        assert_eq!(shop.tell(stage, "msg_2", &example()).await.status, StatusCode::NOT_FOUND);
        assert_eq!(all_orders(stage).await.len(), 1);
        let back = Shop::connected(stage, &cookie, "Northwind Tea").await;
        assert_eq!(back.path, shop.path, "its orders go on where they were");
        assert_ne!(back.secret, shop.secret, "the old secret is gone");
        assert_eq!(shop.tell(stage, "msg_3", &example()).await.status, StatusCode::UNAUTHORIZED);
        assert_eq!(back.tell(stage, "msg_3", &example()).await.status, StatusCode::OK);
        assert_eq!((all_orders(stage).await.len(), stage.mails().await.len()), (1, 1), "the same order");
    }

    async fn a_new_secret_of_a_shop_is_shown_once_and_the_old_one_taken_for_a_day(stage: &Stage) {
        let cookie = owner(stage).await;
        let shop = Shop::connected(stage, &cookie, "Northwind Tea").await;
        let renewed = post(stage, &format!("{}/secret", shop.page), &cookie, &[]).await;
        let new = Shop {
            page: shop.page.clone(),
            path: shop.path.clone(),
            secret: shown(&renewed.body, "Secret</dt><dd><code>"),
        };
        assert_ne!(new.secret, shop.secret);
        assert_eq!(shop.tell(stage, "msg_1", &example()).await.status, StatusCode::OK);
        assert_eq!(new.tell(stage, "msg_2", &example()).await.status, StatusCode::OK);
        stage.pass(DAY).await;
        assert_eq!(shop.tell(stage, "msg_3", &example()).await.status, StatusCode::UNAUTHORIZED);
        assert!(!shop.shown(stage, &cookie).await.contains(&new.secret));
    }

    async fn a_shopify_shop_is_refused_until_its_secret_is_pasted(stage: &Stage) {
        let cookie = owner(stage).await;
        let made = post(stage, "/a/connections/new/shopify", &cookie, &[("name", "Northwind Tea")]).await;
        assert!(!made.body.contains("Copy the secret now"), "the secret is Shopify's: {}", made.body);
        assert!(made.body.contains("Order edited") && made.body.contains("Refund create"), "{}", made.body);
        let url = shown(&made.body, "Webhook address</dt><dd><code>");
        let path = url.strip_prefix(&stage.house.config.public_url).unwrap().to_owned();
        let page = format!("/a/connections/{}", path.rsplit('/').next().unwrap());
        let shop = crate::kit::Shop { path, secret: "hush-hush-hush".to_owned() };
        let told = shopify_order("orders/create");
        assert_eq!(shop.tell(stage, "orders/create", "w1", &told).await.status, StatusCode::UNAUTHORIZED);
        let empty = post(stage, &format!("{page}/secret"), &cookie, &[("secret", "")]).await;
        assert!(empty.body.contains("Paste the secret that the platform shows."), "{}", empty.body);
        let saved = post(stage, &format!("{page}/secret"), &cookie, &[("secret", &shop.secret)]).await;
        assert_eq!(saved.header(header::LOCATION), format!("{page}?done=secret"), "{}", saved.body);
        assert_eq!(shop.tell(stage, "orders/create", "w1", &told).await.status, StatusCode::OK);
        assert_eq!(stage.mails().await.len(), 1);
        let access = [("api_url", "https://example-shop.myshopify.com"), ("api_key", "shpat_hush")];
        post(stage, &format!("{page}/access"), &cookie, &access).await;
        let shown = get(stage, &page, &cookie).await.body;
        assert!(shown.contains("https://example-shop.myshopify.com") && !shown.contains("shpat_hush"), "{shown}");
        let log = get(stage, "/a/audit", &cookie).await.body;
        assert!(log.contains("connection secret</td>") && log.contains("connection access</td>"), "{log}");
        assert!(!log.contains("hush"), "no secret and no key is in the log: {log}");
        post(stage, &format!("{page}/remove"), &cookie, &[]).await;
    }

    async fn what_somebody_types_is_shown_and_not_obeyed(stage: &Stage) {
        let cookie = owner(stage).await;
        let markup = "\"><img src=x onerror=alert(1)>";
        let shop = Shop::connected(stage, &cookie, markup).await;
        shop.tell(stage, "msg_1", &with(example(), "/currency", json!(markup))).await;
        post(stage, "/a/keys", &cookie, &[("name", markup), ("scope", "orders:read")]).await;
        let fields = [("url", "https://erp.example/hooks"), ("wants", "all"), ("description", markup)];
        post(stage, "/a/webhooks", &cookie, &fields).await;
        post(stage, "/a/webhooks", &cookie, &[("url", markup), ("wants", "all"), ("description", markup)]).await;
        let pages = ["/a/connections", &shop.page, "/a/keys", "/a/webhooks", "/a/audit", "/a/parked", "/a/settings"];
        for page in pages {
            let body = get(stage, page, &cookie).await.body;
            assert!(!body.contains("<img src=x"), "{page}: {body}");
            let is_shown = body.contains("&quot;&gt;&lt;img src=x onerror=alert(1)&gt;");
            assert_eq!(is_shown, page != "/a/settings", "{page}: {body}");
        }
    }

    async fn a_revoked_key_is_refused_at_the_next_request(stage: &Stage) {
        let cookie = owner(stage).await;
        let fields = [("name", "Warehouse"), ("scope", "orders:read"), ("scope", "messages:read")];
        let made = post(stage, "/a/keys", &cookie, &fields).await;
        let key = shown(&made.body, "aria-label=\"The key\">");
        let ask = || Request::get("/v1/orders").header(header::AUTHORIZATION, format!("Bearer {key}"));
        assert_eq!(stage.http(ask().body(Body::empty()).unwrap()).await.status, StatusCode::OK);
        let page = get(stage, "/a/keys", &cookie).await.body;
        assert!(page.contains("Warehouse") && page.contains("Read orders.") && !page.contains(&key), "{page}");
        assert!(page.contains("data-label=\"Last used\">Fri 20 Nov, 10:00"), "{page}");
        let revoke = action(&page, "/revoke");
        assert_eq!(post(stage, &revoke, &cookie, &[]).await.header(header::LOCATION), "/a/keys?done=revoked");
        assert_eq!(stage.http(ask().body(Body::empty()).unwrap()).await.status, StatusCode::UNAUTHORIZED);
        post(stage, &revoke, &cookie, &[]).await;
        let page = get(stage, "/a/keys", &cookie).await.body;
        assert!(page.contains("Revoked") && !page.contains("/revoke"), "{page}");
        let log = get(stage, "/a/audit", &cookie).await.body;
        assert_eq!(log.matches("key revoked</td>").count(), 1, "{log}");
        assert!(log.contains("Warehouse: orders:read messages:read") && !log.contains(&key), "{log}");
    }

    async fn a_key_that_may_do_nothing_is_not_made(stage: &Stage) {
        let cookie = owner(stage).await;
        for (fields, words) in [
            (&[("name", "Warehouse")][..], "Tick at least one thing"),
            (&[("name", ""), ("scope", "orders:read")], "Write what the key is for"),
            (&[("name", "Warehouse"), ("scope", "everything")], "A scope is one of"),
        ] {
            let answer = post(stage, "/a/keys", &cookie, fields).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
            assert!(answer.body.contains(words), "{}", answer.body);
        }
        assert_eq!(stage.house.db.read("story.keys", |r| api::count_keys(r, 9)).await.unwrap(), 0);
    }

    async fn both_secrets_sign_for_a_day_after_a_rotation_on_the_page(stage: &Stage) {
        let (cookie, sink) = (owner(stage).await, HttpSink::start());
        let url = sink.url("/hooks");
        let fields = [("url", url.as_str()), ("wants", "some"), ("kind", "order.paid"), ("description", "ERP")];
        let made = post(stage, "/a/webhooks", &cookie, &fields).await;
        let first = Secret::parse(&shown(&made.body, "aria-label=\"The secret\">")).unwrap();
        let rotated = post(stage, &action(&made.body, "/rotate"), &cookie, &[]).await;
        let second = Secret::parse(&shown(&rotated.body, "aria-label=\"The secret\">")).unwrap();
        assert!(rotated.body.contains("Saturday 21 November, 10:00"), "{}", rotated.body);
        let is_signed_by = |asked: &stories::http_sink::Asked, secret: &Secret| {
            let headers = Headers {
                id: asked.header("webhook-id"),
                timestamp: asked.header("webhook-timestamp"),
                signature: asked.header("webhook-signature"),
            };
            verify(std::slice::from_ref(secret), &headers, &asked.body, stage.now(), TOLERANCE).is_ok()
        };
        stage.take(&order(1, stage.now()).paid()).await;
        stage.settle().await;
        let asked = sink.asked();
        assert_eq!(asked.len(), 1, "only what was ticked");
        assert!(is_signed_by(&asked[0], &first) && is_signed_by(&asked[0], &second), "both, for a day");
        stage.pass(DAY).await;
        stage.take(&order(2, stage.now()).paid()).await;
        stage.settle().await;
        let asked = sink.asked();
        assert!(!is_signed_by(&asked[1], &first) && is_signed_by(&asked[1], &second), "then the new one alone");
    }

    async fn an_endpoint_is_tested_switched_changed_and_replayed_on_its_page(stage: &Stage) {
        let (cookie, sink) = (owner(stage).await, HttpSink::deciding(|_| Reply::status(503)));
        let url = sink.url("/hooks");
        let made = post(stage, "/a/webhooks", &cookie, &[("url", &url), ("wants", "all")]).await;
        let page = action(&made.body, "/test").replace("/test", "");
        post(stage, &format!("{page}/test"), &cookie, &[]).await;
        stage.settle().await;
        let shown = get(stage, &page, &cookie).await.body;
        assert!(shown.contains("webhook.test") && shown.contains("503 · The endpoint answered 503."), "{shown}");
        assert!(shown.contains("Failing"), "{shown}");
        sink.decide(|_| Reply::status(200));
        let again = action(&shown, "/again");
        assert_eq!(post(stage, &again, &cookie, &[]).await.status, StatusCode::SEE_OTHER);
        stage.pass(10 * MINUTE).await;
        assert!(get(stage, &page, &cookie).await.body.contains("Delivered"), "sent again");
        let change = [("url", url.as_str()), ("wants", "some"), ("kind", "order.paid"), ("description", "ERP")];
        assert_eq!(post(stage, &page, &cookie, &change).await.status, StatusCode::SEE_OTHER);
        let nothing = post(stage, &page, &cookie, &[("url", url.as_str()), ("wants", "some")]).await;
        assert_eq!(nothing.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(nothing.body.contains("Tick at least one event"), "{}", nothing.body);
        post(stage, &format!("{page}/switch"), &cookie, &[("to", "off")]).await;
        let off = get(stage, &page, &cookie).await.body;
        assert!(off.contains("Switched off") && off.contains("It hears</dt><dd><bdi>order.paid"), "{off}");
        assert_eq!(post(stage, &again, &cookie, &[]).await.status, StatusCode::CONFLICT);
        let removed = post(stage, &format!("{page}/remove"), &cookie, &[]).await;
        assert_eq!(removed.header(header::LOCATION), "/a/webhooks?done=removed");
        assert_eq!(get(stage, &page, &cookie).await.status, StatusCode::NOT_FOUND);
        let log = get(stage, "/a/audit", &cookie).await.body;
        for done in ["added", "tested", "changed", "switched off", "removed"] {
            assert!(log.contains(&format!("webhook endpoint {done}</td>")), "{done}: {log}");
        }
    }

    async fn what_can_not_be_read_waits_on_the_page_until_somebody_decides(stage: &Stage) {
        let cookie = owner(stage).await;
        let shop = Shop::connected(stage, &cookie, "Northwind Tea").await;
        for (id, currency) in [("msg_1", "DOGE"), ("msg_2", "XYZ"), ("msg_3", "ABC")] {
            shop.tell(stage, id, &with(example(), "/currency", json!(currency))).await;
        }
        assert!(get(stage, "/a", &cookie).await.body.contains("href=\"/a/parked\">3 × piece of work"));
        let parked = get(stage, "/a/parked", &cookie).await.body;
        assert!(parked.contains("order.updated from Northwind Tea") && parked.contains("currency: Name the currency"), "{parked}");
        let agent = joined(stage, Role::Agent, "liu@northwind.test").await;
        let agents = get(stage, "/a/parked", &agent).await.body;
        assert!(agents.contains("Try again") && !agents.contains("Discard") && !agents.contains("Try all again"));
        let id = shown_id(&agents, "whk_");
        let tried = post(stage, "/a/parked/webhooks/again", &agent, &[("id", &id)]).await;
        assert_eq!(tried.header(header::LOCATION), "/a/parked?done=again");
        assert_eq!(webhooks(stage).await[0].state, "received");
        stage.pass(MINUTE).await;
        assert_eq!(webhooks(stage).await[0].state, "parked", "and it is back, because nothing was mended");
        post(stage, "/a/parked/webhooks/all-again", &cookie, &[("kind", "webhooks")]).await;
        assert!(webhooks(stage).await.iter().all(|row| row.state == "received"));
        stage.pass(MINUTE).await;
        let why = post(stage, "/a/parked/webhooks/discard", &cookie, &[("id", &id), ("reason", "")]).await;
        assert_eq!(why.status, StatusCode::UNPROCESSABLE_ENTITY, "a reason has to be chosen");
        let gone = post(stage, "/a/parked/webhooks/discard", &cookie, &[("id", &id), ("reason", "test")]).await;
        assert_eq!(gone.header(header::LOCATION), "/a/parked?done=discarded");
        let row = webhooks(stage).await.remove(0);
        assert_eq!((row.state.as_str(), row.reason.as_deref()), ("ignored", Some("Discarded: It was a test.")));
        assert!(shop.shown(stage, &cookie).await.contains("Discarded"));
        let again = post(stage, "/a/parked/webhooks/discard", &cookie, &[("id", &id), ("reason", "test")]).await;
        assert_eq!(again.header(header::LOCATION), "/a/parked?done=gone");
        let log = get(stage, "/a/audit?what=parked.discarded", &cookie).await.body;
        assert!(log.contains("It was a test") && !log.contains("parked tried again</td>"), "{log}");
    }

    async fn work_that_failed_too_often_is_tried_again_or_given_up(stage: &Stage) {
        work_that_fails(stage, orders::TELL, "nonsense").await;
        let cookie = owner(stage).await;
        let parked = get(stage, "/a/parked", &cookie).await.body;
        assert!(parked.contains("Telling a customer about their order") && parked.contains("Failed 12 times."), "{parked}");
        let id = shown_id(&parked, "job_");
        post(stage, "/a/parked/work/again", &cookie, &[("id", &id)]).await;
        let left = stage.house.db.read("story.parked", |r| jobs::parked(r, 9)).await.unwrap();
        assert!(left.is_empty(), "{left:?}");
        stage.pass(10 * DAY).await;
        let cookie = joined(stage, Role::Manager, "mei@northwind.test").await;
        post(stage, "/a/parked/work/all-again", &cookie, &[("kind", orders::TELL)]).await;
        assert!(get(stage, "/a/parked", &cookie).await.body.contains("Nothing is parked"));
        stage.pass(10 * DAY).await;
        let cookie = joined(stage, Role::Manager, "ana@northwind.test").await;
        let gone = post(stage, "/a/parked/work/discard", &cookie, &[("id", &id), ("reason", "needless")]).await;
        assert_eq!(gone.header(header::LOCATION), "/a/parked?done=discarded", "{}", gone.body);
        let gone = post(stage, "/a/parked/work/again", &cookie, &[("id", &id)]).await;
        assert_eq!(gone.header(header::LOCATION), "/a/parked?done=gone");
    }

    async fn a_message_is_never_given_up_on_that_page(stage: &Stage) {
        work_that_fails(stage, messaging::HAND_OFF, "nonsense").await;
        let cookie = owner(stage).await;
        let parked = get(stage, "/a/parked", &cookie).await.body;
        let id = shown_id(&parked, "job_");
        assert!(parked.contains("A message has to come to its end") && !parked.contains("Discard it"), "{parked}");
        let refused = post(stage, "/a/parked/work/discard", &cookie, &[("id", &id), ("reason", "test")]).await;
        assert_eq!(refused.status, StatusCode::CONFLICT, "{}", refused.body);
        let job = jobs::JobId::parse(&id).unwrap();
        stage.house.db.write("story.tidy", move |w| jobs::discard_parked(w, &job)).await.unwrap();
    }

    async fn the_audit_log_is_filtered_paged_and_downloaded(stage: &Stage) {
        let cookie = owner(stage).await;
        for name in 0..60 {
            let name = format!("=cmd({name})");
            post(stage, "/a/keys", &cookie, &[("name", name.as_str()), ("scope", "orders:read")]).await;
            stage.pass(Duration::from_millis(1)).await;
        }
        stage.house.db.write("story.invite", |w| staff::invite(w, Role::Agent, None, None)).await.unwrap();
        let first = get(stage, "/a/audit?what=key.made", &cookie).await.body;
        let older = shown_between(&first, "rel=\"next\" href=\"", '"').replace("&amp;", "&");
        let second = get(stage, &older, &cookie).await.body;
        let lines = |page: &str| page.matches("<td data-label=\"What\">key made</td>").count();
        assert_eq!((lines(&first), lines(&second)), (50, 10), "{older}");
        assert!(!second.contains("rel=\"next\"") && second.contains("rel=\"prev\""));
        let people = stage.house.db.read("story.people", staff::accounts).await.unwrap();
        let mine = get(stage, &format!("/a/audit?who={}", people[0].id), &cookie).await.body;
        assert!(mine.contains("key made</td>") && !mine.contains("the command line</bdi>"), "{mine}");
        let machines = get(stage, "/a/audit?who=machine", &cookie).await.body;
        assert!(machines.contains("the command line</bdi>") && !machines.contains("key made</td>"), "{machines}");
        let both = get(stage, "/a/audit?who=machine&what=key.made", &cookie).await.body;
        assert!(both.contains("Nothing like that was done"), "{both}");
        assert_eq!(get(stage, "/a/audit?who=nobody", &cookie).await.status, StatusCode::NOT_FOUND);
        let file = get(stage, "/a/audit.csv?what=key.made", &cookie).await;
        assert_eq!(file.header(header::CONTENT_TYPE), "text/csv; charset=utf-8");
        assert!(file.header(header::CONTENT_DISPOSITION).contains("audit-2026-11-20.csv"));
        assert_eq!(file.body.lines().count(), 61);
        assert!(file.body.contains(",'=cmd(59): orders:read") && !file.body.contains(",=cmd"), "{}", file.body);
        let team = get(stage, "/a/team", &cookie).await.body;
        assert_eq!(team.matches("<li><b>").count(), 10, "the last ten, and a way to the others");
        assert!(team.contains("href=\"/a/audit\""), "{team}");
    }

    async fn a_domain_is_looked_at_and_says_what_to_publish(stage: &Stage) {
        let dns = DnsServer::start("shop.example TXT v=spf1 include:spf.relay.example +all
            spf.relay.example TXT v=spf1 ip4:192.0.2.0/24 ~all
            shop.example MX 10 mx.shop.example");
        let settings = [
            ("AFTERCARE_DNS", dns.address()),
            ("AFTERCARE_MAIL_URL", "smtp://127.0.0.1:1".to_owned()),
            ("AFTERCARE_MAIL_FROM", "Northwind Tea <orders@shop.example>".to_owned()),
        ];
        let settings = settings.iter().map(|(name, value)| (*name, value.as_str())).collect::<Vec<_>>();
        let stage = Stage::configured(stage.house.db.engine(), &settings).await;
        let cookie = owner(&stage).await;
        let before = get(&stage, "/a/domains", &cookie).await.body;
        assert!(before.contains("Nobody has looked yet") && dns.asked().is_empty(), "looking at the page asks nobody");
        assert!(before.contains("_dmarc.shop.example") && before.contains("v=DMARC1; p=none"), "{before}");
        let checked = post(&stage, "/a/domains", &cookie, &[]).await;
        assert_eq!(checked.header(header::LOCATION), "/a/domains");
        let page = get(&stage, "/a/domains", &cookie).await.body;
        let state = |record: &str| shown_between(&page, &format!("{record} <span class=\"badge "), '<');
        assert!(state("SPF").ends_with("Wrong value"), "{page}");
        assert!(state("DMARC").ends_with("Not found") && state("MX").ends_with("OK"), "{page}");
        assert!(page.contains("lets everybody send") && page.contains("Looked at Fri 20 Nov, 10:00:00"), "{page}");
        assert!(get(&stage, "/a/settings", &cookie).await.body.contains("things to mend"), "{page}");
        const NAMED: &str = "href=\"/a/domains\">Mail comes from shop.example, which has ";
        assert!(get(&stage, "/a", &cookie).await.body.contains(NAMED), "the first page names it");
        let agent = joined(&stage, Role::Agent, "sam@northwind.test").await;
        assert!(!get(&stage, "/a", &agent).await.body.contains(NAMED), "to those who may open the page");
        dns.publish("shop.example TXT v=spf1 include:spf.relay.example -all
            spf.relay.example TXT v=spf1 ip4:192.0.2.0/24 ~all
            _dmarc.shop.example TXT v=DMARC1; p=reject; rua=mailto:dmarc@shop.example
            shop.example MX 10 mx.shop.example
            northwind.example MX 10 mx.northwind.example");
        post(&stage, "/a/domains", &cookie, &[]).await;
        let page = get(&stage, "/a/domains", &cookie).await.body;
        assert!(!page.contains("badge bad") && !page.contains("badge warn"), "{page}");
        assert!(!get(&stage, "/a", &cookie).await.body.contains(NAMED), "what is mended is not named");
        stage.end().await;
    }

    async fn the_doctor_is_asked_on_the_page_about_the_system(stage: &Stage) {
        let cookie = owner(stage).await;
        let before = get(stage, "/a/system", &cookie).await.body;
        let engine = match stage.house.db.engine() {
            db::Engine::Sqlite => "SQLite ",
            db::Engine::Postgres => "PostgreSQL ",
        };
        assert!(before.contains(engine) && before.contains("nothing to migrate"), "{before}");
        assert!(before.contains("Housekeeping") && before.contains("aftercare backup"), "{before}");
        assert!(before.contains("None is known of"), "{before}");
        assert!(!before.contains("<th scope=\"row\">schema</th>"), "a look at the page asks nobody: {before}");
        let asked = post(stage, "/a/system", &cookie, &[]).await;
        assert_eq!(asked.header(header::LOCATION), "/a/system");
        let page = get(stage, "/a/system", &cookie).await.body;
        for check in ["configuration", "mail", "database", "schema", "work", "workers"] {
            assert!(page.contains(&format!("<th scope=\"row\">{check}</th>")), "{check}: {page}");
        }
        assert!(page.contains("Looked Fri 20 Nov, 10:00:00"), "{page}");
    }
}

/// The first identifier of a kind in a form of the page.
fn shown_id(page: &str, prefix: &str) -> String {
    format!("{prefix}{}", shown_between(page, &format!("name=\"id\" value=\"{prefix}"), '"'))
}

fn shown_between(page: &str, before: &str, end: char) -> String {
    let rest = page.split(before).nth(1).unwrap_or_else(|| panic!("no {before} in {page}"));
    rest.split(end).next().unwrap().to_owned()
}
