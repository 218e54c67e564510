//! Faults of the disk at the k-th call (`strace` injects them), while an SQLite shop takes orders in.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use kernel::Dice;
use rig::now::pause;
use rig::process::{self, Folder, wait_for};
use rig::sink::{Options, Sink};

use crate::posting::{Journal, What};
use crate::shop::{Kind, Shop, now, taken};
use crate::{Form, Result, Verdict};

/// What a commit and a checkpoint are made of; whichever call it is that flushes, its failure is tried.
const CALLS: [&str; 3] = ["pwrite64", "fsync,fdatasync", "ftruncate"];
const ERRORS: [&str; 2] = ["EIO", "ENOSPC"];
const ORDERS_A_POINT: u64 = 60;
const IN_THE_END: Duration = Duration::from_secs(120);

/// One fault.
#[derive(Clone, Debug)]
struct Point {
    call: &'static str,
    error: &'static str,
    /// The k-th call of each thread fails, and that many after it.
    at: u64,
    and_on: bool,
    /// Whether the program is started under the fault, or meets it while it works.
    from_the_start: bool,
}

/// Tries each point in turn on one shop, which has to live through all of them.
pub fn run(form: Form, seed: u64) -> Result<Verdict> {
    if Command::new("strace").arg("-V").stdout(Stdio::null()).status().is_err() {
        return Ok(Verdict::left_out("syscalls", "strace is not installed"));
    }
    let folder = Folder::fresh("syscalls")?;
    let sink = Sink::start(Options { log: Some(folder.join("log")), ..Options::default() })?;
    let kind = Kind { on_disk: true, ..Kind::default() };
    let shop = [Shop::open(&sink, &kind)?];
    let journal = Journal::new(What::Orders, 1, now());
    let mut tally = Tally::default();
    let tried = thread::scope(|scope| {
        journal.post_to(scope, &shop, 4);
        let points = points(form, seed);
        let tried = points.iter().enumerate().try_for_each(|(at, point)| {
            let allowed = (at as u64 + 1) * ORDERS_A_POINT;
            suffer(&shop[0], point, &folder, allowed, &journal, &mut tally)
        });
        journal.end();
        tried
    });
    tried?;
    judge(&shop[0], &sink, &journal, &tally)
}

#[derive(Default)]
struct Tally {
    points: u64,
    /// Faults by call and error.
    injected: BTreeMap<(&'static str, &'static str), u64>,
    exits: u64,
}

impl Tally {
    /// How many faults of these calls and errors there were.
    fn injected(&self, which: impl Fn(&str, &str) -> bool) -> u64 {
        self.injected.iter().filter(|((call, error), _)| which(call, error)).map(|(_, hits)| hits).sum()
    }

    /// The calls and errors that the program never met.
    fn untried(&self) -> Vec<(&'static str, &'static str)> {
        let all = CALLS.into_iter().flat_map(|call| ERRORS.map(|error| (call, error)));
        all.filter(|pair| self.injected.get(pair).is_none_or(|hits| *hits == 0)).collect()
    }
}

fn points(form: Form, seed: u64) -> Vec<Point> {
    let each = match form {
        Form::Short => 3,
        Form::Long => 60,
    };
    let mut dice = Dice::seeded(seed);
    let mut points = Vec::new();
    for round in 0..each {
        for call in CALLS {
            for error in ERRORS {
                points.push(point(call, error, round == 0, &mut dice));
            }
        }
    }
    points
}

/// The first fault of a call and an error comes so early that it is met whatever the seed; the others, when they come.
fn point(call: &'static str, error: &'static str, is_first: bool, dice: &mut Dice) -> Point {
    // A start truncates once, and work hardly ever does.
    let truncates = call == "ftruncate";
    let most = match (truncates, is_first) {
        (true, true) => 1,
        (true, false) => 3,
        (false, true) => 10,
        (false, false) => 60,
    };
    let from_the_start = dice.below(4) == 0;
    let (at, and_on) = (1 + dice.below(most), dice.below(3) == 0);
    Point { call, error, at, and_on, from_the_start: truncates || (from_the_start && !is_first) }
}

