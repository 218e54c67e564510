//! What Northwind Tea sells: loose tea, teaware, gifts, and a few things that are only made when ordered.

/// Something on the shelf, or made when it is ordered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Product {
    /// What the label says.
    pub title: &'static str,
    /// Which part of the shop it stands in.
    pub shelf: Shelf,
    /// How often it is bought, compared with the others.
    pub popularity: u32,
    /// Working days it takes to make, when it isn't kept in stock.
    pub making_days: Option<u32>,
    /// A picture.
    pub image_url: Option<&'static str>,
    /// The sizes or finishes; at least one.
    pub variants: &'static [Variant],
}

/// Which part of the shop a product stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Shelf {
    /// Loose tea and tisanes: used up and bought again.
    Tea,
    /// Pots, cups and tools: bought once.
    Ware,
    /// Boxes and bundles for giving.
    Gifts,
}

/// A size or finish of a product, with its own price.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Variant {
    /// The stock keeping unit.
    pub sku: &'static str,
    /// The size or finish in words; none when there is only one.
    pub name: Option<&'static str>,
    /// Pence for one piece, VAT included.
    pub price_pence: i64,
}

/// Everything the shop sells.
pub fn catalogue() -> &'static [Product] {
    PRODUCTS
}

/// The product and variant that a stock keeping unit names.
pub fn find(sku: &str) -> Option<(&'static Product, &'static Variant)> {
    PRODUCTS.iter().find_map(|product| {
        let variant = product.variants.iter().find(|variant| variant.sku == sku)?;
        Some((product, variant))
    })
}

const fn stocked(
    title: &'static str,
    shelf: Shelf,
    popularity: u32,
    variants: &'static [Variant],
) -> Product {
    Product { title, shelf, popularity, making_days: None, image_url: None, variants }
}

const fn made(
    title: &'static str,
    making_days: u32,
    popularity: u32,
    variants: &'static [Variant],
) -> Product {
    let making_days = Some(making_days);
    Product { title, shelf: Shelf::Ware, popularity, making_days, image_url: None, variants }
}

const fn v(sku: &'static str, name: &'static str, price_pence: i64) -> Variant {
    Variant { sku, name: Some(name), price_pence }
}

const fn only(sku: &'static str, price_pence: i64) -> Variant {
    Variant { sku, name: None, price_pence }
}

use Shelf::{Gifts, Tea, Ware};

