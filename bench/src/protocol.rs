//! How a comparison is made: rounds, in each of which every contender runs once, in an order that is shuffled anew.
//!
//! Figures of a shared machine wander, so what counts is the ratio within a round, and of those the one in the middle.
//! A durable round carries what the disk could do before and after it. Where the machine is busy with something else we
//! wait for it, for a minute at most, and then say so: nothing is dropped in silence.

use std::collections::BTreeMap;
use std::path::PathBuf;

use kernel::{Dice, Result};
use serde::{Deserialize, Serialize};

use crate::floor::{self, Class};
use crate::machine;
use crate::stats::Spread;

/// More foreign work than this, in percent of one processor, and the round waits.
const NOISE_PERCENT: f64 = 10.0;
/// How often a round looks whether the noise is over.
const NOISE_TRIES: u32 = 60;

/// What was measured of a contender in one round: named figures.
pub type Measured = BTreeMap<String, f64>;

/// What all benches are given.
pub struct Bench {
    /// Rounds of each comparison.
    pub rounds: usize,
    /// Fewer and shorter, for a look while developing.
    pub quick: bool,
    /// Where files of this run may lie.
    pub folder: PathBuf,
    /// Chance, for the order of contenders and for data.
    pub dice: Dice,
}

impl Bench {
    /// `long`, or `short` in a quick run.
    pub fn pick<T>(&self, long: T, short: T) -> T {
        if self.quick { short } else { long }
    }
}

/// Somebody who takes part in each round.
pub struct Contender<'a> {
    /// What it is called in the figures.
    pub name: &'static str,
    /// Runs once.
    pub run: Box<dyn FnMut() -> Result<Measured> + 'a>,
}

/// Whether a round rests on the disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rests {
    /// Every unit of work is flushed.
    OnTheDisk,
    /// Only the processor counts.
    OnTheProcessor,
}

/// One round.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Round {
    /// In which order they ran.
    pub order: Vec<String>,
    /// The median flush before and after, in milliseconds.
    pub flush_ms: Option<(f64, f64)>,
    /// What that says of the disk.
    pub class: Option<Class>,
    /// Foreign work just before, in percent of one processor.
    pub foreign_percent: f64,
    /// Whether there was too much of it and it did not end.
    pub noisy: bool,
    /// Whether it counts. One in which the disk changed its mood does not, and another is measured.
    pub counts: bool,
    /// What was measured.
    pub results: BTreeMap<String, Measured>,
}

