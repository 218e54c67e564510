//! Who is believed about a product. Pure.

use std::time::Duration;

use kernel::Timestamp;

use crate::incoming::ToldBy;

/// How exactly is kept when a product was last seen in an order.
const TO_THE_MINUTE: Duration = Duration::from_secs(60);

/// How a product stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Who told of it.
    pub told_by: ToldBy,
    /// Which version that was.
    pub updated_at: Timestamp,
    /// When the platform said it was gone.
    pub deleted_at: Option<Timestamp>,
}

/// Whether a version that `told_by` tells may take the place of what is stored.
///
/// What the platform or a table says beats what stood in an order, whenever that was. Otherwise the later version
/// counts, and of two in the same second (platforms tell whole seconds) the one that came later. What is gone comes
/// back only by a version that is newer than its end.
pub fn takes_over(stored: &Standing, told_by: ToldBy, updated_at: Timestamp) -> bool {
    if stored.deleted_at.is_some_and(|gone_at| updated_at <= gone_at) {
        return false;
    }
    match (is_seen(stored.told_by), is_seen(told_by)) {
        (true, false) => true,
        (false, true) => false,
        (true, true) | (false, false) => updated_at >= stored.updated_at,
    }
}

fn is_seen(told_by: ToldBy) -> bool {
    match told_by {
        ToldBy::OrderLine => true,
        ToldBy::Import | ToldBy::Platform => false,
    }
}

/// Whether what was seen then counts as seen now.
pub fn is_just_now(seen_at: Timestamp, now: Timestamp) -> bool {
    now.since(seen_at) < TO_THE_MINUTE
}

/// What is the same for a thing however often it is told: its identifier, else its stock keeping unit, else its title.
pub fn key(external_id: Option<&str>, sku: Option<&str>, title: &str) -> String {
    match (external_id, sku) {
        (Some(id), _) => format!("id:{id}"),
        (None, Some(sku)) => format!("sku:{sku}"),
        (None, None) => format!("title:{}", folded(title)),
    }
}

/// A title as titles are compared.
pub fn folded(title: &str) -> String {
    title.trim().to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;
    use ToldBy::{Import, OrderLine, Platform};

    #[test]
    fn the_better_teller_wins_then_the_later_version() {
        let at = Timestamp::from_ms;
        let table = [
            // stored by, stored at, gone at, told by, told at, takes over
            (OrderLine, 9, None, Platform, 1, true),
            (OrderLine, 9, None, Import, 1, true),
            (Platform, 1, None, OrderLine, 9, false),
            (Import, 1, None, OrderLine, 9, false),
            (OrderLine, 5, None, OrderLine, 6, true),
            (OrderLine, 5, None, OrderLine, 4, false),
            (Platform, 5, None, Platform, 5, true),
            (Platform, 5, None, Platform, 4, false),
            (Platform, 5, None, Import, 6, true),
            (Import, 5, None, Platform, 4, false),
            (Platform, 5, Some(7), Platform, 6, false),
            (Platform, 5, Some(7), Platform, 7, false),
            (Platform, 5, Some(7), Platform, 8, true),
            (Platform, 5, Some(7), OrderLine, 8, false),
        ];
        for (by, stored, gone, told_by, told, expected) in table {
            let standing = Standing { told_by: by, updated_at: at(stored), deleted_at: gone.map(at) };
            assert_eq!(
                takes_over(&standing, told_by, at(told)),
                expected,
                "{by:?} {stored} {gone:?} {told_by:?} {told}"
            );
        }
    }

    #[test]
    fn a_thing_keeps_its_key() {
        assert_eq!(key(Some("7"), Some("TEA-1"), "Tea"), "id:7");
        assert_eq!(key(None, Some("TEA-1"), "Tea"), "sku:TEA-1");
        assert_eq!(key(None, None, " First Flush "), "title:first flush");
    }
}
