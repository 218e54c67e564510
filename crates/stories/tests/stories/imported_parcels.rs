//! Parcels by file: taken as the API takes them, found again by their number, and not told when they are
//! history.

use std::fs;
use std::time::Duration;

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use kernel::parcel::State;
use serde_json::{Value, json};
use shipments::Shipment;
use stories::app::{App, Settings};
use stories::stage::Stage;
use stories::stories;
use world::samples::{Bend, order};

use crate::imports::{Imported, import};
use crate::kit::all_orders;

const HOUR: Duration = Duration::from_secs(3_600);
const DAY: Duration = Duration::from_secs(86_400);
/// A file as a fulfilment service writes it: a row per line of a parcel.
const SERVICE: &str = "Order Number,Tracking Number,Carrier,Ship Date,SKU,Qty,Status,Status Date\n";

async fn parcels_in(stage: &Stage, source: &str, rows: &str) -> Imported {
    import(stage, imports::shipments::shape, source, format!("{SERVICE}{rows}").as_bytes()).await
}

/// A past order of two lines, by file.
async fn past_order(stage: &Stage, id: &str) {
    let file = format!(
        "external_id,number,email,placed_at,currency,total,title,quantity,unit_price,sku\n\
         {id},#{id},dora@example.test,2026-11-19,GBP,27.90,Tea,2,12.00,T1\n{id},,,,,,Tin,1,3.90,T2\n"
    );
    assert_eq!(import(stage, imports::orders::shape, "web", file.as_bytes()).await.count.added, 1);
}

/// The parcels of the order that came first, in the order they left.
async fn parcels(stage: &Stage) -> Vec<Shipment> {
    let order = all_orders(stage).await.remove(0).id.to_string();
    let read = stage.house.db.read("story.parcels", move |r| shipments::of_order(r, &order));
    read.await.expect("parcels can be read")
}

async fn messages(stage: &Stage) -> usize {
    stage.messages().await.len()
}

