//! Words everyone shares: identifiers, time, chance, money, contact points, errors. No input or output.
//!
//! Everything here is plain data and pure functions. Two things look like the outside world and are not:
//! [`Clock`] and [`Dice`] are the only sources of time and chance in the whole program, so that everything
//! above them can be run again with the same answers.

pub mod brand;
pub mod channel;
pub mod contact;
pub mod csv;
pub mod dice;
pub mod error;
pub mod fields;
pub mod ids;
pub mod keys;
pub mod locale;
pub mod money;
pub mod net;
pub mod object;
pub mod parcel;
pub mod shop;
mod shop_clock;
pub mod text;
pub mod time;
pub mod webhooks;
mod word_enum;
pub mod words;

pub use brand::Brand;
pub use channel::{Channel, Purpose, Urgency};
pub use contact::{Email, Phone};
pub use dice::Dice;
pub use error::{Error, FieldError, Kind, Result};
pub use ids::{CustomerId, EventId, MessageId};
pub use keys::Keys;
pub use locale::Locale;
pub use money::{Currency, Money};
pub use shop::{ParcelPolicy, Policy, Shop};
pub use shop_clock::ShopClock;
pub use time::{Clock, Date, ShiftedClock, SystemClock, Timestamp, VirtualClock, Zone};
pub use words::{Catalogue, Words, choose};
