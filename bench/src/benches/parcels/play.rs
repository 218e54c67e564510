//! The process whose time and memory are measured: this very benchmark, started once more over a shop that was filled,
//! with a worker that knows the work on parcels and nothing else.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use aftercare::house::{House, Setting};
use db::params;
use jobs::{Lane, NewJob, Registry, Runner};
use kernel::{Clock, Error, Result, SystemClock};
use rig::process;
use serde::{Deserialize, Serialize};
use serde_json::json;
use tokio::sync::watch;

use super::super::staff;
use super::fill::{FIND_TOLD, FORGET_TOLD, FORGET_WATCH, GONE_WRONG, LEFT_TO_DO, MAKE_DUE};
use super::scan;
use crate::anchors::output_of;
use crate::protocol::{Measured, measured};
use crate::{clock, machine, seed};

/// The word on our own command line.
pub const PLAY: &str = "play-parcels";
/// How often memory is looked at, and whether there is anything left to do.
const GLANCE: Duration = Duration::from_millis(20);
/// What is due within this is not over: a write of this moment is younger than a read that waited for its snapshot.
const SOON: Duration = Duration::from_secs(60);

/// What such a process does.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub enum Part {
    /// Reads every row.
    Scan,
    /// Looks at every so-many-th parcel from the first on.
    Looks {
        /// The first.
        from: i64,
        /// How far it is to the next.
        stride: i64,
    },
    /// Walks once past all orders that nobody has told to have left.
    Walk,
}

/// The process's errand.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Errand {
    /// Where the shop is.
    pub url: String,
    /// How many parcels there are.
    pub parcels: i64,
    /// What it does.
    pub part: Part,
}

/// Sends a process of its own and waits for what it has measured.
pub fn send(errand: &Errand) -> Result<Measured> {
    let ours =
        std::env::current_exe().map_err(|error| Error::internal(format!("our own program: {error}")))?;
    let mut player = process::mortal(ours);
    player.arg(PLAY).arg(serde_json::to_string(errand)?);
    Ok(serde_json::from_str(&output_of(&mut player)?)?)
}

/// Does the errand and prints what it took.
pub fn play(arguments: &[String]) -> Result<()> {
    let Errand { url, parcels, part } = serde_json::from_str(&arguments.concat())?;
    let found = match part {
        Part::Scan => scan_all(&url, parcels),
        Part::Looks { from, stride } => worker(&url)?.looks(parcels, from, stride),
        Part::Walk => worker(&url)?.walk(parcels),
    };
    println!("{}", serde_json::to_string(&found?)?);
    Ok(())
}

fn scan_all(url: &str, parcels: i64) -> Result<Measured> {
    let (tally, found) = measuring(parcels, || scan::scan(url))?;
    if tally.rows < parcels.unsigned_abs() * scan::READ.len() as u64 {
        return Err(Error::internal(format!("the scan has seen {} rows of {parcels} parcels", tally.rows)));
    }
    Ok(found)
}

/// Does `work` for so many parcels: what one of them took, and what the process grew by.
fn measuring<T>(parcels: i64, work: impl FnOnce() -> Result<T>) -> Result<(T, Measured)> {
    let (pid, over) = (std::process::id(), AtomicBool::new(false));
    let (before_mb, cpu_before) = (machine::rss_anon_mb(pid), machine::cpu_s(pid));
    let (done, took, most_mb) = std::thread::scope(|scope| {
        let watching = scope.spawn(|| {
            let mut most_mb = before_mb;
            while !over.load(Ordering::SeqCst) {
                most_mb = most_mb.max(machine::rss_anon_mb(pid));
                clock::wait(GLANCE);
            }
            most_mb
        });
        let (done, took) = clock::timed(work);
        over.store(true, Ordering::SeqCst);
        (done, took, watching.join())
    });
    let most_mb = most_mb.map_err(|_| Error::internal("nobody has watched the memory"))?;
    let (all, cpu_s) = (parcels as f64, machine::cpu_s(pid) - cpu_before);
    let found = measured([
        ("us", took.as_secs_f64() * 1e6 / all),
        ("cpu_us", cpu_s * 1e6 / all),
        ("growth_mb", most_mb - before_mb),
    ]);
    Ok((done?, found))
}

