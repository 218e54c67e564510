//! The stream of migrations.

use db::Migration;
use kernel::Kind;

use super::kit::{self, MIGRATIONS, Place};

#[tokio::test(flavor = "multi_thread")]
async fn migrations_run_once_and_make_the_schema_when_it_is_missing() {
    for engine in kit::engines() {
        let place = Place::new(engine);
        let db = place.open_empty();
        assert_eq!(db.version().unwrap(), 0, "{engine:?}");
        let first = db.migrate(&MIGRATIONS[..1]).unwrap();
        assert_eq!((first.version, first.ran), (1, vec![1]), "{engine:?}");
        kit::insert(&db, "a", 1).await.unwrap();
        let second = db.migrate(MIGRATIONS).unwrap();
        assert_eq!((second.version, second.ran), (2, vec![2]), "{engine:?}");
        assert_eq!(db.version().unwrap(), 2, "{engine:?}");
        assert!(place.open_empty().migrate(MIGRATIONS).unwrap().ran.is_empty(), "{engine:?}");
        assert_eq!(kit::count(&db).await, 1, "{engine:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_newer_or_a_changed_database_is_refused_untouched() {
    for engine in kit::engines() {
        let place = Place::new(engine);
        let db = place.open();
        let newer = db.migrate(&MIGRATIONS[..1]).unwrap_err();
        assert_eq!((newer.kind(), newer.code()), (Kind::Conflict, "database_newer"), "{engine:?}");
        let changed =
            [Migration { sql: "CREATE TABLE other (id {{id}} NOT NULL PRIMARY KEY);", ..MIGRATIONS[0] }];
        let list = [changed[0], MIGRATIONS[1]];
        assert_eq!(db.migrate(&list).unwrap_err().code(), "migration_changed", "{engine:?}");
        assert_eq!(kit::count(&db).await, 0, "{engine:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_migration_that_fails_half_way_leaves_nothing() {
    for engine in kit::engines() {
        let place = Place::new(engine);
        let db = place.open();
        let third = |sql| Migration { version: 3, name: "third", sql };
        let broken = third("CREATE TABLE third (id {{id}} NOT NULL PRIMARY KEY);\nCREATE NONSENSE;");
        let error = db.migrate(&[MIGRATIONS[0], MIGRATIONS[1], broken]).unwrap_err();
        assert!(error.operator_detail().contains("migration 3 (third)"), "{engine:?} {error:?}");
        let mended = third("CREATE TABLE third (id {{id}} NOT NULL PRIMARY KEY);");
        assert_eq!(db.migrate(&[MIGRATIONS[0], MIGRATIONS[1], mended]).unwrap().ran, [3], "{engine:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nodes_that_start_together_migrate_once() {
    for engine in kit::engines() {
        let place = Place::new(engine);
        let nodes: Vec<_> = (0..4).map(|_| place.open_empty()).collect();
        let migrate = |node: db::Db| tokio::task::spawn_blocking(move || node.migrate(MIGRATIONS));
        let migrating: Vec<_> = nodes.into_iter().map(migrate).collect();
        let mut ran = Vec::new();
        for node in migrating {
            ran.extend(node.await.unwrap().unwrap().ran);
        }
        ran.sort_unstable();
        assert_eq!(ran, [1, 2], "{engine:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn statements_prepared_before_a_migration_work_after_it() {
    for engine in kit::engines() {
        let place = Place::new(engine);
        let (db, other) = (place.open(), place.open());
        kit::insert(&db, "a", 1).await.unwrap();
        assert_eq!(kit::number(&db, "a").await, Some(1));
        let wider =
            Migration { version: 3, name: "wider", sql: "ALTER TABLE items ADD COLUMN more {{text}};" };
        other.migrate(&[MIGRATIONS[0], MIGRATIONS[1], wider]).unwrap();
        kit::insert(&db, "b", 2).await.unwrap();
        assert_eq!(
            (kit::number(&db, "a").await, kit::number(&db, "b").await),
            (Some(1), Some(2)),
            "{engine:?}"
        );
    }
}
