//! What a customer can see of an order, and what changed in it. Pure.

use kernel::Date;
use serde::{Deserialize, Serialize};

use crate::incoming::{Address, IncomingOrder};

/// What a customer can see of an order: a change in here is worth a message, any other is not.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Visible {
    /// The lines, in order.
    pub lines: Vec<VisibleLine>,
    /// Discount, delivery and total, in minor units.
    pub discount: i64,
    /// What delivery costs.
    pub shipping: i64,
    /// What the customer pays.
    pub total: i64,
    /// Where it goes.
    pub address: Option<Address>,
    /// The last day it leaves the shop.
    pub ships_by: Option<Date>,
    /// The first day it may arrive.
    pub delivered_from: Option<Date>,
    /// The last day it may arrive.
    pub delivered_to: Option<Date>,
    /// What the customer wrote.
    pub note: Option<String>,
}

/// What a customer can see of a line.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct VisibleLine {
    /// The shop's identifier of the line: the same line before and after a change.
    pub external_id: String,
    /// The product's title.
    pub title: String,
    /// Which variant.
    pub variant: Option<String>,
    /// How many pieces.
    pub quantity: u32,
    /// Minor units for one piece.
    pub unit_price: i64,
}

impl Visible {
    /// What can be seen of this version.
    pub fn of(order: &IncomingOrder) -> Self {
        let lines = order.lines.iter().map(|line| VisibleLine {
            external_id: line.external_id.clone(),
            title: line.title.clone(),
            variant: line.variant.clone(),
            quantity: line.quantity,
            unit_price: line.unit_price,
        });
        Visible {
            lines: lines.collect(),
            discount: order.totals.discount,
            shipping: order.totals.shipping,
            total: order.totals.total,
            address: order.shipping_address.clone(),
            ships_by: order.expected.ships_by,
            delivered_from: order.expected.delivered_from,
            delivered_to: order.expected.delivered_to,
            note: order.note.clone(),
        }
    }

    /// Whether a customer sees no difference: the order of the lines, for one, is none.
    pub fn looks_like(&self, other: &Visible) -> bool {
        differences(self, other).is_empty()
    }
}

/// One thing that changed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum Difference {
    /// A line that is new.
    LineAdded {
        /// The line.
        line: VisibleLine,
    },
    /// A line that is gone.
    LineRemoved {
        /// The line as it was.
        line: VisibleLine,
    },
    /// A line in another number, variant or price.
    LineChanged {
        /// As it was.
        before: VisibleLine,
        /// As it is.
        after: VisibleLine,
    },
    /// Another address.
    Address {
        /// As it was.
        before: Option<Address>,
        /// As it is.
        after: Option<Address>,
    },
    /// Another day of leaving.
    ShipsBy {
        /// As it was.
        before: Option<Date>,
        /// As it is.
        after: Option<Date>,
    },
    /// Other days of arriving.
    Delivery {
        /// As they were.
        before: (Option<Date>, Option<Date>),
        /// As they are.
        after: (Option<Date>, Option<Date>),
    },
    /// Another price of delivery, in minor units.
    Shipping {
        /// As it was.
        before: i64,
        /// As it is.
        after: i64,
    },
    /// Another discount, in minor units.
    Discount {
        /// As it was.
        before: i64,
        /// As it is.
        after: i64,
    },
    /// Another sum, in minor units.
    Total {
        /// As it was.
        before: i64,
        /// As it is.
        after: i64,
    },
    /// Another note.
    Note {
        /// As it was.
        before: Option<String>,
        /// As it is.
        after: Option<String>,
    },
}

impl Difference {
    /// The name used in events, which never say more.
    pub fn name(&self) -> &'static str {
        match self {
            Difference::LineAdded { .. }
            | Difference::LineRemoved { .. }
            | Difference::LineChanged { .. } => "lines",
            Difference::Address { .. } => "address",
            Difference::ShipsBy { .. } | Difference::Delivery { .. } => "expected",
            Difference::Shipping { .. } | Difference::Discount { .. } | Difference::Total { .. } => "totals",
            Difference::Note { .. } => "note",
        }
    }
}

/// What changed, in the order in which it is told: goods, where, when, money.
pub fn differences(before: &Visible, after: &Visible) -> Vec<Difference> {
    let mut found = line_differences(&before.lines, &after.lines);
    let mut push = |changed: bool, difference: Difference| {
        if changed {
            found.push(difference);
        }
    };
    let (from, to) = (&before.address, &after.address);
    push(from != to, Difference::Address { before: from.clone(), after: to.clone() });
    let (from, to) = (before.ships_by, after.ships_by);
    push(from != to, Difference::ShipsBy { before: from, after: to });
    let days = |v: &Visible| (v.delivered_from, v.delivered_to);
    push(days(before) != days(after), Difference::Delivery { before: days(before), after: days(after) });
    let (from, to) = (before.shipping, after.shipping);
    push(from != to, Difference::Shipping { before: from, after: to });
    let (from, to) = (before.discount, after.discount);
    push(from != to, Difference::Discount { before: from, after: to });
    let (from, to) = (before.total, after.total);
    push(from != to, Difference::Total { before: from, after: to });
    let (from, to) = (&before.note, &after.note);
    push(from != to, Difference::Note { before: from.clone(), after: to.clone() });
    found
}

fn line_differences(before: &[VisibleLine], after: &[VisibleLine]) -> Vec<Difference> {
    let same = |a: &VisibleLine, b: &VisibleLine| a.external_id == b.external_id;
    let mut found = Vec::new();
    for line in after {
        match before.iter().find(|old| same(old, line)) {
            None => found.push(Difference::LineAdded { line: line.clone() }),
            Some(old) if old != line => {
                found.push(Difference::LineChanged { before: old.clone(), after: line.clone() });
            }
            Some(_) => {}
        }
    }
    let gone = before.iter().filter(|old| !after.iter().any(|line| same(old, line)));
    found.extend(gone.map(|line| Difference::LineRemoved { line: line.clone() }));
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(id: &str, quantity: u32) -> VisibleLine {
        VisibleLine {
            external_id: id.into(),
            title: id.to_uppercase(),
            variant: None,
            quantity,
            unit_price: 100,
        }
    }

    #[test]
    fn the_same_order_has_no_differences() {
        let order = Visible { lines: vec![line("a", 1)], total: 100, ..Visible::default() };
        assert_eq!(differences(&order, &order), []);
    }

    #[test]
    fn each_change_is_named_once() {
        let before = Visible { lines: vec![line("a", 1), line("b", 1)], total: 200, ..Visible::default() };
        let after = Visible { lines: vec![line("a", 2), line("c", 1)], total: 300, ..Visible::default() };
        let found = differences(&before, &after);
        assert_eq!(
            found,
            [
                Difference::LineChanged { before: line("a", 1), after: line("a", 2) },
                Difference::LineAdded { line: line("c", 1) },
                Difference::LineRemoved { line: line("b", 1) },
                Difference::Total { before: 200, after: 300 },
            ]
        );
        assert!(found.iter().all(|difference| ["lines", "totals"].contains(&difference.name())));
    }

    #[test]
    fn the_order_of_lines_is_not_a_change_worth_telling() {
        let before = Visible { lines: vec![line("a", 1), line("b", 1)], ..Visible::default() };
        let after = Visible { lines: vec![line("b", 1), line("a", 1)], ..Visible::default() };
        assert_eq!(differences(&before, &after), []);
        assert!(before.looks_like(&after) && before != after);
    }
}