fn suffer(
    shop: &Shop,
    point: &Point,
    folder: &Folder,
    allowed: u64,
    journal: &Journal,
    tally: &mut Tally,
) -> Result<()> {
    let trace = folder.join("trace");
    let _ = std::fs::remove_file(&trace);
    let arguments = arguments(point, &shop.file(), &trace);
    if point.from_the_start {
        let through = [vec!["strace".to_owned()], arguments].concat();
        shop.app.launch(&through);
        let _ = wait_for(Duration::from_secs(4), || (shop.app.has_ended() || up(shop)).then_some(()));
        journal.allow(allowed);
        pause(Duration::from_millis(400));
        // strace passes the signal on to nobody: the program is killed with it.
        tally.exits += u64::from(shop.app.has_ended());
        end_all(shop);
        shop.app.restart();
    } else {
        let tracer = attach(shop, &arguments)?;
        journal.allow(allowed);
        let all = || (journal.acknowledged().len() as u64 >= allowed || shop.app.has_ended()).then_some(());
        let _ = wait_for(Duration::from_secs(3), all);
        detach(tracer);
        if shop.app.has_ended() {
            tally.exits += 1;
            shop.app.restart();
        }
    }
    let hits = std::fs::read_to_string(&trace).unwrap_or_default().matches("(INJECTED)").count() as u64;
    tally.points += 1;
    *tally.injected.entry((point.call, point.error)).or_default() += hits;
    // Nothing is wrong any more: everything that is posted is taken in again.
    let all = || (journal.acknowledged().len() as u64 >= allowed).then_some(());
    if wait_for(IN_THE_END, all).is_none() {
        return Err(format!("it does not recover from {point:?}:\n{}", shop.app.logs()).into());
    }
    Ok(())
}

fn up(shop: &Shop) -> bool {
    shop.app.request("GET", "/readyz", &[], b"").is_ok_and(|answer| answer.status == 200)
}

/// Only calls on the database's own files fail: the socket has troubles of its own.
fn arguments(point: &Point, file: &Path, trace: &Path) -> Vec<String> {
    let Point { call, error, at, and_on, .. } = point;
    let on = if *and_on { "+" } else { "" };
    let mut arguments = vec!["-f".to_owned(), "-qq".to_owned()];
    arguments.extend(["-o".to_owned(), trace.display().to_string()]);
    arguments.extend(["-e".to_owned(), format!("trace={call}")]);
    arguments.extend(["-e".to_owned(), format!("inject={call}:error={error}:when={at}{on}")]);
    for ending in ["", "-wal", "-shm"] {
        arguments.extend(["-P".to_owned(), format!("{}{ending}", file.display())]);
    }
    arguments
}

fn attach(shop: &Shop, arguments: &[String]) -> Result<Child> {
    let pid = shop.app.pid().ok_or("it does not run")?;
    let mut strace = process::mortal("strace");
    strace.args(arguments).args(["-p", &pid.to_string()]);
    strace.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let child = process::spawn(strace)?;
    let traced = || {
        let status = std::fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
        status.lines().any(|line| line.starts_with("TracerPid:") && !line.ends_with("\t0")).then_some(())
    };
    wait_for(Duration::from_secs(5), traced).ok_or("strace does not attach")?;
    Ok(child)
}

fn detach(mut tracer: Child) {
    let _ = Command::new("kill").args(["-INT", &tracer.id().to_string()]).status();
    let _ = tracer.wait();
}

/// Kills a program that runs under strace, whose process is strace: its children first. Nobody but us waits for them to have gone,
/// and until then they hold the file.
fn end_all(shop: &Shop) {
    let children = shop.app.pid().map(|pid| format!("/proc/{pid}/task/{pid}/children"));
    let children = children.and_then(|list| std::fs::read_to_string(list).ok()).unwrap_or_default();
    for child in children.split_whitespace() {
        let _ = Command::new("kill").args(["-KILL", child]).status();
    }
    shop.app.kill9();
    for child in children.split_whitespace() {
        let _ = wait_for(IN_THE_END, || has_gone(child).then_some(()));
    }
}

