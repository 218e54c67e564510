//! Lines of the log, out of their rows.

use db::walk::{Bounds, Found, Walked, walk};
use db::{Query, Read, Row, params};
use kernel::{Channel, CustomerId, MessageId, Purpose, Result, Shop, Timestamp, ids};
use web::filters::{Asked, FilterField, Filters, LOOKED_AT};

use crate::Templates;
use crate::inbox::why::standing;
use crate::store::{Recipient, State, channel_of};

db::sql_file!(pub LOG = "log.sql" {
    LOG_ALL = "log_all",
    LOG_IN_TROUBLE = "log_in_trouble",
    LOG_HELD = "log_held",
    LOG_DROPPED = "log_dropped",
    LOG_ROW = "log_row",
    LOG_OF_CUSTOMER = "log_of_customer",
    COUNT_LOG_ALL = "count_log_all",
    COUNT_LOG_IN_TROUBLE = "count_log_in_trouble",
    COUNT_LOG_HELD = "count_log_held",
    COUNT_LOG_DROPPED = "count_log_dropped",
    COUNT_IN_TROUBLE = "count_in_trouble",
    COUNT_HELD = "count_held",
    TRIES_OF = "tries_of",
});

/// The list these filters are of.
pub(super) const PATH: &str = "/a/messages";
/// Sorts behind every identifier of a message.
const BEHIND_ALL: &str = "n";
/// Sorts before every identifier of a message.
const BEFORE_ALL: &str = "m";

/// The name in the address of what a person should look at: several states.
const TROUBLE: &str = "trouble";

/// The states a person should look at.
fn is_trouble(state: State) -> bool {
    match state {
        State::Deferred | State::Failed | State::Unknown | State::Expired => true,
        State::Queued | State::HandingOff | State::Accepted | State::Held | State::Dropped => false,
    }
}

/// What somebody looks for.
pub(super) fn filters(r: &Read<'_>, asked: &Asked) -> Result<Filters> {
    Ok(Filters::read(PATH, fields(r)?, asked))
}

pub(super) fn filters_of_query(r: &Read<'_>, query: &str) -> Result<Filters> {
    Ok(Filters::from_query(PATH, fields(r)?, query))
}

fn fields(r: &Read<'_>) -> Result<Vec<FilterField>> {
    let states = State::ALL.map(|state| (state.as_str(), standing(state).1));
    let states = std::iter::once((TROUBLE, "In trouble")).chain(states);
    let templates = r.wired::<Templates>()?.all().iter();
    let templates = templates.map(|template| (template.id.to_owned(), super::view::named(template.id)));
    Ok(vec![
        FilterField::one_of("show", "State", states),
        FilterField::one_of("template", "Message", templates),
        FilterField::one_of("channel", "Channel", [("email", "Email"), ("sms", "Text")]),
        FilterField::day("from", "Written from"),
        FilterField::day("to", "Written until"),
    ])
}

/// What is left of a message while the log is walked.
#[derive(Clone, Debug)]
struct Key {
    id: MessageId,
    state: State,
    template: String,
    channel: Option<Channel>,
}

/// Which messages, and how they are found: by the smallest index that holds them all.
struct Wanted {
    from: String,
    until: String,
    state: Option<State>,
    is_trouble: bool,
    template: Option<String>,
    channel: Option<Channel>,
}

impl Wanted {
    fn of(r: &Read<'_>, filters: &Filters) -> Result<Self> {
        let (from, until) = filters.span("from", "to", &r.wired::<Shop>()?.zone);
        let id = |at: Timestamp| ids::first_at(MessageId::PREFIX, at);
        let show = filters.value("show");
        Ok(Wanted {
            from: from.map_or_else(|| BEFORE_ALL.to_owned(), id),
            until: until.map_or_else(|| BEHIND_ALL.to_owned(), id),
            state: show.filter(|show| *show != TROUBLE).map(State::parse).transpose()?,
            is_trouble: show == Some(TROUBLE),
            template: filters.value("template").map(str::to_owned),
            channel: filters.value("channel").map(Channel::parse).transpose()?,
        })
    }

    /// Two queries over the same index: one reads it, one counts it.
    fn queries(&self) -> (&'static Query, &'static Query) {
        match self.state {
            _ if self.is_trouble => (&LOG_IN_TROUBLE, &COUNT_LOG_IN_TROUBLE),
            Some(state) if is_trouble(state) => (&LOG_IN_TROUBLE, &COUNT_LOG_IN_TROUBLE),
            Some(State::Held) => (&LOG_HELD, &COUNT_LOG_HELD),
            Some(State::Dropped) => (&LOG_DROPPED, &COUNT_LOG_DROPPED),
            Some(_) | None => (&LOG_ALL, &COUNT_LOG_ALL),
        }
    }

    fn fits(&self, key: &Key) -> bool {
        self.state.is_none_or(|state| state == key.state)
            && self.template.as_ref().is_none_or(|template| *template == key.template)
            && self.channel.is_none_or(|channel| Some(channel) == key.channel)
    }

