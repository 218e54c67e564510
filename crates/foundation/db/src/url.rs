//! `AFTERCARE_DATABASE_URL`.

use std::fmt;
use std::path::PathBuf;

use kernel::{Error, Result};
use url::Url;

/// Which database engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// One file, in this process.
    Sqlite,
    /// A server, shared by any number of nodes.
    Postgres,
}

/// Where the shop's database is.
#[derive(Clone, PartialEq, Eq)]
pub enum DatabaseUrl {
    /// `sqlite:PATH`.
    Sqlite(PathBuf),
    /// An SQLite database in memory, for stories and the simulator.
    Memory,
    /// `postgres://user:pass@host:port/db?schema=NAME&sslmode=…`.
    Postgres {
        /// The URL without our own `schema` parameter, for the client library.
        server: String,
        /// The schema that holds the shop.
        schema: String,
    },
}

/// The schema of a URL that names none.
const DEFAULT_SCHEMA: &str = "aftercare";
/// PostgreSQL cuts names at 63 bytes; the name of the wake channel needs a few of them.
const LONGEST_SCHEMA: usize = 50;

impl DatabaseUrl {
    /// Reads `sqlite:PATH`, `sqlite::memory:` or `postgres://…?schema=NAME`. Errors never repeat the URL, which may
    /// hold a password.
    pub fn parse(text: &str) -> Result<Self> {
        let text = text.trim();
        if let Some(path) = text.strip_prefix("sqlite:") {
            return sqlite(path.strip_prefix("//").unwrap_or(path));
        }
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            return postgres(text);
        }
        Err(wrong("The database URL begins with sqlite: or postgres://."))
    }

    /// Which engine it names.
    pub fn engine(&self) -> Engine {
        match self {
            DatabaseUrl::Sqlite(_) | DatabaseUrl::Memory => Engine::Sqlite,
            DatabaseUrl::Postgres { .. } => Engine::Postgres,
        }
    }
}

fn sqlite(path: &str) -> Result<DatabaseUrl> {
    match path {
        "" => Err(wrong("Name the file after sqlite:, for example sqlite:/var/lib/aftercare/shop.db.")),
        ":memory:" => Ok(DatabaseUrl::Memory),
        path => Ok(DatabaseUrl::Sqlite(PathBuf::from(path))),
    }
}

fn postgres(text: &str) -> Result<DatabaseUrl> {
    let mut url = Url::parse(text).map_err(|_| wrong("The PostgreSQL URL cannot be read."))?;
    let pairs: Vec<(String, String)> = url.query_pairs().into_owned().collect();
    let (own, theirs): (Vec<_>, Vec<_>) = pairs.into_iter().partition(|(key, _)| key == "schema");
    let schema = own.into_iter().next_back().map_or_else(|| DEFAULT_SCHEMA.to_owned(), |(_, schema)| schema);
    check_schema(&schema)?;
    url.set_query(None);
    if !theirs.is_empty() {
        url.query_pairs_mut().extend_pairs(theirs);
    }
    Ok(DatabaseUrl::Postgres { server: url.into(), schema })
}

/// Only names that need no quoting, so that an operator can type them in `psql`.
fn check_schema(schema: &str) -> Result<()> {
    let word = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_';
    let fits = (1..=LONGEST_SCHEMA).contains(&schema.len()) && schema.bytes().all(word);
    if fits && !schema.as_bytes()[0].is_ascii_digit() && !schema.starts_with("pg_") {
        Ok(())
    } else {
        Err(wrong("The schema is a word of at most 50 lower-case letters, digits and underscores."))
    }
}

#[track_caller]
fn wrong(words: &'static str) -> Error {
    Error::invalid("database_url", words)
}

impl fmt::Display for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            DatabaseUrl::Sqlite(path) => write!(f, "sqlite:{}", path.display()),
            DatabaseUrl::Memory => f.write_str("sqlite::memory:"),
            DatabaseUrl::Postgres { server, schema } => {
                // User, host and database say which server it is; everything else may be a secret.
                let Ok(url) = Url::parse(server) else { return write!(f, "postgres://…?schema={schema}") };
                let user =
                    if url.username().is_empty() { String::new() } else { format!("{}@", url.username()) };
                let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
                let host = url.host_str().unwrap_or_default();
                write!(f, "postgres://{user}{host}{port}{}?schema={schema}", url.path())
            }
        }
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_name_an_engine_and_a_place() {
        assert_eq!(DatabaseUrl::parse("sqlite:shop.db").unwrap(), DatabaseUrl::Sqlite("shop.db".into()));
        assert_eq!(
            DatabaseUrl::parse("sqlite:///srv/shop.db").unwrap(),
            DatabaseUrl::Sqlite("/srv/shop.db".into())
        );
        assert_eq!(DatabaseUrl::parse("sqlite::memory:").unwrap(), DatabaseUrl::Memory);
        let url = DatabaseUrl::parse("postgres://shop:s3cret@db.test:5433/main?schema=tea&sslmode=require")
            .unwrap();
        let DatabaseUrl::Postgres { server, schema } = &url else { panic!("{url}") };
        assert_eq!(schema, "tea");
        assert_eq!(server, "postgres://shop:s3cret@db.test:5433/main?sslmode=require");
    }

    #[test]
    fn a_url_is_shown_without_its_password() {
        let url = DatabaseUrl::parse("postgres://shop:s3cret@db.test/main?password=also").unwrap();
        assert_eq!(
            format!("{url} {url:?}"),
            "postgres://shop@db.test/main?schema=aftercare ".repeat(2).trim_end()
        );
    }

    #[test]
    fn what_is_no_url_is_refused_without_repeating_it() {
        for text in [
            "",
            "mysql://x",
            "sqlite:",
            "postgres://s3cret@[::/x",
            "postgres://h/d?schema=Big",
            "postgres://h/d?schema=pg_x",
        ] {
            let error = DatabaseUrl::parse(text).unwrap_err();
            assert!(!format!("{error:?}").contains("s3cret"), "{error:?}");
        }
    }
}
