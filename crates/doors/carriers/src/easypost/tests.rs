use kernel::time::parse_date;
use serde_json::json;
use shipments::incoming::DateRange;

use super::*;
use crate::Service;
use crate::feed::tests::at;

const DELIVERED: &str = include_str!("../../tests/payloads/easypost_delivered.json");

fn told(body: &str) -> Told {
    Service::Easypost.read(body.as_bytes(), "easypost:con_1".to_owned(), at("2026-11-24T12:00:00Z")).unwrap()
}

#[test]
fn a_tracker_is_read_with_all_its_details() {
    let told = told(DELIVERED);
    assert_eq!(told.tracking.number, "9400111202555842332669");
    assert_eq!(told.tracking.carrier.as_deref(), Some("usps"));
    let day = parse_date("2026-11-22").unwrap();
    assert_eq!(told.tracking.expected, Some(DateRange::new(day, day)));
    let scans: Vec<_> = told.tracking.scans.iter().map(|scan| (scan.state, scan.reason)).collect();
    assert_eq!(
        scans,
        [
            (State::InfoReceived, None),
            (State::InTransit, Some(Reason::Weather)),
            (State::OutForDelivery, None),
            (State::Delivered, None),
        ]
    );
    let last = told.tracking.scans.last().unwrap();
    assert_eq!(last.at, at("2026-11-22T19:30:00Z"));
    assert_eq!(last.place.as_deref(), Some("DENVER, CO"));
    assert_eq!(last.words.as_deref(), Some("Delivered, front door"));
}

#[test]
fn every_status_has_its_meaning_and_an_unknown_one_changes_no_state() {
    let meaning = |status: &str, detail: &str| {
        let detail = json!({ "datetime": "2026-11-22T10:00:00Z", "status": status, "status_detail": detail });
        let body = json!({ "result": { "tracking_code": "1", "tracking_details": [detail] } });
        let scan = told(&body.to_string()).tracking.scans.remove(0);
        (scan.state, scan.reason)
    };
    for (status, state, reason) in STATUSES {
        assert_eq!(meaning(status, ""), (*state, *reason), "{status}");
    }
    for (detail, reason) in DETAILS {
        assert_eq!(meaning("failure", detail), (State::Exception, Some(*reason)), "{detail}");
    }
    assert_eq!(meaning("unknown", "lost"), (State::InfoReceived, None));
}

#[test]
fn a_signature_is_the_one_another_program_makes() {
    let right = "hmac-sha256-hex=244005e6ef898cc8950f576dd368e8486e43953dfd7bea1d70441e0fe9772118";
    let is_signed = |secret: &str, signature: Option<&str>| {
        Service::Easypost.is_signed(secret, &Signed { signature, token: None, body: DELIVERED.as_bytes() })
    };
    assert!(is_signed("hush-hush", Some(right)));
    assert!(is_signed(
        "hush-hush",
        Some(&right.to_uppercase().replace("HMAC-SHA256-HEX", "hmac-sha256-hex"))
    ));
    assert!(!is_signed("hush", Some(right)));
    for wrong in [None, Some(""), Some("hmac-sha256-hex="), Some(&right[16..])] {
        assert!(!is_signed("hush-hush", wrong), "{wrong:?}");
    }
    // Made with the decomposed form of the secret, as EasyPost's own libraries do.
    let decomposed = "hmac-sha256-hex=5b6f17d3c298f95fe27d318687a5d7e9187b7c90b43caa064ea100a365b314d2";
    assert!(is_signed("Schlüssel №1", Some(decomposed)));
}

#[test]
fn what_surrounds_a_tracker_is_read_and_what_is_none_is_refused() {
    let notice = Service::Easypost.notice(DELIVERED.as_bytes()).unwrap();
    assert_eq!(
        (notice.topic.as_str(), notice.event_id.as_deref()),
        ("tracker.updated", Some("evt_5b0c7c3a1f"))
    );
    assert_eq!(notice.sent_at, Some(at("2026-11-22T19:31:00Z")));
    assert!(Service::Easypost.reads("tracker.created") && !Service::Easypost.reads("batch.updated"));
    for body in ["", "{}", r#"{"result":7}"#, r#"{"result":{"tracking_code":null}}"#] {
        let read = Service::Easypost.read(body.as_bytes(), String::new(), at("2026-11-24T12:00:00Z"));
        assert!(read.is_err(), "{body}");
    }
}
