//! What the rows say, read past the program.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::sync::Arc;

use db::{DatabaseUrl, Db, Mode, Options, Read, Wiring, params};
use kernel::{Dice, SystemClock};
use rig::process::Folder;
use tokio::runtime::Runtime;

use crate::Result;

db::sql_file!(pub ROWS = "rows.sql" {
    MESSAGES = "messages",
    ORDERS = "orders",
    LEASES = "leases",
    PARKED = "parked",
});

/// A message, as stored.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Message {
    /// Its identifier.
    pub id: String,
    /// The address it was written for; empty when it names none.
    pub to: String,
    /// Why it is sent.
    pub purpose: String,
    /// Where it stands.
    pub state: String,
    /// How often it was handed off.
    pub hand_offs: i64,
    /// Whether nothing more will happen to it.
    pub is_final: bool,
    /// Everything that an outcome changes, as one text.
    pub everything: String,
}

/// A shop's database, open for reading beside or after the program.
pub struct Rows {
    db: Db,
    runtime: Runtime,
    /// Where a copy of an SQLite file lives.
    _copy: Option<Folder>,
}

impl Rows {
    /// Opens a PostgreSQL schema.
    pub fn open(url: &str) -> Result<Rows> {
        Rows::with(url, None)
    }

    /// Opens a *copy* of an SQLite file and its log, made while nobody writes: so whoever opens the real one next finds
    /// it as its last owner left it.
    pub fn copy_of(file: &Path) -> Result<Rows> {
        let folder = Folder::fresh("rows")?;
        for ending in ["", "-wal"] {
            let name = |path: &Path| format!("{}{ending}", path.display());
            if Path::new(&name(file)).exists() {
                fs::copy(name(file), name(&folder.join("shop.db")))?;
            }
        }
        Rows::with(&format!("sqlite:{}", folder.join("shop.db").display()), Some(folder))
    }

    fn with(url: &str, copy: Option<Folder>) -> Result<Rows> {
        let options = Options {
            mode: Mode::Inline,
            ..Options::new(Arc::new(SystemClock), Dice::from_os(), Wiring::new())
        };
        let db = Db::open(&DatabaseUrl::parse(url)?, options)?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        Ok(Rows { db, runtime, _copy: copy })
    }

    /// Every message by its key, which is the first half of its `Message-ID`.
    pub fn messages(&self) -> Result<BTreeMap<String, Message>> {
        self.read(|r| {
            let rows = r.rows(&MESSAGES, params![])?;
            rows.iter().map(|row| Ok((row.get("key")?, message(row)?))).collect()
        })
    }

    /// The keys of the messages that are out this moment, each with the number of this hand-off, from 1.
    pub fn handing_off(&self) -> Result<BTreeMap<String, i64>> {
        let out = self.messages()?.into_iter().filter(|(_, message)| message.state == "handing_off");
        Ok(out.map(|(key, message)| (key, message.hand_offs)).collect())
    }

    /// The orders stored, by the shop's own names.
    pub fn orders(&self) -> Result<BTreeSet<String>> {
        self.read(|r| r.rows(&ORDERS, params![])?.iter().map(|row| row.get("external_id")).collect())
    }

    /// Message id and token of every hand-off that somebody holds.
    pub fn leases(&self) -> Result<BTreeSet<(String, String)>> {
        self.read(|r| {
            let rows = r.rows(&LEASES, params![])?;
            rows.iter().map(|row| Ok((row.get("key")?, row.get("token")?))).collect()
        })
    }

    /// How many jobs were given up.
    pub fn parked(&self) -> Result<i64> {
        self.read(|r| r.one(&PARKED, params![])?.get("jobs"))
    }

    fn read<T: Send + 'static>(
        &self,
        f: impl FnMut(&mut Read<'_>) -> kernel::Result<T> + Send + 'static,
    ) -> Result<T> {
        Ok(self.runtime.block_on(self.db.read("proof.rows", f))?)
    }
}

fn message(row: &db::Row) -> kernel::Result<Message> {
    let state: String = row.get("state")?;
    let finished: Option<i64> = row.get("finished_at")?;
    let text = |name| row.get::<Option<String>>(name);
    let number = |name| row.get::<Option<i64>>(name);
    let everything = format!(
        "{state} {:?} {:?} {:?} {:?} {:?} {:?} {:?} {finished:?}",
        text("verdict")?,
        text("outcome")?,
        number("tries")?,
        number("hand_offs")?,
        text("token")?,
        text("provider_reference")?,
        number("handed_off_at")?,
    );
    Ok(Message {
        id: row.get("id")?,
        to: address_in(&row.get::<String>("recipient")?)?,
        purpose: row.get("purpose")?,
        state,
        hand_offs: row.get("hand_offs")?,
        is_final: finished.is_some(),
        everything,
    })
}

fn address_in(recipient: &str) -> kernel::Result<String> {
    let recipient: serde_json::Value = serde_json::from_str(recipient)?;
    Ok(recipient["email"].as_str().unwrap_or_default().to_owned())
}
