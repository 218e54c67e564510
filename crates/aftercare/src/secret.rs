//! The secret roots: from the environment, or made beside an SQLite database by the first command that needs them.

use std::fs::OpenOptions;
use std::io::{ErrorKind, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use db::DatabaseUrl;
use kernel::{Dice, Error, Keys, Result};

use crate::Config;

/// Finds or makes the secret roots of this configuration.
pub fn find_or_make(config: &Config) -> Result<Keys> {
    if let Some(secret) = &config.secret {
        return Keys::parse(secret);
    }
    match &config.database_url {
        DatabaseUrl::Sqlite(path) => beside(path),
        DatabaseUrl::Memory => Keys::parse(&Keys::generate(&mut Dice::from_os())),
        DatabaseUrl::Postgres { .. } => Err(required()),
    }
}

/// Finds the secret roots and makes none: for commands that must not begin a shop.
pub fn find(config: &Config) -> Result<Option<Keys>> {
    match (&config.secret, &config.database_url) {
        (None, DatabaseUrl::Sqlite(path)) if !path_beside(path).exists() => Ok(None),
        _ => find_or_make(config).map(Some),
    }
}

/// Where the secret roots of this configuration are kept, in words.
pub fn place(config: &Config) -> String {
    match (&config.secret, &config.database_url) {
        (None, DatabaseUrl::Sqlite(path)) => path_beside(path).display().to_string(),
        _ => "AFTERCARE_SECRET".to_owned(),
    }
}

/// What is said where a secret has to be given.
pub fn required() -> Error {
    Error::invalid(
        "config",
        "Set AFTERCARE_SECRET to 32 or more random characters, the same on every node. \
         With PostgreSQL it can't be kept beside the database.",
    )
}

/// Where the roots of an SQLite database are kept.
pub fn path_beside(database: &Path) -> PathBuf {
    let mut name = database.as_os_str().to_owned();
    name.push(".secret");
    PathBuf::from(name)
}

fn beside(database: &Path) -> Result<Keys> {
    let path = path_beside(database);
    match std::fs::read_to_string(&path) {
        Ok(text) => Keys::parse(text.trim()),
        Err(error) if error.kind() == ErrorKind::NotFound => make(&path),
        Err(error) => Err(cannot("read", &path, &error)),
    }
}

/// Writes the whole file under another name first: a crash half-way must not leave an empty secret behind.
fn make(path: &Path) -> Result<Keys> {
    let secret = Keys::generate(&mut Dice::from_os());
    let draft = path.with_extension(format!("secret.{}", std::process::id()));
    write(&draft, &secret).map_err(|error| cannot("write", &draft, &error))?;
    // Fails when the file is there already: then another command was faster, and its secret counts.
    let linked = std::fs::hard_link(&draft, path);
    // A draft that stays behind is harmless: nobody reads it.
    let _ = std::fs::remove_file(&draft);
    match linked {
        Ok(()) => Keys::parse(&secret),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            let text = std::fs::read_to_string(path).map_err(|error| cannot("read", path, &error))?;
            Keys::parse(text.trim())
        }
        Err(error) => Err(cannot("write", path, &error)),
    }
}

fn write(draft: &Path, secret: &str) -> std::io::Result<()> {
    let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(draft)?;
    file.write_all(format!("{secret}\n").as_bytes())?;
    file.sync_all()
}

fn cannot(what: &str, path: &Path, error: &std::io::Error) -> Error {
    Error::invalid("config", format!("Can't {what} the secret file {}: {error}", path.display()))
}
