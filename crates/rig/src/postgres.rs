//! Throw-away PostgreSQL clusters for tests.
//!
//! A cluster is a real `postgres` process over a fresh folder, in memory where there is room, and with an ICU
//! collation on purpose: it sorts identifiers otherwise than bytes do, which finds a forgotten `COLLATE "C"`.
//! It dies with the test process, however that dies.

mod keeper;
mod proxy;

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, Once, OnceLock, PoisonError};

use self::keeper::Server;
pub use self::proxy::{Cut, Proxy};
use crate::process::{Folder, free_port, is_root};

/// Whether stories shall run on PostgreSQL too; `AFTERCARE_TEST_ENGINES=sqlite` leaves it out, and says so.
pub fn wanted() -> bool {
    let wanted = std::env::var("AFTERCARE_TEST_ENGINES").map_or(true, |engines| engines.trim() != "sqlite");
    static SAID: Once = Once::new();
    if !wanted {
        // Straight to the terminal: the test harness would swallow a `println!`, and nobody would know.
        SAID.call_once(|| drop(writeln!(io::stderr(), "PostgreSQL stories left out on request")));
    }
    wanted
}

/// A cluster of its own folder and port.
pub struct Cluster {
    programs: PathBuf,
    folder: Folder,
    port: u16,
    durable: bool,
    server: Mutex<Option<Server>>,
    schemas: AtomicU32,
}

impl Cluster {
    /// The cluster that all stories of this process share; each takes a schema of its own.
    pub fn shared() -> &'static Cluster {
        static SHARED: OnceLock<Cluster> = OnceLock::new();
        SHARED.get_or_init(Cluster::start)
    }

    /// A cluster of its own, for a story that kills it. It doesn't wait for the disk.
    pub fn start() -> Cluster {
        Cluster::create(false)
    }

    /// A cluster that presses every commit to the disk.
    pub fn start_durable() -> Cluster {
        Cluster::create(true)
    }

    fn create(durable: bool) -> Cluster {
        let programs = programs();
        let folder = fresh_folder(durable);
        let cluster = Cluster {
            programs,
            folder,
            port: free_port(),
            durable,
            server: Mutex::new(None),
            schemas: AtomicU32::new(0),
        };
        cluster.init();
        cluster.restart();
        cluster
    }

    /// The address of a schema, which need not exist yet.
    pub fn url(&self, schema: &str) -> String {
        self.url_through(self.port, schema)
    }

    /// The address of a schema through another port, such as a [`Proxy`]'s.
    pub fn url_through(&self, port: u16, schema: &str) -> String {
        format!("postgres://postgres@127.0.0.1:{port}/postgres?schema={schema}")
    }

    /// The name of a schema nobody else has.
    pub fn fresh_schema(&self) -> String {
        format!("story_{}", self.schemas.fetch_add(1, Ordering::SeqCst))
    }

    /// The port it listens on, at 127.0.0.1.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Kills the server as a power cut would, and waits until its last process is gone.
    pub fn kill9(&self) {
        if let Some(server) = self.take() {
            server.kill();
        }
    }

    /// Stops the server in an orderly way.
    pub fn stop(&self) {
        if let Some(server) = self.take() {
            server.stop();
        }
    }

    /// Starts the server again and waits until it accepts connections.
    pub fn restart(&self) {
        let server = Server::start(self.postgres());
        let server = server.unwrap_or_else(|log| {
            panic!("PostgreSQL does not start in {}:\n{log}", self.folder.path().display())
        });
        *self.server.lock().unwrap_or_else(PoisonError::into_inner) = Some(server);
    }

    fn take(&self) -> Option<Server> {
        self.server.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    fn init(&self) {
        let mut initdb = as_postgres(&self.programs.join("initdb"), self.folder.path());
        initdb.arg("-D").arg(self.data()).args(["-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync"]);
        initdb.args(["--locale=C.UTF-8", "--locale-provider=icu", "--icu-locale=en-US"]);
        let made = initdb.output().unwrap_or_else(|error| panic!("initdb cannot be run: {error}"));
        let said = String::from_utf8_lossy(&made.stderr);
        assert!(
            made.status.success(),
            "initdb failed; the stories need PostgreSQL 15 or newer built with ICU:\n{said}"
        );
    }

    fn postgres(&self) -> Command {
        let mut postgres = as_postgres(&self.programs.join("postgres"), self.folder.path());
        postgres.arg("-D").arg(self.data());
        let sync = if self.durable { "on" } else { "off" };
        let settings = [
            format!("port={}", self.port),
            "listen_addresses=127.0.0.1".to_owned(),
            "unix_socket_directories=".to_owned(),
            "max_connections=200".to_owned(),
            "shared_buffers=32MB".to_owned(),
            format!("fsync={sync}"),
            format!("full_page_writes={sync}"),
        ];
        for setting in settings {
            postgres.args(["-c", &setting]);
        }
        postgres
    }

    fn data(&self) -> PathBuf {
        self.folder.join("data")
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        self.kill9();
    }
}

/// The folder of the newest installed PostgreSQL's programs.
fn programs() -> PathBuf {
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let numbered =
        versions.filter_map(|entry| Some((entry.file_name().to_str()?.parse::<u32>().ok()?, entry.path())));
    let newest = numbered.filter(|(_, path)| path.join("bin/initdb").exists()).max();
    let (_, path) = newest.expect(
        "PostgreSQL is missing: run `apt-get install postgresql`, or leave its stories out with AFTERCARE_TEST_ENGINES=sqlite",
    );
    path.join("bin")
}

/// A command that runs as the account `postgres` when we are root (PostgreSQL refuses root), and that dies with us.
fn as_postgres(program: &Path, home: &Path) -> Command {
    let mut command = Command::new("setpriv");
    command.args(["--pdeathsig", "SIGINT"]);
    if is_root() {
        command.args(["--reuid=postgres", "--regid=postgres", "--init-groups"]);
    }
    command.arg(program).env_clear().env("HOME", home).env("LC_ALL", "C.UTF-8").env("PATH", "/usr/bin:/bin");
    command.current_dir(home);
    command
}

/// An empty folder that belongs to the server's account and says which process it is for.
fn fresh_folder(durable: bool) -> Folder {
    let folder = if durable { Folder::on_disk("pg") } else { Folder::fresh("pg") };
    let folder = folder.unwrap_or_else(|error| panic!("a folder for PostgreSQL cannot be made: {error}"));
    let mut install = Command::new("install");
    install.args(["-d", "-m", "700"]);
    if is_root() {
        install.args(["-o", "postgres", "-g", "postgres"]);
    }
    let made = install.arg(folder.path()).status();
    assert!(made.is_ok_and(|status| status.success()), "{} cannot be given away", folder.path().display());
    folder
}
