//! DMARC: what a domain wishes for mail in its name that proves nothing, and which domains count as one (RFC 9989).
//!
//! The domain that decides is found by walking up the tree of names and not by a list of public suffixes. Tags that
//! RFC 9989 has dropped (`pct`, `rf`, `ri`) are named, because whoever wrote them expects something of them.

use crate::{Answer, Failure, Kind, Lookup, normal, texts};

/// Names asked for on one walk at most: a longer one is cut to seven labels after the first (RFC 9989 §4.10).
const MOST_STEPS: usize = 8;
/// Tags of RFC 7489 that no longer mean anything.
const DROPPED: [&str; 3] = ["pct", "rf", "ri"];

/// What is to happen to mail that proves nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Policy {
    /// Nothing in particular.
    None,
    /// It goes to where suspicious mail goes.
    Quarantine,
    /// It is not taken.
    Reject,
}

impl Policy {
    /// The word of the record.
    pub fn as_str(self) -> &'static str {
        match self {
            Policy::None => "none",
            Policy::Quarantine => "quarantine",
            Policy::Reject => "reject",
        }
    }

    fn parse(word: &str) -> Option<Self> {
        [Policy::None, Policy::Quarantine, Policy::Reject]
            .into_iter()
            .find(|policy| policy.as_str().eq_ignore_ascii_case(word))
    }
}

/// Whether a domain is one below which others register their own: `psd=`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Suffix {
    /// `y`: it is.
    Yes,
    /// `n`: it is not, and the walk ends here.
    No,
    /// `u`, or nothing.
    Unsaid,
}

/// One record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// `p`; none when it is missing or no policy.
    pub policy: Option<Policy>,
    /// `sp`: for domains below that exist.
    pub below: Option<Policy>,
    /// `np`: for domains below that do not exist.
    pub absent: Option<Policy>,
    /// `psd`.
    pub suffix: Suffix,
    /// `t=y`: the policy is only being tried.
    pub is_test: bool,
    /// `adkim=s`: the signing domain has to be the very same.
    pub strict_dkim: bool,
    /// `aspf=s`: the same for the envelope's.
    pub strict_spf: bool,
    /// Whether somebody is told about what fails: `rua`.
    pub has_reports: bool,
    /// Tags in it that mean nothing any more.
    pub dropped: Vec<&'static str>,
    /// Tags in it whose values mean nothing.
    pub bad_tags: Vec<&'static str>,
}

impl Record {
    /// Reads a text; none when it is no DMARC record.
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split(';').map(|part| part.split_once('=').map(|(n, v)| (n.trim(), v.trim())));
        // The version comes first and is written exactly so.
        if parts.next()? != Some(("v", "DMARC1")) {
            return None;
        }
        let tags: Vec<(String, &str)> =
            parts.flatten().map(|(name, value)| (name.to_ascii_lowercase(), value)).collect();
        let tag = |name: &str| tags.iter().find(|(own, _)| own == name).map(|(_, value)| *value);
        let policy = |name: &str| tag(name).and_then(Policy::parse);
        let is_bad = |name: &&str| tag(name).is_some() && policy(name).is_none();
        let says = |name: &str, word: &str| tag(name).is_some_and(|value| value.eq_ignore_ascii_case(word));
        Some(Record {
            policy: policy("p"),
            below: policy("sp"),
            absent: policy("np"),
            suffix: match tag("psd") {
                Some(value) if value.eq_ignore_ascii_case("y") => Suffix::Yes,
                Some(value) if value.eq_ignore_ascii_case("n") => Suffix::No,
                Some(_) | None => Suffix::Unsaid,
            },
            is_test: says("t", "y"),
            strict_dkim: says("adkim", "s"),
            strict_spf: says("aspf", "s"),
            has_reports: tag("rua").is_some_and(|list| list.split(',').any(|uri| uri.trim().contains(':'))),
            dropped: DROPPED.into_iter().filter(|name| tag(name).is_some()).collect(),
            bad_tags: ["p", "sp", "np"].into_iter().filter(is_bad).collect(),
        })
    }

    /// Whether it takes part at all: without a policy that can be read it does only where it wants reports.
    fn counts(&self) -> bool {
        (self.policy.is_some() && self.bad_tags.is_empty()) || self.has_reports
    }

    /// The policy for a domain below this one's.
    fn for_below(&self, exists: bool) -> Policy {
        let absent = if exists { None } else { self.absent };
        absent.or(self.below).or(self.policy).unwrap_or(Policy::None)
    }
}

