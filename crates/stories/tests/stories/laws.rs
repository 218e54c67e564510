//! Laws of the house, as tests: every query prepares on both engines, every fork says why, personal data is listed.

use std::collections::BTreeSet;

use aftercare::lists;
use stories::personal::marked_in_migrations;
use stories::stage::Stage;
use stories::stories;

/// Forked queries the whole program may have, counted as pairs.
const MOST_FORKS: usize = 10;

stories! {
    async fn every_named_query_prepares(stage: &Stage) {
        for file in lists::queries::queries() {
            for query in file.bound {
                let checked = stage.house.db.read("law.prepare", |r| r.check(query)).await;
                checked.unwrap_or_else(|error| panic!("{}: {}: {error}", file.origin, query.name()));
            }
        }
    }
}

#[test]
fn every_query_of_a_file_is_bound_and_says_why() {
    for file in lists::queries::queries() {
        let bound: BTreeSet<_> = file.bound.iter().map(|query| query.name()).collect();
        let named: BTreeSet<_> = file.sections().iter().map(|section| section.name).collect();
        assert_eq!(bound, named, "{}", file.origin);
        for section in file.sections() {
            assert!(!section.comments.is_empty(), "{}: {} has no reason above it", file.origin, section.name);
        }
    }
}

#[test]
fn forks_are_few_and_say_why_they_differ() {
    let mut forks = BTreeSet::new();
    for file in lists::queries::queries() {
        for section in file.sections().into_iter().filter(|section| section.only.is_some()) {
            let says_why = section.comments.iter().any(|comment| comment.starts_with("Differs because"));
            assert!(says_why, "{}: {} is forked without a reason", file.origin, section.name);
            forks.insert((file.origin, section.name));
        }
    }
    assert!(forks.len() <= MOST_FORKS, "{forks:?}");
}

#[test]
fn the_list_of_personal_tables_is_what_the_migrations_mark() {
    let listed: BTreeSet<_> =
        lists::personal::personal_tables().iter().map(|table| table.table.to_owned()).collect();
    let marked: BTreeSet<_> = marked_in_migrations().into_iter().collect();
    assert_eq!(listed, marked);
}

#[test]
fn sql_stays_within_the_common_language() {
    let forbidden =
        ["now()", "ilike", "like '", "nextval", "serial", "jsonb", "->>", "interval '", "create trigger"];
    let migrations = lists::migrations::MIGRATIONS.iter().map(|migration| (migration.name, migration.sql));
    let queries = lists::queries::queries().into_iter().map(|file| (file.origin, file.source));
    for (origin, sql) in migrations.chain(queries) {
        let lower = sql.to_lowercase();
        let code: String = lower.lines().filter(|line| !line.trim_start().starts_with("--")).collect();
        for word in forbidden {
            assert!(!code.contains(word), "{origin} uses {word}");
        }
    }
}

/// Tables whose unique key is not claimed by the statement that inserts it, and why that is no race.
const CLAIMED_OTHERWISE: [(&str, &str); 2] = [
    (
        "products",
        "found by its key in the same serializable write, which runs again when another inserted it",
    ),
    ("api_keys", "the key is 256 bits of chance"),
];

/// Whoever looks first and inserts then is two statements behind the one who does both in one. The key decides who was
/// first, and the insert has to say so.
#[test]
fn a_unique_key_is_claimed_by_the_statement_that_inserts_it() {
    let keyed: BTreeSet<String> =
        lists::migrations::MIGRATIONS.iter().flat_map(|migration| keyed_tables(migration.sql)).collect();
    assert!(keyed.len() > 10 && keyed.contains("webhooks") && keyed.contains("messages"), "{keyed:?}");
    let mut inserts = 0;
    for file in lists::queries::queries() {
        for section in file.sections() {
            let code = section.text.lines().filter(|line| !line.trim_start().starts_with("--"));
            let code = code.collect::<Vec<_>>().join("\n").to_lowercase();
            let Some(into) = code.split("insert into ").nth(1) else { continue };
            let table = into.split([' ', '(', '\n']).next().unwrap_or_default();
            let otherwise = CLAIMED_OTHERWISE.iter().any(|(known, _)| *known == table);
            if !keyed.contains(table) || otherwise {
                continue;
            }
            inserts += 1;
            let claims = code.contains("on conflict (") && !code.contains("not exists");
            assert!(claims, "{}: {} looks before it inserts", file.origin, section.name);
        }
    }
    assert!(inserts > 10, "{inserts}");
}

/// Tables with a unique index or constraint beside their primary key.
fn keyed_tables(sql: &str) -> Vec<String> {
    let mut tables = Vec::new();
    let mut table = String::new();
    for line in sql.lines().map(str::trim) {
        if let Some(name) = line.strip_prefix("CREATE TABLE ") {
            table = name.split([' ', '(']).next().unwrap_or_default().to_lowercase();
        }
        if line.starts_with("CREATE UNIQUE INDEX") {
            let on = line.split(" ON ").nth(1).and_then(|on| on.split(' ').next());
            tables.push(on.unwrap_or_default().to_lowercase());
        } else if line.starts_with("UNIQUE (") || line.contains(" UNIQUE") {
            tables.push(table.clone());
        }
    }
    tables
}

#[test]
fn every_page_template_is_known_once() {
    let names: Vec<_> =
        aftercare::routes::templates().concat().iter().map(|template| template.name).collect();
    let distinct: BTreeSet<_> = names.iter().collect();
    assert_eq!(names.len(), distinct.len());
}
