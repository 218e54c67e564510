//! Customers as a list: read in stretches by whoever filters them.

use std::collections::BTreeMap;

use db::{Read, Row, Write, params};
use kernel::{CustomerId, Result, Timestamp, ids};

use crate::consent::{Answer, answer_of, fold};

db::sql_file!(pub WALKED = "walked.sql" {
    LIST_CUSTOMERS = "list_customers",
    COUNT_LISTED = "count_listed",
    LISTED_CUSTOMER = "listed_customer",
    CONSENTS_BETWEEN = "consents_between",
    EMAILS_FROM = "emails_from",
    LIST_OF_COUNTRY = "list_of_country",
    COUNT_OF_COUNTRY = "count_of_country",
    COUNTRIES = "countries",
    UNPLACED = "unplaced",
    SET_COUNTRY = "set_country",
});

/// A customer of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// Who.
    pub id: CustomerId,
    /// Their name, if known.
    pub name: Option<String>,
    /// The first place where they could be reached.
    pub address: Option<String>,
    /// Since when we know them.
    pub created_at: Timestamp,
}

/// Since when, and until when, the customers of a list are known to us, and in which country they live.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownSince {
    from: String,
    until: String,
    country: Option<String>,
}

impl KnownSince {
    /// Those we know since a time from `from` on and before `until`, or since any.
    pub fn between(from: Option<Timestamp>, until: Option<Timestamp>) -> Self {
        let id = |at: Timestamp| ids::first_at(CustomerId::PREFIX, at);
        // What sorts before and behind every identifier of a customer.
        KnownSince {
            from: from.map_or_else(|| "c".to_owned(), id),
            until: until.map_or_else(|| "d".to_owned(), id),
            country: None,
        }
    }

    /// Those of them who live there, when it is said.
    pub fn in_country(self, country: Option<&str>) -> Self {
        KnownSince { country: country.map(str::to_owned), ..self }
    }
}

/// The next customers behind `behind`, the newest first, at most `limit`.
pub fn ids_behind(
    r: &mut Read<'_>,
    known: &KnownSince,
    behind: Option<&CustomerId>,
    limit: i64,
) -> Result<Vec<CustomerId>> {
    let until = behind.map_or(known.until.as_str(), |id| id.as_str().min(known.until.as_str()));
    let rows = match &known.country {
        Some(country) => r.rows(&LIST_OF_COUNTRY, params![until, &known.from, limit, country])?,
        None => r.rows(&LIST_CUSTOMERS, params![until, &known.from, limit])?,
    };
    rows.iter().map(|row| row.get("id").map(CustomerId::stored)).collect()
}

/// How many customers we know since then.
pub fn count_known(r: &mut Read<'_>, known: &KnownSince) -> Result<i64> {
    let row = match &known.country {
        Some(country) => r.one(&COUNT_OF_COUNTRY, params![&known.until, &known.from, country])?,
        None => r.one(&COUNT_LISTED, params![&known.until, &known.from])?,
    };
    row.get("customers")
}

/// Every country that a customer lives in, as ISO 3166-1 says it.
pub fn countries(r: &mut Read<'_>) -> Result<Vec<String>> {
    r.rows(&COUNTRIES, params![])?.iter().map(|row| row.get("country")).collect()
}

/// Customers of whom an earlier version has written no country, at most so many.
pub fn unplaced(r: &mut Read<'_>, limit: i64) -> Result<Vec<CustomerId>> {
    r.rows(&UNPLACED, params![limit])?
        .iter()
        .map(|row| row.get("customer_id").map(CustomerId::stored))
        .collect()
}

/// Says where one of them lives, or that nobody knows.
pub fn place(w: &mut Write<'_>, id: &CustomerId, country: Option<&str>) -> Result<()> {
    w.send(&SET_COUNTRY, params![id.as_str(), country.unwrap_or_default()])
}

/// A customer as a line of a list.
pub fn listed(r: &mut Read<'_>, id: &CustomerId) -> Result<Listed> {
    let row = r.one(&LISTED_CUSTOMER, params![id.as_str()])?;
    Ok(Listed {
        id: CustomerId::stored(row.get("id")?),
        name: row.get("name")?,
        address: row.get("address")?,
        created_at: row.get("created_at")?,
    })
}

/// The answers that count of the customers from `first` to `last`; who never said anything is not there.
pub fn consents_between(
    r: &mut Read<'_>,
    first: &CustomerId,
    last: &CustomerId,
) -> Result<BTreeMap<CustomerId, Vec<Answer>>> {
    let mut ledgers: BTreeMap<CustomerId, Vec<Answer>> = BTreeMap::new();
    for row in r.rows(&CONSENTS_BETWEEN, params![first.as_str(), last.as_str()])? {
        let customer = CustomerId::stored(row.get("customer_id")?);
        ledgers.entry(customer).or_default().push(answer_of(&row)?);
    }
    Ok(ledgers.into_iter().map(|(customer, ledger)| (customer, fold(&ledger))).collect())
}

/// Whose e-mail address begins so, at most `limit`.
pub fn email_begins(r: &mut Read<'_>, beginning: &str, limit: i64) -> Result<Vec<CustomerId>> {
    // Sorts behind whatever begins with the same characters.
    const BEHIND: char = '\u{10FFFF}';
    let beginning = beginning.to_lowercase();
    let rows = r.rows(&EMAILS_FROM, params![&beginning, &format!("{beginning}{BEHIND}"), limit])?;
    let id = |row: &Row| row.get("customer_id").map(CustomerId::stored);
    rows.iter().map(id).collect()
}
