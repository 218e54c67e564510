//! A throw-away mail server: Postfix takes the mail, Dovecot keeps it, IMAP reads it.
//!
//! opendkim reads every mail on its way and notes which signatures hold, by the public keys of [`KEYS`].
//!
//! It stands for what we cannot see otherwise: whether a real server takes what we write, and what a recipient's
//! program makes of it. Every local part at `example.test` is a mailbox, but for three kinds that answer for trouble:
//! `nobody…` does not exist, `full…` has no room and `tempfail…` wants us to come back later. The server lives in a
//! folder of its own, touches nothing outside it, sends nothing out and dies with the test process.

mod imap;

use std::fs;
use std::io;
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::Duration;

use messaging::dkim::SigningKey;

use self::imap::Imap;
pub use crate::mime_reader::Mail;
use crate::process::{self, Folder};

/// Everybody's password. It holds what must be escaped in an address.
const PASSWORD: &str = "story:pass/word";
/// Who submits mail and the same password, as a URL writes them.
const USER_IN_URL: &str = "shop%40example.test";
const PASSWORD_IN_URL: &str = "story%3Apass%2Fword";

/// Longer than any start that succeeds.
const STARTING: Duration = Duration::from_secs(30);

/// Whether stories shall run against the mail server; `AFTERCARE_TEST_ENGINES=sqlite` leaves them out, and says so.
pub fn wanted() -> bool {
    let wanted = std::env::var("AFTERCARE_TEST_ENGINES").map_or(true, |engines| engines.trim() != "sqlite");
    if !wanted {
        println!("mail server stories left out on request");
    }
    wanted
}

/// The keys that mails of stories are signed with: selector and PEM file, at `example.test`.
pub const KEYS: [(&str, &str); 2] = [
    ("rsa1", include_str!("../../foundation/messaging/testdata/dkim-rsa-for-tests.pem")),
    ("ed1", include_str!("../../foundation/messaging/testdata/dkim-ed25519-for-tests.pem")),
];

/// A running Postfix with Dovecot behind it and opendkim beside it.
pub struct MailServer {
    folder: Folder,
    mx_port: u16,
    submission_port: u16,
    imap_port: u16,
    milter_port: u16,
    daemons: Mutex<Vec<Child>>,
}