    fn walked(
        &self,
        r: &mut Read<'_>,
        before: Option<&MessageId>,
        bounds: Bounds,
    ) -> Result<Walked<MessageId>> {
        let (query, _) = self.queries();
        walk(bounds, before.cloned(), |behind, limit| {
            let until = behind.map_or(self.until.as_str(), |id| id.as_str().min(self.until.as_str()));
            let rows = r.rows(query, params![until, &self.from, limit as i64])?;
            let keys = rows.iter().map(key_of).collect::<Result<Vec<_>>>()?;
            Ok(keys.into_iter().map(|key| (self.fits(&key), key.id)).map(|(fits, id)| (id, fits)).collect())
        })
    }
}

fn key_of(row: &Row) -> Result<Key> {
    Ok(Key {
        id: MessageId::stored(row.get("id")?),
        state: State::parse(&row.get::<String>("state")?)?,
        template: row.get("template")?,
        channel: channel_of(row)?,
    })
}

/// A line of the log.
#[derive(Clone, Debug)]
pub(crate) struct Logged {
    pub id: MessageId,
    pub template: String,
    pub purpose: Purpose,
    pub state: State,
    pub channel: Option<Channel>,
    pub reason: String,
    pub outcome: Option<String>,
    pub created_at: Timestamp,
    pub handed_off_at: Option<Timestamp>,
    pub finished_at: Option<Timestamp>,
    pub recipient: Recipient,
}

/// A page, newest first, of what was written before `before`.
pub(super) fn page(
    r: &mut Read<'_>,
    filters: &Filters,
    before: Option<&MessageId>,
    per_page: usize,
) -> Result<(Vec<Logged>, Found<MessageId>)> {
    // Without a filter everything that is read fits, and no more is read than is shown.
    let stretch = if filters.any() { 1_000 } else { per_page + 1 };
    let bounds = Bounds { stretch, most_looked_at: LOOKED_AT, most_kept: per_page + 1 };
    let found = Wanted::of(r, filters)?.walked(r, before, bounds)?.page(per_page);
    Ok((lines(r, &found.rows)?, found))
}

/// A stretch of an export: what fits of it, how much was looked at, and behind what it goes on.
pub(super) fn stretch(
    r: &mut Read<'_>,
    filters: &Filters,
    before: Option<&MessageId>,
) -> Result<(Vec<Logged>, Walked<MessageId>)> {
    let bounds = Bounds { stretch: 500, most_looked_at: 2_000, most_kept: 200 };
    let walked = Wanted::of(r, filters)?.walked(r, before, bounds)?;
    Ok((lines(r, &walked.kept)?, walked))
}

/// How much an export has to look at.
pub(super) fn count(r: &mut Read<'_>, filters: &Filters) -> Result<i64> {
    let wanted = Wanted::of(r, filters)?;
    let (_, count) = wanted.queries();
    r.one(count, params![&wanted.until, &wanted.from])?.get("messages")
}

fn lines(r: &mut Read<'_>, ids: &[MessageId]) -> Result<Vec<Logged>> {
    let mut lines = Vec::with_capacity(ids.len());
    for id in ids {
        lines.push(logged_of(&r.one(&LOG_ROW, params![id.as_str()])?)?);
    }
    Ok(lines)
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
    let first = ids::first_at(MessageId::PREFIX, since);
    r.one(&COUNT_IN_TROUBLE, params![&first, most])?.get("messages")
}

pub(crate) fn count_held(r: &mut Read<'_>, most: i64) -> Result<i64> {
    r.one(&COUNT_HELD, params![most])?.get("messages")
}

fn logged_of(row: &Row) -> Result<Logged> {
    Ok(Logged {
        id: MessageId::stored(row.get("id")?),
        template: row.get("template")?,
        purpose: Purpose::parse(&row.get::<String>("purpose")?)?,
        state: State::parse(&row.get::<String>("state")?)?,
        channel: channel_of(row)?,
        reason: row.get("reason")?,
        outcome: row.get("outcome")?,
        created_at: row.get("created_at")?,
        handed_off_at: row.get("handed_off_at")?,
        finished_at: row.get("finished_at")?,
        recipient: serde_json::from_str(&row.get::<String>("recipient")?)?,
    })
}

/// A try that did not succeed.
#[derive(Clone, Debug)]
pub(super) struct Try {
    pub number: i64,
    pub state: State,
    pub channel: Option<Channel>,
    pub words: String,
    pub tried_at: Timestamp,
}

/// The tries of a message that did not succeed, the first one first, at most `limit`.
pub(super) fn tries(r: &mut Read<'_>, id: &MessageId, limit: i64) -> Result<Vec<Try>> {
    let a_try = |row: &Row| {
        Ok(Try {
            number: row.get("number")?,
            state: State::parse(&row.get::<String>("state")?)?,
            channel: channel_of(row)?,
            words: row.get("words")?,
            tried_at: row.get("tried_at")?,
        })
    };
    r.rows(&TRIES_OF, params![id.as_str(), limit])?.iter().map(a_try).collect()
}
