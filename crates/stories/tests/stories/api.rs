//! `POST /v1/orders`: the documented order goes in and comes back whole; anything wrong is refused by its name, and
//! leaves nothing behind.

use std::time::Duration;

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use kernel::{Channel, Timestamp};
use serde_json::{Value, json};
use stories::stage::{Answer, Stage};
use stories::stories;

use crate::kit::{all_orders, example, post_order, rows, with};

const MINUTE: Duration = Duration::from_secs(60);

async fn post(stage: &Stage, key: &str, order: &Value) -> Answer {
    stage.http(post_order(key, order.to_string())).await
}

async fn get(stage: &Stage, key: &str, id: &str) -> Answer {
    let request =
        Request::get(format!("/v1/orders/{id}")).header(header::AUTHORIZATION, format!("Bearer {key}"));
    stage.http(request.body(Body::empty()).expect("a request")).await
}

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name].as_str().unwrap_or_else(|| panic!("no {name} in {value}"))
}

/// The answer without what the request could not know.
fn said_back(answer: &Answer) -> Value {
    let mut order = answer.json();
    let object = order.as_object_mut().expect("an order");
    for ours in ["id", "customer_id", "url", "fulfilment", "delivered_at", "refunded"] {
        assert!(object.remove(ours).is_some(), "{ours} is not said");
    }
    order
}

/// The example changed after `seconds`.
fn later(seconds: u32) -> Value {
    with(example(), "/updated_at", json!(format!("2026-11-20T10:00:{seconds:02}Z")))
}

