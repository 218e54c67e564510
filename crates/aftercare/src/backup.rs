//! `aftercare backup`, `aftercare restore`, and letting go what a restore holds.

use std::collections::BTreeMap;
use std::process::ExitCode;
use std::sync::Arc;

use db::backup::{BackedUp, Backup, Doing, Progress, Restore, Restored};
use db::{Db, Options, Wiring};
use kernel::{Clock, Dice, Error, Keys, Result, SystemClock, Timestamp};
use serde_json::json;

use crate::cli::{BackupArgs, ReleaseArgs, RestoreArgs};
use crate::house::House;
use crate::lists::migrations::MIGRATIONS;
use crate::terminal::Line;
use crate::{Config, checks, commands, log, secret, serve};

/// The version of this program, as a backup says it.
const PROGRAM: &str = env!("CARGO_PKG_VERSION");
/// How many held messages one write lets go.
const MESSAGES_AT_ONCE: u32 = 500;

/// `aftercare backup FILE`. Beside a running server, and without a word to it.
pub fn back_up(args: &BackupArgs, env: &BTreeMap<String, String>) -> Result<ExitCode> {
    log::init();
    let config = commands::config(&args.config, env)?;
    let keys = secret::find(&config)?;
    let backup = Backup {
        url: &config.database_url,
        migrations: MIGRATIONS,
        program: PROGRAM,
        secret_marks: keys.as_ref().map(Keys::marks).unwrap_or_default(),
        now: SystemClock.now(),
    };
    let mut shown = Shown(Line::new());
    let done = backup.write(&args.file, &mut shown);
    shown.0.clear();
    let done = done?;
    if let Err(error) = remember(&config, &done) {
        eprintln!("The copy is whole. That it was made could not be written down: {error}");
    }
    say_backed_up(args, &config, keys.is_some(), &done);
    Ok(ExitCode::SUCCESS)
}

/// For the staff's page about the system. A database of another version is left as it is.
fn remember(config: &Config, done: &BackedUp) -> Result<()> {
    let options = Options::new(Arc::new(SystemClock), Dice::from_os(), Wiring::new());
    let db = Db::open(&config.database_url, options)?;
    if db.version()? as usize != MIGRATIONS.len() {
        return Ok(());
    }
    let (taken_at, bytes) = (done.manifest.taken_at, done.bytes);
    commands::block_on(async {
        db.write("backup.noted", move |w| checks::note_backup(w, taken_at, bytes)).await?;
        db.close().await;
        Ok(())
    })
}

fn say_backed_up(args: &BackupArgs, config: &Config, has_secret: bool, done: &BackedUp) {
    let BackedUp { bytes, sha256, manifest } = done;
    eprintln!("{} rows of {} tables are in {}.", manifest.rows(), manifest.tables.len(), args.file.display());
    match (manifest.sealed_credentials, has_secret) {
        (0, _) => eprintln!(
            "The secret is not inside; links in mails need it. Keep a copy of {}.",
            secret::place(config)
        ),
        (sealed, _) => eprintln!(
            "{sealed} sealed credentials are inside; the secret that opens them is not. Keep a copy of {}.",
            secret::place(config)
        ),
    }
    if !has_secret {
        eprintln!("There is no secret beside the database: without it nothing sealed can be opened again.");
    }
    let line = json!({
        "file": args.file, "bytes": bytes, "sha256": sha256,
        "rows": manifest.rows(), "tables": manifest.tables.len(), "schema_version": manifest.schema_version,
        "engine": manifest.engine, "taken_at": manifest.taken_at.to_string(),
        "sealed_credentials": manifest.sealed_credentials, "root_secret_inside": false,
    });
    println!("{line}");
}

