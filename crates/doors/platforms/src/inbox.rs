//! The durable inbox: each webhook is a row before it is anything else.

use std::time::Duration;

use carriers::Told as TrackingTold;
use db::Write;
use jobs::{Lane, NewJob, Next};
use kernel::{Currency, Error, Kind, Result, Shop, Timestamp, keys, text};
use orders::incoming::{IncomingOrder, IncomingRefund};
use orders::{Effect, OrderId};
use serde_json::{Value, json};
use shipments::incoming::{DateRange, IncomingList, IncomingScan, IncomingShipment};

use crate::platform::{Call, Platform};
use crate::poll::Fetched;
use crate::products::{self, Notice, Told};
use crate::store::{self, State, Waiting};
use crate::trackers;
use crate::{ConnectionId, WEBHOOK_JOB, WebhookId};

/// How long raw bodies live.
const KEPT: Duration = Duration::from_secs(30 * 24 * 3_600);
/// How soon the next chunk of old webhooks is deleted when there were many.
const NEXT_CHUNK: Duration = Duration::from_secs(10);
/// Why something that belongs to an order is parked.
const NOT_HERE: &str = "The order it belongs to is not here yet. It is read as soon as that order comes.";
/// How exactly a connection remembers when a webhook last came.
const TO_THE_MINUTE: Duration = Duration::from_secs(60);
/// The most characters of a stored reason.
const MAX_REASON: usize = 1_000;

/// A webhook whose signature is right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// Which connection it came through.
    pub connection: ConnectionId,
    /// The platform of that connection.
    pub platform: Platform,
    /// What it says happened.
    pub topic: String,
    /// The same for the same delivery, however often it comes.
    pub dedupe_key: String,
    /// The platform's identifier of the event behind it.
    pub event_id: Option<String>,
    /// When the platform says it was triggered.
    pub triggered_at: Option<Timestamp>,
    /// The raw body.
    pub body: Vec<u8>,
    /// The hash of the raw body, in hexadecimal.
    pub body_sha256: String,
    /// Whether it is the first for a minute, so that the connection remembers that it came.
    pub is_news: bool,
}

impl Delivery {
    /// A delivery of what this call brings, with nothing known beside its topic.
    pub(crate) fn new(call: &Call<'_>, topic: String, dedupe_key: String) -> Self {
        Delivery {
            connection: call.connection.clone(),
            platform: call.live.platform,
            topic,
            dedupe_key,
            event_id: None,
            triggered_at: None,
            body: call.body.to_vec(),
            body_sha256: keys::hex(&keys::sha256(call.body)),
            is_news: call.live.webhook_at.is_none_or(|at| at + TO_THE_MINUTE <= call.now),
        }
    }

    /// An order that was fetched. The same content is the same delivery, however often it is fetched. It is how the
    /// order stood when it was asked for, so that time is its trigger: a webhook of the same second that was triggered
    /// before and comes late does not take its place.
    pub(crate) fn fetched(
        connection: &ConnectionId,
        platform: Platform,
        order: &Fetched,
        asked_at: Timestamp,
    ) -> Self {
        let topic = platform.polled_topic();
        Delivery {
            connection: connection.clone(),
            platform,
            topic: topic.to_owned(),
            dedupe_key: key_of_content(topic, &order.body),
            event_id: None,
            triggered_at: Some(asked_at),
            body: order.body.clone(),
            body_sha256: keys::hex(&keys::sha256(&order.body)),
            is_news: false,
        }
    }
}

/// What a webhook tells.
#[derive(Clone, Debug, PartialEq)]
pub enum Content {
    /// A version of an order, and what is told with it of its shipments.
    Order(Box<IncomingOrder>, Parcels),
    /// A version of a shipment that is told by itself.
    Shipment(Box<IncomingShipment>),
    /// What happened to a shipment.
    Scans {
        /// What the shipment is stored under.
        source: String,
        /// The platform's identifier of the shipment.
        shipment: String,
        /// The platform's identifier of its order, where it is told.
        order: Option<String>,
        /// When it is expected, as is told with them.
        expected: Option<DateRange>,
        /// What happened.
        scans: Vec<IncomingScan>,
    },
    /// Money that went back for an order; no amount when none of it has happened yet.
    Refund {
        /// What the order is stored under.
        source: String,
        /// The platform's identifier of the order.
        order: String,
        /// What went back.
        refund: Option<(Currency, Box<IncomingRefund>)>,
    },
    /// An order that was thrown away at the shop.
    Gone {
        /// What the order is stored under.
        source: String,
        /// The platform's identifier of the order.
        order: String,
    },
    /// A version of a product, or that it is gone.
    Product {
        /// What the product is stored under.
        source: String,
        /// What is told.
        told: Told,
    },
    /// What has happened to a parcel.
    Tracking(Box<TrackingTold>),
}

