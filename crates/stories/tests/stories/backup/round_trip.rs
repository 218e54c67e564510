//! Everything that goes into a backup comes out of it, on whichever engine.

use std::path::Path;

use serde_json::Value;
use stories::app::App;
use stories::postgres;

use super::kit::{back_up, content, python, restore_ok, schema, settings};

/// The digests of all tables but the one that each restore adds to.
fn digests(file: &Path) -> Value {
    const READ: &str = r#"print(json.dumps(db.execute(
        "SELECT name, row_count, digest FROM aftercare_backup_tables WHERE name <> 'restore_holds' ORDER BY name").fetchall()))"#;
    serde_json::from_str(&python(file, READ, &[])).unwrap()
}

#[test]
fn every_table_of_the_migrations_round_trips_in_all_four_directions() {
    let first = App::idle(settings(None));
    first.cli_ok(&["migrate"]);
    let tables: usize = python(&first.file("aftercare.db"), include_str!("fill.py"), &[]).parse().unwrap();
    let (said, taken) = back_up(&first, "first.backup");
    // Besides the ledger of the migrations.
    assert_eq!(said["tables"], tables + 1, "{said}");
    assert!(said["rows"].as_u64().unwrap() > 20 * tables as u64, "{said}");
    assert!(
        said["sealed_credentials"].as_u64().unwrap() > 0 && said["root_secret_inside"] == false,
        "{said}"
    );
    let everything = content(&taken);
    let mut route = vec![None, None];
    if postgres::wanted() {
        // From a file to a server, between servers, and back.
        route = vec![None, Some(schema()), Some(schema()), None];
    }
    let mut before = taken;
    let mut apps = Vec::new();
    for place in route {
        let app = App::idle(settings(place));
        let restored = restore_ok(&app, &before);
        let (said, after) = back_up(&app, "again.backup");
        assert!(restored["rows"].as_u64().unwrap() < said["rows"].as_u64().unwrap(), "a hold is added");
        assert_eq!(digests(&after), digests(&before));
        assert!(content(&after) == everything, "the rows differ");
        before = after;
        apps.push(app);
    }
}

#[test]
fn an_older_schema_is_restored_and_then_brought_up_to_date() {
    use aftercare::lists::migrations::MIGRATIONS;
    use db::{DatabaseUrl, Db, Options, Wiring};
    use kernel::{Clock, Dice, SystemClock};
    let places = super::kit::places();
    let older = MIGRATIONS.len() - 1;
    let old = App::idle(settings(None));
    let url = DatabaseUrl::Sqlite(old.file("old.db"));
    let options = Options::new(std::sync::Arc::new(SystemClock), Dice::from_os(), Wiring::new());
    Db::open(&url, options).unwrap().migrate(&MIGRATIONS[..older]).unwrap();
    let file = old.file("old.backup");
    let backup = db::backup::Backup {
        url: &url,
        migrations: &MIGRATIONS[..older],
        program: "0.0.9",
        secret_marks: Vec::new(),
        now: SystemClock.now(),
    };
    let done = backup.write(&file, &mut ()).unwrap();
    assert_eq!(done.manifest.schema_version as usize, older);
    for place in places {
        let app = App::idle(settings(place));
        let restored = restore_ok(&app, &file);
        assert_eq!(restored["schema_version"], MIGRATIONS.len());
        assert!(app.cli(&["migrate"]).status.success());
    }
}
