//! What whoever packs has marked an order with: packed, or held and why. The marks are for the people at the shop; what the
//! shop platform says of the order stays as it is.

use db::{Read, Write, params};
use kernel::{Error, Result, Timestamp, text};
use serde_json::json;
use timeline::{Actor, NewEvent};

use crate::OrderId;
use crate::incoming::OrderStatus;
use crate::store::{self, FIND_MARKS, SAVE_MARKS};

/// Characters of the reason why an order is held.
const MAX_REASON: usize = 300;

/// The marks of an order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Marks {
    /// Since when it is packed.
    pub packed_at: Option<Timestamp>,
    /// Since when it is held.
    pub held_at: Option<Timestamp>,
    /// Why it is held.
    pub held_because: Option<String>,
}

/// Something that an order is marked with, or freed of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// It is packed.
    Pack,
    /// It is not packed after all.
    Unpack,
    /// It stays here until somebody lets it go.
    Hold,
    /// It is held no more.
    LetGo,
}

impl Mark {
    /// Every mark.
    pub const ALL: [Mark; 4] = [Mark::Pack, Mark::Unpack, Mark::Hold, Mark::LetGo];

    /// The word in forms and addresses.
    pub fn as_str(self) -> &'static str {
        match self {
            Mark::Pack => "pack",
            Mark::Unpack => "unpack",
            Mark::Hold => "hold",
            Mark::LetGo => "let_go",
        }
    }

    /// Reads the word.
    pub fn parse(word: &str) -> Result<Self> {
        let found = Mark::ALL.into_iter().find(|mark| mark.as_str() == word);
        found.ok_or_else(|| Error::invalid("unknown_mark", "Choose what to mark the order with."))
    }

    /// The event that says so.
    pub fn event(self) -> &'static str {
        match self {
            Mark::Pack => "order.packed",
            Mark::Unpack => "order.unpacked",
            Mark::Hold => "order.held",
            Mark::LetGo => "order.released",
        }
    }
}

/// Whether an order may be marked so now, or why not.
pub fn may_mark(mark: Mark, status: OrderStatus, marks: &Marks) -> Result<(), &'static str> {
    let (is_packed, is_held) = (marks.packed_at.is_some(), marks.held_at.is_some());
    let stands = match status {
        OrderStatus::Placed => Ok(()),
        OrderStatus::Cancelled => Err("It is cancelled."),
        OrderStatus::Unplaced => Err("It is not placed yet."),
    };
    match mark {
        Mark::Pack if is_packed => Err("It is packed already."),
        Mark::Pack if is_held => Err("It is held. Let it go first."),
        Mark::Hold if is_held => Err("It is held already."),
        Mark::Pack | Mark::Hold => stands,
        Mark::Unpack if !is_packed => Err("It is not packed."),
        Mark::LetGo if !is_held => Err("It is not held."),
        Mark::Unpack | Mark::LetGo => Ok(()),
    }
}

/// The marks of an order.
pub fn marks(r: &mut Read<'_>, id: &OrderId) -> Result<Marks> {
    let Some(row) = r.row(&FIND_MARKS, params![id.as_str()])? else { return Ok(Marks::default()) };
    Ok(Marks {
        packed_at: row.get("packed_at")?,
        held_at: row.get("held_at")?,
        held_because: row.get("held_because")?,
    })
}

/// Marks an order; `because` says why it is held. `by` is somebody of the staff. Fails with the reason when it may not.
pub fn mark(w: &mut Write<'_>, id: &OrderId, mark: Mark, because: &str, by: &str) -> Result<()> {
    let stored = store::stored(w, id)?.ok_or_else(|| Error::not_found("There is no such order."))?;
    let (now, before) = (w.now, marks(w, id)?);
    may_mark(mark, stored.order.status, &before).map_err(|why_not| Error::invalid("not_now", why_not))?;
    let after = match mark {
        Mark::Pack => Marks { packed_at: Some(now), ..before },
        Mark::Unpack => Marks { packed_at: None, ..before },
        Mark::Hold => Marks { held_at: Some(now), held_because: Some(reason(because)?), ..before },
        Mark::LetGo => Marks { held_at: None, held_because: None, ..before },
    };
    w.send(&SAVE_MARKS, params![id.as_str(), after.packed_at, after.held_at, &after.held_because])?;
    let event = NewEvent {
        kind: mark.event(),
        version: 1,
        subject: ("order", id.as_str()),
        customer: Some(&stored.customer),
        actor: Actor::Staff(by.to_owned()),
        cause: None,
        occurred_at: now,
        source_key: &format!("{}:{id}:{}", mark.event(), now.ms()),
        payload: json!({}),
    };
    timeline::record(w, &event).map(drop)
}

fn reason(because: &str) -> Result<String> {
    text::line(because, MAX_REASON).map_err(|fault| {
        let words = match fault {
            text::TextFault::Empty => "Say why it is held, for whoever packs.".to_owned(),
            other => other.words(MAX_REASON),
        };
        Error::field("/because", fault.code(), words)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_order_may_be_marked_with_follows_from_how_it_stands() {
        let at = Some(Timestamp::from_ms(1));
        let free = Marks::default();
        let packed = Marks { packed_at: at, ..free.clone() };
        let held = Marks { held_at: at, held_because: Some("A call".to_owned()), ..free.clone() };
        let both = Marks { packed_at: at, ..held.clone() };
        for (marks, allowed) in [
            (&free, [true, false, true, false]),
            (&packed, [false, true, true, false]),
            (&held, [false, false, false, true]),
            (&both, [false, true, false, true]),
        ] {
            let may = Mark::ALL.map(|mark| may_mark(mark, OrderStatus::Placed, marks).is_ok());
            assert_eq!(may, allowed, "{marks:?}");
        }
        for status in [OrderStatus::Cancelled, OrderStatus::Unplaced] {
            let may = Mark::ALL.map(|mark| may_mark(mark, status, &both).is_ok());
            assert_eq!(may, [false, true, false, true], "what was marked can be taken back: {status:?}");
            assert!(
                may_mark(Mark::Hold, status, &free).is_err() && may_mark(Mark::Pack, status, &free).is_err()
            );
        }
    }

    #[test]
    fn who_holds_an_order_says_why() {
        assert_eq!(reason("  they want another colour ").unwrap(), "they want another colour");
        for empty in ["", "  ", "\n"] {
            let error = reason(empty).unwrap_err();
            assert_eq!(error.fields()[0].detail, "Say why it is held, for whoever packs.");
        }
        assert!(reason(&"a".repeat(MAX_REASON + 1)).is_err());
    }
}