/// What an order tells of its shipments.
#[derive(Clone, Debug, PartialEq)]
pub enum Parcels {
    /// These. One that is not among them stays as it was: whatever is taken back says so itself.
    Told(Vec<IncomingShipment>),
    /// All there are. One that is on the list no more was taken back.
    Listed(IncomingList),
}

impl Parcels {
    /// The shipments that are told.
    pub fn told(&self) -> &[IncomingShipment] {
        match self {
            Parcels::Told(told) => told,
            Parcels::Listed(list) => &list.parcels,
        }
    }
}

/// What becomes of a webhook that was read.
pub(crate) enum Settled {
    /// Taken in; the order it is about, if there is one.
    Done(Option<OrderId>),
    /// Taken in, and its order is of somebody who was erased.
    Forgotten,
    /// Waits for an order that is not here.
    WaitsFor(String),
}

/// What [`receive`] did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Received {
    /// Stored, and a job will read it.
    Queued(WebhookId),
    /// Stored and left unread: its topic tells nothing we act on.
    Ignored(WebhookId),
    /// It came before. Nothing was stored.
    Duplicate,
}

/// Stores a webhook and the job that reads it, in one write.
pub fn receive(w: &mut Write<'_>, delivery: &Delivery) -> Result<Received> {
    let handled = delivery.platform.reads(&delivery.topic);
    let state = if handled { State::Received } else { State::Ignored };
    let Some(id) = store::claim_webhook(w, delivery, state)? else { return Ok(Received::Duplicate) };
    if delivery.is_news {
        store::webhook_came(w, &delivery.connection)?;
    }
    if !handled {
        return Ok(Received::Ignored(id));
    }
    queue(w, &id)?;
    Ok(Received::Queued(id))
}

/// Reads a webhook and takes in what it tells. A body that nothing can be made of is parked with the reason and the
/// job is done; whatever may go better next time is an error and tried again. What belongs to an order that is not
/// here is parked too, and waits for it.
pub fn process_webhook(w: &mut Write<'_>, payload: &Value) -> Result<Next> {
    let id = payload.get("webhook").and_then(Value::as_str);
    let id = WebhookId::parse(id.ok_or_else(|| Error::internal("a webhook job without its webhook"))?)?;
    // Deleted with the person it is about, or processed by an earlier run.
    let Some(waiting) = store::webhook(w, &id)?.filter(|waiting| waiting.state == State::Received.as_str())
    else {
        return Ok(Next::Done);
    };
    // What can't be taken in is refused before its first row is written, so a parked webhook leaves nothing half.
    match read(w, &waiting).and_then(|content| take_in(w, &waiting, content)) {
        Ok(Settled::Done(order)) => store::settle(w, &id, State::Done, None, order.as_ref())?,
        Ok(Settled::Forgotten) => store::blank(w, &id)?,
        Ok(Settled::WaitsFor(order)) => store::wait_for(w, &id, &order, NOT_HERE)?,
        Err(error) if will_stay_wrong(&error) => {
            let reason = text::shortened(&reason(&error), MAX_REASON);
            store::settle(w, &id, State::Parked, Some(&reason), None)?;
        }
        Err(error) => return Err(error),
    }
    Ok(Next::Done)
}

