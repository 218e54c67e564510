//! A backup and its restore, beside a plain copy of the file.

use std::path::Path;
use std::time::Duration;

use aftercare::lists::migrations::MIGRATIONS;
use db::DatabaseUrl;
use db::backup::{Backup, Restore};
use kernel::{Clock, Dice, Error, Result, SystemClock};

/// How long each took, for how many rows.
pub struct Copies {
    rows: u64,
    /// `aftercare backup`.
    pub backup: Duration,
    /// `aftercare restore`, which reads everything twice.
    pub restore: Duration,
    /// The same file, copied and flushed.
    pub plain: Duration,
}

impl Copies {
    /// The rows that this took a second.
    pub fn per_second(&self, took: Duration) -> f64 {
        self.rows as f64 / took.as_secs_f64()
    }
}

/// Backs up the shop in `database`, restores it into a file beside it, and copies the backup as it is.
pub fn measure(folder: &Path, database: &Path) -> Result<Copies> {
    let url = DatabaseUrl::Sqlite(database.to_owned());
    let (program, now) = ("bench", SystemClock.now());
    let backup = Backup { url: &url, migrations: MIGRATIONS, program, secret_marks: Vec::new(), now };
    let file = folder.join("bench.backup");
    let (taken, backup) = crate::timed(|| backup.write(&file, &mut ()));
    let rows = taken?.manifest.rows();
    let (copied, plain) = crate::timed(|| copy(&file, &folder.join("bench.copy")));
    copied.map_err(|error| Error::internal(error.to_string()))?;
    let target = DatabaseUrl::Sqlite(folder.join("restored.db"));
    let (clock, mut dice) = (|| SystemClock.now(), Dice::seeded(1));
    let load =
        || Restore::open(&file, MIGRATIONS)?.load(&target, &clock, &mut dice, &mut (), &mut |_| Ok(()));
    let (loaded, restore) = crate::timed(load);
    loaded?;
    Ok(Copies { rows, backup, restore, plain })
}

fn copy(from: &Path, to: &Path) -> std::io::Result<()> {
    std::fs::copy(from, to)?;
    std::fs::File::open(to)?.sync_all()
}
