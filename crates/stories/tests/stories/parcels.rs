//! Parcels: told once, at the right moment, of what changed; noticed before the customer asks when something is wrong.

use std::time::Duration;

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use kernel::Timestamp;
use kernel::parcel::State;
use orders::incoming::OrderStatus;
use serde_json::{Value, json};
use shipments::incoming::{IncomingScan, IncomingTracking};
use stories::stage::{Answer, Stage};
use stories::stories;
use world::samples::{Bend, order};

use crate::kit::{Shop, form, page_in, shopify_order, with};

const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(3_600);
const DAY: Duration = Duration::from_secs(86_400);

/// A parcel of the story's order as the API takes it, told at this moment.
pub(crate) fn parcel(stage: &Stage, id: &str) -> Value {
    json!({ "source": "web", "external_id": id, "order": "1042", "updated_at": stage.now().to_string(),
        "carrier": "Royal Mail", "tracking_number": format!("NUMBER{id}"), "lines": [{ "line": "l1", "quantity": 2 }] })
}

/// The same with something that happened to it now.
pub(crate) fn scanned(stage: &Stage, id: &str, state: &str) -> Value {
    scanned_at(stage, id, state, stage.now())
}

pub(crate) fn scanned_at(stage: &Stage, id: &str, state: &str, at: Timestamp) -> Value {
    with(parcel(stage, id), "/scans", json!([{ "at": at.to_string(), "state": state }]))
}

pub(crate) async fn tell(stage: &Stage, key: &str, shipment: &Value) -> Answer {
    let request = Request::post("/v1/shipments")
        .header(header::AUTHORIZATION, format!("Bearer {key}"))
        .header(header::CONTENT_TYPE, "application/json");
    let answer = stage.http(request.body(Body::from(shipment.to_string())).expect("a request")).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    answer
}

/// The story's order, confirmed, and a key to tell its parcels with.
pub(crate) async fn ordered(stage: &Stage) -> String {
    let key = stage.api_key().await;
    stage.take(&order(1042, stage.now()).paid()).await;
    stage.settle().await;
    key
}

/// What was said about parcels, behind the confirmation.
pub(crate) async fn said(stage: &Stage) -> Vec<String> {
    stage.subjects().await.into_iter().filter(|subject| !subject.starts_with("We’ve got")).collect()
}

pub(crate) async fn happened(stage: &Stage, kind: &str) -> usize {
    stage.events().await.iter().filter(|event| *event == kind).count()
}

/// Which detectors noticed something, in their order.
pub(crate) async fn noticed(stage: &Stage) -> Vec<String> {
    let events = stage.house.db.read("story.noticed", |r| timeline::latest(r, 100)).await.expect("events");
    let noticed = events.into_iter().filter(|event| event.kind == "shipment.noticed");
    noticed.map(|event| event.payload["detector"].as_str().unwrap_or_default().to_owned()).collect()
}

/// The newest mail's words in one line.
pub(crate) async fn last_words(stage: &Stage) -> String {
    let mail = stage.mails().await.pop().expect("a mail");
    mail.text.split_whitespace().collect::<Vec<_>>().join(" ")
}

pub(crate) async fn page(stage: &Stage) -> String {
    let mails = stage.mails().await;
    stage.get(&page_in(&mails[0])).await.body
}

pub(crate) fn tracking(number: &str, scans: Vec<IncomingScan>) -> IncomingTracking {
    IncomingTracking {
        source: "tracker".to_owned(),
        carrier: None,
        number: number.to_owned(),
        expected: None,
        scans,
    }
}

pub(crate) fn scan(key: &str, at: Timestamp, state: State) -> IncomingScan {
    IncomingScan { key: key.to_owned(), at, state, reason: None, words: None, place: None }
}

pub(crate) async fn track(stage: &Stage, told: IncomingTracking) -> shipments::Tracked {
    stage
        .house
        .db
        .write("story.track", move |w| shipments::track(w, &told))
        .await
        .expect("scans are taken in")
}

