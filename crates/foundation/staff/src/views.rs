//! Filters of a list that somebody keeps under a name, for themselves or for everybody who works here.

use db::{Read, Row, Write, params};
use kernel::{Error, Kind, Result, text};

use crate::store::{DELETE_VIEW, FIND_VIEW, INSERT_VIEW, VIEWS_OF};
use crate::{Member, Permission, StaffId, ViewId, note};

/// Characters of a view's name.
const MAX_NAME: usize = 40;
/// Characters of its filters.
const MAX_QUERY: usize = 500;
/// Views that one list shows to one person.
const MOST: i64 = 50;
/// The lists that have views.
const LISTS: [&str; 4] = ["customers", "messages", "orders", "parcels"];

/// Filters under a name. A view is an address: `/a/{list}?{query}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SavedView {
    /// Its identifier.
    pub id: ViewId,
    /// Its name.
    pub name: String,
    /// Its filters, as they stand in an address.
    pub query: String,
    /// Whether everybody who works here sees it.
    pub is_shared: bool,
    /// Whether it is the reader's own.
    pub is_own: bool,
}

/// Keeps filters under a name. A list's own words decide what its filters mean; here they are characters that can't leave
/// the address they stand in.
pub fn save_view(
    w: &mut Write<'_>,
    member: &Member,
    list: &str,
    name: &str,
    query: &str,
    is_shared: bool,
) -> Result<ViewId> {
    if !LISTS.contains(&list) {
        return Err(Error::not_found("There is no such list."));
    }
    let name = text::line(name, MAX_NAME)
        .map_err(|fault| Error::field("/name", fault.code(), fault.words(MAX_NAME)))?;
    if query.is_empty() || query.len() > MAX_QUERY || !query.bytes().all(is_plain) {
        let words = "Choose some filters first, then give them a name.";
        return Err(Error::field("/query", "no_filters", words));
    }
    if views(w, member, list)?.len() as i64 >= MOST {
        let words = "There are fifty views of this list. Remove one that nobody needs.";
        return Err(Error::field("/name", "too_many", words));
    }
    let now = w.now;
    let id = ViewId::new(now, w.dice);
    let by = member.id.as_str();
    w.send(&INSERT_VIEW, params![id.as_str(), by, list, &name, query, is_shared, now])?;
    let who_sees = if is_shared { "shared" } else { "own" };
    note(w, Some(&member.id), "view.saved", ("view", id.as_str()), None, Some(who_sees))?;
    Ok(id)
}

/// What an encoded query is made of, and nothing that could end the address it stands in.
fn is_plain(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'=' | b'&' | b'%' | b'.' | b'-' | b'_')
}

/// The views of a list that somebody sees: their own, and what others share.
pub fn views(r: &mut Read<'_>, member: &Member, list: &str) -> Result<Vec<SavedView>> {
    let view = |row: &Row| {
        Ok(SavedView {
            id: ViewId::stored(row.get("id")?),
            name: row.get("name")?,
            query: row.get("query")?,
            is_shared: row.get("is_shared")?,
            is_own: row.get::<String>("staff_id")? == member.id.as_str(),
        })
    };
    r.rows(&VIEWS_OF, params![list, member.id.as_str(), MOST])?.iter().map(view).collect()
}

/// Removes a view: one's own, or as a manager one that is shared. Returns the list it was of.
pub fn remove_view(w: &mut Write<'_>, member: &Member, id: &ViewId) -> Result<String> {
    let gone = || Error::not_found("There is no such view.");
    let row = w.row(&FIND_VIEW, params![id.as_str()])?.ok_or_else(gone)?;
    let is_own = StaffId::stored(row.get("staff_id")?) == member.id;
    let is_shared: bool = row.get("is_shared")?;
    match (is_own, is_shared, member.role.may(Permission::Configure)) {
        (true, _, _) | (_, true, true) => {}
        (false, true, false) => {
            let words = "Only who made a shared view, or a manager, can remove it.";
            return Err(Error::new(Kind::Forbidden, "not_allowed", words));
        }
        (false, false, _) => return Err(gone()),
    }
    w.send(&DELETE_VIEW, params![id.as_str()])?;
    note(w, Some(&member.id), "view.removed", ("view", id.as_str()), None, None)?;
    row.get("list")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_could_leave_an_address_is_no_filter() {
        assert!("state=held&from=2026-11-01&q=a%22b".bytes().all(is_plain));
        for hostile in
            ["a=\"><script>", "a=b#c", "a=b?c", "a=b c", "a=b/../c", "a=é", "a=b\r\n", "a='", "a=b+c"]
        {
            assert!(!hostile.bytes().all(is_plain), "{hostile}");
        }
    }
}
