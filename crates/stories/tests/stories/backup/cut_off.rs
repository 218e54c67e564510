//! `kill -9` in the middle: a backup leaves no file, a restore leaves a database that says what it is.

use std::time::Duration;

use stories::app::App;
use stories::process;

use super::kit::{
    assert_refused, back_up, idle_like, places, python, restore, restore_ok, settings, spawn, stderr,
};

const SOON: Duration = Duration::from_secs(60);
/// Long enough to be caught in the middle.
const ROWS: &str = "60000";
const FILL: &str = "
customer = ('cus_1', 0, None, None, None)
db.execute('INSERT INTO customers (id, created_at, preferred_channel, locale, time_zone) VALUES (?, ?, ?, ?, ?)', customer)
rows = ((f'evt_{n}', 'order.placed', 1, 'order', f'ord_{n}', 'cus_1', 'rule', None, None, n, n, f'key {n}', '{}') for n in range(int(args[0])))
db.executemany('INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)', rows)";

fn large() -> App {
    let app = App::idle(settings(None));
    app.cli_ok(&["migrate"]);
    python(&app.file("aftercare.db"), FILL, &[ROWS]);
    app
}

#[test]
fn a_backup_that_is_killed_leaves_no_file_and_the_next_one_is_whole() {
    let source = large();
    let (_, file) = back_up(&source, "source.backup");
    for place in places() {
        let app = idle_like(&place);
        restore_ok(&app, &file);
        let mut backup = spawn(&app, &["backup", "shop.backup"]);
        let partial = app.file("shop.backup.partial");
        let begun = || partial.metadata().ok().filter(|meta| meta.len() > 0).map(drop);
        assert!(process::wait_for(SOON, begun).is_some(), "it began");
        backup.kill().unwrap();
        backup.wait().unwrap();
        assert!(!app.file("shop.backup").exists(), "half a backup has the name of a whole one");
        assert!(partial.exists(), "it was caught in the middle");
        let (said, whole) = back_up(&app, "shop.backup");
        assert!(!partial.exists(), "what the killed one left is gone");
        assert_eq!(
            python(&whole, "print(db.execute('SELECT COUNT(*) FROM events').fetchone()[0])", &[]),
            ROWS
        );
        assert!(said["rows"].as_u64().unwrap() > 60_000);
    }
}

#[test]
fn a_restore_that_is_killed_is_not_served_and_can_be_run_again() {
    let source = large();
    let (_, file) = back_up(&source, "source.backup");
    let path = file.display().to_string();
    for place in places() {
        let app = idle_like(&place);
        let mut restoring = spawn(&app, &["restore", &path]);
        // Before the mark, the two may meet at the tables, and then PostgreSQL ends one of them in words of its own.
        let half = || {
            let refused = app.cli(&["migrate"]);
            stderr(&refused).contains("has not come to its end").then_some(refused)
        };
        // A server that came first would have made the tables; here the mark was first.
        let begun = || if place.is_some() || app.file("aftercare.db").exists() { half() } else { None };
        let refused = process::wait_for(SOON, begun).expect("it began");
        restoring.kill().unwrap();
        restoring.wait().unwrap();
        assert_refused(&refused, "has not come to its end");
        for command in [&["serve"][..], &["migrate"], &["backup", "half.backup"]] {
            assert_refused(&app.cli(command), "not come to its end");
        }
        let doctor = app.cli(&["doctor"]);
        assert_eq!(doctor.status.code(), Some(1));
        assert!(String::from_utf8_lossy(&doctor.stdout).contains("aftercare restore FILE"), "{doctor:?}");
        restore_ok(&app, &file);
        let (said, _) = back_up(&app, "whole.backup");
        assert!(said["rows"].as_u64().unwrap() > 60_000);
        assert_refused(&restore(&app, &file), "The database is not empty");
        app.restart();
        assert_eq!(app.get("/readyz", &[]).status, 200);
    }
}
