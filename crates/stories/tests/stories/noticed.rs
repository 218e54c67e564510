//! What is noticed about orders and parcels reaches the staff: on their first page, in a list, on the order and on the
//! customer.

use std::time::Duration;

use axum::http::{StatusCode, header};
use kernel::parcel::State;
use serde_json::json;
use staff::Role;
use stories::stage::Stage;
use stories::stories;
use timeline::{Actor, IncidentKind};
use world::samples::{Bend, order};

use crate::kit::{form, page_in, with};
use crate::parcels::{ordered, parcel, said, scan, scanned, tell, track, tracking};
use crate::staff::{get, joined, post};

const HOUR: Duration = Duration::from_secs(3_600);
const DAY: Duration = Duration::from_secs(86_400);

/// A page as one of the staff sees it who has just come in.
async fn seen(stage: &Stage, path: &str) -> String {
    let email = format!("agent{}@northwind.test", stage.now().ms());
    let agent = joined(stage, Role::Agent, &email).await;
    look(stage, path, &agent).await
}

async fn look(stage: &Stage, path: &str, agent: &str) -> String {
    let page = get(stage, path, agent).await;
    assert_eq!(page.status, StatusCode::OK, "{path}: {}", page.body);
    page.body
}

/// A parcel of the story's order that its carrier scanned once and never again.
async fn silent_parcel(stage: &Stage) -> String {
    let key = ordered(stage).await;
    stage.pass(DAY).await;
    tell(stage, &key, &scanned(stage, "1", "in_transit")).await;
    key
}

