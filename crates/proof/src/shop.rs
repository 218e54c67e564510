//! A shop to experiment on: the program as a process, its key, its mail going to a sink.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::process::Command;

use kernel::{Clock, SystemClock, Timestamp};
use rig::app::{App, Settings};
use rig::sink::{Entry, Sink};
use serde_json::json;

use crate::Result;
use crate::rows::Rows;

/// No quiet hours, whatever time it is where this runs; everybody may be written to.
const CONFIG: &str = "[policy]\nquiet_hours = { from = 0, to = 0 }\n";

/// How a shop is started.
#[derive(Clone, Default)]
pub struct Kind {
    /// A PostgreSQL schema; an SQLite file when none is given.
    pub database_url: Option<String>,
    /// Whether it is the program with offers beside it, or the program itself.
    pub with_offers: bool,
    /// Options of the mail URL, such as `sessions=8&dot_timeout=1`.
    pub mail_options: String,
    /// Further variables.
    pub env: Vec<(String, String)>,
    /// Whether its folder is on a disk.
    pub on_disk: bool,
}

/// A shop that runs, or has run.
pub struct Shop {
    /// Its process.
    pub app: App,
    /// A key that may write orders.
    pub key: String,
    database_url: Option<String>,
}

impl Shop {
    /// Makes a shop whose mail goes to `sink`, and waits until it is ready.
    pub fn open(sink: &Sink, kind: &Kind) -> Result<Shop> {
        let program = if kind.with_offers { Some(std::env::current_exe()?) } else { None };
        let mut env = vec![("AFTERCARE_LOG".to_owned(), "warn".to_owned())];
        env.extend(kind.env.iter().cloned());
        let settings = Settings {
            database_url: kind.database_url.clone(),
            mail_url: Some(format!("{}?{}", sink.url(), kind.mail_options)),
            env,
            config: Some(CONFIG.to_owned()),
            program,
            on_disk: kind.on_disk,
            ..Settings::default()
        };
        let app = App::start(settings);
        let key =
            app.cli_ok(&["keys", "create", "--name", "proof", "--scope", "orders:read", "orders:write"]);
        Ok(Shop { app, key, database_url: kind.database_url.clone() })
    }

    /// Its SQLite file.
    pub fn file(&self) -> PathBuf {
        match self.database_url.as_deref().and_then(|url| url.strip_prefix("sqlite:")) {
            Some(path) => PathBuf::from(path),
            None => self.app.file("aftercare.db"),
        }
    }

    /// Its rows. Of an SQLite shop a copy, for which it must not be running.
    pub fn rows(&self) -> Result<Rows> {
        match &self.database_url {
            Some(url) if url.starts_with("postgres") => Rows::open(url),
            _ => Rows::copy_of(&self.file()),
        }
    }

    /// Sends a signal to its process.
    pub fn signal(&self, name: &str) -> Result<()> {
        let pid = self.app.pid().ok_or("it does not run")?;
        let sent = Command::new("kill").args([name, &pid.to_string()]).status()?;
        if sent.success() { Ok(()) } else { Err(format!("kill {name} failed").into()) }
    }

    /// A counter or gauge of `/metrics`.
    pub fn metric(&self, name: &str) -> Option<u64> {
        let page = self.app.request("GET", "/metrics", &[], b"").ok()?.text();
        page.lines().find_map(|line| line.strip_prefix(name)?.trim().parse().ok())
    }

    /// How much memory it has for itself, in KiB.
    pub fn anonymous_kib(&self) -> Option<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.app.pid()?)).ok()?;
        let line = status.lines().find(|line| line.starts_with("RssAnon:"))?;
        line.split_whitespace().nth(1)?.parse().ok()
    }
}

/// A paid order of a guest of its own, the same whenever it is posted again.
pub fn order(number: u64, placed_at: Timestamp) -> String {
    order_form(placed_at).replace(FORM, &number.to_string())
}

/// What stands for the number in [`order_form`].
pub const FORM: &str = "NUMBER";

/// An order with its number left open, for whoever posts too many to make each anew.
pub fn order_form(placed_at: Timestamp) -> String {
    // The public interface speaks of whole seconds.
    let at = Timestamp::from_ms(placed_at.ms() / 1_000 * 1_000).to_string();
    json!({
        "source": "web", "external_id": FORM, "number": format!("#{FORM}"),
        "status": "placed", "payment": "paid", "placed_at": at, "updated_at": at, "currency": "GBP",
        "customer": { "email": format!("guest{FORM}@example.test"), "name": "A guest" },
        "lines": [{ "external_id": "l1", "title": "First Flush Darjeeling", "quantity": 2, "unit_price": 1200 }],
        "totals": { "subtotal": 2400, "discount": 0, "shipping": 395, "tax": 466, "tax_included": true, "total": 2795 }
    })
    .to_string()
}

/// The present moment.
pub fn now() -> Timestamp {
    SystemClock.now()
}

/// The address of the guest of that order.
pub fn guest(number: u64) -> String {
    format!("guest{number}@example.test")
}

/// What the mail server was given, by the number in the recipient's address.
pub fn by_number(entries: &[Entry]) -> BTreeMap<u64, Vec<Entry>> {
    let mut found: BTreeMap<u64, Vec<Entry>> = BTreeMap::new();
    for entry in entries {
        if let Some(number) = number_in(&entry.to) {
            found.entry(number).or_default().push(entry.clone());
        }
    }
    found
}

/// The numbers that the mail server has taken a message for.
pub fn taken(entries: &[Entry]) -> BTreeSet<u64> {
    entries.iter().filter(|entry| entry.answer.takes()).filter_map(|entry| number_in(&entry.to)).collect()
}

/// The key in a `Message-ID`.
pub fn key_of(message_id: &str) -> &str {
    message_id.trim_matches(['<', '>']).split('@').next().unwrap_or_default()
}

/// The number in the address of a guest or a reader.
pub fn number_in(address: &str) -> Option<u64> {
    let local = address.split('@').next()?;
    local.trim_start_matches(|c: char| c.is_ascii_alphabetic()).parse().ok()
}

/// Where an offer of that number is posted.
pub fn offer_path(number: u64) -> String {
    format!("/proof/offers/{number}")
}

/// Where a second offer to the same reader is posted.
pub fn offer_again_path(number: u64) -> String {
    format!("/proof/offers/{number}/again")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host;

    #[test]
    fn addresses_and_ids_are_read_back() {
        assert_eq!(number_in(&guest(42)), Some(42));
        assert_eq!(number_in(&host::reader(7)), Some(7));
        assert_eq!(number_in("postmaster@example.test"), None);
        let posted: serde_json::Value = serde_json::from_str(&order(42, now())).unwrap();
        assert_eq!((&posted["external_id"], &posted["customer"]["email"]), (&json!("42"), &json!(guest(42))));
        assert_eq!(key_of("<abc123@shop.test>"), "abc123");
    }
}
