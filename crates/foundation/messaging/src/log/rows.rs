//! Lines of the log, out of their rows.

use db::{Read, Row, params};
use kernel::{Channel, CustomerId, MessageId, Result, Timestamp};

use crate::store::{Recipient, State, channel_of};

db::sql_file!(pub LOG = "log.sql" {
    LOG_ALL = "log_all",
    LOG_IN_TROUBLE = "log_in_trouble",
    LOG_HELD = "log_held",
    LOG_DROPPED = "log_dropped",
    LOG_OF_CUSTOMER = "log_of_customer",
    COUNT_IN_TROUBLE = "count_in_trouble",
    COUNT_HELD = "count_held",
});

/// Sorts behind every identifier of a message.
const BEHIND_ALL: &str = "n";

/// What somebody looks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Filter {
    /// Everything.
    All,
    /// What a person should look at.
    Trouble,
    /// What waits.
    Held,
    /// What a rule has stopped.
    Dropped,
}

impl Filter {
    pub(crate) const ALL: [Filter; 4] = [Filter::All, Filter::Trouble, Filter::Held, Filter::Dropped];

    /// Its name in the address, `?show=…`.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Filter::All => "all",
            Filter::Trouble => "trouble",
            Filter::Held => "held",
            Filter::Dropped => "dropped",
        }
    }

    /// Its name on the page.
    pub(crate) fn label(self) -> &'static str {
        match self {
            Filter::All => "All",
            Filter::Trouble => "In trouble",
            Filter::Held => "Held",
            Filter::Dropped => "Not sent",
        }
    }

    /// What it says when there is nothing.
    pub(crate) fn nothing(self) -> &'static str {
        match self {
            Filter::All => {
                "No messages yet. They show here as soon as an order is placed, cancelled or changed."
            }
            Filter::Trouble => "Nothing is in trouble. Every message found its way or waits for its time.",
            Filter::Held => "Nothing is held back.",
            Filter::Dropped => "No rule has stopped a message.",
        }
    }

    /// Reads the name in an address; what is unknown is everything.
    pub(crate) fn of_name(name: &str) -> Filter {
        Filter::ALL.into_iter().find(|filter| filter.name() == name).unwrap_or(Filter::All)
    }
}

/// A line of the log.
#[derive(Clone, Debug)]
pub(crate) struct Logged {
    pub id: MessageId,
    pub template: String,
    pub state: State,
    pub channel: Option<Channel>,
    pub reason: String,
    pub outcome: Option<String>,
    pub created_at: Timestamp,
    pub recipient: Recipient,
}

/// A page, newest first, of what was written before `before`.
pub(crate) fn page(
    r: &mut Read<'_>,
    filter: Filter,
    before: Option<&MessageId>,
    limit: i64,
) -> Result<Vec<Logged>> {
    let query = match filter {
        Filter::All => &LOG_ALL,
        Filter::Trouble => &LOG_IN_TROUBLE,
        Filter::Held => &LOG_HELD,
        Filter::Dropped => &LOG_DROPPED,
    };
    let before = before.map_or(BEHIND_ALL, MessageId::as_str);
    r.rows(query, params![before, limit])?.iter().map(logged_of).collect()
}

/// What was written to one person, whichever of these customers they are, newest first.
pub(crate) fn of_customers(r: &mut Read<'_>, customers: &[CustomerId], limit: i64) -> Result<Vec<Logged>> {
    let mut logged = Vec::new();
    for customer in customers {
        let rows = r.rows(&LOG_OF_CUSTOMER, params![customer.as_str(), limit])?;
        logged.extend(rows.iter().map(logged_of).collect::<Result<Vec<_>>>()?);
    }
    logged.sort_by(|a, b| (b.created_at, b.id.as_str()).cmp(&(a.created_at, a.id.as_str())));
    logged.truncate(usize::try_from(limit).unwrap_or_default());
    Ok(logged)
}

pub(crate) fn count_in_trouble(r: &mut Read<'_>, since: Timestamp, most: i64) -> Result<i64> {
    r.one(&COUNT_IN_TROUBLE, params![since, most])?.get("messages")
}

pub(crate) fn count_held(r: &mut Read<'_>, most: i64) -> Result<i64> {
    r.one(&COUNT_HELD, params![most])?.get("messages")
}

fn logged_of(row: &Row) -> Result<Logged> {
    Ok(Logged {
        id: MessageId::stored(row.get("id")?),
        template: row.get("template")?,
        state: State::parse(&row.get::<String>("state")?)?,
        channel: channel_of(row)?,
        reason: row.get("reason")?,
        outcome: row.get("outcome")?,
        created_at: row.get("created_at")?,
        recipient: serde_json::from_str(&row.get::<String>("recipient")?)?,
    })
}
