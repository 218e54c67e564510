//! What an import of answers asks: who holds an address, and whether an answer was told before.

use db::{Read, SqlFile, params};
use kernel::{Channel, CustomerId, Result};

use crate::Consent;

db::sql_file!(pub IMPORTED = "imported.sql" {
    EVERYBODY_AT_ADDRESS = "everybody_at_address",
    ANSWER_TOLD = "answer_told",
});

pub(crate) static FILE: &SqlFile = &IMPORTED;

/// Everybody who can be reached at an address: more than one person may be.
pub fn everybody_at(r: &mut Read<'_>, channel: Channel, address_key: &str) -> Result<Vec<CustomerId>> {
    let rows = r.rows(&EVERYBODY_AT_ADDRESS, params![channel.as_str(), address_key])?;
    rows.iter().map(|row| row.get("customer_id").map(CustomerId::stored)).collect()
}

/// Whether the ledger holds this answer, told by this source.
pub fn is_told(r: &mut Read<'_>, id: &CustomerId, consent: &Consent, source: &str) -> Result<bool> {
    let (channel, purpose) = (consent.channel.as_str(), consent.purpose.as_str());
    let params = params![id.as_str(), channel, purpose, consent.said_at, source];
    Ok(r.row(&ANSWER_TOLD, params)?.is_some())
}