impl MailServer {
    /// The server that all stories of this process share; each takes mailboxes of its own.
    pub fn shared() -> Result<&'static MailServer, String> {
        static SHARED: OnceLock<Result<MailServer, String>> = OnceLock::new();
        SHARED.get_or_init(MailServer::start).as_ref().map_err(Clone::clone)
    }

    /// A server of its own.
    pub fn start() -> Result<MailServer, String> {
        check_machine()?;
        let said = |error: io::Error| format!("the mail server's folder cannot be made: {error}");
        let server = MailServer {
            folder: Folder::fresh("mail").map_err(said)?,
            mx_port: process::free_port(),
            submission_port: process::free_port(),
            imap_port: process::free_port(),
            milter_port: process::free_port(),
            daemons: Mutex::default(),
        };
        server.write_files().map_err(said)?;
        server.make_certificates()?;
        server.start_dovecot()?;
        server.start_opendkim()?;
        server.start_postfix()?;
        Ok(server)
    }

    /// The server of the recipient's domain: no TLS, no login, and a no for who does not exist.
    pub fn smtp_url(&self) -> String {
        format!("smtp://127.0.0.1:{}", self.mx_port)
    }

    /// The server of the shop's own provider: STARTTLS with a private authority, and a login.
    pub fn submission_url(&self) -> String {
        self.submission_url_with(PASSWORD_IN_URL)
    }

    /// The same with another password, percent-encoded.
    pub fn submission_url_with(&self, password: &str) -> String {
        let (port, ca) = (self.submission_port, self.ca());
        format!("smtp+starttls://{USER_IN_URL}:{password}@127.0.0.1:{port}?ca={}", ca.display())
    }

    /// The certificate of the private authority, in PEM.
    pub fn ca(&self) -> PathBuf {
        self.folder.join("tls/authority.pem")
    }

    /// What has been delivered to `mailbox`: a local part, or an address at `example.test`.
    pub fn messages(&self, mailbox: &str) -> Vec<Mail> {
        let user = if mailbox.contains('@') { mailbox.to_owned() } else { format!("{mailbox}@example.test") };
        let inbox = Imap::log_in(self.imap_port, &user, PASSWORD).and_then(|mut imap| imap.inbox());
        let inbox = inbox
            .unwrap_or_else(|error| panic!("the mailbox {user} cannot be read: {error}\n{}", self.logs()));
        inbox.iter().map(|raw| Mail::read(raw)).collect()
    }

    /// Waits until at least `count` messages have been delivered to `mailbox`, and fails loudly when they don't come.
    pub fn wait_for(&self, mailbox: &str, count: usize, limit: Duration) -> Vec<Mail> {
        let arrived = || Some(self.messages(mailbox)).filter(|messages| messages.len() >= count);
        process::wait_for(limit, arrived).unwrap_or_else(|| {
            let have = self.messages(mailbox).len();
            panic!("{mailbox} has {have} messages instead of {count} after {limit:?}\n{}", self.logs())
        })
    }

    fn write_files(&self) -> io::Result<()> {
        for folder in ["postfix/queue", "postfix/data", "dovecot", "mailboxes", "tls", "opendkim"] {
            fs::create_dir_all(self.folder.join(folder))?;
        }
        self.give("postfix/data", "postfix")?;
        self.give("mailboxes", "mail")?;
        let files = [
            ("postfix/main.cf", include_str!("mail_server/main.cf")),
            ("postfix/master.cf", include_str!("mail_server/master.cf")),
            ("postfix/mailboxes", "!/^nobody/ exists\n"),
            ("postfix/transport", "/^nobody/ error:5.1.1 There is no such mailbox here\n"),
            (
                "postfix/moods",
                "/^full/ 552 5.2.2 The mailbox is full\n/^tempfail/ 451 4.2.0 Come back later\n",
            ),
            ("dovecot/dovecot.conf", include_str!("mail_server/dovecot.conf")),
            ("opendkim/opendkim.conf", include_str!("mail_server/opendkim.conf")),
            ("opendkim/keys", &public_keys()),
        ];
        for (name, words) in files {
            fs::write(self.folder.join(name), self.filled(words))?;
        }
        Ok(())
    }

    fn filled(&self, words: &str) -> String {
        let values = [
            ("{folder}", self.folder.path().display().to_string()),
            ("{password}", PASSWORD.to_owned()),
            ("{mx_port}", self.mx_port.to_string()),
            ("{submission_port}", self.submission_port.to_string()),
            ("{imap_port}", self.imap_port.to_string()),
            ("{milter_port}", self.milter_port.to_string()),
        ];
        values.iter().fold(words.to_owned(), |words, (name, value)| words.replace(name, value))
    }

    fn give(&self, name: &str, account: &str) -> io::Result<()> {
        let given = Command::new("chown").arg(account).arg(self.folder.join(name)).status()?;
        if given.success() { Ok(()) } else { Err(io::Error::other(format!("there is no account {account}"))) }
    }

    /// An authority and a server certificate signed by it: a certificate that is its own authority is refused as a
    /// server's.
    fn make_certificates(&self) -> Result<(), String> {
        let tls = self.folder.join("tls");
        let key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "30"];
        let openssl = |own: &[&str]| {
            run(Command::new("openssl").args(["req", "-x509"]).args(key).args(own).current_dir(&tls))
        };
        openssl(&["-subj", "/CN=Story authority", "-keyout", "authority-key.pem", "-out", "authority.pem"])?;
        let names = "subjectAltName=DNS:mail.example.test,DNS:localhost,IP:127.0.0.1";
        let signed_by = ["-CA", "authority.pem", "-CAkey", "authority-key.pem"];
        let own = [
            "-subj",
            "/CN=mail.example.test",
            "-addext",
            names,
            "-addext",
            "basicConstraints=critical,CA:FALSE",
        ];
        let files = ["-keyout", "server-key.pem", "-out", "server.pem"];
        openssl(&[&own[..], &signed_by[..], &files[..]].concat())
    }

    fn start_dovecot(&self) -> Result<(), String> {
        let mut dovecot = process::watched("/usr/sbin/dovecot");
        dovecot.arg("-F").arg("-c").arg(self.folder.join("dovecot/dovecot.conf"));
        self.keep(dovecot, "Dovecot", &[self.imap_port])
    }

    fn start_opendkim(&self) -> Result<(), String> {
        let mut opendkim = process::watched("/usr/sbin/opendkim");
        opendkim.arg("-f").arg("-x").arg(self.folder.join("opendkim/opendkim.conf"));
        self.keep(opendkim, "opendkim", &[self.milter_port])
    }

    /// Not by `postfix start-fg`: that puts a shell between us and the server, which would outlive it.
    fn start_postfix(&self) -> Result<(), String> {
        let folder = self.folder.join("postfix");
        run(Command::new("/usr/sbin/postfix").arg("-c").arg(&folder).arg("check"))?;
        let mut master = process::watched("/usr/lib/postfix/sbin/master");
        master.arg("-s").arg("-c").arg(&folder);
        self.keep(master, "Postfix", &[self.mx_port, self.submission_port])
    }

    /// Starts a daemon and waits until it answers on its ports.
    fn keep(&self, mut command: Command, name: &str, ports: &[u16]) -> Result<(), String> {
        command.stdout(Stdio::null()).stderr(Stdio::null());
        let daemon = process::spawn(command).map_err(|error| format!("{name} cannot be run: {error}"))?;
        self.daemons.lock().unwrap_or_else(PoisonError::into_inner).push(daemon);
        let answers = |port: &u16| TcpStream::connect(("127.0.0.1", *port)).is_ok();
        let ready = process::wait_for(STARTING, || ports.iter().all(answers).then_some(()));
        ready.ok_or_else(|| format!("{name} does not start:\n{}", self.logs()))
    }

    fn logs(&self) -> String {
        let log = |name: &str| fs::read_to_string(self.folder.join(name)).unwrap_or_default();
        format!("{}{}", log("dovecot.log"), log("postfix.log"))
    }
}

