//! Makes the living shop: everybody's orders, each at its own time, through the public verbs.

use std::io::{IsTerminal, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use db::{Durability, Mode};
use kernel::{Clock, Dice, Error, Keys, Result, SystemClock, Timestamp, VirtualClock};
use serde::{Deserialize, Serialize};
use world::people::{Person, people};
use world::shopping::{Moment, eighteen_months};

use crate::Config;
use crate::cli::DemoArgs;
use crate::house::{House, Setting};

/// Milliseconds of a mean Gregorian month.
const MONTH: Duration = Duration::from_millis(2_629_746_000);
/// The number of the first order, less one.
const FIRST_NUMBER: u32 = 1_000;

/// A shop that has lived until a moment.
pub struct Made {
    /// Its customers.
    pub people: Vec<Person>,
    /// What still happens to orders that were placed already.
    pub to_come: Vec<Moment>,
    /// The number of the next order.
    pub next_number: u32,
    /// The shop's clock.
    pub lived_until: Timestamp,
}

/// What a shop was made from, kept beside its database so that a second start finds the same shop.
#[derive(Serialize, Deserialize)]
struct Origin {
    seed: u64,
    customers: u32,
    from: Timestamp,
    to: Timestamp,
}

/// Makes the shop, or finds the one that lives in `folder` already.
pub async fn make_or_find(args: &DemoArgs, folder: &Path, config: Config, keys: Keys) -> Result<Made> {
    let file = folder.join("demo.json");
    if let Ok(text) = std::fs::read_to_string(&file) {
        let origin: Origin = serde_json::from_str(&text)?;
        return find(&origin, config, keys).await;
    }
    let to = SystemClock.now();
    let origin = Origin { seed: args.seed, customers: args.customers, from: to - MONTH * args.months, to };
    let made = make(&origin, config, keys).await?;
    save(&file, &origin)?;
    Ok(made)
}

fn save(file: &PathBuf, origin: &Origin) -> Result<()> {
    let text = serde_json::to_string(origin)?;
    std::fs::write(file, text)
        .map_err(|error| Error::invalid("config", format!("Can't write {}: {error}", file.display())))
}

/// The same seed gives the same people and the same moments.
fn life(origin: &Origin) -> (Vec<Person>, Vec<Moment>, Dice) {
    let mut dice = Dice::seeded(origin.seed);
    let people = people(origin.customers as usize, &mut dice);
    let moments = eighteen_months(&people, origin.from, origin.to, &mut dice);
    (people, moments, dice)
}

async fn make(origin: &Origin, config: Config, keys: Keys) -> Result<Made> {
    let (people, moments, dice) = life(origin);
    let clock = Arc::new(VirtualClock::at(origin.from));
    let setting = Setting {
        clock: clock.clone(),
        dice,
        mode: Mode::Inline,
        durability: Durability::Bulk,
        ..Setting::server()
    };
    let house = House::with_keys(config, keys, setting)?;
    house.migrate()?;
    let runner = house.runner().await?;
    let past = moments.partition_point(|moment| moment.at <= origin.to);
    let mut progress = Progress::new(past);
    for moment in moments[..past].iter().cloned() {
        world::passing::pass(&runner, &*clock, moment.at).await?;
        house.db.write("demo.seed", move |w| moment.take(w)).await?;
        progress.step();
    }
    world::passing::pass(&runner, &*clock, origin.to).await?;
    house.db.clone().close().await;
    progress.done();
    Ok(made(people, moments, past, origin.to))
}

async fn find(origin: &Origin, config: Config, keys: Keys) -> Result<Made> {
    let (people, moments, _) = life(origin);
    let house = House::with_keys(config, keys, Setting::server())?;
    house.migrate()?;
    let newest = house.db.read("demo.latest", |r| timeline::latest(r, 1)).await?;
    house.db.clone().close().await;
    let lived_until = newest.first().map_or(origin.to, |event| event.recorded_at).max(SystemClock.now());
    let past = moments.partition_point(|moment| moment.at <= lived_until);
    Ok(made(people, moments, past, lived_until))
}

fn made(people: Vec<Person>, moments: Vec<Moment>, past: usize, lived_until: Timestamp) -> Made {
    let number = |moment: &Moment| moment.order()?.number.trim_start_matches('#').parse::<u32>().ok();
    let newest = moments.iter().filter_map(number).max().unwrap_or(FIRST_NUMBER);
    let to_come = moments.into_iter().skip(past).collect();
    Made { people, to_come, next_number: newest + 1, lived_until }
}

/// A bar on a terminal; a line now and then in a log.
struct Progress {
    all: usize,
    done: usize,
    shown: usize,
    on_terminal: bool,
}

impl Progress {
    const WIDTH: usize = 40;

    fn new(all: usize) -> Self {
        let progress = Progress { all, done: 0, shown: 0, on_terminal: std::io::stderr().is_terminal() };
        eprintln!("Making a living shop: {all} things that happened to its orders.");
        progress
    }

    fn step(&mut self) {
        self.done += 1;
        let hundredths = if self.on_terminal { 1 } else { 25 };
        let percent = self.done * 100 / self.all.max(1);
        if percent >= self.shown + hundredths {
            self.shown = percent;
            self.show(percent);
        }
    }

    fn show(&self, percent: usize) {
        if !self.on_terminal {
            eprintln!("{percent} %");
            return;
        }
        let filled = Self::WIDTH * percent / 100;
        let bar: String = (0..Self::WIDTH).map(|at| if at < filled { '█' } else { '·' }).collect();
        eprint!("\r{bar} {percent:>3} %  {} of {}", self.done, self.all);
        let _ = std::io::stderr().flush();
    }

    fn done(&self) {
        if self.on_terminal {
            eprintln!();
        }
    }
}
