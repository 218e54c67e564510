//! Labels: put right by hand, replaced at the shop, and used again.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use kernel::parcel::State;
use serde_json::{Value, json};
use staff::Role;
use stories::stage::Stage;
use stories::stories;

use crate::care::Desk;
use crate::kit::{Shop, shopify_order, with};
use crate::parcels::{FULFILMENT, last_words, page, said, scan, track, tracking};
use crate::woocommerce::{self, Woo};

const HOUR: Duration = Duration::from_secs(3_600);

/// A version of the fulfilment under these numbers, told at that minute of ten o'clock.
fn fulfilment(numbers: &[&str], minute: u32) -> Value {
    let told: Value = serde_json::from_str(FULFILMENT).expect("a payload");
    let told =
        with(with(told, "/tracking_numbers", json!(numbers)), "/tracking_number", json!(numbers.first()));
    let told = with(told, "/tracking_url", json!(null));
    with(told, "/updated_at", json!(format!("2026-11-20T10:{minute:02}:00+01:00")))
}

/// The order of a WooCommerce shop with what a tracking plugin keeps in it, changed at that second of 09:01.
fn listing(items: Value, second: u32) -> Value {
    let changed = json!(format!("2026-11-20T09:01:{second:02}"));
    let order = with(woocommerce::order(), "/date_modified_gmt", changed);
    let list = json!([{ "id": 1, "key": "_wc_shipment_tracking_items", "value": items }]);
    with(order, "/meta_data", list)
}

/// A number on that list.
fn item(number: &str) -> Value {
    json!({ "tracking_number": number, "tracking_id": format!("of {number}"), "tracking_provider": "ups" })
}

/// A shop whose order is here, in English.
async fn shop(stage: &Stage) -> Shop {
    let shop = Shop::connected(stage).await;
    let order = with(shopify_order("orders/create"), "/customer_locale", json!("en-GB"));
    shop.tell(stage, "orders/create", "order", &order).await;
    shop
}

/// Every parcel of the order, in the order they left.
async fn parcels(stage: &Stage) -> Vec<shipments::Shipment> {
    let order = stage.house.db.read("story.order", orders::latest).await.expect("rows").expect("an order");
    stage.house.db.read("story.parcels", move |r| shipments::of_order(r, order.as_str())).await.expect("rows")
}

/// The numbers of every parcel that something still comes by.
async fn numbers(stage: &Stage) -> Vec<String> {
    let standing = parcels(stage).await.into_iter().filter(|parcel| !parcel.is_cancelled);
    standing.filter_map(|parcel| parcel.tracking.number).collect()
}

async fn set_by_hand(desk: &Desk<'_>, was: &str, number: &str) {
    let parcels = parcels(desk.stage).await;
    let parcel = parcels.iter().find(|parcel| parcel.tracking.number.as_deref() == Some(was));
    let path = format!("/a/parcels/{}/number", parcel.expect("that parcel").id);
    desk.does(&path, &[("carrier", "UPS"), ("number", number)]).await;
    desk.stage.settle().await;
}

