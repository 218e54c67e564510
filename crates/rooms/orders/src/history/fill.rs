//! Fills the page of somebody's orders, in their language.

use std::collections::BTreeMap;

use kernel::words::Arg;
use kernel::{Locale, Money, Shop, Timestamp, text};
use messaging::Wording;
use web::Link;

use super::find::{LONGEST_QUERY, Page, Period, Sort, Wanted};
use super::view::{Card, Choice, HistoryPage, Item, Look, None as Nothing};
use crate::OrderId;
use crate::incoming::IncomingLine;
use crate::page::fill::Fill as OrderFill;
use crate::parcels::ParcelSeen;
use crate::store::StoredOrder;

/// Things of an order that stand on its card.
const SHOWN: usize = 3;

/// The words, and whose they are.
pub(super) struct Fill<'a> {
    shop: &'a Shop,
    wording: &'a Wording,
    locale: Locale,
    now: Timestamp,
    parcels: BTreeMap<OrderId, Vec<ParcelSeen>>,
}

impl<'a> Fill<'a> {
    pub fn new(shop: &'a Shop, wording: &'a Wording, person: Option<&Locale>, now: Timestamp) -> Self {
        let locale = kernel::choose(wording.catalogue(), None, person, &shop.locale).locale;
        Fill { shop, wording, locale, now, parcels: BTreeMap::new() }
    }

    /// With the parcels of each order.
    pub fn with_parcels(self, parcels: BTreeMap<OrderId, Vec<ParcelSeen>>) -> Self {
        Fill { parcels, ..self }
    }

    pub fn locale(&self) -> &Locale {
        &self.locale
    }

    /// The whole page; `is_later` when it does not begin with the newest.
    pub fn page(&self, wanted: &Wanted, found: &Page, is_later: bool) -> HistoryPage {
        let (is_narrow, is_empty) = (wanted.is_narrow(), found.orders.is_empty());
        let is_bare = is_empty && !is_narrow && !is_later;
        let older = found.older.as_ref().map(|place| {
            let key = if found.is_cut { "history-further" } else { "history-older" };
            Link::new(self.say(key), self.address(wanted, Some(&place.cursor())))
        });
        HistoryPage {
            heading: self.say("history-heading"),
            look: (!is_bare).then(|| self.look(wanted)),
            orders: found.orders.iter().map(|stored| self.card(stored)).collect(),
            none: (is_empty && !found.is_cut).then(|| self.none(wanted)),
            cut: found.is_cut.then(|| self.say("history-cut")),
            older,
            newest: is_later.then(|| Link::new(self.say("history-newest"), self.address(wanted, None))),
        }
    }

    fn look(&self, wanted: &Wanted) -> Look {
        let state = |sort: &Sort| Choice {
            value: sort.name().to_owned(),
            label: self.say(&format!("history-state-{}", sort.name())),
            chosen: wanted.sort == Some(*sort),
        };
        let period = |period: &Period| Choice {
            value: period.name(),
            label: self.period(*period),
            chosen: wanted.period == Some(*period),
        };
        let every = |key: &str, chosen| Choice { value: String::new(), label: self.say(key), chosen };
        let today = self.now.date_in(&self.shop.zone);
        let states = std::iter::once(every("history-state-any", wanted.sort.is_none()));
        let periods = std::iter::once(every("history-period-any", wanted.period.is_none()));
        Look {
            label: self.say("history-look"),
            words: wanted.words.clone(),
            longest: LONGEST_QUERY,
            state_label: self.say("history-state"),
            states: states.chain(Sort::ALL.iter().map(state)).collect(),
            period_label: self.say("history-period"),
            periods: periods.chain(Period::choices(today).iter().map(period)).collect(),
            submit: self.say("history-submit"),
            clear: wanted.is_narrow().then(|| Link::new(self.say("history-clear"), "/orders")),
        }
    }

    fn period(&self, period: Period) -> String {
        match period {
            Period::Days(days) if days < 60 => self.say("history-period-month"),
            Period::Days(_) => self.say("history-period-half"),
            Period::Year(year) => year.to_string(),
        }
    }

    fn none(&self, wanted: &Wanted) -> Nothing {
        if wanted.is_narrow() {
            return Nothing {
                heading: self.say("history-no-match-heading"),
                text: self.say("history-no-match-text"),
                link: Link::new(self.say("history-clear"), "/orders"),
            };
        }
        Nothing {
            heading: self.say("history-none-heading"),
            text: self.say("history-none-text"),
            link: Link::new(self.say("history-none-link"), "/you"),
        }
    }

    fn card(&self, stored: &StoredOrder) -> Card {
        let order = &stored.order;
        let parcels = self.parcels.get(&stored.id).cloned().unwrap_or_default();
        let said = OrderFill::new(self.shop, self.wording, stored, None, self.now, "");
        let said = said.with_parcels(parcels).said_in(&self.locale);
        let number = text::isolated_in(&order.number, &self.locale);
        let today = self.now.date_in(&self.shop.zone);
        let placed = order.placed_at.date_in(&self.shop.zone);
        let date = self.wording.catalogue().date(&self.locale, placed, today);
        let more = order.lines.len().saturating_sub(SHOWN) as i64;
        Card {
            href: format!("/orders/{}", stored.id),
            anchor: stored.id.to_string(),
            kicker: self.with("page-kicker", &[("order", (&number).into()), ("date", (&date).into())]),
            heading: said.heading(),
            items: order.lines.iter().take(SHOWN).map(|line| self.item(line)).collect(),
            more: (more > 0).then(|| self.with("history-more", &[("count", more.into())])),
            total_label: self.say("page-total"),
            total: Money::new(order.totals.total, order.currency).shown(&self.locale),
            see: self.with("history-see", &[("order", (&number).into())]),
        }
    }

    fn item(&self, line: &IncomingLine) -> Item {
        let quantity = self.with("page-item-quantity", &[("quantity", i64::from(line.quantity).into())]);
        let about = line.variant.iter().map(|variant| text::isolated_in(variant, &self.locale));
        Item {
            image_url: line.image_url.clone(),
            initial: web::assets::initial(&line.title),
            title: line.title.clone(),
            about: about.chain(std::iter::once(quantity)).collect::<Vec<_>>().join(" · "),
        }
    }

    /// The address of this page with what is looked for.
    fn address(&self, wanted: &Wanted, after: Option<&str>) -> String {
        let period = wanted.period.map(Period::name).unwrap_or_default();
        let pairs = [
            ("q", wanted.words.as_str()),
            ("state", wanted.sort.map_or("", Sort::name)),
            ("period", &period),
            ("after", after.unwrap_or_default()),
        ];
        let said = pairs.iter().filter(|(_, value)| !value.is_empty());
        let query: Vec<String> = said.map(|(name, value)| format!("{name}={}", encoded(value))).collect();
        if query.is_empty() { "/orders".to_owned() } else { format!("/orders?{}", query.join("&")) }
    }

    fn say(&self, key: &str) -> String {
        self.with(key, &[])
    }

    fn with(&self, key: &str, args: &[(&str, Arg<'_>)]) -> String {
        self.wording.say(&self.locale, key, args)
    }
}

/// Every byte but letters, digits and what our own cursors are made of, in percent-encoding.
fn encoded(text: &str) -> String {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'_';
    let byte = |b: u8| if plain(b) { char::from(b).to_string() } else { format!("%{b:02X}") };
    text.bytes().map(byte).collect()
}
