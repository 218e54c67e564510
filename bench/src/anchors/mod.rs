//! What our figures are held against: programs that others wrote and everybody knows, run privately and beside us.

pub mod hello;
pub mod nginx;
pub mod pgbench;
pub mod postfix;
pub mod smtp_source;
pub mod wrk;

use std::process::{Child, Command};

use kernel::{Error, Result};

/// A server of ours that ends with its owner.
pub struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        // Asked, not killed: nginx takes its workers along. It may have ended by itself; then nothing is left to end.
        let _ = Command::new("kill").arg(self.0.id().to_string()).status();
        let _ = self.0.wait();
    }
}

/// Runs a program to its end and returns what it printed.
pub fn output_of(command: &mut Command) -> Result<String> {
    let done = command.output().map_err(|error| Error::internal(format!("{command:?}: {error}")))?;
    let said = String::from_utf8_lossy(&done.stdout).into_owned();
    if done.status.success() {
        return Ok(said);
    }
    let complaint = String::from_utf8_lossy(&done.stderr);
    Err(Error::internal(format!("{command:?} failed: {said}{complaint}")))
}

fn io_failed(what: &str) -> impl Fn(std::io::Error) -> Error + '_ {
    move |error| Error::internal(format!("{what}: {error}"))
}
