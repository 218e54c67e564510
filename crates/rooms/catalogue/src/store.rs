//! Products, in and out.

use db::{Read, Row, SqlFile, Write, params};
use kernel::{Currency, Error, Locale, Money, Result, Timestamp};

use crate::incoming::{Care, Stock, ToldBy};
use crate::line::Bought;
use crate::product::{Product, Variant};
use crate::rules::folded;
use crate::seen::{SeenLine, SeenOrder};
use crate::{ProductId, VariantId};

db::sql_file!(pub STORE = "store.sql" {
    FIND_PRODUCT_BY_KEY = "find_product_by_key",
    FIND_PRODUCT_BY_SKU = "find_product_by_sku",
    FIND_NAMELESS_BY_SKU = "find_nameless_by_sku",
    FIND_PRODUCT = "find_product",
    VARIANTS_OF = "variants_of",
    CARE_OF = "care_of",
    SAVE_PRODUCT = "save_product",
    SAVE_VARIANT = "save_variant",
    SAVE_CARE = "save_care",
    DELETE_PRODUCT = "delete_product",
    DELETE_VARIANT = "delete_variant",
    DROP_SEEN_VARIANTS_BY_SKU = "drop_seen_variants_by_sku",
    DROP_SEEN_VARIANTS_BY_TITLE = "drop_seen_variants_by_title",
    DROP_SEEN_PRODUCTS = "drop_seen_products",
    TITLES_SEEN_BY_SKU = "titles_seen_by_sku",
    TOLD_BETTER_BY_SKU = "told_better_by_sku",
    TOLD_BETTER_BY_TITLE = "told_better_by_title",
    KNOWN_BY_SKU = "known_by_sku",
    CANDIDATES_BY_SKU = "candidates_by_sku",
    CANDIDATES_BY_TITLE = "candidates_by_title",
    LIST_PRODUCTS = "list_products",
    COUNT_PRODUCTS = "count_products",
});

/// The queries of this crate.
pub static SQL: &[&SqlFile] = &[&STORE];

