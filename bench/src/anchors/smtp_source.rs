//! Postfix's own load generator: the same message again and again, as fast as the server takes it.

use std::process::Command;

use kernel::Result;

use super::output_of;
use crate::clock;

/// Bytes of a message, as in the workloads it is held against.
pub const BYTES: u32 = 10_240;

/// Sends `messages` over `sessions` that are kept open; messages a second.
pub fn per_second(port: u16, sessions: u32, messages: u32) -> Result<f64> {
    let mut source = Command::new("/usr/sbin/smtp-source");
    source.args(["-d", "-l", &BYTES.to_string(), "-s", &sessions.to_string(), "-m", &messages.to_string()]);
    source.args(["-f", "shop@bench.test", "-t", "someone@bench.test", "-M", "bench.test"]);
    source.arg(format!("127.0.0.1:{port}"));
    let (done, took) = clock::timed(|| output_of(&mut source));
    done?;
    Ok(f64::from(messages) / took.as_secs_f64())
}
