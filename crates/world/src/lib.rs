//! A simulated shop: customers, catalogue, orders and the passing of time.
//!
//! Northwind Tea sells tea and teaware from Leeds. Its customers, what they buy and what then happens to each
//! order are pure functions of a seed, so the demo, the stories and the simulator can all live through the very
//! same eighteen months. Nobody in it exists: mail goes to reserved domains, and phones ring in reserved ranges.

pub mod catalogue;
pub mod hostile;
pub mod letters;
pub mod parcels;
pub mod passing;
pub mod people;
pub mod samples;
pub mod scripts;
pub mod shopping;
pub mod sim;

mod calendar;
mod throws;
