//! PostgreSQL when connections break, nodes collide and the server dies.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, mpsc};
use std::time::Duration;

use db::{Db, Engine, params};
use kernel::Kind;
use stories::postgres::{Cluster, Cut, Proxy, wanted};

use super::kit::{self, ADD_TO_ITEM, CLAIM_ONE, FIND_ITEM, Place, SET_ITEM};

db::sql_file!(STANDBY = "standby.sql" { BE_READ_ONLY = "be_read_only", BE_WRITABLE = "be_writable" });

/// A handle through a proxy, and one around it on the same schema.
fn proxied() -> (Proxy, Db, Db) {
    let cluster = Cluster::shared();
    let proxy = Proxy::start(cluster.port());
    let schema = cluster.fresh_schema();
    let around = Place::at(&cluster.url(&schema)).open();
    let through = Place::at(&cluster.url_through(proxy.port(), &schema)).open();
    (proxy, through, around)
}

/// Inserts `id`, counting its runs.
async fn insert_counted(db: &Db, id: &'static str) -> (kernel::Result<()>, u32) {
    let runs = Arc::new(AtomicU32::new(0));
    let counted = Arc::clone(&runs);
    let closure = move |w: &mut db::Write<'_>| {
        counted.fetch_add(1, Ordering::SeqCst);
        kit::insert_in(w, id, 1)
    };
    (db.write("counted", closure).await, runs.load(Ordering::SeqCst))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_lost_during_commit_is_unknown_and_never_run_again() {
    if !wanted() {
        return;
    }
    for (cut, stored) in [(Cut::BeforeServer, None), (Cut::BeforeAnswer, Some(1))] {
        let (proxy, through, around) = proxied();
        proxy.cut_once(b" COMMIT\0", cut);
        let (result, runs) = insert_counted(&through, "a").await;
        assert_eq!(result.unwrap_err().kind(), Kind::OutcomeUnknown, "{cut:?}");
        assert_eq!((runs, proxy.cuts()), (1, 1), "{cut:?}");
        assert_eq!(kit::number(&around, "a").await, stored, "{cut:?}");
        insert_counted(&through, "b").await.0.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_lost_before_commit_is_made_again_and_the_batch_runs_again() {
    if !wanted() {
        return;
    }
    let (proxy, through, around) = proxied();
    proxy.cut_once(b"cut_here", Cut::BeforeServer);
    let (result, runs) = insert_counted(&through, "cut_here").await;
    result.unwrap();
    assert_eq!((runs, proxy.cuts()), (2, 1));
    assert_eq!(kit::number(&around, "cut_here").await, Some(1));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_connection_is_noticed_by_reads_too() {
    if !wanted() {
        return;
    }
    let (proxy, through, _) = proxied();
    insert_counted(&through, "a").await.0.unwrap();
    proxy.cut_once(b"READ ONLY", Cut::BeforeAnswer);
    assert_eq!(kit::number(&through, "a").await, Some(1));
    assert_eq!(proxy.cuts(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_nodes_that_collide_both_succeed_and_the_loser_runs_again() {
    if !wanted() {
        return;
    }
    let place = Place::new(Engine::Postgres);
    let (here, there) = (place.open(), place.open());
    kit::insert(&here, "a", 10).await.unwrap();
    let (saw, seen) = mpsc::channel();
    let (go, wait) = mpsc::channel::<()>();
    let (runs, loser) = (Arc::new(AtomicU32::new(0)), here.clone());
    let counted = Arc::clone(&runs);
    let slow = tokio::spawn(async move {
        let double = move |w: &mut db::Write<'_>| {
            let n: i64 = w.one(&FIND_ITEM, params!["a"])?.get("n")?;
            if counted.fetch_add(1, Ordering::SeqCst) == 0 {
                let _ = saw.send(());
                let _ = wait.recv();
            }
            w.execute(&SET_ITEM, params!["a", n * 2])
        };
        loser.write("double", double).await
    });
    tokio::task::spawn_blocking(move || seen.recv()).await.unwrap().unwrap();
    there.write("add", |w| w.execute(&ADD_TO_ITEM, params!["a", 1_i64])).await.unwrap();
    go.send(()).unwrap();
    slow.await.unwrap().unwrap();
    assert_eq!((kit::number(&here, "a").await, runs.load(Ordering::SeqCst)), (Some(22), 2));
    assert!(here.stats().retries >= 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn many_collisions_lose_no_update() {
    if !wanted() {
        return;
    }
    let place = Place::new(Engine::Postgres);
    let nodes = [place.open(), place.open(), place.open()];
    kit::insert(&nodes[0], "a", 0).await.unwrap();
    let add = |db: Db| async move {
        let read_and_set = |w: &mut db::Write<'_>| {
            let n: i64 = w.one(&FIND_ITEM, params!["a"])?.get("n")?;
            w.execute(&SET_ITEM, params!["a", n + 1])
        };
        db.write("add", read_and_set).await.unwrap();
    };
    let adders: Vec<_> = (0..90).map(|at| tokio::spawn(add(nodes[at % 3].clone()))).collect();
    for adder in adders {
        adder.await.unwrap();
    }
    assert_eq!(kit::number(&nodes[0], "a").await, Some(90));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_server_is_unavailable_and_then_as_before() {
    if !wanted() {
        return;
    }
    let cluster = Cluster::start_durable();
    let place = Place::schema(&cluster);
    let db = place.open();
    kit::insert(&db, "a", 1).await.unwrap();
    kit::count(&db).await;
    cluster.kill9();
    let write = kit::insert(&db, "b", 1).await.unwrap_err();
    let read = db.ping().await.unwrap_err();
    assert_eq!((write.kind(), read.kind()), (Kind::Unavailable, Kind::Unavailable), "{write:?} {read:?}");
    let opened_meanwhile = place.open_empty();
    assert_eq!(opened_meanwhile.ping().await.unwrap_err().kind(), Kind::Unavailable);
    cluster.restart();
    kit::insert(&db, "c", 1).await.unwrap();
    assert_eq!(kit::ids(&opened_meanwhile, &kit::IDS_IN_ORDER).await, ["a", "c"]);
    cluster.stop();
    assert_eq!(db.ping().await.unwrap_err().kind(), Kind::Unavailable);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_nodes_never_claim_the_same_row() {
    if !wanted() {
        return;
    }
    let place = Place::new(Engine::Postgres);
    let nodes = [place.open(), place.open()];
    let fill = |w: &mut db::Write<'_>| (0..200).try_for_each(|n| kit::insert_in(w, &format!("job{n:03}"), 0));
    nodes[0].write("fill", fill).await.unwrap();
    let drain = |db: Db| async move {
        let mut mine = Vec::new();
        loop {
            let claim = |w: &mut db::Write<'_>| {
                w.row(&CLAIM_ONE, &[])?.map(|row| row.get::<String>("id")).transpose()
            };
            match db.claim("claim", claim).await.unwrap() {
                Some(id) => mine.push(id),
                None => return mine,
            }
        }
    };
    let (here, there) =
        tokio::join!(tokio::spawn(drain(nodes[0].clone())), tokio::spawn(drain(nodes[1].clone())));
    let (here, there) = (here.unwrap(), there.unwrap());
    let all: BTreeSet<_> = here.iter().chain(&there).collect();
    assert_eq!((all.len(), here.len() + there.len()), (200, 200));
    assert!(!here.is_empty() && !there.is_empty());
}

/// While a write of `db` is at work, `other` commits `later`. Whether a write of `db` that is asked for after that finds it.
async fn read_in_the_next_write(db: &Db, other: &Db, later: &'static str) -> bool {
    let (begun, begins) = mpsc::channel();
    let (go_on, goes_on) = mpsc::channel::<()>();
    let first = {
        let db = db.clone();
        let closure = move |w: &mut db::Write<'_>| {
            w.row(&FIND_ITEM, params![later])?;
            let _ = begun.send(());
            let _ = goes_on.recv();
            Ok(())
        };
        tokio::spawn(async move { db.write("first", closure).await })
    };
    tokio::task::spawn_blocking(move || begins.recv()).await.unwrap().unwrap();
    kit::insert(other, later, 1).await.unwrap();
    let next = {
        let db = db.clone();
        let closure = move |w: &mut db::Write<'_>| Ok(w.row(&FIND_ITEM, params![later])?.is_some());
        tokio::spawn(async move { db.write("next", closure).await })
    };
    kit::until_queued(db, 1).await;
    go_on.send(()).unwrap();
    first.await.unwrap().unwrap();
    next.await.unwrap().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_write_sees_what_was_committed_before_it_was_asked_for() {
    if !wanted() {
        return;
    }
    let place = Place::new(Engine::Postgres);
    let (db, other) = (place.open(), place.open());
    kit::count(&db).await;
    // Now and then the machine is too slow for the second to join the first at all.
    for later in ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j"] {
        assert!(read_in_the_next_write(&db, &other, later).await, "{later}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_takes_no_writes_is_not_read_from_either() {
    if !wanted() {
        return;
    }
    let cluster = Cluster::start();
    let place = Place::at(&cluster.url("standby"));
    let db = place.open();
    kit::insert(&db, "a", 1).await.unwrap();
    db.write("become_a_standby", |w| w.execute(&BE_READ_ONLY, &[]).map(drop)).await.unwrap();
    let opened_meanwhile = place.open_empty();
    let error = opened_meanwhile.ping().await.unwrap_err();
    assert_eq!(error.kind(), Kind::Unavailable, "what it shows may be old: {error:?}");
    db.write("become_the_first_again", |w| w.execute(&BE_WRITABLE, &[]).map(drop)).await.unwrap();
    assert_eq!(kit::number(&opened_meanwhile, "a").await, Some(1));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_that_is_refused_leaves_its_read_to_one_that_was_let_in() {
    if !wanted() {
        return;
    }
    let cluster = Cluster::start();
    let db = Place::at(&cluster.url("crowded")).open();
    kit::insert(&db, "a", 1).await.unwrap();
    assert_eq!(kit::number(&db, "a").await, Some(1));
    // From now on nobody is let in who was not before.
    db.write("become_a_standby", |w| w.execute(&BE_READ_ONLY, &[]).map(drop)).await.unwrap();
    let (began, has_begun) = mpsc::channel();
    // Long enough for each of the other readers to be refused.
    let (_never, a_moment) = mpsc::channel::<()>();
    let reader = db.clone();
    let long = tokio::spawn(async move {
        let hold = move |r: &mut db::Read<'_>| {
            let _ = began.send(());
            let _ = a_moment.recv_timeout(Duration::from_millis(200));
            Ok(r.row(&FIND_ITEM, params!["a"])?.is_some())
        };
        reader.read("hold", hold).await
    });
    tokio::task::spawn_blocking(move || has_begun.recv()).await.unwrap().unwrap();
    let others: Vec<_> = (0..6)
        .map(|_| {
            let db = db.clone();
            tokio::spawn(async move { kit::number(&db, "a").await })
        })
        .collect();
    assert!(long.await.unwrap().unwrap());
    for other in others {
        assert_eq!(other.await.unwrap(), Some(1));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_without_tls_is_refused_where_the_url_asks_for_it() {
    if !wanted() {
        return;
    }
    let cluster = Cluster::shared();
    let place = Place::at(&format!("{}&sslmode=require", cluster.url("tls")));
    let error = place.open_empty().ping().await.unwrap_err();
    assert_eq!(error.kind(), Kind::Unavailable);
    assert!(error.operator_detail().contains("TLS"), "{error:?}");
}
