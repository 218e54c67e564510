//! Finding people by how their name, or the last word of it, begins.
//!
//! The keys are written in the statements that write the name. What an earlier version has written gets them later,
//! [`key_names`].

use db::{Read, Row, Write, params};
use kernel::{CustomerId, Result};

db::sql_file!(pub NAMES = "names.sql" {
    NAMES_FROM = "names_from",
    LAST_NAMES_FROM = "last_names_from",
    NAMES_WITHOUT_KEYS = "names_without_keys",
    SET_NAME_KEYS = "set_name_keys",
});

/// What a name is found by: the whole of it, and its last word. Without capitals, one space between words.
pub(crate) fn keys(name: &str) -> (String, String) {
    let words: Vec<String> = name.split_whitespace().map(str::to_lowercase).collect();
    (words.join(" "), words.last().cloned().unwrap_or_default())
}

/// Whose name, or the last word of it, begins so; at most `limit`.
pub fn name_begins(r: &mut Read<'_>, beginning: &str, limit: i64) -> Result<Vec<CustomerId>> {
    // Sorts behind whatever begins with the same characters.
    const BEHIND: char = '\u{10FFFF}';
    let (beginning, _) = keys(beginning);
    if beginning.is_empty() {
        return Ok(Vec::new());
    }
    let until = format!("{beginning}{BEHIND}");
    let mut found: Vec<CustomerId> = Vec::new();
    for query in [&NAMES_FROM, &LAST_NAMES_FROM] {
        let rows = r.rows(query, params![&beginning, &until, limit])?;
        let ids = rows.iter().map(|row: &Row| row.get("customer_id").map(CustomerId::stored));
        for id in ids.collect::<Result<Vec<_>>>()? {
            if !found.contains(&id) {
                found.push(id);
            }
        }
    }
    found.truncate(usize::try_from(limit).unwrap_or(0));
    Ok(found)
}

/// Gives their keys to names that were written before there were any, at most so many at once. Returns how many.
pub fn key_names(w: &mut Write<'_>, at_most: i64) -> Result<i64> {
    let rows = w.rows(&NAMES_WITHOUT_KEYS, params![at_most])?;
    for row in &rows {
        let (id, name): (String, String) = (row.get("customer_id")?, row.get("name")?);
        let (whole, last) = keys(&name);
        w.send(&SET_NAME_KEYS, params![&id, &whole, &last])?;
    }
    Ok(rows.len() as i64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_found_by_the_whole_of_it_and_by_its_last_word() {
        for (name, whole, last) in [
            ("Amina  Khan", "amina khan", "khan"),
            (" Æsa\tØstergård ", "æsa østergård", "østergård"),
            ("Cher", "cher", "cher"),
            ("دينا", "دينا", "دينا"),
            ("  ", "", ""),
        ] {
            assert_eq!(keys(name), (whole.to_owned(), last.to_owned()), "{name}");
        }
    }
}