stories! {
    async fn whoever_asks_to_cancel_is_on_the_staffs_first_page_until_they_change_their_mind(stage: &Stage) {
        let agent = joined(stage, Role::Agent, "priya@northwind.test").await;
        assert!(look(stage, "/a", &agent).await.contains("Nothing needs you."));
        assert!(look(stage, "/a", &agent).await.contains("<a href=\"/a/parcels\""), "there is a way to parcels");
        assert!(look(stage, "/a/parcels", &agent).await.contains("Nothing is wrong, as far as anybody has told"));
        ordered(stage).await;
        stage.pass(DAY * 3 + HOUR * 9).await;
        let home = seen(stage, "/a").await;
        assert!(home.contains("1 order: not left in time"), "{home}");
        let path = page_in(&stage.mails().await[0]);
        stage.http(form(&format!("{path}/delay/cancel"), "", "")).await;
        stage.pass(HOUR).await;
        let home = seen(stage, "/a").await;
        assert!(home.contains("<a href=\"/a/parcels?what=cancel_asked\">1 order: the customer asked to cancel"), "{home}");
        assert!(!home.contains("not left in time"), "each stands there once: {home}");
        stage.pass(HOUR).await;
        let list = seen(stage, "/a/parcels?what=cancel_asked").await;
        for words in ["#1042", "The customer asked to cancel what has not left.", "Cancel it in your shop", "/a/customers/cus_"] {
            assert!(list.contains(words), "{words} is missing: {list}");
        }
        stage.pass(HOUR).await;
        assert!(seen(stage, "/a/parcels?what=lost").await.contains("Nothing that is wrong fits all of these filters"));
        stage.http(form(&format!("{path}/delay/keep"), "", "")).await;
        stage.pass(HOUR).await;
        let home = seen(stage, "/a").await;
        assert!(home.contains("1 order: not left in time") && !home.contains("asked to cancel"), "{home}");
    }

    async fn what_is_wrong_with_a_parcel_is_listed_with_what_happens_next(stage: &Stage) {
        let key = silent_parcel(stage).await;
        stage.pass(DAY * 10).await;
        let home = seen(stage, "/a").await;
        assert!(home.contains("1 parcel: under way and not scanned for days"), "{home}");
        stage.pass(HOUR).await;
        let list = seen(stage, "/a/parcels").await;
        for words in ["has not been scanned for days.", "is not there by the promised day.", "NUMBER1", "#1042",
            "After 10 working days without a scan it counts as lost"] {
            assert!(list.contains(words), "{words} is missing: {list}");
        }
        stage.pass(DAY * 8).await;
        let home = seen(stage, "/a").await;
        assert!(home.contains("1 parcel: lost, or not scanned"), "{home}");
        stage.pass(HOUR).await;
        assert!(seen(stage, "/a/parcels?kind=lost").await.contains("The parcel counts as lost."));
        tell(stage, &key, &scanned(stage, "1", "delivered")).await;
        stage.settle().await;
        assert!(seen(stage, "/a/parcels").await.contains("Nothing is wrong"), "what is cured is gone");
    }

    async fn scans_of_nobodys_parcel_and_parcels_of_nobodys_carrier_wait_for_the_staff(stage: &Stage) {
        let key = ordered(stage).await;
        track(stage, tracking("AB 12", vec![scan("a", stage.now(), State::InTransit), scan("b", stage.now(), State::Delivered)])).await;
        tell(stage, &key, &with(parcel(stage, "1"), "/carrier", json!("Our own van"))).await;
        tell(stage, &key, &with(parcel(stage, "2"), "/tracking_url", json!("https://van.example/2"))).await;
        let home = seen(stage, "/a").await;
        assert!(home.contains("<a href=\"/a/parcels/strays\">1 number, scanned"), "{home}");
        assert!(home.contains("<a href=\"/a/parcels/unlinked\">1 parcel, shown without a link"), "{home}");
        stage.pass(HOUR).await;
        let list = seen(stage, "/a/parcels").await;
        assert!(list.contains("/a/parcels/strays") && list.contains("/a/parcels/unlinked"), "{list}");
        stage.pass(HOUR).await;
        assert!(seen(stage, "/a/parcels/strays").await.contains("AB 12"));
        stage.pass(HOUR).await;
        let unlinked = seen(stage, "/a/parcels/unlinked").await;
        assert!(unlinked.contains("NUMBER1") && !unlinked.contains("NUMBER2"), "{unlinked}");
        assert!(unlinked.contains("Nobody we know is called “Our own van”"), "{unlinked}");
        tell(stage, &key, &with(scanned(stage, "1", "delivered"), "/carrier", json!("Our own van"))).await;
        stage.settle().await;
        assert!(seen(stage, "/a/parcels/unlinked").await.contains("None: whoever has a number"));
    }

    async fn what_is_wrong_with_a_parcel_stands_on_its_order_and_its_customer_and_is_closed_there(stage: &Stage) {
        silent_parcel(stage).await;
        stage.pass(DAY * 10).await;
        let agent = joined(stage, Role::Agent, "priya@northwind.test").await;
        let stored = crate::kit::all_orders(stage).await.remove(0);
        let (order, customer) = (format!("/a/orders/{}", stored.id), format!("/a/customers/{}", stored.customer));
        let page = look(stage, &order, &agent).await;
        for words in ["under way and has not been scanned for days", "counts as lost", "It is put right", "href=\"#wrong\""] {
            assert!(page.contains(words), "{words} is missing: {page}");
        }
        let shown = look(stage, &customer, &agent).await;
        for words in ["has not been scanned for days", ": order <a", "parcel <bdi dir=\"ltr\">NUMBER1</bdi>", "/a/parcels/shp_"] {
            assert!(shown.contains(words), "{words} is missing: {shown}");
        }
        let close = page.split("action=\"").find(|rest| rest.split('"').next().is_some_and(|path| path.ends_with("/close")));
        let close = close.and_then(|rest| rest.split('"').next()).expect("a form that closes it");
        let closed = post(stage, close, &agent, &[("ending", "cured"), ("back", "order")]).await;
        assert_eq!(closed.header(header::LOCATION), order, "whoever came from the order goes back to it");
        stage.pass(DAY).await;
        assert!(!seen(stage, &order).await.contains("href=\"#wrong\""), "what a person has closed is not opened again");
    }

    async fn whose_a_number_is_can_be_chosen_and_stays_chosen(stage: &Stage) {
        let key = ordered(stage).await;
        let unknown = with(scanned(stage, "1", "in_transit"), "/carrier", json!("Our own van"));
        tell(stage, &key, &unknown).await;
        stage.settle().await;
        let agent = joined(stage, Role::Agent, "priya@northwind.test").await;
        let order = format!("/a/orders/{}", crate::kit::all_orders(stage).await.remove(0).id);
        let page = look(stage, &order, &agent).await;
        assert!(page.contains("Who carries it is not known, and the customer has no link"), "{page}");
        let link = page.split("href=\"/a/parcels/shp_").nth(1).and_then(|rest| rest.split('"').next()).expect("a parcel");
        let at = format!("/a/parcels/shp_{link}");
        let page = look(stage, &at, &agent).await;
        assert!(page.contains("Nobody we know is called “Our own van”"), "{page}");
        let carrier = format!("{at}/carrier");
        let wrong = post(stage, &carrier, &agent, &[("code", "nobody")]).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(wrong.body.contains("Choose who carries it."), "{}", wrong.body);
        let chosen = post(stage, &carrier, &agent, &[("code", "ups")]).await;
        assert_eq!(chosen.header(header::LOCATION), format!("{at}?did=carrier"));
        let page = look(stage, &at, &agent).await;
        assert!(page.contains("https://www.ups.com/track?tracknum=NUMBER1") && !page.contains("is not known"), "{page}");
        // Whoever told it tells it again, and knows no more than before.
        stage.pass(HOUR).await;
        tell(stage, &key, &with(parcel(stage, "1"), "/carrier", json!("Our own van"))).await;
        stage.settle().await;
        assert!(look(stage, &at, &agent).await.contains("https://www.ups.com/track?tracknum=NUMBER1"));
        assert_eq!(said(stage).await, ["Your order #1042 is on its way"], "no other number is told");
    }

    async fn many_things_that_are_wrong_are_paged_and_none_is_left_out(stage: &Stage) {
        let taken = stage.take(&order(1042, stage.now()).paid()).await;
        stage.settle().await;
        let customer = stage.order(&taken.order).await.customer;
        stage.house.db.write("story.open", move |w| {
            for nth in 0..120 {
                let (about, by) = (format!("shp_{nth}"), Actor::Rule("story"));
                timeline::open_incident(w, IncidentKind::Damaged, ("shipment", &about), &customer, by)?;
            }
            Ok(())
        }).await.expect("incidents");
        let agent = joined(stage, Role::Agent, "priya@northwind.test").await;
        let (mut path, mut rows) = ("/a/parcels?what=by_hand".to_owned(), Vec::new());
        loop {
            let page = look(stage, &path, &agent).await;
            rows.push(page.matches("Something arrived damaged.").count());
            let Some(next) = page.split("rel=\"next\" href=\"").nth(1) else { break };
            path = next.split('"').next().unwrap_or_default().replace("&amp;", "&").replace("&#x2f;", "/");
        }
        assert_eq!(rows, [50, 50, 20]);
    }
}
