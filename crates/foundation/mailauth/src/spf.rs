//! SPF: which servers may send in a domain's name (RFC 7208), and whether the record that says so can be used.
//!
//! Nobody's mail is judged here. The record is walked as a recipient's server would walk it for a sender that no part
//! of it matches, because that is the way on which all limits are met: ten lookups, two of them in vain.

use std::collections::BTreeSet;
use std::net::{Ipv4Addr, Ipv6Addr};

use crate::{Answer, Failure, Kind, Lookup, normal, texts};

/// Lookups that a record may cost (RFC 7208 §4.6.4).
pub const MOST_LOOKUPS: u32 = 10;
/// Lookups that may find nothing.
pub const MOST_VOID: u32 = 2;
/// Where counting ends: far beyond what can be right.
const ENOUGH: u32 = 40;

/// What a record says about a server that nothing else in it matches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// `-all`: it may not.
    Fail,
    /// `~all`: it probably may not.
    SoftFail,
    /// `?all`, or nothing: nobody knows.
    Neutral,
    /// `+all`: everybody may.
    Pass,
}

/// What is wrong with a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// There is none.
    Missing,
    /// There are several, and then none counts.
    Several(usize),
    /// It costs more lookups than a server makes.
    TooManyLookups(u32),
    /// More lookups find nothing than a server bears.
    TooManyVoid(u32),
    /// It includes a domain without a record of its own.
    NothingIncluded(String),
    /// It includes itself, by this domain.
    Loop(String),
    /// A word of it means nothing.
    BadWord(String),
    /// Everybody may send.
    OpenToAll,
    /// It does not say what holds for everybody else.
    NoEnding,
    /// A name could not be looked up.
    Unanswered(String, Failure),
}

/// A record, examined.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spf {
    /// The record itself, where there is exactly one.
    pub record: Option<String>,
    /// What it costs.
    pub lookups: u32,
    /// How many of them find nothing.
    pub voids: u32,
    /// What it says about everybody else.
    pub ending: Ending,
    /// What is wrong with it.
    pub faults: Vec<Fault>,
}

/// Examines the record of a domain.
pub fn examine(domain: &str, lookup: &Lookup<'_>) -> Spf {
    let mut walk =
        Walk { lookup, lookups: 0, voids: 0, faults: Vec::new(), above: BTreeSet::new(), record: None };
    let ending = walk.domain(&normal(domain), None).unwrap_or(Ending::Neutral);
    walk.judge(ending);
    Spf { record: walk.record, lookups: walk.lookups, voids: walk.voids, ending, faults: walk.faults }
}

struct Walk<'a> {
    lookup: &'a Lookup<'a>,
    lookups: u32,
    voids: u32,
    faults: Vec<Fault>,
    /// The domains whose records are being read, the one inside the other.
    above: BTreeSet<String>,
    record: Option<String>,
}

