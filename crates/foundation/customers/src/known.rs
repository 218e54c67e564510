//! By what somebody is recognised, and who told.

use db::{Read, Row, SqlFile, params};
use kernel::{CustomerId, Result, Timestamp};

db::sql_file!(pub STORE = "known.sql" {
    IDENTITIES_OF_CUSTOMER = "identities_of_customer",
});

pub(crate) static FILE: &SqlFile = &STORE;

/// Something a customer is recognised by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// `source`, `email` or `phone`.
    pub kind: String,
    /// The address or number; of a source's own identifier, the identifier.
    pub value: String,
    /// Whose identifier it is.
    pub of_source: Option<String>,
    /// Who told; not known of the oldest.
    pub source: Option<String>,
    /// Since when.
    pub claimed_at: Timestamp,
}

/// By what a customer is recognised.
pub fn identities(r: &mut Read<'_>, id: &CustomerId) -> Result<Vec<Identity>> {
    r.rows(&IDENTITIES_OF_CUSTOMER, params![id.as_str()])?.iter().map(identity_of).collect()
}

fn identity_of(row: &Row) -> Result<Identity> {
    let value: String = row.get("value")?;
    let (of_source, value) = match value.split_once(crate::store::SEPARATOR) {
        Some((source, id)) => (Some(source.to_owned()), id.to_owned()),
        None => (None, value),
    };
    Ok(Identity {
        kind: row.get("kind")?,
        value,
        of_source,
        source: row.get("source")?,
        claimed_at: row.get("claimed_at")?,
    })
}
