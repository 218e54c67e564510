//! How far the proof of an address reaches. Pure; why it reaches no further stands in decision 0029.
//!
//! A code proves that whoever typed it reads what is sent to an address *now*. It does not prove that they always did: a
//! number is given to somebody else, and a shop believes addresses nobody has checked. So what is seen is what was sent to
//! that very address, and a person's data as a whole open only to who has proved all of their addresses.

use std::time::Duration;

use kernel::{Channel, CustomerId, Timestamp};

use crate::Person;

/// Orders placed with a number are shown to who reads its texts for so long. A number that nobody uses is given to
/// somebody else, in some countries within weeks.
pub const A_NUMBER_REACHES_BACK: Duration = Duration::from_secs(365 * 86_400);

/// An address that a browser has proved to be its reader's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proof {
    /// The channel.
    pub channel: Channel,
    /// The address or number.
    pub address: String,
    /// What its spellings share.
    pub key: String,
    /// When.
    pub proved_at: Timestamp,
}

impl Proof {
    /// Since when an order has to have been placed with the address, to be shown.
    pub fn reaches_back_to(&self, now: Timestamp) -> Timestamp {
        match self.channel {
            Channel::Email => Timestamp::from_ms(i64::MIN),
            Channel::Sms => now - A_NUMBER_REACHES_BACK,
        }
    }
}

/// Whether everything that is known of a person is theirs to see and to take away who gave these proofs.
///
/// All of their e-mail addresses have to be proved: the shop may have joined two people by an address it never checked.
/// Numbers alone are enough only for somebody who is known by nothing else, and not for longer than a number reaches.
pub fn is_wholly_theirs(person: &Person, has_account: bool, proofs: &[Proof], now: Timestamp) -> bool {
    if person.erased_at.is_some() {
        return false;
    }
    let is_proved = |channel: Channel, key: &str| proofs.iter().any(|p| p.channel == channel && p.key == key);
    let of = |channel: Channel| person.contact_points.iter().filter(move |point| point.channel == channel);
    let all_proved = |channel: Channel| of(channel).all(|point| is_proved(channel, &point.key));
    if of(Channel::Email).next().is_some() {
        return all_proved(Channel::Email);
    }
    let is_young = person.created_at >= now - A_NUMBER_REACHES_BACK;
    of(Channel::Sms).next().is_some() && all_proved(Channel::Sms) && !has_account && is_young
}

/// Somebody who is wholly the reader's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Whole {
    /// Who.
    pub id: CustomerId,
    /// Whether a shop knows them by an identifier of its own.
    pub has_account: bool,
    /// Whether we know an e-mail address of theirs.
    pub has_email: bool,
    /// Since when we know them.
    pub created_at: Timestamp,
}

/// Who is adopted by whom: guests by the one account there is, else by the guest we have known longest, those with an e-mail
/// address first. Two accounts on one mailbox stay two people, and nobody knows whose the guests are then.
pub fn adopted(whole: &[Whole]) -> Option<(&CustomerId, Vec<&CustomerId>)> {
    if whole.iter().filter(|one| one.has_account).count() > 1 {
        return None;
    }
    let rank = |one: &&Whole| (!one.has_account, !one.has_email, one.created_at, one.id.clone());
    let kept = whole.iter().min_by_key(rank)?;
    let gone: Vec<&CustomerId> = whole.iter().map(|one| &one.id).filter(|id| **id != kept.id).collect();
    (!gone.is_empty()).then_some((&kept.id, gone))
}

#[cfg(test)]
mod tests {
    use kernel::Dice;

    use super::*;
    use crate::ContactPoint;

    const YEAR: i64 = 365 * 86_400_000;

    fn at(ms: i64) -> Timestamp {
        Timestamp::from_ms(ms)
    }

    fn id(n: u64) -> CustomerId {
        CustomerId::new(at(1), &mut Dice::seeded(n))
    }

