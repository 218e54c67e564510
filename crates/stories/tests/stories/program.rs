//! What the stories about the built program share: orders as a shop posts them, and mails as a server took them.

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use kernel::{Clock, SystemClock, Timestamp};
use serde_json::json;
use stories::app::{App, Response, Settings, binary};
use stories::mime_reader;
use stories::process::{self, Folder};
use stories::smtp_sink::{Received, SmtpSink};

/// Longer than anything that comes in the end.
pub const IN_THE_END: Duration = Duration::from_secs(90);

/// How to start it with its mail going to `sink`.
pub fn mailing(sink: &SmtpSink, database_url: Option<String>) -> Settings {
    Settings { mail_url: Some(sink.url()), database_url, ..Settings::default() }
}

/// A key that may write orders.
pub fn key(app: &App) -> String {
    app.cli_ok(&["keys", "create", "--name", "story", "--scope", "orders:read", "orders:write"])
}

/// A paid order, placed this moment, by a guest of its own.
pub fn order(number: usize) -> String {
    let now = SystemClock.now();
    // The public interface speaks of whole seconds.
    let now = Timestamp::from_ms(now.ms() / 1_000 * 1_000).to_string();
    json!({
        "source": "web", "external_id": number.to_string(), "number": format!("#{number}"),
        "status": "placed", "payment": "paid", "placed_at": now, "updated_at": now, "currency": "GBP",
        "customer": { "email": format!("guest{number}@example.test"), "name": "A guest" },
        "lines": [{ "external_id": "l1", "title": "First Flush Darjeeling", "quantity": 2, "unit_price": 1200 }],
        "totals": { "subtotal": 2400, "discount": 0, "shipping": 395, "tax": 466, "tax_included": true, "total": 2795 }
    })
    .to_string()
}

/// Posts order `number`.
pub fn post(app: &App, key: &str, number: usize) -> Response {
    app.post_json("/v1/orders", key, &order(number))
}

/// Posts order `number`, which must be taken in.
pub fn post_ok(app: &App, key: &str, number: usize) {
    let answer = post(app, key, number);
    assert!(
        answer.status == 201 || answer.status == 200,
        "{} {}\n{}",
        answer.status,
        answer.text(),
        app.logs()
    );
}

/// Checks that a request was put off, not refused: 503, a problem document, and when to come back.
pub fn assert_put_off(answer: &Response) {
    assert_eq!(answer.status, 503, "{}", answer.text());
    assert_eq!(answer.header("Content-Type"), Some("application/problem+json"));
    assert!(
        answer.header("Retry-After").is_some_and(|after| after.parse::<u32>().is_ok()),
        "{:?}",
        answer.headers
    );
    assert_eq!(answer.json()["status"], 503);
}

/// The numbers of the orders whose mails a server took, with repeats.
pub fn numbers(mails: &[Received]) -> Vec<usize> {
    mails.iter().map(number_of).collect()
}

fn number_of(mail: &Received) -> usize {
    let subject = mime_reader::Mail::read(&mail.bytes).header("Subject");
    let digits = subject.rsplit_once('#').map(|(_, digits)| digits);
    digits.and_then(|digits| digits.parse().ok()).unwrap_or_else(|| panic!("no number in {subject:?}"))
}

/// Waits until the server has taken a mail for each of these orders.
pub fn assert_all_arrive(app: &App, sink: &SmtpSink, orders: &BTreeSet<usize>) {
    let missing = || orders - &numbers(&sink.received()).into_iter().collect();
    let arrived = process::wait_for(IN_THE_END, || missing().is_empty().then_some(()));
    assert!(arrived.is_some(), "never arrived: {:?}\n{}", missing(), app.logs());
}

/// Waits until `path` is answered with `status`.
pub fn assert_becomes(app: &App, path: &str, status: u16) {
    let answered = || app.request("GET", path, &[], b"").ok().filter(|answer| answer.status == status);
    assert!(process::wait_for(IN_THE_END, answered).is_some(), "{path} is never {status}\n{}", app.logs());
}

