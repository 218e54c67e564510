//! What the customer's own pages say of parcels: the order's page, the list of orders, and the order for programs.

use std::time::Duration;

use serde_json::{Value, json};
use shipments::incoming::IncomingScan;
use stories::stage::Stage;
use stories::stories;
use web::markup::assert_html;
use world::samples::{Bend, order};

use crate::account::signed_in;
use crate::kit::{form, get_with, page_in, with};
use crate::parcels::{ordered, page, parcel, scan, scanned, scanned_at, tell, track, tracking};

const HOUR: Duration = Duration::from_secs(3_600);
const DAY: Duration = Duration::from_secs(86_400);

/// The order as a program is told it.
async fn state(stage: &Stage) -> Value {
    let path = page_in(&stage.mails().await[0]);
    stage.get(&format!("{path}/status.json")).await.json()
}

/// Whether the list of orders has the story's order among those of a state.
async fn is_listed(stage: &Stage, browser: &str, state: &str) -> bool {
    get_with(stage, &format!("/orders?state={state}"), browser).await.body.contains("#1042")
}

/// The main thing to do: its words, and where it leads.
fn main_action(seen: &str) -> Option<(String, String)> {
    let mut found = seen.split("<a class=\"button primary\" href=\"").skip(1);
    let (href, rest) = found.next()?.split_once("\">")?;
    assert!(found.next().is_none(), "one main thing: {seen}");
    Some((rest.split("</a>").next()?.to_owned(), href.to_owned()))
}

fn path_below(seen: &str, what: &str) -> String {
    let forms = seen.split("action=\"").skip(1).filter_map(|rest| rest.split('"').next());
    forms.map(str::to_owned).find(|path| path.ends_with(what)).unwrap_or_else(|| panic!("{what}: {seen}"))
}

