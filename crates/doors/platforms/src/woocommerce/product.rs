//! WooCommerce's product: `product.created`, `product.updated`, `product.restored` and `product.deleted`. Pure.
//!
//! A simple product is its own only variant. A variable one tells the identifiers of its variations alone; each of
//! them comes as a product of its own that names its parent.

use catalogue::{IncomingProduct, IncomingVariant, MAX_MINOR, MAX_TITLE, Stock, ToldBy};
use kernel::fields::Fields;
use kernel::{Money, Result, Timestamp};
use serde_json::Value;

use crate::products::{Notice, Told, identifier, items, json, link, sku, text, title};

const DELETED: &str = "product.deleted";
const TOPICS: [&str; 4] = ["product.created", "product.updated", "product.restored", DELETED];

/// Whether the body of this topic is a product.
pub fn is_topic(topic: &str) -> bool {
    TOPICS.contains(&topic)
}

/// Reads a product. The error names every field that can't be believed.
pub fn read(topic: &str, body: &[u8], notice: &Notice<'_>) -> Result<Told> {
    let told = json(body)?;
    let mut fields = Fields::believing();
    let read = if topic == DELETED {
        identifier(&mut fields, &told, "id").map(Told::Gone)
    } else {
        version(&mut fields, &told, notice).map(|product| Told::Version(Box::new(product)))
    };
    fields.finish_with(read)
}

/// `None` only when `fields` holds the reason.
fn version(fields: &mut Fields, told: &Value, notice: &Notice<'_>) -> Option<IncomingProduct> {
    let id = identifier(fields, told, "id");
    let parent = text(told, "parent_id").filter(|parent| parent != "0");
    let is_variation = text(told, "type").as_deref() == Some("variation");
    let updated_at = updated_at(fields, told, notice.now);
    let picture = link(items(told, "images").first().and_then(|image| text(image, "src")));
    let picture = picture.or_else(|| link(told.get("image").and_then(|image| text(image, "src"))));
    let has_variations = !items(told, "variations").is_empty();
    let variant = variant(fields, told, notice);
    let product = IncomingProduct {
        source: notice.source.to_owned(),
        external_id: None,
        told_by: ToldBy::Platform,
        updated_at: updated_at?,
        title: None,
        url: link(text(told, "permalink")),
        image_url: picture.clone(),
        cycle_days: None,
        care: Vec::new(),
        variants: Vec::new(),
        is_whole: false,
    };
    if is_variation {
        let parent = fields.required("/parent_id", parent)?;
        // Its own page and picture are the variation's: the product keeps its own.
        let variant =
            IncomingVariant { external_id: id, image_url: picture, title: options(told), ..variant };
        let (url, image_url) = (None, None);
        return Some(IncomingProduct {
            external_id: Some(parent),
            url,
            image_url,
            variants: vec![variant],
            ..product
        });
    }
    let title = title(fields, told, "name");
    let title = fields.required("/name", title);
    let own = IncomingVariant { external_id: id.clone(), ..variant };
    let variants = if has_variations { Vec::new() } else { vec![own] };
    Some(IncomingProduct { external_id: Some(id?), title: Some(title?), variants, ..product })
}

/// WooCommerce tells UTC without saying so.
fn updated_at(fields: &mut Fields, told: &Value, now: Timestamp) -> Option<Timestamp> {
    let at = text(told, "date_modified_gmt").or_else(|| text(told, "date_created_gmt"));
    match at {
        Some(at) => fields.instant("/date_modified_gmt", &format!("{}Z", at.trim_end_matches('Z'))),
        None => Some(now),
    }
}

fn variant(fields: &mut Fields, told: &Value, notice: &Notice<'_>) -> IncomingVariant {
    let price = text(told, "price").or_else(|| text(told, "regular_price"));
    let price = price.and_then(|price| fields.decimal("/price", &price, notice.currency, MAX_MINOR));
    IncomingVariant {
        external_id: None,
        sku: sku(told),
        title: None,
        price: price.map(|minor| Money::new(minor, notice.currency)),
        stock: stock(told),
        image_url: None,
    }
}

