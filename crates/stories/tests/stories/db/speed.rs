//! How many durable writes a second; run by hand: `cargo test -p stories --release -- --ignored --nocapture speed`.

use std::time::Duration;

use db::{Db, Engine, params};

use super::kit::{self, ADD_TO_ITEM, Place};
use stories::postgres::Cluster;

const WRITES: u64 = 4_000;

async fn measure(name: &str, db: &Db, callers: u64) {
    let began = kernel::Clock::now(&kernel::SystemClock);
    let before = db.stats();
    let caller = |db: Db, number: u64| async move {
        for write in 0..WRITES / callers {
            let id = format!("{number}-{write}");
            let insert = move |w: &mut db::Write<'_>| {
                kit::insert_in(w, &id, 1)?;
                w.execute(&ADD_TO_ITEM, params![&id, 1_i64])
            };
            db.write("speed", insert).await.unwrap();
        }
    };
    let tag = before.closures * 1_000_000;
    let tasks: Vec<_> = (0..callers).map(|number| tokio::spawn(caller(db.clone(), tag + number))).collect();
    for task in tasks {
        task.await.unwrap();
    }
    let took = kernel::Clock::now(&kernel::SystemClock).since(began).max(Duration::from_millis(1));
    let (closures, commits) = (db.stats().closures - before.closures, db.stats().commits - before.commits);
    let (rate, share) = (closures as f64 / took.as_secs_f64(), closures as f64 / commits as f64);
    println!("{name}: {callers} callers, {rate:.0} writes/s, {share:.1} closures per commit");
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "a measurement, not a claim"]
async fn durable_writes_per_second() {
    let file = Place::new(Engine::Sqlite);
    let cluster = Cluster::start_durable();
    let schema = Place::schema(&cluster);
    for (name, place) in [("SQLite", &file), ("PostgreSQL", &schema)] {
        let db = place.open();
        for callers in [1, 8, 64, 256] {
            measure(name, &db, callers).await;
        }
    }
}
