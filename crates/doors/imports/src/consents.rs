//! Answers to questions for consent, collected elsewhere.
//!
//! A yes needs its proof: the words it was given to, and when. What an imported answer is worth beside one that the
//! person gave here is decided in `customers`. A no counts for everybody who holds the address, for an address that is
//! shared was refused for all who share it.

use customers::{Consent, Described};
use db::Write;
use kernel::{Channel, CustomerId, Email, Error, Phone, Purpose, Result, Timestamp};
use orders::incoming::{CLOCKS_DIFFER_BY, MAX_NAME, MAX_NOTE};

use crate::faults::Fault;
use crate::shape::{Done, Prepared, Setting, Shape};
use crate::table::{Cells, Dialect, Header, Row};

/// Who told, in the ledger.
const SOURCE: &str = customers::IMPORT;
const KNOWN: [&str; 8] = ["email", "phone", "name", "channel", "granted", "wording", "at", "source"];
const REQUIRED: [&str; 3] = ["channel", "granted", "at"];
/// The most characters of where an answer was collected.
const MAX_COLLECTED: usize = 200;

/// The shape of a file of answers.
pub fn shape(dialect: &Dialect, _: &Setting) -> Result<Box<dyn Shape>> {
    let header = Header::read(&dialect.names, |name| KNOWN.contains(&name), &REQUIRED)?;
    if !header.has("email") && !header.has("phone") {
        let words = "The header lacks email or phone: an answer was given for an address.";
        return Err(Error::invalid("missing_column", words));
    }
    Ok(Box::new(Answers { header }))
}

struct Answers {
    header: Header,
}

/// One answer.
struct Answer {
    email: Option<Email>,
    phone: Option<Phone>,
    name: Option<String>,
    consent: Consent,
}

impl Shape for Answers {
    fn key(&self) -> &[usize] {
        &[]
    }

    fn header(&self) -> &Header {
        &self.header
    }

    fn most_rows(&self) -> usize {
        1
    }

    fn read(&self, rows: &[Row], now: Timestamp) -> Result<Prepared, Vec<Fault>> {
        let Some(row) = rows.first() else { return Err(Vec::new()) };
        let mut cells = Cells::strict(&self.header, row, false);
        let answer = answer(&mut cells, now + CLOCKS_DIFFER_BY);
        let faults = cells.faults();
        match answer {
            Some(answer) if faults.is_empty() => Ok(Prepared::new(move |w| take(w, &answer))),
            _ => Err(faults),
        }
    }
}

/// `None` only when `cells` holds the reason.
fn answer(cells: &mut Cells<'_>, latest: Timestamp) -> Option<Answer> {
    let channel = cells.parsed("channel", |text| Channel::parse(&text.to_lowercase()));
    let channel = cells.required("channel", channel);
    let granted = cells.yes_or_no("granted");
    let granted = cells.required("granted", granted);
    let said_at = cells.instant_until("at", latest);
    let said_at = cells.required("at", said_at);
    let (email, phone) = (cells.parsed("email", Email::parse), cells.parsed("phone", Phone::parse));
    let name = cells.line("name", MAX_NAME);
    let wording = cells.paragraph("wording", MAX_NOTE);
    let collected = cells.line("source", MAX_COLLECTED);
    match channel {
        Some(Channel::Email) => drop(cells.required("email", email.clone())),
        Some(Channel::Sms) => drop(cells.required("phone", phone.clone())),
        None => {}
    }
    if granted == Some(true) && cells.text("wording").is_none() {
        let detail = "A yes needs its proof: write the words that stood beside the box.";
        cells.fault("wording", "no_proof", detail);
    }
    let consent = Consent {
        channel: channel?,
        purpose: Purpose::Marketing,
        granted: granted?,
        wording: proof(wording, collected),
        said_at: said_at?,
    };
    Some(Answer { email, phone, name, consent })
}

/// The words, and where they stood.
fn proof(wording: Option<String>, collected: Option<String>) -> Option<String> {
    match (wording, collected) {
        (Some(wording), Some(collected)) => Some(format!("{wording}\n[{collected}]")),
        (None, Some(collected)) => Some(format!("[{collected}]")),
        (wording, None) => wording,
    }
}

fn take(w: &mut Write<'_>, answer: &Answer) -> Result<Done> {
    let mut is_news = false;
    for person in people(w, answer)? {
        is_news |= !customers::is_told(w, &person, &answer.consent, SOURCE)?;
        customers::record_consent(w, &person, &answer.consent, SOURCE)?;
    }
    Ok(if is_news { Done::Added } else { Done::Known })
}

/// Whose answer it is. A number alone names whoever holds it; a yes for a number that several hold is nobody's.
fn people(w: &mut Write<'_>, answer: &Answer) -> Result<Vec<CustomerId>> {
    let (email, phone) = (answer.email.as_ref().map(Email::key), answer.phone.as_ref());
    let address = match answer.consent.channel {
        Channel::Email => email.as_deref(),
        Channel::Sms => phone.map(Phone::as_str),
    };
    let address = address.ok_or_else(|| Error::internal("an answer without its address"))?;
    let mut people = customers::everybody_at(w, answer.consent.channel, address)?;
    if answer.email.is_none() && answer.consent.granted && people.len() > 1 {
        let detail = "Several customers have this number. Give the e-mail address of the one who said yes.";
        return Err(Error::field("/phone", "several_people", detail));
    }
    if answer.email.is_some() || people.is_empty() {
        let described = Described {
            source: SOURCE,
            email: answer.email.as_ref(),
            phone: answer.phone.as_ref(),
            name: answer.name.as_deref(),
            ..Described::default()
        };
        let customer = customers::recognise_from_past(w, &described)?;
        // A no counts for everybody who is reached there, a yes for the one who said it.
        people.retain(|_| !answer.consent.granted);
        people.push(customer);
    }
    people.sort();
    people.dedup();
    Ok(people)
}
