//! Every input that was worth keeping, through the function it was found for: without libFuzzer, in the ordinary run.

use std::panic::catch_unwind;
use std::path::{Path, PathBuf};

use fuzz::{TARGETS, Target};

/// What is kept stays small enough to be read by a person and cloned by everybody.
const MOST_BYTES: u64 = 250_000;

fn corpus(target: &Target) -> Vec<(PathBuf, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus").join(target.name);
    let entries = std::fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let paths = entries.map(|entry| entry.expect("a folder can be listed").path());
    let mut inputs: Vec<_> =
        paths.map(|path| (path.clone(), std::fs::read(path).expect("an input can be read"))).collect();
    inputs.sort();
    inputs
}

#[test]
fn whatever_was_once_tried_is_read_without_a_fault() {
    let mut wrong = Vec::new();
    for target in TARGETS {
        for (path, bytes) in corpus(target) {
            let run = target.run;
            if catch_unwind(move || run(&bytes)).is_err() {
                wrong.push(path);
            }
        }
    }
    assert!(wrong.is_empty(), "./x fuzz TARGET FILE runs one alone: {wrong:#?}");
}

#[test]
fn every_target_has_a_corpus_and_all_of_them_together_are_small() {
    let sizes = TARGETS.iter().map(|target| (target.name, corpus(target)));
    let mut all = 0;
    for (name, inputs) in sizes {
        assert!(!inputs.is_empty(), "{name} has nothing to begin with");
        all += inputs.iter().map(|(_, bytes)| bytes.len() as u64).sum::<u64>();
    }
    assert!(all <= MOST_BYTES, "the corpora have {all} bytes: keep what reaches something new");
}

/// A target that finds nothing wrong with anything would be worth nothing.
#[test]
fn a_target_fails_when_something_is_wrong() {
    let broken = Target { name: "broken", max_bytes: 1, run: |bytes| assert!(bytes.is_empty(), "found") };
    assert!(catch_unwind(|| (broken.run)(b"x")).is_err());
    assert!(fuzz::named("contact").is_some() && fuzz::named("broken").is_none());
}
