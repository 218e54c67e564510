//! The past of a shop: orders as an import brings them, and the messages about them.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use aftercare::Config;
use aftercare::house::{House, Setting};
use db::Durability;
use kernel::{Clock, Error, Result, SystemClock};
use std::collections::BTreeMap;
use std::time::Duration;

use crate::shop;

/// Orders in one write.
const CHUNK: u64 = 250;
/// Numbers below this are of the past.
pub const FIRST_NEW: u64 = 10_000_000;

/// A database of `orders` past orders by `customers`, each with its message, made once for a run.
pub fn past(folder: &Path, orders: u64, customers: u64) -> Result<PathBuf> {
    let path = folder.join(format!("past-{orders}-{customers}.db"));
    if path.exists() {
        return Ok(path);
    }
    eprintln!("  making a past of {orders} orders");
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
    let runtime = runtime.map_err(|error| Error::internal(error.to_string()))?;
    let began = path.with_extension("part");
    runtime.block_on(fill(&began, orders, customers))?;
    with_messages(&began)?;
    std::fs::rename(&began, &path).map_err(|error| Error::internal(error.to_string()))?;
    Ok(path)
}

async fn fill(path: &Path, orders: u64, customers: u64) -> Result<()> {
    let house = Arc::new(open(path, Setting { durability: Durability::Bulk, ..Setting::server() })?);
    house.migrate()?;
    let runner = house.runner().await?;
    let now = SystemClock.now() - Duration::from_secs(30 * 86_400);
    for first in (0..orders).step_by(CHUNK as usize) {
        let chunk = first..(first + CHUNK).min(orders);
        house
            .db
            .write("bench.past", move |w| {
                for number in chunk.clone() {
                    let order = shop::order(number, number % customers, now);
                    orders::take_history(w, &orders::json::read(&order, w.now)?)?;
                }
                Ok(())
            })
            .await?;
        // What reacts to the past is done, too: a shop that is measured has nothing left over.
        runner.run_due().await?;
    }
    house.db.clone().close().await;
    Ok(())
}

/// A house over a file, as `serve` opens it, with the secret of the benches.
pub fn open(path: &Path, setting: Setting) -> Result<House> {
    open_at(&shop::sqlite_url(path), setting)
}

/// The same at an address, of either engine.
pub fn open_at(url: &str, setting: Setting) -> Result<House> {
    let mut env: BTreeMap<String, String> = shop::environment().into_iter().collect();
    env.insert("AFTERCARE_DATABASE_URL".to_owned(), url.to_owned());
    House::open(Config::load(None, &env)?, setting)
}

/// The message that was sent about each order, written as a set: an import sends none, but a shop's past has them.
fn with_messages(path: &Path) -> Result<()> {
    let failed = |error: rusqlite::Error| Error::internal(format!("the messages of the past: {error}"));
    let db = rusqlite::Connection::open(path).map_err(failed)?;
    db.execute_batch(include_str!("past.sql")).map_err(failed)
}
