//! Finding orders by what was bought: by how a product's title or its SKU begins.
//!
//! The keys are written in the statement that writes the line. What an earlier version has written gets them later,
//! [`key_lines`].

use std::time::Duration;

use db::{Query, Read, Row, Write, params};
use jobs::Next;
use kernel::{Result, Timestamp};
use serde_json::Value;

db::sql_file!(pub PRODUCTS = "products.sql" {
    NEXT_TITLE = "next_title",
    NEXT_SKU = "next_sku",
    WALK_TITLE = "walk_title",
    WALK_SKU = "walk_sku",
    COUNT_TITLE = "count_title",
    COUNT_SKU = "count_sku",
    LINES_WITHOUT_KEYS = "lines_without_keys",
    SET_LINE_KEYS = "set_line_keys",
});

/// The schedule that gives old lines their keys.
pub const KEY_LINES_JOB: &str = "orders.key_lines";

/// Lines of one write.
const AT_ONCE: i64 = 500;
const SOON: Duration = Duration::from_secs(1);
/// The most characters of a key: a title is told apart by its beginning, and an index holds no books.
const LONGEST_KEY: usize = 80;
/// Titles and SKUs that one beginning finds, of each.
const MOST_FOUND: usize = 5;

/// What a title or a SKU is found by: without capitals, one space between words.
pub(crate) fn key(text: &str) -> String {
    let words: Vec<String> = text.split_whitespace().map(str::to_lowercase).collect();
    words.join(" ").chars().take(LONGEST_KEY).collect()
}

/// A product as the lines of orders name it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Product {
    Title(String),
    Sku(String),
}

impl Product {
    /// The query that walks its orders, and the one that counts them.
    fn queries(&self) -> (&'static Query, &'static Query) {
        match self {
            Product::Title(_) => (&WALK_TITLE, &COUNT_TITLE),
            Product::Sku(_) => (&WALK_SKU, &COUNT_SKU),
        }
    }

    fn key(&self) -> &str {
        match self {
            Product::Title(key) | Product::Sku(key) => key,
        }
    }

    /// Its orders behind this place, the newest first, at most so many.
    pub fn orders(
        &self,
        r: &mut Read<'_>,
        (at, id): (Timestamp, &str),
        from: Timestamp,
        limit: usize,
    ) -> Result<Vec<Row>> {
        r.rows(self.queries().0, params![at, id, from, limit as i64, self.key()])
    }

    /// How many orders have it.
    pub fn count(&self, r: &mut Read<'_>, from: Timestamp, until: Timestamp) -> Result<i64> {
        r.one(self.queries().1, params![until, from, self.key()])?.get("orders")
    }
}

/// The products whose title or SKU begins so: a few of each, in the order of their names.
pub(crate) fn beginning(r: &mut Read<'_>, text: &str) -> Result<Vec<Product>> {
    let begin = key(text);
    if begin.is_empty() {
        return Ok(Vec::new());
    }
    let titles = keys(r, &NEXT_TITLE, &begin)?.into_iter().map(Product::Title);
    let mut products: Vec<Product> = titles.collect();
    products.extend(keys(r, &NEXT_SKU, &begin)?.into_iter().map(Product::Sku));
    Ok(products)
}

fn keys(r: &mut Read<'_>, next: &'static Query, begin: &str) -> Result<Vec<String>> {
    // Sorts behind whatever begins with the same characters; and right behind a key itself.
    const BEHIND_ALL: char = '\u{10FFFF}';
    const RIGHT_BEHIND: char = '\u{1}';
    let (mut found, until) = (Vec::new(), format!("{begin}{BEHIND_ALL}"));
    let mut from = begin.to_owned();
    while found.len() < MOST_FOUND {
        let Some(key) = r.one(next, params![&from, &until])?.get::<Option<String>>("found")? else { break };
        from = format!("{key}{RIGHT_BEHIND}");
        found.push(key);
    }
    Ok(found)
}

/// Gives their keys to lines that were written before there were any, and mostly finds none.
pub fn key_lines(w: &mut Write<'_>, _: &Value) -> Result<Next> {
    let rows = w.rows(&LINES_WITHOUT_KEYS, params![AT_ONCE])?;
    for row in &rows {
        let (order, position): (String, i64) = (row.get("order_id")?, row.get("position")?);
        let (title, sku): (String, Option<String>) = (row.get("title")?, row.get("sku")?);
        let placed_at: Timestamp = row.get("placed_at")?;
        let sku = sku.as_deref().map(key);
        w.send(&SET_LINE_KEYS, params![&order, position, &key(&title), &sku, placed_at])?;
    }
    Ok(if rows.len() as i64 == AT_ONCE { Next::Again(w.now + SOON) } else { Next::Done })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_product_is_found_without_capitals_and_by_its_beginning_when_it_is_long() {
        for (text, found_by) in [
            ("First  Flush\tDarjeeling", "first flush darjeeling"),
            (" TEA-1 ", "tea-1"),
            ("GRÜNER Tee", "grüner tee"),
            ("شاي", "شاي"),
            ("  ", ""),
        ] {
            assert_eq!(key(text), found_by, "{text}");
        }
        assert_eq!(key(&"Ä".repeat(500)), "ä".repeat(LONGEST_KEY));
    }
}
