//! Named queries in `.sql` files.
//!
//! A file is a list of sections. Each begins with `-- name: the_name`, then one or more comment lines that say *why*
//! the query is as it is, then the SQL. Where the engines must differ, two sections carry the same name, one with
//! `-- only: sqlite`, one with `-- only: postgres`, each with a comment that begins "Differs because".

use std::sync::OnceLock;

use kernel::{Error, Result};

use crate::Engine;

/// A `.sql` file and where to find it, for tests that prepare every query.
#[derive(Debug)]
pub struct SqlFile {
    /// Crate and file, for people.
    pub origin: &'static str,
    /// The text of the file.
    pub source: &'static str,
    /// The queries that code has bound to names of this file.
    pub bound: &'static [&'static Query],
}

/// One named query of a file.
#[derive(Debug)]
pub struct Query {
    name: &'static str,
    source: &'static str,
    sqlite: OnceLock<&'static str>,
    postgres: OnceLock<&'static str>,
}

impl Query {
    /// Binds the section `name` of `source`.
    pub const fn new(name: &'static str, source: &'static str) -> Self {
        Query { name, source, sqlite: OnceLock::new(), postgres: OnceLock::new() }
    }

    /// The query's name.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// The SQL for `engine`.
    pub fn text(&self, engine: Engine) -> Result<&'static str> {
        let (cell, only) = match engine {
            Engine::Sqlite => (&self.sqlite, "sqlite"),
            Engine::Postgres => (&self.postgres, "postgres"),
        };
        if let Some(text) = cell.get() {
            return Ok(text);
        }
        let found = sections(self.source)
            .into_iter()
            .find(|s| s.name == self.name && s.only.is_none_or(|o| o == only));
        let text =
            found.ok_or_else(|| Error::internal(format!("no query named {} for {only}", self.name)))?.text;
        Ok(cell.get_or_init(|| text))
    }
}

/// One section of a `.sql` file.
pub struct Section {
    /// The name after `-- name:`.
    pub name: &'static str,
    /// The engine after `-- only:`, when there is one.
    pub only: Option<&'static str>,
    /// Comment lines that are neither name nor engine.
    pub comments: Vec<&'static str>,
    /// The SQL, comments in front of it included.
    pub text: &'static str,
}

/// Splits a file into its sections.
pub fn sections(source: &'static str) -> Vec<Section> {
    const MARK: &str = "-- name:";
    let mut found = Vec::new();
    let mut rest = source;
    while let Some(at) = rest.find(MARK) {
        let body = &rest[at + MARK.len()..];
        let end = body.find(MARK).unwrap_or(body.len());
        found.push(section(&body[..end]));
        rest = &body[end..];
    }
    found
}

fn section(body: &'static str) -> Section {
    let (name, text) = body.split_once('\n').unwrap_or((body, ""));
    let comments = text.lines().filter_map(|line| line.trim().strip_prefix("--")).map(str::trim);
    let only = comments.clone().find_map(|comment| comment.strip_prefix("only:")).map(str::trim);
    let comments = comments.filter(|comment| !comment.starts_with("only:") && !comment.is_empty()).collect();
    Section { name: name.trim(), only, comments, text: text.trim() }
}

/// Binds the queries of a `.sql` file to constants:
/// `db::sql_file!(pub STORE = "store.sql" { INSERT_ORDER = "insert_order", FIND_ORDER = "find_order" });`
#[macro_export]
macro_rules! sql_file {
    ($vis:vis $file:ident = $path:literal { $($query:ident = $name:literal),+ $(,)? }) => {
        $(
            #[doc = concat!("The query `", $name, "` of `", $path, "`.")]
            $vis static $query: $crate::Query = $crate::Query::new($name, include_str!($path));
        )+
        #[doc = concat!("Every query of `", $path, "`.")]
        $vis static $file: $crate::SqlFile = $crate::SqlFile {
            origin: concat!(env!("CARGO_PKG_NAME"), "/", $path),
            source: include_str!($path),
            bound: &[$(&$query),+],
        };
    };
}

impl SqlFile {
    /// The sections of this file, for tests that prepare and count them.
    pub fn sections(&self) -> Vec<Section> {
        sections(self.source)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "-- name: one\n-- Because.\nSELECT 1\n\n-- name: two\n-- only: sqlite\n-- Differs because.\nSELECT 2\n-- name: two\n-- only: postgres\n-- Differs because.\nSELECT 3\n";

    #[test]
    fn a_fork_is_chosen_by_engine_and_a_missing_query_is_an_error() {
        let two = Query::new("two", FILE);
        assert!(two.text(Engine::Sqlite).unwrap().ends_with("SELECT 2"));
        assert!(two.text(Engine::Postgres).unwrap().ends_with("SELECT 3"));
        assert!(Query::new("one", FILE).text(Engine::Postgres).unwrap().ends_with("SELECT 1"));
        assert!(Query::new("three", FILE).text(Engine::Sqlite).is_err());
        assert_eq!(sections(FILE).len(), 3);
    }
}
