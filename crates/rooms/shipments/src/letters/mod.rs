//! The messages about parcels: each is the answer, the parcel, what is in it, and the way to the order's page.

mod context;
mod letter;
mod offer;
mod text;

pub use context::{ItemTold, ParcelContext, ParcelTold};

use kernel::{Purpose, Result, Urgency};
use messaging::design::offer::Offer;
use messaging::letter::Letter;
use messaging::text_letter::TextLetter;
use messaging::topics::ORDERS;
use messaging::{Given, Template};

/// That parcels are on their way.
pub const SHIPPED: &str = "shipment.shipped";
/// That a parcel goes under another number.
pub const NEW_NUMBER: &str = "shipment.new_number";
/// That it comes today.
pub const OUT_FOR_DELIVERY: &str = "shipment.out_for_delivery";
/// That it waits to be collected.
pub const READY_FOR_PICKUP: &str = "shipment.ready_for_pickup";
/// That it still waits.
pub const PICKUP_REMINDER: &str = "shipment.pickup_reminder";
/// That nobody was there.
pub const MISSED: &str = "shipment.missed";
/// That something is wrong with it.
pub const PROBLEM: &str = "shipment.problem";
/// That it is there.
pub const DELIVERED: &str = "shipment.delivered";
/// That it is not there after all.
pub const CORRECTED: &str = "shipment.corrected";
/// That it is back at the shop.
pub const RETURNED: &str = "shipment.returned";
/// That it does not leave by the promised day.
pub const LATE_LEAVING: &str = "shipment.late_leaving";
/// That it does not arrive by the promised day.
pub const LATE_ARRIVING: &str = "shipment.late_arriving";

/// Every message this room can send.
pub const TEMPLATES: &[Template] = &[
    about_a_parcel(SHIPPED, &offer::SHIPPED, letter::shipped, text::shipped, context::on_its_way),
    about_a_parcel(NEW_NUMBER, &offer::NEW_NUMBER, letter::new_number, text::new_number, context::on_its_way),
    about_a_parcel(OUT_FOR_DELIVERY, &offer::OUT, letter::out, text::out, context::on_its_way),
    about_a_parcel(READY_FOR_PICKUP, &offer::READY, letter::ready, text::ready, context::waiting),
    about_a_parcel(PICKUP_REMINDER, &offer::REMINDER, letter::reminder, text::reminder, context::waiting),
    about_a_parcel(MISSED, &offer::MISSED, letter::missed, text::missed, context::on_its_way),
    about_a_parcel(PROBLEM, &offer::PROBLEM, letter::problem, text::problem, context::in_trouble),
    about_a_parcel(DELIVERED, &offer::DELIVERED, letter::delivered, text::delivered, context::there),
    about_a_parcel(CORRECTED, &offer::CORRECTED, letter::corrected, text::corrected, context::on_its_way),
    about_a_parcel(RETURNED, &offer::RETURNED, letter::returned, text::returned, context::on_its_way),
    about_a_parcel(
        LATE_LEAVING,
        &offer::LATE_LEAVING,
        letter::late_leaving,
        text::late_leaving,
        context::not_left,
    ),
    about_a_parcel(
        LATE_ARRIVING,
        &offer::LATE_ARRIVING,
        letter::late_arriving,
        text::late_arriving,
        context::late,
    ),
];

const fn about_a_parcel(
    id: &'static str,
    offer: &'static Offer,
    write: fn(&Given<'_>) -> Result<Letter>,
    text: fn(&Given<'_>) -> Result<TextLetter>,
    sample: fn() -> serde_json::Value,
) -> Template {
    let (purpose, urgency) = (Purpose::Transactional, Urgency::MayWait);
    Template { id, version: 1, purpose, topic: ORDERS, urgency, write, text, sample, offer: Some(offer) }
}

/// What sets a message off: kinds of event, and in words. `None` of a message that is not this room's.
pub fn set_off_by(template: &str) -> Option<(&'static [&'static str], &'static str)> {
    Some(match template {
        SHIPPED => (&["shipment.in_transit"][..], "when parcels of an order are on their way"),
        NEW_NUMBER => (&[], "when a parcel that was told of goes under another number"),
        OUT_FOR_DELIVERY => (&["shipment.out_for_delivery"], "on the day a parcel is brought"),
        READY_FOR_PICKUP => (&["shipment.available_for_pickup"], "when a parcel can be collected"),
        PICKUP_REMINDER => (&[], "when a parcel still waits to be collected"),
        MISSED => (&["shipment.failed_attempt"], "when nobody was there to take a parcel"),
        PROBLEM => (&["shipment.exception"], "when something with a name is wrong with a parcel"),
        DELIVERED => (&["shipment.delivered"], "when a parcel is there"),
        CORRECTED => (&[], "when a parcel that was said to be there is still on its way"),
        RETURNED => (&["shipment.returned"], "when a parcel is back at the shop"),
        LATE_LEAVING => (&["shipment.noticed"], "when an order has not left by the promised day"),
        LATE_ARRIVING => (&["shipment.noticed"], "when a parcel does not come by the promised day"),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_every_message_it_is_said_what_sets_it_off() {
        assert!(TEMPLATES.iter().all(|template| set_off_by(template.id).is_some()));
        assert!(set_off_by("order.confirmation").is_none());
    }
}