#[rustfmt::skip]
const PRODUCTS: &[Product] = &[
    // Black tea.
    stocked("Northwind Breakfast", Tea, 100, &[v("TEA-BRK-100", "100 g", 650), v("TEA-BRK-250", "250 g", 1_395), v("TEA-BRK-500", "500 g", 2_450)]),
    stocked("First Flush Darjeeling", Tea, 60, &[v("TEA-DJ1-50", "50 g", 695), v("TEA-DJ1-100", "100 g", 1_200)]),
    stocked("Second Flush Assam", Tea, 65, &[v("TEA-ASM-100", "100 g", 725), v("TEA-ASM-250", "250 g", 1_595)]),
    stocked("Earl Grey with Cornflower", Tea, 90, &[v("TEA-EGR-100", "100 g", 695), v("TEA-EGR-250", "250 g", 1_495)]),
    stocked("Smoky Lapsang", Tea, 30, &[v("TEA-LAP-100", "100 g", 850)]),
    stocked("Ceylon High Grown", Tea, 45, &[v("TEA-CEY-100", "100 g", 675), v("TEA-CEY-250", "250 g", 1_450)]),
    stocked("Yorkshire Wold Afternoon", Tea, 70, &[v("TEA-YWA-100", "100 g", 625), v("TEA-YWA-250", "250 g", 1_350)]),
    stocked("Keemun Evening", Tea, 20, &[v("TEA-KEE-100", "100 g", 995)]),
    // Green, white, oolong and dark tea.
    stocked("Sencha of the Hillside", Tea, 55, &[v("TEA-SEN-50", "50 g", 750), v("TEA-SEN-100", "100 g", 1_350)]),
    stocked("Genmaicha", Tea, 40, &[v("TEA-GEN-100", "100 g", 795)]),
    stocked("Gunpowder Green", Tea, 30, &[v("TEA-GUN-100", "100 g", 575)]),
    stocked("Jasmine Pearls", Tea, 55, &[v("TEA-JAS-50", "50 g", 895), v("TEA-JAS-100", "100 g", 1_650)]),
    stocked("Ceremonial Matcha", Tea, 50, &[v("TEA-MAT-30", "30 g tin", 2_200)]),
    stocked("Silver Needle", Tea, 15, &[v("TEA-SIL-25", "25 g", 1_150), v("TEA-SIL-50", "50 g", 2_095)]),
    stocked("Iron Goddess Oolong", Tea, 30, &[v("TEA-TGY-50", "50 g", 925)]),
    stocked("Milk Oolong", Tea, 35, &[v("TEA-MLK-50", "50 g", 875), v("TEA-MLK-100", "100 g", 1_595)]),
    stocked("Aged Pu-erh Cake", Tea, 10, &[v("TEA-PUE-200", "200 g", 3_600)]),
    // Without caffeine.
    stocked("Peppermint Leaf", Tea, 60, &[v("TEA-PEP-50", "50 g", 450), v("TEA-PEP-100", "100 g", 795)]),
    stocked("Chamomile Meadow", Tea, 45, &[v("TEA-CHA-50", "50 g", 495)]),
    stocked("Rooibos & Orange", Tea, 40, &[v("TEA-ROO-100", "100 g", 595)]),
    stocked("Lemon Ginger Tisane", Tea, 50, &[v("TEA-LGI-100", "100 g", 625)]),
    stocked("Moorland Heather Tisane", Tea, 20, &[v("TEA-HEA-50", "50 g", 575)]),
    stocked("Winter Spice", Tea, 35, &[v("TEA-WIN-100", "100 g", 725)]),
    // Teaware that is kept in stock.
    stocked("Glass Teapot", Ware, 25, &[v("WAR-GTP-06", "0.6 l", 2_800), v("WAR-GTP-10", "1 l", 3_400)]),
    stocked("Cast Iron Teapot", Ware, 12, &[v("WAR-CIT-BLK", "Black", 5_200), v("WAR-CIT-GRN", "Moss green", 5_200)]),
    stocked("Stoneware Mug", Ware, 40, &[v("WAR-MUG-OAT", "Oat", 1_600), v("WAR-MUG-SLT", "Slate", 1_600), v("WAR-MUG-FRN", "Fern", 1_600)]),
    stocked("Fine Strainer", Ware, 45, &[only("WAR-STR", 895)]),
    stocked("Paper Filters, Pack of 100", Ware, 35, &[only("WAR-FIL-100", 425)]),
    stocked("Bamboo Matcha Whisk", Ware, 25, &[only("WAR-WSK", 1_450)]),
    stocked("Matcha Bowl", Ware, 15, &[v("WAR-BWL-ASH", "Ash glaze", 2_650), v("WAR-BWL-INK", "Ink glaze", 2_650)]),
    stocked("Travel Flask", Ware, 25, &[v("WAR-FLK-35", "350 ml", 2_295), v("WAR-FLK-50", "500 ml", 2_695)]),
    stocked("Tea Scoop, Beech", Ware, 30, &[only("WAR-SCP", 650)]),
    stocked("Airtight Tin", Ware, 35, &[v("WAR-TIN-S", "Small", 750), v("WAR-TIN-L", "Large", 1_050)]),
    // For giving.
    stocked("Discovery Box, Six Teas", Gifts, 40, &[only("GFT-DSC-6", 2_400)]),
    stocked("Breakfast for Two", Gifts, 20, &[only("GFT-BF2", 4_250)]),
    stocked("Tasting Library, 24 Teas", Gifts, 25, &[only("GFT-LIB-24", 3_800)]),
    stocked("Sleep Well Set", Gifts, 20, &[only("GFT-SLP", 2_950)]),
    // Made when ordered.
    made("Engraved Tea Caddy", 6, 40, &[v("MTO-CAD-CU", "Copper, engraved", 5_800), v("MTO-CAD-BR", "Brass, engraved", 5_400)]),
    made("Hand-Thrown Teapot", 15, 30, &[v("MTO-POT-CEL", "Celadon", 9_800), v("MTO-POT-TEN", "Tenmoku", 9_800), v("MTO-POT-SLT", "Salt glaze", 10_500)]),
    made("Named Enamel Mug", 4, 50, &[v("MTO-MUG-WHT", "White", 2_100), v("MTO-MUG-BLU", "Harbour blue", 2_100)]),
    made("Oak Tea Chest, Your Blend", 10, 15, &[only("MTO-CHE-OAK", 14_500)]),
    made("Family Teacup Set of Four", 20, 12, &[v("MTO-CUP-4", "With initials", 16_800)]),
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use orders::incoming::MAX_TITLE;

    #[test]
    fn the_shop_sells_about_forty_products() {
        assert!((38..=45).contains(&catalogue().len()), "{}", catalogue().len());
        let made_to_order = catalogue().iter().filter(|product| product.making_days.is_some()).count();
        assert!(made_to_order >= 3);
    }

    #[test]
    fn every_variant_has_a_price_and_its_own_sku() {
        let variants: Vec<_> = catalogue().iter().flat_map(|product| product.variants).collect();
        let skus: BTreeSet<_> = variants.iter().map(|variant| variant.sku).collect();
        assert_eq!(skus.len(), variants.len());
        assert!(variants.iter().all(|variant| (100..30_000).contains(&variant.price_pence)));
        for product in catalogue() {
            assert!(!product.variants.is_empty() && product.popularity > 0, "{}", product.title);
            assert!(product.title.chars().count() <= MAX_TITLE);
            assert!(
                product.variants.len() == 1 || product.variants.iter().all(|variant| variant.name.is_some())
            );
        }
    }

    #[test]
    fn a_sku_leads_back_to_its_product() {
        let (product, variant) = find("TEA-DJ1-100").unwrap();
        assert_eq!((product.title, variant.price_pence), ("First Flush Darjeeling", 1_200));
        assert_eq!(find("TEA-NONE"), None);
    }
}
