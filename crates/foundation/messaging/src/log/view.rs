//! What the pages of the log show.

use db::walk::Found;
use kernel::{Channel, MessageId, Result, ShopClock};
use serde::Serialize;
use timeline::Card;
use web::filters::{Bar, Filters, NamedView};

use super::preview::Written;
use super::rows::{Logged, PATH, Try};
use crate::actions::{Action, Standing, WhyNot, may};
use crate::inbox::view::{Body, Tab, View, Why, frame, tabs};
use crate::inbox::why::standing;
use crate::store::{Message, Recipient, State};

/// What `messaging/log.html` is given as `page`.
#[derive(Clone, Debug, Serialize)]
pub struct LogPage {
    /// The filters in force, and those there are.
    pub bar: Bar,
    /// The views of the log that everybody has.
    pub filters: Vec<Tab>,
    /// One page of messages, the newest first.
    pub rows: Vec<LogRow>,
    /// Those on this page, for the button that takes them all.
    pub on_page: String,
    /// What can be done with several at once: the word, and what its button says.
    pub actions: Vec<(&'static str, &'static str)>,
    /// What to say when there are none.
    pub nothing: String,
    /// How far was looked, where the page is not full for that.
    pub looked_until: Option<String>,
    /// The page of older ones.
    pub older: Option<String>,
    /// The newest page, when this is another one.
    pub newest: Option<String>,
    /// What was just done.
    pub flash: Option<Flash>,
    /// Whether the reader may take the list out of the shop.
    pub may_export: bool,
}

/// What was just done, or could not be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Flash {
    /// `ok`, `warn` or `bad`.
    pub tone: &'static str,
    /// In a sentence.
    pub words: String,
}

/// One message of the log.
#[derive(Clone, Debug, Serialize)]
pub struct LogRow {
    /// Its identifier.
    pub id: String,
    /// The page about it.
    pub href: String,
    /// `orders confirmation`.
    pub what: String,
    /// Whom it is for.
    pub to: String,
    /// `Email`, `Text`, or nothing yet.
    pub channel: &'static str,
    /// `ok`, `warn`, `bad` or `info`.
    pub tone: &'static str,
    /// `Sent`, `Held`, `Failed`.
    pub standing: &'static str,
    /// Why, in a sentence: the provider's words where it failed.
    pub reason: String,
    /// RFC 3339, for machines.
    pub at: String,
    /// By the shop's clock.
    pub when: String,
}

/// What `messaging/logged.html` is given as `page`.
#[derive(Clone, Debug, Serialize)]
pub struct MessagePage {
    /// The subject, or what it is.
    pub title: String,
    /// Whom it is for.
    pub to: String,
    /// `Email` or `Text`.
    pub channel: &'static str,
    /// RFC 3339, for machines.
    pub at: String,
    /// By the shop's clock.
    pub when: String,
    /// The customer's page.
    pub customer: String,
    /// The page of what it is about.
    pub about: Option<String>,
    /// Its own page.
    pub path: String,
    /// The ways to see it.
    pub tabs: Vec<Tab>,
    /// What the current tab shows; none where it can't be shown.
    pub body: Option<Body>,
    /// Why it can't.
    pub fault: Option<String>,
    /// Its verdict.
    pub why: Why,
    /// What happened to it, the newest first.
    pub events: Vec<Card>,
    /// What can be done with it, or why not.
    pub actions: Vec<ShownAction>,
    /// The tries that did not succeed.
    pub tries: Vec<ShownTry>,
    /// The message that says it again.
    pub said_again: Option<String>,
    /// What the staff did with it: who, what, when.
    pub done_by: Vec<(String, String, String)>,
    /// What was just done, or could not be.
    pub flash: Option<Flash>,
}

/// Something that can be done with a message, or can't.
#[derive(Clone, Debug, Serialize)]
pub struct ShownAction {
    word: &'static str,
    label: &'static str,
    why_not: Option<&'static str>,
}

/// A try that did not succeed.
#[derive(Clone, Debug, Serialize)]
pub struct ShownTry {
    number: i64,
    tone: &'static str,
    standing: &'static str,
    channel: &'static str,
    words: String,
    at: String,
    when: String,
}

/// The tabs that everybody has: the filters behind them, and their names.
const TABS: [(&str, &str); 4] =
    [("", "All"), ("show=trouble", "In trouble"), ("show=held", "Held"), ("show=dropped", "Not sent")];

/// The log: a page of what was written before `before`.
pub(super) fn log(
    filters: &Filters,
    logged: &[Logged],
    (before, found): (Option<&MessageId>, &Found<MessageId>),
    views: Vec<NamedView>,
    clock: &ShopClock<'_>,
) -> LogPage {
    let own = filters.query();
    let tab = |(query, label): (&str, &'static str)| Tab {
        label,
        href: if query.is_empty() { PATH.to_owned() } else { format!("{PATH}?{query}") },
        current: query == own,
    };
    let looked_until = found.older.as_ref().filter(|_| found.is_cut);
    let looked_until = looked_until.and_then(|id| kernel::ids::made_at(id.as_str()));
    LogPage {
        bar: filters.bar("messages", views),
        filters: TABS.into_iter().map(tab).collect(),
        rows: logged.iter().map(|logged| row(logged, clock)).collect(),
        on_page: logged.iter().map(|logged| logged.id.as_str()).collect::<Vec<_>>().join(" "),
        actions: Action::ALL.map(|action| (action.as_str(), action.label())).to_vec(),
        nothing: nothing(filters, found.is_cut).to_owned(),
        looked_until: looked_until.map(|at| clock.short(at)),
        older: found.older.as_ref().map(|id| filters.href(Some(("older", id.as_str())))),
        newest: before.map(|_| filters.href(None)),
        flash: None,
        may_export: false,
    }
}

