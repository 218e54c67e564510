//! SQLite when the disk is full, when somebody else holds the file, and when it is closed.

use db::{Db, Engine, Query, params};
use kernel::{Kind, Result};

use super::kit::{self, INSERT_ITEM, LIMIT_PAGES, Place, UNLIMIT_PAGES, UPSERT_NOTE};

/// Queues three writes in this order behind a held writer, on a disk that has no room for the second.
async fn three_on_a_full_disk(db: &Db, query: &'static Query) -> [Result<u64>; 3] {
    db.write("limit", |w| w.rows(&LIMIT_PAGES, &[])).await.unwrap();
    let held = kit::hold(db).await;
    let insert = |id: &'static str, size: usize| {
        let note = "x".repeat(size);
        db.write("note", move |w| w.execute(query, params![id, 1_i64, &note]))
    };
    let (a, b, c, ()) =
        tokio::join!(insert("a", 10), insert("b", 1_000_000), insert("c", 11), held.release_when(db, 3));
    [a, b, c]
}

async fn works_again(db: &Db) {
    db.write("room", |w| w.rows(&UNLIMIT_PAGES, &[])).await.unwrap();
    kit::insert(db, "next", 1).await.unwrap();
    assert_eq!(kit::number(db, "next").await, Some(1));
}

#[tokio::test(flavor = "multi_thread")]
async fn when_sqlite_rolls_back_by_itself_the_whole_batch_fails_and_the_next_one_works() {
    let place = Place::new(Engine::Sqlite);
    let db = place.open();
    let [a, b, c] = three_on_a_full_disk(&db, &INSERT_ITEM).await;
    // The batch breaks at `b`, and `a`, which was ahead of it in the same transaction, goes down with it.
    let (a, b) = (a.unwrap_err(), b.unwrap_err());
    assert_eq!((a.kind(), b.kind()), (Kind::Unavailable, Kind::Unavailable), "{a:?} {b:?}");
    assert!(a.operator_detail().contains("rolled the whole transaction back"), "{a:?}");
    assert!(b.operator_detail().contains("query insert_item had failed"), "the operator reads why: {b:?}");
    c.unwrap();
    assert_eq!(kit::ids(&db, &kit::IDS_IN_ORDER).await, ["c"]);
    works_again(&db).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn when_sqlite_undoes_only_the_statement_only_its_closure_fails() {
    let place = Place::new(Engine::Sqlite);
    let db = place.open();
    // An upsert keeps a journal of its own statement, so SQLite need not give up the transaction.
    let [a, b, c] = three_on_a_full_disk(&db, &UPSERT_NOTE).await;
    assert_eq!((a.unwrap(), c.unwrap()), (1, 1));
    assert_eq!(b.unwrap_err().kind(), Kind::Unavailable);
    assert_eq!(kit::ids(&db, &kit::IDS_IN_ORDER).await, ["a", "c"]);
    works_again(&db).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_somebody_else_holds_is_unavailable_until_they_let_go() {
    let place = Place::new(Engine::Sqlite);
    let (db, other) = (place.open(), place.open());
    let held = kit::hold(&other).await;
    // Both are told after one wait.
    let (error, second) = tokio::join!(kit::insert(&db, "a", 1), kit::insert(&db, "b", 1));
    let (error, second) = (error.unwrap_err(), second.unwrap_err());
    assert_eq!((error.kind(), second.kind()), (Kind::Unavailable, Kind::Unavailable), "{error:?}");
    assert!(error.operator_detail().contains("locked"), "{error:?}");
    assert_eq!(kit::count(&db).await, 0, "readers go on");
    held.release_when(&other, 0).await;
    kit::insert(&db, "a", 1).await.unwrap();
    assert_eq!(kit::count(&db).await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn only_the_owner_can_read_the_file() {
    use std::os::unix::fs::PermissionsExt;
    let place = Place::new(Engine::Sqlite);
    let db = place.open();
    kit::insert(&db, "a", 1).await.unwrap();
    let db::DatabaseUrl::Sqlite(path) = &place.url else { panic!("a file") };
    for suffix in ["", "-wal", "-shm"] {
        let file = format!("{}{suffix}", path.display());
        assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600, "{file}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_log_that_a_crash_left_is_emptied_by_the_next_life() {
    let place = Place::new(Engine::Sqlite);
    let db::DatabaseUrl::Sqlite(path) = place.url.clone() else { unreachable!() };
    let db = place.open();
    for id in ["a", "b", "c"] {
        kit::insert(&db, id, 1).await.unwrap();
    }
    let (crashed, log) = (path.with_extension("crashed.db"), path.with_extension("crashed.db-wal"));
    std::fs::copy(&path, &crashed).unwrap();
    std::fs::copy(path.with_extension("db-wal"), &log).unwrap();
    assert!(std::fs::metadata(&log).unwrap().len() > 0);
    let next = Db::open(&db::DatabaseUrl::Sqlite(crashed), kit::options()).unwrap();
    kit::insert(&next, "d", 1).await.unwrap();
    assert_eq!(std::fs::metadata(&log).unwrap().len(), 0);
    assert_eq!(kit::ids(&next, &kit::IDS_IN_ORDER).await, ["a", "b", "c", "d"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_was_closed_is_whole_by_itself() {
    let place = Place::new(Engine::Sqlite);
    let db::DatabaseUrl::Sqlite(path) = place.url.clone() else { unreachable!() };
    let db = place.open();
    // Enough commits to set the checkpoints going, and enough of a log to keep the last of them busy.
    for round in 0..8 {
        let one = |nth: u32| {
            let (id, note) = (format!("{round}-{nth}"), format!("{round}-{nth} {}", "x".repeat(20_000)));
            db.write("note", move |w| w.execute(&INSERT_ITEM, params![&id, 1_i64, &note]))
        };
        for nth in 0..50 {
            one(nth).await.unwrap();
        }
    }
    db.close().await;
    let log = path.with_extension("db-wal");
    assert!(!log.exists(), "the log is moved into the file, and nobody holds it any more");
    let copy = path.with_extension("copy.db");
    std::fs::copy(&path, &copy).unwrap();
    let copied = Db::open(&db::DatabaseUrl::Sqlite(copy), kit::options()).unwrap();
    assert_eq!(kit::ids(&copied, &kit::IDS_IN_ORDER).await.len(), 400);
}
