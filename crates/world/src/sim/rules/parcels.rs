//! Parcels end where their carrier says they are, and nobody hears the same of one twice.

use std::collections::BTreeMap;
use std::sync::atomic::Ordering;

use shipments::fold::{Scan, fold};
use shipments::incoming::{IncomingScan, IncomingShipment};

use super::{Ending, none};
use crate::calendar::shop_zone;

/// "Late, doubled and contradictory scans converge": to what everything that was told says, in whatever order it came. What
/// was told and not answered may count already.
pub(super) fn each_parcel_converges_to_its_oracle(ending: &Ending<'_>) -> Result<(), String> {
    let mut told: BTreeMap<&str, Vec<(&IncomingShipment, bool)>> = BTreeMap::new();
    for telling in ending.tellings {
        let heard = telling.acknowledged.load(Ordering::Relaxed);
        told.entry(&telling.shipment.external_id).or_default().push((&telling.shipment, heard));
    }
    for (id, tellings) in told {
        let Some(first) = tellings.iter().rposition(|(_, heard)| *heard) else { continue };
        let stored = ending.rows.parcels.get(id);
        let may_be = tellings[first..].iter().map(|(shipment, _)| state(shipment));
        if !may_be.clone().any(|state| stored.is_some_and(|stored| stored == state)) {
            let may_be: Vec<&str> = may_be.collect();
            return Err(format!("parcel {id} is {stored:?}, and its carrier says {may_be:?}"));
        }
    }
    Ok(())
}

fn state(shipment: &IncomingShipment) -> &'static str {
    let scan = |scan: &IncomingScan| Scan {
        key: scan.key.clone(),
        at: scan.at,
        state: scan.state,
        reason: scan.reason,
        words: None,
        place: None,
        recorded_at: scan.at,
    };
    let scans: Vec<Scan> = shipment.scans.iter().map(scan).collect();
    fold(&scans, shipment.shipped_at, shipment.is_cancelled).state.as_str()
}

/// "At most one message per state change per parcel." A parcel that was said to be there too early is taken back once, and
/// may then be brought again.
pub(super) fn a_change_of_a_parcel_is_told_once(ending: &Ending<'_>) -> Result<(), String> {
    let mut said: BTreeMap<(&str, &str), u32> = BTreeMap::new();
    let of_parcels = ending.rows.messages.iter().filter(|message| message.template.starts_with("shipment."));
    for message in of_parcels.filter(|message| !message.is_repeat) {
        *said.entry((&message.thread, &message.template)).or_default() += 1;
    }
    none(said.into_iter().find_map(|((thread, template), times)| {
        let most = match template {
            "shipment.shipped" | "shipment.new_number" | "shipment.pickup_reminder" | "shipment.returned" => {
                1
            }
            // A later day is news each time, and a day that passes; after three nobody is told any more.
            "shipment.late_arriving" => 5,
            _ => 2,
        };
        (times > most).then(|| format!("{thread} was told {template} {times} times"))
    }))
}

/// "No promise date in the past is ever shown": what comes today is said today, and what comes by a day, by then.
pub(super) fn no_day_that_has_passed_is_told(ending: &Ending<'_>) -> Result<(), String> {
    let zone = shop_zone();
    none(ending.handed().find_map(|(hand_off, message)| {
        let named = match message.template.as_str() {
            "shipment.out_for_delivery" => Some(message.created_at.date_in(&zone)),
            "shipment.late_arriving" => message.expected,
            _ => None,
        };
        let is_past = named.is_some_and(|day| hand_off.at.date_in(&zone) > day);
        is_past.then(|| format!("{named:?} was told at {}: {message:?}", hand_off.at))
    }))
}
