//! The log of erasures beside the database: who was forgotten, by identifiers only. A backup from before still names them,
//! and a restore of it knows nothing of what came later; this file does.

use std::collections::BTreeSet;
use std::fs::OpenOptions;
use std::io::{ErrorKind, Write as _};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use db::{Db, Write};
use jobs::Next;
use kernel::{CustomerId, Error, Result, Timestamp};
use serde_json::json;

/// Where the log is; nowhere with PostgreSQL while nobody says where, and for a database that is gone with its process.
#[derive(Clone, Debug, Default)]
pub struct ErasureLog(pub Option<PathBuf>);

/// Beside an SQLite database.
pub fn path_beside(database: &Path) -> PathBuf {
    let mut name = database.as_os_str().to_owned();
    name.push(".erasures");
    PathBuf::from(name)
}

/// A reaction to `customer.erased`: writes down everybody the person was. What can't be written is tried again, and parked
/// where the staff sees it.
pub fn write_down(w: &mut Write<'_>, event: &timeline::Event) -> Result<()> {
    let (Some(path), Some(customer)) = (w.wired::<ErasureLog>()?.0.clone(), &event.customer) else {
        return Ok(());
    };
    let person = customers::find(w, customer)?;
    let known = read(&path)?;
    let new: Vec<CustomerId> = person
        .map(|person| person.ids())
        .unwrap_or_default()
        .into_iter()
        .filter(|id| !known.contains(id))
        .collect();
    append(&path, event.occurred_at, &new)
}

/// Forgets again whoever the log names and the database knows: it was restored from before. Done before anything is shown.
/// How many there were.
pub async fn replay(db: &Db, log: &ErasureLog) -> Result<usize> {
    let Some(path) = &log.0 else { return Ok(0) };
    let mut forgotten = 0;
    for id in read(path)? {
        let known = id.clone();
        let person = db.read("erasures.known", move |r| customers::find(r, &known)).await?;
        if person.is_none_or(|person| person.erased_at.is_some()) {
            continue;
        }
        let again = id.clone();
        db.write("erasures.again", move |w| customers::begin_erasure(w, &again, customers::Asker::Log))
            .await?;
        let payload = json!({ "customer": id.as_str() });
        loop {
            let payload = payload.clone();
            let next = db.write("erasures.erase", move |w| customers::erase(w, &payload)).await?;
            if next == Next::Done {
                break;
            }
        }
        forgotten += 1;
    }
    Ok(forgotten)
}

/// Everybody the log names. A line that was cut off by a crash names nobody.
fn read(path: &Path) -> Result<BTreeSet<CustomerId>> {
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => String::new(),
        Err(error) => return Err(cannot("read", path, &error)),
    };
    let id = |line: &str| line.split_whitespace().nth(1).and_then(|id| CustomerId::parse(id).ok());
    Ok(text.lines().filter_map(id).collect())
}

fn append(path: &Path, at: Timestamp, ids: &[CustomerId]) -> Result<()> {
    if ids.is_empty() {
        return Ok(());
    }
    // Begun on a line of its own, whatever a crash has left before it.
    let lines: String = ids.iter().map(|id| format!("\n{at} {id}\n")).collect();
    let written = OpenOptions::new().create(true).append(true).mode(0o600).open(path).and_then(|mut file| {
        file.write_all(lines.as_bytes())?;
        file.sync_all()
    });
    written.map_err(|error| cannot("write", path, &error))
}

#[track_caller]
fn cannot(what: &str, path: &Path, error: &std::io::Error) -> Error {
    Error::unavailable(format!("can't {what} the log of erasures {}: {error}", path.display()))
}
