//! The documents name paths; each one they name is there. The example configuration is one the program accepts.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// How many answers WHERE.md gives at least.
const FEWEST_ANSWERS: usize = 40;
/// The documents whose links are followed.
const DOCUMENTS: [&str; 7] = [
    "README.md",
    "ARCHITECTURE.md",
    "WHERE.md",
    "CONTRIBUTING.md",
    "SECURITY.md",
    "CHANGELOG.md",
    "docs/reliability.md",
];

/// The top of the repository.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn text_of(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// What stands between backticks in `text`.
fn backticked(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}

/// The last cell of each row of a document's tables, without their heads and rules.
fn answers(text: &str) -> Vec<&str> {
    let rows = text.lines().filter(|line| line.starts_with('|') && line.contains('`'));
    rows.filter_map(|row| row.trim_end().trim_end_matches('|').rsplit('|').next()).collect()
}

/// The targets of a document's links that lead to files, without their anchors.
fn linked_files(text: &str) -> Vec<&str> {
    let targets = text.split("](").skip(1).filter_map(|rest| rest.split(')').next());
    let near = targets.filter(|target| !target.starts_with('#') && !target.contains("://"));
    near.filter_map(|target| target.split('#').next()).collect()
}

/// Every decision record, with the documents at the top.
fn documents() -> Vec<PathBuf> {
    let records = fs::read_dir(root().join("docs/decisions")).expect("the decision records are there");
    let records = records.map(|entry| entry.expect("a record can be listed").path());
    DOCUMENTS.iter().map(|name| root().join(name)).chain(records).collect()
}

#[test]
fn every_place_that_where_names_is_there() {
    let text = text_of(&root().join("WHERE.md"));
    let answers = answers(&text);
    assert!(answers.len() >= FEWEST_ANSWERS, "{} answers", answers.len());
    let places: Vec<_> = answers.iter().flat_map(|answer| backticked(answer)).collect();
    let gone: Vec<_> = places.iter().filter(|place| !root().join(place).exists()).collect();
    assert!(gone.is_empty(), "WHERE.md names what is not there: {gone:?}");
}

#[test]
fn every_link_between_documents_leads_somewhere() {
    for document in documents() {
        let text = text_of(&document);
        let folder = document.parent().expect("a document lies in a folder");
        let broken: Vec<_> =
            linked_files(&text).into_iter().filter(|file| !folder.join(file).exists()).collect();
        assert!(broken.is_empty(), "{} links to what is not there: {broken:?}", document.display());
    }
}

/// Every Rust source under `folder`, as one text.
fn sources(folder: &Path) -> String {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let paths = entries.map(|entry| entry.expect("a source can be listed").path());
    paths
        .map(|path| match path.extension().is_some_and(|ending| ending == "rs") {
            true => text_of(&path),
            false if path.is_dir() => sources(&path),
            false => String::new(),
        })
        .collect()
}

#[test]
fn every_test_that_the_architecture_names_is_there() {
    let text = text_of(&root().join("ARCHITECTURE.md"));
    let sources = ["crates", "fuzz"].map(|folder| sources(&root().join(folder))).concat();
    // Names of tests are sentences; a column or a statement has fewer words.
    let is_claim = |name: &str| {
        name.matches('_').count() >= 3 && name.chars().all(|c| c.is_ascii_lowercase() || c == '_')
    };
    let claims: Vec<_> = backticked(&text).filter(|name| is_claim(name)).collect();
    assert!(claims.len() >= 30, "{} tests are named", claims.len());
    let gone: Vec<_> = claims.iter().filter(|name| !sources.contains(&format!("fn {name}("))).collect();
    assert!(gone.is_empty(), "ARCHITECTURE.md names tests that are not there: {gone:?}");
}

#[test]
fn the_example_configuration_is_accepted() {
    let path = root().join("aftercare.example.toml");
    let config =
        aftercare::Config::load(Some(&path), &BTreeMap::new()).unwrap_or_else(|error| panic!("{error}"));
    let defaults = aftercare::Config::load(None, &BTreeMap::new()).expect("the defaults are a configuration");
    assert_eq!(config.brand.name, "Northwind Tea");
    assert_eq!(config.policy, defaults.policy);
    assert_eq!(config.listen, defaults.listen);
    assert_eq!(config.database_url, defaults.database_url);
}

#[test]
fn the_example_names_every_setting_that_can_be_set() {
    let example = text_of(&root().join("aftercare.example.toml"));
    for key in [
        "database_url",
        "listen",
        "public_url",
        "secret",
        "mail_url",
        "mail_from",
        "dkim_domain",
        "dkim_selector",
        "dkim_key",
        "dns",
        "trusted_proxies",
        "timezone",
        "locale",
        "currency",
        "[brand]",
        "[brand.contact]",
        "[[brand.social]]",
        "[policy]",
        "[wording]",
    ] {
        assert!(example.contains(key), "{key}");
    }
    for name in
        ["DATABASE_URL", "LISTEN", "PUBLIC_URL", "SECRET", "MAIL_URL", "MAIL_FROM", "TRUSTED_PROXIES", "LOG"]
    {
        assert!(example.contains(&format!("AFTERCARE_{name}")), "AFTERCARE_{name}");
    }
}

#[test]
fn links_and_places_are_read_as_they_are_written() {
    let text = "| Where | Path |\n|---|---|\n| A `word` | `a/b.rs`, `c` |\n[x](docs/a.md#part) [y](https://x.test) [z](#here)";
    assert_eq!(
        answers(text).iter().flat_map(|answer| backticked(answer)).collect::<Vec<_>>(),
        ["a/b.rs", "c"]
    );
    assert_eq!(linked_files(text), ["docs/a.md"]);
}
