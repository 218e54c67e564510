//! What can't be backed up or restored is refused in words, and nothing is written.

use std::fs;

use stories::app::{App, Settings};

use super::kit::{assert_refused, back_up, idle_like, places, python, restore, restore_ok, settings, stderr};
use crate::program::{SmallDisk, assert_inbox_gets, key, post_ok};

/// A shop with two orders, and a backup of it.
fn backed_up() -> (App, std::path::PathBuf) {
    let app = App::start(settings(None));
    let key = key(&app);
    (1..=2).for_each(|number| post_ok(&app, &key, number));
    assert_inbox_gets(&app, 2);
    let (_, file) = back_up(&app, "shop.backup");
    assert!(app.stop());
    // All of it into the one file, which a story copies.
    python(&app.file("aftercare.db"), "db.execute('PRAGMA wal_checkpoint(TRUNCATE)').fetchall()", &[]);
    (app, file)
}

#[test]
fn a_backup_never_writes_over_anything() {
    let app = App::idle(settings(None));
    app.cli_ok(&["migrate"]);
    fs::write(app.file("mine"), "precious").unwrap();
    assert_refused(&app.cli(&["backup", "mine"]), "is there already");
    assert_eq!(fs::read_to_string(app.file("mine")).unwrap(), "precious");
    assert_refused(&app.cli(&["backup", "aftercare.db"]), "is there already");
    assert_refused(&app.cli(&["backup", "no/such/folder/file"]), "no/such/folder");
}

#[test]
fn where_there_is_no_shop_there_is_nothing_to_back_up() {
    for place in places() {
        let app = App::idle(settings(place));
        assert_refused(&app.cli(&["backup", "shop.backup"]), "nothing to back up");
        for left in ["aftercare.db", "shop.backup", "shop.backup.partial"] {
            assert!(!app.file(left).exists(), "{left} was left");
        }
    }
}

#[test]
fn a_restore_fills_only_an_empty_database() {
    let (app, file) = backed_up();
    for place in places() {
        let used = idle_like(&place);
        used.cli_ok(&["keys", "create", "--name", "till", "--scope", "orders:read"]);
        assert_refused(&restore(&used, &file), "The database is not empty: there is something in api_keys");
        let fresh = idle_like(&place);
        fresh.cli_ok(&["migrate"]);
        restore_ok(&fresh, &file);
        assert_refused(&restore(&fresh, &file), "The database is not empty");
    }
    assert_refused(&restore(&app, &file), "The database is not empty");
}

#[test]
fn what_is_damaged_or_not_ours_or_too_new_is_refused_before_anything_is_written() {
    let (app, file) = backed_up();
    let whole = fs::read(&file).unwrap();
    let strange = app.file("strange");
    let change = |script: &str| {
        fs::write(&strange, &whole).unwrap();
        python(&strange, script, &[]);
    };
    for place in places() {
        let target = idle_like(&place);
        let refused = |part: &str| {
            assert_refused(&restore(&target, &strange), part);
            assert!(!target.file("aftercare.db").exists(), "a file was made");
        };
        // A byte somewhere in what a customer wrote: SQLite itself would not notice.
        let at = whole.windows(17).position(|bytes| bytes == b"First Flush Darje").expect("it stands there");
        let mut bytes = whole.clone();
        bytes[at] = b'f';
        fs::write(&strange, bytes).unwrap();
        refused("damaged");
        for (from, to) in [(100, 110), (4_096, 4_200), (whole.len() - 9_000, whole.len() - 8_000)] {
            let mut bytes = whole.clone();
            bytes[from..to].fill(0xA5);
            fs::write(&strange, bytes).unwrap();
            assert_eq!(restore(&target, &strange).status.code(), Some(1), "{from}..{to}");
        }
        fs::write(&strange, &whole[..whole.len() / 2]).unwrap();
        refused("damaged");
        change("db.execute('DELETE FROM order_lines')");
        refused("damaged");
        change("db.execute('DROP TABLE order_notes')");
        refused("order_notes is missing");
        change("db.execute(\"UPDATE aftercare_backup SET value = '999' WHERE key = 'schema_version'\")");
        refused("newer version of this program");
        change("db.execute(\"UPDATE aftercare_backup SET value = '2' WHERE key = 'format'\")");
        refused("format 2");
        change("db.execute(\"UPDATE order_lines SET title = 'a' || char(0) || 'b'\")");
        refused("Row 1 of order_lines holds, in title, a text with U+0000");
        fs::write(&strange, "id,name\n1,Amina\n").unwrap();
        refused("is no SQLite file");
        fs::write(&strange, "").unwrap();
        refused("is no SQLite file");
        fs::remove_file(&strange).unwrap();
        refused("strange");
        python(&strange, "db.execute('CREATE TABLE orders (id TEXT)')", &[]);
        refused("something else");
        fs::copy(app.file("aftercare.db"), &strange).unwrap();
        refused("a shop's database itself");
        restore_ok(&target, &file);
    }
}

