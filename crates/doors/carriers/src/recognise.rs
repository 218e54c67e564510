//! Whose a tracking number is.
//!
//! What the platform calls the carrier comes first, because somebody has seen the parcel. Without a name the number
//! speaks for itself: its form, its check digit, and where it goes. A number that could be several carriers' is said to
//! be several carriers'.

use shipments::incoming::MAX_NUMBER;

use crate::check::Check;
use crate::formats::{FORMATS, Format, Reach, Tells};
use crate::names::called;
use crate::number::normalised;
use crate::pattern::fits;
use crate::posts;
use crate::table::{CARRIERS, Carrier, carrier};

/// How sure it is. What is surer is less.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Certainty {
    /// Whoever told of the parcel named the carrier, and nothing speaks against it.
    Named,
    /// They named it, though the check digit is not one of this carrier: perhaps the number was mistyped.
    Doubted,
    /// Only this carrier's numbers look like this, and the check digit is right.
    Certain,
    /// Only this carrier's numbers look like this and there is nothing to check, or others' do too and the check digit is right.
    Likely,
    /// This carrier's numbers look like this, among others'.
    Possible,
}

/// A carrier that a number may belong to.
#[derive(Clone, Copy, Debug)]
pub struct Candidate {
    /// Which.
    pub carrier: &'static Carrier,
    /// How sure that is.
    pub certainty: Certainty,
}

/// The carriers this number may belong to, the surest first; of those as sure, those that deliver in the country it goes
/// to. `hint` is what a platform or a service calls the carrier. Empty when nobody's numbers look like this.
///
/// Whoever is named is alone, but for somebody whose number it certainly is when it looks like none of theirs. Whoever is
/// certain is alone, too.
pub fn recognise(number: &str, destination_country: Option<&str>, hint: Option<&str>) -> Vec<Candidate> {
    let text = number.trim();
    let number = normalised(number);
    if number.is_none() && (text.is_empty() || text.chars().nth(MAX_NUMBER).is_some()) {
        return Vec::new();
    }
    let country = destination_country.map(|country| country.trim().to_ascii_uppercase());
    let country = country.as_deref();
    let by_form = number.as_deref().map(|number| by_form(number, country)).unwrap_or_default();
    let certain = || by_form.iter().copied().filter(|candidate| candidate.certainty == Certainty::Certain);
    let candidates = match hint.and_then(|hint| by_name(hint, number.as_deref(), country)) {
        Some((named, Standing::Fits)) => vec![named],
        Some((named, Standing::Unknown | Standing::WrongDigit)) => {
            std::iter::once(named).chain(certain()).collect()
        }
        None if certain().next().is_some() => certain().collect(),
        None => by_form,
    };
    ordered(candidates, country)
}

/// The surest first, and each carrier once.
fn ordered(mut candidates: Vec<Candidate>, country: Option<&str>) -> Vec<Candidate> {
    let rank = |candidate: &Candidate| {
        (candidate.certainty, distance(candidate.carrier, country), place(candidate.carrier))
    };
    candidates.sort_by_key(rank);
    let mut seen = Vec::new();
    candidates.retain(|candidate| {
        let is_new = !seen.contains(&candidate.carrier.code);
        seen.push(candidate.carrier.code);
        is_new
    });
    candidates
}

/// Who the name means, of those that are called so: whoever has such numbers, else whoever delivers there.
fn by_name(name: &str, number: Option<&str>, country: Option<&str>) -> Option<(Candidate, Standing)> {
    let standing = |carrier: &Carrier| number.map_or(Standing::Unknown, |number| standing(carrier, number));
    let rank = |carrier: &&'static Carrier| (standing(carrier), distance(carrier, country), place(carrier));
    let carrier = called(name).iter().copied().min_by_key(rank)?;
    let standing = standing(carrier);
    let certainty = match standing {
        Standing::Fits | Standing::Unknown => Certainty::Named,
        Standing::WrongDigit => Certainty::Doubted,
    };
    Some((Candidate { carrier, certainty }, standing))
}

/// How a number looks beside what is known of a carrier's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Standing {
    /// Like one of them.
    Fits,
    /// Like none that we know of; it may be one all the same.
    Unknown,
    /// Like one of them with another digit.
    WrongDigit,
}

fn standing(carrier: &Carrier, number: &str) -> Standing {
    let rows = FORMATS.iter().filter(|format| format.carrier == carrier.code && fits(format.pattern, number));
    let post = s10_country(number).and_then(posts::of);
    let is_its_post =
        post.is_some_and(|post| post.carrier == carrier.code || post.parcels == Some(carrier.code));
    let checks = rows.map(|format| format.check).chain(is_its_post.then_some(Check::S10));
    let results: Vec<bool> = checks.map(|check| check.holds(number)).collect();
    match (results.is_empty(), results.contains(&true)) {
        (true, _) => Standing::Unknown,
        (false, true) => Standing::Fits,
        (false, false) => Standing::WrongDigit,
    }
}

fn by_form(number: &str, country: Option<&str>) -> Vec<Candidate> {
    let is_within_reach = |format: &Format, carrier: &Carrier| match (format.reach, country) {
        (Reach::Abroad, _) => true,
        // Anywhere may be there; of numbers with nothing to check that would be guessing.
        (Reach::Home, None) => format.check != Check::Unknown,
        (Reach::Home, Some(country)) => carrier.countries.contains(&country),
    };
    let rows = FORMATS.iter().filter(|format| fits(format.pattern, number) && format.check.holds(number));
    let known = rows.filter_map(|format| carrier(format.carrier).map(|carrier| (format, carrier)));
    let found = known.filter(|(format, carrier)| is_within_reach(format, carrier));
    let mut candidates: Vec<Candidate> =
        found.map(|(format, carrier)| Candidate { carrier, certainty: certainty(format) }).collect();
    candidates.extend(by_post(number));
    candidates
}

fn certainty(format: &Format) -> Certainty {
    match (format.tells, format.check) {
        (Tells::Carrier, Check::Unknown) => Certainty::Likely,
        (Tells::Little, Check::Unknown) => Certainty::Possible,
        (Tells::Carrier, _) => Certainty::Certain,
        (Tells::Little, _) => Certainty::Likely,
    }
}

/// The post of an S10 identifier; for parcels also the company that carries them, and that one first.
fn by_post(number: &str) -> Vec<Candidate> {
    let post = s10_country(number).filter(|_| Check::S10.holds(number)).and_then(posts::of);
    let Some(post) = post else { return Vec::new() };
    let is_parcel = number.starts_with(['C', 'E']);
    let candidate = |code: &str, certainty| carrier(code).map(|carrier| Candidate { carrier, certainty });
    let all = match post.parcels.filter(|_| is_parcel) {
        Some(parcels) => [candidate(parcels, Certainty::Certain), candidate(post.carrier, Certainty::Likely)],
        None => [candidate(post.carrier, Certainty::Certain), None],
    };
    all.into_iter().flatten().collect()
}

/// The country at the end of what looks like an S10 identifier.
fn s10_country(number: &str) -> Option<&str> {
    fits("@@#{9}@@", number).then(|| &number[11..])
}

/// Whether it delivers in that country by itself, everywhere, or elsewhere.
fn distance(carrier: &Carrier, country: Option<&str>) -> u8 {
    match country {
        Some(country) if carrier.countries.contains(&country) => 0,
        Some(_) if !carrier.countries.is_empty() => 2,
        Some(_) | None => 1,
    }
}

fn place(carrier: &Carrier) -> usize {
    CARRIERS.iter().position(|known| known.code == carrier.code).unwrap_or(CARRIERS.len())
}
