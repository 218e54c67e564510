//! One finding, and how it is said.

use std::time::Duration;

use serde::Serialize;

/// What one check has found. Nothing in it is secret or about a person.
#[derive(Debug, Serialize)]
pub(crate) struct Finding {
    pub check: &'static str,
    pub ok: bool,
    /// What a cross is about; for pages, which say more than a cross.
    #[serde(skip)]
    pub fault: Fault,
    pub found: String,
    /// What to do; beside a tick it is advice.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fix: Option<String>,
    /// The DNS record to publish.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub record: Option<DnsRecord>,
}

/// What is wrong with what was looked at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Fault {
    /// It is not as it should be, or nothing is wrong.
    #[default]
    Wrong,
    /// It is not there.
    Missing,
    /// Nobody could say.
    Unanswered,
}

/// A record, as a DNS provider's form asks for it.
#[derive(Debug, Serialize)]
pub(crate) struct DnsRecord {
    pub name: String,
    #[serde(rename = "type")]
    pub kind: &'static str,
    pub value: String,
}

impl Finding {
    /// One line, and below it what to do.
    pub fn print(&self) {
        let mark = if self.ok { "✔" } else { "✘" };
        println!("{mark} {:<14} {}", self.check, self.found);
        if let Some(fix) = &self.fix {
            println!("  {:<14} → {fix}", "");
        }
        if let Some(record) = &self.record {
            println!("  {:<14}   {}  {}  {}", "", record.name, record.kind, record.value);
        }
    }

    /// The same, with advice.
    pub fn advice(mut self, fix: impl Into<String>) -> Self {
        self.fix = Some(fix.into());
        self
    }

    /// The same, of something that is not there.
    pub fn missing(mut self) -> Self {
        self.fault = Fault::Missing;
        self
    }

    /// The same, of something that nobody could say.
    pub fn unanswered(mut self) -> Self {
        self.fault = Fault::Unanswered;
        self
    }

    /// The same, with the TXT record to publish.
    pub fn publish(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.record = Some(DnsRecord { name: name.into(), kind: "TXT", value: value.into() });
        self
    }
}

/// A tick.
pub(crate) fn good(check: &'static str, found: impl Into<String>) -> Finding {
    Finding { check, ok: true, fault: Fault::default(), found: found.into(), fix: None, record: None }
}

/// A cross, and what mends it.
pub(crate) fn bad(check: &'static str, found: impl Into<String>, fix: impl Into<String>) -> Finding {
    Finding {
        check,
        ok: false,
        fault: Fault::default(),
        found: found.into(),
        fix: Some(fix.into()),
        record: None,
    }
}

/// `40 seconds`, `3 hours`, `12 days`.
pub(super) fn span(time: Duration) -> String {
    let seconds = time.as_secs();
    let (count, unit) = match seconds {
        0..=119 => (seconds, "second"),
        120..=7_199 => (seconds / 60, "minute"),
        7_200..=172_799 => (seconds / 3_600, "hour"),
        _ => (seconds / 86_400, "day"),
    };
    format!("{count} {unit}{}", if count == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_said_in_its_largest_unit_that_is_exact_enough() {
        let cases = [
            (0, "0 seconds"),
            (1, "1 second"),
            (119, "119 seconds"),
            (120, "2 minutes"),
            (7_200, "2 hours"),
            (172_800, "2 days"),
        ];
        for (seconds, words) in cases {
            assert_eq!(span(Duration::from_secs(seconds)), words);
        }
    }
}
