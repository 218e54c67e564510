//! Every parser of outside bytes as a function from bytes to nothing, and what must hold whatever the bytes are.
//!
//! libFuzzer calls them for as long as it is let (`./x fuzz`), and an ordinary test calls them with every input that
//! was worth keeping (`tests/corpora.rs`). A function that finds something wrong panics; so does the code it calls.

mod contact;
mod design;
mod dns;
mod files;
mod forms;
mod gateways;
mod input;
mod json;
mod mail;
mod pages;
mod polled;
mod signatures;
mod smtp;
mod texts;
mod tokens;
mod tracking;
mod values;
mod webhooks;
mod wording;

/// One parser, or several that read the same bytes.
#[derive(Clone, Copy, Debug)]
pub struct Target {
    /// Its name on the command line, and that of its folder below `corpus`.
    pub name: &'static str,
    /// The most bytes that are tried: what is longer tells nothing new and takes its time.
    pub max_bytes: usize,
    /// Reads the bytes; panics when something is wrong.
    pub run: fn(&[u8]),
}

/// All of them.
pub const TARGETS: &[Target] = &[
    target("shopify", 20_000, webhooks::shopify),
    target("woocommerce", 20_000, webhooks::woocommerce),
    target("standard", 12_000, webhooks::standard),
    target("aftership", 20_000, webhooks::aftership),
    target("easypost", 12_000, webhooks::easypost),
    target("shippo", 12_000, webhooks::shippo),
    target("polled", 12_000, polled::polled),
    target("tracking_number", 300, tracking::number),
    target("signatures", 1_000, signatures::signatures),
    target("order_json", 8_000, json::order),
    target("shipment_json", 4_000, json::shipment),
    target("customer_json", 3_000, json::customer),
    target("csv_orders", 4_000, files::orders),
    target("csv_shipments", 2_000, files::shipments),
    target("csv_consents", 2_000, files::consents),
    target("csv_suppressions", 2_000, files::suppressions),
    target("csv_products", 4_000, files::products),
    target("csv_rows", 2_000, files::rows),
    target("contact", 400, contact::contact),
    target("values", 400, values::values),
    target("wording", 4_200, wording::wording),
    target("design", 6_000, design::design),
    target("tokens", 300, tokens::tokens),
    target("forms", 2_000, forms::forms),
    target("texts", 3_000, texts::texts),
    target("gateways", 1_000, gateways::answers),
    target("smtp", 4_000, smtp::replies),
    target("dns", 1_500, dns::dns),
    target("dkim_key", 4_000, dns::key),
    target("mail", 4_000, mail::mail),
    target("pages", 3_000, pages::pages),
];

const fn target(name: &'static str, max_bytes: usize, run: fn(&[u8])) -> Target {
    Target { name, max_bytes, run }
}

/// The target of this name.
pub fn named(name: &str) -> Option<&'static Target> {
    TARGETS.iter().find(|target| target.name == name)
}
