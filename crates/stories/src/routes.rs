//! Every route that stands in the source, so that a test can ask whether it has a place in its list.

use std::collections::BTreeMap;
use std::path::Path;

/// Each route whose address begins like this, with whether it is looked at (`GET`) and whether it takes a form (`POST`).
/// Those that tests make for themselves are not among them.
pub fn in_the_source(beginning: &str) -> BTreeMap<String, (bool, bool)> {
    let mut found = BTreeMap::new();
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("this crate lies among the others");
    for folder in ["aftercare", "doors", "foundation", "rooms"] {
        read_all(&crates.join(folder), &mut found);
    }
    found.retain(|route, _| {
        route == beginning || route.starts_with(&format!("{}/", beginning.trim_end_matches('/')))
    });
    found
}

fn read_all(folder: &Path, found: &mut BTreeMap<String, (bool, bool)>) {
    for entry in std::fs::read_dir(folder).expect("the source is there") {
        let path = entry.expect("a folder can be listed").path();
        let is_test = path.file_name().is_some_and(|name| name == "tests.rs" || name == "tests");
        if path.is_dir() && !is_test {
            read_all(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "rs") && !is_test {
            read(&std::fs::read_to_string(&path).expect("a source can be read"), found);
        }
    }
}

fn read(source: &str, found: &mut BTreeMap<String, (bool, bool)>) {
    let source = source.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
    for route in source.split(".route(").skip(1) {
        let Some(rest) = route.trim_start().strip_prefix('"') else { continue };
        let Some((path, handlers)) = rest.split_once('"') else { continue };
        let mut depth = 1_i32;
        let ends = handlers.find(|letter| {
            depth += i32::from(letter == '(') - i32::from(letter == ')');
            depth == 0
        });
        let handlers = &handlers[..ends.unwrap_or(handlers.len())];
        let is = |verb: &str| handlers.split(|c: char| !c.is_ascii_alphanumeric()).any(|word| word == verb);
        let known = found.entry(path.to_owned()).or_default();
        *known = (known.0 || is("get"), known.1 || is("post"));
    }
}
