//! `/a/parcels`: what is wrong and not put right yet.

use axum::Extension;
use axum::extract::{Query, State as Shared};
use db::Read;
use db::walk::{Bounds, Found, walk};
use kernel::{Error, Result, Shop, ShopClock};
use serde::Serialize;
use staff::{Member, Permission};
use timeline::{IncidentId, IncidentKind};
use web::filters::{Asked, Bar, FilterField, Filters, LOOKED_AT, NamedView};
use web::{Failure, HtmlPage};

use super::Door;
use crate::finding::{WORST_FIRST, finding, words};
use crate::open::{FIRST, Open, Waiting, open, waiting};
use crate::order::Orders;
use crate::wrong::Detector;
use crate::{ShipmentId, store};

/// The list these filters are of.
const PATH: &str = "/a/parcels";
/// Things that are wrong on one page.
const PER_PAGE: usize = 50;
/// What else waits is counted this far.
const MOST_COUNTED: i64 = 100;
/// What a person opened, in the place of what was noticed.
const BY_HAND: &str = "by_hand";

/// What `shipments/staff-wrong.html` is given as `page`.
#[derive(Debug, Serialize)]
struct WrongPage {
    bar: Bar,
    /// Other lists of parcels that wait for somebody: what they are, and where.
    also: Vec<(String, &'static str)>,
    rows: Vec<WrongRow>,
    nothing: &'static str,
    looked_until: Option<String>,
    older: Option<String>,
    newest: Option<String>,
}

/// Something that is wrong.
#[derive(Debug, Serialize)]
struct WrongRow {
    tone: &'static str,
    kind: &'static str,
    what: Vec<&'static str>,
    next: String,
    at: String,
    since: String,
    /// The order's number and page.
    order: Option<(String, String)>,
    /// The parcel's number, if it has one, and its page.
    parcel: Option<(Option<String>, String)>,
    /// The customer's name, if it is known, and page.
    customer: (Option<String>, String),
}

/// `GET /a/parcels`.
pub(super) async fn show(
    Shared(door): Shared<Door>,
    Extension(member): Extension<Member>,
    Query(asked): Query<Asked>,
) -> Result<HtmlPage, Failure> {
    let after = asked.get("older").map(|id| IncidentId::parse(id)).transpose()?;
    let page = door.db.read("shipments.wrong", move |r| page(r, &member, &asked, after.as_ref())).await?;
    Ok(door.page("shipments/staff-wrong.html", "Parcels", &page)?)
}

fn page(r: &mut Read<'_>, member: &Member, asked: &Asked, after: Option<&IncidentId>) -> Result<WrongPage> {
    let filters = Filters::read(PATH, fields(), asked);
    let after = after.map(|id| place_of(r, id)).transpose()?;
    let is_first = after.is_none();
    let found = found(r, &filters, after)?;
    let mut rows = Vec::with_capacity(found.rows.len());
    for open in &found.rows {
        rows.push(row(r, open)?);
    }
    let also = also(&waiting(r, MOST_COUNTED)?);
    let views = staff::views(r, member, "parcels")?;
    let clock = ShopClock::new(&r.wired::<Shop>()?.zone, r.now);
    let looked_until = found.older.as_ref().filter(|_| found.is_cut).map(|open| clock.short(open.opened_at));
    Ok(WrongPage {
        nothing: nothing(filters.any(), found.is_cut),
        looked_until,
        older: found.older.as_ref().map(|open| filters.href(Some(("older", open.incident.as_str())))),
        newest: (!is_first).then(|| filters.href(None)),
        bar: filters.bar("parcels", views.into_iter().map(|view| named(view, member)).collect()),
        also,
        rows,
    })
}

fn fields() -> Vec<FilterField> {
    let noticed = WORST_FIRST.map(|detector| (detector.as_str(), words(detector)));
    let by_hand = [(BY_HAND, "Somebody opened it by hand")];
    let kinds = IncidentKind::ALL.map(|kind| (kind.as_str(), kind.words()));
    vec![
        FilterField::one_of("what", "What was noticed", noticed.into_iter().chain(by_hand)),
        FilterField::one_of("kind", "Kind", kinds),
    ]
}

/// Where a page goes on: behind this incident, closed by now or not.
fn place_of(r: &mut Read<'_>, id: &IncidentId) -> Result<Open> {
    let wrong = timeline::incident(r, id)?.ok_or_else(|| Error::not_found("There is no such incident."))?;
    Ok(Open {
        incident: wrong.id,
        kind: wrong.kind,
        about: wrong.subject,
        customer: wrong.customer,
        order: None,
        opened_at: wrong.opened_at,
        // What was closed meanwhile stood where it would have lapsed.
        lapses_at: wrong.opened_at + wrong.kind.oldest(),
        noticed: Vec::new(),
    })
}

fn found(r: &mut Read<'_>, filters: &Filters, after: Option<Open>) -> Result<Found<Open>> {
    let what = filters.value("what").filter(|what| *what != BY_HAND).map(Detector::parse).transpose()?;
    let is_by_hand = filters.value("what") == Some(BY_HAND);
    let kind = filters.value("kind").map(IncidentKind::parse).transpose()?;
    let fits = |open: &Open| {
        what.is_none_or(|what| open.noticed.contains(&what))
            && (!is_by_hand || open.noticed.is_empty())
            && kind.is_none_or(|kind| open.kind == kind)
    };
    let stretch = if filters.any() { 1_000 } else { PER_PAGE + 1 };
    let bounds = Bounds { stretch, most_looked_at: LOOKED_AT, most_kept: PER_PAGE + 1 };
    let walked = walk(bounds, after, |behind, limit| {
        let behind = behind.map_or(FIRST, |open| (open.lapses_at, open.incident.as_str()));
        let stretch = open(r, behind, limit as i64)?;
        Ok(stretch.into_iter().map(|open| (open.clone(), fits(&open))).collect())
    })?;
    Ok(walked.page(PER_PAGE))
}

fn row(r: &mut Read<'_>, open: &Open) -> Result<WrongRow> {
    let orders = *r.wired::<Orders>()?;
    let facts = open.order.as_deref().map(|order| (orders.facts)(r, order)).transpose()?.flatten();
    let parcel = match open.about.0.as_str() {
        "shipment" => store::shipment(r, &ShipmentId::stored(open.about.1.clone()))?,
        _ => None,
    };
    let name = match &facts {
        Some(facts) => facts.recipient.name.clone(),
        None => customers::person_unasked(r, &open.customer)?.name,
    };
    let shop = r.wired::<Shop>()?;
    let clock = ShopClock::new(&shop.zone, r.now);
    let said = finding(&open.noticed, open.kind, &shop.policy.parcels);
    Ok(WrongRow {
        tone: tone(open.kind),
        kind: kind_words(open.kind),
        what: said.what,
        next: said.next,
        at: open.opened_at.to_string(),
        since: clock.short(open.opened_at),
        order: facts.map(|facts| (facts.number, format!("/a/orders/{}", facts.id))),
        parcel: parcel.map(|parcel| (parcel.tracking.number, format!("/a/parcels/{}", parcel.id))),
        customer: (name, format!("/a/customers/{}", open.customer)),
    })
}

fn tone(kind: IncidentKind) -> &'static str {
    match kind {
        IncidentKind::Lost | IncidentKind::Damaged | IncidentKind::RefundOverdue => "bad",
        IncidentKind::Late
        | IncidentKind::ReturnInProgress
        | IncidentKind::OpenConversation
        | IncidentKind::LowScore => "warn",
    }
}