/// `Blue, large`: what a variation's attributes were set to.
fn options(told: &Value) -> Option<String> {
    let options = items(told, "attributes").iter().filter_map(|attribute| text(attribute, "option"));
    let options: Vec<String> = options.collect();
    kernel::text::line(&options.join(", "), MAX_TITLE).ok()
}

/// A variation may leave the counting to its parent: then its own number says nothing.
fn stock(told: &Value) -> Stock {
    match (text(told, "manage_stock").as_deref(), told.get("stock_quantity").and_then(Value::as_i64)) {
        (Some("true"), Some(pieces)) => Stock::Pieces(pieces),
        (Some("false"), _) => Stock::Untracked,
        _ => Stock::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::Currency;
    use serde_json::json;

    fn notice() -> Notice<'static> {
        let currency = Currency::parse("EUR").unwrap();
        Notice { source: "woocommerce:con_1", currency, now: Timestamp::from_ms(1_790_000_000_000) }
    }

    fn read_version(told: &Value) -> Result<IncomingProduct> {
        match read("product.updated", told.to_string().as_bytes(), &notice())? {
            Told::Version(product) => Ok(*product),
            Told::Gone(id) => panic!("{id} is gone"),
        }
    }

    #[test]
    fn a_simple_product_is_its_own_variant() {
        let product = read_version(&json!({
            "id": 794, "name": "Premium Quality", "type": "simple", "permalink": "https://shop.example/p/premium",
            "date_modified_gmt": "2026-11-20T10:00:00", "sku": "PQ-1", "price": "21.99", "manage_stock": true,
            "stock_quantity": 7, "parent_id": 0, "variations": [], "images": [{ "id": 1, "src": "https://shop.example/p.jpg" }],
        }))
        .unwrap();
        assert_eq!(
            (product.external_id.as_deref(), product.title.as_deref()),
            (Some("794"), Some("Premium Quality"))
        );
        assert_eq!(product.updated_at.to_string(), "2026-11-20T10:00:00Z");
        assert_eq!(product.url.as_deref(), Some("https://shop.example/p/premium"));
        let variant = &product.variants[0];
        assert_eq!((variant.external_id.as_deref(), variant.stock), (Some("794"), Stock::Pieces(7)));
        assert_eq!(variant.price.map(|price| price.decimal()).as_deref(), Some("21.99"));
    }

    #[test]
    fn a_variation_belongs_to_its_parent_and_a_parent_has_no_variant_of_its_own() {
        let blue = read_version(&json!({
            "id": 800, "name": "Hoodie - Blue", "type": "variation", "parent_id": 799, "sku": "H-B", "price": "40",
            "manage_stock": "parent", "stock_quantity": 3, "image": { "src": "https://shop.example/blue.jpg" },
            "attributes": [{ "name": "Colour", "option": "Blue" }, { "name": "Size", "option": "L" }],
        }))
        .unwrap();
        assert_eq!((blue.external_id.as_deref(), blue.title.as_deref()), (Some("799"), None));
        let variant = &blue.variants[0];
        assert_eq!((variant.title.as_deref(), variant.stock), (Some("Blue, L"), Stock::Unknown));
        assert_eq!(variant.image_url.as_deref(), Some("https://shop.example/blue.jpg"));
        let hoodie =
            json!({ "id": 799, "name": "Hoodie", "type": "variable", "variations": [800], "price": "" });
        assert!(read_version(&hoodie).unwrap().variants.is_empty());
    }

    #[test]
    fn what_can_not_be_believed_is_named() {
        let error =
            read_version(&json!({ "name": "", "price": "a lot", "date_modified_gmt": "soon" })).unwrap_err();
        let named: Vec<_> = error.fields().iter().map(|field| field.pointer.as_str()).collect();
        assert_eq!(named, ["/id", "/date_modified_gmt", "/price"]);
        let gone = read("product.deleted", br#"{"id":794}"#, &notice()).unwrap();
        assert_eq!(gone, Told::Gone("794".to_owned()));
    }
}
