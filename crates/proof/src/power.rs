//! A power cut: the disk as it was at one moment, copied from under the program, and opened by another.
//!
//! The shop's file is on an ext4 file system in a file of its own, mounted by a loop device. Stopping the program and
//! copying that file gives what a disk holds whose machine lost power: everything that was pressed to it, and
//! whatever else the kernel happened to write. The same with `synchronous=NORMAL` has to fail, or this proves nothing.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::process::Command;
use std::thread;
use std::time::Duration;

use kernel::Dice;
use rig::now::pause;
use rig::process::{Folder, is_root};
use rig::sink::{Options, Sink};

use crate::posting::{Journal, What};
use crate::rows::Rows;
use crate::shop::{Kind, Shop, now};
use crate::syscalls::integrity;
use crate::{Form, Result, Verdict};

/// Big enough for what one round writes.
const DISK_MIB: u64 = 128;

/// What the rounds of one durability have shown.
#[derive(Default)]
struct Cuts {
    rounds: u64,
    acknowledged: u64,
    lost: u64,
    rounds_with_loss: u64,
    damaged: Vec<String>,
}

/// Cuts the power under both durabilities.
pub fn run(form: Form, seed: u64) -> Result<Verdict> {
    if let Some(why) = cannot_mount() {
        return Ok(Verdict::left_out("power", why));
    }
    let (full, normal) = match form {
        Form::Short => (4, 6),
        Form::Long => (200, 20),
    };
    let mut dice = Dice::seeded(seed);
    let as_sold = cuts(full, "full", &mut dice, false)?;
    let as_not = cuts(normal, "normal", &mut dice, form == Form::Short)?;
    let mut verdict = Verdict::of("power");
    for (name, cuts) in [("FULL", &as_sold), ("NORMAL", &as_not)] {
        verdict.figure(&format!("{name} cuts"), cuts.rounds);
        verdict.figure(&format!("{name} acknowledged"), cuts.acknowledged);
        verdict.figure(&format!("{name} lost"), cuts.lost);
        verdict.figure(&format!("{name} cuts with a loss"), cuts.rounds_with_loss);
        verdict.figure(&format!("{name} damaged"), cuts.damaged.len());
    }
    verdict.must(as_sold.lost == 0, || format!("{} acknowledged orders lost", as_sold.lost));
    verdict.must(as_sold.damaged.is_empty(), || format!("damaged: {:?}", as_sold.damaged));
    verdict.must(as_sold.acknowledged > 0, || "nothing was acknowledged: nothing was tried".to_owned());
    verdict.must(as_not.lost > 0, || "NORMAL lost nothing either: this test can't see a loss".to_owned());
    Ok(verdict)
}

fn cuts(rounds: u64, durability: &str, dice: &mut Dice, until_a_loss: bool) -> Result<Cuts> {
    let mut cuts = Cuts::default();
    for _ in 0..rounds {
        let (acknowledged, lost, damage) = cut(durability, dice)?;
        cuts.rounds += 1;
        cuts.acknowledged += acknowledged;
        cuts.lost += lost;
        cuts.rounds_with_loss += u64::from(lost > 0);
        cuts.damaged.extend(damage);
        if until_a_loss && lost > 0 {
            break;
        }
    }
    Ok(cuts)
}

/// One shop, one cut: how many orders were acknowledged, how many of them the disk has not, and what is wrong with it.
fn cut(durability: &str, dice: &mut Dice) -> Result<(u64, u64, Option<String>)> {
    let disk = Disk::fresh()?;
    let sink = Sink::start(Options::default())?;
    let kind = Kind {
        database_url: Some(format!("sqlite:{}", disk.mount.join("shop.db").display())),
        // The program itself has no such knob: the same house in our own program has.
        with_offers: durability != "full",
        env: vec![("PROOF_DURABILITY".to_owned(), durability.to_owned())],
        ..Kind::default()
    };
    let shop = [Shop::open(&sink, &kind)?];
    // The journal is in our memory, far from the disk that is cut.
    let journal = Journal::new(What::Orders, 1, now());
    let copy = thread::scope(|scope| {
        journal.post_to(scope, &shop, 4);
        journal.allow(u64::MAX >> 1);
        pause(Duration::from_millis(400 + dice.below(1_200)));
        let cut = shop[0].signal("-STOP").and_then(|()| {
            // What was answered is acknowledged; the last answers may still be on their way through the kernel.
            pause(Duration::from_millis(20));
            let acknowledged = journal.acknowledged();
            Ok((acknowledged, disk.copied()?))
        });
        journal.end();
        shop[0].app.kill9();
        cut
    });
    drop(shop);
    let (acknowledged, copy) = copy?;
    let file = copy.mount.join("shop.db");
    let checked = integrity(&file)?;
    let stored: BTreeSet<u64> = match Rows::copy_of(&file).and_then(|rows| rows.orders()) {
        Ok(orders) => orders.iter().filter_map(|id| id.parse().ok()).collect(),
        Err(error) => return Ok((acknowledged.len() as u64, 0, Some(format!("unreadable: {error}")))),
    };
    let lost = (&acknowledged - &stored).len() as u64;
    Ok((acknowledged.len() as u64, lost, (checked != "ok").then_some(checked)))
}

/// A file with an ext4 file system in it, mounted. Unmounted and gone when dropped.
struct Disk {
    folder: Folder,
    mount: PathBuf,
}

impl Disk {
    fn fresh() -> Result<Disk> {
        let folder = Folder::on_disk("power")?;
        let image = folder.join("image");
        std::fs::File::create(&image)?.set_len(DISK_MIB << 20)?;
        // Without lazy initialisation, which would go on writing after the mount.
        must(
            Command::new("mkfs.ext4")
                .args(["-q", "-F", "-E", "lazy_itable_init=0,lazy_journal_init=0"])
                .arg(&image),
        )?;
        Disk::mounted(folder)
    }

    /// The same disk, as it is at this moment, mounted elsewhere: its journal is replayed as after a cut.
    fn copied(&self) -> Result<Disk> {
        let folder = Folder::on_disk("power")?;
        std::fs::copy(self.folder.join("image"), folder.join("image"))?;
        Disk::mounted(folder)
    }

    fn mounted(folder: Folder) -> Result<Disk> {
        let mount = folder.join("mount");
        std::fs::create_dir(&mount)?;
        must(Command::new("mount").args(["-o", "loop"]).arg(folder.join("image")).arg(&mount))?;
        Ok(Disk { folder, mount })
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.mount).status();
    }
}

/// Why there are no power cuts here, if there are none.
fn cannot_mount() -> Option<String> {
    if !is_root() {
        return Some("power cuts need root, to mount a loop device".to_owned());
    }
    Disk::fresh().err().map(|error| format!("power cuts need a loop device and ext4: {error}"))
}

fn must(command: &mut Command) -> Result<()> {
    let done = command.output()?;
    let said = String::from_utf8_lossy(&done.stderr);
    if done.status.success() { Ok(()) } else { Err(format!("{command:?}: {}", said.trim()).into()) }
}