/// A worker that does what there is to do about parcels.
struct Worker {
    house: House,
    runner: Arc<Runner>,
    runtime: tokio::runtime::Runtime,
}

fn worker(url: &str) -> Result<Worker> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let runtime = runtime.map_err(|error| Error::internal(error.to_string()))?;
    let (house, runner) = runtime.block_on(async {
        let house = seed::open_at(url, Setting::server())?;
        let registry = Registry::new()
            .write(shipments::WATCH, shipments::watch)
            .write(shipments::SWEEP, shipments::sweep)
            .write(shipments::SWEEP_PAGE, shipments::sweep_page);
        let runner = Runner::start(house.db.clone(), registry).await?;
        Ok::<_, Error>((house, Arc::new(runner)))
    })?;
    Ok(Worker { house, runner, runtime })
}

impl Worker {
    /// Looks at parcels that are due and all right.
    fn looks(self, parcels: i64, from: i64, stride: i64) -> Result<Measured> {
        let now = SystemClock.now();
        let due = self
            .house
            .db
            .write("bench.make_due", move |w| w.execute(&MAKE_DUE, params![now, from, stride, parcels]));
        let due = self.runtime.block_on(due)?;
        let (_, found) = measuring(due as i64, || self.work())?;
        self.end()?;
        Ok(found)
    }

    /// Walks past all of them, to the one order at the end that is new.
    fn walk(self, parcels: i64) -> Result<Measured> {
        let begin = self.house.db.write("bench.walk", |w| {
            let (due_at, payload) = (w.now, json!({}));
            let walk = NewJob {
                kind: shipments::SWEEP,
                key: "bench",
                payload: &payload,
                due_at,
                lane: Lane::Upkeep,
            };
            jobs::enqueue(w, &walk)
        });
        self.runtime.block_on(begin)?;
        let (_, found) = measuring(parcels, || self.work())?;
        let new = staff::id("ord", parcels.unsigned_abs());
        let looked_at = self.house.db.write("bench.looked_at", move |w| {
            let told = w.row(&FIND_TOLD, params![&new])?;
            w.execute(&FORGET_TOLD, params![&new])?;
            w.execute(&FORGET_WATCH, params![&new])?;
            Ok(told.is_some())
        });
        if !self.runtime.block_on(looked_at)? {
            return Err(Error::internal("the walk did not come to its end"));
        }
        self.end()?;
        Ok(found)
    }

    /// Works until nothing is left to do.
    fn work(&self) -> Result<()> {
        self.runtime.block_on(async {
            let (stop, stopping) = watch::channel(false);
            let working = tokio::spawn(self.runner.clone().serve(stopping));
            while self.left().await? > 0 {
                clock::wait(GLANCE);
            }
            stop.send_replace(true);
            working.await.map_err(|error| Error::internal(error.to_string()))
        })
    }

    async fn left(&self) -> Result<i64> {
        self.house.db.read("bench.left", |r| r.one(&LEFT_TO_DO, params![r.now + SOON])?.get("jobs")).await
    }

    /// Fails when anything was said, noticed or tried in vain.
    fn end(self) -> Result<()> {
        let wrong =
            self.house.db.read("bench.wrong", |r| r.one(&GONE_WRONG, params![])?.get::<i64>("things"));
        match self.runtime.block_on(wrong)? {
            0 => {
                self.runtime.block_on(self.house.db.clone().close());
                Ok(())
            }
            things => Err(Error::internal(format!("{things} things came of parcels that are all right"))),
        }
    }
}
