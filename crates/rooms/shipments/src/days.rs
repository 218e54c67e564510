//! Which days a message tells of parcels: whoever was told a day was promised it. Pure.

use kernel::Date;

use crate::incoming::DateRange;
use crate::news::{News, Parcel, Situation};

/// The days on which all of them arrive; none when one of them has no days.
pub fn spread(days: impl IntoIterator<Item = Option<DateRange>>) -> Option<DateRange> {
    let mut days = days.into_iter();
    let first = days.next()??;
    days.try_fold(first, |all, one| {
        let one = one?;
        Some(DateRange { from: all.from.min(one.from), to: all.to.max(one.to) })
    })
}

/// The parcels whose arrival a message tells, and the last day on which it would be true; none when it tells no day of
/// their own. What the order was said to arrive on is a promise of the order.
pub fn day_told(news: &News, situation: &Situation<'_>) -> Option<(Vec<String>, Date)> {
    let ids = match news {
        News::Shipped(ids) => ids.clone(),
        News::NewNumber(id)
        | News::OutForDelivery(id)
        | News::Missed(id)
        | News::Problem(id)
        | News::Corrected(id) => vec![id.clone()],
        News::LateArriving { expected, shipment, .. } => {
            return Some((vec![shipment.clone()?], (*expected)?));
        }
        News::ReadyForPickup(_)
        | News::PickupReminder(_)
        | News::Delivered { .. }
        | News::Returned(_)
        | News::LateLeaving(_) => return None,
    };
    let told = |parcel: &&Parcel| ids.iter().any(|id| id == parcel.id());
    let days = spread(situation.parcels.iter().filter(told).map(|parcel| parcel.shipment.expected))?;
    let today = situation.now.date_in(situation.zone);
    // A day that has passed is told to nobody.
    (days.to >= today).then_some((ids, days.to))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn several_parcels_arrive_from_the_first_day_of_any_to_the_last_of_all() {
        let day = |text| kernel::time::parse_date(text).unwrap();
        let range = |from, to| Some(DateRange { from: day(from), to: day(to) });
        let (early, late) = (range("2026-11-25", "2026-11-27"), range("2026-11-26", "2026-11-30"));
        assert_eq!(spread([early]), early);
        assert_eq!(spread([late, early]), range("2026-11-25", "2026-11-30"));
        assert_eq!(spread([early, None]), None);
        assert_eq!(spread([]), None);
    }
}
