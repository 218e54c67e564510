//! The demo as a process.

use std::fs::{self, File};
use std::process::{Child, Stdio};

use super::{STARTING, binary, http};
use crate::process::{self, Folder};

/// A running demo, with its data in a folder of its own.
pub struct Demo {
    folder: Folder,
    port: u16,
    process: Child,
}

impl Demo {
    /// Starts it with further arguments and waits until it is ready.
    pub fn start(arguments: &[&str]) -> Demo {
        let folder = Folder::fresh("demo").expect("a folder can be made");
        let port = process::free_port();
        let log = |name: &str| File::create(folder.join(name)).expect("the folder can be written");
        let mut command = process::mortal(binary());
        command.args(["demo", "--listen", &format!("127.0.0.1:{port}"), "--data"]).arg(folder.join("data"));
        command.args(arguments).current_dir(folder.path());
        command.stdin(Stdio::null()).stdout(log("stdout")).stderr(log("stderr"));
        let process = process::spawn(command).expect("the program can be run");
        let mut demo = Demo { folder, port, process };
        let ready = process::wait_for(STARTING, || demo.state());
        assert!(
            ready == Some(true),
            "the demo is not ready:\n{}{}",
            demo.read("stdout"),
            demo.read("stderr")
        );
        demo
    }

    /// The addresses it printed, which is what a person would open.
    pub fn urls(&self) -> Vec<String> {
        let words = self.read("stdout");
        let urls = words.split_whitespace().filter(|word| word.starts_with("http://"));
        urls.map(str::to_owned).collect()
    }

    /// Whether it is ready, or has ended; `None` when it is on its way.
    fn state(&mut self) -> Option<bool> {
        if !matches!(self.process.try_wait(), Ok(None)) {
            return Some(false);
        }
        let answer = http::request(self.port, "GET", "/readyz", &[], b"").ok()?;
        (answer.status == 200).then_some(true)
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.folder.join(name)).unwrap_or_default()
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        // It may have ended by itself; then waiting is all that is left to do.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
