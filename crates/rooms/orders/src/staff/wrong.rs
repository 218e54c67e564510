//! What is wrong with an order, on its page. It is opened and closed on the customer's side, where the forms lead.

use db::Read;
use kernel::{Result, Shop, ShopClock};
use serde::Serialize;
use timeline::IncidentKind;

use crate::store::StoredOrder;

/// What the page shows of incidents.
#[derive(Clone, Debug, Serialize)]
pub(super) struct WrongCard {
    /// Where an incident is opened.
    pub open: String,
    /// What can be wrong: word and words.
    pub kinds: Vec<(&'static str, &'static str)>,
    /// What is.
    pub rows: Vec<WrongRow>,
}

/// Something that is wrong with the order, or was a short while ago.
#[derive(Clone, Debug, Serialize)]
pub(super) struct WrongRow {
    what: &'static str,
    since: String,
    until: String,
    is_open: bool,
    close: String,
}

/// Looks up what is wrong with an order.
pub(super) fn card(r: &mut Read<'_>, stored: &StoredOrder) -> Result<WrongCard> {
    let person = customers::person_unasked(r, &stored.customer)?;
    let path = format!("/a/customers/{}/incidents", person.id);
    let mut rows = Vec::new();
    for id in person.ids() {
        let wrong = timeline::incidents_of(r, &id)?;
        let clock = ShopClock::new(&r.wired::<Shop>()?.zone, r.now);
        let is_this = |subject: &(String, String)| subject.0 == "order" && subject.1 == stored.id.as_str();
        rows.extend(wrong.into_iter().filter(|incident| is_this(&incident.subject)).map(|incident| {
            WrongRow {
                what: incident.kind.words(),
                since: clock.short(incident.opened_at),
                until: clock.short(incident.holds_until),
                is_open: incident.closed_at.is_none(),
                close: format!("{path}/{}/close", incident.id),
            }
        }));
    }
    let kinds = IncidentKind::ALL.map(|kind| (kind.as_str(), kind.words())).to_vec();
    Ok(WrongCard { open: path, kinds, rows })
}
