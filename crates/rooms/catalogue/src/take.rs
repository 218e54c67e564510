//! The way in for a version of a product, in one write.

use db::Write;
use kernel::{Error, Result, Timestamp};

use crate::incoming::{IncomingProduct, IncomingVariant, Stock, ToldBy};
use crate::product::{Product, Variant};
use crate::rules::{Standing, is_just_now, key, takes_over};
use crate::store::{self, Named};
use crate::{ProductId, VariantId};

/// What a version of a product did to what is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// The product, or one of the variants told, is new.
    Created,
    /// Something is stored otherwise than before.
    Changed,
    /// The same as, or older than, what is stored.
    Stale,
}

/// Takes one version of a product in. The same version twice has the effect of once.
pub fn take(w: &mut Write<'_>, incoming: &IncomingProduct) -> Result<Effect> {
    incoming.check()?;
    let Some(stored) = find(w, incoming)? else {
        let product = new_product(w, incoming)?;
        let known = vec![None; incoming.variants.len()];
        write(w, &product, incoming, &known)?;
        return Ok(Effect::Created);
    };
    if !takes_over(&standing(&stored), incoming.told_by, incoming.updated_at) {
        return Ok(Effect::Stale);
    }
    let known = matched(&stored, incoming);
    let product = merged(&stored, incoming);
    if says_nothing_new(&stored, &product, incoming, &known) {
        if !is_seen_again(&stored, incoming) {
            // The version counts all the same: an older one that comes later must not pass for news.
            store::save_product(w, &product)?;
        }
        return Ok(Effect::Stale);
    }
    write(w, &product, incoming, &known)?;
    delete_the_others(w, &stored, incoming, &known)?;
    let is_new = known.iter().any(Option::is_none);
    Ok(if is_new { Effect::Created } else { Effect::Changed })
}

fn standing(stored: &Product) -> Standing {
    Standing { told_by: stored.told_by, updated_at: stored.updated_at, deleted_at: stored.deleted_at }
}

/// A platform tells all variants of a product: any other is gone.
fn delete_the_others(
    w: &mut Write<'_>,
    stored: &Product,
    incoming: &IncomingProduct,
    known: &[Option<Variant>],
) -> Result<()> {
    if !incoming.is_whole {
        return Ok(());
    }
    let told = |variant: &Variant| known.iter().flatten().any(|known| known.id == variant.id);
    for variant in stored.variants.iter().filter(|variant| !told(variant)) {
        store::delete_variant(w, &variant.id, incoming.updated_at)?;
    }
    Ok(())
}

/// The platform says that a product is gone. It stays known: old orders show it.
pub fn forget(w: &mut Write<'_>, source: &str, external_id: &str, at: Timestamp) -> Result<Effect> {
    match store::find(w, source, Named::Key(&key(Some(external_id), None, "")))? {
        Some(stored) if stored.deleted_at.is_none() => {
            store::delete_product(w, &stored.id, at)?;
            Ok(Effect::Changed)
        }
        Some(_) | None => Ok(Effect::Stale),
    }
}

/// By its identifier; by a stock keeping unit of the same source; by its title.
fn find(w: &mut Write<'_>, incoming: &IncomingProduct) -> Result<Option<Product>> {
    let source = &incoming.source;
    let own_key = own_key(incoming);
    if incoming.external_id.is_some()
        && let Some(found) = store::find(w, source, Named::Key(&own_key))?
    {
        return Ok(Some(found));
    }
    for sku in incoming.variants.iter().filter_map(|variant| variant.sku.as_deref()) {
        // One that has an identifier of its own is another product, should this one have one too.
        let named = if incoming.external_id.is_some() { Named::NamelessSku(sku) } else { Named::Sku(sku) };
        if let Some(found) = store::find(w, source, named)? {
            return Ok(Some(found));
        }
    }
    if incoming.external_id.is_some() { Ok(None) } else { store::find(w, source, Named::Key(&own_key)) }
}

fn own_key(incoming: &IncomingProduct) -> String {
    let sku = incoming.variants.iter().find_map(|variant| variant.sku.as_deref());
    // Variants of one product share its title, so that a table of variants without identifiers is one product.
    match &incoming.title {
        Some(title) => key(incoming.external_id.as_deref(), None, title),
        None => key(incoming.external_id.as_deref(), sku, ""),
    }
}

fn new_product(w: &mut Write<'_>, incoming: &IncomingProduct) -> Result<Product> {
    let Some(title) = incoming.title.clone() else {
        let detail = "This product is not known yet: give its title.";
        return Err(Error::field("/title", "missing", detail));
    };
    Ok(Product {
        id: ProductId::new(w.now, w.dice),
        source: incoming.source.clone(),
        key: own_key(incoming),
        external_id: incoming.external_id.clone(),
        title,
        url: incoming.url.clone(),
        image_url: incoming.image_url.clone(),
        cycle_days: incoming.cycle_days,
        care: incoming.care.clone(),
        told_by: incoming.told_by,
        updated_at: incoming.updated_at,
        deleted_at: None,
        variants: Vec::new(),
    })
}

