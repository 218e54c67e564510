//! Shopify's product: `products/create`, `products/update` and `products/delete`. Pure.
//!
//! Its page is not told, nor its currency, which is the shop's. Stock is what Shopify counts over all its places.

use catalogue::{IncomingProduct, IncomingVariant, MAX_MINOR, MAX_TITLE, MAX_VARIANTS, Stock, ToldBy};
use kernel::fields::Fields;
use kernel::{Currency, Money, Result};
use serde_json::Value;

use crate::products::{Notice, Told, identifier, items, json, link, plain, sku, text, title};

const DELETE: &str = "products/delete";
const TOPICS: [&str; 3] = ["products/create", "products/update", DELETE];
/// What Shopify calls the only variant of a product that has none.
const ONLY_VARIANT: &str = "Default Title";

/// Whether the body of this topic is a product.
pub fn is_topic(topic: &str) -> bool {
    TOPICS.contains(&topic)
}

/// Reads a product. The error names every field that can't be believed.
pub fn read(topic: &str, body: &[u8], notice: &Notice<'_>) -> Result<Told> {
    let told = json(body)?;
    let mut fields = Fields::believing();
    let read = if topic == DELETE {
        identifier(&mut fields, &told, "id").map(Told::Gone)
    } else {
        version(&mut fields, &told, notice).map(|product| Told::Version(Box::new(product)))
    };
    fields.finish_with(read)
}

/// `None` only when `fields` holds the reason.
fn version(fields: &mut Fields, told: &Value, notice: &Notice<'_>) -> Option<IncomingProduct> {
    let external_id = identifier(fields, told, "id");
    let title = title(fields, told, "title");
    let title = fields.required("/title", title);
    let updated_at = match text(told, "updated_at") {
        Some(at) => fields.instant("/updated_at", &at),
        None => Some(notice.now),
    };
    let variants = items(told, "variants");
    let images = items(told, "images");
    let read = variants.iter().take(MAX_VARIANTS).enumerate();
    let read = read.filter_map(|(place, told)| variant(fields, place, told, images, notice.currency));
    let read = read.collect();
    let cover = told.get("image").and_then(|image| text(image, "src"));
    let cover = cover.or_else(|| images.first().and_then(|image| text(image, "src")));
    Some(IncomingProduct {
        source: notice.source.to_owned(),
        external_id: Some(external_id?),
        told_by: ToldBy::Platform,
        updated_at: updated_at?,
        title: Some(title?),
        url: None,
        image_url: link(cover),
        cycle_days: None,
        care: Vec::new(),
        variants: read,
        is_whole: variants.len() <= MAX_VARIANTS,
    })
}

fn variant(
    fields: &mut Fields,
    place: usize,
    told: &Value,
    images: &[Value],
    currency: Currency,
) -> Option<IncomingVariant> {
    let external_id = identifier(fields, told, "id")?;
    let named = text(told, "title").filter(|title| title != ONLY_VARIANT);
    let price = text(told, "price")
        .and_then(|price| fields.decimal(&format!("/variants/{place}/price"), &price, currency, MAX_MINOR));
    Some(IncomingVariant {
        image_url: link(image(told, &external_id, images)),
        external_id: Some(external_id),
        sku: sku(told),
        title: named.and_then(|title| fields.line(&format!("/variants/{place}/title"), &title, MAX_TITLE)),
        price: price.map(|minor| Money::new(minor, currency)),
        stock: stock(told),
    })
}

/// The picture that names the variant, or that the variant names.
fn image(variant: &Value, id: &str, images: &[Value]) -> Option<String> {
    let own = text(variant, "image_id");
    let is_its = |image: &&Value| {
        let named = items(image, "variant_ids").iter().any(|named| plain(named).as_deref() == Some(id));
        named || (own.is_some() && text(image, "id") == own)
    };
    images.iter().find(is_its).and_then(|image| text(image, "src"))
}

