//! The built program, run as an operator runs it: a process with a folder, an address and an environment.
//!
//! For what only a real process shows: start and stop, `kill -9`, the command line, what is logged. It dies with the
//! test process.

mod demo;
pub mod http;

use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

pub use self::demo::Demo;
pub use self::http::Response;
use crate::process::{self, Folder};

/// Longer than any start that succeeds, with all migrations.
const STARTING: Duration = Duration::from_secs(60);
/// A secret of the length that the program asks for; with PostgreSQL it has to be given.
pub const SECRET: &str = "a secret that is only good for stories";

/// How to start the program. Whatever is left out is the program's own default, but for the place of the database,
/// which is always inside the App's folder.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// `AFTERCARE_DATABASE_URL`; an SQLite file when none is given.
    pub database_url: Option<String>,
    /// `AFTERCARE_MAIL_URL`.
    pub mail_url: Option<String>,
    /// Further variables.
    pub env: Vec<(String, String)>,
    /// What `aftercare.toml` says.
    pub config: Option<String>,
    /// `--role`.
    pub role: Option<&'static str>,
    /// A command that runs the server in its own place, such as `env` with its arguments.
    pub through: Vec<String>,
    /// Another program to serve with, which understands `serve`; commands still go to the program itself.
    pub program: Option<PathBuf>,
    /// Runs it on a disk, where a folder is otherwise in memory.
    pub on_disk: bool,
}

/// A running program.
pub struct App {
    folder: Folder,
    settings: Settings,
    port: u16,
    server: Mutex<Option<Child>>,
}

impl App {
    /// Starts it and waits until it is ready; panics with what it logged when it is not.
    pub fn start(settings: Settings) -> App {
        let app = App::idle(settings);
        app.restart();
        app
    }

    /// Its folder and settings, for its commands; nothing runs.
    pub fn idle(settings: Settings) -> App {
        let folder = if settings.on_disk { Folder::on_disk("app") } else { Folder::fresh("app") };
        let folder = folder.expect("a folder can be made");
        if let Some(config) = &settings.config {
            fs::write(folder.join("aftercare.toml"), config).expect("the folder can be written");
        }
        App { folder, settings, port: process::free_port(), server: Mutex::default() }
    }

