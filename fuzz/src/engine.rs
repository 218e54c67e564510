//! All targets in one program for libFuzzer; `AFTERCARE_FUZZ` names the one to run.

#![no_main]

use std::sync::OnceLock;

use fuzz::Target;
use libfuzzer_sys::fuzz_target;

static CHOSEN: OnceLock<&'static Target> = OnceLock::new();

fuzz_target!(init: choose(), |bytes: &[u8]| {
    if let Some(target) = CHOSEN.get() {
        (target.run)(bytes);
    }
});

/// Without a target there is nothing to run, and saying so is kinder than running nothing for a minute.
fn choose() {
    let name = std::env::var("AFTERCARE_FUZZ").unwrap_or_default();
    let Some(target) = fuzz::named(&name) else {
        let names: Vec<&str> = fuzz::TARGETS.iter().map(|target| target.name).collect();
        eprintln!("AFTERCARE_FUZZ names the target: one of {}", names.join(", "));
        std::process::exit(2);
    };
    // Set twice by nobody: libFuzzer initialises once.
    let _ = CHOSEN.set(target);
}
