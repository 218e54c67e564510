//! A person is told everything that is known of them, and is forgotten.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use aftercare::lists;
use axum::http::{StatusCode, header};
use customers::{ASKED_FOR, Knowing, Knowledge, MOST_TOLD};
use db::{Cell, Engine};
use kernel::{Channel, CustomerId, Email, VirtualClock};
use messaging::decide::Why;
use orders::incoming::IncomingOrder;
use serde_json::Value;
use staff::Role;
use stories::letters::{QUESTION, TIP};
use stories::stage::{self, Stage};
use stories::stories;
use world::samples::{Bend, order};

use super::kit::{Desk, customer_of, person};
use crate::kit::{Shop, shopify_order, with};
use crate::parcels::{EVENT, FULFILMENT};
use crate::post::run_on;

/// What says who Zenobia is, and may be nowhere once she is forgotten.
const TRACES: [&str; 8] = [
    "Zenobia Quartermaine",
    "Quartermaine",
    "zenobia.q@example.test",
    "7700900777",
    "77 Verity Crescent",
    "Leave it with the lockkeeper",
    "The lockkeeper is her brother",
    "Please ring me in the evening",
];

fn zenobias(number: u32, stage: &Stage) -> IncomingOrder {
    let mut order = order(number, stage.now()).paid().with_note("Leave it with the lockkeeper");
    order.customer.external_id = Some("z1".to_owned());
    order.customer.name = Some("Zenobia Quartermaine".to_owned());
    order.customer.email = Email::parse("Zenobia.Q@example.test").ok();
    order.customer.phone = kernel::Phone::parse("+447700900777").ok();
    let address = order.shipping_address.as_mut().unwrap();
    address.name = Some("Zenobia Quartermaine".to_owned());
    address.line1 = "77 Verity Crescent".to_owned();
    order
}

/// Everything there can be of somebody: orders, mails, a webhook, a text, a note, a held message, a wish.
async fn zenobia(stage: &Stage, desk: &Desk<'_>) -> CustomerId {
    let id = customer_of(stage, zenobias(1, stage)).await;
    let body = with(shopify_order("orders/create"), "/email", "zenobia.q@example.test".into());
    let body = with(body, "/customer/first_name", "Zenobia".into());
    let body = with(body, "/customer/last_name", "Quartermaine".into());
    let body = with(body, "/note", "Leave it with the lockkeeper".into());
    Shop::connected(stage).await.tell(stage, "orders/create", "w1", &body).await;
    let text = messaging::sms::incoming::IncomingText {
        gateway: "kannel",
        id: Some("t1".to_owned()),
        sent_at: String::new(),
        from: kernel::Phone::parse("+447700900777").unwrap(),
        to: "12345".to_owned(),
        body: "Please ring me in the evening".to_owned(),
        is_answered: false,
        understood: None,
    };
    stage.house.db.write("story.text", move |w| messaging::sms::incoming::take_text(w, &text)).await.unwrap();
    parcel(stage).await;
    let once = desk.once(&id).await;
    let note = [("once", &*once), ("body", "The lockkeeper is her brother")];
    desk.does(&format!("/a/customers/{id}/notes"), &note).await;
    desk.does(&format!("/a/customers/{id}/pause"), &[("for", "30")]).await;
    let order = orders_of(stage, &id).await;
    desk.does(&format!("/a/orders/{order}/mark"), &[("mark", "hold"), ("because", "Quartermaine is away")])
        .await;
    desk.does(&format!("/a/orders/{order}/notes"), &[("body", "Ring Zenobia Quartermaine first")]).await;
    desk.does("/a/customers/export", &[("query", "")]).await;
    stage.say(&id, TIP, "a tip").await;
    let wish = |w: &mut db::Write<'_>| {
        customers::suppress_topic(w, Channel::Email, "zenobia.q@example.test", "feedback", "one_click")
    };
    stage.house.db.write("story.wish", wish).await.unwrap();
    let seldom = id.clone();
    let limit = customers::TopicLimit { without: None, every_days: 7 };
    let seldom = move |w: &mut db::Write<'_>| {
        customers::limit_topic(w, &seldom, "feedback", limit, "you_updates").map(drop)
    };
    stage.house.db.write("story.seldom", seldom).await.unwrap();
    stage.settle().await;
    crate::account::signed_in(stage, "ZENOBIA.q@example.test").await;
    id
}