#[test]
fn another_secret_is_noticed_before_anything_is_written() {
    let (_app, file) = backed_up();
    let other = ("AFTERCARE_SECRET".to_owned(), "another secret that nobody has ever used".to_owned());
    for place in places() {
        let database_url = place.map(|_| super::kit::schema());
        let wrong = App::idle(Settings {
            env: vec![other.clone()],
            database_url: database_url.clone(),
            ..Settings::default()
        });
        assert_refused(&restore(&wrong, &file), "secret is another");
        assert!(!wrong.file("aftercare.db").exists());
        // A new root in front of the old one opens everything.
        let both = format!("{},{}", other.1, super::kit::SECRET);
        let env = vec![(other.0.clone(), both)];
        restore_ok(&App::idle(Settings { env, database_url, ..Settings::default() }), &file);
    }
    let none = App::idle(Settings::default());
    let done = restore(&none, &file);
    assert_refused(&done, "aftercare.db.secret");
    assert!(!none.file("aftercare.db.secret").exists(), "a secret that fits nothing was made");
}

#[test]
fn a_backup_or_half_a_restore_is_not_served_as_a_shop() {
    let (_app, file) = backed_up();
    let copied = App::idle(settings(None));
    fs::copy(&file, copied.file("aftercare.db")).unwrap();
    for command in
        [&["serve"][..], &["migrate"], &["keys", "create", "--name", "a", "--scope", "orders:read"]]
    {
        assert_refused(&copied.cli(command), "is a backup and is not served");
    }
    assert_refused(&copied.cli(&["backup", "again"]), "is a backup already");
}

#[test]
fn a_full_disk_is_said_and_leaves_nothing() {
    let Some(disk) = SmallDisk::mounted() else { return };
    let app = App::idle(settings(None));
    app.cli_ok(&["migrate"]);
    const FILL: &str = "for n in range(6):
    db.execute('INSERT INTO inbox_mails (id, message_id_header, recipient, subject, html, body_text, source, received_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)', (f'ibx_{n}', 'a', 'a', 'a', 'a', 'a', b'x' * 1_000_000, n))";
    python(&app.file("aftercare.db"), FILL, &[]);
    let place = disk.path().join("shop.backup");
    assert_refused(&app.cli(&["backup", &place.display().to_string()]), "The disk under");
    assert_eq!(fs::read_dir(disk.path()).unwrap().count(), 0, "something was left on the full disk");
    let (_, file) = back_up(&app, "shop.backup");
    let url = format!("sqlite:{}", disk.path().join("shop.db").display());
    let small = App::idle(settings(Some(url)));
    let done = restore(&small, &file);
    assert_refused(&done, "The restore did not come to its end");
    assert!(stderr(&done).contains("disk is full"), "{}", stderr(&done));
    let refused = small.cli(&["serve"]);
    assert_eq!(refused.status.code(), Some(1), "half a shop is not served");
}
