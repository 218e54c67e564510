//! What the whole program knows of a person, crate by crate: how each tells it, and how each forgets it.
//!
//! A crate that has tables about customers answers with one [`Knowledge`] for each. The binary wires the list, and a test
//! holds it against the tables that are marked personal: a new one that nobody can tell or forget is noticed.

use db::{Cell, Query, Read, Row, Write, params};
use kernel::{Channel, CustomerId, Result};
use serde_json::{Map, Value};

use crate::Person;

/// As many rows are told of one table, and the file says where there were more; whoever needs those has a copy of the
/// database.
pub const MOST_TOLD: usize = 10_000;
/// As many are asked for: one that is not told says that there were more.
pub const ASKED_FOR: usize = MOST_TOLD + 1;

/// Of whom something is asked.
#[derive(Clone, Debug)]
pub struct Subject {
    /// Everybody they are.
    pub ids: Vec<CustomerId>,
    /// Where they could be reached: channel, address as it was told, and what its spellings share.
    pub addresses: Vec<(Channel, String, String)>,
    /// The last row that was looked at where a table has to be searched.
    pub searched_to: Option<String>,
}

/// How far forgetting has got in one table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Forgot {
    /// Nothing of the person is left there.
    All,
    /// There may be more; for a table that is searched, the last row that was looked at.
    More(Option<String>),
}

/// Tells what is known: rows as JSON, at most [`ASKED_FOR`] of a query.
pub type Tell = fn(&mut Read<'_>, &Subject) -> Result<Vec<Value>>;
/// Forgets a bounded number of rows.
pub type Forget = fn(&mut Write<'_>, &Subject) -> Result<Forgot>;

/// What is known of a person in one table.
#[derive(Clone, Copy, Debug)]
pub struct Knowledge {
    /// The table, and the name in an export.
    pub table: &'static str,
    /// How it is told.
    pub tell: Tell,
    /// How it is forgotten; none where nothing in it is personal, and it stays.
    pub forget: Option<Forget>,
}

/// Everything, in the order in which it is forgotten. What says who they are goes last: it is what the rest is found by.
#[derive(Clone, Debug, Default)]
pub struct Knowing(pub Vec<Knowledge>);

impl Subject {
    /// The subject that a person is.
    pub fn of(person: &Person) -> Self {
        let address = |point: &crate::ContactPoint| (point.channel, point.address.clone(), point.key.clone());
        Subject {
            ids: person.ids(),
            addresses: person.contact_points.iter().map(address).collect(),
            searched_to: None,
        }
    }
}

/// Rows of a query over one customer at a time, `$1`, as JSON.
pub fn rows_of(r: &mut Read<'_>, subject: &Subject, query: &'static Query) -> Result<Vec<Value>> {
    let mut told = Vec::new();
    for id in &subject.ids {
        let rows = r.rows(query, params![id.as_str(), ASKED_FOR as i64])?;
        told.extend(rows.iter().map(as_json));
    }
    told.truncate(ASKED_FOR);
    Ok(told)
}

/// A row as JSON: its columns by name. What is JSON itself is told as such, bytes as the text they are.
pub fn as_json(row: &Row) -> Value {
    let value = |cell: &Cell| match cell {
        Cell::Null => Value::Null,
        Cell::Int(number) => Value::from(*number),
        Cell::Text(text) => match serde_json::from_str(text) {
            Ok(structure @ (Value::Object(_) | Value::Array(_))) => structure,
            _ => Value::from(text.as_str()),
        },
        Cell::Bytes(bytes) => Value::from(String::from_utf8_lossy(bytes)),
    };
    let columns = row.columns().iter().zip(row.cells());
    Value::Object(columns.map(|(name, cell)| (name.clone(), value(cell))).collect::<Map<_, _>>())
}

/// Runs a statement that forgets at most so many rows of a customer, `$1` and `$2`, for each of them in turn.
pub fn forget_rows(w: &mut Write<'_>, subject: &Subject, statement: &'static Query) -> Result<Forgot> {
    for id in &subject.ids {
        if w.execute(statement, params![id.as_str(), FORGOTTEN_AT_ONCE])? == FORGOTTEN_AT_ONCE as u64 {
            return Ok(Forgot::More(None));
        }
    }
    Ok(Forgot::All)
}

/// As many rows of a table are forgotten in one write.
pub const FORGOTTEN_AT_ONCE: i64 = 200;
