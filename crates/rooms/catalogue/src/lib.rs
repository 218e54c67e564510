//! What the shop sells: products, variants, pictures, prices, stock, care texts, and how long a thing lasts.
//!
//! Three tell of a product, and [`rules`] says who is believed: order lines, which are there from the first order on;
//! the shop's platform by its webhooks; and a table that is imported. [`take`] is the way in for the last two,
//! [`see_order`] for the first. [`links_of`] and [`advice_for`] answer what another room wants to know of what was
//! bought; the binary wires them in, for rooms never import one another.
//!
//! Nothing here is personal.

mod incoming;
mod line;
mod product;
pub mod rules;
mod seen;
mod store;
mod take;

use kernel::id_type;

pub use incoming::{
    Care, IncomingProduct, IncomingVariant, MAX_CARE, MAX_CYCLE_DAYS, MAX_ID, MAX_LINK, MAX_MINOR, MAX_TITLE,
    MAX_VARIANTS, Stock, ToldBy,
};
pub use line::{Advice, Bought, Links, advice_for, links_of};
pub use product::{Product, Variant, count, list, product};
pub use seen::{OrderLines, SeenLine, SeenOrder, has_news, see_order};
pub use store::SQL;
pub use take::{Effect, forget, take};

id_type!(
    /// A product.
    ProductId, "prd"
);
id_type!(
    /// A variant of a product: what is really in the parcel.
    VariantId, "var"
);
