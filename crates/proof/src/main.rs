//! `proof`: tries what is promised, and says what came out.

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use aftercare::cli::Role;
use clap::{Parser, Subcommand};
use proof::experiments::{self, EXPERIMENTS};
use proof::{Form, Verdict, host};
use rig::now::pause;
use rig::sink::{Options, Sink};
use serde_json::Value;

/// Experiments on the built program: killed, stopped, cut off, overloaded.
#[derive(Debug, Parser)]
#[command(name = "proof", arg_required_else_help = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Minutes of each experiment, for every change.
    Short(Which),
    /// As long as each takes.
    Long(Which),
    /// The experiments there are.
    List,
    /// Runs the mail server of the experiments, and says every second how much has come.
    Sink {
        /// Where its log is kept; without one it only counts.
        #[arg(long, value_name = "FILE")]
        log: Option<PathBuf>,
    },
    /// Serves the shop with offers beside it. For the experiments themselves.
    Serve {
        /// The configuration file.
        #[arg(long)]
        config: Option<PathBuf>,
        /// What the process does.
        #[arg(long, value_enum, default_value_t = Role::All)]
        role: Role,
    },
}

#[derive(Debug, clap::Args)]
struct Which {
    /// Which experiments; all when none is named.
    names: Vec<String>,
    /// The same seed makes the same kills, faults and answers; when they meet the program differs from run to run.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Writes the verdicts to this file too, as JSON.
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
}

fn main() -> ExitCode {
    match Cli::parse().command {
        Command::Short(which) => run(&which, Form::Short),
        Command::Long(which) => run(&which, Form::Long),
        Command::List => {
            for experiment in EXPERIMENTS {
                println!("{:<18} {}", experiment.name, experiment.about);
            }
            ExitCode::SUCCESS
        }
        Command::Sink { log } => sink(log),
        Command::Serve { config, role } => match host::run(config.as_deref(), role) {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => said(&error.to_string(), 1),
        },
    }
}

fn run(which: &Which, form: Form) -> ExitCode {
    let known = |name: &&String| EXPERIMENTS.iter().any(|experiment| experiment.name == name.as_str());
    if let Some(unknown) = which.names.iter().find(|name| !known(name)) {
        return said(&format!("there is no experiment {unknown}; see proof list"), 2);
    }
    let verdicts = experiments::run(&which.names, form, which.seed, |verdict| println!("{}", verdict.line()));
    if let Some(path) = &which.json {
        let all: Vec<Value> = verdicts.iter().map(Verdict::json).collect();
        let text = serde_json::to_string_pretty(&all).unwrap_or_default() + "\n";
        if let Err(error) = std::fs::write(path, text) {
            return said(&format!("{} cannot be written: {error}", path.display()), 1);
        }
    }
    if verdicts.iter().all(Verdict::is_ok) { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Until it is ended.
fn sink(log: Option<PathBuf>) -> ExitCode {
    let sink = match Sink::start(Options { log, ..Options::default() }) {
        Ok(sink) => sink,
        Err(error) => return said(&error.to_string(), 1),
    };
    println!("{}", sink.url());
    let mut before = 0;
    loop {
        pause(Duration::from_secs(1));
        let messages = sink.messages();
        if messages > before {
            println!("{messages} messages, {} in this second, {} bytes", messages - before, sink.bytes());
        }
        before = messages;
    }
}

fn said(words: &str, code: u8) -> ExitCode {
    eprintln!("proof: {words}");
    ExitCode::from(code)
}