/// Whether a process is no more, or is only waited for.
fn has_gone(pid: &str) -> bool {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    stat.rsplit_once(") ").is_none_or(|(_, state)| state.starts_with('Z'))
}

fn judge(shop: &Shop, sink: &Sink, journal: &Journal, tally: &Tally) -> Result<Verdict> {
    let acknowledged = journal.acknowledged();
    let missing = || &acknowledged - &taken(&sink.entries());
    let arrived = wait_for(IN_THE_END, || missing().is_empty().then_some(())).is_some();
    let healthy = shop.app.stop();
    let checked = integrity(&shop.file())?;
    let stored: BTreeSet<u64> = shop.rows()?.orders()?.iter().filter_map(|id| id.parse().ok()).collect();
    let unstored = &acknowledged - &stored;
    let mut verdict = Verdict::of("syscalls");
    verdict.figure("points", tally.points);
    let injected = tally.injected(|_, _| true);
    verdict.figure("faults injected", injected);
    for which in CALLS.iter().chain(&ERRORS) {
        verdict.figure(which, tally.injected(|call, error| call == *which || error == *which));
    }
    verdict.figure("times the program ended itself", tally.exits);
    verdict.figure("acknowledged", acknowledged.len());
    verdict.figure("of them not stored", unstored.len());
    verdict.figure("of them not sent", missing().len());
    verdict.figure("integrity_check", checked.clone());
    verdict.must(unstored.is_empty(), || format!("acknowledged and not stored: {unstored:?}"));
    verdict.must(arrived, || format!("never arrived: {:?}", missing()));
    verdict.must(checked == "ok", || format!("the file is damaged: {checked}"));
    verdict.must(healthy, || "it does not stop in order afterwards".to_owned());
    verdict.must(injected > tally.points / 2, || "hardly a fault was met: nothing was tried".to_owned());
    let untried = tally.untried();
    verdict.must(untried.is_empty(), || format!("never met: {untried:?}"));
    Ok(verdict)
}

/// What Python's own SQLite finds: somebody else's eyes on the file.
pub fn integrity(file: &Path) -> Result<String> {
    const CHECK: &str = "import sqlite3, sys
rows = sqlite3.connect(sys.argv[1]).execute('PRAGMA integrity_check').fetchall()
print('; '.join(row[0] for row in rows))";
    let said = Command::new("python3").args(["-c", CHECK]).arg(file).output()?;
    if !said.status.success() {
        return Ok(format!("it cannot be opened: {}", String::from_utf8_lossy(&said.stderr).trim()));
    }
    Ok(String::from_utf8_lossy(&said.stdout).trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_call_has_to_meet_each_error() {
        let all = CALLS.into_iter().flat_map(|call| ERRORS.map(|error| ((call, error), 1)));
        let mut tally = Tally { points: 6, injected: all.collect(), exits: 0 };
        assert!(tally.untried().is_empty());
        tally.injected.insert(("ftruncate", "EIO"), 0);
        tally.injected.insert(("pwrite64", "EIO"), 1_000);
        assert_eq!(tally.untried(), [("ftruncate", "EIO")], "many of others make up for nothing");
        tally.injected.remove(&("ftruncate", "ENOSPC"));
        assert_eq!(tally.untried().len(), 2);
    }

    #[test]
    fn the_first_fault_of_each_kind_is_met_whatever_the_seed() {
        for seed in 0..50 {
            for point in &points(Form::Short, seed)[..CALLS.len() * ERRORS.len()] {
                let truncates = point.call == "ftruncate";
                assert!(point.at <= if truncates { 1 } else { 10 }, "{point:?}");
                assert_eq!(point.from_the_start, truncates, "{point:?}");
            }
        }
    }
}
