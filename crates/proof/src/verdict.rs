//! What an experiment found.

use std::time::Duration;

use serde_json::{Value, json};

/// What an experiment returns, or why it could not be run to its end.
pub type Result<T> = std::result::Result<T, Box<dyn std::error::Error + Send + Sync>>;

/// What an experiment found.
#[derive(Clone, Debug)]
pub struct Verdict {
    /// Which experiment.
    pub name: String,
    /// What was found wrong, a sentence each; nothing when the promise held.
    pub faults: Vec<String>,
    /// What was counted and measured, in the order to be read.
    pub figures: Vec<(String, Value)>,
    /// Why it was not run, where it could not be.
    pub left_out: Option<String>,
    /// How long it took.
    pub took: Duration,
}

impl Verdict {
    /// A verdict without faults so far.
    pub fn of(name: impl Into<String>) -> Verdict {
        Verdict {
            name: name.into(),
            faults: Vec::new(),
            figures: Vec::new(),
            left_out: None,
            took: Duration::ZERO,
        }
    }

    /// One that says why the experiment can't be run here.
    pub fn left_out(name: impl Into<String>, why: impl Into<String>) -> Verdict {
        Verdict { left_out: Some(why.into()), ..Verdict::of(name) }
    }

    /// One of an experiment that broke off.
    pub fn broken(name: impl Into<String>, why: impl std::fmt::Display) -> Verdict {
        Verdict { faults: vec![format!("broke off: {why}")], ..Verdict::of(name) }
    }

    /// Adds a figure.
    pub fn figure(&mut self, name: &str, value: impl Into<Value>) {
        self.figures.push((name.to_owned(), value.into()));
    }

    /// Adds a fault unless `holds`.
    pub fn must(&mut self, holds: bool, otherwise: impl FnOnce() -> String) {
        if !holds {
            self.faults.push(otherwise());
        }
    }

    /// Takes over faults and figures of a part, under its name.
    pub fn part(&mut self, part: Verdict) {
        self.faults.extend(part.faults.into_iter().map(|fault| format!("{}: {fault}", part.name)));
        let figures = part.figures.into_iter();
        self.figures.extend(figures.map(|(name, value)| (format!("{} {name}", part.name), value)));
    }

    /// Whether the promise held. An experiment that was left out has shown nothing, and fails nothing.
    pub fn is_ok(&self) -> bool {
        self.faults.is_empty()
    }

    /// `ok name: figures` or `FAILED name: …`, on one line.
    pub fn line(&self) -> String {
        if let Some(why) = &self.left_out {
            return format!("left out {}: {why}", self.name);
        }
        let figures: Vec<String> =
            self.figures.iter().map(|(name, value)| format!("{name} {value}")).collect();
        let (word, faults) = if self.is_ok() {
            ("ok", String::new())
        } else {
            ("FAILED", format!(" -- {}", self.faults.join("; ")))
        };
        let took = self.took.as_secs();
        format!("{word} {}: {} ({took} s){faults}", self.name, figures.join(", "))
    }

    /// The same for programs.
    pub fn json(&self) -> Value {
        let figures: serde_json::Map<String, Value> = self.figures.iter().cloned().collect();
        json!({
            "name": self.name, "ok": self.is_ok(), "left_out": self.left_out, "faults": self.faults,
            "figures": figures, "took_s": self.took.as_secs_f64(),
        })
    }
}

/// The value below which `percent` of the values lie; 0 of none.
pub fn percentile(values: &mut [u64], percent: usize) -> u64 {
    values.sort_unstable();
    let at = (values.len() * percent).div_ceil(100).saturating_sub(1);
    values.get(at).copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_fails_and_a_figure_does_not() {
        let mut verdict = Verdict::of("kills");
        verdict.figure("kills", 50);
        verdict.must(true, || unreachable!());
        assert!(verdict.is_ok() && verdict.line().starts_with("ok kills: kills 50"));
        let mut part = Verdict::of("sqlite");
        part.must(false, || "2 lost".to_owned());
        verdict.part(part);
        assert!(!verdict.is_ok());
        assert!(verdict.line().starts_with("FAILED kills:") && verdict.line().ends_with("-- sqlite: 2 lost"));
        assert_eq!(verdict.json()["ok"], false);
    }

    #[test]
    fn a_percentile_is_a_value_that_was_there() {
        assert_eq!(percentile(&mut [], 99), 0);
        assert_eq!(percentile(&mut [3, 1, 2], 50), 2);
        assert_eq!(percentile(&mut (1..=200).collect::<Vec<u64>>(), 99), 198);
        assert_eq!(percentile(&mut [7], 99), 7);
    }
}
