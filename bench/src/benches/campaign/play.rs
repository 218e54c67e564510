//! The program that sends the campaign: this very benchmark, started once more as a process of its own, with a house that
//! knows the campaign's template and nothing else that `aftercare serve` does not have.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};

use aftercare::Config;
use aftercare::house::House;
use db::Durability;
use kernel::shop::QuietHours;
use kernel::{Error, Result};
use rig::process;
use tokio::sync::watch;

use super::audience::setting;
use crate::shop;

/// The word on our own command line.
pub const PLAY: &str = "play-campaign";

/// Whether mails are signed.
#[derive(Clone, Debug)]
pub enum Signing {
    /// They are not.
    None,
    /// With the key in this file, under this selector.
    Key(&'static str, PathBuf),
}

/// A process that sends.
pub struct Player(Child);

impl Player {
    /// Starts one over a database.
    pub fn start(database: &Path, mail_url: &str, signing: Signing) -> Result<Player> {
        let failed = |error: std::io::Error| Error::internal(format!("the sending process: {error}"));
        let mut player = process::mortal(std::env::current_exe().map_err(failed)?);
        player.arg(PLAY).envs(shop::environment());
        player.env("AFTERCARE_DATABASE_URL", shop::sqlite_url(database)).env("AFTERCARE_MAIL_URL", mail_url);
        player.env("AFTERCARE_MAIL_FROM", "Northwind Tea <shop@bench.test>");
        if let Signing::Key(selector, path) = signing {
            player.env("AFTERCARE_DKIM_SELECTOR", selector).env("AFTERCARE_DKIM_KEY", path);
        }
        player.stdin(Stdio::piped());
        process::spawn(player).map(Player).map_err(failed)
    }

    /// Its process.
    pub fn pid(&self) -> u32 {
        self.0.id()
    }
}

impl Drop for Player {
    fn drop(&mut self) {
        // The end of its input tells it to stop.
        drop(self.0.stdin.take());
        let _ = self.0.wait();
    }
}

/// Sends what is queued in the database of the environment until the input ends.
pub fn play(_arguments: &[String]) -> Result<()> {
    let env: BTreeMap<String, String> = std::env::vars().collect();
    let mut config = Config::load(None, &env)?;
    // Whoever measures at night wants to measure all the same.
    config.policy.quiet_hours = QuietHours { from: 0, to: 0 };
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let runtime = runtime.map_err(|error| Error::internal(error.to_string()))?;
    runtime.block_on(async {
        let house = House::open(config, setting(Durability::Full))?;
        let runner = house.runner().await?;
        let (stop, stopping) = watch::channel(false);
        std::thread::spawn(move || {
            // Whatever ends the reading ends the campaign.
            let _ = std::io::stdin().read_to_end(&mut Vec::new());
            stop.send_replace(true);
        });
        runner.serve(stopping).await;
        house.db.clone().close().await;
        Ok(())
    })
}

/// The keys of the tests, Ed25519 and RSA, as files that nobody else may read.
pub fn dkim_keys(folder: &Path) -> Result<(PathBuf, PathBuf)> {
    const ED25519: &str =
        include_str!("../../../../crates/foundation/messaging/testdata/dkim-ed25519-for-tests.pem");
    const RSA: &str = include_str!("../../../../crates/foundation/messaging/testdata/dkim-rsa-for-tests.pem");
    let written = |name: &str, pem: &str| {
        let path = folder.join(name);
        std::fs::write(&path, pem)
            .map_err(|error| Error::internal(format!("{}: {error}", path.display())))?;
        private(&path)?;
        Ok::<PathBuf, Error>(path)
    };
    Ok((written("ed25519.pem", ED25519)?, written("rsa.pem", RSA)?))
}

fn private(path: &Path) -> Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let mode = std::fs::Permissions::from_mode(0o600);
    std::fs::set_permissions(path, mode)
        .map_err(|error| Error::internal(format!("{}: {error}", path.display())))
}
