//! The machine a figure comes from, what else it is doing, and what a process has used of it. All from `/proc`.

use std::fs;
use std::process::Command;
use std::time::Duration;

use kernel::{Clock, SystemClock};
use serde::{Deserialize, Serialize};

use crate::clock;

/// The kernel counts processor time in hundredths of a second, on every architecture we run on.
const TICKS_PER_S: f64 = 100.0;
/// How long the machine is watched before a round.
const WATCHED_FOR: Duration = Duration::from_secs(1);

/// What is measured on, and when.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Machine {
    /// The processor's name.
    pub cpu: String,
    /// How many of them we may use.
    pub cores: usize,
    /// Memory in GiB.
    pub memory_gib: f64,
    /// Kernel and distribution.
    pub system: String,
    /// The commit that was built, with a mark when files differed from it.
    pub commit: String,
    /// The day.
    pub date: String,
}

impl Machine {
    /// This one, now.
    pub fn here() -> Machine {
        Machine {
            cpu: value_of("/proc/cpuinfo", "model name").unwrap_or_default(),
            cores: std::thread::available_parallelism().map_or(1, usize::from),
            memory_gib: kibibytes("/proc/meminfo", "MemTotal") / 1_048_576.0,
            system: format!("{}, Linux {}", distribution(), kernel()),
            commit: commit(),
            date: SystemClock.now().to_string().chars().take(10).collect(),
        }
    }
}

/// Its version, without what those who built it have added.
fn kernel() -> String {
    said("uname", &["-r"]).split('-').next().unwrap_or_default().to_owned()
}

fn distribution() -> String {
    let text = fs::read_to_string("/etc/os-release").unwrap_or_default();
    let name = text.lines().find_map(|line| line.strip_prefix("PRETTY_NAME="));
    name.unwrap_or("Linux").trim_matches('"').to_owned()
}

/// The commit, with a `+` behind it where something was changed since. What benches before this one have written isn't.
fn commit() -> String {
    let commit = said("git", &["rev-parse", "--short=12", "HEAD"]);
    let tracked = ["status", "--porcelain", "--untracked-files=no", "--", ":/", ":(top,exclude)docs"];
    let changed = !said("git", &tracked).is_empty();
    if changed { format!("{commit}+") } else { commit }
}

/// What a program prints, or nothing.
pub fn said(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).output();
    output.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned()).unwrap_or_default()
}

/// Processor time a process has used, with its threads, in seconds; zero for one that is gone.
pub fn cpu_s(pid: u32) -> f64 {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    // The name may hold spaces and brackets, so counting begins behind the last one.
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    let ticks = |at: usize| fields.get(at).and_then(|field| field.parse::<f64>().ok()).unwrap_or_default();
    (ticks(11) + ticks(12)) / TICKS_PER_S
}

/// Memory of a process that no file stands behind, in MB: the goals are said in millions of bytes.
pub fn rss_anon_mb(pid: u32) -> f64 {
    kibibytes(&format!("/proc/{pid}/status"), "RssAnon") * 1_024.0 / 1e6
}

/// All memory of a process that is in the machine's, in MB.
pub fn rss_mb(pid: u32) -> f64 {
    kibibytes(&format!("/proc/{pid}/status"), "VmRSS") * 1_024.0 / 1e6
}

/// The kernel says kB and means 1,024 bytes.
fn kibibytes(file: &str, name: &str) -> f64 {
    let value = value_of(file, name).unwrap_or_default();
    value.split_whitespace().next().and_then(|number| number.parse().ok()).unwrap_or_default()
}

fn value_of(file: &str, name: &str) -> Option<String> {
    let text = fs::read_to_string(file).ok()?;
    let line = text.lines().find(|line| line.starts_with(name))?;
    line.split_once(':').map(|(_, value)| value.trim().to_owned())
}

/// Which share of the machine, in percent of one processor, others use while we do nothing for a second.
pub fn foreign_percent() -> f64 {
    let before = busy_s();
    clock::wait(WATCHED_FOR);
    (busy_s() - before) / WATCHED_FOR.as_secs_f64() * 100.0
}

/// Seconds that all processors together have been busy.
fn busy_s() -> f64 {
    let stat = fs::read_to_string("/proc/stat").unwrap_or_default();
    let line = stat.lines().next().unwrap_or_default();
    let ticks: Vec<f64> = line.split_whitespace().skip(1).filter_map(|field| field.parse().ok()).collect();
    // user, nice, system, idle, iowait, irq, softirq, steal
    let idle: f64 = ticks.iter().skip(3).take(2).sum();
    (ticks.iter().take(8).sum::<f64>() - idle) / TICKS_PER_S
}
