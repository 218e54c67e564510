//! Each field of `POST /v1/orders` that can be wrong, wrong once: refused by its name, and nothing is left behind.

use axum::http::{StatusCode, header};
use serde_json::{Value, json};
use stories::stage::Stage;
use stories::stories;

use crate::kit::{assert_no_half_orders, example, post_order, rows, with};

/// One wrong field each, and the pointer the problem has to name.
fn wrong_fields() -> Vec<(&'static str, Value)> {
    let line =
        |id: usize| json!({ "external_id": id.to_string(), "title": "Tea", "quantity": 1, "unit_price": 1 });
    let mut cases = vec![
        ("/lines", (0..10_000).map(line).collect()),
        ("/lines", json!([])),
        ("/lines", json!("tea")),
        ("/customer", json!({ "name": "Nobody can reach me" })),
        ("/customer", json!([])),
        ("/totals", json!(2795)),
        ("/tags", json!("a,b")),
        ("/is_gift", json!("no")),
        ("/note", json!(7)),
        ("/lines/0/quantity", json!(1_000_001)),
        ("/lines/0/unit_price", json!(i64::MAX)),
        ("/lines/0/unit_price", json!(12.5)),
        ("/totals/total", json!(2796)),
        ("/totals/subtotal", json!(2401)),
        ("/totals/discount", json!(-1)),
        ("/expected/delivered_to", json!("2026-11-24")),
        ("/expected/ships_by", json!("2026-11-28")),
        ("/colour", json!("red")),
        ("/customer/nick", json!("Ami")),
        ("/lines/0/weight", json!(100)),
        ("/totals/tip", json!(1)),
        ("/shipping_address/floor", json!("3")),
    ];
    let names =
        ["/source", "/external_id", "/number", "/customer/name", "/lines/0/title", "/shipping_address/city"];
    let texts = ["", "   ", "a\u{0}b", "a\u{1b}[31mb", "Amina\r\nBcc: everyone@example.test", "a\u{85}b"];
    cases.extend(names.iter().flat_map(|name| texts.map(|text| (*name, json!(text)))));
    cases.extend(names.map(|name| (name, json!("x".repeat(501)))));
    cases.extend(names.map(|name| (name, json!(1042))));
    cases.push(("/customer/name", json!(world::hostile::long_text(900_000))));
    let refused: [(&str, &[&str]); 17] = [
        ("/source", &["shopify:con_1"]),
        ("/status", &["unplaced", "PLACED", "shipped"]),
        ("/payment", &["", "maybe", "Paid"]),
        (
            "/placed_at",
            &[
                "yesterday",
                "2026-11-20",
                "2026-02-30T10:00:00Z",
                "2026-11-20T25:00:00Z",
                "2027-11-20T10:00:00Z",
            ],
        ),
        ("/updated_at", &["", "1700000000", "1969-12-31T23:59:59Z", "+12026-01-01T00:00:00Z"]),
        ("/currency", &["DOGE", "gbp", "£", "XQZ"]),
        ("/locale", &["english please", "\u{0}", "e"]),
        (
            "/customer/email",
            &["amina", "a@b", "a b@example.test", "a@example.test\r\nBcc: b@example.test", "a@x\u{0}.test"],
        ),
        ("/customer/phone", &["07700 900123", "+44", "phone", "+1234567890123456"]),
        ("/customer/preferred_channel", &["pigeon", "Email"]),
        ("/customer/time_zone", &["Mars/Olympus", "../../etc/passwd"]),
        ("/lines/0/image_url", &["javascript:alert(1)", "/logo.png", "https://"]),
        ("/lines/0/url", &["data:text/html,x", "ftp://example.test/x"]),
        ("/shipping_address/country", &["England", "G1", ""]),
        ("/expected/ships_by", &["23.11.2026", "2026-02-30", "2026-13-01", "soon"]),
        ("/expected/delivered_from", &["2026-11-25T00:00:00Z"]),
        ("/consent/at", &["2027-11-20T10:00:00Z", "never"]),
    ];
    cases.extend(refused.iter().flat_map(|(name, texts)| texts.iter().map(|text| (*name, json!(text)))));
    let missing = [
        "/source",
        "/external_id",
        "/number",
        "/status",
        "/payment",
        "/placed_at",
        "/updated_at",
        "/currency",
    ];
    cases.extend(missing.map(|name| (name, Value::Null)));
    cases.extend(
        ["/customer", "/lines", "/totals", "/totals/subtotal", "/totals/total"]
            .map(|name| (name, Value::Null)),
    );
    cases.extend(["external_id", "title", "quantity", "unit_price"].map(|name| match name {
        "external_id" => ("/lines/0/external_id", Value::Null),
        "title" => ("/lines/0/title", Value::Null),
        "quantity" => ("/lines/0/quantity", Value::Null),
        _ => ("/lines/0/unit_price", Value::Null),
    }));
    cases.extend(
        [json!(0), json!(-1), json!(1.5), json!("2"), json!(1e300)].map(|n| ("/lines/0/quantity", n)),
    );
    cases
}

stories! {
    async fn each_wrong_field_is_named_and_nothing_is_left(stage: &Stage) {
        let key = stage.api_key().await;
        let before = rows(stage).await;
        for (pointer, value) in wrong_fields() {
            let shown: String = value.to_string().chars().take(60).collect();
            let answer = stage.http(post_order(&key, with(example(), pointer, value).to_string())).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{pointer} {shown}: {}", answer.body);
            let problem = answer.json();
            let named = problem["errors"].as_array().is_some_and(|all| all.iter().any(|one| one["pointer"] == pointer));
            assert!(named, "{pointer} {shown}: {problem}");
            assert_eq!(answer.header(header::CONTENT_TYPE), "application/problem+json");
            for name in ["type", "title", "status", "detail"] {
                assert!(!problem[name].is_null(), "{name}: {problem}");
            }
        }
        stage.settle().await;
        assert_eq!(rows(stage).await, before);
        let right = stage.http(post_order(&key, example().to_string())).await;
        assert_eq!(right.status, StatusCode::CREATED, "nothing is in its way");
        assert_no_half_orders(stage).await;
    }
}
