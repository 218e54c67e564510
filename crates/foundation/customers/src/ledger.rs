//! The whole ledger of what somebody agreed to, page by page.

use db::{Read, SqlFile, params};
use kernel::{CustomerId, Result, Timestamp};

use crate::ConsentId;
use crate::consent::{self, Answer};

db::sql_file!(pub STORE = "ledger.sql" {
    LEDGER_OF_CUSTOMER = "ledger_of_customer",
    ANSWERED_AT = "answered_at",
});

pub(crate) static FILE: &SqlFile = &STORE;

/// An entry of the ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its identifier.
    pub id: ConsentId,
    /// Whose answer it is.
    pub customer: CustomerId,
    /// What was answered, and who told.
    pub answer: Answer,
    /// When we heard of it.
    pub recorded_at: Timestamp,
}

/// A page of what these customers ever answered, newest first, behind `after`, at most `limit`.
pub fn ledger(
    r: &mut Read<'_>,
    customers: &[CustomerId],
    after: Option<&ConsentId>,
    limit: usize,
) -> Result<Vec<Entry>> {
    let before = match after {
        Some(id) => r.row(&ANSWERED_AT, params![id.as_str()])?.map(|row| row.get("said_at")).transpose()?,
        None => None,
    };
    let before: Timestamp = before.unwrap_or(Timestamp::from_ms(i64::MAX));
    let behind = after.map_or("", ConsentId::as_str);
    let mut entries = Vec::new();
    for customer in customers {
        let params = params![customer.as_str(), before, behind, limit as i64];
        for row in r.rows(&LEDGER_OF_CUSTOMER, params)? {
            entries.push(Entry {
                id: ConsentId::stored(row.get("id")?),
                customer: customer.clone(),
                answer: consent::answer_of(&row)?,
                recorded_at: row.get("recorded_at")?,
            });
        }
    }
    entries.sort_by(|a, b| key(b).cmp(&key(a)));
    entries.truncate(limit);
    Ok(entries)
}

fn key(entry: &Entry) -> (Timestamp, &str) {
    (entry.answer.consent.said_at, entry.id.as_str())
}