    fn proof(channel: Channel, key: &str) -> Proof {
        Proof { channel, address: key.to_owned(), key: key.to_owned(), proved_at: at(0) }
    }

    /// A person first met at `created`, who is reached at these.
    fn person(created: i64, points: &[(Channel, &str)]) -> Person {
        let point = |(channel, key): &(Channel, &str)| ContactPoint {
            channel: *channel,
            address: (*key).to_owned(),
            key: (*key).to_owned(),
            first_seen_at: at(created),
            source: None,
            dead_at: None,
        };
        Person {
            id: id(1),
            others: Vec::new(),
            created_at: at(created),
            preferred_channel: None,
            preferred_at: None,
            paused_until: None,
            own_hours: None,
            erased_at: None,
            locale: None,
            zone: None,
            name: None,
            contact_points: points.iter().map(point).collect(),
            consents: Vec::new(),
        }
    }

    #[test]
    fn everything_of_a_person_opens_to_who_has_proved_all_of_their_addresses() {
        use Channel::{Email, Sms};
        let now = at(3 * YEAR);
        let lately = 3 * YEAR - 1;
        let cases: [(&str, Person, bool, &[Proof], bool); 10] = [
            ("their only address", person(0, &[(Email, "a")]), true, &[proof(Email, "a")], true),
            ("nobody's", person(0, &[(Email, "a")]), false, &[], false),
            ("another's", person(0, &[(Email, "a")]), false, &[proof(Email, "b")], false),
            ("one of two", person(0, &[(Email, "a"), (Email, "b")]), true, &[proof(Email, "a")], false),
            (
                "both",
                person(0, &[(Email, "a"), (Email, "b")]),
                true,
                &[proof(Email, "a"), proof(Email, "b")],
                true,
            ),
            (
                "a number beside the address needs no proof of its own",
                person(0, &[(Email, "a"), (Sms, "1")]),
                true,
                &[proof(Email, "a")],
                true,
            ),
            (
                "the number of somebody with an address",
                person(lately, &[(Email, "a"), (Sms, "1")]),
                false,
                &[proof(Sms, "1")],
                false,
            ),
            ("a number alone", person(lately, &[(Sms, "1")]), false, &[proof(Sms, "1")], true),
            ("a number of long ago", person(0, &[(Sms, "1")]), false, &[proof(Sms, "1")], false),
            ("the number of an account", person(lately, &[(Sms, "1")]), true, &[proof(Sms, "1")], false),
        ];
        for (what, person, has_account, proofs, expected) in cases {
            assert_eq!(is_wholly_theirs(&person, has_account, proofs, now), expected, "{what}");
            let erased = Person { erased_at: Some(at(5)), ..person };
            assert!(!is_wholly_theirs(&erased, has_account, proofs, now), "{what}, erased");
        }
    }

    #[test]
    fn a_number_reaches_back_a_year_and_an_address_for_ever() {
        let now = at(3 * YEAR);
        assert_eq!(proof(Channel::Sms, "1").reaches_back_to(now), at(2 * YEAR));
        assert_eq!(proof(Channel::Email, "a").reaches_back_to(now), at(i64::MIN));
    }

    #[test]
    fn guests_are_adopted_and_two_accounts_stay_two() {
        let one = |n: u64, has_account, has_email, created| Whole {
            id: id(n),
            has_account,
            has_email,
            created_at: at(created),
        };
        assert_eq!(adopted(&[]), None);
        assert_eq!(adopted(&[one(1, true, true, 5)]), None, "alone");
        let (account, older, younger) =
            (one(1, true, true, 9), one(2, false, true, 1), one(3, false, false, 0));
        assert_eq!(
            adopted(&[younger.clone(), older.clone(), account.clone()]),
            Some((&account.id, vec![&younger.id, &older.id]))
        );
        assert_eq!(adopted(&[younger.clone(), older.clone()]), Some((&older.id, vec![&younger.id])));
        let second = one(4, true, true, 2);
        assert_eq!(adopted(&[account, second, older]), None, "whose would the guest be?");
    }
}
