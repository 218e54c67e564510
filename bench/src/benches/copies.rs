//! A backup and its restore, beside a plain copy of the file.

use std::path::Path;
use std::time::Duration;

use aftercare::lists::migrations::MIGRATIONS;
use db::DatabaseUrl;
use db::backup::{Backup, Restore};
use kernel::{Clock, Dice, Error, Result, SystemClock};

use crate::protocol::Bench;
use crate::report::{Figure, Section};
use crate::stats::Spread;
use crate::{clock, seed};

/// Backs up a shop with a past, restores it beside, and copies the backup as it is.
pub fn run(bench: &mut Bench) -> Result<Section> {
    let past = seed::past(&bench.folder, bench.pick(100_000, 10_000), bench.pick(30_000, 5_000))?;
    let mut rows = 0;
    let folder = bench.folder.clone();
    let rounds = bench.rounds.min(3);
    let mut taken = Vec::new();
    for round in 0..rounds {
        let found = measure(&folder.join(round.to_string()), &past)?;
        rows = found.rows;
        taken.push(found);
    }
    let times = |of: fn(&Copies) -> Duration| {
        Spread::of(taken.iter().map(|copies| copies.plain.as_secs_f64() / of(copies).as_secs_f64()))
    };
    let per_second = |of: fn(&Copies) -> Duration| {
        Spread::of(taken.iter().map(|copies| rows as f64 / of(copies).as_secs_f64()))
    };
    let plain =
        format!("a plain copy, flushed: {:.0} rows per second", per_second(|copies| copies.plain).median);
    let figures = vec![
        Figure::new("rows backed up", per_second(|copies| copies.backup), "per second", &plain),
        Figure::new("the same, times a plain copy", times(|copies| copies.backup), "×", "a plain copy"),
        Figure::new("rows checked and restored", per_second(|copies| copies.restore), "per second", &plain),
        Figure::new("the same, times a plain copy", times(|copies| copies.restore), "×", "a plain copy"),
    ];
    let about = vec![format!(
        "`aftercare backup` of {rows} rows, and `aftercare restore` of it, which reads everything twice, beside a copy of the \
         same file that is flushed."
    )];
    Ok(Section { title: "Backup and restore".to_owned(), about, figures, ..Section::default() })
}

/// How long each took.
struct Copies {
    rows: u64,
    backup: Duration,
    restore: Duration,
    plain: Duration,
}

/// In a folder of its own, which goes again.
fn measure(folder: &Path, database: &Path) -> Result<Copies> {
    let made = std::fs::create_dir(folder);
    made.map_err(|error| Error::internal(format!("{}: {error}", folder.display())))?;
    let url = DatabaseUrl::Sqlite(database.to_owned());
    let (program, now) = ("bench", SystemClock.now());
    let backup = Backup { url: &url, migrations: MIGRATIONS, program, secret_marks: Vec::new(), now };
    let file = folder.join("bench.backup");
    let (taken, backup) = clock::timed(|| backup.write(&file, &mut ()));
    let rows = taken?.manifest.rows();
    let (copied, plain) = clock::timed(|| copy(&file, &folder.join("bench.copy")));
    copied.map_err(|error| Error::internal(error.to_string()))?;
    let target = DatabaseUrl::Sqlite(folder.join("restored.db"));
    let (clock, mut dice) = (|| SystemClock.now(), Dice::seeded(1));
    let load =
        || Restore::open(&file, MIGRATIONS)?.load(&target, &clock, &mut dice, &mut (), &mut |_| Ok(()));
    let (loaded, restore) = clock::timed(load);
    loaded?;
    // What can't be removed goes with the folder of the run.
    let _ = std::fs::remove_dir_all(folder);
    Ok(Copies { rows, backup, restore, plain })
}

fn copy(from: &Path, to: &Path) -> std::io::Result<()> {
    std::fs::copy(from, to)?;
    std::fs::File::open(to)?.sync_all()
}
