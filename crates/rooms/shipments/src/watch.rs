//! Watching an order's parcels: says what there is to say, opens and closes what is wrong, and looks again in time.
//!
//! One job an order, due at the next moment at which something may change by itself; whatever comes in looks at once, in
//! its own write. So nothing walks over all parcels, and a day that passes costs what is due on it.

use std::collections::BTreeSet;

use db::{Read, Write};
use jobs::{Lane, NewJob, Next};
use kernel::{Date, MessageId, Result, Shop, Timestamp};
use serde_json::{Value, json};
use timeline::{Actor, Ending, Event, NewEvent};

use crate::days::day_told;
use crate::delay::Answered;
use crate::fold::{Scan, fold};
use crate::followed::is_followed;
use crate::news::{News, Parcel, Say, Situation, after_telling, what_to_say};
use crate::order::{OrderFacts, Orders};
use crate::promise::{ParcelPromise, Promise, Promised, latest};
use crate::told::Told;
use crate::wrong::{Detector, Wrongs, wrongs};
use crate::{finding, say, store};

/// The kind of job that looks at the parcels of an order again.
pub const WATCH: &str = "shipments.watch";

/// Who opens and closes what is wrong.
const RULE: Actor = Actor::Rule("shipments");

/// The handler of [`WATCH`] jobs.
pub fn watch(w: &mut Write<'_>, payload: &Value) -> Result<Next> {
    let order = payload.get("order").and_then(Value::as_str).unwrap_or_default().to_owned();
    let Some(facts) = facts_of(w, &order)? else { return Ok(Next::Done) };
    Ok(look_now(w, &facts)?.map_or(Next::Done, Next::Again))
}

/// Looks at the parcels of an order now, and makes sure that they are looked at again in time.
pub fn look(w: &mut Write<'_>, order: &str) -> Result<()> {
    match facts_of(w, order)? {
        Some(facts) => look_at(w, &facts),
        None => Ok(()),
    }
}

/// Whether an order whose event this is was looked at before: then what changed about it may change what is wrong.
pub fn is_watched(r: &mut Read<'_>, event: &Event) -> Result<bool> {
    store::told(r, &event.subject_id).map(|told| told.is_some())
}

/// The reaction to an order that changed or was cancelled.
pub fn look_again(w: &mut Write<'_>, event: &Event) -> Result<()> {
    look(w, &event.subject_id)
}

/// [`look`], for who has read the order already.
pub(crate) fn look_at(w: &mut Write<'_>, facts: &OrderFacts) -> Result<()> {
    if let Some(due_at) = look_now(w, facts)? {
        let (key, payload) = (facts.id.as_str(), json!({ "order": facts.id }));
        jobs::reschedule(w, &NewJob { kind: WATCH, key, payload: &payload, due_at, lane: Lane::MayWait })?;
    }
    Ok(())
}

fn facts_of(r: &mut Read<'_>, order: &str) -> Result<Option<OrderFacts>> {
    let orders = *r.wired::<Orders>()?;
    (orders.facts)(r, order)
}

/// Everything that is due; when to look again.
fn look_now(w: &mut Write<'_>, facts: &OrderFacts) -> Result<Option<Timestamp>> {
    let shop = w.wired::<Shop>()?;
    let (policy, zone) = (shop.policy.parcels, shop.zone.clone());
    let parcels = parcels(w, &facts.id)?;
    let promises = keep_promises(w, facts)?;
    let before = store::told(w, &facts.id)?;
    let mut situation = Situation {
        order: facts,
        parcels: &parcels,
        promised_ships: latest(&promises, Promised::Ships),
        promised_arrives: latest(&promises, Promised::Arrives),
        answered: answered(w, facts, before.as_ref())?,
        policy: &policy,
        zone: &zone,
        now: w.now,
    };
    let mut told = before.clone().unwrap_or_default();
    let talk_at = say_all(w, &mut situation, &mut told)?;
    let wrongs = wrongs(&situation, &told);
    heed(w, facts, &wrongs, &mut told)?;
    if before.as_ref() != Some(&told) {
        store::save_told(w, &facts.id, &told)?;
    }
    Ok([talk_at, wrongs.look_at].into_iter().flatten().min())
}

/// Who was told nothing has answered nothing.
fn answered(r: &mut Read<'_>, facts: &OrderFacts, told: Option<&Told>) -> Result<Option<Answered>> {
    match told.and_then(|told| told.notice) {
        Some(_) => store::answered(r, &facts.id),
        None => Ok(None),
    }
}

/// The parcels of an order as they stand by all their scans.
pub fn parcels(r: &mut Read<'_>, order: &str) -> Result<Vec<Parcel>> {
    let mut parcels = Vec::new();
    for mut shipment in store::of_order(r, order)? {
        let scans = store::scans(r, &shipment)?;
        shipment.standing = fold(&scans, shipment.shipped_at, shipment.is_cancelled);
        let heard_at = scans.iter().map(|scan: &Scan| scan.recorded_at).max();
        let heard_at = heard_at.unwrap_or(shipment.first_seen_at);
        let is_silent = shipment.part_of.is_some() && !store::is_known_by_number(r, &shipment)?;
        // Of one that is there already, nobody asks.
        let is_followed = shipment.standing.state.is_final() || is_followed(r, &shipment, &scans)?;
        parcels.push(Parcel { shipment, heard_at, is_silent, is_followed });
    }
    Ok(parcels)
}

