//! Two parcels of an order from leaving to arriving, told with a text wherever somebody could write one: by
//! `POST /v1/shipments`, and by the webhook of a service that follows parcels.

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use carriers::Service;
use kernel::keys;
use platforms::{NewConnection, Platform};
use serde_json::{Value, json};

use crate::stage::{Answer, Stage};

const SECRET: &str = "what the service signs with";
/// What happens to them, in order: to the first by the API, to the second by the service.
pub const STEPS: [(&str, Option<&str>, &str); 5] = [
    ("in_transit", None, "InTransit"),
    ("available_for_pickup", None, "OutForDelivery"),
    ("available_for_pickup", None, "AttemptFail"),
    ("exception", Some("customs"), "Exception"),
    ("delivered", Some("neighbour"), "Delivered"),
];
/// Every text of a parcel by the API that somebody reads in the end. What stands before it keeps it from being refused.
const FIELDS: [(&str, &str); 8] = [
    ("/carrier", ""),
    ("/tracking_number", ""),
    ("/tracking_url", "https://van.example/"),
    ("/pickup/name", ""),
    ("/pickup/address", ""),
    ("/pickup/hours", ""),
    ("/scans/0/words", ""),
    ("/scans/0/place", ""),
];

/// The two doors that parcels come through.
pub struct Doors {
    key: String,
    tracker: String,
}

/// Whose parcels they are, and what they are called.
#[derive(Clone, Copy, Debug)]
pub struct Parcels<'a> {
    /// The order, as its source `web` calls it. It has a line `l1` of two pieces.
    pub order: &'a str,
    /// A number of their own, for identifiers.
    pub number: usize,
    /// What stands wherever somebody could write something; `None` for calm words.
    pub text: Option<&'a str>,
}

impl Doors {
    /// A key to the API, and a service that is connected.
    pub async fn opened(stage: &Stage) -> Doors {
        let new = NewConnection {
            platform: Platform::Tracker(Service::Aftership),
            name: "Parcels".to_owned(),
            secret: Some(SECRET.to_owned()),
            api_url: None,
            api_key: None,
        };
        let made = stage.house.db.write("story.connect", move |w| platforms::connect(w, &new)).await;
        let tracker = made.expect("a service is connected").webhook_path;
        Doors { key: stage.api_key().await, tracker }
    }

    /// Tells what happens to the two of them at one of the [`STEPS`]; at the first, that there are two. Their identifiers.
    pub async fn step(&self, stage: &Stage, parcels: Parcels<'_>, at: usize) -> [String; 2] {
        let (van, mail) = (format!("{}-van", parcels.number), format!("{}-mail", parcels.number));
        let (state, reason, tag) = STEPS[at];
        let calm = by_van(stage, &van, parcels.order, state, reason);
        let van = self.shipment(stage, &poured(&calm, parcels.text), &calm).await;
        let tracked = json!({ "source": "web", "external_id": mail, "order": parcels.order,
            "updated_at": stage.now().to_string(), "carrier": "Royal Mail",
            "tracking_number": number_of(parcels.number), "lines": [{ "line": "l1", "quantity": 1 }] });
        let mail = self.shipment(stage, &tracked, &tracked).await;
        self.tracked(stage, parcels, at, tag).await;
        [van, mail]
    }

    /// What is refused is told calmly: the API says which fields.
    async fn shipment(&self, stage: &Stage, told: &Value, calm: &Value) -> String {
        let mut told = told.clone();
        for _ in 0..3 {
            let answer = self.post(stage, &told).await;
            if answer.status == StatusCode::OK {
                return answer.json()["id"].as_str().unwrap_or_default().to_owned();
            }
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", answer.body);
            for fault in answer.json()["errors"].as_array().into_iter().flatten() {
                let field = fault["pointer"].as_str().unwrap_or_default();
                set(&mut told, field, calm.pointer(field).cloned().unwrap_or(Value::Null));
            }
        }
        panic!("refused three times: {told}");
    }

    async fn post(&self, stage: &Stage, told: &Value) -> Answer {
        let request = Request::post("/v1/shipments")
            .header(header::AUTHORIZATION, format!("Bearer {}", self.key))
            .header(header::CONTENT_TYPE, "application/json");
        let answer = stage.http(request.body(Body::from(told.to_string())).expect("a request")).await;
        stage.settle().await;
        answer
    }

    async fn tracked(&self, stage: &Stage, parcels: Parcels<'_>, at: usize, tag: &str) {
        let body = event(stage, parcels, at, tag).to_string();
        let signed = BASE64_STANDARD.encode(keys::hmac_sha256(SECRET.as_bytes(), body.as_bytes()));
        let request = Request::post(&self.tracker)
            .header(header::CONTENT_TYPE, "application/json")
            .header(Service::Aftership.signature_header(), signed);
        let answer = stage.http(request.body(Body::from(body)).expect("a request")).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
        stage.settle().await;
    }
}

fn by_van(stage: &Stage, id: &str, order: &str, state: &str, reason: Option<&str>) -> Value {
    let now = stage.now().to_string();
    json!({ "source": "web", "external_id": id, "order": order, "updated_at": now, "carrier": "Our own van",
        "tracking_number": "VAN 17", "tracking_url": "https://van.example/17",
        "lines": [{ "line": "l1", "quantity": 1 }],
        "pickup": { "name": "Corner shop", "address": "3 Elm Row", "hours": "Mo–Fr 9–18" },
        "scans": [{ "at": now, "state": state, "reason": reason, "words": "On its way", "place": "Leeds" }] })
}

fn poured(calm: &Value, text: Option<&str>) -> Value {
    let mut told = calm.clone();
    for (field, start) in FIELDS {
        if let Some(text) = text {
            set(&mut told, field, json!(format!("{start}{text}")));
        }
    }
    told
}

fn set(value: &mut Value, pointer: &str, to: Value) {
    if let Some(place) = value.pointer_mut(pointer) {
        *place = to;
    }
}

/// A number that its carrier could have given.
fn number_of(number: usize) -> String {
    format!("CD{number:09}GB")
}

fn event(stage: &Stage, parcels: Parcels<'_>, at: usize, tag: &str) -> Value {
    let (now, number) = (stage.now(), number_of(parcels.number));
    let said = |calm: &str| parcels.text.unwrap_or(calm).to_owned();
    json!({ "event": "tracking_update", "event_id": format!("{number}-{at}"), "ts": now.ms() / 1_000, "msg": {
        "tracking_number": number, "slug": said("royal-mail"), "title": said("Parcel"), "tag": tag,
        "subtag_message": said("Seen"), "updated_at": now.to_string(), "checkpoints": [{
            "checkpoint_time": now.to_string(), "created_at": now.to_string(), "tag": tag,
            "location": said("Warrington"), "city": said("Warrington"), "message": said("Seen at the depot"),
        }],
    } })
}