/// A kind in a word or two.
fn kind_words(kind: IncidentKind) -> &'static str {
    match kind {
        IncidentKind::Late => "Late",
        IncidentKind::Lost => "Lost",
        IncidentKind::Damaged => "Damaged",
        IncidentKind::ReturnInProgress => "Return",
        IncidentKind::OpenConversation => "Conversation",
        IncidentKind::LowScore => "Not content",
        IncidentKind::RefundOverdue => "Refund overdue",
    }
}

/// The other lists, where something is on them.
fn also(waiting: &Waiting) -> Vec<(String, &'static str)> {
    let lists = [
        (waiting.unlinked, "parcel without a link: the carrier is not known", "/a/parcels/unlinked"),
        (waiting.strays, "number that is scanned and belongs to no parcel", "/a/parcels/strays"),
    ];
    let shown = lists.into_iter().filter(|(count, _, _)| *count > 0);
    shown.map(|(count, what, path)| (format!("{} {what}", counted(count)), path)).collect()
}

fn counted(count: i64) -> String {
    match count {
        1 => "1".to_owned(),
        MOST_COUNTED.. => format!("{}+ ×", MOST_COUNTED - 1),
        _ => format!("{count} ×"),
    }
}

fn nothing(is_filtered: bool, is_cut: bool) -> &'static str {
    match (is_filtered, is_cut) {
        (_, true) => "None of those that were looked at fit these filters.",
        (true, false) => "Nothing that is wrong fits all of these filters.",
        (false, false) => {
            "Nothing is wrong, as far as anybody has told. What is noticed about orders and parcels shows here, and so does \
             what somebody opens by hand."
        }
    }
}

/// A saved filter, as a bar shows it.
fn named(view: staff::SavedView, member: &Member) -> NamedView {
    NamedView {
        id: (view.is_own || member.role.may(Permission::Configure)).then(|| view.id.as_str().to_owned()),
        name: view.name,
        query: view.query,
    }
}
