//! What the inbox keeps, read a page or a mail at a time.
//!
//! Pages hang on identifiers and not on numbers, so that mails that arrive meanwhile move nothing.

use std::collections::BTreeMap;

use db::{Query, Read, Row, params};
use kernel::{Channel, Error, Result, Timestamp};

use super::InboxMailId;
use crate::store::{FIND_INBOX_MAIL, INBOX_BEGINNINGS, INBOX_COUNT, INBOX_NEWER, INBOX_OLDER};

/// How many mails a page shows.
pub(super) const PAGE: usize = 50;

/// Sorts after every identifier.
const AFTER_ALL: &str = "ibx_~";

/// Which page of the inbox.
#[derive(Clone, Debug)]
pub(super) enum Cursor {
    /// That of the newest mails.
    Newest,
    /// The one that goes on after this mail.
    OlderThan(InboxMailId),
    /// The one that ends before this mail.
    NewerThan(InboxMailId),
}

/// A page of mails, the newest first.
pub(super) struct Page {
    pub(super) mails: Vec<Listed>,
    /// The mail that a page of newer ones would end before.
    pub(super) newer: Option<String>,
    /// The mail that a page of older ones would go on after.
    pub(super) older: Option<String>,
    /// How many mails there are on all pages.
    pub(super) count: i64,
}

/// A mail as lists show it.
pub(super) struct Listed {
    pub(super) id: String,
    pub(super) recipient: String,
    pub(super) subject: String,
    /// The first characters of its text.
    pub(super) beginning: String,
    pub(super) received_at: Timestamp,
    pub(super) channel: Channel,
}

/// A mail as it was received.
pub(super) struct KeptMail {
    pub(super) id: InboxMailId,
    pub(super) message_id: String,
    pub(super) recipient: String,
    pub(super) subject: String,
    pub(super) html: String,
    pub(super) text: String,
    pub(super) source: Vec<u8>,
    pub(super) received_at: Timestamp,
    pub(super) channel: Channel,
}

/// Reads a page. A page that would be nearly empty, because it is the first or because its mails are gone, is the
/// newest instead.
pub(super) fn page(r: &mut Read<'_>, cursor: &Cursor) -> Result<Page> {
    let wanted = match cursor {
        Cursor::Newest => Vec::new(),
        Cursor::OlderThan(id) => listed(r, &INBOX_OLDER, id.as_str(), PAGE)?,
        Cursor::NewerThan(id) => {
            let mut mails = listed(r, &INBOX_NEWER, id.as_str(), PAGE)?;
            mails.reverse();
            if mails.len() < PAGE { Vec::new() } else { mails }
        }
    };
    let mut mails = if wanted.is_empty() { listed(r, &INBOX_OLDER, AFTER_ALL, PAGE)? } else { wanted };
    let (newer, older) = neighbours(r, &mails)?;
    add_beginnings(r, &mut mails)?;
    Ok(Page { mails, newer, older, count: r.one(&INBOX_COUNT, params![])?.get("mails")? })
}

fn listed(r: &mut Read<'_>, query: &'static Query, id: &str, limit: usize) -> Result<Vec<Listed>> {
    r.rows(query, params![id, limit as i64])?.iter().map(listed_of).collect()
}

fn listed_of(row: &Row) -> Result<Listed> {
    Ok(Listed {
        id: row.get("id")?,
        recipient: row.get("recipient")?,
        subject: row.get("subject")?,
        beginning: String::new(),
        received_at: row.get("received_at")?,
        channel: Channel::parse(&row.get::<String>("channel")?)?,
    })
}

/// Newer and older pages, where there are any.
fn neighbours(r: &mut Read<'_>, mails: &[Listed]) -> Result<(Option<String>, Option<String>)> {
    let (Some(first), Some(last)) = (mails.first(), mails.last()) else { return Ok((None, None)) };
    let newer = listed(r, &INBOX_NEWER, &first.id, 1)?;
    let older = listed(r, &INBOX_OLDER, &last.id, 1)?;
    Ok(((!newer.is_empty()).then(|| first.id.clone()), (!older.is_empty()).then(|| last.id.clone())))
}

fn add_beginnings(r: &mut Read<'_>, mails: &mut [Listed]) -> Result<()> {
    let (Some(newest), Some(oldest)) = (mails.first(), mails.last()) else { return Ok(()) };
    let rows = r.rows(&INBOX_BEGINNINGS, params![&oldest.id, &newest.id])?;
    let pairs = rows.iter().map(|row| Ok((row.get("id")?, row.get("beginning")?)));
    let mut beginnings: BTreeMap<String, String> = pairs.collect::<Result<_>>()?;
    for mail in mails {
        mail.beginning = beginnings.remove(&mail.id).unwrap_or_default();
    }
    Ok(())
}

/// Reads one mail. One that was never there and one that had to make room look the same.
pub(super) fn mail(r: &mut Read<'_>, id: &InboxMailId) -> Result<KeptMail> {
    let row = r.row(&FIND_INBOX_MAIL, params![id.as_str()])?.ok_or_else(no_mail)?;
    Ok(KeptMail {
        id: id.clone(),
        message_id: row.get("message_id_header")?,
        recipient: row.get("recipient")?,
        subject: row.get("subject")?,
        html: row.get("html")?,
        text: row.get("body_text")?,
        source: row.get("source")?,
        received_at: row.get("received_at")?,
        channel: Channel::parse(&row.get::<String>("channel")?)?,
    })
}

#[track_caller]
fn no_mail() -> Error {
    Error::not_found("There is no such message in the inbox; it keeps only the latest.")
}
