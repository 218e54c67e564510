//! What somebody types who looks for an order, read forgivingly. Pure.

use kernel::{Email, Phone};

use crate::incoming::IncomingOrder;

/// The most characters of an order's number.
const LONGEST_NUMBER: usize = 64;
/// Digits that a number has at least when it stands without its country.
const FEWEST_DIGITS: usize = 6;

/// An order's number, and how its customer can be reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Typed {
    /// The number without its sign.
    pub number: String,
    /// How they can be reached.
    pub contact: Contact,
}

/// An address or a number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Contact {
    /// What the spellings of an address share.
    Email(String),
    /// A whole number, `+447700900123`.
    Phone(String),
    /// A number as it is dialled at home, without its leading noughts: `7700900123`.
    Home(String),
}

/// What can't be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    Number,
    Contact,
}

impl Typed {
    /// Reads both fields.
    pub fn read(number: &str, contact: &str) -> Result<Typed, Fault> {
        Ok(Typed { number: number_of(number).ok_or(Fault::Number)?, contact: Contact::read(contact)? })
    }
}

fn number_of(typed: &str) -> Option<String> {
    let bare = typed.trim().trim_start_matches(['#', '№']).trim();
    let length = bare.chars().count();
    let is_number = (1..=LONGEST_NUMBER).contains(&length) && !bare.chars().any(char::is_control);
    is_number.then(|| bare.to_owned())
}

impl Contact {
    fn read(typed: &str) -> Result<Contact, Fault> {
        let typed = typed.trim();
        if typed.contains('@') {
            return Email::parse(typed).map(|email| Contact::Email(email.key())).map_err(|_| Fault::Contact);
        }
        if let Ok(phone) = Phone::parse(typed) {
            return Ok(Contact::Phone(phone.as_str().to_owned()));
        }
        let is_spacing = |c: &char| matches!(c, ' ' | '.' | '-' | '/' | '(' | ')' | '\u{a0}');
        let bare: String = typed.chars().filter(|c| !is_spacing(c)).collect();
        let home = bare.trim_start_matches('0');
        let is_number = home.bytes().all(|byte| byte.is_ascii_digit());
        match (FEWEST_DIGITS..=15).contains(&home.len()) && is_number {
            true => Ok(Contact::Home(home.to_owned())),
            false => Err(Fault::Contact),
        }
    }

    /// As it is noted and counted.
    pub fn noted(&self) -> &str {
        match self {
            Contact::Email(key) => key,
            Contact::Phone(number) | Contact::Home(number) => number,
        }
    }

    /// Reads what was noted.
    pub fn from_noted(noted: &str) -> Contact {
        match noted {
            key if key.contains('@') => Contact::Email(key.to_owned()),
            number if number.starts_with('+') => Contact::Phone(number.to_owned()),
            number => Contact::Home(number.to_owned()),
        }
    }

    /// Whether it was given with an order.
    pub fn is_of(&self, order: &IncomingOrder) -> bool {
        let (email, phone) = (order.customer.email.as_ref(), order.customer.phone.as_ref());
        match self {
            Contact::Email(key) => email.is_some_and(|email| email.key() == *key),
            Contact::Phone(number) => phone.is_some_and(|phone| phone.as_str() == number),
            // A country code has at most three digits.
            Contact::Home(home) => phone.is_some_and(|phone| {
                let code = phone.as_str().trim_start_matches('+').strip_suffix(home.as_str());
                code.is_some_and(|code| (1..=3).contains(&code.len()))
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_type_is_read_as_they_mean_it() {
        let number = |typed| Typed::read(typed, "a@x.test").map(|typed| typed.number);
        for typed in ["1042", "#1042", " 1042 ", "# 1042", "\t#1042\n"] {
            assert_eq!(number(typed), Ok("1042".to_owned()), "{typed:?}");
        }
        for typed in ["", " ", "#", "10\u{0}42", &"9".repeat(65)] {
            assert_eq!(number(typed), Err(Fault::Number), "{typed:?}");
        }
        let contact = |typed| Typed::read("1", typed).map(|typed| typed.contact);
        assert_eq!(contact(" Amina@EXAMPLE.Test "), Ok(Contact::Email("amina@example.test".to_owned())));
        for typed in ["+44 7700 900123", "0044 (7700) 900-123"] {
            assert_eq!(contact(typed), Ok(Contact::Phone("+447700900123".to_owned())), "{typed}");
        }
        assert_eq!(contact("07700 900 123"), Ok(Contact::Home("7700900123".to_owned())));
        for typed in ["", "amina", "a@b", "12345", "07700x900123", &"9".repeat(40), "٠٧٧٠٠٩٠٠١٢٣"]
        {
            assert_eq!(contact(typed), Err(Fault::Contact), "{typed:?}");
        }
    }

    #[test]
    fn what_was_noted_is_what_was_typed() {
        for typed in ["amina@example.test", "+447700900123", "07700900123"] {
            let contact = Typed::read("1", typed).unwrap().contact;
            assert_eq!(Contact::from_noted(contact.noted()), contact);
        }
    }
}
