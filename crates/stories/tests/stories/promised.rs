//! Days that were told: the carrier's own, of shops that name none; what is due where nothing was told; and parcels of
//! which nobody tells anything, of which nothing is made up.

use std::time::Duration;

use serde_json::{Value, json};
use shipments::incoming::SHIPPED_KEY;
use stories::stage::Stage;
use stories::stories;
use world::samples::{Bend, order};

use crate::boxes::event_of;
use crate::kit::{Shop, shopify_order, with};
use crate::parcels::{FULFILMENT, happened, last_words, noticed, ordered, page, parcel, said, scanned, tell};

const HOUR: Duration = Duration::from_secs(3_600);
const DAY: Duration = Duration::from_secs(86_400);

stories! {
    async fn the_day_a_carrier_names_is_a_promise_and_a_later_one_is_told(stage: &Stage) {
        let shop = Shop::connected(stage).await;
        let order = with(shopify_order("orders/create"), "/customer_locale", json!("en-GB"));
        shop.tell(stage, "orders/create", "w1", &order).await;
        stage.pass(HOUR).await;
        let fulfilment: Value = serde_json::from_str(FULFILMENT).expect("a payload");
        shop.tell(stage, "fulfillments/create", "w2", &fulfilment).await;
        let on = |day: &str, id: &str| {
            let event = event_of("in_transit", id, stage.now());
            with(event, "/estimated_delivery_at", json!(format!("{day}T12:00:00Z")))
        };
        shop.tell(stage, "fulfillment_events/create", "w3", &on("2026-11-24", "7001")).await;
        stage.pass(HOUR).await;
        assert_eq!(said(stage).await, ["Your order #1001 is on its way"]);
        assert!(last_words(stage).await.contains("Arriving Tuesday 24 November"), "{}", last_words(stage).await);
        stage.pass(DAY * 2).await;
        shop.tell(stage, "fulfillment_events/create", "w4", &on("2026-11-26", "7002")).await;
        stage.pass(HOUR).await;
        assert_eq!(said(stage).await[1..], ["Order #1001 is late"]);
        let mail = last_words(stage).await;
        assert!(mail.contains("Tuesday 24 November") && mail.contains("Thursday 26 November"), "{mail}");
        assert!(page(stage).await.contains("Thursday 26 November"), "{}", page(stage).await);
        // That day passes as well: told the next morning, and somebody at the shop knows.
        stage.pass(DAY * 5).await;
        assert_eq!(said(stage).await.len(), 3, "{:?}", said(stage).await);
        assert!(last_words(stage).await.contains("We’re asking UPS"), "{}", last_words(stage).await);
        assert!(noticed(stage).await.contains(&"past_promise".to_owned()), "{:?}", noticed(stage).await);
        shop.tell(stage, "fulfillment_events/create", "w5", &event_of("delivered", "7003", stage.now())).await;
        stage.pass(HOUR).await;
        assert_eq!(said(stage).await[3..], ["Order #1001 is there"]);
        assert_eq!(happened(stage, "incident.opened").await, happened(stage, "incident.closed").await);
        assert_eq!(promised(stage).await, ["2026-11-26", "2026-11-24"]);
    }

    async fn of_a_parcel_that_nobody_follows_nothing_is_made_up(stage: &Stage) {
        let key = ordered(stage).await;
        let handed_over = json!([{ "key": SHIPPED_KEY, "at": stage.now().to_string(), "state": "in_transit" }]);
        tell(stage, &key, &with(parcel(stage, "1"), "/scans", handed_over)).await;
        stage.pass(DAY * 20).await;
        assert_eq!(said(stage).await, ["Your order #1042 is on its way"], "the promised day is long gone");
        assert_eq!(happened(stage, "incident.opened").await, 0);
        assert!(!page(stage).await.contains("Running late"), "{}", page(stage).await);
    }

    async fn once_deliveries_are_told_silence_says_something(stage: &Stage) {
        let key = ordered(stage).await;
        stage.take(&order(1043, stage.now()).paid()).await;
        tell(stage, &key, &with(scanned(stage, "2", "delivered"), "/order", json!("1043"))).await;
        tell(stage, &key, &parcel(stage, "1")).await;
        stage.pass(DAY * 9).await;
        assert!(noticed(stage).await.contains(&"never_scanned".to_owned()), "{:?}", noticed(stage).await);
    }

    async fn an_order_that_has_not_left_by_the_day_it_was_to_arrive_is_late(stage: &Stage) {
        let mut arriving = order(1042, stage.now()).paid();
        arriving.expected.ships_by = None;
        stage.take(&arriving).await;
        stage.pass(DAY * 9).await;
        assert_eq!(said(stage).await, ["Order #1042 is running late at our end"]);
        let mail = last_words(stage).await;
        assert!(mail.contains("We said that your order arrives by Friday 27 November"), "{mail}");
    }

    async fn an_american_order_without_a_day_is_late_after_thirty(stage: &Stage) {
        let mut silent = order(1042, stage.now()).paid().without_dates();
        silent.shipping_address.as_mut().expect("an address").country = "US".to_owned();
        stage.take(&silent).await;
        stage.pass(DAY * 29).await;
        assert!(said(stage).await.is_empty(), "{:?}", said(stage).await);
        stage.pass(DAY * 2).await;
        let mail = last_words(stage).await;
        assert!(mail.contains("it should have by") && mail.contains("you haven’t told us that you wait"), "{mail}");
    }

    async fn one_that_waits_too_long_to_be_collected_is_noticed_before_it_goes_back(stage: &Stage) {
        let key = ordered(stage).await;
        tell(stage, &key, &scanned(stage, "1", "available_for_pickup")).await;
        stage.pass(DAY * 5).await;
        assert_eq!(happened(stage, "incident.opened").await, 0);
        stage.pass(DAY * 2).await;
        assert_eq!(noticed(stage).await, ["pickup_ends"]);
        tell(stage, &key, &scanned(stage, "1", "delivered")).await;
        stage.settle().await;
        assert_eq!(happened(stage, "incident.closed").await, 1);
    }
}

/// The days that messages told of the newest order's one parcel, the newest first.
async fn promised(stage: &Stage) -> Vec<String> {
    let read = stage.house.db.read("story.promised", |r| {
        let order = orders::latest(r)?.expect("an order");
        let parcels = shipments::of_order(r, order.as_str())?;
        shipments::parcel_promises(r, &parcels[0].id)
    });
    read.await.expect("rows").iter().map(|promise| promise.day.to_string()).collect()
}
