//! How fast the hot paths are, each beside an anchor or a limit of the same machine in the same run: `./x bench`.
//!
//! Figures of a shared machine wander, so nothing here fails for its speed: read the ratios. What must be *right*
//! while it is fast (nobody twice, nobody missing, every link good) does fail.

mod anchors;
mod benches;
mod clock;
mod floor;
mod load;
mod machine;
mod protocol;
mod report;
mod seed;
mod shop;
mod stats;

use std::path::{Path, PathBuf};

use kernel::{Dice, Error, Result};

use crate::machine::Machine;
use crate::protocol::Bench;
use crate::report::Section;

/// The program's own: the process that plays the campaign is this one.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Rounds of a comparison, and of a quick one.
const ROUNDS: (usize, usize) = (7, 2);

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.split_first() {
        Some((word, rest)) if word == benches::campaign::PLAY => benches::campaign::play(rest),
        Some((word, rest)) if word == benches::parcels::PLAY => benches::parcels::play(rest),
        _ => run(&Asked::read(&arguments)?),
    }
}

/// What was asked for on the command line.
struct Asked {
    names: Vec<String>,
    rounds: usize,
    quick: bool,
    render: bool,
    docs: PathBuf,
}

impl Asked {
    fn read(arguments: &[String]) -> Result<Asked> {
        let mut asked =
            Asked { names: Vec::new(), rounds: 0, quick: false, render: false, docs: PathBuf::from("docs") };
        let mut rest = arguments.iter();
        while let Some(argument) = rest.next() {
            match argument.as_str() {
                "--quick" => asked.quick = true,
                "--render" => asked.render = true,
                "--rounds" => {
                    let rounds = rest.next().and_then(|count| count.parse().ok()).filter(|count| *count > 0);
                    asked.rounds = rounds.ok_or_else(|| wrong("--rounds wants a number from 1"))?;
                }
                "--docs" => asked.docs = rest.next().ok_or_else(|| wrong("--docs wants a folder"))?.into(),
                name if benches::NAMES.contains(&name) => asked.names.push(name.to_owned()),
                name => {
                    return Err(wrong(&format!("there is no bench {name}: {}", benches::NAMES.join(", "))));
                }
            }
        }
        if asked.names.is_empty() {
            asked.names = benches::NAMES.map(str::to_owned).to_vec();
        }
        if asked.rounds == 0 {
            asked.rounds = if asked.quick { ROUNDS.1 } else { ROUNDS.0 };
        }
        Ok(asked)
    }
}

fn wrong(words: &str) -> Error {
    Error::invalid("bench", words.to_owned())
}

fn run(asked: &Asked) -> Result<()> {
    if asked.render {
        return report::render(&asked.docs);
    }
    let folder = rig::process::Folder::on_disk("bench");
    let folder = folder.map_err(|error| Error::internal(format!("a folder for the run: {error}")))?;
    for name in &asked.names {
        let mut bench = Bench {
            rounds: asked.rounds,
            quick: asked.quick,
            folder: folder.path().to_owned(),
            dice: Dice::seeded(1),
        };
        eprintln!("{name}");
        let (section, took) = clock::timed(|| benches::run(name, &mut bench));
        let section =
            Section { name: name.clone(), quick: asked.quick, machine: Machine::here(), ..section? };
        say(&section);
        eprintln!("{name} took {:.0} s", took.as_secs_f64());
        publish(&asked.docs, &section)?;
    }
    Ok(())
}

/// A quick run is a glance and replaces no result.
fn publish(docs: &Path, section: &Section) -> Result<()> {
    if section.quick { Ok(()) } else { report::publish(docs, section) }
}

fn say(section: &Section) {
    println!("{}", section.title);
    for figure in &section.figures {
        let stats::Spread { median, min, max } = figure.value;
        let verdict = figure.verdict().unwrap_or_default().replace('*', "");
        println!("  {:<66} {median:>12.3} {:<10} [{min:.3} {max:.3}] {verdict}", figure.what, figure.unit);
    }
    for table in &section.tables {
        println!("  {}\n  {}", table.caption, table.head.join(" | "));
        table.rows.iter().for_each(|row| println!("  {}", row.join(" | ")));
    }
}