impl Walk<'_> {
    /// Reads the record of a domain; none when there is none to read. `included_by` is set for all but the first.
    fn domain(&mut self, domain: &str, included_by: Option<&str>) -> Option<Ending> {
        if self.lookups > ENOUGH {
            return None;
        }
        if !self.above.insert(domain.to_owned()) {
            self.fault(Fault::Loop(domain.to_owned()));
            return None;
        }
        let ending = match texts(self.lookup, domain) {
            Err(failure) => {
                self.fault(Fault::Unanswered(domain.to_owned(), failure));
                None
            }
            Ok(texts) => self.texts(domain, texts, included_by.is_some()),
        };
        self.above.remove(domain);
        ending
    }

    fn texts(&mut self, domain: &str, texts: Vec<String>, is_included: bool) -> Option<Ending> {
        self.voids += u32::from(is_included && texts.is_empty());
        let mut records: Vec<String> = texts.into_iter().filter(|text| is_spf(text)).collect();
        match (records.len(), is_included) {
            (1, _) => {}
            (0, false) => self.fault(Fault::Missing),
            (0, true) => self.fault(Fault::NothingIncluded(domain.to_owned())),
            (several, _) => self.fault(Fault::Several(several)),
        }
        let record = (records.len() == 1).then(|| records.remove(0))?;
        let ending = self.words(domain, &record);
        if !is_included {
            self.record = Some(record);
        }
        Some(ending)
    }

    fn words(&mut self, domain: &str, record: &str) -> Ending {
        let mut redirect = None;
        for word in record.split_whitespace().skip(1) {
            let (qualifier, rest) = match word.split_at_checked(1) {
                Some((sign @ ("+" | "-" | "~" | "?"), rest)) => (sign, rest),
                _ => ("+", word),
            };
            if rest.eq_ignore_ascii_case("all") {
                return ending(qualifier);
            }
            match rest.to_ascii_lowercase().strip_prefix("redirect=") {
                Some(target) => redirect = Some(target.to_owned()),
                None => self.word(domain, word, rest),
            }
        }
        match redirect {
            Some(target) => {
                self.lookups += 1;
                if has_macro(&target) {
                    Ending::Neutral
                } else {
                    self.domain(&normal(&target), Some(domain)).unwrap_or(Ending::Neutral)
                }
            }
            None => Ending::Neutral,
        }
    }

    /// One mechanism or modifier, but for `all` and `redirect`.
    fn word(&mut self, domain: &str, word: &str, rest: &str) {
        let end = rest.find([':', '=', '/']).unwrap_or(rest.len());
        let (name, argument) = rest.split_at(end);
        let target = argument.strip_prefix(':').map(|target| target.split('/').next().unwrap_or_default());
        let is_modifier = argument.starts_with('=');
        match (name.to_ascii_lowercase().as_str(), target) {
            _ if is_modifier && !name.is_empty() => {}
            ("include", Some(target)) if !target.is_empty() => {
                self.lookups += 1;
                if !has_macro(target) {
                    self.domain(&normal(target), Some(domain));
                }
            }
            ("a", target) => self.find(target.unwrap_or(domain), &[Kind::A, Kind::Aaaa]),
            ("mx", target) => self.find(target.unwrap_or(domain), &[Kind::Mx]),
            ("exists", Some(target)) if !target.is_empty() => self.find(target, &[Kind::A]),
            // Slow and unreliable, and still a lookup.
            ("ptr", _) => self.lookups += 1,
            ("ip4", _) if is_network(argument, false) => {}
            ("ip6", _) if is_network(argument, true) => {}
            _ => self.fault(Fault::BadWord(word.to_owned())),
        }
    }

    /// A mechanism that asks for the records of a name.
    fn find(&mut self, name: &str, kinds: &[Kind]) {
        self.lookups += 1;
        if has_macro(name) || self.lookups > ENOUGH {
            return;
        }
        let name = normal(name);
        let mut is_there = false;
        for kind in kinds {
            match (self.lookup)(&name, *kind) {
                Answer::Records(_) => is_there = true,
                Answer::Nothing | Answer::NoSuchName => {}
                Answer::Failed(failure) => return self.fault(Fault::Unanswered(name, failure)),
            }
        }
        self.voids += u32::from(!is_there);
    }

    fn judge(&mut self, ending: Ending) {
        if self.lookups > MOST_LOOKUPS {
            self.fault(Fault::TooManyLookups(self.lookups));
        }
        if self.voids > MOST_VOID {
            self.fault(Fault::TooManyVoid(self.voids));
        }
        let is_whole = self.record.is_some() && self.faults.is_empty();
        match ending {
            Ending::Pass => self.fault(Fault::OpenToAll),
            Ending::Neutral if is_whole => self.fault(Fault::NoEnding),
            Ending::Neutral | Ending::Fail | Ending::SoftFail => {}
        }
    }

    fn fault(&mut self, fault: Fault) {
        if !self.faults.contains(&fault) {
            self.faults.push(fault);
        }
    }
}

fn is_spf(text: &str) -> bool {
    let begins = text.get(..6).is_some_and(|start| start.eq_ignore_ascii_case("v=spf1"));
    begins && matches!(text.as_bytes().get(6), None | Some(b' '))
}

fn ending(qualifier: &str) -> Ending {
    match qualifier {
        "-" => Ending::Fail,
        "~" => Ending::SoftFail,
        "?" => Ending::Neutral,
        _ => Ending::Pass,
    }
}

/// What depends on the mail at hand can't be looked up beforehand.
fn has_macro(target: &str) -> bool {
    target.contains('%')
}

/// An address, or a network of addresses.
fn is_network(argument: &str, is_v6: bool) -> bool {
    let Some(network) = argument.strip_prefix(':') else { return false };
    let (address, length) = match network.split_once('/') {
        Some((address, length)) => (address, length.parse::<u8>().ok()),
        None => (network, Some(0)),
    };
    if is_v6 {
        return address.parse::<Ipv6Addr>().is_ok() && length.is_some_and(|length| length <= 128);
    }
    address.parse::<Ipv4Addr>().is_ok() && length.is_some_and(|length| length <= 32)
}
