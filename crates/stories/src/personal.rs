//! Personal data has a home. Every text and every byte of the other tables is searched for what a story's people are
//! called, where they live and how they are reached.

use aftercare::lists;
use db::{Cell, Db, Read, params};
use kernel::Result;

db::sql_file!(pub PERSONAL_SCAN = "personal.sql" {
    TABLES = "tables",
    PEOPLE = "people",
});

/// Fails when a table that is not marked personal holds something personal.
pub async fn assert_personal_data_is_at_home(db: &Db) {
    let found = db.read("story.personal", strays).await.expect("the tables can be searched");
    assert!(found.is_empty(), "personal data away from home: {found:?}");
}

fn strays(r: &mut Read<'_>) -> Result<Vec<String>> {
    let personal: Vec<&str> = lists::personal::personal_tables().iter().map(|table| table.table).collect();
    let canaries = canaries(r)?;
    let mut found = Vec::new();
    for row in r.rows(&TABLES, params![])? {
        let table: String = row.get("name")?;
        if personal.contains(&table.as_str()) {
            continue;
        }
        for row in r.rows(whole_table(&table), params![])? {
            let cells = row.columns().iter().zip(row.cells());
            let strays = cells.filter(|(_, cell)| holds_a_canary(cell, &canaries));
            found.extend(strays.map(|(column, _)| format!("{table}.{column}")));
        }
    }
    Ok(found)
}

/// Every row of every table, by the table's name.
pub fn every_row(r: &mut Read<'_>) -> Result<Vec<(String, Vec<db::Row>)>> {
    let mut tables = Vec::new();
    for row in r.rows(&TABLES, params![])? {
        let table: String = row.get("name")?;
        let rows = r.rows(whole_table(&table), params![])?;
        tables.push((table, rows));
    }
    Ok(tables)
}

/// Names, addresses and contact points of everybody who ordered; short ones could stand anywhere by chance.
fn canaries(r: &mut Read<'_>) -> Result<Vec<String>> {
    let mut canaries = Vec::new();
    for row in r.rows(&PEOPLE, params![])? {
        for column in ["name", "email", "phone"] {
            canaries.extend(row.get::<Option<String>>(column)?);
        }
        if let Some(address) = row.get::<Option<String>>("address")? {
            let address: orders::incoming::Address = serde_json::from_str(&address)?;
            canaries.push(address.line1);
        }
    }
    canaries.retain(|canary| canary.chars().count() >= 6);
    canaries.sort();
    canaries.dedup();
    Ok(canaries)
}

fn holds_a_canary(cell: &Cell, canaries: &[String]) -> bool {
    let text = match cell {
        Cell::Text(text) => text.clone(),
        Cell::Bytes(bytes) => String::from_utf8_lossy(bytes).into_owned(),
        Cell::Null | Cell::Int(_) => return false,
    };
    canaries.iter().any(|canary| text.contains(canary.as_str()))
}

/// A query over a whole table, made once per table and kept for the life of the test process.
fn whole_table(table: &str) -> &'static db::Query {
    let source = format!("-- name: whole\n-- Every row.\nSELECT * FROM {table}");
    Box::leak(Box::new(db::Query::new("whole", Box::leak(source.into_boxed_str()))))
}

/// The tables that are marked personal in the migrations, by their comment.
pub fn marked_in_migrations() -> Vec<String> {
    let mut marked = Vec::new();
    for migration in lists::migrations::MIGRATIONS {
        let lines: Vec<&str> = migration.sql.lines().collect();
        for (at, line) in lines.iter().enumerate().filter(|(_, line)| line.starts_with("-- personal")) {
            let create = lines[at..].iter().find_map(|line| line.strip_prefix("CREATE TABLE "));
            let name = create.and_then(|rest| rest.split([' ', '(']).next());
            marked.push(name.unwrap_or_else(|| panic!("no table after {line:?}")).to_owned());
        }
    }
    marked
}
