use std::collections::BTreeSet;

use kernel::time::parse_date;
use serde_json::{Value, json};
use shipments::incoming::MAX_SCANS;

use super::*;
use crate::Service;
use crate::feed::tests::at;

const IN_TRANSIT: &str = include_str!("../../tests/payloads/aftership_in_transit.json");
const OUT_FOR_DELIVERY: &str = include_str!("../../tests/payloads/aftership_out_for_delivery.json");
const DELIVERED: &str = include_str!("../../tests/payloads/aftership_delivered.json");
const RETURNING: &str = include_str!("../../tests/payloads/aftership_returning.json");
const RANGE: &str = include_str!("../../tests/payloads/aftership_range.json");

fn now() -> Timestamp {
    at("2026-11-24T12:00:00Z")
}

fn told(body: &str) -> Told {
    Service::Aftership.read(body.as_bytes(), "aftership:con_1".to_owned(), now()).unwrap()
}

fn meanings(told: &Told) -> Vec<Meaning> {
    told.tracking.scans.iter().map(|scan| (scan.state, scan.reason)).collect()
}

/// A tracking with one checkpoint, each with these fields over the usual ones.
fn tracking(msg: Value, checkpoint: Value) -> Told {
    let over = |mut under: Value, over: Value| {
        for (key, value) in over.as_object().unwrap() {
            under[key] = value.clone();
        }
        under
    };
    let usual = json!({
        "slug": "ups", "created_at": "2026-11-22T10:00:00+00:00", "checkpoint_time": "2026-11-22T09:00:00",
        "country_region": "GBR", "city": "Leeds", "message": "Scanned", "tag": "InTransit",
    });
    let checkpoints = if checkpoint.is_null() { json!([]) } else { json!([over(usual, checkpoint)]) };
    let usual = json!({
        "tracking_number": "1Z999AA10123456784", "slug": "ups", "tag": "InTransit",
        "updated_at": "2026-11-22T10:00:00+00:00", "checkpoints": checkpoints,
    });
    told(&json!({ "event": "tracking_update", "event_id": "e1", "msg": over(usual, msg) }).to_string())
}

#[test]
fn a_delivery_is_read_with_all_its_checkpoints() {
    let told = told(DELIVERED);
    assert_eq!(told.tracking.source, "aftership:con_1");
    assert_eq!(told.tracking.carrier.as_deref(), Some("royal-mail"));
    assert_eq!(told.tracking.number, "RR123456785GB");
    let day = parse_date("2026-11-22").unwrap();
    assert_eq!(told.tracking.expected, Some(DateRange::new(day, day)));
    assert_eq!(
        meanings(&told),
        [
            (State::InfoReceived, None),
            (State::InTransit, None),
            (State::OutForDelivery, None),
            (State::Delivered, Some(Reason::Signed)),
        ]
    );
    let last = told.tracking.scans.last().unwrap();
    assert_eq!(last.at, at("2026-11-22T13:27:00Z"));
    assert_eq!(last.words.as_deref(), Some("Delivered and signed for"));
    assert_eq!(last.place.as_deref(), Some("Bristol"));
    assert_eq!(told.order, OrderHint { id: Some("6001".to_owned()), number: Some("1001".to_owned()) });
}

#[test]
fn the_same_checkpoint_is_the_same_scan_each_time_it_is_told() {
    let keys = |body| told(body).tracking.scans.into_iter().map(|scan| scan.key).collect::<Vec<_>>();
    let (first, second, third) = (keys(IN_TRANSIT), keys(OUT_FOR_DELIVERY), keys(DELIVERED));
    assert_eq!((first.len(), second.len(), third.len()), (2, 3, 4));
    assert_eq!(first[..], second[..2]);
    assert_eq!(second[..], third[..3]);
    assert_eq!(BTreeSet::from_iter(&third).len(), 4);
    assert!(third.iter().all(|key| key.len() == 32));
}