stories! {
    async fn a_parcel_is_told_of_when_its_number_leads_somewhere_and_then_state_by_state(stage: &Stage) {
        let key = ordered(stage).await;
        tell(stage, &key, &parcel(stage, "1")).await;
        stage.pass(HOUR).await;
        assert!(said(stage).await.is_empty(), "nobody has scanned it");
        assert!(page(stage).await.contains("Packed and ready to go"));
        tell(stage, &key, &scanned(stage, "1", "in_transit")).await;
        stage.settle().await;
        assert_eq!(said(stage).await, ["Your order #1042 is on its way"]);
        let mail = stage.mails().await.pop().expect("a mail");
        assert!(mail.text.contains("NUMBER1") && mail.text.contains("Royal Mail"), "{}", mail.text);
        assert!(mail.html.contains("First Flush Darjeeling"), "what is in it");
        tell(stage, &key, &scanned(stage, "1", "in_transit")).await;
        stage.pass(DAY).await;
        assert_eq!(said(stage).await.len(), 1, "a second scan of the same state is no news");
        tell(stage, &key, &scanned(stage, "1", "out_for_delivery")).await;
        stage.pass(HOUR * 3).await;
        tell(stage, &key, &scanned(stage, "1", "delivered")).await;
        stage.settle().await;
        assert_eq!(said(stage).await[1..], ["Order #1042 arrives today", "Order #1042 is there"]);
        let seen = page(stage).await;
        assert!(seen.contains("Delivered") && seen.contains("NUMBER1"), "{seen}");
        assert_eq!(happened(stage, "shipment.delivered").await, 1);
    }

    async fn a_number_that_nobody_scans_is_told_in_the_end(stage: &Stage) {
        let key = ordered(stage).await;
        tell(stage, &key, &parcel(stage, "1")).await;
        stage.pass(HOUR * 6 + MINUTE).await;
        assert_eq!(said(stage).await, ["Your order #1042 is on its way"]);
        assert!(page(stage).await.contains("1>Arriving"), "the page says the same: {}", page(stage).await);
        tell(stage, &key, &scanned(stage, "1", "in_transit")).await;
        stage.pass(HOUR).await;
        assert_eq!(said(stage).await.len(), 1, "and then not again");
    }

    async fn parcels_that_leave_together_are_one_message_and_the_last_to_come_says_that_all_is_here(stage: &Stage) {
        let key = ordered(stage).await;
        for id in ["1", "2"] {
            let half = with(scanned(stage, id, "in_transit"), "/lines/0/quantity", json!(1));
            tell(stage, &key, &half).await;
            stage.pass(MINUTE).await;
        }
        assert!(said(stage).await.is_empty(), "the second may follow within minutes");
        stage.pass(MINUTE * 10).await;
        assert_eq!(said(stage).await, ["Your order #1042 is on its way"]);
        let mail = stage.mails().await.pop().expect("a mail");
        assert!(mail.text.contains("2 parcels are on their way"), "{}", mail.text);
        assert!(mail.text.contains("NUMBER1") && mail.text.contains("NUMBER2"), "{}", mail.text);
        for id in ["1", "2"] {
            let there = with(scanned(stage, id, "delivered"), "/lines/0/quantity", json!(1));
            tell(stage, &key, &there).await;
            stage.pass(HOUR).await;
            if id == "1" {
                assert!(page(stage).await.contains("1 of 2 parcels are here"));
            }
        }
        let mails = stage.mails().await;
        let last: Vec<&str> = mails[2..].iter().map(|mail| mail.subject.as_str()).collect();
        assert_eq!(last, ["Order #1042 is there", "Order #1042 is there"]);
        assert!(!mails[2].text.contains("Everything is here") && mails[3].text.contains("Everything is here"));
    }

    async fn what_was_overtaken_is_not_told(stage: &Stage) {
        let key = ordered(stage).await;
        let now = stage.now();
        let all = json!([
            { "at": (now - HOUR * 5).to_string(), "state": "in_transit" },
            { "at": (now - HOUR).to_string(), "state": "delivered" },
            { "at": (now - HOUR * 3).to_string(), "state": "out_for_delivery" },
        ]);
        tell(stage, &key, &with(parcel(stage, "1"), "/scans", all)).await;
        stage.pass(HOUR).await;
        assert_eq!(said(stage).await, ["Order #1042 is there"]);
    }

    async fn a_delivery_that_is_taken_back_shows_at_once_and_is_corrected_once(stage: &Stage) {
        let key = ordered(stage).await;
        tell(stage, &key, &scanned(stage, "1", "delivered")).await;
        stage.pass(HOUR).await;
        tell(stage, &key, &scanned(stage, "1", "in_transit")).await;
        assert!(page(stage).await.contains("1>Arriving"), "the page is right at once: {}", page(stage).await);
        tell(stage, &key, &scanned_at(stage, "1", "out_for_delivery", stage.now() + MINUTE)).await;
        stage.pass(HOUR).await;
        assert_eq!(said(stage).await[..2], ["Order #1042 is there", "Order #1042 is still on its way after all"]);
        stage.pass(HOUR).await;
        tell(stage, &key, &scanned(stage, "1", "delivered")).await;
        stage.pass(HOUR).await;
        let said = said(stage).await;
        let corrections = said.iter().filter(|subject| subject.contains("after all")).count();
        assert_eq!((corrections, said.last().map(String::as_str)), (1, Some("Order #1042 is there")), "{said:?}");
    }

    async fn a_parcel_that_gets_another_label_is_told_under_its_new_number_once(stage: &Stage) {
        let key = ordered(stage).await;
        tell(stage, &key, &scanned(stage, "1", "in_transit")).await;
        stage.pass(HOUR).await;
        let again = with(parcel(stage, "1"), "/tracking_number", json!("ANOTHER"));
        tell(stage, &key, &again).await;
        tell(stage, &key, &again).await;
        stage.pass(HOUR * 8).await;
        assert_eq!(said(stage).await, ["Your order #1042 is on its way", "A new tracking number for order #1042"]);
        assert!(page(stage).await.contains("ANOTHER"));
    }

    async fn scans_of_an_unknown_number_wait_for_its_parcel(stage: &Stage) {
        let key = ordered(stage).await;
        let tracked = track(stage, tracking("number 1", vec![scan("a", stage.now(), State::InTransit)])).await;
        assert_eq!((tracked.shipments.len(), tracked.news), (0, 1));
        let again = track(stage, tracking("NUMBER-1", vec![scan("a", stage.now(), State::InTransit)])).await;
        assert_eq!(again.news, 0, "the same scan under another spelling of the number");
        let strays = stage.house.db.read("story.strays", |r| shipments::strays(r, 10)).await.expect("rows");
        assert_eq!((strays.len(), strays[0].number.as_str()), (1, "number 1"));
        tell(stage, &key, &parcel(stage, "1")).await;
        stage.settle().await;
        assert_eq!(said(stage).await, ["Your order #1042 is on its way"]);
        let known = track(stage, tracking("number1", vec![scan("b", stage.now(), State::OutForDelivery)])).await;
        assert_eq!((known.shipments.len(), known.news), (1, 1));
        stage.pass(MINUTE).await;
        assert_eq!(said(stage).await.len(), 2);
    }

    async fn a_thousand_scans_in_a_burst_are_one_state_and_one_message(stage: &Stage) {
        let key = ordered(stage).await;
        tell(stage, &key, &parcel(stage, "1")).await;
        let began = stage.now() - HOUR * 20;
        for burst in 0..5_u32 {
            let scans = (0..200).map(|nth| {
                let place = (burst * 200 + nth) * 7_919 % 1_000;
                let state = if place == 999 { State::OutForDelivery } else { State::InTransit };
                scan(&format!("{place}"), began + MINUTE * place, state)
            });
            track(stage, tracking("NUMBER1", scans.collect())).await;
        }
        stage.pass(HOUR).await;
        let seen = page(stage).await;
        assert!(seen.contains("Arriving today") && seen.contains("earlier updates"), "{seen}");
        assert!(seen.len() < 60_000, "{} bytes", seen.len());
        assert!(said(stage).await.len() <= 2, "{:?}", said(stage).await);
    }

    async fn a_promise_that_breaks_is_told_once_with_the_new_day_and_nothing_else_is_asked_meanwhile(stage: &Stage) {
        let key = ordered(stage).await;
        stage.pass(DAY).await;
        tell(stage, &key, &scanned(stage, "1", "in_transit")).await;
        stage.pass(DAY).await;
        let late = with(scanned(stage, "1", "exception"), "/scans/0/reason", json!("delayed"));
        let late = with(late, "/expected_to", json!("2026-11-30"));
        tell(stage, &key, &late).await;
        stage.pass(HOUR).await;
        assert_eq!(said(stage).await[1..], ["Order #1042 is late"]);
        let mail = stage.mails().await.pop().expect("a mail");
        assert!(mail.text.contains("Monday 30 November") && mail.text.contains("Friday 27 November"), "{}", mail.text);
        assert!(page(stage).await.contains("Monday 30 November"), "{}", page(stage).await);
        // The first working day after the exception it is not cured, and somebody of the staff knows.
        stage.pass(DAY * 3).await;
        assert_eq!(happened(stage, "incident.opened").await, 1);
        assert_eq!(said(stage).await.len(), 2, "nothing is told twice: {:?}", said(stage).await);
        tell(stage, &key, &scanned(stage, "1", "in_transit")).await;
        stage.pass(DAY).await;
        tell(stage, &key, &scanned(stage, "1", "delivered")).await;
        stage.settle().await;
        assert_eq!(said(stage).await[2..], ["Order #1042 is there"]);
        assert_eq!(happened(stage, "incident.closed").await, 1);
        let orders = stage.house.db.read("story.order", orders::latest).await.expect("rows").expect("an order");
        let promises = stage.house.db.read("story.promises", move |r| shipments::promises(r, orders.as_str())).await;
        let days: Vec<String> = promises.expect("rows").iter().map(|p| format!("{} {}", p.told_by, p.day)).collect();
        assert!(days.contains(&"order 2026-11-27".to_owned()), "{days:?}");
        assert!(days.contains(&"shipment.late_arriving 2026-11-30".to_owned()), "{days:?}");
    }

    async fn a_promise_that_passes_without_a_word_is_told_the_next_morning(stage: &Stage) {
        let key = ordered(stage).await;
        stage.pass(DAY * 3).await;
        tell(stage, &key, &scanned(stage, "1", "in_transit")).await;
        stage.pass(DAY * 4 + HOUR * 20).await;
        assert_eq!(said(stage).await.last().map(String::as_str), Some("Your order #1042 is on its way"));
        stage.pass(HOUR * 6).await;
        assert_eq!(said(stage).await.last().map(String::as_str), Some("Order #1042 is late"));
        assert!(page(stage).await.contains("Running late with Royal Mail"), "{}", page(stage).await);
        stage.pass(DAY * 3).await;
        let late = said(stage).await.iter().filter(|subject| subject.ends_with("is late")).count();
        assert_eq!((late, happened(stage, "incident.opened").await), (1, 1));
    }

    async fn whoever_is_told_that_it_is_late_keeps_it_or_cancels_it(stage: &Stage) {
        ordered(stage).await;
        stage.pass(DAY * 3).await;
        assert!(!page(stage).await.contains("id=\"delay\""), "nobody is asked before it is late");
        stage.pass(HOUR * 9).await;
        let mail = last_words(stage).await;
        assert!(mail.contains("Then cancel it; else there is nothing to do") && mail.contains("#delay"), "{mail}");
        let path = page_in(&stage.mails().await[0]);
        let seen = page(stage).await;
        assert!(seen.contains("I’ll wait for it") && seen.contains("1>Running late at our end"), "{seen}");
        for (answer, event, says) in
            [("keep", "order.delay_accepted", "that you wait for it"), ("cancel", "order.cancel_asked", "to cancel it")]
        {
            for _ in 0..2 {
                let answered = stage.http(form(&format!("{path}/delay/{answer}"), "", "")).await;
                assert_eq!(answered.status, StatusCode::SEE_OTHER);
            }
            assert_eq!(happened(stage, event).await, 1, "pressing twice is pressing once");
            assert!(page(stage).await.contains(says), "{}", page(stage).await);
            stage.pass(HOUR).await;
        }
        assert_eq!(stage.http(form(&format!("{path}/delay/perhaps"), "", "")).await.status, StatusCode::SEE_OTHER);
        let noticed = noticed(stage).await;
        assert!(noticed.contains(&"cancel_asked".to_owned()), "{noticed:?}");
        let mut cancelled = order(1042, stage.now()).paid();
        cancelled.status = OrderStatus::Cancelled;
        stage.take(&cancelled).await;
        stage.settle().await;
        let seen = page(stage).await;
        assert!(seen.contains("This question is settled") && !seen.contains("/delay/"), "{seen}");
        assert_eq!((happened(stage, "incident.opened").await, happened(stage, "incident.closed").await), (1, 1));
    }

    async fn in_the_united_states_silence_cancels(stage: &Stage) {
        let mut late = order(1042, stage.now()).paid();
        late.shipping_address.as_mut().expect("an address").country = "US".to_owned();
        stage.take(&late).await;
        stage.pass(DAY * 3 + HOUR * 9).await;
        let mail = last_words(stage).await;
        assert!(mail.contains("If it hasn’t left by Wednesday 23 December and you haven’t told us"), "{mail}");
        // Another day is told, and missed as well: now silence cancels at once, and who waited before is asked anew.
        let path = page_in(&stage.mails().await[0]);
        stage.http(form(&format!("{path}/delay/keep"), "", "")).await;
        late.version.updated_at = stage.now();
        late.expected.ships_by = Some(stage.now().date_in(&kernel::Zone::utc()).tomorrow().expect("a day"));
        stage.take(&late).await;
        stage.pass(DAY + HOUR).await;
        let mail = last_words(stage).await;
        assert!(mail.contains("Unless you tell us that you wait for it, we cancel it now"), "{mail}");
        assert!(noticed(stage).await.contains(&"counts_as_cancelled".to_owned()));
        assert!(page(stage).await.contains("Unless you tell us"), "{}", page(stage).await);
        stage.http(form(&format!("{path}/delay/keep"), "", "")).await;
        assert!(page(stage).await.contains("that you wait for it. Thank you"), "{}", page(stage).await);
    }

    async fn one_that_waits_in_a_shop_says_where_and_is_reminded_of_before_it_goes_back(stage: &Stage) {
        let key = ordered(stage).await;
        stage.pass(HOUR).await;
        let point = json!({ "name": "Corner <b>Shop</b>", "address": "2 Elm Row, Leeds", "until": "2026-11-22" });
        let waits = with(scanned(stage, "1", "available_for_pickup"), "/pickup", point);
        tell(stage, &key, &waits).await;
        stage.settle().await;
        let mail = last_words(stage).await;
        assert!(mail.contains("Collect it at Corner <b>Shop</b> 2 Elm Row, Leeds Collect it by Sunday 22 November"), "{mail}");
        let seen = page(stage).await;
        assert!(seen.contains("Corner &lt;b&gt;Shop") && seen.contains("Collect it by Sunday 22 November"), "{seen}");
        // Three days are usual; the shop sends it back on Sunday, so it is said on Saturday morning.
        stage.pass(HOUR * 21).await;
        assert_eq!(said(stage).await.len(), 1, "{:?}", said(stage).await);
        stage.pass(HOUR * 2).await;
        assert_eq!(said(stage).await.len(), 2, "{:?}", said(stage).await);
        tell(stage, &key, &scanned(stage, "1", "delivered")).await;
        assert!(!page(stage).await.contains("Collect it at"), "it is collected");
    }

    async fn what_is_told_twice_by_different_people_is_one_parcel(stage: &Stage) {
        let key = ordered(stage).await;
        let by_hand = with(parcel(stage, "1"), "/source", json!("web"));
        tell(stage, &key, &by_hand).await;
        let told = with(by_hand.clone(), "/external_id", json!("of the warehouse"));
        // The same number of the same order by the same source: two labels of one number, as it says.
        tell(stage, &key, &told).await;
        let orders = stage.house.db.read("story.order", orders::latest).await.expect("rows").expect("an order");
        let of = orders.clone();
        let count = stage.house.db.read("story.parcels", move |r| shipments::of_order(r, of.as_str())).await;
        assert_eq!(count.expect("rows").len(), 2);
        let mut other = shipments::json::read(&by_hand, stage.now()).expect("a shipment");
        (other.source, other.external_id) = ("warehouse".to_owned(), "w1".to_owned());
        let taken = stage.house.db.write("story.take", move |w| shipments::take(w, &other)).await.expect("taken");
        assert!(taken.is_some());
        let of = orders.clone();
        let parcels = stage.house.db.read("story.parcels", move |r| shipments::of_order(r, of.as_str())).await;
        let parcels = parcels.expect("rows");
        assert_eq!(parcels.len(), 2, "another source tells one of them from now on");
        assert!(parcels.iter().any(|parcel| parcel.source == "warehouse"));
        // One that belongs to another order already can't be told with this one.
        stage.take(&order(1043, stage.now()).paid()).await;
        let moved = with(told, "/order", json!("1043"));
        let request = Request::post("/v1/shipments").header(header::AUTHORIZATION, format!("Bearer {key}"));
        let request = request.header(header::CONTENT_TYPE, "application/json");
        let answer = stage.http(request.body(Body::from(moved.to_string())).expect("a request")).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", answer.body);
    }

    async fn where_nobody_names_a_day_it_is_what_others_took(stage: &Stage) {
        let key = stage.api_key().await;
        for number in 2001..=2020 {
            let other = order(number, stage.now()).paid();
            stage.take(&other).await;
            let way = json!([{ "at": (stage.now() - DAY).to_string(), "state": "in_transit" },
                { "at": stage.now().to_string(), "state": "delivered" }]);
            let sent = with(parcel(stage, &number.to_string()), "/order", json!(number.to_string()));
            let sent = with(sent, "/scans", way);
            let left = (stage.now() - DAY * 2).to_string();
            tell(stage, &key, &with(sent, "/shipped_at", json!(left))).await;
        }
        stage.take(&order(1042, stage.now()).paid().without_dates()).await;
        stage.settle().await;
        tell(stage, &key, &scanned(stage, "1", "in_transit")).await;
        let mut mails = stage.mails().await.into_iter();
        let mail = mails.rfind(|mail| mail.subject.contains("#1042")).expect("a mail of the order");
        let (path, page) = (page_in(&mail), stage.get(&page_in(&mail)).await.body);
        // The twenty took from Wednesday to Friday: two working days, and it is Friday now.
        assert!(page.contains("Probably arriving") && page.contains("Tuesday 24 November"), "{page}");
        assert!(page.contains("100 took so long"), "how sure that is: {page}");
        let state: Value = serde_json::from_str(&stage.get(&format!("{path}/status.json")).await.body).expect("JSON");
        let seen = &state["parcels"][0];
        assert_eq!((&seen["likely_from"], &seen["likely_percent"]), (&json!("2026-11-24"), &json!(100)), "{seen}");
        // One that did not arrive after all is one fewer, and nineteen say nothing.
        tell(stage, &key, &with(scanned(stage, "2001", "exception"), "/order", json!("2001"))).await;
        assert!(stage.get(&path).await.body.contains("On its way"), "{}", stage.get(&path).await.body);
    }

    async fn an_order_that_does_not_leave_is_noticed_on_the_evening_of_the_promised_day(stage: &Stage) {
        let key = ordered(stage).await;
        stage.pass(DAY * 3 + HOUR * 7).await;
        assert!(said(stage).await.is_empty(), "{:?}", said(stage).await);
        stage.pass(HOUR * 2).await;
        assert_eq!(said(stage).await, ["Order #1042 is running late at our end"]);
        assert_eq!(happened(stage, "incident.opened").await, 1);
        stage.pass(DAY).await;
        assert!(page(stage).await.contains("Running late at our end"));
        tell(stage, &key, &scanned(stage, "1", "in_transit")).await;
        stage.settle().await;
        assert_eq!(happened(stage, "incident.closed").await, 1);
        assert_eq!(said(stage).await.len(), 2);
    }

    async fn a_silent_parcel_is_late_and_then_lost_and_closes_itself_when_it_is_found(stage: &Stage) {
        let key = ordered(stage).await;
        tell(stage, &key, &scanned(stage, "1", "in_transit")).await;
        // Five working days later, and ten.
        stage.pass(DAY * 7 + HOUR * 9).await;
        assert_eq!(happened(stage, "incident.opened").await, 1);
        stage.pass(DAY * 7).await;
        assert_eq!(happened(stage, "incident.opened").await, 2, "late, and lost");
        tell(stage, &key, &scanned(stage, "1", "delivered")).await;
        stage.settle().await;
        assert_eq!(happened(stage, "incident.closed").await, 2);
        assert_eq!(said(stage).await.last().map(String::as_str), Some("Order #1042 is there"));
    }

    async fn a_parcel_to_collect_is_reminded_of_once(stage: &Stage) {
        let key = ordered(stage).await;
        tell(stage, &key, &scanned(stage, "1", "available_for_pickup")).await;
        stage.pass(HOUR).await;
        assert_eq!(said(stage).await, ["Order #1042 is ready to collect"]);
        stage.pass(DAY * 9).await;
        assert_eq!(said(stage).await[1..], ["Order #1042 is still waiting for you"]);
    }

    async fn nothing_is_said_of_parcels_of_long_ago(stage: &Stage) {
        let key = stage.api_key().await;
        let mut past = order(1042, stage.now() - DAY * 30).paid();
        past.fulfilment = orders::incoming::Fulfilment::Fulfilled;
        stage.take(&past).await;
        tell(stage, &key, &scanned_at(stage, "1", "delivered", stage.now() - DAY * 25)).await;
        stage.pass(DAY * 3).await;
        assert!(stage.subjects().await.is_empty(), "{:?}", stage.subjects().await);
        assert_eq!(happened(stage, "incident.opened").await, 0);
    }

    async fn a_problem_is_told_by_its_name_and_the_way_back_is_no_delivery(stage: &Stage) {
        let key = ordered(stage).await;
        let back = with(scanned(stage, "1", "exception"), "/scans/0/reason", json!("returning"));
        tell(stage, &key, &back).await;
        stage.pass(HOUR).await;
        assert_eq!(said(stage).await, ["A problem with the parcel of order #1042"]);
        stage.pass(DAY).await;
        tell(stage, &key, &scanned(stage, "1", "delivered")).await;
        stage.pass(HOUR).await;
        assert_eq!(said(stage).await[1..], ["The parcel of order #1042 is back with us"]);
        assert!(page(stage).await.contains("Your parcel is back with us"));
        assert_eq!(happened(stage, "shipment.delivered").await, 0);
    }

    async fn a_delivered_parcel_that_is_not_there_is_looked_for_until_it_is_found(stage: &Stage) {
        let key = ordered(stage).await;
        tell(stage, &key, &scanned(stage, "1", "delivered")).await;
        stage.pass(HOUR).await;
        let seen = page(stage).await;
        let path = |seen: &str, what: &str| {
            let forms = seen.split("action=\"").skip(1).filter_map(|rest| rest.split('"').next());
            forms.map(str::to_owned).find(|path| path.ends_with(what)).unwrap_or_else(|| panic!("{what}: {seen}"))
        };
        let missing = path(&seen, "/missing");
        assert_eq!(stage.get(&missing).await.status, StatusCode::METHOD_NOT_ALLOWED);
        for _ in 0..2 {
            assert_eq!(stage.http(form(&missing, "", "")).await.status, StatusCode::SEE_OTHER);
        }
        assert_eq!((happened(stage, "incident.opened").await, happened(stage, "shipment.disputed").await), (1, 1));
        let seen = page(stage).await;
        assert!(seen.contains("We’re looking for your parcel"), "{seen}");
        stage.http(form(&path(&seen, "/found"), "", "")).await;
        assert_eq!(happened(stage, "incident.closed").await, 1);
        assert!(page(stage).await.contains("1>Delivered"));
        let elsewhere = missing.replace("/parcels/shp_", "/parcels/shp_0");
        assert_eq!(stage.http(form(&elsewhere, "", "")).await.status, StatusCode::SEE_OTHER);
        assert_eq!(happened(stage, "shipment.disputed").await, 1, "what is not there can't be missed");
    }

    async fn a_shops_own_front_end_is_told_the_parcels_too(stage: &Stage) {
        let key = ordered(stage).await;
        tell(stage, &key, &scanned(stage, "1", "in_transit")).await;
        stage.settle().await;
        let path = page_in(&stage.mails().await[0]);
        let state = stage.get(&format!("{path}/status.json")).await.json();
        assert_eq!(state["parcels"][0]["tracking_number"], "NUMBER1");
        assert_eq!((&state["parcels"][0]["state"], &state["parcels"][0]["is_late"]), (&json!("in_transit"), &json!(false)));
        assert!(state["summary"].as_str().is_some_and(|summary| summary.starts_with("Arriving")), "{state}");
    }

    async fn a_program_is_told_what_is_wrong_with_its_shipment(stage: &Stage) {
        let key = ordered(stage).await;
        let post = |shipment: Value| {
            let request = Request::post("/v1/shipments")
                .header(header::AUTHORIZATION, format!("Bearer {key}"))
                .header(header::CONTENT_TYPE, "application/json");
            stage.http(request.body(Body::from(shipment.to_string())).expect("a request"))
        };
        let unknown = post(with(parcel(stage, "1"), "/order", json!("7"))).await;
        assert_eq!(unknown.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(unknown.body.contains("/order") && unknown.body.contains("Write the order first"), "{}", unknown.body);
        let wrong = post(with(scanned(stage, "1", "flying"), "/tracking_number", json!("x".repeat(65)))).await;
        assert!(wrong.body.contains("/scans/0/state") && wrong.body.contains("/tracking_number"), "{}", wrong.body);
        let future = post(scanned_at(stage, "1", "delivered", stage.now() + DAY * 40)).await;
        assert_eq!(future.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", future.body);
        stage.pass(DAY).await;
        assert!(said(stage).await.is_empty());
    }

    async fn shopifys_fulfilments_are_parcels_and_a_replay_of_yesterday_says_nothing(stage: &Stage) {
        let shop = Shop::connected(stage).await;
        let fulfilment: Value = serde_json::from_str(FULFILMENT).expect("a payload");
        shop.tell(stage, "fulfillments/create", "w1", &fulfilment).await;
        stage.settle().await;
        assert!(stage.subjects().await.is_empty(), "its order is not here yet");
        shop.tell(stage, "orders/create", "w2", &with(shopify_order("orders/create"), "/customer_locale", json!("en-GB"))).await;
        let event: Value = serde_json::from_str(EVENT).expect("a payload");
        shop.tell(stage, "fulfillment_events/create", "w3", &event).await;
        stage.pass(HOUR).await;
        assert_eq!(said(stage).await, ["Order #1001 arrives today"]);
        stage.pass(DAY).await;
        assert_eq!(said(stage).await[1..], ["Order #1001 is late"], "it was to come yesterday");
        shop.tell(stage, "fulfillments/create", "w4", &fulfilment).await;
        shop.tell(stage, "fulfillment_events/create", "w5", &event).await;
        stage.pass(HOUR).await;
        assert_eq!(said(stage).await.len(), 2, "{:?}", said(stage).await);
    }
}

/// A fulfilment as Shopify tells it, of the order of the payloads.
pub(crate) const FULFILMENT: &str = r#"{"id":6201,"order_id":6001,"created_at":"2026-11-20T08:00:00+01:00",
  "updated_at":"2026-11-20T08:00:00+01:00","status":"success","tracking_company":"UPS","shipment_status":null,
  "line_items":[{"id":5001,"quantity":2}],"tracking_number":"1Z5R89390357567127",
  "tracking_numbers":["1Z5R89390357567127"],"tracking_url":"https://www.ups.com/track?tracknum=1Z5R89390357567127"}"#;

/// What happened to it.
pub(crate) const EVENT: &str = r#"{"id":6252,"fulfillment_id":6201,"order_id":6001,"status":"out_for_delivery","message":"Out for delivery",
  "happened_at":"2026-11-20T10:30:00+01:00","estimated_delivery_at":"2026-11-20T18:00:00+01:00","city":"Wien","country":"AT"}"#;