fn nothing(filters: &Filters, is_cut: bool) -> &'static str {
    match (filters.query().as_str(), is_cut) {
        (_, true) => "None of those that were looked at fit these filters.",
        ("", _) => "No messages yet. They show here as soon as an order is placed, cancelled or changed.",
        ("show=trouble", _) => "Nothing is in trouble. Every message found its way or waits for its time.",
        ("show=held", _) => "Nothing is held back.",
        ("show=dropped", _) => "No rule has stopped a message.",
        _ => "No message fits all of these filters.",
    }
}

/// One line.
pub(super) fn row(logged: &Logged, clock: &ShopClock<'_>) -> LogRow {
    let (tone, standing) = standing(logged.state);
    let went_wrong = matches!(logged.state, State::Failed | State::Deferred | State::Unknown);
    let words = logged.outcome.as_ref().filter(|_| went_wrong);
    LogRow {
        id: logged.id.as_str().to_owned(),
        href: format!("/a/messages/{}", logged.id),
        what: named(&logged.template),
        to: addressee(&logged.recipient),
        channel: channel_word(logged.channel),
        tone,
        standing,
        reason: words.unwrap_or(&logged.reason).clone(),
        at: logged.created_at.to_string(),
        when: clock.short(logged.created_at),
    }
}

/// One message.
pub(super) fn message(
    message: &Message,
    why: Why,
    written: Result<Written>,
    events: Vec<Card>,
    view: View,
    clock: &ShopClock<'_>,
) -> MessagePage {
    let path = format!("/a/messages/{}", message.id);
    let (written, fault) = match written {
        Ok(written) => (Some(written), None),
        Err(error) => (None, Some(error.words().to_owned())),
    };
    let subject = written.as_ref().and_then(|written| written.subject.clone());
    let has_html = written.as_ref().is_some_and(|written| written.html.is_some());
    MessagePage {
        title: subject.unwrap_or_else(|| named(&message.template)),
        to: written.as_ref().map_or_else(|| addressee(&message.recipient), |written| written.to.clone()),
        channel: channel_word(message.channel),
        at: message.created_at.to_string(),
        when: clock.long(message.created_at),
        customer: format!("/a/customers/{}", message.customer),
        about: (message.subject.0 == "order").then(|| format!("/a/orders/{}", message.subject.1)),
        tabs: if has_html { previews(&path, view) } else { Vec::new() },
        body: written.map(|written| body(written, &path, view)),
        path,
        fault,
        why,
        events,
        actions: Vec::new(),
        tries: Vec::new(),
        said_again: None,
        done_by: Vec::new(),
        flash: None,
    }
}

/// Each action, or why not. Letting go is for what a restore holds, and said nowhere else.
pub(super) fn actions(standing: &Standing) -> Vec<ShownAction> {
    let shown = |action: Action| match may(action, standing) {
        Err(WhyNot::NotHeldByRestore) => None,
        allowed => Some(ShownAction {
            word: action.as_str(),
            label: action.label(),
            why_not: allowed.err().map(WhyNot::words),
        }),
    };
    Action::ALL.into_iter().filter_map(shown).collect()
}

pub(super) fn a_try(one: &Try, clock: &ShopClock<'_>) -> ShownTry {
    let (tone, standing) = standing(one.state);
    ShownTry {
        number: one.number,
        tone,
        standing,
        channel: channel_word(one.channel),
        words: one.words.clone(),
        at: one.tried_at.to_string(),
        when: clock.exact(one.tried_at),
    }
}

/// Who did what, and when.
pub(super) fn done_by(entry: &staff::Entry, clock: &ShopClock<'_>) -> (String, String, String) {
    let what = Action::ALL.into_iter().find(|action| action.audited() == entry.action);
    let what = what.map_or_else(|| named(&entry.action), |action| action.done().to_owned());
    (entry.name.clone().unwrap_or_else(|| "the command line".to_owned()), what, clock.short(entry.at))
}

/// Only a mail that was received has a source and headers of its own.
fn previews(path: &str, view: View) -> Vec<Tab> {
    let mut tabs = tabs(path, view, true);
    tabs.retain(|tab| tab.label != View::Source.label() && tab.label != View::Headers.label());
    tabs
}

fn body(written: Written, path: &str, view: View) -> Body {
    if written.html.is_none() {
        return Body::Bubble { text: written.text, takes: String::new() };
    }
    match view {
        View::Text => Body::Text { title: "The text part".to_owned(), text: written.text },
        View::Html | View::Phone(_) | View::Dark => frame(path, view),
        View::Source | View::Headers => frame(path, View::Html),
    }
}

/// `orders.confirmation` as `Orders confirmation`.
pub(super) fn named(template: &str) -> String {
    let words = template.replace(['.', '_'], " ");
    let mut letters = words.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

fn addressee(recipient: &Recipient) -> String {
    let email = recipient.email.as_ref().map(|email| email.as_str());
    let phone = recipient.phone.as_ref().map(|phone| phone.as_str());
    email.or(phone).unwrap_or("nobody").to_owned()
}

fn channel_word(channel: Option<Channel>) -> &'static str {
    match channel {
        Some(Channel::Email) => "Email",
        Some(Channel::Sms) => "Text",
        None => "",
    }
}