#[test]
fn a_subtag_that_was_thought_over_is_still_the_same_scan() {
    let key = |subtag| tracking(json!({}), json!({ "subtag": subtag })).tracking.scans[0].key.clone();
    assert_eq!(key("InTransit_001"), key("InTransit_003"));
    let other = tracking(json!({}), json!({ "message": "Something else" })).tracking.scans[0].key.clone();
    assert_ne!(key("InTransit_001"), other);
}

#[test]
fn a_parcel_on_its_way_back_is_not_back_yet_while_its_message_says_so() {
    let told = told(RETURNING);
    let last = meanings(&told)[3..].to_vec();
    assert_eq!(
        last,
        [(State::Exception, Some(Reason::Address)), (State::Exception, Some(Reason::Returning))]
    );
    let back =
        json!({ "tag": "Exception", "subtag": "Exception_011", "subtag_message": "Returned to sender" });
    assert_eq!(meanings(&tracking(back.clone(), back)), [(State::Returned, None)]);
}

#[test]
fn delivered_to_the_sender_is_not_delivered() {
    let back = json!({ "tag": "Exception", "subtag": "Exception_010" });
    let told = tracking(json!({ "tag": "Delivered", "subtag": "Delivered_001" }), back);
    assert_eq!(meanings(&told), [(State::Exception, Some(Reason::Returning)), (State::Returned, None)]);
}

#[test]
fn every_documented_subtag_has_its_meaning_and_begins_with_its_tag() {
    for (subtag, state, reason) in SUBTAGS {
        let tag = subtag.split_once('_').unwrap().0;
        assert!(TAGS.iter().any(|(known, _, _)| *known == tag), "{subtag}");
        let told = tracking(json!({ "tag": tag, "subtag": subtag }), json!({ "tag": tag, "subtag": subtag }));
        assert_eq!(meanings(&told), [(*state, *reason)], "{subtag}");
    }
}

#[test]
fn a_new_subtag_counts_as_its_tag_and_a_new_tag_changes_no_state() {
    for (checkpoint, expected) in [
        (json!({ "tag": "Delivered", "subtag": "Delivered_099" }), (State::Delivered, None)),
        (json!({ "tag": null, "subtag": "AttemptFail_099" }), (State::FailedAttempt, None)),
        (json!({ "tag": "Expired", "subtag": null }), (State::Exception, Some(Reason::NoNews))),
        (json!({ "tag": "Teleported", "subtag": "Teleported_001" }), (State::InfoReceived, None)),
        (json!({ "tag": 7, "subtag": [] }), (State::InfoReceived, None)),
    ] {
        let msg = json!({ "tag": checkpoint["tag"], "subtag": checkpoint["subtag"] });
        let told = tracking(msg, checkpoint.clone());
        assert_eq!(meanings(&told), [expected], "{checkpoint}");
        assert_eq!(told.tracking.scans[0].words.as_deref(), Some("Scanned"), "the words are kept");
    }
}

#[test]
fn what_the_whole_tracking_says_beyond_its_last_checkpoint_is_a_scan_of_its_own() {
    let expired = |updated: &str| {
        tracking(json!({ "tag": "Expired", "subtag": "Expired_001", "updated_at": updated }), json!({}))
    };
    let told = expired("2026-11-23T10:00:00+00:00");
    assert_eq!(meanings(&told), [(State::InTransit, None), (State::Exception, Some(Reason::NoNews))]);
    assert_eq!(told.tracking.scans[1].at, at("2026-11-23T10:00:00Z"));
    let again = expired("2026-11-23T11:00:00+00:00");
    assert_eq!(told.tracking.scans[1].key, again.tracking.scans[1].key, "told again it is the same");

    let lost = json!({ "tag": "Exception", "subtag": "Exception_013" });
    let told = tracking(lost, json!({ "tag": "Exception", "subtag": "Exception_005" }));
    assert_eq!(meanings(&told).last(), Some(&(State::Exception, Some(Reason::Lost))), "set by hand");

    assert!(meanings(&tracking(json!({ "tag": "Pending" }), Value::Null)).is_empty(), "nothing is known yet");
    let only = tracking(json!({ "tag": "InfoReceived" }), Value::Null);
    assert_eq!(meanings(&only), [(State::InfoReceived, None)]);
}