fn take_in(w: &mut Write<'_>, waiting: &Waiting, content: Content) -> Result<Settled> {
    match content {
        Content::Order(incoming, parcels) => {
            let taken = orders::take(w, &incoming)?;
            if !taken.is_forgotten {
                take_parcels(w, &parcels)?;
            }
            if taken.effect == Effect::Created {
                read_what_waited(w, &waiting.connection, &incoming.external_id)?;
            }
            Ok(if taken.is_forgotten { Settled::Forgotten } else { Settled::Done(Some(taken.order)) })
        }
        Content::Shipment(parcel) => {
            let waits_for = parcel.order.external_id.clone();
            let taken = shipments::take(w, &parcel)?;
            match taken {
                // Shopify names the customer and where it goes with each fulfilment.
                Some(taken) if taken.is_forgotten => Ok(Settled::Forgotten),
                Some(taken) => Ok(Settled::Done(Some(OrderId::parse(&taken.order)?))),
                None => Ok(Settled::WaitsFor(waits_for)),
            }
        }
        Content::Scans { source, shipment, order, expected, scans } => {
            let order = match order {
                Some(order) => orders::find_by_external(w, &source, &order)?,
                None => None,
            };
            // Where a parcel is scanned says where somebody lives, also before the parcel itself is told.
            if order.as_ref().is_some_and(|order| order.is_forgotten) {
                return Ok(Settled::Forgotten);
            }
            shipments::scan(w, &source, &shipment, &scans, expected)?;
            Ok(Settled::Done(order.map(|order| order.id)))
        }
        Content::Refund { refund: None, .. } => Ok(Settled::Done(None)),
        Content::Refund { source, order, refund: Some((currency, refund)) } => {
            let found = orders::take_refund(w, &source, &order, currency, &refund)?;
            Ok(found.map_or(Settled::WaitsFor(order), |order| Settled::Done(Some(order))))
        }
        Content::Gone { source, order } => orders::note_gone(w, &source, &order).map(Settled::Done),
        Content::Product { source, told } => {
            products::take_in(w, &source, &told)?;
            Ok(Settled::Done(None))
        }
        Content::Tracking(told) => trackers::take_in(w, &told),
    }
}

fn take_parcels(w: &mut Write<'_>, parcels: &Parcels) -> Result<()> {
    match parcels {
        Parcels::Listed(list) => shipments::take_list(w, list),
        Parcels::Told(told) => told.iter().try_for_each(|parcel| shipments::take(w, parcel).map(drop)),
    }
}

/// What came before its order is read now.
fn read_what_waited(w: &mut Write<'_>, connection: &ConnectionId, order: &str) -> Result<()> {
    for id in store::stop_waiting(w, connection, order)? {
        queue(w, &id)?;
    }
    Ok(())
}

fn queue(w: &mut Write<'_>, id: &WebhookId) -> Result<()> {
    let payload = json!({ "webhook": id.as_str() });
    let due_at = w.now;
    let job = NewJob { kind: WEBHOOK_JOB, key: id.as_str(), payload: &payload, due_at, lane: Lane::Input };
    jobs::enqueue(w, &job)
}

/// Deletes webhooks after thirty days, a chunk at a time.
pub fn forget_old_webhooks(w: &mut Write<'_>, _payload: &Value) -> Result<Next> {
    let before = w.now - KEPT;
    match store::forget(w, before)? {
        0 => Ok(Next::Done),
        _ => Ok(Next::Again(w.now + NEXT_CHUNK)),
    }
}

fn read(w: &mut Write<'_>, waiting: &Waiting) -> Result<Content> {
    let platform = Platform::parse(&waiting.source)?;
    let source = format!("{}:{}", waiting.source, waiting.connection);
    if !platform.tells_product(&waiting.topic) {
        return platform.read(waiting, source, w.now);
    }
    let notice = Notice { source: &source, currency: w.wired::<Shop>()?.currency, now: w.now };
    let told = platform.read_product(&waiting.topic, &waiting.body, &notice)?;
    Ok(Content::Product { source, told })
}

fn will_stay_wrong(error: &Error) -> bool {
    match error.kind() {
        Kind::Invalid | Kind::Unreadable | Kind::TooLarge => true,
        Kind::Unauthorized
        | Kind::Forbidden
        | Kind::NotFound
        | Kind::Conflict
        | Kind::TooMany
        | Kind::Unavailable
        | Kind::OutcomeUnknown
        | Kind::Internal => false,
    }
}

/// Which fields and why, without their values: the row is personal, but staff read reasons in lists and logs.
fn reason(error: &Error) -> String {
    error.to_string()
}

/// The key of deliveries that carry no identifier of their own: the same topic with the same body is the same.
pub(crate) fn key_of_content(topic: &str, body: &[u8]) -> String {
    let content = [topic.as_bytes(), b"\n", body].concat();
    format!("sha256:{}", keys::hex(&keys::sha256(&content)))
}
