//! A server process: started, watched and reaped.

use std::collections::VecDeque;
use std::io::{BufRead, BufReader};
use std::process::{Child, ChildStderr, Command, Stdio};
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use crate::process::spawn;

const READY: &str = "database system is ready to accept connections";
/// As many lines of the log as a failure shows.
const LINES: usize = 30;

/// A running server.
pub(super) struct Server {
    child: Child,
    /// Disconnects when the last process of the server has closed its log.
    gone: Receiver<()>,
}

impl Server {
    /// Starts it and waits until it accepts connections; otherwise says what it logged.
    pub(super) fn start(mut command: Command) -> Result<Server, String> {
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
        let mut child = spawn(command).map_err(|error| error.to_string())?;
        let log = child.stderr.take().expect("the log was asked to be a pipe");
        let lines = Arc::new(Mutex::new(VecDeque::new()));
        let (tell, told) = mpsc::channel();
        let shared = Arc::clone(&lines);
        thread::spawn(move || watch(log, &shared, &tell));
        if told.recv().is_ok() {
            return Ok(Server { child, gone: told });
        }
        let _ = child.wait();
        let lines = lines.lock().unwrap_or_else(PoisonError::into_inner);
        Err(lines.iter().cloned().collect::<Vec<_>>().join("\n"))
    }

    /// Kills the first process; the others notice and follow.
    pub(super) fn kill(mut self) {
        let _ = self.child.kill();
        self.wait();
    }

    /// Asks it to disconnect everybody and shut down.
    pub(super) fn stop(mut self) {
        let _ = Command::new("kill").args(["-INT", &self.child.id().to_string()]).status();
        self.wait();
    }

    fn wait(&mut self) {
        let _ = self.child.wait();
        while self.gone.recv().is_ok() {}
    }
}

/// Reads the log to its end, keeping the last lines and telling when the server is ready.
fn watch(log: ChildStderr, lines: &Mutex<VecDeque<String>>, tell: &Sender<()>) {
    for line in BufReader::new(log).lines().map_while(Result::ok) {
        if line.contains(READY) {
            let _ = tell.send(());
        }
        let mut lines = lines.lock().unwrap_or_else(PoisonError::into_inner);
        lines.push_back(line);
        if lines.len() > LINES {
            lines.pop_front();
        }
    }
}
