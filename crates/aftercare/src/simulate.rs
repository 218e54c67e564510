//! `aftercare simulate`: the shop's life, seed by seed, with everything in it that goes wrong.

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::Duration;

use db::{Db, Durability, Mode};
use kernel::{Clock, Dice, Error, Keys, Result, Timestamp, VirtualClock, keys};
use messaging::{Templates, Wording};
use platforms::{NewConnection, Platform};
use world::sim::{Broken, Credentials, Host, Lived, PUBLIC_URL, Parts, Program, VENDURE_API, live};

use crate::cli::SimulateArgs;
use crate::house::{House, Setting};
use crate::terminal::Line;
use crate::{Config, lists};

/// Only good for shops that nobody lives in.
const SECRET: &str = "the simulated world has no secrets";
/// A gateway that is never reached: the simulator's own carries the texts.
const GATEWAY: &str = "kannel+http://shop:password@127.0.0.1:13013/cgi-bin/sendsms";
/// How often the simulated platform's list is read; a life of thirty days asks hundreds of times.
const POLL_EVERY: Duration = Duration::from_secs(4 * 3_600);

/// From so many lives on, chance is no excuse for an edge where nothing ever went wrong.
const MANY_LIVES: u64 = 1_000;
/// Nor is it rare when all of them together passed it so often.
const PASSED_OFTEN: u64 = 2_000;

