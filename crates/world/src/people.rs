//! The customers of Northwind Tea. None of them exists; all of them could.
//!
//! Names come in many scripts and lengths, because real ones do. Mail goes to domains that RFC 2606 reserves,
//! phones ring in the ranges that regulators keep for films, and the streets were named here.

mod names;
mod places;

use std::collections::{BTreeMap, BTreeSet};

use kernel::{Channel, Dice, Email, Locale, Phone, Zone};
use orders::incoming::{Address, IncomingCustomer};

use crate::throws::{between, chance, pick};
use names::{Name, Origin};
use places::Country;

/// Domains on which nobody can ever get mail (RFC 2606).
const DOMAINS: [&str; 6] =
    ["example.com", "example.org", "example.net", "example.test", "mail.test", "post.test"];

/// Someone who buys tea.
#[derive(Clone, Debug, PartialEq)]
pub struct Person {
    /// The shop's identifier of the account; none for who buys as a guest.
    pub external_id: Option<String>,
    /// The name as they write it.
    pub name: String,
    /// Their e-mail address, which nobody else has.
    pub email: Email,
    /// Their phone number, which nobody else has.
    pub phone: Option<Phone>,
    /// Where they live.
    pub address: Address,
    /// The language they shop in.
    pub locale: Locale,
    /// Where their clock stands.
    pub zone: Zone,
    /// How they said they want to be told; few say.
    pub preferred_channel: Option<Channel>,
}

impl Person {
    /// The customer as an order names them.
    pub fn as_customer(&self) -> IncomingCustomer {
        IncomingCustomer {
            external_id: self.external_id.clone(),
            email: Some(self.email.clone()),
            phone: self.phone.clone(),
            name: Some(self.name.clone()),
            preferred_channel: self.preferred_channel,
            time_zone: Some(self.zone.clone()),
        }
    }
}

/// `n` customers, each with contacts of their own.
pub fn people(n: usize, dice: &mut Dice) -> Vec<Person> {
    let mut taken = Taken::default();
    (1..=n).map(|nth| person(nth, &mut taken, &mut dice.fork())).collect()
}

/// Someone else in the United Kingdom, to whom a present goes.
pub(crate) fn friend(dice: &mut Dice) -> Address {
    let name = names::name(names::origin(dice), dice).shown;
    places::address(places::united_kingdom(), &name, dice).0
}

/// Another address of the same person in the same country.
pub(crate) fn moved(from: &Address, dice: &mut Dice) -> Address {
    let name = from.name.clone().unwrap_or_default();
    places::address(places::country(&from.country), &name, dice).0
}

/// Contacts that are in use already.
#[derive(Default)]
struct Taken {
    emails: BTreeSet<String>,
    /// How many numbers were given out, by country.
    phones: BTreeMap<&'static str, u64>,
}

fn person(nth: usize, taken: &mut Taken, dice: &mut Dice) -> Person {
    let country = places::somewhere(dice);
    let origin = origin_in(country, dice);
    let name = names::name(origin, dice);
    let (address, zone) = places::address(country, &name.shown, dice);
    let phone = if chance(dice, 45) { phone(country, taken) } else { None };
    Person {
        external_id: (!chance(dice, 25)).then(|| format!("cus-{nth:05}")),
        email: email(&name, taken, dice),
        preferred_channel: preferred(phone.is_some(), dice),
        phone,
        address,
        locale: locale(country, origin, dice),
        zone: Zone::parse(zone).expect("the table of towns names IANA zones"),
        name: name.shown,
    }
}

/// Most people outside the United Kingdom have a name from where they live; within it, from anywhere.
fn origin_in(country: &Country, dice: &mut Dice) -> &'static Origin {
    match names::origin_of(country.language) {
        Some(local) if chance(dice, 75) => local,
        _ => names::origin(dice),
    }
}

/// Most people shop in the language of where they live; a few in the one they grew up with.
fn locale(country: &Country, origin: &Origin, dice: &mut Dice) -> Locale {
    let foreign = origin.language != country.language && chance(dice, 15);
    let tag = if foreign { origin.language } else { country.locale };
    Locale::parse(tag).expect("the tables hold language tags")
}

fn preferred(has_phone: bool, dice: &mut Dice) -> Option<Channel> {
    match dice.below(100) {
        0..10 if has_phone => Some(Channel::Sms),
        10..13 => Some(Channel::Email),
        _ => None,
    }
}

fn email(name: &Name, taken: &mut Taken, dice: &mut Dice) -> Email {
    let (given, family) = (&name.given, &name.family);
    let initial = given.chars().next().unwrap_or('x');
    let local = match dice.below(5) {
        0 => format!("{given}.{family}"),
        1 => format!("{initial}{family}"),
        2 => format!("{given}{}", between(dice, 60, 99)),
        3 => format!("{family}_{given}"),
        _ => format!("{given}.{initial}+tea"),
    };
    let domain = pick(dice, &DOMAINS);
    let free =
        (1..).map(|nth| numbered(&local, nth, domain)).find(|address| taken.emails.insert(address.clone()));
    let address = free.expect("there is always another number");
    Email::parse(&address).expect("romanised names make plain addresses")
}

