//! The list of experiments, and how they are run.

use std::thread;

use rig::now::{now_us, since};

use crate::{Result, Verdict, kills, lanes, nodes, overload, power, restart, stale, syscalls};

/// How much of an experiment is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Minutes, for every change.
    Short,
    /// As long as it takes.
    Long,
}

/// One experiment.
pub struct Experiment {
    /// What it is called by.
    pub name: &'static str,
    /// What it tries, in a sentence.
    pub about: &'static str,
    run: fn(Form, u64) -> Result<Verdict>,
    /// Whether it measures nothing that others on the same processors would spoil.
    shares: bool,
}

/// Every experiment, in the order they are run.
pub const EXPERIMENTS: &[Experiment] = &[
    of("kills", "SIGKILL at random moments, orders and offers, on both engines", kills::run, true),
    of("stale", "SIGSTOP past the lease, another does the work, SIGCONT", stale::run, true),
    of("nodes", "three nodes on one PostgreSQL, one killed", nodes::run, true),
    of("postgres-restart", "PostgreSQL killed and restarted under load", restart::run, true),
    of("syscalls", "EIO and ENOSPC at the k-th write, sync or truncate", syscalls::run, false),
    of("power", "power cuts, with synchronous FULL and NORMAL", power::run, false),
    of("overload", "five times the sustainable load", overload::run, false),
    of("lanes", "purchases confirmed beside a backlog of 100,000 offers", lanes::run, false),
];

const fn of(
    name: &'static str,
    about: &'static str,
    run: fn(Form, u64) -> Result<Verdict>,
    shares: bool,
) -> Experiment {
    Experiment { name, about, run, shares }
}

/// Runs the experiments of these names (all when none is given): those that mostly wait all at once, and then the
/// others one after the other. Calls `tell` with each verdict as it comes.
pub fn run(names: &[String], form: Form, seed: u64, mut tell: impl FnMut(&Verdict)) -> Vec<Verdict> {
    let is_wanted = |name: &str| names.is_empty() || names.iter().any(|wanted| wanted == name);
    let wanted = EXPERIMENTS.iter().filter(|experiment| is_wanted(experiment.name));
    let (together, alone): (Vec<_>, Vec<_>) = wanted.partition(|experiment| experiment.shares);
    let mut verdicts = Vec::new();
    thread::scope(|scope| {
        let start = |experiment: &'static Experiment| scope.spawn(move || one(experiment, form, seed));
        let running: Vec<_> = together.iter().copied().map(start).collect();
        for (experiment, running) in together.iter().zip(running) {
            let verdict = running.join().unwrap_or_else(|_| Verdict::broken(experiment.name, "it panicked"));
            tell(&verdict);
            verdicts.push(verdict);
        }
    });
    for experiment in alone {
        let verdict = one(experiment, form, seed);
        tell(&verdict);
        verdicts.push(verdict);
    }
    verdicts
}

/// One experiment in a thread of its own: what panics there, such as a program that does not start, is its verdict.
fn one(experiment: &Experiment, form: Form, seed: u64) -> Verdict {
    let began = now_us();
    let run = experiment.run;
    let mut verdict = match thread::spawn(move || run(form, seed)).join() {
        Ok(Ok(verdict)) => verdict,
        Ok(Err(error)) => Verdict::broken(experiment.name, error),
        Err(_) => Verdict::broken(experiment.name, "it panicked; see above"),
    };
    verdict.took = since(began);
    verdict
}
