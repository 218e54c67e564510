//! How often the same may be asked for: by what was named, and by where it was asked from. Counted by keyed hashes, and the
//! same whether or not anybody is known by what was named.

use std::time::Duration;

use db::{Write, params};
use kernel::{Error, Kind, Result, Shop, id_type};

use super::{COUNT_ASKS, INSERT_ASK};

id_type!(
    /// Something that was asked for.
    AskId, "ask"
);

/// So often within that time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit {
    /// So often.
    pub most: u32,
    /// Within that time.
    pub within: Duration,
}

/// One thing that is counted when somebody asks.
#[derive(Clone, Copy, Debug)]
pub struct Ask<'a> {
    /// What for, and what is named: `sign_in address`.
    pub what: &'static str,
    /// The address, the number, the origin.
    pub named: &'a str,
    /// How often it may be.
    pub limits: &'a [Limit],
}

/// Whether it may be asked for once more that was asked for so often within each limit's time. Pure.
pub fn may_ask(counted: &[(u32, Limit)]) -> bool {
    counted.iter().all(|(asks, limit)| *asks < limit.most)
}

/// Counts that somebody asks, or says that it was too often: then nothing is counted.
pub fn count_asks(w: &mut Write<'_>, asks: &[Ask<'_>]) -> Result<()> {
    let keys = w.wired::<Shop>()?.keys.clone();
    let now = w.now;
    for ask in asks {
        let hash = keys.fingerprint("customer-ask", format!("{}\n{}", ask.what, ask.named).as_bytes());
        let mut counted = Vec::with_capacity(ask.limits.len());
        for limit in ask.limits {
            let row = w.one(&COUNT_ASKS, params![&hash, now - limit.within])?;
            counted.push((row.get::<u32>("asks")?, *limit));
        }
        if !may_ask(&counted) {
            return Err(too_often(&counted));
        }
        let id = AskId::new(now, w.dice);
        w.send(&INSERT_ASK, params![id.as_str(), &hash, now])?;
    }
    Ok(())
}

/// The wait is that of the limit which was reached, whole: when exactly it frees a place is nobody's business.
fn too_often(counted: &[(u32, Limit)]) -> Error {
    let reached = counted.iter().filter(|(asks, limit)| *asks >= limit.most);
    let wait = reached.map(|(_, limit)| limit.within.as_secs()).max().unwrap_or(60);
    let words = "That was asked for too often. Nothing was changed; wait a while and try again.";
    Error::new(Kind::TooMany, "asked_too_often", words).retry_after_s(u32::try_from(wait).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_limit_has_to_leave_room() {
        let hour = Limit { most: 5, within: Duration::from_secs(3_600) };
        let day = Limit { most: 10, within: Duration::from_secs(86_400) };
        assert!(may_ask(&[]) && may_ask(&[(4, hour), (9, day)]));
        assert!(!may_ask(&[(5, hour), (5, day)]), "the hour");
        assert!(!may_ask(&[(0, hour), (10, day)]), "the day");
        assert_eq!(too_often(&[(5, hour), (5, day)]).retry_after(), Some(3_600));
        assert_eq!(too_often(&[(5, hour), (10, day)]).retry_after(), Some(86_400));
    }
}
