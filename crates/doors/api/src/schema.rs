//! The shapes of the API: what is written, what is read back, what goes wrong. The OpenAPI document is made from them.

use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

/// An order. An absent field means the same as `null`; a field that is not listed is refused. Amounts are whole minor
/// units of `currency`.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = example)]
pub struct OrderBody {
    /// Who says so. With `external_id` it names the order; no colon.
    #[schema(min_length = 1, max_length = 120, example = "web")]
    pub source: String,
    /// Your identifier of the order.
    #[schema(min_length = 1, max_length = 120, example = "1042")]
    pub external_id: String,
    /// The number customers know it by.
    #[schema(min_length = 1, max_length = 120, example = "#1042")]
    pub number: String,
    /// Whether the order stands.
    #[schema(value_type = Status)]
    pub status: &'static str,
    /// Where the money is.
    #[schema(value_type = Payment)]
    pub payment: &'static str,
    /// When the customer ordered (RFC 3339). Not in the future.
    #[schema(format = DateTime, example = "2026-11-20T10:00:00Z")]
    pub placed_at: String,
    /// Which version of the order this is (RFC 3339): an older one changes nothing.
    #[schema(format = DateTime, example = "2026-11-20T10:00:00Z")]
    pub updated_at: String,
    /// The currency of every amount (ISO 4217).
    #[schema(min_length = 3, max_length = 3, example = "GBP")]
    pub currency: &'static str,
    /// The language the customer shopped in (BCP 47).
    #[schema(max_length = 35, example = "en-GB")]
    pub locale: Option<String>,
    /// Who ordered.
    pub customer: CustomerBody,
    /// What was ordered.
    #[schema(max_items = 500)]
    pub lines: Vec<LineBody>,
    /// What it costs.
    pub totals: TotalsBody,
    /// Where it goes.
    pub shipping_address: Option<AddressBody>,
    /// When it is made and brought.
    pub expected: Option<ExpectedBody>,
    /// What the customer agreed to with this order. What is absent changes nothing.
    pub consent: Option<ConsentBody>,
    /// Whether it is a present.
    #[schema(required = false, nullable, default = false)]
    pub is_gift: bool,
    /// The customer's note.
    #[schema(max_length = 5000)]
    pub note: Option<String>,
    /// Your tags.
    #[schema(required = false, nullable, max_items = 250)]
    pub tags: Vec<String>,
}

/// An order as it is stored.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct OrderOut {
    /// Our identifier of the order.
    #[schema(example = "ord_01k9z3v5pq7n4m2x8r6t")]
    pub id: String,
    /// Our identifier of the customer.
    #[schema(example = "cus_01k9z3v5pq7n4m2x8r6t")]
    pub customer_id: String,
    /// The customer's page. Whoever has the link may read the order.
    #[schema(format = "uri")]
    pub url: String,
    /// How far the goods are: `unfulfilled`, `partial`, `fulfilled` or `delivered`.
    #[schema(example = "unfulfilled")]
    pub fulfilment: &'static str,
    /// When the goods arrived, where that is known (RFC 3339).
    #[schema(format = DateTime)]
    pub delivered_at: Option<String>,
    /// How much of the money has gone back so far.
    #[schema(example = 0)]
    pub refunded: i64,
    /// The order.
    #[serde(flatten)]
    pub order: OrderBody,
}

/// Orders, newest first.
#[derive(Serialize, ToSchema)]
pub struct OrderList {
    /// The orders of this page.
    pub data: Vec<OrderOut>,
    /// Whether another page follows.
    pub has_more: bool,
}

/// Whether an order stands. `unplaced` is only ever read: begun at a shop platform and not paid for.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
pub enum Status {
    /// Ordered.
    Placed,
    /// Cancelled.
    Cancelled,
    /// Begun.
    Unplaced,
}

/// Where the money is.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
pub enum Payment {
    /// Nothing yet.
    Pending,
    /// Reserved on the card.
    Authorized,
    /// Yours.
    Paid,
    /// Some of it went back.
    PartiallyRefunded,
    /// All of it went back.
    Refunded,
    /// Released without being taken.
    Voided,
}

/// How a person is reached.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
pub enum ChannelWord {
    /// By e-mail.
    Email,
    /// By text message.
    Sms,
}

/// Who ordered: at least an e-mail address or a phone number.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CustomerBody {
    /// Your identifier of the customer; none for a guest.
    #[schema(max_length = 120, example = "c1")]
    pub external_id: Option<String>,
    /// An e-mail address.
    #[schema(format = Email, example = "amina@example.test")]
    pub email: Option<String>,
    /// A phone number with its country code.
    #[schema(example = "+447700900123")]
    pub phone: Option<String>,
    /// The customer's name.
    #[schema(max_length = 200, example = "Amina Khan")]
    pub name: Option<String>,
    /// How they said they want to be told.
    #[schema(value_type = Option<ChannelWord>)]
    pub preferred_channel: Option<&'static str>,
    /// Where their clock stands (IANA).
    #[schema(example = "Europe/London")]
    pub time_zone: Option<String>,
}

/// One line of an order.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LineBody {
    /// Your identifier of the line, unique within the order.
    #[schema(min_length = 1, max_length = 120, example = "l1")]
    pub external_id: String,
    /// The stock keeping unit.
    #[schema(max_length = 120, example = "TEA-1")]
    pub sku: Option<String>,
    /// The product's title.
    #[schema(min_length = 1, max_length = 500, example = "First Flush Darjeeling")]
    pub title: String,
    /// Which variant, in words.
    #[schema(max_length = 500, example = "100 g")]
    pub variant: Option<String>,
    /// How many pieces.
    #[schema(minimum = 1, maximum = 1_000_000, example = 2)]
    pub quantity: u32,
    /// Minor units for one piece.
    #[schema(minimum = 0, example = 1200)]
    pub unit_price: i64,
    /// A picture of the product.
    #[schema(format = "uri", max_length = 2000)]
    pub image_url: Option<String>,
    /// The product's page.
    #[schema(format = "uri", max_length = 2000)]
    pub url: Option<String>,
}

