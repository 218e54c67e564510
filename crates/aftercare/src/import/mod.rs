//! `aftercare import`: a file in, with a bar that moves, a file of what could not be taken, and a summary.

mod progress;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use imports::{Count, ErrorFile, Maker, Setting};
use kernel::{Error, Result, Timestamp, text};
use platforms::Platform;
use serde_json::json;

use crate::cli::{ImportArgs, ImportKind};
use crate::commands;
use crate::house::House;
use progress::Progress;

/// The source of what nobody said otherwise of.
const DEFAULT_SOURCE: &str = "import";
/// The most characters of a source.
const MAX_SOURCE: usize = 120;

/// Runs the command: 0 when every row was taken or known, 1 when one was not.
pub fn run(args: &ImportArgs, env: &BTreeMap<String, String>) -> Result<ExitCode> {
    let house = commands::opened(&args.config, env)?;
    let source = commands::block_on(source(&house, args))?;
    let setting = Setting { source, currency: house.shop()?.currency };
    let path = args.errors.clone().unwrap_or_else(|| beside(&args.file));
    let mut errors = ErrorFile::at(&path, args.with_rows)?;
    let clock = house.db.clock().clone();
    let mut progress = Progress::begun();
    let began = clock.now();
    eprintln!("Looking through {} first.", args.file.display());
    let imported = commands::block_on(imports::import(
        &house.db,
        &args.file,
        maker(args.kind),
        &setting,
        &mut errors,
        &mut |count| progress.show(count),
    ));
    progress.end();
    let count = imported?;
    println!("{}", summary(args, &setting, &count, errors.written(), clock.now(), began));
    eprintln!("{}", words(args.kind, &count, errors.written()));
    Ok(if count.refused == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn maker(kind: ImportKind) -> Maker {
    match kind {
        ImportKind::Orders => imports::orders::shape,
        ImportKind::Shipments => imports::shipments::shape,
        ImportKind::Consents => imports::consents::shape,
        ImportKind::Suppressions => imports::suppressions::shape,
        ImportKind::Products => imports::products::shape,
    }
}

fn beside(file: &Path) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".errors.csv");
    PathBuf::from(name)
}

/// Under which source the file is stored. Shopify's export must end under the connection its webhooks come through,
/// or each of its orders would be there twice; so it is never guessed where there is a choice.
async fn source(house: &House, args: &ImportArgs) -> Result<String> {
    let connected = house.db.read("import.sources", platforms::sources).await?;
    let is_export = args.kind == ImportKind::Orders && imports::orders::is_shopify_file(&args.file);
    if let Some(name) = &args.connection {
        let found = connected.into_iter().find(|source| source.name == *name);
        let found = found.ok_or_else(|| unknown_connection(name))?;
        if is_export && found.platform != Platform::Shopify {
            let words = format!("This is Shopify's export, and {name} is not a Shopify connection.");
            return Err(Error::invalid("other_platform", words));
        }
        return Ok(found.source);
    }
    if let Some(source) = &args.source {
        return named(source);
    }
    if !is_export {
        return Ok(DEFAULT_SOURCE.to_owned());
    }
    let mut shops = connected.into_iter().filter(|source| source.platform == Platform::Shopify);
    match (shops.next(), shops.next()) {
        (Some(only), None) => {
            eprintln!("These orders are stored under the connection {}.", only.name);
            Ok(only.source)
        }
        _ => Err(which_connection()),
    }
}

fn named(source: &str) -> Result<String> {
    let source =
        text::line(source, MAX_SOURCE).map_err(|fault| text::field_error("--source", fault, MAX_SOURCE))?;
    if source.contains(':') {
        let words = "A source has no colon. To import for a connected shop, say --connection and its name.";
        return Err(Error::invalid("not_a_source", words));
    }
    Ok(source)
}

#[track_caller]
fn unknown_connection(name: &str) -> Error {
    let words = format!("There is no connection named {name}. Make it with: aftercare connect");
    Error::invalid("unknown_connection", words)
}

#[track_caller]
fn which_connection() -> Error {
    Error::invalid(
        "which_connection",
        "This is Shopify's export. Say --connection and the name of the Shopify connection it belongs to (make it first \
         with: aftercare connect shopify), so that later webhooks find these orders; or --source shopify when this shop \
         will never be connected.",
    )
}

fn summary(
    args: &ImportArgs,
    setting: &Setting,
    count: &Count,
    errors: Option<&Path>,
    now: Timestamp,
    began: Timestamp,
) -> serde_json::Value {
    json!({
        "file": args.file.display().to_string(),
        "source": setting.source,
        "rows": count.rows,
        "added": count.added,
        "changed": count.changed,
        "known": count.known,
        "doubled_rows": count.doubled_rows,
        "refused": count.refused,
        "refused_rows": count.refused_rows,
        "errors": errors.map(|path| path.display().to_string()),
        "ignored_columns": count.ignored_columns,
        "seconds": now.since(began).as_millis() as f64 / 1_000.0,
    })
}

fn words(kind: ImportKind, count: &Count, errors: Option<&Path>) -> String {
    let things = match kind {
        ImportKind::Orders => ["order", "orders"],
        ImportKind::Shipments => ["parcel", "parcels"],
        ImportKind::Consents => ["answer", "answers"],
        ImportKind::Suppressions => ["address", "addresses"],
        ImportKind::Products => ["product or variant", "products or variants"],
    };
    let rows = |n| number_of(n, ["row", "rows"]);
    let mut words = format!(
        "{} read. New: {}. Changed: {}. Known already: {}.",
        rows(count.rows),
        number_of(count.added, things),
        number_of(count.changed, things),
        number_of(count.known, things)
    );
    if !count.ignored_columns.is_empty() {
        words += &format!(" Nobody reads: {}.", count.ignored_columns.join(", "));
    }
    if count.doubled_rows > 0 {
        words += &format!(" In the file twice and passed over: {}.", rows(count.doubled_rows));
    }
    if count.refused > 0 {
        words += &format!(" Not taken: {} ({}).", number_of(count.refused, things), rows(count.refused_rows));
    }
    match errors {
        Some(path) => words + &format!(" The reasons are in {}.", path.display()),
        None => words,
    }
}

fn number_of(n: u64, [one, many]: [&str; 2]) -> String {
    format!("{n} {}", if n == 1 { one } else { many })
}
