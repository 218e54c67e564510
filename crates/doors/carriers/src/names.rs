//! What people, platforms and services call a carrier, and which one is meant.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use crate::table::{CARRIERS, Carrier};

/// The most characters of a name that are looked at, and the most words.
const MAX_CHARS: usize = 200;
const MAX_WORDS: usize = 6;

/// Every name, folded, and whose it is. Some are those of several: DHL is one company in Germany and another at its borders.
static NAMES: LazyLock<BTreeMap<String, Vec<&'static Carrier>>> = LazyLock::new(|| {
    let mut names: BTreeMap<String, Vec<&'static Carrier>> = BTreeMap::new();
    for carrier in CARRIERS {
        for name in [carrier.code, carrier.name].iter().chain(carrier.names) {
            let called = names.entry(folded(name)).or_default();
            if called.iter().all(|known| known.code != carrier.code) {
                called.push(carrier);
            }
        }
    }
    names
});

/// The carriers that are called so. The longest beginning of the name that is one counts: "DHL Express (DE)" is DHL
/// Express and not DHL, "UPS Standard" is UPS.
pub fn called(name: &str) -> &'static [&'static Carrier] {
    let text: String = name.chars().take(MAX_CHARS).collect();
    let words: Vec<String> = text
        .split(|char: char| !char.is_alphanumeric())
        .map(folded)
        .filter(|word| !word.is_empty())
        .take(MAX_WORDS)
        .collect();
    let beginnings = (1..=words.len()).rev().map(|count| words[..count].concat());
    beginnings.filter_map(|name| NAMES.get(&name)).next().map(Vec::as_slice).unwrap_or_default()
}

/// Letters and digits without their capitals.
fn folded(name: &str) -> String {
    name.chars().filter(|char| char.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(name: &str) -> Vec<&'static str> {
        called(name).iter().map(|carrier| carrier.code).collect()
    }

    #[test]
    fn every_carrier_is_found_by_its_code_and_by_each_of_its_names() {
        for carrier in CARRIERS {
            for name in [carrier.code, carrier.name].iter().chain(carrier.names) {
                assert!(codes(name).contains(&carrier.code), "{name} is {}", carrier.code);
            }
        }
    }

    #[test]
    fn the_names_of_platforms_and_services_lead_to_their_carrier() {
        for (name, code) in [
            // Shopify and the pages of shops.
            ("UPS", "ups"),
            ("Royal Mail", "royal-mail"),
            ("Royal Mail Tracked 48", "royal-mail"),
            ("DHL Express (DE)", "dhl-express"),
            ("Deutsche Post (DE)", "deutsche-post"),
            ("DPD UK", "dpd-uk"),
            ("DPD (UK) Next Day", "dpd-uk"),
            ("DPD Germany", "dpd"),
            ("Japan Post (EN)", "japan-post"),
            ("Amazon Logistics UK", "amazon"),
            ("Portal PostNord", "postnord"),
            ("PostNord SE", "postnord"),
            ("New Zealand Post", "nz-post"),
            ("Post NL", "postnl"),
            ("ÖSTERREICHISCHE POST", "austrian-post"),
            ("佐川急便", "sagawa"),
            ("  fedex international priority ", "fedex"),
            // Slugs of AfterShip.
            ("dhl-germany", "dhl-paket"),
            ("deutsch-post", "deutsche-post"),
            ("parcel-force", "parcelforce"),
            ("hermes-de", "hermes"),
            ("myhermes-uk", "evri"),
            ("colissimo", "colissimo"),
            ("chronopost-france", "chronopost"),
            ("postnl-3s", "postnl"),
            ("belgium-post", "bpost"),
            ("spain-correos-es", "correos"),
            ("taqbin-jp", "yamato"),
            ("danmark-post", "postnord"),
            ("brazil-correios", "correios"),
            ("portugal-ctt", "ctt"),
            ("inpost-paczkomaty", "inpost"),
            ("hong-kong-post", "hongkong-post"),
            ("china-ems", "china-post"),
            // EasyPost and Shippo.
            ("DHLExpress", "dhl-express"),
            ("UPSMailInnovations", "ups"),
            ("dhl_express", "dhl-express"),
            ("hermes_uk", "evri"),
        ] {
            assert_eq!(codes(name).first(), Some(&code), "{name}");
        }
    }

    #[test]
    fn a_name_of_several_is_that_of_several_and_one_of_nobody_of_none() {
        assert_eq!(codes("DHL"), ["dhl-express", "dhl-parcel-uk", "dhl-paket", "dhl-ecommerce-nl"]);
        assert_eq!(codes("DPD"), ["dpd", "dpd-uk"]);
        assert_eq!(codes("Hermes"), ["evri", "hermes"]);
        for nobody in ["", "Other", "-", "Express", "the moon", "\u{0}\u{202E}", "Post"] {
            assert!(codes(nobody).is_empty(), "{nobody}");
        }
        assert!(codes(&"UPS".repeat(1_000)).is_empty());
    }
}
