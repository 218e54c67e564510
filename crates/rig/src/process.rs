//! Processes that live no longer than the test process that started them, and what is needed around them.

use std::ffi::OsStr;
use std::fs;
use std::io;
use std::net::TcpListener;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc::{self, Sender};
use std::sync::{Mutex, OnceLock, PoisonError};
use std::thread;
use std::time::Duration;

/// A command that the kernel ends with SIGTERM when the test process goes, however that goes.
pub fn mortal(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new("setpriv");
    command.args(["--pdeathsig", "SIGTERM"]).arg(program);
    command
}

/// A command that is ended with SIGTERM when the test process goes, or drops the `stdin` of the child.
///
/// For servers that change to accounts of their own: the kernel forgets their death signal when they do. A shell
/// waits for the end of its input, which nobody but us can write to, out of the reach of Ctrl-C.
pub fn watched(program: impl AsRef<OsStr>) -> Command {
    const WATCH: &str = r#""$@" & server=$!; read -r _; kill "$server"; wait "$server""#;
    let mut command = Command::new("sh");
    command.args(["-c", WATCH, "watch"]).arg(program).stdin(Stdio::piped()).process_group(0);
    command
}

type Order = (Command, Sender<io::Result<Child>>);

/// Starts a process from a thread that never ends: the death signal comes when the *thread* that started a process
/// dies, and a test's thread dies long before the test process.
pub fn spawn(command: Command) -> io::Result<Child> {
    static KEEPER: OnceLock<Mutex<Sender<Order>>> = OnceLock::new();
    let keeper = KEEPER.get_or_init(|| {
        let (orders, taken) = mpsc::channel::<Order>();
        thread::spawn(move || {
            for (mut command, answer) in taken {
                // Nobody waits for the answer any more when its test has failed meanwhile.
                let _ = answer.send(command.spawn());
            }
        });
        Mutex::new(orders)
    });
    let gone = || io::Error::other("the keeper thread is gone");
    let (answer, answered) = mpsc::channel();
    keeper.lock().unwrap_or_else(PoisonError::into_inner).send((command, answer)).map_err(|_| gone())?;
    answered.recv().map_err(|_| gone())?
}

/// A port that was free a moment ago.
pub fn free_port() -> u16 {
    let probe = || -> io::Result<u16> { Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.port()) };
    probe().expect("the machine has a free port")
}

/// Asks again and again until there is an answer or the time is up. The only place that waits by the clock: other
/// processes have no way to call us.
pub fn wait_for<T>(limit: Duration, mut ask: impl FnMut() -> Option<T>) -> Option<T> {
    const PAUSE: Duration = Duration::from_millis(20);
    let mut waited = Duration::ZERO;
    loop {
        if let Some(answer) = ask() {
            return Some(answer);
        }
        if waited >= limit {
            return None;
        }
        #[expect(clippy::disallowed_methods, reason = "another process is waited for, in real time")]
        thread::sleep(PAUSE);
        waited += PAUSE;
    }
}

/// A temporary folder that goes with its owner, or, when that was killed, with the next one of its kind.
pub struct Folder(PathBuf);

impl Folder {
    /// An empty folder that others may look into, in memory where there is room.
    pub fn fresh(kind: &str) -> io::Result<Folder> {
        let memory = Path::new("/dev/shm");
        let parent = if memory.is_dir() { memory.to_owned() } else { std::env::temp_dir() };
        Folder::below(parent, kind)
    }

    /// The same on a disk, for what has to survive its process.
    pub fn on_disk(kind: &str) -> io::Result<Folder> {
        Folder::below(std::env::temp_dir(), kind)
    }

    fn below(parent: PathBuf, kind: &str) -> io::Result<Folder> {
        static MADE: AtomicU32 = AtomicU32::new(0);
        let prefix = format!("aftercare-{kind}-");
        remove_stale(&parent, &prefix);
        let number = MADE.fetch_add(1, Ordering::SeqCst);
        let path = parent.join(format!("{prefix}{}-{number}", std::process::id()));
        // Left behind by an earlier process of the same number.
        let _ = fs::remove_dir_all(&path);
        fs::create_dir(&path)?;
        Ok(Folder(path))
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// A file or folder in it.
    pub fn join(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // One that cannot be removed is found again by the next run.
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn remove_stale(parent: &Path, prefix: &str) {
    for entry in fs::read_dir(parent).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let owner = || name.to_str()?.strip_prefix(prefix)?.split('-').next()?.parse::<u32>().ok();
        if owner().is_some_and(|pid| !Path::new("/proc").join(pid.to_string()).exists()) {
            // Another process may be removing it too.
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

/// Whether this process may start servers that change to accounts of their own.
pub fn is_root() -> bool {
    use std::os::unix::fs::MetadataExt;
    fs::metadata("/proc/self").is_ok_and(|me| me.uid() == 0)
}
