//! `wrk`, the load generator everybody knows.

use std::path::Path;
use std::process::Command;

use kernel::{Error, Result};

use super::output_of;

/// What a run says.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Said {
    /// Requests a second.
    pub per_second: f64,
    /// Half of all answers came within this, in milliseconds.
    pub p50_ms: f64,
    /// 99 of 100 did.
    pub p99_ms: f64,
    /// Answers other than 2xx and 3xx, and broken connections.
    pub failed: u64,
}

/// Asks for `url` over so many connections by two threads, with what the script does.
pub fn run(url: &str, connections: u32, seconds: u32, script: Option<&Path>) -> Result<Said> {
    let mut wrk = Command::new("wrk");
    wrk.args(["-t2", &format!("-c{connections}"), "--latency", &format!("-d{seconds}s")]);
    if let Some(script) = script {
        wrk.arg("-s").arg(script);
    }
    let said = output_of(wrk.arg(url))?;
    read(&said).ok_or_else(|| Error::internal(format!("wrk said something else:\n{said}")))
}

fn read(said: &str) -> Option<Said> {
    let after = |name: &str| said.lines().find_map(|line| line.trim().strip_prefix(name)).map(str::trim);
    let failed = after("Non-2xx or 3xx responses:").and_then(|count| count.parse().ok()).unwrap_or(0);
    Some(Said {
        per_second: after("Requests/sec:")?.parse().ok()?,
        p50_ms: milliseconds(after("50%")?)?,
        p99_ms: milliseconds(after("99%")?)?,
        failed: failed + u64::from(said.contains("Socket errors")),
    })
}

/// `wrk` writes 612.00us, 1.53ms or 2.00s.
fn milliseconds(text: &str) -> Option<f64> {
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let number: f64 = digits.parse().ok()?;
    match &text[digits.len()..] {
        "us" => Some(number / 1_000.0),
        "ms" => Some(number),
        "s" => Some(number * 1_000.0),
        "m" => Some(number * 60_000.0),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_wrk_says_is_read() {
        let said = "  Latency Distribution\n     50%  612.00us\n     75%    1.00ms\n     99%    1.53ms\n  12 requests in 1.00s\n  Non-2xx or 3xx responses: 7\nRequests/sec:  24013.77\n";
        assert_eq!(read(said), Some(Said { per_second: 24_013.77, p50_ms: 0.612, p99_ms: 1.53, failed: 7 }));
        assert_eq!(read("nonsense"), None);
        assert_eq!(milliseconds("2.00s"), Some(2_000.0));
    }
}
