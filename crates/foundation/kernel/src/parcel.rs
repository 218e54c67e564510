//! Where a parcel is: one vocabulary for every carrier, every surface, the API and SQL.

use crate::word_enum;

word_enum!(
    /// Where a shipment is. The order of the variants is its way, what goes wrong on it last but for the ends.
    State {
        /// A label is made; the carrier has said nothing.
        Pending = "pending",
        /// The carrier has been told of it and has not got it yet.
        InfoReceived = "info_received",
        /// The carrier has it.
        InTransit = "in_transit",
        /// On the van.
        OutForDelivery = "out_for_delivery",
        /// Waits at a shop, a locker or a depot.
        AvailableForPickup = "available_for_pickup",
        /// They came, and nobody could take it.
        FailedAttempt = "failed_attempt",
        /// Something is wrong; the reason says what.
        Exception = "exception",
        /// The customer has it, by the carrier's word.
        Delivered = "delivered",
        /// Back at the sender.
        Returned = "returned_to_sender",
        /// The label was cancelled; nothing comes by it.
        Cancelled = "cancelled",
    }
);

word_enum!(
    /// What more is known of a state.
    Reason {
        /// Nobody was at home.
        NobodyHome = "nobody_home",
        /// The address is wrong or incomplete.
        Address = "address",
        /// Held by customs.
        Customs = "customs",
        /// Damaged on the way.
        Damaged = "damaged",
        /// The carrier is late, and says so.
        Delayed = "delayed",
        /// The weather is in the way.
        Weather = "weather",
        /// The customer did not want it.
        Refused = "refused",
        /// The carrier can't find it.
        Lost = "lost",
        /// On its way back to the sender.
        Returning = "returning",
        /// Nobody collected it in time.
        NotCollected = "not_collected",
        /// The carrier has told nothing for so long that it stopped looking.
        NoNews = "no_news",
        /// Handed to the customer, or to somebody who signed for it.
        Signed = "signed",
        /// Left with a neighbour.
        Neighbour = "neighbour",
        /// Left in a safe place.
        SafePlace = "safe_place",
        /// In a locker or a letter box.
        Locker = "locker",
    }
);

impl State {
    /// Whether the carrier has had it in hand: the number is live.
    pub fn is_moving(self) -> bool {
        match self {
            State::InTransit
            | State::OutForDelivery
            | State::AvailableForPickup
            | State::FailedAttempt
            | State::Exception
            | State::Delivered
            | State::Returned => true,
            State::Pending | State::InfoReceived | State::Cancelled => false,
        }
    }

    /// Whether nothing more is expected to happen by itself.
    pub fn is_final(self) -> bool {
        match self {
            State::Delivered | State::Returned | State::Cancelled => true,
            State::Pending
            | State::InfoReceived
            | State::InTransit
            | State::OutForDelivery
            | State::AvailableForPickup
            | State::FailedAttempt
            | State::Exception => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_is_read_as_it_is_written() {
        for state in State::ALL {
            assert_eq!(State::parse(state.as_str()).unwrap(), *state);
        }
        for reason in Reason::ALL {
            assert_eq!(Reason::parse(reason.as_str()).unwrap(), *reason);
        }
        assert!(State::parse("expired").is_err());
    }
}
