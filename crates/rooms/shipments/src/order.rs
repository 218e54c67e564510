//! What this room has to know of orders. Rooms never import one another: the binary wires in who answers.

use db::{Read, Write};
use kernel::{CustomerId, Date, Result, Timestamp};
use messaging::Recipient;

use crate::incoming::{DateRange, OrderRef};
use crate::store::Shipment;

/// Who answers questions about orders.
#[derive(Clone, Copy, Debug)]
pub struct Orders {
    /// The order that a source tells under this identifier, `ord_…`.
    pub named: fn(&mut Read<'_>, &OrderRef) -> Result<Option<String>>,
    /// What is known of it.
    pub facts: fn(&mut Read<'_>, order: &str) -> Result<Option<OrderFacts>>,
    /// The ways to its page.
    pub links: fn(&mut Write<'_>, order: &str) -> Result<Links>,
    /// A page of orders that were placed from then until then and that nobody has told to have left, the oldest first.
    pub to_pack: fn(&mut Read<'_>, &ToPack<'_>) -> Result<Vec<Placed>>,
}

/// An order, and when it was placed.
pub type Placed = (String, Timestamp);

/// Which orders are to be packed still.
#[derive(Clone, Copy, Debug)]
pub struct ToPack<'a> {
    /// Placed at or after this.
    pub from: Timestamp,
    /// And, of those placed at `from`, behind this one.
    pub after: &'a str,
    /// Placed before this.
    pub until: Timestamp,
    /// At most so many.
    pub limit: i64,
}

/// The ways to an order's page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Links {
    /// The page.
    pub url: String,
    /// A shorter way to it, for a text.
    pub short_url: Option<String>,
}

/// What is known of an order.
#[derive(Clone, Debug, PartialEq)]
pub struct OrderFacts {
    /// Its identifier, `ord_…`.
    pub id: String,
    /// The number customers know it by.
    pub number: String,
    /// Whose it is.
    pub customer: CustomerId,
    /// The addresses given with it.
    pub recipient: Recipient,
    /// When it was placed.
    pub placed_at: Timestamp,
    /// When we first heard of it: what was missed before is not ours to tell.
    pub first_seen_at: Timestamp,
    /// Whether it stands: placed, and not cancelled.
    pub stands: bool,
    /// Whether it is never spoken of.
    pub is_history: bool,
    /// Whether its customer was forgotten: nothing that leads to a person is kept any more.
    pub is_forgotten: bool,
    /// Whether its shop says that all of it has left.
    pub has_left: bool,
    /// Whether its shop says that all of it has arrived, and nothing of single parcels.
    pub has_arrived: bool,
    /// By when it is to leave, as its customer was told with it.
    pub ships_by: Option<Date>,
    /// When it is to arrive, likewise.
    pub arrives: Option<DateRange>,
    /// Where it goes, ISO 3166-1 alpha-2; the shop's own country is not known.
    pub country: Option<String>,
    /// What was bought.
    pub lines: Vec<OrderedLine>,
}

/// One line of an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderedLine {
    /// The source's identifier of it.
    pub external_id: String,
    /// The product's title.
    pub title: String,
    /// Which variant, in words.
    pub variant: Option<String>,
    /// How many pieces.
    pub quantity: u32,
    /// A picture (`https`).
    pub image_url: Option<String>,
    /// The product's page (`https`).
    pub url: Option<String>,
}

impl OrderFacts {
    /// How many pieces of each line are in none of these parcels. One whose source does not say what is in it holds
    /// everything that the others don't; a further parcel of a shipment, nothing but what that shipment holds.
    pub fn left_after(&self, shipments: &[&Shipment]) -> Vec<(String, u32)> {
        let whole = shipments.iter().filter(|shipment| shipment.part_of.is_none());
        if whole.clone().any(|shipment| shipment.lines.is_empty()) {
            return Vec::new();
        }
        let sent = |line: &str| {
            let pieces = whole.clone().flat_map(|shipment| &shipment.lines).filter(|sent| sent.line == line);
            pieces.map(|sent| sent.quantity).fold(0_u32, u32::saturating_add)
        };
        let left = self
            .lines
            .iter()
            .map(|line| (line.external_id.clone(), line.quantity.saturating_sub(sent(&line.external_id))));
        left.filter(|(_, pieces)| *pieces > 0).collect()
    }
}

/// Another name for a place in the world: who carries a number, and where its page is. The binary wires it in.
#[derive(Clone, Copy, Debug)]
pub struct Carriers {
    /// What a carrier's code is called, for people.
    pub name: fn(code: &str) -> Option<&'static str>,
    /// Every carrier we know: code and name, in the order of their names.
    pub all: fn() -> Vec<(&'static str, &'static str)>,
    /// The carrier's page of a number.
    pub link: fn(code: &str, number: &str) -> Option<String>,
    /// Whose a number may be: the codes, the surest first. `country`: where it goes; `hint`: the name a source gave.
    pub recognise: fn(number: &str, country: Option<&str>, hint: Option<&str>) -> Vec<&'static str>,
}