    /// `http://127.0.0.1:PORT`, without a slash at the end.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// The port it listens on.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// A file in the folder it runs in.
    pub fn file(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// Its process, while it runs.
    pub fn pid(&self) -> Option<u32> {
        self.server.lock().unwrap_or_else(PoisonError::into_inner).as_ref().map(Child::id)
    }

    /// Ends it as a power cut would, and waits until it is gone.
    pub fn kill9(&self) {
        if let Some(mut server) = self.take() {
            // It may have ended by itself; then waiting is all that is left to do.
            let _ = server.kill();
            let _ = server.wait();
        }
    }

    /// Asks it to stop, as a supervisor does, and says whether it called that a success.
    pub fn stop(&self) -> bool {
        let Some(mut server) = self.take() else { return false };
        let asked = Command::new("kill").arg(server.id().to_string()).status();
        asked.is_ok_and(|asked| asked.success()) && server.wait().is_ok_and(|status| status.success())
    }

    /// Ends it if it runs, starts it again on the same address and data, and waits until it is ready.
    pub fn restart(&self) {
        self.launch(&self.settings.through);
        assert!(self.becomes_ready(), "the program is not ready:\n{}", self.logs());
    }

    /// Ends it if it runs and starts it again, `through` another command, without waiting for anything.
    pub fn launch(&self, through: &[String]) {
        self.kill9();
        let program = self.settings.program.clone().unwrap_or_else(binary);
        let mut serve = match through {
            [] => process::mortal(program),
            [command, arguments @ ..] => {
                let mut through = process::mortal(command);
                through.args(arguments).arg(program);
                through
            }
        };
        serve.arg("serve").args(self.config_arguments());
        if let Some(role) = self.settings.role {
            serve.args(["--role", role]);
        }
        self.prepare(&mut serve);
        serve.stdin(Stdio::null()).stdout(self.log("stdout")).stderr(self.log("stderr"));
        let server = process::spawn(serve).expect("the program can be run");
        *self.server.lock().unwrap_or_else(PoisonError::into_inner) = Some(server);
    }

    /// Waits until it is ready; false when it has ended instead, or takes too long.
    pub fn becomes_ready(&self) -> bool {
        let ready =
            process::wait_for(STARTING, || if self.has_ended() { Some(false) } else { self.is_ready() });
        ready == Some(true)
    }

    /// Runs a command of the same program on the same data: `app.cli(&["keys", "create", …])`.
    pub fn cli(&self, arguments: &[&str]) -> Output {
        let mut command = process::mortal(binary());
        command.args(arguments);
        self.prepare(&mut command);
        command.stdin(Stdio::null()).output().expect("the program can be run")
    }

    /// The same for a command that must succeed: what it printed, without the last line end.
    pub fn cli_ok(&self, arguments: &[&str]) -> String {
        let done = self.cli(arguments);
        let said = String::from_utf8_lossy(&done.stderr);
        assert!(done.status.success(), "aftercare {} failed ({}): {said}", arguments.join(" "), done.status);
        String::from_utf8_lossy(&done.stdout).trim_end().to_owned()
    }

    /// Everything it has printed so far, over all restarts.
    pub fn logs(&self) -> String {
        let log = |name: &str| fs::read_to_string(self.folder.join(name)).unwrap_or_default();
        log("stdout") + &log("stderr")
    }

    /// Asks for a page.
    pub fn get(&self, path: &str, headers: &[(&str, &str)]) -> Response {
        self.must("GET", path, headers, b"")
    }

    /// Posts a body.
    pub fn post(&self, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Response {
        self.must("POST", path, headers, body)
    }

    /// Posts JSON with a key of the API.
    pub fn post_json(&self, path: &str, key: &str, body: &str) -> Response {
        let bearer = format!("Bearer {key}");
        let headers = [("Authorization", bearer.as_str()), ("Content-Type", "application/json")];
        self.post(path, &headers, body.as_bytes())
    }

    /// Any request; the error is what a client sees when the program is killed meanwhile.
    pub fn request(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> io::Result<Response> {
        http::request(self.port, method, path, headers, body)
    }

    fn must(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Response {
        let answer = self.request(method, path, headers, body);
        answer.unwrap_or_else(|error| panic!("{method} {path}: {error}\n{}", self.logs()))
    }

    fn config_arguments(&self) -> Vec<String> {
        let given = self.settings.config.as_ref();
        given.map(|_| vec!["--config".to_owned(), "aftercare.toml".to_owned()]).unwrap_or_default()
    }

    /// The same folder and environment for the server and the commands beside it, and nothing of ours.
    pub fn prepare(&self, command: &mut Command) {
        let ours = std::env::vars_os().map(|(name, _)| name);
        for name in ours.filter(|name| name.to_string_lossy().starts_with("AFTERCARE_")) {
            command.env_remove(name);
        }
        let database = self.settings.database_url.as_deref().unwrap_or("sqlite:aftercare.db");
        command.current_dir(self.folder.path());
        command.env("AFTERCARE_LISTEN", format!("127.0.0.1:{}", self.port));
        command.env("AFTERCARE_DATABASE_URL", database);
        if database.starts_with("postgres") {
            command.env("AFTERCARE_SECRET", SECRET);
        }
        if let Some(mail) = &self.settings.mail_url {
            command.env("AFTERCARE_MAIL_URL", mail);
        }
        command.envs(self.settings.env.iter().map(|(name, value)| (name, value)));
    }

    fn is_ready(&self) -> Option<bool> {
        let answer = self.request("GET", "/readyz", &[], b"").ok()?;
        (answer.status == 200).then_some(true)
    }

    /// Whether it was started and is no more.
    pub fn has_ended(&self) -> bool {
        let mut server = self.server.lock().unwrap_or_else(PoisonError::into_inner);
        server.as_mut().is_some_and(|server| !matches!(server.try_wait(), Ok(None)))
    }

    fn log(&self, name: &str) -> File {
        let file = OpenOptions::new().create(true).append(true).open(self.folder.join(name));
        file.expect("the folder can be written")
    }

    fn take(&self) -> Option<Child> {
        self.server.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

impl Drop for App {
    fn drop(&mut self) {
        self.kill9();
    }
}

/// The program under test: `AFTERCARE_BIN`, or the one that was built beside this test or program.
pub fn binary() -> PathBuf {
    if let Some(given) = std::env::var_os("AFTERCARE_BIN") {
        return PathBuf::from(given);
    }
    let test = std::env::current_exe().expect("a process knows its program");
    // TARGET/debug/deps/stories-0123 → TARGET/debug/aftercare, and TARGET/release/proof → TARGET/release/aftercare
    let beside = test.ancestors().skip(1).take(2).map(|folder| folder.join("aftercare"));
    let found = beside.clone().find(|program| program.is_file());
    found.unwrap_or_else(|| {
        let looked: Vec<_> = beside.map(|program| program.display().to_string()).collect();
        panic!("{} is missing: run ./x test, or cargo build -p aftercare", looked.join(" or "))
    })
}
