//! Structured logs to stderr: JSON lines, or words when a person is looking.

use std::io::IsTerminal;
use std::panic::PanicHookInfo;

use tracing_subscriber::EnvFilter;

/// Starts logging at `AFTERCARE_LOG` (for example `debug`), `info` when it is not set. Calling it again does nothing.
pub fn init() {
    let filter = EnvFilter::try_from_env("AFTERCARE_LOG").unwrap_or_else(|_| EnvFilter::new("info"));
    // Otherwise a line that can't be written (the log lies on the disk that is full) is complained about by eprintln!,
    // which panics: in the middle of a request, or of the loop that does the jobs.
    let builder = tracing_subscriber::fmt()
        .log_internal_errors(false)
        .with_env_filter(filter)
        .with_writer(std::io::stderr);
    let started = if std::io::stderr().is_terminal() {
        builder.compact().try_init()
    } else {
        builder.json().flatten_event(true).with_current_span(false).try_init()
    };
    // Logging that has been started by somebody else stays as it is.
    drop(started);
    std::panic::set_hook(Box::new(say_where));
}

/// Where it panicked, and not what it said: that may quote the value it fell over, and values are personal.
fn say_where(panic: &PanicHookInfo<'_>) {
    let place = panic.location().map(ToString::to_string).unwrap_or_default();
    tracing::error!(place, "panicked");
}
