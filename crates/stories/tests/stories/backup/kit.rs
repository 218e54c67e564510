//! What the stories about backups share.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use stories::app::{App, Settings};
use stories::postgres::{self, Cluster};
use stories::process;

/// The secret of every shop here: a restore needs the one its backup was taken with.
pub const SECRET: &str = "the one secret of the stories about backups";

/// How a shop is started with the same secret on either engine.
pub fn settings(database_url: Option<String>) -> Settings {
    let env =
        [("AFTERCARE_SECRET", SECRET), ("AFTERCARE_MAIL_FROM", "Northwind Tea <orders@northwind.example>")];
    let env = env.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    Settings { database_url, env, ..Settings::default() }
}

/// A place on each engine that is wanted; nothing is there yet.
pub fn places() -> Vec<Option<String>> {
    let mut places = vec![None];
    if postgres::wanted() {
        places.push(Some(schema()));
    }
    places
}

/// A schema that nobody has used.
pub fn schema() -> String {
    Cluster::shared().url(&Cluster::shared().fresh_schema())
}

/// A shop that does not run, on a fresh place of its own like this one.
pub fn idle_like(place: &Option<String>) -> App {
    App::idle(settings(place.as_ref().map(|_| schema())))
}

pub fn stderr(done: &Output) -> String {
    String::from_utf8_lossy(&done.stderr).into_owned()
}

/// Takes a backup to `name` in the App's folder; what it printed, and where it is.
pub fn back_up(app: &App, name: &str) -> (Value, PathBuf) {
    let said = app.cli_ok(&["backup", name]);
    (serde_json::from_str(&said).unwrap_or_else(|error| panic!("{error}: {said}")), app.file(name))
}

/// Restores `file` into the App's database.
pub fn restore(app: &App, file: &Path) -> Output {
    app.cli(&["restore", &file.display().to_string()])
}

/// Restores `file`, which must succeed.
pub fn restore_ok(app: &App, file: &Path) -> Value {
    let done = restore(app, file);
    assert!(done.status.success(), "{}", stderr(&done));
    serde_json::from_slice(&done.stdout).unwrap_or_else(|error| panic!("{error}"))
}

/// Refused in words that hold `part`, with nothing on stdout.
pub fn assert_refused(done: &Output, part: &str) {
    assert_eq!((done.status.code(), done.stdout.len()), (Some(1), 0), "{}", stderr(done));
    assert!(stderr(done).contains(part), "no {part:?} in {}", stderr(done));
}

/// Lets Python's own SQLite look at a file, or change it: `db` is the open file, `args` is what follows it.
pub fn python(file: &Path, script: &str, args: &[&str]) -> String {
    let script = format!(
        "import sqlite3, sys, json\ndb = sqlite3.connect(sys.argv[1])\nargs = sys.argv[2:]\n{script}\ndb.commit()"
    );
    let mut command = Command::new("python3");
    let done = command.args(["-c", &script]).arg(file).args(args).output().expect("python3 can be run");
    assert!(done.status.success(), "{}", stderr(&done));
    String::from_utf8_lossy(&done.stdout).trim().to_owned()
}

/// Every table of a backup with a line per row, sorted: read by another program than the one under test.
pub fn content(file: &Path) -> Value {
    const READ: &str = r#"
tables = [name for (name,) in db.execute("SELECT name FROM aftercare_backup_tables") if name != 'restore_holds']
print(json.dumps({t: sorted(repr(row) for row in db.execute(f'SELECT * FROM "{t}"')) for t in tables}, sort_keys=True))"#;
    serde_json::from_str(&python(file, READ, &[])).expect("rows")
}

/// The program with these arguments on the App's data, running by itself.
pub fn spawn(app: &App, arguments: &[&str]) -> std::process::Child {
    let mut command = process::mortal(stories::app::binary());
    command.args(arguments);
    app.prepare(&mut command);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    process::spawn(command).expect("the program can be run")
}
