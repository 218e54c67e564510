//! A product as stored, and looking at products.

use db::Read;
use kernel::{Money, Result, Timestamp};

use crate::incoming::{Care, Stock, ToldBy};
use crate::{ProductId, VariantId, store};

/// A product as stored.
#[derive(Clone, Debug, PartialEq)]
pub struct Product {
    /// Its identifier.
    pub id: ProductId,
    /// Whose it is.
    pub source: String,
    /// What it is recognised by.
    pub(crate) key: String,
    /// The source's identifier.
    pub external_id: Option<String>,
    /// Its title.
    pub title: String,
    /// Its page.
    pub url: Option<String>,
    /// Its picture.
    pub image_url: Option<String>,
    /// For how many days one piece lasts.
    pub cycle_days: Option<u32>,
    /// How to look after it, by language.
    pub care: Vec<Care>,
    /// Who told of it last.
    pub told_by: ToldBy,
    /// Which version that was.
    pub updated_at: Timestamp,
    /// When the platform said it was gone. Old orders still show it.
    pub deleted_at: Option<Timestamp>,
    /// Its variants, those that are gone too.
    pub variants: Vec<Variant>,
}

/// A variant as stored.
#[derive(Clone, Debug, PartialEq)]
pub struct Variant {
    /// Its identifier.
    pub id: VariantId,
    /// The source's identifier.
    pub external_id: Option<String>,
    /// The stock keeping unit.
    pub sku: Option<String>,
    /// What tells it from the product's other variants.
    pub title: Option<String>,
    /// What one piece costs.
    pub price: Option<Money>,
    /// How many there are.
    pub stock: Stock,
    /// Its own picture.
    pub image_url: Option<String>,
    /// When it was last told without this variant.
    pub deleted_at: Option<Timestamp>,
}

/// The product by this identifier.
pub fn product(r: &mut Read<'_>, id: &ProductId) -> Result<Option<Product>> {
    store::product(r, id)
}

/// A page of products, newest first, that come after `after` in that order; from the newest when there is none.
pub fn list(r: &mut Read<'_>, after: Option<&ProductId>, limit: i64) -> Result<Vec<Product>> {
    store::list(r, after, limit)
}

/// How many products there are.
pub fn count(r: &mut Read<'_>) -> Result<i64> {
    store::count(r)
}