stories! {
    async fn the_documented_order_is_stored_told_and_said_back(stage: &Stage) {
        let key = stage.api_key().await;
        let answer = post(stage, &key, &example()).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.body);
        assert_eq!(said_back(&answer), example());
        let order = answer.json();
        assert!(text(&order, "id").starts_with("ord_"));
        let page = stage.get(text(&order, "url")).await;
        assert!(page.status == StatusCode::OK && page.body.contains("First Flush Darjeeling"), "{}", page.body);
        let again = get(stage, &key, text(&order, "id")).await;
        assert_eq!((again.status, said_back(&again)), (StatusCode::OK, example()));
        stage.settle().await;
        assert_eq!(stage.subjects().await, ["We’ve got your order #1042"]);
    }

    async fn an_absent_field_means_the_same_as_null(stage: &Stage) {
        let key = stage.api_key().await;
        let absent = json!({
            "source": "pos", "external_id": "1", "number": "1", "status": "placed", "payment": "paid",
            "placed_at": "2026-11-20T10:00:00Z", "updated_at": "2026-11-20T10:00:00Z", "currency": "JPY",
            "customer": { "email": "guest@example.test" },
            "lines": [{ "external_id": "1", "title": "Tea", "quantity": 1, "unit_price": 500 }],
            "totals": { "subtotal": 500, "total": 500 }
        });
        let mut nulls = with(absent.clone(), "/external_id", json!("2"));
        for name in ["locale", "shipping_address", "expected", "consent", "is_gift", "note", "tags"] {
            nulls[name] = Value::Null;
        }
        for name in ["discount", "shipping", "tax", "tax_included"] {
            nulls["totals"][name] = Value::Null;
        }
        nulls["customer"]["phone"] = Value::Null;
        let first = post(stage, &key, &absent).await;
        let second = post(stage, &key, &nulls).await;
        assert_eq!((first.status, second.status), (StatusCode::CREATED, StatusCode::CREATED), "{}", second.body);
        assert_eq!(with(said_back(&second), "/external_id", json!("1")), said_back(&first));
        assert_eq!(first.json()["totals"]["tax_included"], true);
        for name in ["locale", "shipping_address", "expected", "consent", "note"] {
            assert!(first.json()[name].is_null(), "{name}");
        }
    }

    async fn a_wrong_change_leaves_the_stored_order_as_it_was(stage: &Stage) {
        let key = stage.api_key().await;
        let first = post(stage, &key, &example()).await;
        stage.settle().await;
        let before = rows(stage).await;
        let wrong = with(with(later(5), "/number", json!("#9")), "/lines/0/quantity", json!(-1));
        assert_eq!(post(stage, &key, &wrong).await.status, StatusCode::UNPROCESSABLE_ENTITY);
        stage.pass(MINUTE).await;
        assert_eq!(rows(stage).await, before);
        assert_eq!(get(stage, &key, text(&first.json(), "id")).await.json(), first.json());
    }

    async fn what_cannot_be_read_is_refused_by_its_kind(stage: &Stage) {
        let key = stage.api_key().await;
        let before = rows(stage).await;
        let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
        let invalid_utf8 = example().to_string().replace("Leeds", "Le\u{e9}ds").into_bytes();
        let invalid_utf8: Vec<u8> = invalid_utf8.into_iter().filter(|byte| *byte != 0xC3).collect();
        let bodies = [Vec::new(), b"{".to_vec(), b"{\"source\": \"web\",}".to_vec(), deep.into_bytes(), invalid_utf8];
        for body in bodies {
            let answer = stage.http(post_order(&key, body)).await;
            assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{}", answer.body);
            assert_eq!(answer.json()["status"], 400);
        }
        let too_much = with(example(), "/customer/name", json!(world::hostile::long_text(4 << 20)));
        assert_eq!(post(stage, &key, &too_much).await.status, StatusCode::PAYLOAD_TOO_LARGE);
        for kind in ["text/plain", "application/x-www-form-urlencoded", "application/jsonx"] {
            let mut request = post_order(&key, example().to_string());
            request.headers_mut().insert(header::CONTENT_TYPE, kind.parse().expect("a media type"));
            let answer = stage.http(request).await;
            assert_eq!(answer.status, StatusCode::UNSUPPORTED_MEDIA_TYPE, "{kind}");
            assert_eq!(answer.json()["status"], 415);
        }
        let nowhere = get(stage, &key, "ord_01k9z3v5pq7n4m2x8r6t").await;
        assert_eq!((nowhere.status, nowhere.json()["status"].as_u64()), (StatusCode::NOT_FOUND, Some(404)));
        assert_eq!(get(stage, &key, "nonsense").await.status, StatusCode::NOT_FOUND);
        assert_eq!(rows(stage).await, before);
    }

    async fn only_a_key_with_the_right_scope_writes(stage: &Stage) {
        let writer = stage.api_key().await;
        let made = stage.house.db.write("story.reader", |w| api::create_key(w, "reader", &[api::Scope::OrdersRead]));
        let reader = made.await.expect("a key is made");
        let before = rows(stage).await;
        let last = if writer.ends_with('0') { '1' } else { '0' };
        let other = format!("{}{last}", &writer[..writer.len() - 1]);
        let other = format!("Bearer {other}");
        for authorization in ["", "Bearer ", "Bearer ak_nobody", "Basic YTpi", &writer, &other] {
            let mut request = post_order(&writer, example().to_string());
            request.headers_mut().insert(header::AUTHORIZATION, authorization.parse().expect("a header"));
            let answer = stage.http(request).await;
            assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{authorization}");
            assert!(answer.header(header::WWW_AUTHENTICATE).starts_with("Bearer"), "{authorization}");
            assert_eq!(answer.json()["status"], 401);
        }
        let mut keyless = post_order(&writer, example().to_string());
        keyless.headers_mut().remove(header::AUTHORIZATION);
        assert_eq!(stage.http(keyless).await.status, StatusCode::UNAUTHORIZED);
        let refused = post(stage, &reader, &example()).await;
        assert_eq!((refused.status, refused.json()["status"].as_u64()), (StatusCode::FORBIDDEN, Some(403)));
        assert_eq!(rows(stage).await, before);
        let made = post(stage, &writer, &example()).await;
        assert_eq!(get(stage, &reader, text(&made.json(), "id")).await.status, StatusCode::OK);
    }

    async fn a_repeated_request_is_done_once(stage: &Stage) {
        let key = stage.api_key().await;
        let asked = |order: &Value| {
            let mut request = post_order(&key, order.to_string());
            request.headers_mut().insert("idempotency-key", "k-1".parse().expect("a header"));
            stage.http(request)
        };
        let wrong = asked(&with(example(), "/currency", json!("DOGE"))).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        let order = example();
        let (first, second) = tokio::join!(asked(&order), asked(&order));
        assert_eq!((first.status, second.status), (StatusCode::CREATED, StatusCode::CREATED));
        assert_eq!(first.json(), second.json());
        let replayed = |answer: &Answer| answer.headers.get("idempotent-replayed").is_some_and(|said| said == "true");
        assert!(replayed(&first) != replayed(&second), "one of them was the repeat");
        let other = asked(&later(1)).await;
        assert_eq!(other.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(other.json()["code"], "idempotency_mismatch");
        stage.pass(MINUTE).await;
        assert_eq!((all_orders(stage).await.len(), stage.mails().await.len()), (1, 1));
    }

    async fn the_same_order_five_times_at_once_is_one(stage: &Stage) {
        let key = stage.api_key().await;
        let order = example();
        let post = || post(stage, &key, &order);
        let answers = tokio::join!(post(), post(), post(), post(), post());
        let statuses = [answers.0, answers.1, answers.2, answers.3, answers.4].map(|answer| answer.status);
        assert_eq!(statuses.iter().filter(|status| **status == StatusCode::CREATED).count(), 1, "{statuses:?}");
        assert_eq!(statuses.iter().filter(|status| **status == StatusCode::OK).count(), 4, "{statuses:?}");
        stage.pass(MINUTE).await;
        assert_eq!((all_orders(stage).await.len(), stage.mails().await.len()), (1, 1));
    }

    async fn a_stale_version_changes_nothing(stage: &Stage) {
        let key = stage.api_key().await;
        let newest = with(later(30), "/note", json!("Leave it with the neighbour."));
        let first = post(stage, &key, &newest).await;
        stage.settle().await;
        let before = rows(stage).await;
        let stale = post(stage, &key, &with(later(10), "/number", json!("#9"))).await;
        assert_eq!((stale.status, stale.json()), (StatusCode::OK, first.json()));
        stage.pass(MINUTE).await;
        assert_eq!(rows(stage).await, before);
    }

    async fn an_order_cancelled_by_the_api_is_told_with_its_money(stage: &Stage) {
        let key = stage.api_key().await;
        post(stage, &key, &example()).await;
        stage.pass(MINUTE).await;
        let gone = with(with(later(50), "/status", json!("cancelled")), "/payment", json!("refunded"));
        let answer = post(stage, &key, &gone).await;
        assert_eq!((answer.status, said_back(&answer)), (StatusCode::OK, gone));
        assert_eq!((&answer.json()["refunded"], &answer.json()["fulfilment"]), (&json!(2795), &json!("unfulfilled")));
        stage.settle().await;
        let mails = stage.mails().await;
        assert_eq!(mails[1].subject, "Your order #1042 is cancelled");
        assert!(mails[1].text.contains("We’ve sent £27.95 back"), "{}", mails[1].text);
    }

    async fn an_order_to_be_paid_later_waits_for_its_payment(stage: &Stage) {
        let key = stage.api_key().await;
        let pending = with(example(), "/payment", json!("pending"));
        post(stage, &key, &pending).await;
        stage.settle().await;
        assert!(stage.mails().await.is_empty());
        stage.pass(MINUTE).await;
        post(stage, &key, &later(40)).await;
        stage.pass(MINUTE).await;
        let expected = ["Your order #1042: waiting for your payment", "Payment received for order #1042"];
        assert_eq!(stage.subjects().await, expected);
    }

    async fn consent_is_kept_with_its_words_and_its_time(stage: &Stage) {
        let key = stage.api_key().await;
        post(stage, &key, &example()).await;
        let no = with(later(9), "/consent/marketing_email", json!(false));
        let no = with(no, "/consent/at", json!("2026-11-20T10:00:09Z"));
        let no = with(with(no, "/consent/marketing_sms", Value::Null), "/consent/wording", json!("No more news"));
        post(stage, &key, &no).await;
        let customer = all_orders(stage).await[0].customer.clone();
        let person = stage.house.db.read("story.person", move |r| customers::person(r, &customer)).await;
        let consents = person.expect("a person").consents;
        let said = |channel| consents.iter().find(|consent| consent.consent.channel == channel).expect("an answer").consent.clone();
        let at = |text: &str| Timestamp::parse(text).expect("an instant");
        let (email, sms) = (said(Channel::Email), said(Channel::Sms));
        assert_eq!((email.granted, email.wording.as_deref()), (false, Some("No more news")));
        assert_eq!(email.said_at, at("2026-11-20T10:00:09Z"));
        assert_eq!((sms.granted, sms.wording.as_deref()), (false, Some("Tick to get our news")));
        assert_eq!(sms.said_at, at("2026-11-20T09:59:58Z"));
    }

    async fn the_document_is_served_and_every_answer_has_a_name(stage: &Stage) {
        let document = stage.get("/v1/openapi.json").await;
        assert_eq!(document.json()["openapi"], "3.1.0");
        for path in ["/v1/orders", "/v1/orders/{id}"] {
            assert!(document.json()["paths"][path].is_object(), "{path}");
        }
        let refused = stage.http(post_order("ak_nobody", "{}")).await;
        let mut names = vec![refused.json()["request_id"].as_str().expect("a name").to_owned()];
        assert_eq!(refused.headers["request-id"], names[0].as_str());
        for path in ["/v1/openapi.json", "/v1/nothing", "/o/nothing"] {
            let name = stage.get(path).await.headers["request-id"].to_str().expect("a name").to_owned();
            assert!(name.starts_with("req_") && !names.contains(&name), "{path}: {name}");
            names.push(name);
        }
    }
}
