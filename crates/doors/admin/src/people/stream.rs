//! Everything that happened to a customer as lines, with what the staff wrote, and the views of it.

use std::collections::BTreeMap;

use customers::{Note, NoteId};
use db::Read;
use kernel::{Result, Shop, ShopClock};
use serde::Serialize;
use timeline::{Card, Event};

use super::words;

/// A part of what happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Filter {
    All,
    Orders,
    Messages,
    Consents,
    Incidents,
    Notes,
    Contacts,
}

impl Filter {
    const ALL: [Filter; 7] = [
        Filter::All,
        Filter::Orders,
        Filter::Messages,
        Filter::Consents,
        Filter::Incidents,
        Filter::Notes,
        Filter::Contacts,
    ];

    /// Its name in the address, `?show=…`.
    fn name(self) -> &'static str {
        match self {
            Filter::All => "",
            Filter::Orders => "orders",
            Filter::Messages => "messages",
            Filter::Consents => "consents",
            Filter::Incidents => "incidents",
            Filter::Notes => "notes",
            Filter::Contacts => "contacts",
        }
    }

    fn label(self) -> &'static str {
        match self {
            Filter::All => "Everything",
            Filter::Orders => "Orders",
            Filter::Messages => "Messages",
            Filter::Consents => "Consents and choices",
            Filter::Incidents => "Incidents",
            Filter::Notes => "Notes",
            Filter::Contacts => "Contacts",
        }
    }

    /// What it says when there is nothing.
    pub(super) fn nothing(self) -> &'static str {
        match self {
            Filter::All => "Nothing is recorded.",
            Filter::Orders => "No order of theirs is here.",
            Filter::Messages => "Nothing was said to them, and they have texted nothing.",
            Filter::Consents => "They were never asked, and chose nothing.",
            Filter::Incidents => "Nothing was ever wrong.",
            Filter::Notes => "Nobody has written a note.",
            Filter::Contacts => "No call and no visit was logged.",
        }
    }

    /// The kinds of thing that events of this view are about; nothing is everything.
    pub(super) fn about(self) -> &'static [&'static str] {
        match self {
            Filter::All => &[],
            Filter::Orders => &["order"],
            Filter::Messages => &["message", "text"],
            Filter::Consents => &["customer"],
            Filter::Incidents => &["incident"],
            Filter::Notes => &["note"],
            Filter::Contacts => &["contact"],
        }
    }

    /// The beginning of an address's query.
    pub(super) fn query(self) -> String {
        match self {
            Filter::All => String::new(),
            _ => format!("show={}&", self.name()),
        }
    }

    /// Reads the name in an address; what is unknown is everything.
    pub(super) fn of_name(name: &str) -> Filter {
        Filter::ALL.into_iter().find(|filter| filter.name() == name).unwrap_or(Filter::All)
    }

    pub(super) fn chips(here: Filter, path: &str) -> Vec<Chip> {
        let href = |filter: Filter| match filter {
            Filter::All => path.to_owned(),
            _ => format!("{path}?show={}", filter.name()),
        };
        let chip =
            |filter: Filter| Chip { label: filter.label(), href: href(filter), current: filter == here };
        Filter::ALL.into_iter().map(chip).collect()
    }
}

/// A view, as a link.
#[derive(Debug, Serialize)]
pub(super) struct Chip {
    label: &'static str,
    href: String,
    current: bool,
}

/// One line of the stream.
#[derive(Debug, Serialize)]
pub(super) struct Line {
    #[serde(flatten)]
    card: Card,
    /// Who made it happen, in words.
    source: String,
    /// The page of what it is about, where there is one.
    about: Option<(&'static str, String)>,
    /// What the staff wrote, while it is there.
    said: Option<Said>,
    /// Whether somebody took it away.
    is_removed: bool,
}

#[derive(Debug, Serialize)]
struct Said {
    subject: Option<String>,
    body: String,
    is_edited: bool,
    edit: String,
}

/// The names of whoever works here, by identifier.
pub(crate) struct Team(BTreeMap<String, String>);

impl Team {
    pub(crate) fn of(r: &mut Read<'_>) -> Result<Self> {
        let accounts = staff::accounts(r)?;
        Ok(Team(accounts.into_iter().map(|one| (one.id.as_str().to_owned(), one.name)).collect()))
    }

    /// What somebody of the staff is called.
    pub(super) fn called(&self, id: &str) -> String {
        self.0.get(id).cloned().unwrap_or_else(|| "somebody who worked here".to_owned())
    }

    /// Who told, in words.
    pub(crate) fn told_by(&self, source: &str) -> String {
        if let Some(id) = customers::staff_of(source) {
            return self.called(id);
        }
        match source {
            "you_updates" => "the customer, on “How we reach you”".to_owned(),
            "one_click" => "the customer, by the link in a mail".to_owned(),
            "text" => "the customer, by text".to_owned(),
            customers::IMPORT => "a list that was imported".to_owned(),
            "api" => "the API".to_owned(),
            "provider" => "the provider".to_owned(),
            other => other.to_owned(),
        }
    }

    fn who(&self, card: &Card) -> String {
        match card.by.as_str() {
            "staff" => self.called(&card.by_whom),
            "customer" => "the customer".to_owned(),
            "source" => self.told_by(&card.by_whom),
            "rule" => format!("the rule {}", card.by_whom),
            _ => "an API key".to_owned(),
        }
    }
}

/// Events as lines, with the words of notes and contacts.
pub(super) fn lines(r: &mut Read<'_>, events: &[Event], team: &Team, path: &str) -> Result<Vec<Line>> {
    let mut written = BTreeMap::new();
    for event in events.iter().filter(|event| is_written(event)) {
        if let Some(note) = customers::note(r, &NoteId::parse(&event.subject_id)?)? {
            written.insert(event.subject_id.clone(), note);
        }
    }
    let clock = ShopClock::new(&r.wired::<Shop>()?.zone, r.now);
    let cards = timeline::cards(events, &clock);
    let line = |(card, event): (Card, &Event)| {
        let note = written.remove(&event.subject_id);
        Line {
            source: team.who(&card),
            about: about(&card.subject).or_else(|| words::order_of(event).map(order_page)),
            is_removed: is_written(event) && note.is_none(),
            said: note.map(|note| said(note, path)),
            card: words::said(card, event, &clock),
        }
    };
    Ok(cards.into_iter().zip(events).map(line).collect())
}

fn is_written(event: &Event) -> bool {
    matches!(event.subject_kind.as_str(), "note" | "contact")
}

fn about((kind, id): &(String, String)) -> Option<(&'static str, String)> {
    match kind.as_str() {
        "order" => Some(order_page(id)),
        "message" => Some(("message", format!("/a/messages/{id}"))),
        _ => None,
    }
}

fn order_page(id: &str) -> (&'static str, String) {
    ("order", format!("/a/orders/{id}"))
}

fn said(note: Note, path: &str) -> Said {
    Said {
        subject: note.wording.subject,
        body: note.wording.body,
        is_edited: note.edited_at.is_some(),
        edit: format!("{path}/notes/{}", note.id),
    }
}
