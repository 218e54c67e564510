//! Where a shipment is: the words are shared with every surface.

pub use kernel::parcel::{Reason, State};