stories! {
    async fn what_its_carrier_has_delivered_is_delivered_on_every_page_until_it_moves_on(stage: &Stage) {
        let key = ordered(stage).await;
        tell(stage, &key, &scanned(stage, "1", "in_transit")).await;
        stage.pass(HOUR).await;
        let browser = signed_in(stage, "amina@example.test").await;
        assert!(page(stage).await.contains("14 Elm Row"));
        assert!(is_listed(stage, &browser, "open").await && !is_listed(stage, &browser, "delivered").await);
        let at = stage.now();
        tell(stage, &key, &scanned(stage, "1", "delivered")).await;
        stage.pass(HOUR).await;
        let seen = page(stage).await;
        assert!(seen.contains("1>Delivered") && !seen.contains("14 Elm Row"), "{seen}");
        assert!(is_listed(stage, &browser, "delivered").await && !is_listed(stage, &browser, "open").await);
        let told = state(stage).await;
        assert_eq!((&told["fulfilment"], &told["delivered_at"]), (&json!("delivered"), &json!(at.to_string())));
        // It was not there after all.
        tell(stage, &key, &scanned(stage, "1", "in_transit")).await;
        stage.settle().await;
        assert!(page(stage).await.contains("14 Elm Row"));
        assert!(is_listed(stage, &browser, "open").await && !is_listed(stage, &browser, "delivered").await);
        let told = state(stage).await;
        assert_eq!((&told["fulfilment"], &told["delivered_at"]), (&json!("unfulfilled"), &Value::Null));
    }

    async fn an_order_is_delivered_when_its_last_piece_is(stage: &Stage) {
        let key = ordered(stage).await;
        let browser = signed_in(stage, "amina@example.test").await;
        let half = |id: &str, state: &str| with(scanned(stage, id, state), "/lines/0/quantity", json!(1));
        tell(stage, &key, &half("1", "delivered")).await;
        stage.pass(DAY).await;
        assert!(page(stage).await.contains("14 Elm Row") && is_listed(stage, &browser, "open").await);
        tell(stage, &key, &half("2", "in_transit")).await;
        stage.pass(HOUR).await;
        assert!(page(stage).await.contains("14 Elm Row") && is_listed(stage, &browser, "open").await);
        let at = stage.now();
        tell(stage, &key, &half("2", "delivered")).await;
        stage.pass(HOUR).await;
        let seen = page(stage).await;
        assert!(seen.contains("1>Delivered Saturday 21 November") && !seen.contains("14 Elm Row"), "{seen}");
        assert!(is_listed(stage, &browser, "delivered").await);
        assert_eq!(state(stage).await["delivered_at"], at.to_string());
        // A label that was never used changes nothing.
        tell(stage, &key, &parcel(stage, "3")).await;
        let cancelled = with(parcel(stage, "3"), "/cancelled", json!(true));
        stage.pass(HOUR).await;
        tell(stage, &key, &cancelled).await;
        assert!(is_listed(stage, &browser, "delivered").await, "{}", page(stage).await);
    }

    async fn whoever_misses_a_delivered_parcel_has_an_open_order_and_no_way_to_the_address(stage: &Stage) {
        let key = ordered(stage).await;
        let browser = signed_in(stage, "amina@example.test").await;
        tell(stage, &key, &scanned(stage, "1", "delivered")).await;
        stage.pass(HOUR).await;
        stage.http(form(&path_below(&page(stage).await, "/missing"), "", "")).await;
        let seen = page(stage).await;
        assert!(seen.contains("We’re looking for your parcel") && !seen.contains("14 Elm Row"), "{seen}");
        assert!(is_listed(stage, &browser, "open").await && !is_listed(stage, &browser, "delivered").await);
        stage.http(form(&path_below(&page(stage).await, "/found"), "", "")).await;
        assert!(is_listed(stage, &browser, "delivered").await);
    }

    async fn a_page_with_parcels_names_no_other_day_than_theirs(stage: &Stage) {
        let key = ordered(stage).await;
        let row = "<dt>Arriving</dt>";
        assert!(page(stage).await.contains(row), "before anything leaves it is the day of the order");
        tell(stage, &key, &parcel(stage, "1")).await;
        let later = with(scanned(stage, "1", "in_transit"), "/expected_to", json!("2026-11-30"));
        for told in [later, scanned_at(stage, "1", "delivered", stage.now() + HOUR)] {
            stage.pass(HOUR).await;
            tell(stage, &key, &told).await;
            let seen = page(stage).await;
            assert!(!seen.contains(row) && !seen.contains("27 November"), "{seen}");
        }
    }

    async fn what_stands_of_keep_or_cancel_is_said_until_it_has_left_and_after(stage: &Stage) {
        let key = ordered(stage).await;
        stage.pass(DAY * 3 + HOUR * 9).await;
        let path = page_in(&stage.mails().await[0]);
        stage.http(form(&format!("{path}/delay/cancel"), "", "")).await;
        // The shop names a later day, and has not read that its customer would rather not wait.
        stage.pass(HOUR).await;
        let mut later = order(1042, stage.now()).paid();
        later.version.updated_at = stage.now();
        later.expected.ships_by = kernel::time::parse_date("2026-11-27").ok();
        stage.take(&later).await;
        stage.settle().await;
        let seen = page(stage).await;
        assert!(seen.contains("You asked us on") && seen.contains("id=\"delay\""), "{seen}");
        assert!(seen.contains("I’ll wait for it") && !seen.contains("1>Running late"), "{seen}");
        stage.http(form(&format!("{path}/delay/keep"), "", "")).await;
        assert!(page(stage).await.contains("that you wait for it. Thank you"));
        stage.http(form(&format!("{path}/delay/cancel"), "", "")).await;
        tell(stage, &key, &scanned(stage, "1", "in_transit")).await;
        stage.settle().await;
        let seen = page(stage).await;
        assert!(seen.contains("This question is settled") && seen.contains("left us all the same"), "{seen}");
        assert!(seen.contains("id=\"delay\"") && !seen.contains("/delay/"), "{seen}");
        let answered = |kind: &str| {
            let kind = kind.to_owned();
            async move { stage.events().await.iter().filter(|event| **event == kind).count() }
        };
        let before = answered("order.delay_accepted").await;
        stage.http(form(&format!("{path}/delay/keep"), "", "")).await;
        assert_eq!(answered("order.delay_accepted").await, before, "what is settled is not answered any more");
    }

    async fn whoever_was_named_a_later_day_may_still_answer(stage: &Stage) {
        ordered(stage).await;
        stage.pass(DAY * 3 + HOUR * 9).await;
        let mut later = order(1042, stage.now()).paid();
        later.version.updated_at = stage.now();
        later.expected.ships_by = kernel::time::parse_date("2026-11-27").ok();
        stage.take(&later).await;
        stage.settle().await;
        let seen = page(stage).await;
        assert!(seen.contains("Keep it or cancel it?") && seen.contains("Cancel what hasn’t left"), "{seen}");
    }

    async fn an_order_of_which_only_the_arrival_was_promised_is_late_once_that_day_has_passed(stage: &Stage) {
        let mut promised = order(1042, stage.now()).paid();
        promised.expected.ships_by = None;
        stage.take(&promised).await;
        stage.settle().await;
        // The 27th is over when it is by the shop's clock.
        stage.pass(DAY * 7).await;
        assert!(page(stage).await.contains("1>Arriving"), "{}", page(stage).await);
        stage.pass(DAY).await;
        let seen = page(stage).await;
        assert!(seen.contains("1>Running late at our end") && !seen.contains("<dt>Arriving</dt>"), "{seen}");
    }

    async fn there_is_one_main_thing_to_do_where_something_is_to_be_done(stage: &Stage) {
        let key = ordered(stage).await;
        assert_eq!(main_action(&page(stage).await), None, "there is nothing to do but to wait");
        stage.pass(DAY * 3 + HOUR * 9).await;
        assert_eq!(main_action(&page(stage).await), Some(("Keep it or cancel it".to_owned(), "#delay".to_owned())));
        let path = page_in(&stage.mails().await[0]);
        stage.http(form(&format!("{path}/delay/keep"), "", "")).await;
        let help = "Get help with this order";
        let words = |seen: String| main_action(&seen).map(|(words, _)| words);
        assert_eq!(words(page(stage).await).as_deref(), Some(help), "it is late, and it was answered");
        let point = json!({ "name": "Corner Shop", "address": "2 Elm Row, Leeds" });
        let states = [
            ("in_transit", "See it at"),
            ("failed_attempt", "See it at"),
            ("available_for_pickup", "See where to collect it"),
            ("exception", help),
            ("delivered", help),
        ];
        for (state, expected) in states {
            stage.pass(HOUR).await;
            let told = with(scanned(stage, "1", state), "/tracking_url", json!("https://carrier.example/NUMBER1"));
            tell(stage, &key, &with(told, "/pickup", point.clone())).await;
            let seen = page(stage).await;
            let (words, href) = main_action(&seen).unwrap_or_else(|| panic!("{state}: {seen}"));
            assert!(words.starts_with(expected), "{state}: {words}");
            assert!(seen.matches(expected).count() <= 2 && !href.is_empty(), "{state}: {seen}");
            let place = href.strip_prefix('#');
            assert!(place.is_none_or(|id| seen.contains(&format!("id=\"{id}\""))), "{state}: {href} leads somewhere");
        }
    }

    async fn a_parcel_of_which_nothing_is_heard_is_said_to_be_silent_and_then_lost(stage: &Stage) {
        let key = ordered(stage).await;
        tell(stage, &key, &scanned(stage, "1", "in_transit")).await;
        // Five working days later the staff see it, and so does its customer.
        stage.pass(DAY * 7).await;
        assert!(!page(stage).await.contains("No news of your parcel"));
        stage.pass(HOUR * 9).await;
        let seen = page(stage).await;
        assert!(seen.contains("1>No news of your parcel") && seen.contains("nothing since Friday 20 November"), "{seen}");
        assert!(seen.contains("badge warn\">No news") && !seen.contains("and on its way"), "{seen}");
        stage.pass(DAY * 7).await;
        let seen = page(stage).await;
        assert!(seen.contains("we count it as lost") && seen.contains("badge bad\">No news"), "{seen}");
        assert!(main_action(&seen).is_some_and(|(words, _)| words == "Get help with this order"), "{seen}");
        assert_eq!(state(stage).await["summary"], "No news of your parcel");
        tell(stage, &key, &scanned(stage, "1", "out_for_delivery")).await;
        stage.settle().await;
        let seen = page(stage).await;
        assert!(seen.contains("1>Running late with Royal Mail") && !seen.contains("No news"), "{seen}");
    }

    async fn a_parcel_that_its_carrier_never_had_is_silent_too(stage: &Stage) {
        let key = ordered(stage).await;
        // The carrier is heard of: it brought another one.
        stage.pass(HOUR).await;
        stage.take(&order(1043, stage.now()).paid()).await;
        tell(stage, &key, &with(scanned(stage, "2", "delivered"), "/order", json!("1043"))).await;
        tell(stage, &key, &parcel(stage, "1")).await;
        stage.pass(DAY * 2).await;
        assert!(!page(stage).await.contains("No news"));
        stage.pass(DAY * 4).await;
        let seen = page(stage).await;
        assert!(seen.contains("1>No news of your parcel") && seen.contains("nothing since Friday 20 November"), "{seen}");
    }

    async fn a_program_is_told_of_parcels_what_the_page_says(stage: &Stage) {
        let key = ordered(stage).await;
        stage.pass(DAY * 3 + HOUR * 9).await;
        assert_eq!(state(stage).await["delay"]["is_settled"], false);
        let path = page_in(&stage.mails().await[0]);
        stage.http(form(&format!("{path}/delay/cancel"), "", "")).await;
        let at = stage.now();
        let scans = json!([{ "at": at.to_string(), "state": "available_for_pickup", "words": "Ready", "place": "Leeds" }]);
        let point = json!({ "name": "Corner Shop", "address": "2 Elm Row", "hours": "Mon–Sat", "until": "2026-12-01" });
        tell(stage, &key, &with(with(parcel(stage, "1"), "/scans", scans), "/pickup", point.clone())).await;
        stage.settle().await;
        let told = state(stage).await;
        let one = &told["parcels"][0];
        assert_eq!(one["lines"], json!([{ "title": "First Flush Darjeeling", "quantity": 2 }]));
        assert_eq!(one["pickup"], point);
        let scan = json!({ "at": at.to_string(), "state": "available_for_pickup", "reason": null, "words": "Ready", "place": "Leeds" });
        assert_eq!((&one["scan_count"], &one["scans"]), (&json!(1), &json!([scan])));
        assert_eq!((&one["silent_since"], &one["is_lost"], &one["is_part"]), (&Value::Null, &json!(false), &json!(false)));
        let delay = json!({ "cancels_on": null, "answer": "cancel", "answered_at": at.to_string(), "is_settled": true });
        assert_eq!(told["delay"], delay);
        stage.pass(HOUR).await;
        tell(stage, &key, &scanned(stage, "1", "delivered")).await;
        stage.pass(HOUR).await;
        stage.http(form(&path_below(&page(stage).await, "/missing"), "", "")).await;
        let one = state(stage).await["parcels"][0].clone();
        assert_eq!((&one["is_disputed"], &one["pickup"]), (&json!(true), &Value::Null));
    }

    async fn more_scans_than_anybody_reads_are_counted_and_shown_when_asked_for(stage: &Stage) {
        let key = ordered(stage).await;
        tell(stage, &key, &parcel(stage, "1")).await;
        let now = stage.now();
        let passed = |nth: u32| IncomingScan {
            place: Some(format!("Depot {nth}.")),
            ..scan(&format!("scan {nth}"), now - Duration::from_secs(60) * nth, kernel::parcel::State::InTransit)
        };
        track(stage, tracking("NUMBER1", (0..60).map(passed).collect())).await;
        stage.settle().await;
        let path = page_in(&stage.mails().await[0]);
        let seen = page(stage).await;
        assert!(seen.contains("Depot 39.") && !seen.contains("Depot 40."), "{seen}");
        assert!(seen.contains("<a href=\"?scans=all#parcel-1\">Show all 60 updates</a>"), "{seen}");
        let all = stage.get(&format!("{path}?scans=all")).await.body;
        assert!(all.contains("Depot 59.") && all.contains("<details open>") && !all.contains("?scans=all"), "{all}");
        assert_html("every scan", &all);
        let told = state(stage).await["parcels"][0].clone();
        assert_eq!((&told["scan_count"], told["scans"].as_array().map(Vec::len)), (&json!(60), Some(40)));
    }
}