fn numbered(local: &str, nth: u32, domain: &str) -> String {
    // The number goes before a `+tag`, so that no two people share a mailbox.
    let (mailbox, tag) = local.split_at(local.find('+').unwrap_or(local.len()));
    if nth == 1 { format!("{local}@{domain}") } else { format!("{mailbox}{nth}{tag}@{domain}") }
}

/// The next number of the country's range for films; none where there is no range or it is used up.
fn phone(country: &Country, taken: &mut Taken) -> Option<Phone> {
    let range = country.phones?;
    let given_out = taken.phones.entry(country.code).or_default();
    if *given_out == range.size {
        return None;
    }
    *given_out += 1;
    // Seven shares no factor with the sizes of the ranges, so that every number comes up once, and not in a row.
    let last = range.first + *given_out * 7 % range.size;
    let text = format!("{}{last:0width$}", range.prefix, width = range.digits);
    Some(Phone::parse(&text).expect("ranges hold possible numbers"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use orders::incoming::{MAX_NAME, MAX_TITLE};

    fn crowd() -> Vec<Person> {
        people(2_000, &mut Dice::seeded(1))
    }

    #[test]
    fn the_same_seed_gives_the_same_people() {
        let first = people(50, &mut Dice::seeded(9));
        assert_eq!(first, people(50, &mut Dice::seeded(9)));
        assert_ne!(first, people(50, &mut Dice::seeded(10)));
        assert_eq!(first[..20], people(20, &mut Dice::seeded(9))[..], "more people change nobody");
    }

    #[test]
    fn nobody_shares_a_contact() {
        let crowd = crowd();
        let emails: BTreeSet<_> = crowd.iter().map(|person| person.email.key()).collect();
        assert_eq!(emails.len(), crowd.len());
        let phones: Vec<_> = crowd.iter().filter_map(|person| person.phone.clone()).collect();
        assert_eq!(phones.iter().collect::<BTreeSet<_>>().len(), phones.len());
        assert!(phones.len() > 600, "{}", phones.len());
    }

    #[test]
    fn every_contact_is_reserved_and_reads_back() {
        for person in crowd() {
            assert_eq!(Email::parse(person.email.as_str()).unwrap(), person.email);
            assert!(DOMAINS.contains(&person.email.domain()), "{}", person.email);
            if let Some(phone) = &person.phone {
                let ranges = ["+447700900", "+120655501", "+4917139200", "+336399800", "+467017406"];
                assert!(ranges.iter().any(|range| phone.as_str().starts_with(range)), "{phone}");
                assert_eq!(&Phone::parse(phone.as_str()).unwrap(), phone);
            }
        }
    }

    #[test]
    fn addresses_are_whole_and_within_the_limits() {
        for person in crowd() {
            let Address { name, line1, line2, city, region, postcode, country } = &person.address;
            assert_eq!(name.as_deref(), Some(person.name.as_str()));
            assert!((1..=MAX_NAME).contains(&person.name.chars().count()));
            for part in [Some(line1), line2.as_ref(), Some(city), region.as_ref(), postcode.as_ref()]
                .into_iter()
                .flatten()
            {
                assert!((1..=MAX_TITLE).contains(&part.chars().count()));
                assert!(!part.contains(['#', '@']), "{part}");
            }
            assert!(postcode.is_some() && country.len() == 2);
        }
    }

    #[test]
    fn most_live_in_the_united_kingdom_and_names_come_in_many_scripts() {
        let crowd = crowd();
        let british = crowd.iter().filter(|person| person.address.country == "GB").count();
        assert!((1_400..1_700).contains(&british), "{british}");
        for (script, range) in [
            ("arabic", '\u{600}'..'\u{700}'),
            ("greek", '\u{370}'..'\u{400}'),
            ("kanji", '\u{4E00}'..'\u{A000}'),
            ("cyrillic", '\u{400}'..'\u{500}'),
        ] {
            let count = crowd.iter().filter(|person| person.name.chars().any(|c| range.contains(&c))).count();
            assert!(count > 10, "{script}: {count}");
        }
        assert!(crowd.iter().any(|person| person.name.chars().count() > 35), "somebody has a very long name");
    }

    #[test]
    fn few_say_how_they_want_to_be_told() {
        let crowd = crowd();
        let said = crowd.iter().filter(|person| person.preferred_channel.is_some()).count();
        assert!((60..260).contains(&said), "{said}");
        assert!(crowd.iter().all(|p| p.preferred_channel != Some(Channel::Sms) || p.phone.is_some()));
    }

    #[test]
    fn who_moves_stays_in_the_country() {
        let mut dice = Dice::seeded(3);
        for person in people(100, &mut dice) {
            let after = moved(&person.address, &mut dice);
            assert_eq!((&after.country, &after.name), (&person.address.country, &person.address.name));
        }
    }
}
