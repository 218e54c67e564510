//! One shipment under several numbers, such as a wardrobe in three boxes: the first number is the shipment's own, and each
//! further one is a parcel beside it. Its source lists the pieces once, so nobody knows which of them is in which.

use std::collections::VecDeque;

use db::Read;
use kernel::Result;

use crate::by_hand::{self, Replaced};
use crate::incoming::{IncomingShipment, Tracking};
use crate::store::{self, Shipment, number_key};

/// The parcels beside a shipment as its source tells it now; those that it tells no more are taken back.
pub(crate) fn parcels(r: &mut Read<'_>, told: &IncomingShipment) -> Result<Vec<IncomingShipment>> {
    let known = store::parts_of(r, &told.source, &told.external_id)?;
    let replaced = match known.first() {
        Some(parcel) => by_hand::replaced(r, &parcel.order)?,
        None => Replaced::new(),
    };
    let places = places(&told.external_id, (&known, &replaced), &told.further);
    let parcel = |(external_id, tracking): (String, Option<&Tracking>)| IncomingShipment {
        external_id,
        is_cancelled: told.is_cancelled || tracking.is_none(),
        tracking: tracking.cloned().unwrap_or_default(),
        further: Vec::new(),
        lines: Vec::new(),
        ..told.clone()
    };
    Ok(places.into_iter().map(parcel).collect())
}

/// Which parcel goes under which number: a number stays where it was, also where somebody set another one by hand; a new one
/// is a new label of a parcel whose number is told no more, else a new parcel.
fn places<'t>(
    whole: &str,
    (known, replaced): (&[Shipment], &Replaced),
    told: &'t [Tracking],
) -> Vec<(String, Option<&'t Tracking>)> {
    let goes_under = |parcel: &Shipment, number: &Tracking| match replaced.get(parcel.id.as_str()) {
        Some(replaced) => by_hand::mark(number).as_ref() == Some(replaced),
        None => parcel.number_key() == key(number),
    };
    let is_new = |number: &&Tracking| !known.iter().any(|parcel| goes_under(parcel, number));
    let mut new: VecDeque<&Tracking> = told.iter().filter(is_new).collect();
    let mut places = Vec::with_capacity(known.len().max(told.len()));
    for parcel in known {
        let same = told.iter().find(|number| goes_under(parcel, number));
        let number = same.or_else(|| new.pop_front());
        places.push((parcel.external_id.clone(), number));
    }
    let first = known.len() + 2;
    places.extend(new.into_iter().zip(first..).map(|(number, nth)| (format!("{whole} {nth}"), Some(number))));
    places
}

fn key(number: &Tracking) -> String {
    number.number.as_deref().map(number_key).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use kernel::Timestamp;

    use super::*;
    use crate::ShipmentId;
    use crate::fold::fold;

    fn under(number: &str) -> Tracking {
        Tracking { number: Some(number.to_owned()), ..Tracking::default() }
    }

    fn parcel(external_id: &str, number: &str) -> Shipment {
        let at = Timestamp::from_ms(1_000);
        Shipment {
            id: ShipmentId::stored(format!("shp_{number}")),
            order: "ord_1".to_owned(),
            source: "web".to_owned(),
            external_id: external_id.to_owned(),
            updated_at: at,
            shipped_at: at,
            first_seen_at: at,
            is_cancelled: false,
            tracking: under(number),
            part_of: Some("7".to_owned()),
            lines: Vec::new(),
            expected: None,
            pickup: None,
            disputed_at: None,
            standing: fold(&[], at, false),
        }
    }

    fn placed(known: &[Shipment], told: &[&str]) -> Vec<(String, Option<String>)> {
        placed_after(known, &Replaced::new(), told)
    }

    fn placed_after(known: &[Shipment], replaced: &Replaced, told: &[&str]) -> Vec<(String, Option<String>)> {
        let told: Vec<Tracking> = told.iter().map(|number| under(number)).collect();
        let places = places("7", (known, replaced), &told);
        places.into_iter().map(|(id, number)| (id, number.and_then(|number| number.number.clone()))).collect()
    }

    #[test]
    fn a_number_stays_with_its_parcel_and_a_new_one_takes_the_place_of_one_that_is_gone() {
        let place = |id: &str, number: &str| (id.to_owned(), Some(number.to_owned()));
        assert_eq!(placed(&[], &["B", "C"]), [place("7 2", "B"), place("7 3", "C")]);
        let known = [parcel("7 2", "B"), parcel("7 3", "C")];
        assert_eq!(placed(&known, &["C", "B"]), [place("7 2", "B"), place("7 3", "C")]);
        assert_eq!(placed(&known, &["D", "c"]), [place("7 2", "D"), place("7 3", "c")]);
        assert_eq!(placed(&known, &["C"]), [("7 2".to_owned(), None), place("7 3", "C")]);
        assert_eq!(placed(&known, &["B", "C", "D"])[2], place("7 4", "D"));
    }

    #[test]
    fn a_parcel_whose_number_was_set_by_hand_is_the_one_its_source_told() {
        let place = |id: &str, number: &str| (id.to_owned(), Some(number.to_owned()));
        let known = [parcel("7 2", "X"), parcel("7 3", "Y")];
        let mark = |number: &str| by_hand::mark(&under(number)).unwrap();
        let replaced = Replaced::from([("shp_X".to_owned(), mark("B")), ("shp_Y".to_owned(), mark("C"))]);
        assert_eq!(placed_after(&known, &replaced, &["C", "B"]), [place("7 2", "B"), place("7 3", "C")]);
        assert_eq!(placed_after(&known, &replaced, &["D", "C"]), [place("7 2", "D"), place("7 3", "C")]);
    }
}