impl Drop for MailServer {
    fn drop(&mut self) {
        for daemon in self.daemons.lock().unwrap_or_else(PoisonError::into_inner).iter_mut() {
            drop(daemon.stdin.take());
            // Each takes its own processes along.
            let _ = daemon.wait();
        }
    }
}

/// What would stand in the DNS, as opendkim reads it from a file.
fn public_keys() -> String {
    let record = |(selector, pem): &(&str, &str)| {
        let key = SigningKey::from_pem(pem.as_bytes()).expect("the keys of stories are keys");
        format!("{selector}._domainkey.example.test {}\n", key.record())
    };
    KEYS.iter().map(record).collect()
}

/// Says what to do when the machine can't run the server.
fn check_machine() -> Result<(), String> {
    let programs = [
        "/usr/lib/postfix/sbin/master",
        "/usr/sbin/dovecot",
        "/usr/lib/dovecot/imap",
        "/usr/lib/dovecot/lmtp",
        "/usr/sbin/opendkim",
    ];
    let missing: Vec<_> = programs.into_iter().filter(|program| !Path::new(program).exists()).collect();
    let otherwise = "or leave the mail server's stories out with AFTERCARE_TEST_ENGINES=sqlite";
    if !missing.is_empty() {
        return Err(format!("{} missing: run ./x setup as root, {otherwise}", missing.join(", ")));
    }
    if !process::is_root() {
        return Err(format!(
            "Postfix and Dovecot change to accounts of their own: run this as root, {otherwise}"
        ));
    }
    Ok(())
}

fn run(command: &mut Command) -> Result<(), String> {
    let done = command.stdin(Stdio::null()).output().map_err(|error| format!("{command:?}: {error}"))?;
    let said = String::from_utf8_lossy(&done.stderr);
    if done.status.success() { Ok(()) } else { Err(format!("{command:?} failed: {said}")) }
}