/// What an order costs. `subtotal` is the sum of the lines, and the amounts must add up to `total`.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TotalsBody {
    /// Sum of the lines.
    #[schema(minimum = 0, example = 2400)]
    pub subtotal: i64,
    /// What was taken off, as a positive number.
    #[schema(required = false, nullable, minimum = 0, default = 0)]
    pub discount: i64,
    /// Delivery.
    #[schema(required = false, nullable, minimum = 0, default = 0)]
    pub shipping: i64,
    /// Tax.
    #[schema(required = false, nullable, minimum = 0, default = 0)]
    pub tax: i64,
    /// Whether the tax is inside the other amounts.
    #[schema(required = false, nullable, default = true)]
    pub tax_included: bool,
    /// What the customer pays.
    #[schema(minimum = 0, example = 2795)]
    pub total: i64,
}

/// A postal address.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AddressBody {
    /// Who gets the parcel.
    #[schema(max_length = 200)]
    pub name: Option<String>,
    /// Street and number.
    #[schema(max_length = 500, example = "14 Elm Row")]
    pub line1: String,
    /// Anything more.
    #[schema(max_length = 500)]
    pub line2: Option<String>,
    /// Town.
    #[schema(max_length = 500, example = "Leeds")]
    pub city: String,
    /// State, province or county.
    #[schema(max_length = 500)]
    pub region: Option<String>,
    /// Postcode.
    #[schema(max_length = 120, example = "LS6 2AB")]
    pub postcode: Option<String>,
    /// Country (ISO 3166-1 alpha-2).
    #[schema(min_length = 2, max_length = 2, example = "GB")]
    pub country: String,
}

/// Promised dates, in the destination's calendar.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ExpectedBody {
    /// The last day it leaves you.
    #[schema(format = Date, example = "2026-11-23")]
    pub ships_by: Option<String>,
    /// The first day it may arrive.
    #[schema(format = Date, example = "2026-11-25")]
    pub delivered_from: Option<String>,
    /// The last day it may arrive.
    #[schema(format = Date, example = "2026-11-27")]
    pub delivered_to: Option<String>,
}

/// What the customer agreed to.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConsentBody {
    /// Marketing by e-mail.
    pub marketing_email: Option<bool>,
    /// Marketing by text message.
    pub marketing_sms: Option<bool>,
    /// The words that stood beside the box.
    #[schema(max_length = 5000)]
    pub wording: Option<String>,
    /// When it was said (RFC 3339); with the order when absent.
    #[schema(format = DateTime)]
    pub at: Option<String>,
}

/// What went wrong (RFC 9457).
#[derive(ToSchema)]
pub struct Problem {
    /// Where this kind of problem is explained.
    #[schema(rename = "type", example = "/docs#problem-invalid_fields")]
    pub about: String,
    /// The status in words.
    #[schema(example = "Unprocessable Entity")]
    pub title: String,
    /// The status.
    #[schema(example = 422)]
    pub status: u16,
    /// A sentence for the person who has to mend it.
    #[schema(example = "Some fields are not right.")]
    pub detail: String,
    /// This very occurrence.
    pub instance: String,
    /// A stable name a program can match on.
    #[schema(example = "invalid_fields")]
    pub code: String,
    /// What to quote to the shop's operator.
    pub request_id: String,
    /// Every wrong field.
    pub errors: Option<Vec<ProblemField>>,
}

/// One wrong field.
#[derive(ToSchema)]
pub struct ProblemField {
    /// Which one, as a JSON Pointer (RFC 6901).
    #[schema(example = "/lines/0/quantity")]
    pub pointer: String,
    /// A stable name a program can match on.
    #[schema(example = "out_of_range")]
    pub code: String,
    /// A sentence for the person who has to mend it.
    #[schema(example = "Write a whole number from 1 to 1000000.")]
    pub detail: String,
}

/// The order of the documentation: a request body that is accepted as it stands.
pub fn example() -> Value {
    serde_json::json!({
        "source": "web", "external_id": "1042", "number": "#1042", "status": "placed", "payment": "paid",
        "placed_at": "2026-11-20T10:00:00Z", "updated_at": "2026-11-20T10:00:00Z", "currency": "GBP",
        "locale": "en-GB",
        "customer": {
            "external_id": "c1", "email": "amina@example.test", "phone": "+447700900123", "name": "Amina Khan",
            "preferred_channel": "email", "time_zone": "Europe/London"
        },
        "lines": [{
            "external_id": "l1", "sku": "TEA-1", "title": "First Flush Darjeeling", "variant": "100 g",
            "quantity": 2, "unit_price": 1200, "image_url": null, "url": null
        }],
        "totals": {
            "subtotal": 2400, "discount": 0, "shipping": 395, "tax": 466, "tax_included": true, "total": 2795
        },
        "shipping_address": {
            "name": "Amina Khan", "line1": "14 Elm Row", "line2": null, "city": "Leeds", "region": null,
            "postcode": "LS6 2AB", "country": "GB"
        },
        "expected": { "ships_by": "2026-11-23", "delivered_from": "2026-11-25", "delivered_to": "2026-11-27" },
        "consent": {
            "marketing_email": true, "marketing_sms": false, "wording": "Tick to get our news",
            "at": "2026-11-20T09:59:58Z"
        },
        "is_gift": false, "note": null, "tags": []
    })
}
