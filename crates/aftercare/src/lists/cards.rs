//! What one room knows for another. Rooms never import one another: each says what it would like to ask, and here
//! stands who answers.

use catalogue::{Bought, OrderLines, SeenLine, SeenOrder};
use db::{Read, Write};
use kernel::{Result, Timestamp};
use orders::context::LineLinks;
use orders::incoming::{Fulfilment, IncomingLine, OrderStatus};
use orders::parcels::{
    Days, DelayAnswer, DelayAsked, Of, ParcelPlace, ParcelSeen, Parcels, PickupSeen, ScanSeen, SilenceSeen,
    WrongSeen,
};
use orders::{OrderId, Shelf, StoredOrder};
use shipments::delay::{Answer, Answered};
use shipments::incoming::{DateRange, OrderRef, PickupPoint};
use shipments::order::{Links, OrderFacts, OrderedLine, Orders, ToPack};
use shipments::{ShipmentId, seen};
use timeline::IncidentKind;

/// For the catalogue: what stands in an order.
pub fn order_lines() -> OrderLines {
    OrderLines(lines_of)
}

/// For orders: the picture and the page of what was bought.
pub fn shelf() -> Shelf {
    Shelf(links_of)
}

/// For shipments: the order that a parcel belongs to.
pub fn orders_of_shipments() -> Orders {
    Orders { named: order_named, facts: order_facts, links: order_links, to_pack: orders_to_pack }
}

/// For orders: the parcels that something comes by.
pub fn parcels() -> Parcels {
    Parcels {
        of: parcels_of,
        places: places_of,
        report: report_parcel,
        asked: asked_of_delay,
        answer: answer_delay,
        finding: finding_of,
    }
}

fn lines_of(r: &mut Read<'_>, order: &str) -> Result<Option<SeenOrder>> {
    let Some(stored) = orders::stored(r, &OrderId::parse(order)?)? else { return Ok(None) };
    let line = |line: IncomingLine| SeenLine {
        sku: line.sku,
        title: line.title,
        variant: line.variant,
        unit_price: line.unit_price,
        image_url: line.image_url,
        url: line.url,
    };
    Ok(Some(SeenOrder {
        source: stored.order.source,
        placed_at: stored.order.placed_at,
        currency: stored.order.currency,
        lines: stored.order.lines.into_iter().map(line).collect(),
    }))
}

fn links_of(r: &mut Read<'_>, source: &str, line: &IncomingLine) -> Result<LineLinks> {
    let bought =
        Bought { source, sku: line.sku.as_deref(), title: &line.title, variant: line.variant.as_deref() };
    let links = catalogue::links_of(r, &bought)?;
    Ok(LineLinks { image_url: links.image_url, url: links.url })
}

fn order_named(r: &mut Read<'_>, named: &OrderRef) -> Result<Option<String>> {
    let found = orders::find_by_external(r, &named.source, &named.external_id)?;
    Ok(found.map(|stored| stored.id.to_string()))
}

fn order_facts(r: &mut Read<'_>, order: &str) -> Result<Option<OrderFacts>> {
    let stored = orders::stored(r, &OrderId::parse(order)?)?;
    Ok(stored.map(facts_of))
}

fn facts_of(stored: StoredOrder) -> OrderFacts {
    let (recipient, order) = (orders::recipient(&stored), stored.order);
    let line = |line: IncomingLine| OrderedLine {
        external_id: line.external_id,
        title: line.title,
        variant: line.variant,
        quantity: line.quantity,
        image_url: line.image_url,
        url: line.url,
    };
    OrderFacts {
        id: stored.id.to_string(),
        number: order.number,
        customer: stored.customer,
        recipient,
        placed_at: order.placed_at,
        first_seen_at: stored.first_seen_at,
        // Nothing is said of an order whose customer was forgotten.
        stands: order.status == OrderStatus::Placed && !stored.is_forgotten,
        is_history: stored.is_history,
        is_forgotten: stored.is_forgotten,
        has_left: order.fulfilment >= Fulfilment::Fulfilled,
        has_arrived: order.fulfilment == Fulfilment::Delivered,
        ships_by: order.expected.ships_by,
        arrives: order.expected.delivered().map(days),
        country: order.shipping_address.map(|address| address.country),
        lines: order.lines.into_iter().map(line).collect(),
    }
}

