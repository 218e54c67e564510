//! Types, parameters, orders, snapshots: one SQL text, one meaning.

use std::sync::mpsc;

use db::params;
use kernel::Kind;

use super::kit::{self, FIND_ITEM, INSERT_ITEM, INSERT_RAW, NOT_A_BIGINT, Place, SET_ITEM, SUB_OF_PARAMS};

#[tokio::test(flavor = "multi_thread")]
async fn a_text_in_a_bigint_column_is_refused() {
    for engine in kit::engines() {
        let place = Place::new(engine);
        let db = place.open();
        kit::insert(&db, "a", 1).await.unwrap();
        let error =
            db.write("text", |w| w.execute(&SET_ITEM, params!["a", "not a number"])).await.unwrap_err();
        assert_eq!(error.kind(), Kind::Internal, "{engine:?} {error:?}");
        assert!(error.operator_detail().contains("query set_item"), "{engine:?} {error:?}");
        assert!(!error.operator_detail().contains("not a number"), "a value must not be logged: {error:?}");
        assert_eq!(kit::number(&db, "a").await, Some(1));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn parameters_are_bound_by_their_number_not_by_their_place() {
    for engine in kit::engines() {
        let place = Place::new(engine);
        let db = place.open();
        let difference =
            |r: &mut db::Read<'_>| r.one(&SUB_OF_PARAMS, params![3_i64, 10_i64])?.get::<i64>("difference");
        assert_eq!(db.read("difference", difference).await.unwrap(), 7, "{engine:?}");
        kit::insert(&db, "a", 5).await.unwrap();
        assert_eq!(kit::number(&db, "a").await, Some(5), "{engine:?}");
        let too_few = db.read("few", |r| r.one(&SUB_OF_PARAMS, params![3_i64])).await.unwrap_err();
        assert!(too_few.operator_detail().contains("2 parameters"), "{engine:?} {too_few:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn text_is_ordered_by_its_bytes_and_null_goes_where_the_query_says() {
    for engine in kit::engines() {
        let place = Place::new(engine);
        let db = place.open();
        let notes = [
            ("b", Some("Zebra")),
            ("B", Some("ärmel")),
            ("ä", None),
            ("_", Some("apfel")),
            ("0", Some("Apfel")),
        ];
        let insert = move |w: &mut db::Write<'_>| {
            notes
                .iter()
                .try_for_each(|(id, note)| w.execute(&INSERT_ITEM, params![*id, 0_i64, *note]).map(drop))
        };
        db.write("insert", insert).await.unwrap();
        assert_eq!(kit::ids(&db, &kit::IDS_IN_ORDER).await, ["0", "B", "_", "b", "ä"], "{engine:?}");
        assert_eq!(kit::ids(&db, &kit::NOTES_IN_ORDER).await, ["ä", "0", "b", "_", "B"], "{engine:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_null_or_another_type_names_the_query_and_the_column() {
    for engine in kit::engines() {
        let place = Place::new(engine);
        let db = place.open();
        kit::insert(&db, "a", 1).await.unwrap();
        let row = db.read("find", |r| r.one(&FIND_ITEM, params!["a"])).await.unwrap();
        let null = row.get::<String>("note").unwrap_err();
        assert!(null.operator_detail().contains("query find_item: column note is not a TEXT"), "{null:?}");
        assert_eq!(row.get::<Option<String>>("note").unwrap(), None);
        let half = db.read("half", |r| r.rows(&NOT_A_BIGINT, &[])).await.unwrap_err();
        let said = half.operator_detail();
        assert!(
            said.contains("query not_a_bigint: column half") && said.contains("CAST it"),
            "{engine:?} {half:?}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn bytes_come_back_as_they_went_and_nul_in_text_is_refused() {
    for engine in kit::engines() {
        let place = Place::new(engine);
        let db = place.open();
        let upsert = |w: &mut db::Write<'_>| {
            let first: i64 = w.one(&INSERT_RAW, params!["a", 1_i64, &[0_u8, 255, 1][..]])?.get("n")?;
            let again = w.execute(&INSERT_RAW, params!["a", 2_i64, &[0_u8, 255, 2][..]])?;
            Ok((first, again))
        };
        assert_eq!(db.write("upsert", upsert).await.unwrap(), (1, 1), "{engine:?}");
        let row = db.read("find", |r| r.one(&FIND_ITEM, params!["a"])).await.unwrap();
        assert_eq!(row.get::<Vec<u8>>("raw").unwrap(), [0, 255, 2], "{engine:?}");
        assert_eq!(kit::insert(&db, "nul\0", 1).await.unwrap_err().code(), "not_text", "{engine:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_read_is_one_snapshot_and_writes_nothing() {
    for engine in kit::engines() {
        let place = Place::new(engine);
        let db = place.open();
        kit::insert(&db, "a", 1).await.unwrap();
        let (first_seen, seen) = mpsc::channel();
        let (go, wait) = mpsc::channel::<()>();
        let reader = db.clone();
        let reading = tokio::spawn(async move {
            let twice = move |r: &mut db::Read<'_>| {
                let first: i64 = r.one(&kit::COUNT_ITEMS, &[])?.get("n")?;
                let _ = first_seen.send(());
                let _ = wait.recv();
                Ok((first, r.one(&kit::COUNT_ITEMS, &[])?.get::<i64>("n")?))
            };
            reader.read("twice", twice).await
        });
        tokio::task::spawn_blocking(move || seen.recv()).await.unwrap().unwrap();
        kit::insert(&db, "b", 1).await.unwrap();
        go.send(()).unwrap();
        assert_eq!(reading.await.unwrap().unwrap(), (1, 1), "{engine:?}");
        let writing = db.read("writing", |r| r.rows(&INSERT_RAW, params!["c", 1_i64, None::<&[u8]>])).await;
        assert!(writing.is_err(), "{engine:?}");
        assert_eq!(kit::count(&db).await, 2, "{engine:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_glance_sees_every_commit_before_it_whoever_made_it() {
    for engine in kit::engines() {
        let place = Place::new(engine);
        let (here, elsewhere) = (place.open(), place.open());
        kit::insert(&here, "a", 0).await.unwrap();
        for n in 1..=200_i64 {
            let writer = if n % 2 == 0 { &here } else { &elsewhere };
            writer.write("set", move |w| w.execute(&kit::ADD_TO_ITEM, params!["a", 1_i64])).await.unwrap();
            for db in [&here, &elsewhere] {
                let seen = db.glance("seen", |r| r.one(&FIND_ITEM, params!["a"])?.get::<i64>("n")).await;
                assert_eq!(seen.unwrap(), n, "{engine:?}");
            }
        }
        let writing =
            here.glance("writing", |r| r.rows(&INSERT_RAW, params!["c", 1_i64, None::<&[u8]>])).await;
        assert!(writing.is_err(), "{engine:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn glances_beyond_the_free_connections_and_panicking_ones_are_answered_too() {
    for engine in kit::engines() {
        let place = Place::new(engine);
        let db = place.open();
        kit::insert(&db, "a", 1).await.unwrap();
        let panicked = db.glance("panics", |_| -> kernel::Result<()> { panic!("a story's panic") }).await;
        assert_eq!(panicked.unwrap_err().kind(), Kind::Internal, "{engine:?}");
        let many: Vec<_> = (0..200)
            .map(|_| {
                let db = db.clone();
                tokio::spawn(async move {
                    db.glance("many", |r| r.one(&FIND_ITEM, params!["a"])?.get::<i64>("n")).await
                })
            })
            .collect();
        for one in many {
            assert_eq!(one.await.unwrap().unwrap(), 1, "{engine:?}");
        }
        db.clone().close().await;
        let closed = db.glance("closed", |r| r.one(&FIND_ITEM, params!["a"]).map(drop)).await;
        assert_eq!(closed.unwrap_err().kind(), Kind::Unavailable, "{engine:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_query_can_be_checked_without_running_it() {
    for engine in kit::engines() {
        let place = Place::new(engine);
        let db = place.open();
        let sound = db.read("check", |r| {
            let pragmas = |query: &&&db::Query| !query.name().ends_with("limit_pages");
            let known = kit::KIT.bound.iter().chain(db::OWN_QUERIES.bound);
            known
                .filter(pragmas)
                .filter(|query| query.name() != "not_a_bigint")
                .try_for_each(|query| r.check(query))
        });
        sound.await.unwrap_or_else(|error| panic!("{engine:?} {error:?}"));
        if engine == db::Engine::Postgres {
            db.read("check", |r| r.check(&NOT_A_BIGINT)).await.unwrap_err();
        }
    }
}