/// Shopify counts what it manages; older versions say so in words.
fn stock(variant: &Value) -> Stock {
    let is_managed = match variant.get("inventory_management") {
        Some(Value::Null) => false,
        Some(_) | None => true,
    };
    match variant.get("inventory_quantity").and_then(Value::as_i64) {
        _ if !is_managed => Stock::Untracked,
        Some(pieces) => Stock::Pieces(pieces),
        None => Stock::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::Timestamp;
    use serde_json::json;

    fn notice() -> Notice<'static> {
        let currency = Currency::parse("GBP").unwrap();
        Notice { source: "shopify:con_1", currency, now: Timestamp::from_ms(1_790_000_000_000) }
    }

    fn tea() -> Value {
        json!({
            "id": 788032119674292922_u64, "title": "First Flush Darjeeling", "handle": "first-flush",
            "updated_at": "2026-11-20T11:00:00+01:00", "status": "active",
            "variants": [
                { "id": 1, "product_id": 788032119674292922_u64, "title": "100 g", "price": "12.00", "sku": "TEA-1",
                  "inventory_management": "shopify", "inventory_quantity": -2, "image_id": null },
                { "id": 2, "title": "200 g", "price": 22.5, "sku": "", "inventory_management": null,
                  "inventory_quantity": 0, "image_id": 32 },
            ],
            "images": [
                { "id": 31, "src": "https://cdn.shopify.example/tin.jpg", "variant_ids": [1] },
                { "id": 32, "src": "https://cdn.shopify.example/bag.jpg", "variant_ids": [] },
            ],
            "image": { "id": 31, "src": "https://cdn.shopify.example/cover.jpg" },
        })
    }

    fn version_of(body: &Value) -> IncomingProduct {
        match read("products/update", body.to_string().as_bytes(), &notice()).unwrap() {
            Told::Version(product) => *product,
            Told::Gone(id) => panic!("{id} is gone"),
        }
    }

    #[test]
    fn a_product_is_read_with_its_variants_pictures_and_stock() {
        let product = version_of(&tea());
        assert_eq!(product.external_id.as_deref(), Some("788032119674292922"));
        assert_eq!(product.updated_at.to_string(), "2026-11-20T10:00:00Z");
        assert_eq!(product.image_url.as_deref(), Some("https://cdn.shopify.example/cover.jpg"));
        assert!(product.is_whole && product.url.is_none());
        let [small, large] = &product.variants[..] else { panic!("{:?}", product.variants) };
        assert_eq!((small.sku.as_deref(), small.price.map(|p| p.minor)), (Some("TEA-1"), Some(1200)));
        assert_eq!((small.stock, large.stock), (Stock::Pieces(-2), Stock::Untracked));
        assert_eq!((large.sku.as_deref(), large.price.map(|p| p.minor)), (None, Some(2250)));
        assert_eq!(small.image_url.as_deref(), Some("https://cdn.shopify.example/tin.jpg"));
        assert_eq!(large.image_url.as_deref(), Some("https://cdn.shopify.example/bag.jpg"));
    }

    #[test]
    fn what_is_harmless_is_left_out_and_what_is_not_is_named() {
        let mut told = tea();
        told["variants"][0]["title"] = json!("Default Title");
        told["image"]["src"] = json!("javascript:alert(1)");
        let product = version_of(&told);
        assert_eq!((product.variants[0].title.as_deref(), product.image_url), (None, None));
        told["title"] = json!(null);
        told["variants"][1]["price"] = json!("1,50");
        let error = read("products/create", told.to_string().as_bytes(), &notice()).unwrap_err();
        let named: Vec<_> = error.fields().iter().map(|field| field.pointer.as_str()).collect();
        assert_eq!(named, ["/title", "/variants/1/price"]);
        assert_eq!(read("products/create", b"[", &notice()).unwrap_err().code(), "unreadable");
    }

    #[test]
    fn a_deleted_product_is_named_by_its_identifier_alone() {
        let gone = read("products/delete", br#"{"id":788032119674292922}"#, &notice()).unwrap();
        assert_eq!(gone, Told::Gone("788032119674292922".to_owned()));
        assert!(read("products/delete", b"{}", &notice()).is_err());
    }
}