/// A parcel that leads to her door.
async fn parcel(stage: &Stage) {
    let told = serde_json::json!({ "source": "web", "external_id": "f1", "order": "1", "updated_at": stage.now().to_string(),
        "carrier": "Royal Mail", "tracking_number": "7700900777",
        "pickup": { "name": "The shop below 77 Verity Crescent" }, "scans": [
            { "at": stage.now().to_string(), "state": "in_transit", "place": "77 Verity Crescent" }] });
    let told = shipments::json::read(&told, stage.now()).unwrap();
    stage.house.db.write("story.parcel", move |w| shipments::take(w, &told)).await.unwrap().unwrap();
}

/// The newest order of somebody.
async fn orders_of(stage: &Stage, id: &CustomerId) -> String {
    let (id, read) = (id.clone(), &stage.house.db);
    let rows = read
        .read("story.orders_of", move |r| orders::staff::of_customers(r, std::slice::from_ref(&id), 1))
        .await;
    rows.unwrap().remove(0).href.trim_start_matches("/a/orders/").to_owned()
}

/// Traces in any cell of any table.
async fn traces(stage: &Stage) -> BTreeSet<String> {
    let read = stage.house.db.read("story.traces", |r| {
        let mut found = BTreeSet::new();
        for (table, rows) in stories::personal::every_row(r)? {
            for row in rows {
                for (column, cell) in row.columns().iter().zip(row.cells()) {
                    let text = match cell {
                        Cell::Text(text) => text.to_lowercase(),
                        Cell::Bytes(bytes) => String::from_utf8_lossy(bytes).to_lowercase(),
                        Cell::Null | Cell::Int(_) => continue,
                    };
                    let holds = |trace: &&&str| text.contains(&trace.to_lowercase());
                    found.extend(
                        TRACES.iter().filter(holds).map(|trace| format!("{table}.{column}: {trace}")),
                    );
                }
            }
        }
        Ok(found)
    });
    read.await.unwrap()
}

async fn erase(desk: &Desk<'_>, id: &CustomerId) {
    desk.does(&format!("/a/customers/{id}/erase"), &[("typed", "ERASE")]).await;
}