fn order_links(w: &mut Write<'_>, order: &str) -> Result<Links> {
    let (url, short_url) = orders::links(w, &OrderId::parse(order)?)?;
    Ok(Links { url, short_url })
}

fn orders_to_pack(r: &mut Read<'_>, page: &ToPack<'_>) -> Result<Vec<(String, Timestamp)>> {
    let found = orders::to_pack(r, page.from, page.after, page.until, page.limit)?;
    Ok(found.into_iter().map(|(order, placed_at)| (order.to_string(), placed_at)).collect())
}

fn report_parcel(w: &mut Write<'_>, order: &str, parcel: &str, is_missing: bool) -> Result<bool> {
    // Whatever is no identifier is no parcel.
    match ShipmentId::parse(parcel) {
        Ok(id) => shipments::dispute(w, order, &id, is_missing),
        Err(_) => Ok(false),
    }
}

fn asked_of_delay(r: &mut Read<'_>, order: &str) -> Result<Option<DelayAsked>> {
    let asked = shipments::asked(r, order)?;
    let answer = |answered: Answered| match answered.answer {
        Answer::Keep => (DelayAnswer::Keep, answered.at),
        Answer::Cancel => (DelayAnswer::Cancel, answered.at),
    };
    let seen = |asked: shipments::Asked| DelayAsked {
        cancels_on: asked.cancels_on,
        answered: asked.answered.map(answer),
        is_settled: asked.is_settled,
    };
    Ok(asked.map(seen))
}

fn answer_delay(w: &mut Write<'_>, order: &str, answer: &str) -> Result<bool> {
    // Whatever is no answer is none.
    match Answer::parse(answer) {
        Ok(answer) => shipments::answer(w, order, answer),
        Err(_) => Ok(false),
    }
}

fn finding_of(r: &mut Read<'_>, order: &str, kind: IncidentKind, about: &str) -> Result<WrongSeen> {
    let found = shipments::open::finding_of(r, order, kind, about)?;
    Ok(WrongSeen { what: found.what, next: found.next })
}

fn days((from, to): Days) -> DateRange {
    DateRange::new(from, to)
}

fn parcels_of(r: &mut Read<'_>, of: &Of<'_>) -> Result<Vec<ParcelSeen>> {
    let of = seen::Of { order: of.order, told: of.told.map(days), country: of.country };
    let seen = seen::of_order(r, &of)?;
    Ok(seen.into_iter().map(parcel_of).collect())
}

fn places_of(r: &mut Read<'_>, order: &str) -> Result<Vec<ParcelPlace>> {
    let place = |place: shipments::Place| ParcelPlace {
        state: place.state,
        since: place.since,
        is_disputed: place.is_disputed,
        is_part: place.is_part,
        lines: place.lines.into_iter().map(|sent| (sent.line, sent.quantity)).collect(),
    };
    Ok(shipments::places(r, order)?.into_iter().map(place).collect())
}

fn parcel_of(seen: seen::Seen) -> ParcelSeen {
    let scan = |scan: shipments::fold::Scan| ScanSeen {
        at: scan.happened_at(),
        state: scan.state,
        reason: scan.reason,
        words: scan.words,
        place: scan.place,
    };
    let pickup = |point: PickupPoint| PickupSeen {
        name: point.name,
        address: point.address,
        hours: point.hours,
        until: point.until,
    };
    let (standing, is_disputed) = (seen.shipment.standing, seen.shipment.is_disputed());
    let is_unlinked = seen.shipment.is_unlinked();
    ParcelSeen {
        id: seen.shipment.id.to_string(),
        carrier: seen.carrier,
        number: seen.shipment.tracking.number,
        link: seen.link,
        is_unlinked,
        state: standing.state,
        reason: standing.reason,
        since: standing.delivered_at.unwrap_or(standing.since),
        heard_at: seen.heard_at,
        expected: seen.expected.map(|range| (range.from, range.to)),
        likely: seen.likely.map(|likely| ((likely.days.from, likely.days.to), likely.percent)),
        pickup: seen.shipment.pickup.map(pickup),
        is_late: seen.is_late,
        is_disputed,
        silence: seen.silence.map(|silence| SilenceSeen { since: silence.since, is_lost: silence.is_lost }),
        is_part: seen.shipment.part_of.is_some(),
        lines: seen.shipment.lines.into_iter().map(|sent| (sent.line, sent.quantity)).collect(),
        scans: seen.scans.into_iter().map(scan).collect(),
    }
}
