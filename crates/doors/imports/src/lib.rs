//! Files in: past orders, parcels, consents, suppressions and products from CSV.
//!
//! A file goes one way whatever it holds. It is read once for its encoding, so that nothing is begun of a file that
//! can't be read to its end; once to see what stands in it twice; and then row by row, in small writes, each of which
//! is whole or not at all. What can't be taken is named with line and column in a file beside it, and the rest goes
//! on. Running it again takes nothing twice, so that is also how an import goes on that was stopped.
//!
//! In reading order: [`orders`], [`shipments`], [`consents`], [`suppressions`] and [`products`] are the kinds of file,
//! [`import`] takes one in.

mod amounts;
pub mod consents;
mod examine;
mod faults;
mod groups;
pub mod orders;
pub mod products;
mod run;
mod shape;
pub mod shipments;
pub mod suppressions;
mod table;
mod times;
mod words;

pub use examine::{Examined, examine};
pub use faults::ErrorFile;
pub use run::{Count, import};
pub use shape::{Maker, Setting};
pub use table::{Flaw, Row, RowReader};
