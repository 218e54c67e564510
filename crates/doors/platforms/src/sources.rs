//! The sources that connected shops are stored under.

use db::{Read, SqlFile, params};
use kernel::Result;

use crate::platform::Platform;

db::sql_file!(pub SOURCES = "sources.sql" {
    SOURCES_OF_CONNECTIONS = "sources_of_connections",
});

pub(crate) static FILE: &SqlFile = &SOURCES;

/// A connected shop, and what its orders and products are stored under.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// What the operator calls it.
    pub name: String,
    /// Which platform it is.
    pub platform: Platform,
    /// `shopify:con_…`.
    pub source: String,
}

/// Every connected shop, by name. Services that follow parcels are none.
pub fn sources(r: &mut Read<'_>) -> Result<Vec<Source>> {
    let source = |row: &db::Row| {
        let (platform, id): (String, String) = (row.get("platform")?, row.get("id")?);
        Ok(Source {
            name: row.get("name")?,
            platform: Platform::parse(&platform)?,
            source: format!("{platform}:{id}"),
        })
    };
    let all: Result<Vec<Source>> = r.rows(&SOURCES_OF_CONNECTIONS, params![])?.iter().map(source).collect();
    Ok(all?.into_iter().filter(|source| source.platform.is_shop()).collect())
}