/// What a domain's mail is under.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Discovered {
    /// The domain whose record counts.
    pub at: String,
    /// The record.
    pub record: Record,
    /// What is to happen to mail from the domain that was asked about.
    pub policy: Policy,
    /// The domain that this one belongs to.
    pub organization: String,
}

/// What was found on a walk.
struct Step {
    domain: String,
    record: Record,
}

/// Finds the policy for mail from `domain`; none when no record says anything.
pub fn discover(domain: &str, lookup: &Lookup<'_>) -> Result<Option<Discovered>, Failure> {
    let domain = normal(domain);
    let steps = walk(&domain, lookup)?;
    let organization = organization_of(&domain, &steps);
    let own = steps.iter().position(|step| step.domain == domain);
    let at = own
        .or_else(|| steps.iter().position(|step| step.domain == organization))
        .or_else(|| steps.iter().position(|step| step.record.suffix == Suffix::Yes));
    let Some(at) = at else { return Ok(None) };
    let step = &steps[at];
    if !step.record.counts() {
        return Ok(None);
    }
    let is_readable = step.record.policy.is_some() && step.record.bad_tags.is_empty();
    let policy = match (is_readable, own.is_some()) {
        (false, _) => Policy::None,
        (true, true) => step.record.policy.unwrap_or(Policy::None),
        (true, false) => step.record.for_below(exists(&domain, lookup)),
    };
    Ok(Some(Discovered { at: step.domain.clone(), record: step.record.clone(), policy, organization }))
}

/// Every record at a domain. When there are several, none counts.
pub fn records_at(domain: &str, lookup: &Lookup<'_>) -> Result<Vec<Record>, Failure> {
    let found = texts(lookup, &format!("_dmarc.{domain}"))?;
    Ok(found.iter().filter_map(|text| Record::parse(text)).collect())
}

/// The domain that `domain` belongs to (RFC 9989 §4.10.2).
pub fn organization(domain: &str, lookup: &Lookup<'_>) -> Result<String, Failure> {
    let domain = normal(domain);
    let steps = walk(&domain, lookup)?;
    Ok(organization_of(&domain, &steps))
}

/// Whether mail from `from` may be vouched for by `other`: they are the same, or, where that is enough, belong together.
pub fn is_aligned(from: &str, other: &str, strict: bool, lookup: &Lookup<'_>) -> Result<bool, Failure> {
    let (from, other) = (normal(from), normal(other));
    if from == other || strict {
        return Ok(from == other);
    }
    Ok(organization(&from, lookup)? == organization(&other, lookup)?)
}

/// From the longest name to the shortest: where there is exactly one record, it.
fn walk(domain: &str, lookup: &Lookup<'_>) -> Result<Vec<Step>, Failure> {
    let mut steps = Vec::new();
    for (number, name) in names(domain).into_iter().enumerate() {
        let mut records = records_at(&name, lookup)?;
        if records.len() != 1 {
            continue;
        }
        let record = records.remove(0);
        let is_last = match record.suffix {
            Suffix::No => true,
            Suffix::Yes => number > 0,
            Suffix::Unsaid => false,
        };
        steps.push(Step { domain: name, record });
        if is_last {
            break;
        }
    }
    Ok(steps)
}

/// The names that are asked for: the domain itself, then its last seven labels, six, …
fn names(domain: &str) -> Vec<String> {
    let labels: Vec<&str> = domain.split('.').filter(|label| !label.is_empty()).collect();
    let above = (1..labels.len().min(MOST_STEPS)).rev();
    let above = above.map(|count| labels[labels.len() - count..].join("."));
    std::iter::once(labels.join(".")).chain(above).collect()
}

fn organization_of(domain: &str, steps: &[Step]) -> String {
    for step in steps {
        match step.record.suffix {
            Suffix::No => return step.domain.clone(),
            Suffix::Yes if step.domain != domain => return below(&step.domain, domain),
            Suffix::Yes | Suffix::Unsaid => {}
        }
    }
    steps.last().map_or_else(|| domain.to_owned(), |step| step.domain.clone())
}

/// The name one label below `suffix` on the way to `domain`.
fn below(suffix: &str, domain: &str) -> String {
    let labels: Vec<&str> = domain.split('.').collect();
    let keep = suffix.split('.').count() + 1;
    labels[labels.len().saturating_sub(keep)..].join(".")
}

/// A domain exists when any of its records does: addresses and mail servers, as a recipient's server looks.
fn exists(domain: &str, lookup: &Lookup<'_>) -> bool {
    [Kind::A, Kind::Aaaa, Kind::Mx].into_iter().any(|kind| lookup(domain, kind) != Answer::NoSuchName)
}