#[test]
fn a_time_without_a_zone_is_that_of_the_capital_and_never_after_it_was_written_down() {
    for (country, time, noted, expected) in [
        ("AUT", "2026-11-22T09:00:00", "2026-11-22T10:00:00+00:00", "2026-11-22T08:00:00Z"),
        ("AT", "2026-11-22T09:00:00", "2026-11-22T10:00:00+00:00", "2026-11-22T08:00:00Z"),
        ("ZZZ", "2026-11-22T09:00:00", "2026-11-22T10:00:00+00:00", "2026-11-22T09:00:00Z"),
        // In New York it would be after it was written down.
        ("USA", "2026-11-22T09:00:00", "2026-11-22T10:00:00+00:00", "2026-11-22T10:00:00Z"),
        ("USA", "2026-11-22T09:00:00-05:00", "2026-11-22T15:00:00+00:00", "2026-11-22T14:00:00Z"),
        // A day alone is its end, or when it was written down.
        ("GBR", "2026-11-21", "2026-11-22T10:00:00+00:00", "2026-11-21T23:59:59Z"),
        ("GBR", "2026-11-22", "2026-11-22T10:00:00+00:00", "2026-11-22T10:00:00Z"),
        ("GBR", "soon", "2026-11-22T10:00:00+00:00", "2026-11-22T10:00:00Z"),
        // Without anything beside it, now is the latest.
        ("GBR", "2027-11-22T09:00:00", "", "2026-11-24T12:00:00Z"),
    ] {
        let told = tracking(
            json!({}),
            json!({ "country_region": country, "checkpoint_time": time, "created_at": noted }),
        );
        assert_eq!(told.tracking.scans[0].at, at(expected), "{country} {time} {noted}");
    }
    let timeless = tracking(json!({}), json!({ "checkpoint_time": null, "created_at": null }));
    assert_eq!(timeless.tracking.scans.len(), 1, "the whole tracking still says where it is");
    assert_eq!(timeless.tracking.scans[0].at, at("2026-11-22T10:00:00Z"));
}

#[test]
fn expected_days_are_one_or_several_and_those_of_version_four_are_read() {
    let range = |from: &str, to: &str| {
        Some(DateRange { from: parse_date(from).unwrap(), to: parse_date(to).unwrap() })
    };
    assert_eq!(told(RANGE).tracking.expected, range("2026-11-23", "2026-11-25"));
    assert_eq!(told(RANGE).tracking.carrier.as_deref(), Some("dhl-paket"));
    assert_eq!(told(RANGE).order, OrderHint::default());
    assert_eq!(told(RETURNING).tracking.expected, None);
    let old = tracking(json!({ "expected_delivery": "2026-11-26" }), json!({}));
    assert_eq!(old.tracking.expected, range("2026-11-26", "2026-11-26"));
    let turned = json!({ "type": "range", "datetime_min": "2026-11-27", "datetime_max": "2026-11-26" });
    let turned = tracking(json!({ "latest_estimated_delivery": turned }), json!({}));
    assert_eq!(turned.tracking.expected, range("2026-11-26", "2026-11-27"));
    let none = json!({ "latest_estimated_delivery": { "datetime": "soon" } });
    assert_eq!(tracking(none, json!({})).tracking.expected, None);
}

#[test]
fn a_slug_that_we_do_not_know_is_no_carrier_and_an_order_may_be_a_number() {
    let told =
        tracking(json!({ "slug": "pigeon-post", "order_id": 6001, "order_number": "#1001" }), json!({}));
    assert_eq!(told.tracking.carrier, None);
    assert_eq!(told.order, OrderHint { id: Some("6001".to_owned()), number: Some("#1001".to_owned()) });
}

