//! Which sentences exist and which placeholders each one knows, read from the shipped `.ftl` texts.

use std::collections::{BTreeMap, BTreeSet};

use kernel::Words;

/// The placeholders of each sentence, by key. A placeholder counts when any language uses it.
pub(super) type Placeholders = BTreeMap<String, BTreeSet<String>>;

/// Reads keys and `$names`. A sentence begins in the first column and ends where the next one, a term or a comment does.
pub(super) fn placeholders(sources: &[&[Words]]) -> Placeholders {
    let mut found = Placeholders::new();
    for words in sources.iter().copied().flatten() {
        let mut current = None;
        for line in words.source.lines() {
            if let Some(first) = line.chars().next().filter(|c| !c.is_whitespace() && *c != '}') {
                current = first.is_ascii_alphabetic().then(|| key_of(line));
            }
            if let Some(key) = &current {
                found.entry(key.clone()).or_default().extend(names_in(line));
            }
        }
    }
    found
}

/// The key that looks most like `wanted`, for a mistyped one.
pub(super) fn nearest(known: &Placeholders, wanted: &str) -> Option<String> {
    // A key of a thousand letters is no typing error, and comparing takes time by its length.
    if wanted.len() > 100 {
        return None;
    }
    let near = known.keys().map(|key| (distance(key, wanted), key)).min()?;
    (near.0 <= 3).then(|| near.1.clone())
}

fn key_of(line: &str) -> String {
    line.chars().take_while(|c| is_name(*c)).collect()
}

fn names_in(line: &str) -> impl Iterator<Item = String> + '_ {
    line.split('$').skip(1).map(|rest| rest.chars().take_while(|c| is_name(*c)).collect::<String>())
}

fn is_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '-' | '_')
}

/// How many letters have to be put in, taken out or changed (Levenshtein).
fn distance(a: &str, b: &str) -> usize {
    let mut row: Vec<usize> = (0..=b.chars().count()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, y) in b.chars().enumerate() {
            let changed = diagonal + usize::from(x != y);
            diagonal = row[j + 1];
            row[j + 1] = changed.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    const FTL: &str = "# A comment about $nothing\nhello = Hello { $name }\nitems = { $n ->\n    [one] One\n   *[other] { $n } in { $shop }\n}\n-brand = Tea { $case }\nbye = Bye\n    .title = { $when }\n";

    #[test]
    fn keys_and_their_placeholders_are_read() {
        let found = placeholders(&[&[Words { language: "en", source: FTL }]]);
        let names = |key: &str| found[key].iter().map(String::as_str).collect::<Vec<_>>();
        assert_eq!(names("hello"), ["name"]);
        assert_eq!(names("items"), ["n", "shop"]);
        assert_eq!(names("bye"), ["when"]);
        assert_eq!(found.len(), 3);
    }

    #[test]
    fn a_mistyped_key_finds_its_neighbour() {
        let found = placeholders(&[&[Words { language: "en", source: FTL }]]);
        assert_eq!(nearest(&found, "helo").as_deref(), Some("hello"));
        assert_eq!(nearest(&found, "something-else"), None);
    }
}
