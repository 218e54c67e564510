//! The carrier: tells where parcels are, late, twice and in any order, sometimes too early that one is there, and sometimes
//! nothing at all.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::body::Body;
use axum::http::{Request, header};
use kernel::Dice;
use kernel::parcel::State;
use serde_json::{Value, json};
use shipments::incoming::{DateRange, IncomingScan, IncomingShipment};

use super::Credentials;
use super::agenda::Action;
use super::http::{Heard, ask};
use super::scene::Scene;
use super::shop::Door;
use crate::calendar::shop_zone;
use crate::shopping::{Moment, Told};
use crate::throws::chance;

/// A day.
const DAY: Duration = Duration::from_secs(86_400);

/// A version of a shipment, as it is told, with everything that was told before.
pub(crate) struct Telling {
    pub(crate) shipment: IncomingShipment,
    /// The carrier tells it by itself; a shop on Vendure tells it with its order.
    pub(crate) door: Door,
    pub(crate) body: Value,
    /// Whether whoever tells it has heard a 2xx for it.
    pub(crate) acknowledged: Arc<AtomicBool>,
}

/// Everything that is ever told of parcels, in the order of its times.
pub(crate) struct Carrier {
    pub(crate) tellings: Vec<Telling>,
}

impl Carrier {
    /// Parcels are told by the door that their order comes by. Of the orders of Vendure every other one tells none: each
    /// telling is a whole order, and lives are to be many.
    pub(crate) fn of(moments: &[Moment], dice: &mut Dice) -> Self {
        let mut tellings = Vec::new();
        let mut silent: Option<String> = None;
        for moment in moments {
            let Told::Shipment(told) = &moment.told else { continue };
            let number: u64 = told.order.external_id.parse().unwrap_or_default();
            if number % 4 == 3 || silent.as_ref() == Some(&told.external_id) {
                continue;
            }
            if chance(dice, 4) {
                // From now on nothing is heard of it.
                silent = Some(told.external_id.clone());
                continue;
            }
            let mut shipment = (**told).clone();
            if number.is_multiple_of(10) {
                say_too_early(&mut shipment);
            }
            if number % 6 == 2 {
                put_off(&mut shipment);
            }
            let (door, body) = (Door::of(number), body(&shipment));
            tellings.push(Telling { shipment, door, body, acknowledged: Arc::default() });
        }
        Carrier { tellings }
    }

    /// Writes down when each telling comes.
    pub(crate) fn plan(&self, scene: &Scene) {
        let own = |telling: &Telling| telling.door == Door::Api;
        for (which, telling) in self.tellings.iter().enumerate().filter(|(_, telling)| own(telling)) {
            let most = if scene.chance(25) { 40_000 } else { 20 };
            for _ in 0..=u64::from(scene.chance(20)) {
                let at = telling.shipment.updated_at + scene.span(0, most);
                scene.agenda.add(at, Action::Track { telling: which, attempt: 0 });
            }
        }
    }
}

/// Each time it was scanned once more, it comes a day later.
fn put_off(shipment: &mut IncomingShipment) {
    let scans = u32::try_from(shipment.scans.len()).unwrap_or_default();
    let day = (shipment.shipped_at + DAY.saturating_mul(1 + scans)).date_in(&shop_zone());
    shipment.expected = Some(DateRange { from: day, to: day });
}

/// It was said to be there before it was on the van.
fn say_too_early(shipment: &mut IncomingShipment) {
    let van = shipment.scans.iter().find(|scan| scan.state == State::OutForDelivery).map(|scan| scan.at);
    let Some(van) = van else { return };
    let at = van - Duration::from_secs(1_800);
    let key = "too early".to_owned();
    shipment.scans.push(IncomingScan {
        key,
        at,
        state: State::Delivered,
        reason: None,
        words: None,
        place: None,
    });
}

fn body(shipment: &IncomingShipment) -> Value {
    let scan = |scan: &IncomingScan| {
        json!({ "key": scan.key, "at": scan.at.to_string(), "state": scan.state.as_str(),
            "reason": scan.reason.map(kernel::parcel::Reason::as_str), "words": scan.words, "place": scan.place })
    };
    let lines = shipment.lines.iter().map(|line| json!({ "line": line.line, "quantity": line.quantity }));
    json!({
        "source": shipment.source,
        "external_id": shipment.external_id,
        "order": shipment.order.external_id,
        "updated_at": shipment.updated_at.to_string(),
        "shipped_at": shipment.shipped_at.to_string(),
        "carrier": shipment.tracking.carrier_name,
        "tracking_number": shipment.tracking.number,
        "lines": lines.collect::<Vec<_>>(),
        "expected_from": shipment.expected.map(|range| range.from.to_string()),
        "expected_to": shipment.expected.map(|range| range.to.to_string()),
        "scans": shipment.scans.iter().map(scan).collect::<Vec<_>>(),
    })
}

/// Tells it, until it is heard. Its order may come later than its parcel.
pub(crate) async fn tell(
    scene: &Scene,
    carrier: &Carrier,
    keys: &Credentials,
    router: Option<axum::Router>,
    which: usize,
    attempt: u32,
) {
    let again = |scene: &Scene| {
        let most = 60 << attempt.min(7);
        scene.later(5, most, Action::Track { telling: which, attempt: attempt + 1 });
    };
    let Some(router) = router.filter(|_| !scene.faults.happens(3)) else { return again(scene) };
    let telling = &carrier.tellings[which];
    let request = Request::post("/v1/shipments")
        .header(header::AUTHORIZATION, format!("Bearer {}", keys.api_key))
        .header(header::CONTENT_TYPE, "application/json");
    let heard = ask(scene, router, request.body(Body::from(telling.body.to_string()))).await;
    let is_lost = scene.faults.happens(3);
    match heard {
        Heard { status: 200..=299, .. } if !is_lost => telling.acknowledged.store(true, Ordering::Relaxed),
        Heard { status: 422, body, .. } if body.contains("unknown_order") => again(scene),
        Heard { status: 400..=428, body, .. } => scene.refuse(format!("parcel {which}: {body}")),
        Heard { .. } => again(scene),
    }
}