/// Waits until `messages` were accepted, and nothing was parked on the way.
pub fn assert_inbox_gets(app: &App, messages: usize) {
    let accepted = "aftercare_messages{state=\"accepted\"}";
    let arrived = || (metric(app, accepted) == Some(messages)).then_some(());
    assert!(process::wait_for(IN_THE_END, arrived).is_some(), "{:?}\n{}", metric(app, accepted), app.logs());
    assert_eq!(metric(app, "aftercare_jobs{state=\"parked\"}"), Some(0));
}

pub fn metric(app: &App, name: &str) -> Option<usize> {
    let page = app.request("GET", "/metrics", &[], b"").ok()?.text();
    page.lines().find_map(|line| line.strip_prefix(name)?.trim().parse().ok())
}

/// A process that only works.
pub struct Worker(Child);

impl Worker {
    pub fn start(url: &str, sink: &SmtpSink, folder: &Folder) -> Worker {
        let mut command = process::mortal(binary());
        command.args(["serve", "--role", "worker"]).current_dir(folder.path()).stdin(Stdio::null());
        command.stdout(Stdio::null()).stderr(Stdio::null());
        command.env("AFTERCARE_DATABASE_URL", url).env("AFTERCARE_MAIL_URL", sink.url());
        command.env("AFTERCARE_SECRET", stories::app::SECRET);
        Worker(process::spawn(command).expect("the program can be run"))
    }

    pub fn stop(mut self) -> bool {
        let asked = Command::new("kill").arg(self.0.id().to_string()).status();
        asked.is_ok_and(|asked| asked.success()) && self.0.wait().is_ok_and(|status| status.success())
    }
}

/// Lets the files the program writes grow to this many bytes, or as much as they like. Without being root.
pub fn limit_files(app: &App, bytes: &str) {
    let pid = app.pid().expect("it runs").to_string();
    let limited =
        Command::new("prlimit").args(["--pid", &pid, &format!("--fsize={bytes}:unlimited")]).status();
    assert!(limited.is_ok_and(|status| status.success()), "prlimit can be run");
}

/// Another program in the middle of a transaction.
pub struct Lock(Child);

impl Lock {
    /// Nobody can write while Python's own SQLite holds the file.
    pub fn on(file: &Path) -> Lock {
        const HOLD: &str = "import sqlite3, sys
db = sqlite3.connect(sys.argv[1], isolation_level=None)
db.execute('BEGIN EXCLUSIVE')
print('locked', flush=True)
sys.stdin.read()
db.execute('ROLLBACK')";
        let mut command = process::mortal("python3");
        command.args(["-c", HOLD]).arg(file).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = process::spawn(command).expect("python3 can be run");
        let mut said = [0; 7];
        let mut out = child.stdout.take().unwrap();
        std::io::Read::read_exact(&mut out, &mut said).expect("the file can be locked");
        Lock(child)
    }

    pub fn release(mut self) {
        drop(self.0.stdin.take());
        assert!(self.0.wait().is_ok_and(|status| status.success()));
    }
}

/// A disk of a few megabytes: memory that is mounted, for which one must be root.
pub struct SmallDisk {
    folder: Folder,
}

impl SmallDisk {
    /// `None`, and why, where that is not allowed.
    pub fn mounted() -> Option<SmallDisk> {
        let folder = Folder::fresh("disk").unwrap();
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", "size=4m", "tmpfs"]).arg(folder.path());
        let mounted = mount.output().expect("mount can be run");
        if !mounted.status.success() {
            let why = String::from_utf8_lossy(&mounted.stderr).into_owned();
            // Straight to the terminal: the test harness would swallow a `println!`, and nobody would know.
            let _ = writeln!(io::stderr(), "the story of the full disk is left out: {why}");
            return None;
        }
        Some(SmallDisk { folder })
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Takes all the space there is.
    pub fn fill(&self) -> PathBuf {
        let file = self.path().join("filler");
        // It ends with "no space left", which is what is wanted.
        let _ = fs::write(&file, vec![1; 8 << 20]);
        file
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        // The program may still be there when a story has failed: the disk goes when it does.
        let _ = Command::new("umount").arg("-l").arg(self.path()).status();
    }
}