/// `aftercare restore FILE`, into a database with nothing in it.
pub fn restore(args: &RestoreArgs, env: &BTreeMap<String, String>) -> Result<ExitCode> {
    log::init();
    let config = commands::config(&args.config, env)?;
    let restore = Restore::open(&args.file, MIGRATIONS)?;
    check_secret(&restore, &config)?;
    for table in restore.strange() {
        eprintln!("{table} is a table of nobody we know; it is left out.");
    }
    let _only_one = serve::lock(&config.database_url)?;
    let mut shown = Shown(Line::new());
    let clock = || SystemClock.now();
    let mut finish = |w: &mut db::Write<'_>| jobs::hold_after_restore(w);
    let done = restore.load(&config.database_url, &clock, &mut Dice::from_os(), &mut shown, &mut finish);
    shown.0.clear();
    say_restored(args, &config, &restore, &done?);
    Ok(ExitCode::SUCCESS)
}

/// Without the same secret sealed credentials stay shut and links in mails are dead: said before anything is written.
fn check_secret(restore: &Restore<'_>, config: &Config) -> Result<()> {
    let marks = &restore.manifest().secret_marks;
    let keys = secret::find(config)?;
    let known = keys.map(|keys| keys.marks()).unwrap_or_default();
    let missing = marks.iter().filter(|mark| !known.contains(mark)).count();
    if missing == 0 {
        return Ok(());
    }
    let words = format!(
        "This shop's secret is another than the one it was backed up with: {missing} of its {} roots are not in {}. \
         Put the old one there first; without it {} stored credentials can't be opened and the links in mails are dead. Nothing was written.",
        marks.len(),
        secret::place(config),
        restore.manifest().sealed_credentials,
    );
    Err(Error::invalid("wrong_secret", words))
}

fn say_restored(args: &RestoreArgs, config: &Config, restore: &Restore<'_>, done: &Restored) {
    let (manifest, now) = (restore.manifest(), SystemClock.now());
    eprintln!("{} rows of {} tables are in {}.", done.rows, manifest.tables.len(), config.database_url);
    eprintln!(
        "What was due before this moment is held: it may have been sent since the backup of {}.\n\
         Let it go with: aftercare messages release --due-before {now}",
        manifest.taken_at
    );
    let line = json!({
        "file": args.file, "rows": done.rows, "tables": manifest.tables.len(), "schema_version": done.schema_version,
        "taken_at": manifest.taken_at.to_string(), "restored_at": now.to_string(),
    });
    println!("{line}");
}

/// `aftercare messages release --due-before TIME`.
pub fn release(args: &ReleaseArgs, env: &BTreeMap<String, String>) -> Result<ExitCode> {
    log::init();
    let house = commands::opened(&args.config, env)?;
    let released = commands::block_on(release_all(&house, args.due_before))?;
    println!("{released}");
    let left = commands::block_on(house.db.read("messages.held", messaging::held_by_restore))?;
    match left {
        Some(left) => eprintln!(
            "That many messages are let go; {} of the time up to {} are still held.",
            left.messages, left.hold.restored_at
        ),
        None => eprintln!("That many messages are let go; nothing is held by a restore."),
    }
    Ok(ExitCode::SUCCESS)
}

async fn release_all(house: &House, due_before: Timestamp) -> Result<u64> {
    let released = house.db.write("messages.release", move |w| messaging::release(w, due_before)).await?;
    let wake = |w: &mut db::Write<'_>| messaging::wake_released(w, MESSAGES_AT_ONCE);
    while house.db.write("messages.wake_released", wake).await? > 0 {}
    Ok(released)
}

/// What the person at the terminal sees of long work.
struct Shown(Line);

impl Progress for Shown {
    fn rows(&mut self, doing: Doing, table: &str, done: u64, of: Option<u64>) {
        let what = match doing {
            Doing::BackingUp => "Backing up",
            Doing::Checking => "Checking",
            Doing::Restoring => "Restoring",
        };
        self.0.show(&format!("{what} {table}"), done, of, "rows");
    }

    fn bytes(&mut self, done: u64, of: u64) {
        self.0.show("Copying", done / 1_000_000, Some(of / 1_000_000), "MB");
    }
}
