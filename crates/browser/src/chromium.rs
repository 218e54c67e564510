//! The browser's process.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;

use chromiumoxide::Handler;
use futures::StreamExt;
use stories::process::{self, Folder};
use tokio::task::JoinHandle;

use crate::{Page, Result, View, in_words, within};

/// Debian's own, and the names others give it.
const PROGRAMS: [&str; 3] = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/// Without a window, a profile of anybody or a word to the outside. Without its sandbox, because that refuses root
/// and containers, and because the only pages it shows are ours.
const FLAGS: [&str; 15] = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-breakpad",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--no-default-browser-check",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-extensions",
    "--force-color-profile=srgb",
    "--hide-scrollbars",
    "--remote-debugging-port=0",
];

/// The line by which it tells where it can be driven.
const READY: &str = "DevTools listening on ";

/// A running Chromium with a fresh profile. It ends when this goes, or when the test process does.
pub struct Browser {
    driver: chromiumoxide::Browser,
    events: JoinHandle<()>,
    /// A `Mutex` only because a process is waited for by `&mut`.
    process: Mutex<Child>,
    /// Outlives the process, which writes to it until the end.
    _profile: Folder,
}

impl Browser {
    /// Starts one.
    pub async fn launch() -> Result<Browser> {
        let program = PROGRAMS.iter().find(|program| Path::new(program).exists());
        let program = program.ok_or("Chromium is missing: run ./x setup as root, or ./x test --sqlite")?;
        let profile = Folder::fresh("chromium").map_err(in_words)?;
        let mut command = process::mortal(program);
        command.args(FLAGS).arg(format!("--user-data-dir={}", profile.path().display())).arg("about:blank");
        let starting = tokio::task::spawn_blocking(move || start(command));
        let (process, address) = starting.await.map_err(in_words)??;
        let (driver, handler) = chromiumoxide::Browser::connect(address).await.map_err(in_words)?;
        let events = tokio::spawn(drive(handler));
        Ok(Browser { driver, events, process: Mutex::new(process), _profile: profile })
    }

    /// Opens a page of that address in a tab of its own.
    pub async fn open(&self, url: &str, view: View) -> Result<Page> {
        let tab = within(self.driver.new_page("about:blank")).await?;
        let page = Page::prepare(tab, view).await?;
        page.go(url).await?;
        Ok(page)
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        self.events.abort();
        if let Ok(process) = self.process.get_mut() {
            // Its other processes follow it by themselves.
            let _ = process.kill();
            let _ = process.wait();
        }
    }
}

/// Starts the process and reads where it can be driven.
fn start(mut command: Command) -> Result<(Child, String)> {
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
    let mut process = process::spawn(command).map_err(in_words)?;
    let said = process.stderr.take().ok_or("the log was asked to be a pipe")?;
    let mut lines = BufReader::new(said).lines().map_while(std::result::Result::ok);
    let mut log = Vec::new();
    for line in lines.by_ref() {
        if let Some(address) = line.strip_prefix(READY) {
            let address = address.trim().to_owned();
            // A full pipe would stop it.
            std::thread::spawn(move || lines.for_each(drop));
            return Ok((process, address));
        }
        log.push(line);
    }
    let _ = process.wait();
    Err(format!("Chromium does not start:\n{}", log.join("\n")))
}

/// Moves what the browser says to whoever waits for it.
async fn drive(mut handler: Handler) {
    // Some events are unknown to the driver; that is no reason to stop listening.
    while handler.next().await.is_some() {}
}
