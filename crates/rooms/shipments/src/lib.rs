//! Shipments: the parcels of an order, where they are, what was promised, and noticing first when something is wrong.
//!
//! [`take`] and [`track`] are the ways in. Where a parcel is follows from its scans alone ([`fold`]); what there is to
//! say about it is one pure rule ([`news`]), and what is wrong with it another ([`wrong`]). [`watch`] is the shell
//! around both: it looks when something comes in, and again at the next moment at which a day makes a difference.

mod answer;
mod by_hand;
pub mod calendar;
mod days;
pub mod delay;
mod dispute;
pub mod finding;
pub mod fold;
mod followed;
mod forget;
mod further;
pub mod incoming;
pub mod json;
pub mod lane;
pub mod letters;
mod likely;
mod listed;
pub mod news;
pub mod open;
pub mod order;
mod places;
pub mod promise;
pub mod say;
pub mod seen;
pub mod silence;
pub mod staff;
pub mod state;
mod status;
mod store;
mod strays;
mod sweep;
mod take;
pub mod told;
pub mod watch;
pub mod wrong;

use kernel::{Words, id_type};

pub use answer::{Asked, answer, asked};
pub use dispute::dispute;
pub use forget::KNOWLEDGE;
pub use listed::take_list;
pub use places::{Place, places};
pub use status::status_key;
pub use store::{
    PERSONAL, SQL, Shipment, Stray, number_key, of_order, parcel_promises, promises, scans, shipment, strays,
};
pub use strays::{FORGET_STRAYS, forget_strays};
pub use sweep::{SWEEP, SWEEP_EVERY, SWEEP_PAGE, sweep, sweep_page};
pub use take::{Taken, Tracked, kind_of, scan, take, track};
pub use watch::{WATCH, watch};

/// This room's words.
pub const WORDS: &[Words] = &[
    Words { language: "en", source: include_str!("words/parcels-en.ftl") },
    Words { language: "de", source: include_str!("words/parcels-de.ftl") },
];

id_type!(
    /// A shipment: one parcel.
    ShipmentId, "shp"
);
