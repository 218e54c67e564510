//! When a parcel probably arrives: counts how long each took, and asks the counts for the next one.

use db::{Read, Write};
use kernel::{Result, Shop};

use crate::lane::{self, Likely, went};
use crate::store::{self, Shipment};

/// Counts a parcel that arrived, and counts one no more that did not after all.
pub(crate) fn count(
    w: &mut Write<'_>,
    before: Option<&Shipment>,
    after: &Shipment,
    country: Option<&str>,
) -> Result<()> {
    let Some(country) = country else { return Ok(()) };
    let zone = w.wired::<Shop>()?.zone.clone();
    let was = before.and_then(|before| went(before, country, &zone));
    let is = went(after, country, &zone);
    if was == is {
        return Ok(());
    }
    if let Some((lane, days)) = was {
        store::count_lane(w, &lane, days, -1)?;
    }
    if let Some((lane, days)) = is {
        store::count_lane(w, &lane, days, 1)?;
    }
    Ok(())
}

/// When a parcel on its way probably arrives, where enough have gone the same way and that day has not passed.
pub(crate) fn likely(r: &mut Read<'_>, shipment: &Shipment, country: Option<&str>) -> Result<Option<Likely>> {
    let Some(country) = country else { return Ok(None) };
    let zone = r.wired::<Shop>()?.zone.clone();
    let (left, today) = (shipment.shipped_at.date_in(&zone), r.now.date_in(&zone));
    let carrier = shipment.tracking.carrier.as_deref().unwrap_or_default();
    let took = store::took(r, carrier, country, &lane::recent_quarters(today))?;
    Ok(lane::likely(&took, left, country).filter(|likely| likely.days.to >= today))
}