#[test]
fn hostile_texts_are_bounded_and_without_what_would_turn_a_page_around() {
    let told = tracking(
        json!({ "order_id": "x".repeat(1_000) }),
        json!({ "message": format!("a\u{0}\u{202E}{}", "b".repeat(2_000)), "location": "Leeds\r\n\u{2066}" }),
    );
    let scan = &told.tracking.scans[0];
    assert_eq!(scan.words.as_ref().unwrap().chars().count(), 500);
    assert!(!scan.words.as_ref().unwrap().contains(['\u{0}', '\u{202E}']));
    assert_eq!(scan.place.as_deref(), Some("Leeds"));
    assert_eq!(told.order.id.unwrap().chars().count(), 200);
}

#[test]
fn of_a_thousand_checkpoints_the_newest_are_taken() {
    let checkpoint = |index: u64| {
        let at = at("2026-11-01T00:00:00Z") + std::time::Duration::from_secs(600 * index);
        json!({ "checkpoint_time": at.to_string(), "message": index.to_string(), "tag": "InTransit" })
    };
    let all: Vec<Value> = (0..1_000).map(checkpoint).collect();
    let told = tracking(json!({ "checkpoints": all }), json!({}));
    assert_eq!(told.tracking.scans.len(), MAX_SCANS);
    assert_eq!(told.tracking.scans.last().unwrap().words.as_deref(), Some("999"));
}

#[test]
fn what_is_no_tracking_is_refused_for_good_and_quotes_nothing() {
    let number = "RR123456785GB, Amina Khan";
    for (body, kind) in [
        ("", Kind::Unreadable),
        ("[]", Kind::Unreadable),
        ("{", Kind::Unreadable),
        ("{}", Kind::Unreadable),
        (r#"{"msg":[]}"#, Kind::Unreadable),
        (r#"{"msg":{}}"#, Kind::Invalid),
        (r#"{"msg":{"tracking_number":"a\u0000b"}}"#, Kind::Invalid),
        (&format!(r#"{{"msg":{{"tracking_number":"{}"}}}}"#, number.repeat(9)), Kind::Invalid),
    ] {
        let error =
            Service::Aftership.read(body.as_bytes(), "aftership:con_1".to_owned(), now()).unwrap_err();
        assert_eq!(error.kind(), kind, "{body}");
        assert!(!format!("{error:?}").contains("Amina"), "{error:?}");
    }
}

#[test]
fn a_signature_is_the_one_another_program_makes() {
    let body = DELIVERED.as_bytes();
    let right = "lfv/IgucI+FriTDi3VHLBFc9ze8rjzinvIY9Lse+q88=";
    let is_signed = |secret, signature, body| {
        Service::Aftership.is_signed(secret, &Signed { signature, token: None, body })
    };
    assert!(is_signed("hush-hush", Some(right), body));
    assert!(!is_signed("hush-hush!", Some(right), body));
    assert!(!is_signed("hush-hush", Some(right), IN_TRANSIT.as_bytes()));
    for wrong in [None, Some(""), Some("?"), Some("lfv/IgucI+FriTDi3VHLBFc9ze8rjzinvIY9Lse+q8==")] {
        assert!(!is_signed("hush-hush", wrong, body), "{wrong:?}");
    }
}

#[test]
fn what_surrounds_a_tracking_is_read() {
    let notice = Service::Aftership.notice(RANGE.as_bytes()).unwrap();
    assert_eq!(notice.topic, "edd_revise");
    assert_eq!(notice.event_id.as_deref(), Some("0b1f6a2e-6f0f-4a8e-9a53-5f2f6c1d0005"));
    assert_eq!(notice.sent_at, Some(Timestamp::from_ms(1_795_218_000_000)));
    assert!(Service::Aftership.reads("tracking_update") && Service::Aftership.reads("edd_revise"));
    assert!(!Service::Aftership.reads("tracking_pending_time"));
    for body in ["", "{}", "[]", r#"{"event":""}"#, r#"{"event":{}}"#, "not json"] {
        assert!(Service::Aftership.notice(body.as_bytes()).is_err(), "{body}");
    }
    let vast = Service::Aftership.notice(br#"{"event":"tracking_update","ts":9223372036854775807}"#).unwrap();
    assert_eq!((vast.sent_at, vast.event_id), (None, None));
}