/// Silence keeps what is known.
fn merged(stored: &Product, incoming: &IncomingProduct) -> Product {
    let mut care = stored.care.clone();
    for told in &incoming.care {
        care.retain(|known| known.locale != told.locale);
        care.push(told.clone());
    }
    care.sort_by(|a, b| a.locale.as_str().cmp(b.locale.as_str()));
    Product {
        key: if incoming.external_id.is_some() { own_key(incoming) } else { stored.key.clone() },
        external_id: incoming.external_id.clone().or(stored.external_id.clone()),
        title: incoming.title.clone().unwrap_or_else(|| stored.title.clone()),
        url: incoming.url.clone().or(stored.url.clone()),
        image_url: incoming.image_url.clone().or(stored.image_url.clone()),
        cycle_days: incoming.cycle_days.or(stored.cycle_days),
        care,
        told_by: incoming.told_by,
        updated_at: incoming.updated_at,
        deleted_at: None,
        ..stored.clone()
    }
}

/// For each variant that is told, the stored one that it is; no stored one is two.
fn matched(stored: &Product, incoming: &IncomingProduct) -> Vec<Option<Variant>> {
    let mut left: Vec<&Variant> = stored.variants.iter().collect();
    let mut found = Vec::with_capacity(incoming.variants.len());
    for told in &incoming.variants {
        let place = left.iter().position(|known| is_same_id(known, told));
        let place = place.or_else(|| left.iter().position(|known| is_same_otherwise(known, told)));
        found.push(place.map(|place| left.remove(place).clone()));
    }
    found
}

fn is_same_id(known: &Variant, told: &IncomingVariant) -> bool {
    told.external_id.is_some() && known.external_id == told.external_id
}

/// Where one of the two has no identifier: by the stock keeping unit, else by what tells it from the others.
fn is_same_otherwise(known: &Variant, told: &IncomingVariant) -> bool {
    let may_be = known.external_id.is_none() || told.external_id.is_none();
    may_be
        && match (&known.sku, &told.sku) {
            (Some(known), Some(told)) => known == told,
            (None, _) | (_, None) => known.title == told.title,
        }
}

/// Whether a version says nothing that is not stored: the same file twice, the same webhook twice.
fn says_nothing_new(
    stored: &Product,
    after: &Product,
    incoming: &IncomingProduct,
    known: &[Option<Variant>],
) -> bool {
    let version = |product: &Product| Product {
        told_by: ToldBy::Import,
        updated_at: Timestamp::default(),
        ..product.clone()
    };
    let same = |(told, known): (&IncomingVariant, &Option<Variant>)| {
        known.as_ref().is_some_and(|known| merged_variant(known, told) == *known)
    };
    let standing = stored.variants.iter().filter(|variant| variant.deleted_at.is_none()).count();
    version(stored) == version(after)
        && incoming.variants.iter().zip(known).all(same)
        && (!incoming.is_whole || standing == incoming.variants.len())
}

/// Whether orders have told the same within a minute: a best seller is written down once a minute and not once an order.
/// An order of that minute that comes late and tells otherwise counts until the next one.
fn is_seen_again(stored: &Product, incoming: &IncomingProduct) -> bool {
    let seen = [stored.told_by, incoming.told_by].iter().all(|by| *by == ToldBy::OrderLine);
    seen && is_just_now(stored.updated_at, incoming.updated_at)
}

fn merged_variant(stored: &Variant, told: &IncomingVariant) -> Variant {
    Variant {
        external_id: told.external_id.clone().or(stored.external_id.clone()),
        sku: told.sku.clone().or(stored.sku.clone()),
        title: told.title.clone().or(stored.title.clone()),
        price: told.price.or(stored.price),
        stock: if told.stock == Stock::Unknown { stored.stock } else { told.stock },
        image_url: told.image_url.clone().or(stored.image_url.clone()),
        deleted_at: None,
        ..stored.clone()
    }
}

fn write(
    w: &mut Write<'_>,
    product: &Product,
    incoming: &IncomingProduct,
    known: &[Option<Variant>],
) -> Result<()> {
    store::save_product(w, product)?;
    for ((told, known), position) in incoming.variants.iter().zip(known).zip(0_i64..) {
        let variant = match known {
            Some(known) => merged_variant(known, told),
            None => new_variant(w, told),
        };
        store::save_variant(w, &product.id, &variant, position)?;
    }
    if incoming.told_by == ToldBy::OrderLine {
        return Ok(());
    }
    for sku in incoming.variants.iter().filter_map(|variant| variant.sku.as_deref()) {
        store::drop_seen_by_sku(w, sku, &product.id)?;
    }
    store::drop_seen_by_title(w, product)
}

fn new_variant(w: &mut Write<'_>, told: &IncomingVariant) -> Variant {
    Variant {
        id: VariantId::new(w.now, w.dice),
        external_id: told.external_id.clone(),
        sku: told.sku.clone(),
        title: told.title.clone(),
        price: told.price,
        stock: told.stock,
        image_url: told.image_url.clone(),
        deleted_at: None,
    }
}