stories! {
    async fn who_is_forgotten_is_in_no_table_any_more(stage: &Stage) {
        let desk = Desk::of(stage, Role::Manager).await;
        let amina = customer_of(stage, order(9, stage.now()).paid()).await;
        let id = zenobia(stage, &desk).await;
        let found = traces(stage).await;
        for table in ["customer_profiles", "identities", "contact_points", "customer_notes", "message_contexts", "incoming_texts", "inbox_mails", "order_people", "order_told", "webhooks", "sign_in_codes", "customer_proofs"] {
            assert!(found.iter().any(|trace| trace.starts_with(table)), "{table} holds nothing to forget: {found:?}");
        }
        let slip = desk.post(&format!("/a/customers/{id}/erase"), &[("typed", "erase")]).await;
        assert_eq!(slip.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(slip.body.contains("Nothing was changed."), "{}", slip.body);
        assert_eq!(traces(stage).await, found);
        erase(&desk, &id).await;
        erase(&desk, &id).await;
        stage.settle().await;
        assert_eq!(traces(stage).await, BTreeSet::new());
        let page = desk.customer(&id, "").await;
        assert!(page.contains("Their data were erased on") && page.contains("Order placed"), "what happened has no face, and stays: {page}");
        assert!(!page.contains("Write a note"), "{page}");
        let held = stage.messages().await.into_iter().find(|message| message.template == TIP).unwrap();
        assert_eq!((&*held.state, &*held.reason), ("dropped", Why::Erased.words()));
        assert_eq!(person(stage, &amina).await.name.as_deref(), Some("Amina Khan"), "nobody else is touched");
        let log = desk.audited().await;
        assert_eq!(log.iter().filter(|entry| entry.action == "customer.erased").count(), 1);
    }

    async fn a_wish_outlives_the_one_who_wished_it_and_the_shop_does_not_bring_them_back(stage: &Stage) {
        let desk = Desk::of(stage, Role::Manager).await;
        let id = zenobia(stage, &desk).await;
        let shop = Shop::connected(stage).await;
        erase(&desk, &id).await;
        let mut changed = zenobias(1, stage);
        changed.version.updated_at = stage.now() + Duration::from_secs(1);
        changed.status = orders::incoming::OrderStatus::Cancelled;
        stage.pass(Duration::from_secs(2)).await;
        let taken = stage.take(&changed).await;
        stage.settle().await;
        assert_eq!(traces(stage).await, BTreeSet::new(), "a later version of the order is faceless too");
        parcel(stage).await;
        stage.settle().await;
        assert_eq!(traces(stage).await, BTreeSet::new(), "and its parcel, told again, leads to nobody");
        let again = shopify_order("orders/updated");
        let again = with(again, "/email", "zenobia.q@example.test".into());
        let again = with(again, "/customer/last_name", "Quartermaine".into());
        shop.tell(stage, "orders/updated", "w2", &again).await;
        assert_eq!(traces(stage).await, BTreeSet::new(), "nor is the webhook that tells it kept");
        assert_eq!(stage.order(&taken.order).await.order.status, orders::incoming::OrderStatus::Cancelled);
        let cancelled = stage.messages().await.into_iter().find(|m| m.template == "order.cancelled").unwrap();
        assert_eq!((&*cancelled.state, &*cancelled.reason), ("dropped", Why::Erased.words()));
        let anew = customer_of(stage, zenobias(2, stage)).await;
        assert_ne!(anew, id, "who comes again is somebody new");
        stage.say(&anew, QUESTION, "how was it").await;
        assert_eq!(stage.messages().await.last().unwrap().reason, Why::Unsubscribed.words(), "and their wish holds");
        let refused = desk.post(&format!("/a/customers/{anew}/merge"), &[("other", id.as_str())]).await;
        assert!(refused.body.contains("There is nobody left to merge"), "{}", refused.body);
        let refused = desk.post(&format!("/a/customers/{id}/pause"), &[("for", "7")]).await;
        assert_eq!(refused.status, StatusCode::CONFLICT);
    }

    async fn what_a_shop_tells_late_of_a_parcel_leads_to_nobody_who_is_forgotten(stage: &Stage) {
        let desk = Desk::of(stage, Role::Manager).await;
        let id = customer_of(stage, zenobias(1, stage)).await;
        let shop = Shop::connected(stage).await;
        let order = with(shopify_order("orders/create"), "/email", "zenobia.q@example.test".into());
        shop.tell(stage, "orders/create", "w1", &with(order, "/customer/last_name", "Quartermaine".into())).await;
        let scanned = |id: u64, fulfilment: u64| {
            let event: Value = serde_json::from_str(EVENT).unwrap();
            let event = with(with(event, "/id", id.into()), "/fulfillment_id", fulfilment.into());
            with(event, "/city", "77 Verity Crescent".into())
        };
        let parcel = |id: u64, version: &str| {
            let told: Value = serde_json::from_str(FULFILMENT).unwrap();
            let told = with(with(told, "/id", id.into()), "/updated_at", version.into());
            let told = with(told, "/email", "zenobia.q@example.test".into());
            with(told, "/destination", serde_json::json!({ "name": "Zenobia Quartermaine", "address1": "77 Verity Crescent" }))
        };
        shop.tell(stage, "fulfillments/create", "w2", &parcel(6201, "2026-11-20T08:00:00+01:00")).await;
        // One of a parcel that is told already, and one of a parcel that is not.
        shop.tell(stage, "fulfillment_events/create", "w3", &scanned(1, 6201)).await;
        shop.tell(stage, "fulfillment_events/create", "w4", &scanned(2, 6202)).await;
        let found = traces(stage).await;
        assert!(found.iter().any(|trace| trace.starts_with("webhooks")), "nothing to forget: {found:?}");
        erase(&desk, &id).await;
        stage.settle().await;
        shop.tell(stage, "fulfillments/create", "w5", &parcel(6202, "2026-11-20T09:00:00+01:00")).await;
        shop.tell(stage, "fulfillments/update", "w6", &parcel(6201, "2026-11-20T10:00:00+01:00")).await;
        shop.tell(stage, "fulfillment_events/create", "w7", &scanned(3, 6201)).await;
        shop.tell(stage, "fulfillment_events/create", "w8", &scanned(4, 6203)).await;
        assert_eq!(traces(stage).await, BTreeSet::new());
    }

    async fn all_that_somebody_is_is_forgotten_when_one_of_them_is(stage: &Stage) {
        let desk = Desk::of(stage, Role::Owner).await;
        let id = zenobia(stage, &desk).await;
        let mut other = zenobias(2, stage);
        other.customer.external_id = Some("z2".to_owned());
        let other = customer_of(stage, other).await;
        assert_ne!(id, other);
        desk.does(&format!("/a/customers/{id}/merge"), &[("other", other.as_str())]).await;
        erase(&desk, &other).await;
        stage.settle().await;
        assert_eq!(traces(stage).await, BTreeSet::new());
    }

    async fn everything_that_is_known_is_told_as_one_file(stage: &Stage) {
        let desk = Desk::of(stage, Role::Manager).await;
        let id = zenobia(stage, &desk).await;
        let told = desk.post(&format!("/a/customers/{id}/export"), &[]).await;
        assert_eq!(told.status, StatusCode::OK, "{}", told.body);
        assert_eq!(told.header(header::CONTENT_TYPE), "application/json");
        assert!(told.header(header::CONTENT_DISPOSITION).starts_with("attachment; filename=\"customer-cus_"));
        assert!(!told.body.contains(['<', '>', '&']), "inert to whoever opens it");
        let export: Value = serde_json::from_str(&told.body).unwrap();
        assert_eq!((&export["format"], &export["version"]), (&"aftercare.customer".into(), &1.into()));
        assert_eq!(export["customer"], id.as_str());
        assert_eq!(export["cut"], serde_json::json!([]), "everything is in it");
        let tables = export["tables"].as_object().unwrap();
        for (table, rows) in tables {
            // What is about nobody alone is told to nobody: files hold everybody.
            let empty = ["incidents", "topic_choices", "task_parts", "stray_scans", "order_searches"];
            let may_be_empty = empty.contains(&table.as_str());
            assert!(may_be_empty || !rows.as_array().unwrap().is_empty(), "{table}");
        }
        for trace in TRACES {
            assert!(told.body.to_lowercase().contains(&trace.to_lowercase()), "{trace}");
        }
        assert_eq!(desk.audited().await[0].action, "customer.exported");
    }

    async fn a_file_that_does_not_hold_all_names_what_it_is_cut_of(stage: &Stage) {
        let id = customer_of(stage, zenobias(1, stage)).await;
        let kind = |table, tell| Knowledge { table, tell, forget: None };
        let knowing = Knowing(vec![
            kind("few", |_, _| Ok(vec![Value::Null])),
            kind("just_enough", |_, _| Ok(vec![Value::Null; MOST_TOLD])),
            kind("many", |_, _| Ok(vec![Value::Null; ASKED_FOR])),
        ]);
        let db = &stage.house.db;
        db.rewire(db::Wiring::clone(&db.wiring()).with(knowing));
        let told = db.read("story.export", move |r| {
            let person = customers::find(r, &id)?.unwrap();
            customers::export(r, &person)
        });
        let told = told.await.unwrap();
        assert_eq!(told["cut"], serde_json::json!(["many"]));
        let rows = |table: &str| told["tables"][table].as_array().unwrap().len();
        assert_eq!((rows("few"), rows("just_enough"), rows("many")), (1, MOST_TOLD, MOST_TOLD));
    }

    /// What a restore of an older backup brings back is forgotten again before anybody sees it.
    async fn a_restore_brings_nobody_back_whom_the_log_names(stage: &Stage) {
        let desk = Desk::of(stage, Role::Manager).await;
        let id = zenobia(stage, &desk).await;
        let amina = customer_of(stage, order(9, stage.now()).paid()).await;
        let name = format!("aftercare-log-{}-{:?}.erasures", std::process::id(), stage.house.db.engine());
        let path = std::env::temp_dir().join(name);
        let nobody = "cus_0000000000000000000000000";
        std::fs::write(&path, format!("2026-11-20T09:00:00Z {id}\n2026-11-20T09:00:00Z {nobody}\n\ncut o")).unwrap();
        let log = aftercare::erasures::ErasureLog(Some(path.clone()));
        assert_eq!(aftercare::erasures::replay(&stage.house.db, &log).await.unwrap(), 1);
        assert_eq!(traces(stage).await, BTreeSet::new());
        assert_eq!(aftercare::erasures::replay(&stage.house.db, &log).await.unwrap(), 0, "once is enough");
        assert_eq!(person(stage, &amina).await.erased_at, None);
        std::fs::remove_file(&path).unwrap();
    }

    async fn only_a_manager_exports_and_erases(stage: &Stage) {
        let amina = customer_of(stage, order(1, stage.now()).paid()).await;
        let sam = Desk::of(stage, Role::Agent).await;
        let path = format!("/a/customers/{amina}");
        assert_eq!(sam.get(&format!("{path}/erase")).await.status, StatusCode::FORBIDDEN);
        for act in ["erase", "export"] {
            assert_eq!(sam.post(&format!("{path}/{act}"), &[("typed", "ERASE")]).await.status, StatusCode::FORBIDDEN);
        }
        assert_eq!(person(stage, &amina).await.erased_at, None);
        assert!(!sam.customer(&amina, "").await.contains("/erase"));
    }
}

/// Every table that is marked personal is told and forgotten, but for those of the staff, who are no customers.
#[test]
fn whatever_is_personal_can_be_told_and_forgotten() {
    let forgotten: BTreeSet<&str> = lists::personal::knowing()
        .0
        .iter()
        .filter(|knowledge| knowledge.forget.is_some())
        .map(|knowledge| knowledge.table)
        .collect();
    for table in lists::personal::personal_tables() {
        // What the staff wrote about an order is about whoever ordered.
        let is_of_staff = table.table.starts_with("staff_") && table.table != "staff_notes";
        assert_ne!(
            forgotten.contains(table.table),
            is_of_staff,
            "{}: say how it is told and forgotten",
            table.table
        );
    }
}

/// The bytes of the database file and of its log, once somebody is forgotten.
async fn bytes_of_a_shop_that_forgot_somebody() {
    let folder = std::env::temp_dir().join(format!("aftercare-erased-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join("shop.db");
    let clock = Arc::new(VirtualClock::at(stage::at(stage::BEGINNING)));
    let stage = Stage::at(&format!("sqlite:{}", path.display()), clock, None).await;
    let raw = || {
        let read = |name: &str| std::fs::read(folder.join(name)).unwrap_or_default();
        let bytes = [read("shop.db"), read("shop.db-wal")].concat();
        String::from_utf8_lossy(&bytes).to_lowercase()
    };
    let found = |raw: &str| -> Vec<&str> {
        TRACES.into_iter().filter(|trace| raw.contains(&trace.to_lowercase())).collect()
    };
    let desk = Desk::of(&stage, Role::Manager).await;
    for number in 20..60 {
        let somebody = format!("c{number}@example.test");
        customer_of(&stage, order(number, stage.now()).paid().by(&somebody, "Somebody")).await;
    }
    let id = zenobia(&stage, &desk).await;
    assert_eq!(found(&raw()), TRACES, "she is in the file before");
    erase(&desk, &id).await;
    stage.settle().await;
    assert_eq!(found(&raw()), [""; 0], "and nowhere in it, nor in its log, after");
    assert!(raw().contains("somebody"), "the file is the one that is read");
    let log = std::fs::read_to_string(folder.join("shop.db.erasures")).unwrap();
    assert_eq!(log.lines().filter(|line| line.ends_with(id.as_str())).count(), 1, "{log}");
    assert_eq!(found(&log.to_lowercase()), [""; 0], "the log names nobody but by identifier");
    stage.end().await;
    std::fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn nothing_of_who_is_forgotten_is_left_in_the_bytes_of_the_file() {
    run_on(Engine::Sqlite, bytes_of_a_shop_that_forgot_somebody());
}