stories! {
    async fn past_parcels_come_by_file_twice_and_nobody_hears_of_them(stage: &Stage) {
        past_order(stage, "7001").await;
        let file = "#7001,AB123456785GB,Royal Mail,2026-11-19,T1,2,Delivered,2026-11-20\n\
                    #7001,AB123456785GB,,,T2,1,,\n";
        let done = parcels_in(stage, "web", file).await;
        assert_eq!((done.count.added, done.count.rows, done.faults), (1, 2, Vec::new()));
        stage.pass(DAY).await;
        let stored = parcels(stage).await;
        let lines: Vec<_> = stored[0].lines.iter().map(|line| (line.line.as_str(), line.quantity)).collect();
        assert_eq!((stored.len(), lines), (1, vec![("row-1", 2), ("row-2", 1)]));
        assert_eq!(stored[0].standing.state, State::Delivered);
        assert_eq!(stored[0].tracking.carrier.as_deref(), Some("royal-mail"));
        let events = stage.events().await.len();
        // Again, and with the number spelt in another way: the same parcel.
        let respelt = file.replace("AB123456785GB", "ab 1234 5678 5 GB").replace("#7001", "7001");
        for again in [file, respelt.as_str()] {
            let count = parcels_in(stage, "web", again).await.count;
            assert_eq!((count.added, count.refused), (0, 0), "{again}");
            stage.settle().await;
        }
        assert_eq!(parcels_in(stage, "web", file).await.count.refused, 0);
        assert_eq!(parcels_in(stage, "web", file).await.count.known, 1);
        assert_eq!((parcels(stage).await.len(), stage.events().await.len()), (1, events));
        stage.pass(DAY * 20).await;
        assert_eq!((messages(stage).await, stage.mails().await.len()), (0, 0));
        assert!(!stage.events().await.iter().any(|event| event == "incident.opened"));
    }

    async fn a_parcel_that_left_today_is_told_as_the_api_would_and_one_of_long_ago_is_not(stage: &Stage) {
        for number in [1042, 1043, 1044] {
            stage.take(&order(number, stage.now()).paid()).await;
        }
        stage.pass(HOUR).await;
        let confirmed = messages(stage).await;
        parcels_in(stage, "web", "1042,N1,UPS,2026-11-20,TEA-1,2,In transit,\n").await;
        stage.settle().await;
        assert_eq!(stage.subjects().await.last().map(String::as_str), Some("Your order #1042 is on its way"));
        assert_eq!(messages(stage).await, confirmed + 1);
        // Two that left eight days ago: one is there, of the other nobody says, and the promised day has
        // passed.
        stage.pass(DAY * 8).await;
        let before = messages(stage).await;
        let old = "1043,N2,UPS,2026-11-20,TEA-1,2,Delivered,2026-11-24\n1044,N3,UPS,2026-11-20,TEA-1,2,,\n";
        assert_eq!(parcels_in(stage, "web", old).await.count.added, 2);
        stage.pass(DAY * 5).await;
        assert_eq!(messages(stage).await, before, "{:?}", stage.subjects().await);
        // What happens to it from now on is news again.
        let now = stage.now();
        parcels_in(stage, "web", &format!("1044,N3,UPS,2026-11-20,TEA-1,2,Delivered,{now}\n")).await;
        stage.settle().await;
        assert_eq!(stage.subjects().await.last().map(String::as_str), Some("Order #1044 is there"));
        assert_eq!(messages(stage).await, before + 1);
    }

    async fn what_another_source_tells_is_found_by_its_number_and_only_what_happened_is_added(stage: &Stage) {
        let key = stage.api_key().await;
        stage.take(&order(1042, stage.now()).paid()).await;
        let told = json!({ "source": "web", "external_id": "f1", "order": "1042", "carrier": "UPS",
            "tracking_number": "N-1", "updated_at": stage.now().to_string() });
        let request = Request::post("/v1/shipments")
            .header(header::AUTHORIZATION, format!("Bearer {key}"))
            .header(header::CONTENT_TYPE, "application/json");
        let answer = stage.http(request.body(Body::from(told.to_string())).expect("a request")).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
        let row = "1042,n1,Another,2026-11-19,TEA-1,1,Delivered,2026-11-20\n";
        assert_eq!(parcels_in(stage, "web", row).await.count.changed, 1);
        assert_eq!(parcels_in(stage, "web", row).await.count.known, 1);
        let stored = parcels(stage).await;
        assert_eq!((stored.len(), stored[0].external_id.as_str()), (1, "f1"));
        assert_eq!((stored[0].tracking.carrier_name.as_deref(), stored[0].lines.len()), (Some("UPS"), 0));
        assert_eq!(stored[0].standing.state, State::Delivered);
        // By its own identifier it is the API's parcel as well, and a newer version of it.
        let file = "order,external_id,tracking_number,shipped_at,updated_at,carrier\n\
                    1042,f1,N-1,2026-11-20,2026-11-20T10:00:00Z,DPD\n";
        let done = import(stage, imports::shipments::shape, "web", file.as_bytes()).await;
        assert_eq!((done.count.changed, done.faults), (1, Vec::new()));
        assert_eq!(parcels(stage).await[0].tracking.carrier_name.as_deref(), Some("DPD"));
    }

    async fn what_is_wrong_is_named_by_row_and_column_and_the_rest_of_the_parcels_taken(stage: &Stage) {
        past_order(stage, "7001").await;
        past_order(stage, "7002").await;
        let table: [(&str, &[&str]); 7] = [
            ("#7009,N1,,2026-11-19,,,,\n", &["2 Order Number unknown_order"]),
            ("#7001,N1,,2026-11-19,T1,2,,\n#7001,N1,,,T9,1,,\n", &["3 SKU unknown_line"]),
            ("#7001,N1,,2026-11-19,T1,1,,\n#7001,N1,,,T1,1,,\n", &["3 SKU duplicate"]),
            ("#7001,N1,,19/11/2026,,,,\n", &["2 Ship Date impossible_date"]),
            ("#7001,,,2026-11-19,,,,\n", &["2 Tracking Number missing"]),
            ("#7001,N1,,2026-11-19,T1,1,,\n#7001,,,,T2,1,,\n", &["3 Tracking Number missing"]),
            (
                "#7001,N1,,2026-11-19,T1,1,,\n#7001,N2,,2026-11-19,,,,\n#7001,N1,,,T2,1,,\n",
                &["2  rows_not_together", "4  rows_not_together"],
            ),
        ];
        for (rows, expected) in table {
            let good = "#7002,G1,,2026-11-19,T1,2,,\n";
            let done = parcels_in(stage, "web", &format!("{rows}{good}")).await;
            assert_eq!(done.faults, expected, "{rows}");
            assert!(done.count.refused >= 1 && done.count.added + done.count.known >= 1, "{rows}: {done:?}");
        }
        let left: Vec<_> = parcels(stage).await.into_iter().map(|parcel| parcel.tracking.number).collect();
        assert_eq!(left, [Some("N2".to_owned())], "of the first order only the parcel that was right");
        // The order of another source is not found: mended by naming it, or by its order.
        let done = parcels_in(stage, "import", "#7002,G2,,2026-11-19,,,,\n").await;
        assert_eq!(done.faults, ["2 Order Number unknown_order"]);
    }
}

#[test]
fn parcels_are_imported_by_the_command_and_what_waits_for_its_order_comes_in_later() {
    let app = App::idle(Settings::default());
    app.cli_ok(&["migrate"]);
    fs::write(app.file("parcels.csv"), "order,tracking_number,shipped_at\n1,N1,2026-01-02\n").unwrap();
    let run = ["import", "shipments", "parcels.csv", "--source", "web"];
    let early = app.cli(&run);
    assert_eq!(early.status.code(), Some(1));
    let errors = fs::read_to_string(app.file("parcels.csv.errors.csv")).unwrap();
    assert!(errors.contains("2,order,unknown_order,"), "{errors}");
    let orders = "external_id,email,placed_at,currency,total,title,quantity,unit_price\n\
                  1,a@example.test,2026-01-01,GBP,12.00,Tea,1,12.00\n";
    fs::write(app.file("orders.csv"), orders).unwrap();
    app.cli_ok(&["import", "orders", "orders.csv", "--source", "web"]);
    let summary: Value = serde_json::from_str(&app.cli_ok(&run)).unwrap();
    assert_eq!((summary["added"].as_u64(), &summary["errors"]), (Some(1), &Value::Null));
}