stories! {
    async fn a_number_set_by_hand_stays_until_its_shop_tells_another(stage: &Stage) {
        let (shop, desk) = (shop(stage).await, Desk::of(stage, Role::Agent).await);
        shop.tell(stage, "fulfillments/create", "w1", &fulfilment(&["WRONG"], 0)).await;
        stage.pass(HOUR * 8).await;
        assert_eq!(said(stage).await, ["Your order #1001 is on its way"]);
        set_by_hand(&desk, "WRONG", "RIGHT1").await;
        assert!(last_words(stage).await.contains("RIGHT1"), "{}", last_words(stage).await);
        // The same version again, and a later one that still has the old number.
        shop.tell(stage, "fulfillments/update", "w2", &fulfilment(&["WRONG"], 0)).await;
        shop.tell(stage, "fulfillments/update", "w3", &fulfilment(&["WRONG"], 5)).await;
        stage.pass(HOUR).await;
        assert_eq!(numbers(stage).await, ["RIGHT1"]);
        assert_eq!(said(stage).await.len(), 2, "{:?}", said(stage).await);
        // Put right once more: it is the number that the shop told that counts, not the one it stood under meanwhile.
        set_by_hand(&desk, "RIGHT1", "RIGHT2").await;
        shop.tell(stage, "fulfillments/update", "w4", &fulfilment(&["WRONG"], 6)).await;
        assert_eq!(numbers(stage).await, ["RIGHT2"]);
        shop.tell(stage, "fulfillments/update", "w5", &fulfilment(&["OTHER"], 7)).await;
        stage.pass(HOUR).await;
        assert_eq!(numbers(stage).await, ["OTHER"]);
        // The shop is believed again, also when it comes back to what it said first.
        shop.tell(stage, "fulfillments/update", "w6", &fulfilment(&["WRONG"], 8)).await;
        assert_eq!(numbers(stage).await, ["WRONG"]);
        assert!(last_words(stage).await.contains("WRONG"), "{}", last_words(stage).await);
    }

    async fn each_number_that_a_parcel_gets_is_told_also_one_it_had_before(stage: &Stage) {
        let (shop, desk) = (shop(stage).await, Desk::of(stage, Role::Agent).await);
        shop.tell(stage, "fulfillments/create", "w1", &fulfilment(&["FIRST"], 0)).await;
        stage.pass(HOUR * 8).await;
        for (was, number) in [("FIRST", "SECOND"), ("SECOND", "FIRST"), ("FIRST", "SECOND")] {
            set_by_hand(&desk, was, number).await;
            stage.pass(HOUR).await;
            assert!(last_words(stage).await.contains(number), "{}", last_words(stage).await);
        }
        assert_eq!(said(stage).await.len(), 4, "{:?}", said(stage).await);
    }

    async fn the_number_of_a_box_that_was_set_by_hand_stays_too(stage: &Stage) {
        let (shop, desk) = (shop(stage).await, Desk::of(stage, Role::Agent).await);
        shop.tell(stage, "fulfillments/create", "w1", &fulfilment(&["BOX1", "WRONG"], 0)).await;
        stage.pass(HOUR * 8).await;
        set_by_hand(&desk, "WRONG", "BOX2").await;
        shop.tell(stage, "fulfillments/update", "w2", &fulfilment(&["BOX1", "WRONG", "BOX3"], 1)).await;
        assert_eq!(numbers(stage).await, ["BOX1", "BOX2", "BOX3"]);
        assert!(page(stage).await.contains("BOX2"));
    }

    async fn what_the_staff_says_of_a_box_counts_for_that_box(stage: &Stage) {
        let (shop, desk) = (shop(stage).await, Desk::of(stage, Role::Agent).await);
        shop.tell(stage, "fulfillments/create", "w1", &fulfilment(&["BOX1", "BOX2", "BOX3"], 0)).await;
        let of = |number: &str| number.to_owned();
        track(stage, tracking("BOX2", vec![scan("collected", stage.now(), State::InTransit)])).await;
        for number in ["BOX2", "BOX3"] {
            let parcels = parcels(stage).await;
            let parcel = parcels.iter().find(|parcel| parcel.tracking.number == Some(of(number)));
            let path = format!("/a/parcels/{}/happened", parcel.expect("a box").id);
            stage.pass(HOUR).await;
            desk.does(&path, &[("state", "delivered"), ("reason", "neighbour"), ("words", "With the baker")]).await;
        }
        let state = |parcel: shipments::Shipment| parcel.standing.state;
        let states: Vec<State> = parcels(stage).await.into_iter().map(state).collect();
        assert_eq!(states, [State::Pending, State::Delivered, State::Delivered]);
        assert_eq!(page(stage).await.matches("With the baker").count(), 2);
        // Of the first one it holds for that one, too, and its shop still speaks of all.
        let first = parcels(stage).await.remove(0);
        desk.does(&format!("/a/parcels/{}/happened", first.id), &[("state", "out_for_delivery"), ("reason", ""), ("words", "")]).await;
        let states: Vec<State> = parcels(stage).await.into_iter().map(state).collect();
        assert_eq!(states, [State::OutForDelivery, State::Delivered, State::Delivered]);
    }

    async fn a_state_that_comes_again_after_another_is_heard_and_a_repeat_is_not(stage: &Stage) {
        stage.pass(HOUR).await;
        let shop = shop(stage).await;
        let stands = |word: &str, minute: u32| with(fulfilment(&["N1"], minute), "/shipment_status", json!(word));
        let words = ["attempted_delivery", "attempted_delivery", "in_transit", "attempted_delivery", "delivered", "delivered"];
        for (minute, word) in (10..).zip(words) {
            shop.tell(stage, "fulfillments/update", &format!("w{minute}"), &stands(word, minute)).await;
        }
        let parcel = parcels(stage).await.remove(0);
        assert_eq!(parcel.standing.state, State::Delivered);
        let of = parcel.clone();
        let scans = stage.house.db.read("story.scans", move |r| shipments::scans(r, &of)).await.expect("rows");
        assert_eq!(scans.len(), 4, "{scans:?}");
        // It is not there after all; what an older version said changes nothing.
        shop.tell(stage, "fulfillments/update", "w20", &stands("in_transit", 20)).await;
        shop.tell(stage, "fulfillments/update", "w18", &stands("delivered", 18)).await;
        assert_eq!(parcels(stage).await[0].standing.state, State::InTransit);
    }

    async fn a_number_that_its_carrier_gives_out_again_is_no_news_of_the_old_parcel(stage: &Stage) {
        let shop = shop(stage).await;
        shop.tell(stage, "fulfillments/create", "w1", &fulfilment(&["N1"], 0)).await;
        track(stage, tracking("N1", vec![scan("there", stage.now(), State::Delivered)])).await;
        stage.pass(HOUR * 24 * 100).await;
        let before = said(stage).await;
        let again = track(stage, tracking("N1", vec![scan("again", stage.now(), State::InTransit)])).await;
        assert_eq!((again.shipments.len(), again.news), (0, 1), "it waits for the parcel that has the number now");
        shop.tell(stage, "fulfillments/update", "w2", &fulfilment(&["N1"], 1)).await;
        stage.pass(HOUR).await;
        assert_eq!(parcels(stage).await[0].standing.state, State::Delivered);
        assert_eq!(said(stage).await, before);
        let strays = stage.house.db.read("story.strays", |r| shipments::strays(r, 10)).await.expect("rows");
        assert_eq!(strays.len(), 1);
    }

    async fn a_label_that_woocommerce_lists_no_more_is_taken_back(stage: &Stage) {
        let woo = Woo::connected(stage, "a secret").await;
        woo.tell(stage, "order.created", &listing(json!([]), 0)).await;
        woo.tell(stage, "order.updated", &listing(json!([item("OLD"), item("KEPT")]), 10)).await;
        // A file tells parcels of the same shop, too.
        let source = parcels(stage).await.remove(0).source;
        let told = json!({ "source": source, "external_id": "f1", "order": "645", "updated_at": "2026-11-20T09:00:00Z",
            "tracking_number": "FILED" });
        let told = shipments::json::read(&told, stage.now()).expect("a shipment");
        stage.house.db.write("story.file", move |w| shipments::take(w, &told)).await.expect("taken").expect("its order");
        // PHP makes an object of a list whose first entry was deleted.
        woo.tell(stage, "order.updated", &listing(json!({ "1": item("KEPT"), "2": item("NEW") }), 20)).await;
        stage.pass(HOUR * 8).await;
        let standing = || async { numbers(stage).await.into_iter().collect::<BTreeSet<_>>() };
        let of = |numbers: &[&str]| numbers.iter().map(|number| (*number).to_owned()).collect::<BTreeSet<_>>();
        assert_eq!(standing().await, of(&["FILED", "KEPT", "NEW"]));
        let shown = page(stage).await;
        assert!(shown.contains("NEW") && !shown.contains("OLD"), "{shown}");
        // An older list that comes late brings nothing back, and one that can't be read takes nothing.
        woo.tell(stage, "order.updated", &listing(json!([item("OLD"), item("KEPT"), item("OLDER")]), 15)).await;
        woo.tell(stage, "order.updated", &listing(json!([item("NEW"), 7]), 30)).await;
        assert_eq!(standing().await, of(&["FILED", "KEPT", "NEW"]));
        // What a carrier has is real, whatever the list says.
        track(stage, tracking("KEPT", vec![scan("there", stage.now(), State::Delivered)])).await;
        woo.tell(stage, "order.updated", &listing(json!([item("OLD")]), 40)).await;
        let states = parcels(stage).await.into_iter().map(|parcel| {
            (parcel.tracking.number.expect("a number"), parcel.standing.state)
        });
        let states: BTreeMap<_, _> = states.collect();
        assert_eq!((states["KEPT"], states["NEW"]), (State::Delivered, State::Cancelled));
        assert_eq!(states["OLD"], State::Pending, "one that is listed again stands again");
    }
}
