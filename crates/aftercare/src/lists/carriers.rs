//! Who tells the rooms which carriers there are.

use shipments::order::Carriers;

/// For shipments: whose a number is, what its carrier is called, and where its page is.
pub fn carriers() -> Carriers {
    Carriers { name: name_of, all, link: carriers::link, recognise: codes_of }
}

fn name_of(code: &str) -> Option<&'static str> {
    carriers::carrier(code).map(|carrier| carrier.name)
}

fn all() -> Vec<(&'static str, &'static str)> {
    let mut all: Vec<_> = carriers::CARRIERS.iter().map(|carrier| (carrier.code, carrier.name)).collect();
    all.sort_by_key(|(_, name)| name.to_lowercase());
    all
}

fn codes_of(number: &str, country: Option<&str>, hint: Option<&str>) -> Vec<&'static str> {
    let candidates = carriers::recognise(number, country, hint);
    candidates.into_iter().map(|candidate| candidate.carrier.code).collect()
}
