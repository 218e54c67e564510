//! Places to open a database at, a small schema, and its queries.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use db::{DatabaseUrl, Db, Engine, Migration, Options, Query, Wiring, Write, params};
use kernel::{Dice, Result, SystemClock};
use stories::postgres::{self, Cluster};

db::sql_file!(pub KIT = "kit.sql" {
    INSERT_ITEM = "insert_item", FIND_ITEM = "find_item", COUNT_ITEMS = "count_items", ADD_TO_ITEM = "add_to_item",
    SET_ITEM = "set_item", IDS_IN_ORDER = "ids_in_order", NOTES_IN_ORDER = "notes_in_order",
    SUB_OF_PARAMS = "sub_of_params", NOT_A_BIGINT = "not_a_bigint", INSERT_RAW = "insert_raw",
    CLAIM_ONE = "claim_one", UPSERT_NOTE = "upsert_note", LIMIT_PAGES = "limit_pages", UNLIMIT_PAGES = "unlimit_pages",
    INSERT_OP = "insert_op", CLAIM_OP = "claim_op", UPSERT_OP = "upsert_op", UPDATE_OPS = "update_ops",
    DELETE_OPS = "delete_ops", SUM_OPS = "sum_ops", WINDOW_OPS = "window_ops", ALL_OPS = "all_ops",
});

pub const MIGRATIONS: &[Migration] = &[
    Migration {
        version: 1,
        name: "items",
        sql: "CREATE TABLE items (
  id {{id}} NOT NULL PRIMARY KEY,
  n {{int}} NOT NULL CHECK (n >= 0),
  note {{text}} UNIQUE,
  raw {{bytes}}
) {{strict}};
CREATE INDEX items_by_n ON items (n);",
    },
    Migration {
        version: 2,
        name: "ops",
        sql: "CREATE TABLE ops (id {{id}} NOT NULL PRIMARY KEY, word {{text}}, n {{int}}) {{strict}};",
    },
];

/// Where a database is. A file lives as long as its place.
pub struct Place {
    pub url: DatabaseUrl,
    folder: Option<PathBuf>,
}

impl Place {
    pub fn new(engine: Engine) -> Place {
        match engine {
            Engine::Sqlite => Place::file(),
            Engine::Postgres => Place::schema(Cluster::shared()),
        }
    }

    pub fn file() -> Place {
        static MADE: AtomicU32 = AtomicU32::new(0);
        let name = format!("db-{}-{}", std::process::id(), MADE.fetch_add(1, Ordering::SeqCst));
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
        std::fs::create_dir_all(&folder).unwrap();
        Place { url: DatabaseUrl::Sqlite(folder.join("shop.db")), folder: Some(folder) }
    }

    pub fn schema(cluster: &Cluster) -> Place {
        Place::at(&cluster.url(&cluster.fresh_schema()))
    }

    pub fn at(url: &str) -> Place {
        Place { url: DatabaseUrl::parse(url).unwrap(), folder: None }
    }

    /// A handle on this place, with the schema.
    pub fn open(&self) -> Db {
        let db = self.open_empty();
        db.migrate(MIGRATIONS).unwrap();
        db
    }

    pub fn open_empty(&self) -> Db {
        Db::open(&self.url, options()).unwrap()
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if let Some(folder) = &self.folder {
            let _ = std::fs::remove_dir_all(folder);
        }
    }
}

pub fn options() -> Options {
    Options::new(Arc::new(SystemClock), Dice::from_os(), Wiring::new())
}

/// The engines this run is about.
pub fn engines() -> Vec<Engine> {
    if postgres::wanted() { vec![Engine::Sqlite, Engine::Postgres] } else { vec![Engine::Sqlite] }
}

pub async fn insert(db: &Db, id: &'static str, n: i64) -> Result<()> {
    db.write("insert", move |w| insert_in(w, id, n)).await
}

pub fn insert_in(w: &mut Write<'_>, id: &str, n: i64) -> Result<()> {
    w.execute(&INSERT_ITEM, params![id, n, None::<&str>]).map(drop)
}

/// The number stored under `id`.
pub async fn number(db: &Db, id: &'static str) -> Option<i64> {
    let row = db.read("number", move |r| r.row(&FIND_ITEM, params![id])).await.unwrap();
    row.map(|row| row.get("n").unwrap())
}

pub async fn count(db: &Db) -> i64 {
    db.read("count", |r| r.one(&COUNT_ITEMS, &[])?.get("n")).await.unwrap()
}

/// The identifiers that a query finds, in its order.
pub async fn ids(db: &Db, query: &'static Query) -> Vec<String> {
    db.read("ids", move |r| r.rows(query, &[])?.iter().map(|row| row.get("id")).collect()).await.unwrap()
}

/// Holds the writer inside a closure until told to go on, so that what follows gathers in the queue.
pub struct Held {
    go: std::sync::mpsc::Sender<()>,
    done: tokio::task::JoinHandle<Result<()>>,
}

pub async fn hold(db: &Db) -> Held {
    let (go, wait) = std::sync::mpsc::channel::<()>();
    let (inside, entered) = std::sync::mpsc::channel();
    let handle = db.clone();
    let done = tokio::spawn(async move {
        let closure = move |_: &mut Write<'_>| {
            // Longer than a batch takes further closures, so that nothing joins this one.
            let _ = wait.recv_timeout(Duration::from_millis(10));
            let _ = inside.send(());
            let _ = wait.recv();
            Ok(())
        };
        handle.write("hold", closure).await
    });
    tokio::task::spawn_blocking(move || entered.recv()).await.unwrap().unwrap();
    Held { go, done }
}

/// Waits until as many closures wait.
pub async fn until_queued(db: &Db, queued: u64) {
    while db.stats().queued < queued {
        tokio::task::yield_now().await;
    }
}

impl Held {
    /// Waits until `queued` closures wait behind it, then lets the writer go on.
    pub async fn release_when(self, db: &Db, queued: u64) {
        until_queued(db, queued).await;
        self.go.send(()).unwrap();
        self.done.await.unwrap().unwrap();
    }
}