/// Runs the command.
pub fn run(args: &SimulateArgs) -> Result<ExitCode> {
    let (first, last) = args.seeds;
    let host = Binary::new()?;
    let mut sums = Sums::default();
    let mut line = Line::new();
    let broken = lives(&host, (first, last), args.days, |lived| {
        sums.add(&lived);
        line.show("Living", sums.seeds, Some(last - first + 1), "lives");
    });
    line.clear();
    if let Some((seed, broken)) = broken {
        eprintln!("Seed {seed}: {broken}");
        eprintln!("To see it again: aftercare simulate --seeds {seed}..{seed} --days {}", args.days);
        println!("{}", sums.line(args.days));
        return Ok(ExitCode::FAILURE);
    }
    if args.edges {
        sums.print_edges();
    }
    println!("{}", sums.line(args.days));
    let spared = sums.spared();
    spared.iter().for_each(|edge| eprintln!("Nothing was tried here: {edge}"));
    Ok(if spared.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Lives all seeds, as many at once as the machine has cores. Hands them over in the order of the seeds, up to the
/// first that breaks a rule, so that the same seeds always end in the same way.
fn lives(
    host: &Binary,
    (first, last): (u64, u64),
    days: u32,
    mut each: impl FnMut(Lived),
) -> Option<(u64, Broken)> {
    let (next, stop) = (AtomicUsize::new(0), AtomicBool::new(false));
    let (done, all) = mpsc::channel();
    let cores = thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|scope| {
        for _ in 0..cores {
            let (done, next, stop) = (done.clone(), &next, &stop);
            scope.spawn(move || {
                while !stop.load(Ordering::Relaxed) {
                    let seed = first + next.fetch_add(1, Ordering::Relaxed) as u64;
                    if seed > last || done.send((seed, live(host, seed, days))).is_err() {
                        return;
                    }
                }
            });
        }
        drop(done);
        let mut early = BTreeMap::new();
        let mut expected = first;
        for (seed, lived) in all {
            early.insert(seed, lived);
            while let Some(lived) = early.remove(&expected) {
                match lived {
                    Ok(lived) => each(lived),
                    Err(broken) => {
                        stop.store(true, Ordering::Relaxed);
                        return Some((expected, broken));
                    }
                }
                expected += 1;
            }
        }
        None
    })
}

/// What all seeds come to.
#[derive(Default)]
struct Sums {
    seeds: u64,
    all: Lived,
}

impl Sums {
    fn add(&mut self, lived: &Lived) {
        self.seeds += 1;
        self.all.events += lived.events;
        self.all.messages += lived.messages;
        self.all.crashes += lived.crashes;
        self.all.trace = keys::sha256(&[self.all.trace, lived.trace].concat());
        for (edge, times) in &lived.edges {
            let sum = self.all.edges.entry(*edge).or_default();
            (0..sum.len()).for_each(|what| sum[what] += times[what]);
        }
    }

    /// One line, without the time it took: the same seeds give the same line.
    fn line(&self, days: u32) -> String {
        let Lived { events, messages, crashes, trace, .. } = &self.all;
        let (seeds, trace) = (self.seeds, keys::hex(trace));
        format!(
            "seeds={seeds} days={days} events={events} messages={messages} crashes={crashes} trace={trace}"
        )
    }

    /// Edges that many lives passed often and where the program never died, or no commit ever failed: a run that says nothing
    /// of them must not look as if it did.
    fn spared(&self) -> Vec<String> {
        if self.seeds < MANY_LIVES {
            return Vec::new();
        }
        let is_spared = |[passed, crashes, errors]: &[u64; 3]| {
            passed + crashes + errors >= PASSED_OFTEN && (*crashes == 0 || *errors == 0)
        };
        let spared = self.all.edges.iter().filter(|(_, times)| is_spared(times));
        spared
            .map(|((name, side), [passed, crashes, errors])| {
                format!("{name}, {side}: passed {passed} times, {crashes} crashes, {errors} errors")
            })
            .collect()
    }

    fn print_edges(&self) {
        eprintln!("{:>12} {:>9} {:>9}  edge", "passed", "crashes", "errors");
        for ((name, side), [passed, crashes, errors]) in &self.all.edges {
            eprintln!("{passed:>12} {crashes:>9} {errors:>9}  {name}, {side}");
        }
    }
}

/// Opens the real house.
struct Binary {
    config: Config,
    keys: Keys,
    /// What all lives say, parsed once.
    wording: Arc<Wording>,
    /// What each life begins with: every table, and no row.
    empty: Db,
}

fn setting(clock: Arc<dyn Clock>, dice: Dice) -> Setting {
    let templates = Templates::new(&[lists::messages::templates().all(), world::letters::TEMPLATES]);
    Setting { clock, dice, mode: Mode::Inline, durability: Durability::Full, templates, ..Setting::server() }
}

impl Binary {
    fn new() -> Result<Self> {
        let env = [
            ("AFTERCARE_DATABASE_URL", "sqlite::memory:"),
            ("AFTERCARE_PUBLIC_URL", PUBLIC_URL),
            ("AFTERCARE_MAIL_FROM", "Northwind Tea <orders@northwind.example>"),
            ("AFTERCARE_TIMEZONE", "Europe/London"),
            ("AFTERCARE_SMS_URL", GATEWAY),
        ];
        let env = env.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
        let mut config = Config::load(None, &env)?;
        config.poll_every = POLL_EVERY;
        config.brand = crate::demo::northwind("https://northwind.example");
        let keys = Keys::parse(SECRET)?;
        let clock = Arc::new(VirtualClock::at(Timestamp::from_ms(0)));
        let house = House::with_keys(config.clone(), keys.clone(), setting(clock, Dice::seeded(0)))?;
        house.migrate()?;
        let wording = house.db.wiring().get_arc()?;
        Ok(Binary { config, keys, wording, empty: house.db })
    }
}

impl Host for Binary {
    fn open(&self, parts: Parts) -> Result<Program> {
        let config = Config { policy: parts.policy, ..self.config.clone() };
        let inherited = match parts.inherited {
            Some(inherited) => inherited,
            None => self.empty.twin()?,
        };
        let setting = Setting {
            mail: Some(parts.mail),
            texts: Some(parts.texts),
            wording: Some(self.wording.clone()),
            outside: Some(parts.outside),
            edges: parts.edges,
            inherited: Some(inherited),
            ..setting(parts.clock, parts.dice)
        };
        let house = House::with_keys(config, self.keys.clone(), setting)?;
        let (db, router) = (house.db.clone(), house.router()?);
        Ok(Program { db, router, start: Box::pin(async move { house.runner().await }) })
    }

    fn connect(&self, db: &Db) -> Pin<Box<dyn Future<Output = Result<Credentials>> + Send + '_>> {
        let (db, keys) = (db.clone(), self.keys.clone());
        Box::pin(async move {
            let new = NewConnection {
                platform: Platform::Vendure,
                name: "The simulated shop".to_owned(),
                secret: None,
                api_url: Some(VENDURE_API.to_owned()),
                api_key: Some("a key to the simulated shop".to_owned()),
            };
            let connection = db.write("simulate.connect", move |w| platforms::connect(w, &new)).await?;
            let made = db.write("simulate.key", |w| api::create_key(w, "simulator", &api::Scope::ALL)).await;
            let api_key = made.map_err(|error| Error::internal(error.to_string()))?;
            Ok(Credentials {
                api_key,
                hook_source: format!("vendure:{}", connection.id),
                hook_path: connection.webhook_path,
                hook_secret: connection.secret,
                keys,
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_run_that_spared_an_edge_says_so() {
        let edges = [
            (("tried", "before"), [5_000, 3, 4]),
            (("seldom passed", "before"), [1_999, 0, 0]),
            (("never died at", "after"), [1_990, 0, 10]),
            (("never failed at", "after"), [5_000, 1, 0]),
        ];
        let all = Lived { edges: edges.into(), ..Lived::default() };
        let long = Sums { seeds: MANY_LIVES, all: all.clone() };
        let spared = long.spared();
        assert_eq!(spared.len(), 2, "{spared:?}");
        assert!(spared[0].starts_with("never died at, after: passed 1990 times"), "{spared:?}");
        assert!(spared[1].starts_with("never failed at, after"), "{spared:?}");
        assert!(Sums { seeds: MANY_LIVES - 1, all }.spared().is_empty(), "a short run may leave some out");
    }
}
