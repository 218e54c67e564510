//! Shipments: the parcels of an order, where they are, what was promised, and noticing first when something is wrong.

pub mod incoming;
pub mod state;
