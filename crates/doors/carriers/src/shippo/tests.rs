use kernel::time::parse_date;
use serde_json::json;
use shipments::incoming::DateRange;

use super::*;
use crate::Service;
use crate::feed::tests::at;

const ATTEMPTED: &str = include_str!("../../tests/payloads/shippo_attempted.json");

fn told(body: &str) -> Told {
    Service::Shippo.read(body.as_bytes(), "shippo:con_1".to_owned(), at("2026-11-24T12:00:00Z")).unwrap()
}

#[test]
fn a_history_is_read_and_its_last_entry_counts_once() {
    let told = told(ATTEMPTED);
    assert_eq!(told.tracking.number, "3318810025");
    assert_eq!(told.tracking.carrier.as_deref(), Some("dhl-express"));
    let day = parse_date("2026-11-22").unwrap();
    assert_eq!(told.tracking.expected, Some(DateRange::new(day, day)));
    let states: Vec<_> = told.tracking.scans.iter().map(|scan| scan.state).collect();
    assert_eq!(states, [State::InfoReceived, State::OutForDelivery, State::FailedAttempt]);
    let last = told.tracking.scans.last().unwrap();
    assert_eq!((last.at, last.place.as_deref()), (at("2026-11-22T13:27:00Z"), Some("München")));
}

#[test]
fn every_status_has_its_meaning_and_a_substatus_counts_beside_its_own_alone() {
    let meaning = |status: &str, code: &str| {
        let status =
            json!({ "status": status, "substatus": { "code": code }, "status_date": "2026-11-22T10:00:00Z" });
        let body = json!({ "data": { "tracking_number": "1", "tracking_history": [status] } });
        let scan = told(&body.to_string()).tracking.scans.remove(0);
        (scan.state, scan.reason)
    };
    for (status, state, reason) in STATUSES {
        assert_eq!(meaning(status, "whatever"), (*state, *reason), "{status}");
    }
    for (word, state, reason) in SUBSTATUSES {
        let (status, code) = word.split_once('/').unwrap();
        assert_eq!(meaning(status, code), (*state, *reason), "{word}");
    }
    assert_eq!(meaning("TRANSIT", "delivered"), (State::InTransit, None));
    assert_eq!(meaning("UNKNOWN", "other"), (State::InfoReceived, None));
}

#[test]
fn a_signature_is_the_one_another_program_makes_and_without_one_the_token_counts() {
    let right = "t=1795361220,v1=49432411c6e60c5bdb4f99ccdc5a8072ece1408aa24e37e4d2d1be3b29aa2b56";
    let body = ATTEMPTED.as_bytes();
    let is_signed = |secret: &str, signature: Option<&str>, token: Option<&str>| {
        Service::Shippo.is_signed(secret, &Signed { signature, token, body })
    };
    assert!(is_signed("hush-hush", Some(right), None));
    assert!(is_signed("hush-hush", None, Some("hush-hush")));
    assert!(!is_signed("hush-hush", None, Some("hush")));
    assert!(!is_signed("hush-hush", Some("t=1,v1=00"), Some("hush-hush")), "a wrong signature is wrong");
    let moved = right.replace("1795361220", "1795361221");
    for wrong in [None, Some(""), Some("v1=00"), Some("t=1795361220"), Some(moved.as_str())] {
        assert!(!is_signed("hush-hush", wrong, None), "{wrong:?}");
    }
}

#[test]
fn what_surrounds_a_history_is_read_and_what_is_none_is_refused() {
    let notice = Service::Shippo.notice(ATTEMPTED.as_bytes()).unwrap();
    assert_eq!((notice.topic.as_str(), notice.event_id), ("track_updated", None));
    assert_eq!(notice.sent_at, Some(at("2026-11-22T13:27:00Z")));
    assert!(Service::Shippo.reads("track_updated") && !Service::Shippo.reads("transaction_created"));
    for body in ["", "{}", r#"{"data":[]}"#, r#"{"data":{"tracking_number":""}}"#] {
        let read = Service::Shippo.read(body.as_bytes(), String::new(), at("2026-11-24T12:00:00Z"));
        assert!(read.is_err(), "{body}");
    }
}