/// What a product is found by.
pub enum Named<'a> {
    /// Its key.
    Key(&'a str),
    /// A stock keeping unit.
    Sku(&'a str),
    /// A stock keeping unit, where no identifier was ever told.
    NamelessSku(&'a str),
}

/// The product of this source by that name.
pub fn find(r: &mut Read<'_>, source: &str, named: Named<'_>) -> Result<Option<Product>> {
    let (row, column) = match named {
        Named::Key(key) => (r.row(&FIND_PRODUCT_BY_KEY, params![source, key])?, "id"),
        Named::Sku(sku) => (r.row(&FIND_PRODUCT_BY_SKU, params![source, sku])?, "product_id"),
        Named::NamelessSku(sku) => (r.row(&FIND_NAMELESS_BY_SKU, params![source, sku])?, "product_id"),
    };
    match row {
        Some(row) => product(r, &ProductId::stored(row.get(column)?)),
        None => Ok(None),
    }
}

/// The product by this identifier.
pub fn product(r: &mut Read<'_>, id: &ProductId) -> Result<Option<Product>> {
    let Some(row) = r.row(&FIND_PRODUCT, params![id.as_str()])? else { return Ok(None) };
    let variants = r.rows(&VARIANTS_OF, params![id.as_str()])?;
    Ok(Some(Product {
        id: id.clone(),
        source: row.get("source")?,
        key: row.get("key")?,
        external_id: row.get("external_id")?,
        title: row.get("title")?,
        url: row.get("url")?,
        image_url: row.get("image_url")?,
        cycle_days: row.get("cycle_days")?,
        care: care(r, id)?,
        told_by: ToldBy::parse(&row.get::<String>("told_by")?)?,
        updated_at: row.get("updated_at")?,
        deleted_at: row.get("deleted_at")?,
        variants: variants.iter().map(variant_of).collect::<Result<_>>()?,
    }))
}

fn variant_of(row: &Row) -> Result<Variant> {
    let (minor, code): (Option<i64>, Option<String>) = (row.get("price")?, row.get("currency")?);
    let price = match (minor, code) {
        (Some(minor), Some(code)) => Some(Money::new(minor, Currency::parse(&code)?)),
        _ => None,
    };
    let pieces: Option<i64> = row.get("stock")?;
    let stock = match (row.get::<String>("stock_state")?.as_str(), pieces) {
        ("unknown", None) => Stock::Unknown,
        ("untracked", None) => Stock::Untracked,
        ("pieces", Some(pieces)) => Stock::Pieces(pieces),
        _ => return Err(Error::internal("the stock of a variant contradicts itself")),
    };
    Ok(Variant {
        id: VariantId::stored(row.get("id")?),
        external_id: row.get("external_id")?,
        sku: row.get("sku")?,
        title: row.get("title")?,
        price,
        stock,
        image_url: row.get("image_url")?,
        deleted_at: row.get("deleted_at")?,
    })
}

/// How to look after a product, by language.
pub fn care(r: &mut Read<'_>, id: &ProductId) -> Result<Vec<Care>> {
    let care = |row: &Row| {
        Ok(Care { locale: Locale::parse(&row.get::<String>("language")?)?, text: row.get("text")? })
    };
    r.rows(&CARE_OF, params![id.as_str()])?.iter().map(care).collect()
}

/// Writes a product and its care texts.
pub fn save_product(w: &mut Write<'_>, product: &Product) -> Result<()> {
    let now = w.now;
    let (title_key, cycle_days) = (folded(&product.title), product.cycle_days.map(i64::from));
    w.send(
        &SAVE_PRODUCT,
        params![
            product.id.as_str(),
            &product.source,
            &product.key,
            &product.external_id,
            &product.title,
            &title_key,
            &product.url,
            &product.image_url,
            cycle_days,
            product.told_by.as_str(),
            product.updated_at,
            product.deleted_at,
            now,
        ],
    )?;
    for care in &product.care {
        w.send(&SAVE_CARE, params![product.id.as_str(), care.locale.as_str(), &care.text])?;
    }
    Ok(())
}

/// Writes a variant; `position` counts when it is new.
pub fn save_variant(w: &mut Write<'_>, product: &ProductId, variant: &Variant, position: i64) -> Result<()> {
    w.send(
        &SAVE_VARIANT,
        params![
            variant.id.as_str(),
            product.as_str(),
            position,
            &variant.external_id,
            &variant.sku,
            &variant.title,
            variant.price.map(|price| price.minor),
            variant.price.map(|price| price.currency.code()),
            variant.stock.as_str(),
            variant.stock.pieces(),
            &variant.image_url,
        ],
    )?;
    Ok(())
}

/// Marks a product as gone.
pub fn delete_product(w: &mut Write<'_>, id: &ProductId, at: Timestamp) -> Result<()> {
    w.send(&DELETE_PRODUCT, params![id.as_str(), at])?;
    Ok(())
}

/// Marks a variant as gone.
pub fn delete_variant(w: &mut Write<'_>, id: &VariantId, at: Timestamp) -> Result<()> {
    w.send(&DELETE_VARIANT, params![id.as_str(), at])?;
    Ok(())
}

/// Takes away what was only seen in orders of a stock keeping unit that `by` now tells.
pub fn drop_seen_by_sku(w: &mut Write<'_>, sku: &str, by: &ProductId) -> Result<()> {
    let titles = w.rows(&TITLES_SEEN_BY_SKU, params![sku, by.as_str()])?;
    if titles.is_empty() {
        return Ok(());
    }
    w.send(&DROP_SEEN_VARIANTS_BY_SKU, params![sku, by.as_str()])?;
    for row in titles {
        let (source, title_key): (String, String) = (row.get("source")?, row.get("title_key")?);
        w.send(&DROP_SEEN_PRODUCTS, params![&source, &title_key, by.as_str()])?;
    }
    Ok(())
}

/// Takes away what was only seen in orders under the title of a product that is told.
pub fn drop_seen_by_title(w: &mut Write<'_>, product: &Product) -> Result<()> {
    let title_key = folded(&product.title);
    w.send(&DROP_SEEN_VARIANTS_BY_TITLE, params![&product.source, &title_key, product.id.as_str()])?;
    w.send(&DROP_SEEN_PRODUCTS, params![&product.source, &title_key, product.id.as_str()])?;
    Ok(())
}

/// Whether somebody better than an order has told of what stands in a line.
pub fn is_told_better(r: &mut Read<'_>, source: &str, line: &SeenLine) -> Result<bool> {
    if let Some(sku) = &line.sku
        && r.row(&TOLD_BETTER_BY_SKU, params![sku])?.is_some()
    {
        return Ok(true);
    }
    let title_key = folded(&line.title);
    Ok(r.row(&TOLD_BETTER_BY_TITLE, params![source, &title_key])?.is_some())
}

/// A variant that is known, with what its product says of it.
pub struct KnownVariant {
    /// Whose it is.
    pub source: String,
    /// Who told of the product.
    pub told_by: ToldBy,
    /// Which version of it that was.
    pub updated_at: Timestamp,
    /// The product's title.
    pub title: String,
    /// The product's page.
    pub url: Option<String>,
    /// The product's picture.
    pub image_url: Option<String>,
    /// The variant itself.
    pub variant: Variant,
}

/// Everything that is known by the stock keeping units of an order.
pub fn known_by_sku(r: &mut Read<'_>, order: &SeenOrder) -> Result<Vec<KnownVariant>> {
    let skus: Vec<&str> = order.lines.iter().filter_map(|line| line.sku.as_deref()).collect();
    let skus = serde_json::to_string(&skus)?;
    r.rows(&KNOWN_BY_SKU, params![&skus])?.iter().map(known_variant_of).collect()
}

fn known_variant_of(row: &Row) -> Result<KnownVariant> {
    Ok(KnownVariant {
        source: row.get("source")?,
        told_by: ToldBy::parse(&row.get::<String>("told_by")?)?,
        updated_at: row.get("updated_at")?,
        title: row.get("product_title")?,
        url: row.get("url")?,
        image_url: row.get("product_image_url")?,
        variant: variant_of(row)?,
    })
}

/// A product that may be what was bought.
pub struct Candidate {
    /// The product.
    pub product: ProductId,
    /// Its page.
    pub url: Option<String>,
    /// Its picture.
    pub image_url: Option<String>,
    /// The picture of the very variant.
    pub variant_image_url: Option<String>,
    /// For how many days one piece lasts.
    pub cycle_days: Option<u32>,
}

/// Everything that may be what was bought, the best first.
pub fn candidates(r: &mut Read<'_>, bought: &Bought<'_>) -> Result<Vec<Candidate>> {
    let mut rows = match bought.sku {
        Some(sku) => r.rows(&CANDIDATES_BY_SKU, params![bought.source, sku])?,
        None => Vec::new(),
    };
    let title_key = folded(bought.title);
    rows.extend(r.rows(&CANDIDATES_BY_TITLE, params![bought.source, &title_key, bought.variant])?);
    rows.iter().map(candidate_of).collect()
}

fn candidate_of(row: &Row) -> Result<Candidate> {
    Ok(Candidate {
        product: ProductId::stored(row.get("id")?),
        url: row.get("url")?,
        image_url: row.get("image_url")?,
        variant_image_url: row.get("variant_image_url")?,
        cycle_days: row.get("cycle_days")?,
    })
}

/// A page of products, newest first.
pub fn list(r: &mut Read<'_>, after: Option<&ProductId>, limit: i64) -> Result<Vec<Product>> {
    // A text that sorts behind every identifier.
    let before = after.map_or("q", ProductId::as_str);
    let rows = r.rows(&LIST_PRODUCTS, params![before, limit])?;
    let mut products = Vec::with_capacity(rows.len());
    for row in rows {
        products.extend(product(r, &ProductId::stored(row.get("id")?))?);
    }
    Ok(products)
}

/// How many products there are.
pub fn count(r: &mut Read<'_>) -> Result<i64> {
    r.one(&COUNT_PRODUCTS, params![])?.get("products")
}
