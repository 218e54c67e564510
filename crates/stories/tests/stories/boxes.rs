//! One fulfilment in several boxes: shown one by one, and told of once.

use std::time::Duration;

use kernel::Timestamp;
use kernel::parcel::State;
use serde_json::{Value, json};
use stories::stage::Stage;
use stories::stories;

use crate::kit::{Shop, shopify_order, with};
use crate::parcels::{EVENT, FULFILMENT, last_words, page, said, scan, track, tracking};

const HOUR: Duration = Duration::from_secs(3_600);

stories! {
    async fn a_fulfilment_under_several_numbers_is_as_many_parcels(stage: &Stage) {
        let shop = Shop::connected(stage).await;
        let order = with(shopify_order("orders/create"), "/customer_locale", json!("en-GB"));
        shop.tell(stage, "orders/create", "w1", &order).await;
        let numbers = |numbers: &[&str], version: &str| {
            let told: Value = serde_json::from_str(FULFILMENT).expect("a payload");
            with(with(told, "/tracking_numbers", json!(numbers)), "/updated_at", json!(version))
        };
        let boxes = ["1Z5R89390357567127", "1Z999AA10123456784", "1Z204E380338943508"];
        shop.tell(stage, "fulfillments/create", "w2", &numbers(&boxes, "2026-11-20T08:00:00+01:00")).await;
        let leaves = event_of("in_transit", "6251", stage.now());
        shop.tell(stage, "fulfillment_events/create", "w3", &leaves).await;
        stage.pass(HOUR).await;
        let shown = page(stage).await;
        for number in boxes {
            assert!(shown.contains(number), "{number}: {shown}");
        }
        assert_eq!(shown.matches("More of what is in one of the other parcels").count(), 2, "{shown}");
        assert_eq!(said(stage).await, ["Your order #1001 is on its way"]);
        assert!(last_words(stage).await.contains("3 parcels are on their way"), "{}", last_words(stage).await);
        // The third was a mistake.
        shop.tell(stage, "fulfillments/update", "w4", &numbers(&boxes[..2], "2026-11-20T10:00:00+01:00")).await;
        stage.settle().await;
        let shown = page(stage).await;
        assert!(!shown.contains(boxes[2]), "{shown}");
        // What the shop says of the whole counts for a box of which nobody says anything else, and is said once.
        shop.tell(stage, "fulfillment_events/create", "w5", &event_of("delivered", "6252", stage.now())).await;
        stage.pass(HOUR).await;
        assert_eq!(said(stage).await.len(), 2, "{:?}", said(stage).await);
        assert!(last_words(stage).await.contains("Everything is here"), "{}", last_words(stage).await);
    }

    async fn a_box_that_its_carrier_speaks_of_is_no_longer_told_with_the_others(stage: &Stage) {
        let shop = Shop::connected(stage).await;
        let order = with(shopify_order("orders/create"), "/customer_locale", json!("en-GB"));
        shop.tell(stage, "orders/create", "w1", &order).await;
        let told: Value = serde_json::from_str(FULFILMENT).expect("a payload");
        let told = with(told, "/tracking_numbers", json!(["1Z5R89390357567127", "1Z999AA10123456784"]));
        shop.tell(stage, "fulfillments/create", "w2", &told).await;
        shop.tell(stage, "fulfillment_events/create", "w3", &event_of("in_transit", "6251", stage.now())).await;
        stage.pass(HOUR).await;
        let collected = scan("collected", stage.now(), State::InTransit);
        assert_eq!(track(stage, tracking("1Z999AA10123456784", vec![collected])).await.shipments.len(), 1);
        shop.tell(stage, "fulfillment_events/create", "w4", &event_of("delivered", "6252", stage.now())).await;
        stage.pass(HOUR).await;
        assert_eq!(said(stage).await, ["Your order #1001 is on its way", "Order #1001 is there"]);
        assert!(!last_words(stage).await.contains("Everything is here"), "{}", last_words(stage).await);
        let there = scan("there", stage.now(), State::Delivered);
        track(stage, tracking("1Z999AA10123456784", vec![there])).await;
        stage.pass(HOUR).await;
        assert_eq!(said(stage).await.len(), 3, "{:?}", said(stage).await);
        assert!(last_words(stage).await.contains("Everything is here"), "{}", last_words(stage).await);
    }
}

/// Something that happened to that fulfilment.
pub(crate) fn event_of(status: &str, id: &str, at: Timestamp) -> Value {
    let event: Value = serde_json::from_str(EVENT).expect("a payload");
    let event = with(with(event, "/status", json!(status)), "/id", json!(id));
    with(with(event, "/happened_at", json!(at.to_string())), "/estimated_delivery_at", json!(null))
}
