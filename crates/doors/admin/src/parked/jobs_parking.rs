//! Jobs that are out of tries.

use db::{Read, Write};
use jobs::{JobId, Parked, ParkedAfter};
use kernel::{Result, Timestamp};

use super::{KindCount, Parking, Piece, Reason, Subject, must_end};

/// How many jobs one write makes due again.
const AT_ONCE: i64 = 1_000;
/// What is said of work that only another version knows.
const UNKNOWN: &str =
    "This program does not know what it is about. Try it again with the version that made it.";

/// Jobs, and what there is to say about each kind.
pub struct ParkedJobs(pub &'static [WorkKind]);

/// A kind of work, for people.
pub struct WorkKind {
    /// The kind of its jobs.
    pub kind: &'static str,
    /// What it does, in words.
    pub name: &'static str,
    /// The page about what a job with this key is about, where there is one.
    pub page: fn(&str) -> Option<String>,
    /// Whether it can be given up.
    pub discard: Discard,
}

/// What giving a piece of work up means.
#[derive(Clone, Copy)]
pub enum Discard {
    /// It has to come to its end, and this is how.
    Never(&'static str),
    /// It can, and this is what is lost. What it was about is seen to in the same write.
    Loses(&'static str, fn(&mut Write<'_>, &str, Reason) -> Result<()>),
}

impl ParkedJobs {
    fn kind(&self, kind: &str) -> Option<&WorkKind> {
        self.0.iter().find(|known| known.kind == kind)
    }

    fn name(&self, kind: &str) -> String {
        self.kind(kind).map_or(kind, |known| known.name).to_owned()
    }

    fn piece(&self, job: Parked) -> Piece {
        let known = self.kind(&job.kind);
        Piece {
            what: self.name(&job.kind),
            href: known.and_then(|known| (known.page)(&job.key)),
            why: format!("Failed {} times. {}", job.attempts, job.error),
            parked_at: job.parked_at,
            discarded: match known.map(|known| known.discard) {
                Some(Discard::Loses(words, _)) => Ok(words),
                Some(Discard::Never(words)) => Err(words),
                None => Err(UNKNOWN),
            },
            id: job.id,
        }
    }
}

impl Parking for ParkedJobs {
    fn word(&self) -> &'static str {
        "work"
    }

    fn title(&self) -> &'static str {
        "Work that failed again and again"
    }

    fn count(&self, r: &mut Read<'_>, most: i64) -> Result<i64> {
        Ok(jobs::parked_kinds(r, most)?.iter().map(|(_, count)| count).sum())
    }

    fn kinds(&self, r: &mut Read<'_>, most: i64) -> Result<Vec<KindCount>> {
        let kinds = jobs::parked_kinds(r, most)?.into_iter();
        Ok(kinds.map(|(kind, count)| KindCount { name: self.name(&kind), kind, count }).collect())
    }

    fn page(&self, r: &mut Read<'_>, after: Option<(Timestamp, &str)>, limit: i64) -> Result<Vec<Piece>> {
        let after = match after {
            Some((parked_at, id)) => Some(ParkedAfter { parked_at, id: JobId::parse(id)? }),
            None => None,
        };
        let jobs = jobs::parked_page(r, after.as_ref(), limit)?;
        Ok(jobs.into_iter().map(|job| self.piece(job)).collect())
    }

    fn try_again(&self, w: &mut Write<'_>, id: &str) -> Result<Option<Subject>> {
        let id = JobId::parse(id)?;
        let Some(job) = jobs::find_parked(w, &id)? else { return Ok(None) };
        Ok(jobs::retry_one(w, &id)?.then_some((job.kind, job.key)))
    }

    fn try_all_again(&self, w: &mut Write<'_>, kind: &str, _parked_before: Timestamp) -> Result<u64> {
        // A job is parked after twelve tries, which take hours: none of these is here again before the others are done.
        jobs::retry_parked(w, Some(kind), AT_ONCE)
    }

    fn discard(&self, w: &mut Write<'_>, id: &str, reason: Reason) -> Result<Option<Subject>> {
        let id = JobId::parse(id)?;
        let Some(job) = jobs::find_parked(w, &id)? else { return Ok(None) };
        let sees_to_it = match self.kind(&job.kind).map(|known| known.discard) {
            Some(Discard::Loses(_, sees_to_it)) => sees_to_it,
            Some(Discard::Never(why)) => return Err(must_end(why)),
            None => return Err(must_end(UNKNOWN)),
        };
        if !jobs::discard_parked(w, &id)? {
            return Ok(None);
        }
        sees_to_it(w, &job.key, reason)?;
        Ok(Some((job.kind, job.key)))
    }
}
