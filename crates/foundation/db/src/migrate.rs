//! One numbered, forward-only stream of migrations for both engines.
//!
//! A migration is plain SQL with a few typed words. Each one runs in a transaction of its own, one statement at a
//! time, together with the row that says so. A database that is newer than the program, or that has run other words
//! under the same number, is refused before anything is touched.

use std::sync::mpsc;

use kernel::{Error, Kind, Result, Timestamp};
use sha2::{Digest, Sha256};

use crate::session::{Isolation, Session};
use crate::{Engine, Read, params};

crate::sql_file!(pub OWN_QUERIES = "migrate.sql" {
    APPLIED_MIGRATIONS = "applied_migrations",
    RECORD_MIGRATION = "record_migration",
    HAS_TABLE = "has_table",
    SCHEMA_VERSION = "schema_version",
    PING = "ping",
});

/// The table of what was applied.
pub(crate) const LEDGER_TABLE: &str = "schema_migrations";
/// The table that stands in a database as long as a restore into it has not come to its end.
pub(crate) const UNFINISHED_TABLE: &str = "unfinished_restore";
/// The table by which a file is known to be a backup, and not a shop's database.
pub(crate) const BACKUP_TABLE: &str = "aftercare_backup";

const LEDGER: &str = "CREATE TABLE IF NOT EXISTS schema_migrations (
  version {{int}} NOT NULL PRIMARY KEY,
  name {{text}} NOT NULL,
  sha256 {{text}} NOT NULL,
  applied_at {{int}} NOT NULL
) {{strict}}";

/// One step of the schema.
#[derive(Clone, Copy, Debug)]
pub struct Migration {
    /// Its place in the stream, counted from 1 without gaps.
    pub version: u32,
    /// What it is called, for the operator.
    pub name: &'static str,
    /// Its SQL with typed words; statements end with `;` at the end of a line.
    pub sql: &'static str,
}

/// What [`crate::Db::migrate`] did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Applied {
    /// The version of the database now; 0 when nothing was ever applied.
    pub version: u32,
    /// The versions that were applied just now.
    pub ran: Vec<u32>,
}

/// A list of migrations on its way to the writer.
pub(crate) struct MigrateJob {
    migrations: Vec<Migration>,
    reply: mpsc::Sender<Result<Applied>>,
}

impl MigrateJob {
    pub(crate) fn new(migrations: &[Migration]) -> (Self, mpsc::Receiver<Result<Applied>>) {
        let (reply, answer) = mpsc::channel();
        (MigrateJob { migrations: migrations.to_vec(), reply }, answer)
    }

    /// Applies what is missing and answers.
    pub(crate) fn run(self, session: &mut dyn Session, now: Timestamp) {
        let result = check_list(&self.migrations)
            .and_then(|()| apply_all(session, &self.migrations, now, refuse_what_is_no_shop));
        // A caller that went away has no use for the answer.
        let _ = self.reply.send(result);
    }
}

/// The newest applied migration; 0 for a database that has none, or no schema yet.
pub(crate) fn version(r: &mut Read<'_>) -> Result<u32> {
    let found: bool = r.one(&HAS_TABLE, params![LEDGER_TABLE])?.get("found")?;
    if found { r.one(&SCHEMA_VERSION, &[])?.get("version") } else { Ok(0) }
}

fn check_list(migrations: &[Migration]) -> Result<()> {
    for (at, migration) in migrations.iter().enumerate() {
        if migration.version as usize != at + 1 {
            let detail =
                format!("migration {} ({}) stands at place {}", migration.version, migration.name, at + 1);
            return Err(Error::internal(detail));
        }
    }
    Ok(())
}

/// Whether a restore into this database was begun and has not come to its end.
pub fn unfinished_restore(r: &mut Read<'_>) -> Result<bool> {
    r.one(&HAS_TABLE, params![UNFINISHED_TABLE])?.get("found")
}

/// Half a shop must not be served, and neither must a copy that nobody has told from the original: it would send what
/// the original has sent already.
fn refuse_what_is_no_shop(session: &mut dyn Session) -> Result<()> {
    for (table, code, words) in [
        (
            UNFINISHED_TABLE,
            "restore_unfinished",
            "A restore into this database has not come to its end. Run `aftercare restore FILE` again.",
        ),
        (
            BACKUP_TABLE,
            "database_is_a_backup",
            "This file is a backup and is not served as it is. Load it into an empty database with `aftercare restore FILE`.",
        ),
    ] {
        let found = session.query(&HAS_TABLE, params![table])?;
        if found.first().map(|row| row.get("found")).transpose()? == Some(true) {
            return Err(Error::new(Kind::Conflict, code, words));
        }
    }
    Ok(())
}

/// Every step looks again at what is applied, under the lock, because another node may have been faster. `look` may
/// refuse the database before anything is done to it.
pub(crate) fn apply_all(
    session: &mut dyn Session,
    migrations: &[Migration],
    now: Timestamp,
    look: fn(&mut dyn Session) -> Result<()>,
) -> Result<Applied> {
    let mut ran = Vec::new();
    loop {
        let outcome = session.begin(Isolation::Schema).map_err(|broken| broken.error());
        let step = outcome.and_then(|()| look(session)).and_then(|()| apply_next(session, migrations, now));
        let step =
            step.and_then(|step| session.commit(&Default::default()).map(|()| step).map_err(|b| b.error()));
        match step {
            Ok(Some(version)) => ran.push(version),
            Ok(None) => return Ok(Applied { version: migrations.len() as u32, ran }),
            Err(error) => {
                session.abandon();
                return Err(error);
            }
        }
    }
}

