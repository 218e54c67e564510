//! The rule by which a customer is recognised. Pure.

use kernel::CustomerId;

/// Who holds each of the things an order tells about its customer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Known {
    /// Whether the order carries the source's id of its customer.
    pub has_source_id: bool,
    /// Whether the order carries an e-mail address.
    pub has_email: bool,
    /// Who holds the source's id.
    pub by_source_id: Option<CustomerId>,
    /// Who holds the e-mail address.
    pub by_email: Option<CustomerId>,
    /// Whether the one who holds the e-mail address is known to this source under another id.
    pub email_holder_has_other_source_id: bool,
    /// Who holds the phone number.
    pub by_phone: Option<CustomerId>,
    /// Whether the one who holds the phone number is known by more than the number.
    pub phone_holder_is_known: bool,
}

/// Who the customer is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Match {
    /// This one.
    Customer(CustomerId),
    /// Nobody we know.
    Nobody,
}

/// By the source's own id, else by e-mail, else (without an e-mail address) by phone.
///
/// An e-mail address that belongs to somebody whom the same source knows under another id is shared by two people:
/// they stay two. A phone number alone never joins an order to somebody who is known by more than that number:
/// numbers are shared in a household and given to new people.
pub fn identify(known: &Known) -> Match {
    if let Some(customer) = &known.by_source_id {
        return Match::Customer(customer.clone());
    }
    if let Some(customer) = &known.by_email {
        let two_people = known.has_source_id && known.email_holder_has_other_source_id;
        return if two_people { Match::Nobody } else { Match::Customer(customer.clone()) };
    }
    match &known.by_phone {
        Some(customer) if !known.has_email && !known.has_source_id && !known.phone_holder_is_known => {
            Match::Customer(customer.clone())
        }
        _ => Match::Nobody,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::{Dice, Timestamp};

    fn customer(n: u64) -> CustomerId {
        CustomerId::new(Timestamp::from_ms(1), &mut Dice::seeded(n))
    }

    #[test]
    fn the_sources_own_id_beats_everything() {
        let (a, b) = (customer(1), customer(2));
        let known = Known {
            has_source_id: true,
            has_email: true,
            by_source_id: Some(a.clone()),
            by_email: Some(b),
            ..Known::default()
        };
        assert_eq!(identify(&known), Match::Customer(a));
    }

    #[test]
    fn a_guest_is_recognised_by_email() {
        let a = customer(1);
        let guest = Known { has_email: true, by_email: Some(a.clone()), ..Known::default() };
        assert_eq!(identify(&guest), Match::Customer(a.clone()));
        let now_with_account = Known { has_source_id: true, ..guest };
        assert_eq!(identify(&now_with_account), Match::Customer(a));
    }

    #[test]
    fn two_accounts_on_one_mailbox_stay_two_people() {
        let known = Known {
            has_source_id: true,
            has_email: true,
            by_email: Some(customer(1)),
            email_holder_has_other_source_id: true,
            ..Known::default()
        };
        assert_eq!(identify(&known), Match::Nobody);
    }

    #[test]
    fn a_phone_number_joins_only_strangers_without_an_email() {
        let a = customer(1);
        let by_phone = Known { by_phone: Some(a.clone()), ..Known::default() };
        assert_eq!(identify(&by_phone), Match::Customer(a));
        for changed in [
            Known { has_email: true, ..by_phone.clone() },
            Known { has_source_id: true, ..by_phone.clone() },
            Known { phone_holder_is_known: true, ..by_phone.clone() },
        ] {
            assert_eq!(identify(&changed), Match::Nobody);
        }
    }
}
