//! Whether anybody tells of a parcel's way. Many shops and some carriers say that a parcel has left and nothing after that:
//! of such a one, silence says nothing, and neither does a day that passes.

use std::time::Duration;

use db::Read;
use kernel::Result;

use crate::fold::Scan;
use crate::incoming::SHIPPED_KEY;
use crate::store::{self, Shipment};

/// Deliveries that were told this long ago say that they are told still.
const TOLD_LATELY: Duration = Duration::from_secs(60 * 86_400);

/// Whether a parcel's carrier was heard of, or is of others from the same source.
pub(crate) fn is_followed(r: &mut Read<'_>, shipment: &Shipment, scans: &[Scan]) -> Result<bool> {
    if scans.iter().any(is_by_its_carrier) {
        return Ok(true);
    }
    let since = r.now - TOLD_LATELY;
    store::is_delivery_told(r, &shipment.source, shipment.tracking.carrier.as_deref(), since)
}

/// That a shop handed it over is no word of the carrier's.
fn is_by_its_carrier(scan: &Scan) -> bool {
    scan.state.is_moving() && scan.key != SHIPPED_KEY
}