fn apply_next(session: &mut dyn Session, migrations: &[Migration], now: Timestamp) -> Result<Option<u32>> {
    let ledger = expand(LEDGER, session.engine())?;
    session.script(&ledger)?;
    let done = compare(session, migrations)?;
    let Some(next) = migrations.get(done) else { return Ok(None) };
    let sql = expand(next.sql, session.engine()).map_err(|error| named(next, &error))?;
    for statement in statements(&sql) {
        session.script(statement).map_err(|error| named(next, &error))?;
    }
    let sha = sha256(next.sql);
    session.execute(&RECORD_MIGRATION, params![next.version, next.name, sha.as_str(), now])?;
    Ok(Some(next.version))
}

/// How many migrations are applied; an error when they are not the beginning of our list.
pub(crate) fn compare(session: &mut dyn Session, migrations: &[Migration]) -> Result<usize> {
    let rows = session.query(&APPLIED_MIGRATIONS, &[])?;
    let applied = rows.iter().map(|row| Ok((row.get("version")?, row.get("name")?, row.get("sha256")?)));
    compare_with(&applied.collect::<Result<Vec<_>>>()?, migrations)
}

/// The same of what is applied as it was read: version, name and digest, oldest first.
pub(crate) fn compare_with(applied: &[(u32, String, String)], migrations: &[Migration]) -> Result<usize> {
    for (at, (version, name, digest)) in applied.iter().enumerate() {
        let Some(ours) = migrations.get(at) else { return Err(newer(*version, name, migrations.len())) };
        if ours.version != *version || sha256(ours.sql) != *digest {
            return Err(changed(*version, name));
        }
    }
    Ok(applied.len())
}

fn newer(version: u32, name: &str, ours: usize) -> Error {
    let words =
        "The database was written by a newer version of this program. Install that version or a newer one.";
    let detail = format!("the database has migration {version} ({name}); this program knows {ours}");
    Error::new(Kind::Conflict, "database_newer", words).detail(detail)
}

fn changed(version: u32, name: &str) -> Error {
    let words = "The database was built by other migrations than those of this program.";
    let detail =
        format!("migration {version} ({name}) was applied with other words; migrations never change");
    Error::new(Kind::Conflict, "migration_changed", words).detail(detail)
}

fn named(migration: &Migration, error: &Error) -> Error {
    let detail = format!("migration {} ({}): {}", migration.version, migration.name, error.operator_detail());
    Error::new(error.kind(), "migration_failed", "The database could not be brought up to date.")
        .detail(detail)
}

/// Puts the engine's words for our typed words.
pub(crate) fn expand(sql: &str, engine: Engine) -> Result<String> {
    let words = match engine {
        Engine::Sqlite => ["TEXT", "TEXT", "BLOB", "INTEGER", "STRICT"],
        Engine::Postgres => ["TEXT COLLATE \"C\"", "TEXT COLLATE \"C\"", "BYTEA", "BIGINT", ""],
    };
    let typed = ["{{text}}", "{{id}}", "{{bytes}}", "{{int}}", "{{strict}}"];
    let expanded = typed.into_iter().zip(words).fold(sql.to_owned(), |sql, (from, to)| sql.replace(from, to));
    match expanded.find("{{") {
        None => Ok(expanded),
        Some(at) => {
            let word: String = expanded[at..].chars().take(20).collect();
            Err(Error::internal(format!("there is no typed word {word}")))
        }
    }
}

/// Splits a script at every `;` that ends a line outside a comment; pieces of comments only are left out.
pub fn statements(sql: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let (mut start, mut end, mut has_code) = (0, 0, false);
    for line in sql.split_inclusive('\n') {
        end += line.len();
        let code = without_comment(line);
        has_code |= !code.is_empty();
        if code.ends_with(';') {
            found.push(sql[start..end].trim());
            (start, has_code) = (end, false);
        }
    }
    if has_code {
        found.push(sql[start..].trim());
    }
    found
}

/// The line up to a `--` that is not inside quotes.
fn without_comment(line: &str) -> &str {
    let comment =
        line.match_indices("--").find(|(at, _)| line[..*at].matches('\'').count().is_multiple_of(2));
    comment.map_or(line, |(at, _)| &line[..at]).trim()
}

fn sha256(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statements_end_with_a_semicolon_at_the_end_of_a_line() {
        let sql = "-- First;\nCREATE TABLE a (x {{int}}, y TEXT DEFAULT 'a;b'); -- why;\n\nCREATE INDEX i\n  ON a (x);\n-- End;\n";
        let found = statements(sql);
        assert_eq!(found.len(), 2, "{found:?}");
        assert!(found[0].starts_with("-- First;\nCREATE TABLE a"));
        assert_eq!(found[1], "CREATE INDEX i\n  ON a (x);");
        assert_eq!(statements("SELECT 1"), ["SELECT 1"]);
        assert_eq!(statements("SELECT '--;'\n;\n"), ["SELECT '--;'\n;"]);
        assert!(statements("\n-- nothing;\n").is_empty());
    }

    #[test]
    fn typed_words_have_one_meaning_per_engine_and_strangers_are_refused() {
        let sql = "CREATE TABLE t (id {{id}}, at {{int}}, raw {{bytes}}) {{strict}}";
        assert_eq!(
            expand(sql, Engine::Sqlite).unwrap(),
            "CREATE TABLE t (id TEXT, at INTEGER, raw BLOB) STRICT"
        );
        let postgres = expand(sql, Engine::Postgres).unwrap();
        assert_eq!(postgres, "CREATE TABLE t (id TEXT COLLATE \"C\", at BIGINT, raw BYTEA) ");
        assert!(expand("{{money}}", Engine::Sqlite).unwrap_err().operator_detail().contains("{{money}}"));
    }
}
