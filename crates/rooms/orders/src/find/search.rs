//! Looks for the order, and sends the link to whoever placed it.

use std::collections::BTreeSet;
use std::time::Duration;

use customers::account::{Ask, Limit, count_asks};
use customers::{FORGOTTEN_AT_ONCE, Forgot, Knowledge, MOST_TOLD, Subject, as_json};
use db::{Read, Write, params};
use jobs::{Lane, NewJob, Next};
use kernel::{Result, Timestamp, id_type};
use messaging::{NewMessage, Recipient};
use serde_json::{Value, json};

use super::typed::{Contact, Typed};
use crate::context::OrderContext;
use crate::incoming::OrderStatus;
use crate::store::{self, StoredOrder};
use crate::{letters, say, short_link};

db::sql_file!(pub FILE = "search.sql" {
    INSERT_SEARCH = "insert_search",
    FIND_SEARCH = "find_search",
    DELETE_SEARCH = "delete_search",
    TELL_SEARCHES = "tell_searches",
    FORGET_SEARCHES = "forget_searches",
});

/// The kind of job that looks for an order.
pub const SEARCH_JOB: &str = "orders.find";

const HOUR: Duration = Duration::from_secs(3_600);
/// Searches from one origin.
const FROM_ORIGIN: [Limit; 1] = [Limit { most: 20, within: HOUR }];
/// Searches for one number, right or wrong: whoever tries address after address is stopped here.
const OF_NUMBER: [Limit; 1] = [Limit { most: 10, within: HOUR }];
/// Searches with one address: nobody's mailbox is filled by somebody who knows it.
const OF_CONTACT: [Limit; 2] =
    [Limit { most: 5, within: HOUR }, Limit { most: 10, within: Duration::from_secs(86_400) }];
/// How long the link is worth sending.
const WORTH_SENDING_FOR: Duration = Duration::from_secs(3_600);
/// Orders of one number that are looked at: several shops may have used it.
const MOST_LOOKED_AT: i64 = 20;

id_type!(
    /// A search for an order.
    SearchId, "src"
);

/// Notes what was typed, and that it is to be looked for.
pub(super) fn note(w: &mut Write<'_>, typed: &Typed, origin: &str) -> Result<()> {
    let contact = typed.contact.noted();
    count_asks(
        w,
        &[
            Ask { what: "find from", named: origin, limits: &FROM_ORIGIN },
            Ask { what: "find number", named: &typed.number.to_lowercase(), limits: &OF_NUMBER },
            Ask { what: "find contact", named: contact, limits: &OF_CONTACT },
        ],
    )?;
    let (id, now) = (SearchId::new(w.now, w.dice), w.now);
    w.send(&INSERT_SEARCH, params![id.as_str(), &typed.number, contact, now])?;
    let payload = json!({ "search": id.as_str() });
    let job =
        NewJob { kind: SEARCH_JOB, key: id.as_str(), payload: &payload, due_at: now, lane: Lane::AtOnce };
    jobs::enqueue(w, &job)
}

/// The handler of [`SEARCH_JOB`]: sends the link where the order is one of whoever asked, and forgets the search.
pub fn search(w: &mut Write<'_>, payload: &Value) -> Result<Next> {
    let id = SearchId::parse(payload.get("search").and_then(Value::as_str).unwrap_or_default())?;
    let Some(row) = w.row(&FIND_SEARCH, params![id.as_str()])? else { return Ok(Next::Done) };
    let (number, contact): (String, String) = (row.get("number")?, row.get("contact")?);
    let asked_at: Timestamp = row.get("asked_at")?;
    let contact = Contact::from_noted(&contact);
    let is_theirs = |stored: &StoredOrder| {
        contact.is_of(&stored.order) && !stored.is_forgotten && stored.order.status != OrderStatus::Unplaced
    };
    // Letters of a number are typed as they come.
    let spellings = BTreeSet::from([number.to_uppercase(), number.to_lowercase(), number]);
    for spelling in spellings {
        let found = store::numbered(w, &spelling, MOST_LOOKED_AT)?;
        for stored in found.iter().filter(|stored| is_theirs(stored)) {
            send(w, stored, &contact, &id, asked_at)?;
        }
    }
    w.send(&DELETE_SEARCH, params![id.as_str()])?;
    Ok(Next::Done)
}

/// Gives a search up that could not be done; whoever asked may ask again.
pub fn give_up(w: &mut Write<'_>, id: &str) -> Result<()> {
    w.send(&DELETE_SEARCH, params![id])?;
    Ok(())
}

/// The link goes to the address as it was given with the order, the one that was typed, and nowhere else.
fn send(
    w: &mut Write<'_>,
    stored: &StoredOrder,
    contact: &Contact,
    id: &SearchId,
    asked_at: Timestamp,
) -> Result<()> {
    let given = say::recipient(stored);
    let recipient = match contact {
        Contact::Email(_) => Recipient { phone: None, only_here: true, ..given },
        Contact::Phone(_) | Contact::Home(_) => Recipient { email: None, only_here: true, ..given },
    };
    let now = w.now;
    let short_url = short_link::make(w, stored)?;
    let context = OrderContext { short_url, ..OrderContext::of(stored, Vec::new(), w.wired()?, now) };
    let message = NewMessage {
        customer: &stored.customer,
        template: letters::LINK,
        subject: ("order", stored.id.as_str()),
        trigger: id.as_str(),
        // Not part of the order's thread: it was asked for this moment.
        thread: &format!("{}:link", stored.id),
        recipient,
        context: serde_json::to_value(context)?,
        not_before: asked_at,
        not_after: Some(asked_at + WORTH_SENDING_FOR),
    };
    messaging::queue(w, &message).map(|_| ())
}

/// What is being looked for, of a person: by the addresses they have.
pub(crate) const KNOWLEDGE: Knowledge =
    Knowledge { table: "order_searches", tell: tell_searches, forget: Some(forget_searches) };

fn tell_searches(r: &mut Read<'_>, subject: &Subject) -> Result<Vec<Value>> {
    let mut told = Vec::new();
    for (_, _, key) in &subject.addresses {
        told.extend(r.rows(&TELL_SEARCHES, params![key, MOST_TOLD as i64])?.iter().map(as_json));
    }
    Ok(told)
}

fn forget_searches(w: &mut Write<'_>, subject: &Subject) -> Result<Forgot> {
    for (_, _, key) in &subject.addresses {
        if w.execute(&FORGET_SEARCHES, params![key, FORGOTTEN_AT_ONCE])? == FORGOTTEN_AT_ONCE as u64 {
            return Ok(Forgot::More(None));
        }
    }
    Ok(Forgot::All)
}
