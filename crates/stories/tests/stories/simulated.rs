//! The simulated world itself: that its lives break no rule, that the same seed is the same life, and that a broken
//! rule is said so that it can be seen again. A thousand lives are lived by `./x ci`, in a release build.

use std::process::Output;

use stories::app::{App, Settings};

fn simulate(arguments: &[&str]) -> (Output, String) {
    let app = App::idle(Settings::default());
    let done = app.cli(&[&["simulate"], arguments].concat());
    let line = String::from_utf8_lossy(&done.stdout).trim_end().to_owned();
    (done, line)
}

fn number(line: &str, name: &str) -> u64 {
    let found = line.split(' ').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='));
    found.and_then(|number| number.parse().ok()).unwrap_or_else(|| panic!("no {name} in {line}"))
}

#[test]
fn a_seed_is_the_same_life_twice_and_another_is_another() {
    let (done, line) = simulate(&["--seeds", "3..4", "--days", "8"]);
    assert_eq!(done.status.code(), Some(0), "{}", String::from_utf8_lossy(&done.stderr));
    assert_eq!((number(&line, "seeds"), number(&line, "days")), (2, 8));
    assert!(number(&line, "events") > 0 && number(&line, "crashes") > 0, "nothing happened: {line}");
    assert_eq!(simulate(&["--seeds", "3..4", "--days", "8"]).1, line);
    assert_ne!(simulate(&["--seeds", "4..5", "--days", "8"]).1, line);
}

#[test]
fn seeds_that_make_no_sense_are_a_wrong_call() {
    for seeds in ["5..1", "a..b", "7", ""] {
        assert_eq!(simulate(&["--seeds", seeds]).0.status.code(), Some(2), "{seeds}");
    }
}
