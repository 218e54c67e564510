//! Group commit, savepoints, panics.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use db::{Mode, Options, params};
use kernel::{Error, Kind};

use super::kit::{self, ADD_TO_ITEM, FIND_ITEM, INSERT_ITEM, Place};

const IDS: [&str; 6] = ["a", "b", "c", "d", "e", "f"];

#[tokio::test(flavor = "multi_thread")]
async fn writes_that_wait_together_are_committed_together() {
    for engine in kit::engines() {
        let place = Place::new(engine);
        let db = place.open();
        kit::insert(&db, "counter", 0).await.unwrap();
        let held = kit::hold(&db).await;
        let before = db.stats();
        let add = |db: db::Db| async move {
            db.write("add", |w| w.execute(&ADD_TO_ITEM, params!["counter", 1_i64])).await.unwrap()
        };
        let adders: Vec<_> = (0..60).map(|_| tokio::spawn(add(db.clone()))).collect();
        held.release_when(&db, 60).await;
        for adder in adders {
            assert_eq!(adder.await.unwrap(), 1);
        }
        let (commits, closures) =
            (db.stats().commits - before.commits, db.stats().closures - before.closures);
        assert_eq!((kit::number(&db, "counter").await, closures), (Some(60), 61), "{engine:?}");
        assert!(commits <= 20, "{engine:?}: {commits} commits for {closures} closures");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_workers_write_does_not_wait_behind_a_flood_of_requests() {
    for engine in kit::engines() {
        let place = Place::new(engine);
        let db = place.open();
        let held = kit::hold(&db).await;
        let ran = Arc::new(AtomicU32::new(0));
        let turn = |db: db::Db| {
            let ran = Arc::clone(&ran);
            let count = move |_: &mut db::Write<'_>| Ok(ran.fetch_add(1, Ordering::SeqCst));
            tokio::spawn(async move { db.write("count", count).await.unwrap() })
        };
        let flood: Vec<_> = (0..100).map(|_| turn(db.clone())).collect();
        kit::until_queued(&db, 100).await;
        let work: Vec<_> = (0..3).map(|_| turn(db.for_work())).collect();
        held.release_when(&db, 103).await;
        let mut turns = Vec::new();
        for one in work {
            turns.push(one.await.unwrap());
        }
        turns.sort_unstable();
        assert_eq!(turns, [0, 2, 4], "{engine:?}: every second turn");
        for one in flood {
            one.await.unwrap();
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failing_and_a_panicking_closure_take_nothing_with_them() {
    for engine in kit::engines() {
        let place = Place::new(engine);
        let db = place.open();
        let held = kit::hold(&db).await;
        let before = db.stats().commits;
        let write = |id: &'static str| {
            let db = db.clone();
            tokio::spawn(async move {
                db.write("one", move |w| {
                    kit::insert_in(w, id, 1)?;
                    match id {
                        "b" => panic!("the shelf fell over"),
                        "d" => Err(Error::invalid("no", "No.")),
                        _ => Ok(()),
                    }
                })
                .await
            })
        };
        let writers: Vec<_> = IDS.into_iter().map(write).collect();
        held.release_when(&db, 6).await;
        let mut kinds = Vec::new();
        for writer in writers {
            kinds.push(writer.await.unwrap().err().map(|error| error.kind()));
        }
        assert_eq!(kinds, [None, Some(Kind::Internal), None, Some(Kind::Invalid), None, None], "{engine:?}");
        assert_eq!(kit::ids(&db, &kit::IDS_IN_ORDER).await, ["a", "c", "e", "f"], "{engine:?}");
        assert!(db.stats().commits - before <= 3, "{engine:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_closure_that_goes_on_after_a_failed_statement_fails_on_both_engines() {
    for engine in kit::engines() {
        let place = Place::new(engine);
        let db = place.open();
        kit::insert(&db, "a", 1).await.unwrap();
        let swallowed = db.write("swallow", |w| {
            kit::insert_in(w, "b", 1)?;
            let _ = kit::insert_in(w, "a", 1);
            Ok(())
        });
        let error = swallowed.await.unwrap_err();
        assert!(error.operator_detail().contains("swallow went on after query insert_item"), "{error:?}");
        let on = db.write("on", |w| {
            let _ = kit::insert_in(w, "a", 1);
            w.one(&FIND_ITEM, params!["a"]).map(drop)
        });
        assert!(
            on.await.unwrap_err().operator_detail().contains("query find_item ran after query insert_item")
        );
        assert_eq!(kit::count(&db).await, 1, "{engine:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_sent_is_done_in_order_and_its_error_is_the_writes() {
    for engine in kit::engines() {
        let place = Place::new(engine);
        let db = place.open();
        let sum = db.write("in order", |w| {
            w.send(&INSERT_ITEM, params!["a", 1_i64, None::<&str>])?;
            w.send(&ADD_TO_ITEM, params!["a", 2_i64])?;
            w.send(&ADD_TO_ITEM, params!["a", 4_i64])?;
            w.one(&FIND_ITEM, params!["a"])?.get::<i64>("n")
        });
        assert_eq!(sum.await.unwrap(), 7, "{engine:?}");
        let last = db.write("last", |w| {
            kit::insert_in(w, "b", 1)?;
            w.send(&INSERT_ITEM, params!["a", 1_i64, None::<&str>])
        });
        let error = last.await.unwrap_err();
        assert_eq!(error.kind(), Kind::Conflict, "{engine:?}: {error:?}");
        assert!(error.operator_detail().contains("insert_item"), "{engine:?}: {error:?}");
        let behind = db.write("behind", |w| {
            kit::insert_in(w, "c", 1)?;
            w.send(&ADD_TO_ITEM, params!["a", -8_i64])?;
            w.one(&FIND_ITEM, params!["a"]).map(drop)
        });
        let error = behind.await.unwrap_err();
        assert_eq!(error.kind(), Kind::Conflict, "{engine:?}: {error:?}");
        assert!(error.operator_detail().contains("add_to_item"), "{engine:?}: {error:?}");
        assert_eq!(
            (kit::ids(&db, &kit::IDS_IN_ORDER).await, kit::number(&db, "a").await),
            (vec!["a".to_owned()], Some(7))
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_write_that_ends_with_a_failed_sending_takes_no_other_with_it() {
    for engine in kit::engines() {
        let place = Place::new(engine);
        let db = place.open();
        kit::insert(&db, "c", 1).await.unwrap();
        let held = kit::hold(&db).await;
        let send = |id: &'static str| {
            let db = db.clone();
            let insert = move |w: &mut db::Write<'_>| w.send(&INSERT_ITEM, params![id, 1_i64, None::<&str>]);
            tokio::spawn(async move { db.write("send", insert).await })
        };
        let writers: Vec<_> = IDS.into_iter().map(send).collect();
        held.release_when(&db, 6).await;
        let mut kinds = Vec::new();
        for writer in writers {
            kinds.push(writer.await.unwrap().err().map(|error| error.kind()));
        }
        assert_eq!(kinds, [None, None, Some(Kind::Conflict), None, None, None], "{engine:?}");
        assert_eq!(kit::ids(&db, &kit::IDS_IN_ORDER).await, IDS, "{engine:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_kind_of_constraint_is_a_conflict() {
    for engine in kit::engines() {
        let place = Place::new(engine);
        let db = place.open();
        kit::insert(&db, "a", 1).await.unwrap();
        let duplicate = kit::insert(&db, "a", 1).await.unwrap_err();
        let negative = kit::insert(&db, "b", -1).await.unwrap_err();
        let null =
            db.write("null", |w| w.execute(&INSERT_ITEM, params!["c", None::<i64>, "x"])).await.unwrap_err();
        for error in [duplicate, negative, null] {
            assert_eq!((error.kind(), error.code()), (Kind::Conflict, "constraint"), "{engine:?} {error:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn inline_and_in_memory_the_same_closures_run_one_by_one() {
    let mut places = vec![Place::at("sqlite::memory:"), Place::file()];
    if stories::postgres::wanted() {
        places.push(Place::new(db::Engine::Postgres));
    }
    for place in places {
        let db = db::Db::open(&place.url, Options { mode: Mode::Inline, ..kit::options() }).unwrap();
        db.migrate(kit::MIGRATIONS).unwrap();
        kit::insert(&db, "a", 1).await.unwrap();
        kit::insert(&db, "a", 1).await.unwrap_err();
        assert_eq!(kit::number(&db, "a").await, Some(1));
        let claimed = db.claim("claim", |w| w.execute(&ADD_TO_ITEM, params!["a", 1_i64])).await.unwrap();
        assert_eq!((claimed, kit::number(&db, "a").await), (1, Some(2)));
        db.ping().await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn closing_works_off_what_is_queued_and_refuses_what_comes_later() {
    for engine in kit::engines() {
        let place = Place::new(engine);
        let db = place.open();
        let ran = Arc::new(AtomicU32::new(0));
        let held = kit::hold(&db).await;
        let queued: Vec<_> = (0..10)
            .map(|_| {
                let (db, ran) = (db.clone(), Arc::clone(&ran));
                let count = move |_: &mut db::Write<'_>| Ok(ran.fetch_add(1, Ordering::SeqCst));
                tokio::spawn(async move { db.write("count", count).await })
            })
            .collect();
        held.release_when(&db, 10).await;
        let late = db.clone();
        db.close().await;
        assert_eq!(ran.load(Ordering::SeqCst), 10, "{engine:?}");
        for one in queued {
            one.await.unwrap().unwrap();
        }
        assert_eq!(kit::insert(&late, "a", 1).await.unwrap_err().kind(), Kind::Unavailable);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slow_write_is_counted() {
    for engine in kit::engines() {
        let place = Place::new(engine);
        let db = place.open();
        let (_never, nothing) = std::sync::mpsc::channel::<()>();
        let slow = move |_: &mut db::Write<'_>| {
            let _ = nothing.recv_timeout(std::time::Duration::from_millis(60));
            Ok(())
        };
        db.write("slow", slow).await.unwrap();
        kit::insert(&db, "a", 1).await.unwrap();
        assert_eq!(db.stats().slow_writes, 1, "{engine:?}");
    }
}
