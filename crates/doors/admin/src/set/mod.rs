//! What the staff sets: brand, rules, wording, channels. Each page says how it stands, changes it as a whole, and shows
//! what it comes to before it is saved.

pub(crate) mod brand;
pub(crate) mod channels;
mod fields;
mod look;
pub(crate) mod rules;
pub(crate) mod wording;

use axum::Router;
use axum::routing::{get, post};
use serde::Deserialize;

use crate::door::Door;

pub use look::PageInBrand;

/// The pages of this module.
pub(crate) fn router() -> Router<Door> {
    Router::new()
        .route("/a/settings/brand", get(brand::show).post(brand::change))
        .route("/a/settings/brand/look", get(look::show))
        .route("/a/settings/rules", get(rules::show).post(rules::change))
        .route("/a/settings/wording", get(wording::list))
        .route("/a/settings/wording/{key}", get(wording::show).post(wording::change))
        .route("/a/settings/channels", get(channels::show))
        .route("/a/settings/channels/test", post(channels::test))
}

/// What a page is told after something was done.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct After {
    saved: Option<String>,
}

/// The version a form was made from.
fn version_of(text: &str) -> i64 {
    text.parse().unwrap_or(0)
}
