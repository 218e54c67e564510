//! What the pages of the log show.

use kernel::{Channel, MessageId, Result, ShopClock};
use serde::Serialize;
use timeline::Card;

use super::preview::Written;
use super::rows::{Filter, Logged};
use crate::inbox::view::{Body, Tab, View, Why, frame, tabs};
use crate::inbox::why::standing;
use crate::store::{Message, Recipient, State};

/// What `messaging/log.html` is given as `page`.
#[derive(Clone, Debug, Serialize)]
pub struct LogPage {
    /// The views of the log.
    pub filters: Vec<Tab>,
    /// One page of messages, the newest first.
    pub rows: Vec<LogRow>,
    /// What to say when there are none.
    pub nothing: &'static str,
    /// The page of older ones.
    pub older: Option<String>,
    /// The newest page, when this is another one.
    pub newest: Option<String>,
}

/// One message of the log.
#[derive(Clone, Debug, Serialize)]
pub struct LogRow {
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
}

/// The log: a page of what was written before `before`, which ends with `oldest` where there is more.
pub(super) fn log(
    filter: Filter,
    logged: &[Logged],
    (before, oldest): (Option<&MessageId>, Option<&MessageId>),
    clock: &ShopClock<'_>,
) -> LogPage {
    let path = |filter: Filter| format!("/a/messages?show={}", filter.name());
    let tab = |other: Filter| Tab { label: other.label(), href: path(other), current: other == filter };
    LogPage {
        filters: Filter::ALL.into_iter().map(tab).collect(),
        rows: logged.iter().map(|logged| row(logged, clock)).collect(),
        nothing: filter.nothing(),
        older: oldest.map(|id| format!("{}&older={id}", path(filter))),
        newest: before.map(|_| path(filter)),
    }
}

/// One line.
pub(super) fn row(logged: &Logged, clock: &ShopClock<'_>) -> LogRow {
    let (tone, standing) = standing(logged.state);
    let went_wrong = matches!(logged.state, State::Failed | State::Deferred | State::Unknown);
    let words = logged.outcome.as_ref().filter(|_| went_wrong);
    LogRow {
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
        fault,
        why,
        events,
    }
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
fn named(template: &str) -> String {
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
