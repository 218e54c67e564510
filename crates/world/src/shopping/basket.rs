//! What lies in a basket, and what it costs.

use kernel::{Date, Dice};
use orders::incoming::{IncomingLine, IncomingOrder, Totals};

use super::Kind;
use crate::catalogue::{Product, Shelf, Variant, catalogue, find};
use crate::throws::{chance, pick, pick_by};

/// A discount on the whole basket.
#[derive(Clone, Copy)]
pub(super) struct Offer {
    /// What the customer typed.
    pub(super) code: &'static str,
    percent: i64,
}

/// One to five different products. What is made to order leads its basket; other baskets hold only stock.
pub(super) fn lines(kind: Kind, number: u32, dice: &mut Dice) -> Vec<IncomingLine> {
    let wanted = *pick_by(dice, &[1, 2, 3, 4, 5], |lines| [34, 30, 20, 11, 5][lines - 1]);
    let mut products: Vec<&Product> = Vec::with_capacity(wanted);
    while products.len() < wanted {
        let made = kind == Kind::MadeToOrder && products.is_empty();
        let product = wish(made, kind == Kind::Gift, dice);
        if !products.contains(&product) {
            products.push(product);
        }
    }
    (1..).zip(products).map(|(nth, product)| line(product, number, nth, dice)).collect()
}

fn wish(made: bool, as_gift: bool, dice: &mut Dice) -> &'static Product {
    pick_by(dice, catalogue(), |product| {
        let fits = product.making_days.is_some() == made;
        let liked = if as_gift && product.shelf == Shelf::Gifts { 10 } else { 1 };
        u64::from(product.popularity) * liked * u64::from(fits)
    })
}

fn line(product: &Product, number: u32, nth: u32, dice: &mut Dice) -> IncomingLine {
    let Variant { sku, name, price_pence } = pick(dice, product.variants);
    let quantity = match (product.shelf, dice.below(100)) {
        (Shelf::Tea, 0..5) => 3,
        (Shelf::Tea, 5..20) | (Shelf::Ware | Shelf::Gifts, 0..8) => 2,
        (Shelf::Tea | Shelf::Ware | Shelf::Gifts, _) => 1,
    };
    IncomingLine {
        external_id: format!("{number}-{nth}"),
        sku: Some((*sku).to_owned()),
        title: product.title.to_owned(),
        variant: name.map(str::to_owned),
        quantity,
        unit_price: *price_pence,
        image_url: product.image_url.map(str::to_owned),
        // The shop has no site of its own here, so nothing links to one.
        url: None,
    }
}

/// The most working days that anything in the basket takes to make.
pub(super) fn making_days(lines: &[IncomingLine]) -> u64 {
    let days = lines.iter().filter_map(|line| find(line.sku.as_deref()?)?.0.making_days);
    u64::from(days.max().unwrap_or(0))
}

/// The discount the customer found, if any.
pub(super) fn offer(today: Date, is_first: bool, dice: &mut Dice) -> Option<Offer> {
    let sale = matches!((today.month(), today.day()), (11, 24..));
    if sale && chance(dice, 50) {
        return Some(Offer { code: "BLACKFRIDAY", percent: 20 });
    }
    if is_first && chance(dice, 35) {
        return Some(Offer { code: "WELCOME10", percent: 10 });
    }
    chance(dice, 5).then_some(Offer { code: "THANKYOU5", percent: 5 })
}

/// What the basket costs, brought to `country`.
pub(super) fn totals(lines: &[IncomingLine], offer: Option<Offer>, country: &str, dice: &mut Dice) -> Totals {
    let subtotal = sum(lines);
    let discount = offer.map_or(0, |offer| subtotal * offer.percent / 100);
    let express = country == "GB" && chance(dice, 8);
    let shipping = if express { 695 } else { shipping(subtotal - discount, country) };
    let total = subtotal - discount + shipping;
    // What leaves the country is zero-rated.
    let tax = if country == "GB" { vat_in(total) } else { 0 };
    Totals { subtotal, discount, shipping, tax, tax_included: true, total }
}

/// The totals after the lines of `order` were edited: discount in proportion, delivery as it was.
pub(crate) fn totals_after_edit(order: &IncomingOrder) -> Totals {
    let before = order.totals;
    let subtotal = sum(&order.lines);
    let in_proportion =
        |amount: i64| if before.subtotal == 0 { 0 } else { amount * subtotal / before.subtotal };
    let mut after = Totals { subtotal, discount: in_proportion(before.discount), ..before };
    if before.tax_included {
        after.total = after.computed();
        after.tax = if before.tax == 0 { 0 } else { vat_in(after.total) };
    } else {
        after.tax = in_proportion(before.tax);
        after.total = after.computed();
    }
    after
}

fn sum(lines: &[IncomingLine]) -> i64 {
    lines.iter().map(|line| line.unit_price * i64::from(line.quantity)).sum()
}

/// Delivery is free above an amount that grows with the distance.
fn shipping(goods: i64, country: &str) -> i64 {
    let (free_from, price) = match country {
        "GB" => (4_000, 395),
        "US" => (15_000, 1_495),
        _ => (12_000, 995),
    };
    if goods >= free_from { 0 } else { price }
}

/// The 20 % VAT within an amount, which is a sixth of it, to the nearest penny.
fn vat_in(total: i64) -> i64 {
    (total + 3) / 6
}
