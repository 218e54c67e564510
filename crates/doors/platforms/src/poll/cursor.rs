//! How far a platform's list of changed orders has been read. Pure.
//!
//! A list is read in sweeps: from a time on, page by page, to its end. Only then does the time advance, to the latest
//! change that was seen, and the next sweep begins a little before it: platforms tell whole seconds, their clocks
//! differ from ours, and a change may show in the list after a later one. What is read twice is known by its content.

use std::time::Duration;

use kernel::{Error, Result, Timestamp};
use serde::{Deserialize, Serialize};

use super::{Ask, Page, Trouble};

/// How far the next sweep reaches back behind the last.
const OVERLAP: Duration = Duration::from_secs(5 * 60);
/// The most pages of a sweep; a longer list is taken for one that never ends.
const MAX_PAGES: u32 = 2_000;
/// The longest word for where a list goes on.
const MAX_NEXT: usize = 2_000;

/// How far a list has been read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cursor {
    /// Nothing before this is asked for: what is older is for an import.
    floor: Timestamp,
    /// All changes up to here are in.
    since: Timestamp,
    /// A list that was begun and not finished.
    sweep: Option<Sweep>,
}

/// A list that was begun.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Sweep {
    next: String,
    newest: Timestamp,
    pages: u32,
}

impl Cursor {
    /// Before the first sweep.
    pub fn new(floor: Timestamp) -> Self {
        Cursor { floor, since: floor, sweep: None }
    }

    /// Reads what was stored.
    pub fn parse(text: &str) -> Result<Self> {
        serde_json::from_str(text).map_err(|_| Error::internal("a stored cursor can't be read"))
    }

    /// What to ask for next.
    pub fn ask(&self) -> Ask {
        let next = self.sweep.as_ref().map(|sweep| sweep.next.clone());
        Ask { since: (self.since - OVERLAP).max(self.floor), next }
    }

    /// Whether the list was read to its end.
    pub fn is_at_the_end(&self) -> bool {
        self.sweep.is_none()
    }

    /// The same, with the list begun anew.
    pub fn begun_anew(&self) -> Cursor {
        Cursor { sweep: None, ..self.clone() }
    }

    /// After this page. Never goes back, and never ahead of our own clock: an order of the year 9999 would make every
    /// later one too old to be asked for.
    pub fn after(&self, ask: &Ask, page: &Page, now: Timestamp) -> std::result::Result<Cursor, Trouble> {
        let pages = self.sweep.as_ref().map_or(1, |sweep| sweep.pages + 1);
        let known = self.sweep.as_ref().map_or(self.since, |sweep| sweep.newest);
        let newest = page.newest().map_or(known, |newest| newest.min(now).max(known));
        let Some(next) = page.next.clone() else {
            return Ok(Cursor { since: newest, sweep: None, ..self.clone() });
        };
        if pages >= MAX_PAGES || next.len() > MAX_NEXT || ask.next.as_ref() == Some(&next) {
            return Err(Trouble::nonsense("The platform's list of orders never ends."));
        }
        Ok(Cursor { sweep: Some(Sweep { next, newest, pages }), ..self.clone() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::poll::Fetched;

    fn at(minute: i64) -> Timestamp {
        Timestamp::from_ms(1_790_000_000_000 + minute * 60_000)
    }

    fn page(minutes: &[i64], next: Option<&str>) -> Page {
        let fetched = |minute: &i64| Fetched { body: Vec::new(), updated_at: Some(at(*minute)) };
        Page { orders: minutes.iter().map(fetched).collect(), next: next.map(str::to_owned) }
    }

    fn after(cursor: &Cursor, page: &Page, now: i64) -> Cursor {
        cursor.after(&cursor.ask(), page, at(now)).unwrap()
    }

    #[test]
    fn the_first_list_begins_with_the_connection_and_later_ones_reach_back() {
        let cursor = Cursor::new(at(0));
        assert_eq!(cursor.ask(), Ask { since: at(0), next: None });
        let cursor = after(&cursor, &page(&[1, 20], None), 30);
        assert!(cursor.is_at_the_end());
        assert_eq!(cursor.ask().since, at(15));
        let cursor = after(&cursor, &page(&[16, 18], None), 40);
        assert_eq!(cursor.ask().since, at(15), "it never goes back");
        assert_eq!(Cursor::new(at(0)).ask().since, at(0), "and never behind the connection");
    }

    #[test]
    fn time_advances_only_when_the_list_is_read_to_its_end() {
        let cursor = after(&Cursor::new(at(0)), &page(&[20], Some("p2")), 30);
        assert_eq!(cursor.ask(), Ask { since: at(0), next: Some("p2".to_owned()) });
        assert_eq!(cursor.begun_anew(), Cursor::new(at(0)));
        let stored = serde_json::to_string(&cursor).unwrap();
        let cursor = after(&Cursor::parse(&stored).unwrap(), &page(&[10], None), 30);
        assert_eq!(cursor.ask(), Ask { since: at(15), next: None });
    }

    #[test]
    fn a_time_ahead_of_our_clock_moves_the_cursor_no_further_than_that() {
        let cursor = after(&Cursor::new(at(0)), &page(&[1_000_000_000], None), 30);
        assert_eq!(cursor.ask().since, at(25));
    }

    #[test]
    fn a_list_that_goes_round_or_never_ends_is_noticed() {
        let once = after(&Cursor::new(at(0)), &page(&[1], Some("p")), 9);
        assert!(once.after(&once.ask(), &page(&[1], Some("p")), at(9)).is_err());
        let mut cursor = Cursor::new(at(0));
        let mut pages = 0;
        while let Ok(next) = cursor.after(&cursor.ask(), &page(&[1], Some(&format!("p{pages}"))), at(9)) {
            (cursor, pages) = (next, pages + 1);
        }
        assert_eq!(pages, MAX_PAGES - 1);
        assert!(Cursor::new(at(0)).after(&once.ask(), &page(&[], Some(&"x".repeat(3_000))), at(9)).is_err());
    }
}