/// The order's own days are promises too: they were told with it, or with its change.
fn keep_promises(w: &mut Write<'_>, facts: &OrderFacts) -> Result<Vec<Promise>> {
    let mut promises = store::promises(w, &facts.id)?;
    let own = [(Promised::Ships, facts.ships_by), (Promised::Arrives, facts.arrives.map(|range| range.to))];
    for (what, day) in own {
        let by_order = |promise: &&Promise| promise.what == what && promise.told_by == "order";
        let known = promises.iter().find(by_order).map(|promise| promise.day);
        let Some(day) = day.filter(|day| known != Some(*day)) else { continue };
        let promise = Promise { what, day, told_at: w.now, told_by: "order".to_owned() };
        store::promise(w, &facts.id, &promise)?;
        promises.insert(0, promise);
    }
    Ok(promises)
}

/// Says everything that is due; returns when there is more to say. A new day that is told counts from then on.
fn say_all(w: &mut Write<'_>, situation: &mut Situation<'_>, told: &mut Told) -> Result<Option<Timestamp>> {
    loop {
        match what_to_say(situation, told) {
            Say::Nothing => return Ok(None),
            Say::Wait(until) => return Ok(Some(until)),
            Say::Tell(news) => {
                let message = say::say(w, situation, &news, told)?;
                if let Some((parcels, day)) = day_told(&news, situation) {
                    promise_parcels(w, &parcels, day, message)?;
                }
                if let Some(day) = new_day_of_all(&news, told) {
                    promise_day(w, situation.order, &news, day)?;
                    situation.promised_arrives = Some(day);
                }
                after_telling(&news, situation, told);
            }
        }
    }
}

fn promise_parcels(
    w: &mut Write<'_>,
    parcels: &[String],
    day: Date,
    message: Option<MessageId>,
) -> Result<()> {
    // What was said before was promised then.
    let Some(message) = message else { return Ok(()) };
    let promise = ParcelPromise { day, told_at: w.now, message };
    parcels.iter().try_for_each(|parcel| store::promise_parcel(w, parcel, &promise))
}

/// The new day that takes the place of the order's own; a parcel with a day of its own has only that one moved.
fn new_day_of_all(news: &News, told: &Told) -> Option<Date> {
    match news {
        News::LateArriving { expected, shipment, .. } => {
            let has_own = shipment.as_ref().is_some_and(|id| told.of(id).day.is_some());
            expected.filter(|_| !has_own)
        }
        _ => None,
    }
}

fn promise_day(w: &mut Write<'_>, facts: &OrderFacts, news: &News, day: Date) -> Result<()> {
    let told_by = say::template_of(news).to_owned();
    let promise = Promise { what: Promised::Arrives, day, told_at: w.now, told_by };
    store::promise(w, &facts.id, &promise)
}

/// Opens what is wrong and was not noticed, closes what is cured.
fn heed(w: &mut Write<'_>, facts: &OrderFacts, wrongs: &Wrongs, told: &mut Told) -> Result<()> {
    let (mut noticed, mut detected) = (BTreeSet::new(), BTreeSet::new());
    for ((about, kind), detectors) in &wrongs.now {
        let name = format!("{} {} {}", kind.as_str(), about.0, about.1);
        if !told.noticed.contains(&name) {
            timeline::open_incident(w, *kind, (about.0, &about.1), &facts.customer, RULE)?;
        }
        noticed.insert(name);
        for detector in detectors {
            let key = finding::key(*detector, &about.1);
            if !told.detected.contains(&key) {
                note(w, facts, (about.0, &about.1), *detector)?;
            }
            detected.insert(key);
        }
    }
    for cured in told.noticed.difference(&noticed) {
        let mut words = cured.splitn(3, ' ');
        let (Some(kind), Some(what), Some(id)) = (words.next(), words.next(), words.next()) else { continue };
        let kind = timeline::IncidentKind::parse(kind)?;
        timeline::close_incident(w, kind, (what, id), Ending::Cured, RULE)?;
    }
    (told.noticed, told.detected) = (noticed, detected);
    Ok(())
}

/// The timeline says which detector noticed what.
fn note(
    w: &mut Write<'_>,
    facts: &OrderFacts,
    about: (&'static str, &str),
    detector: Detector,
) -> Result<()> {
    let (now, detector) = (w.now, detector.as_str());
    let source_key = format!("shipment.noticed:{detector}:{}:{}", about.1, now.ms());
    let event = NewEvent {
        kind: "shipment.noticed",
        version: 1,
        subject: about,
        customer: Some(&facts.customer),
        actor: RULE,
        cause: None,
        occurred_at: now,
        source_key: &source_key,
        payload: json!({ "order": facts.id, "detector": detector }),
    };
    timeline::record(w, &event).map(drop)
}
