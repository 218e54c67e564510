//! Decisions about an order that the letters share. Pure.

use std::time::Duration;

use kernel::Zone;

use crate::context::OrderContext;

/// Days between ordering and leaving from which an order counts as not shipping at once.
const SHIPS_LATE_AFTER: Duration = Duration::from_secs(4 * 86_400);

/// Whether the order is made to order or does not ship at once: then the day it leaves is the news.
pub fn is_made_to_order(order: &OrderContext) -> bool {
    let usual = (order.placed_at + SHIPS_LATE_AFTER).date_in(&Zone::utc());
    order.visible.ships_by.is_some_and(|ships_by| ships_by > usual)
}