/// Runs the rounds of a comparison.
pub fn compare(bench: &mut Bench, rests: Rests, contenders: &mut [Contender<'_>]) -> Result<Vec<Round>> {
    let (wanted, mut rounds) = (bench.rounds, Vec::<Round>::new());
    let counted = |rounds: &[Round]| rounds.iter().filter(|round| round.counts).count();
    while counted(&rounds) < wanted && rounds.len() < 2 * wanted {
        let round = one_round(bench, rests, contenders)?;
        say(&round, rounds.len() + 1);
        rounds.push(round);
    }
    if counted(&rounds) == 0 {
        // The disk never kept its mood for a round: then all of them count, and the class says what they are.
        rounds.iter_mut().for_each(|round| round.counts = true);
    }
    Ok(rounds)
}

fn one_round(bench: &mut Bench, rests: Rests, contenders: &mut [Contender<'_>]) -> Result<Round> {
    let (foreign_percent, noisy) = wait_for_quiet(bench.quick);
    let durable = rests == Rests::OnTheDisk;
    let flush = |bench: &Bench| durable.then(|| floor::flush_ms(&bench.folder)).transpose();
    let before = flush(bench)?;
    let (mut order, mut results) = (Vec::new(), BTreeMap::new());
    for at in shuffled(contenders.len(), &mut bench.dice) {
        let contender = &mut contenders[at];
        results.insert(contender.name.to_owned(), (contender.run)()?);
        order.push(contender.name.to_owned());
    }
    let flush_ms = before.zip(flush(bench)?);
    let class = flush_ms.map(|(before, after)| Class::of(before, after));
    let counts = class != Some(Class::Changed);
    Ok(Round { order, flush_ms, class, foreign_percent, noisy, counts, results })
}

/// Waits until others are quiet: how busy they were at last, and whether that is still too much.
fn wait_for_quiet(quick: bool) -> (f64, bool) {
    let tries = if quick { 1 } else { NOISE_TRIES };
    let mut foreign = machine::foreign_percent();
    for _ in 1..tries {
        if foreign <= NOISE_PERCENT {
            break;
        }
        foreign = machine::foreign_percent();
    }
    (foreign, foreign > NOISE_PERCENT)
}

fn shuffled(count: usize, dice: &mut Dice) -> Vec<usize> {
    let mut order: Vec<usize> = (0..count).collect();
    for at in (1..count).rev() {
        order.swap(at, dice.below(at as u64 + 1) as usize);
    }
    order
}

fn say(round: &Round, number: usize) {
    let class = round.class.map(Class::word).unwrap_or_default();
    let noisy = if round.noisy { " noisy" } else { "" };
    let results: Vec<String> = round
        .results
        .iter()
        .map(|(who, measured)| {
            let figures: Vec<_> = measured.iter().map(|(what, value)| format!("{what} {value:.4}")).collect();
            format!("{who}: {}", figures.join(", "))
        })
        .collect();
    eprintln!("  round {number} {class}{noisy}  {}", results.join("  |  "));
}

/// A figure of a contender over the rounds that count.
pub fn spread(rounds: &[Round], who: &str, what: &str) -> Spread {
    Spread::of(rounds.iter().filter(|round| round.counts).filter_map(|round| figure(round, who, what)))
}

/// The ratio of two figures within each round that counts.
pub fn ratio(rounds: &[Round], of: (&str, &str), to: (&str, &str)) -> Spread {
    let within = |round: &Round| Some(figure(round, of.0, of.1)? / figure(round, to.0, to.1)?);
    Spread::of(rounds.iter().filter(|round| round.counts).filter_map(within))
}

/// One figure of one round.
pub fn figure(round: &Round, who: &str, what: &str) -> Option<f64> {
    round.results.get(who)?.get(what).copied()
}

/// Named figures, written in a line.
pub fn measured<const N: usize>(figures: [(&str, f64); N]) -> Measured {
    figures.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bench() -> Bench {
        let folder = std::env::temp_dir();
        Bench { rounds: 3, quick: true, folder, dice: Dice::seeded(1) }
    }

    #[test]
    fn every_contender_runs_once_a_round_and_ratios_are_within_it() {
        let (mut slow, mut fast) = (0.0, 0.0);
        let rounds = compare(
            &mut bench(),
            Rests::OnTheProcessor,
            &mut [
                Contender {
                    name: "a",
                    run: Box::new(|| {
                        slow += 1.0;
                        Ok(measured([("rate", slow)]))
                    }),
                },
                Contender {
                    name: "b",
                    run: Box::new(|| {
                        fast += 1.0;
                        Ok(measured([("rate", 2.0 * fast)]))
                    }),
                },
            ],
        )
        .unwrap();
        assert_eq!(rounds.len(), 3);
        assert_eq!(ratio(&rounds, ("b", "rate"), ("a", "rate")), Spread::single(2.0));
        assert_eq!(spread(&rounds, "a", "rate"), Spread { median: 2.0, min: 1.0, max: 3.0 });
        assert_eq!(spread(&rounds, "a", "nothing"), Spread::default());
    }

    #[test]
    fn a_shuffle_loses_nobody() {
        let mut dice = Dice::seeded(3);
        for count in [1, 2, 7] {
            let mut order = shuffled(count, &mut dice);
            order.sort_unstable();
            assert_eq!(order, (0..count).collect::<Vec<_>>());
        }
    }
}
