//! What the two pages are given as `page`: finished strings, nothing to look up.

use serde::Serialize;
use web::Template;

pub mod samples;

/// The templates. They extend the shopper's shell.
pub const TEMPLATES: &[Template] = &[
    Template { name: "messaging/updates.html", source: include_str!("templates/updates.html") },
    Template { name: "messaging/unsubscribe.html", source: include_str!("templates/unsubscribe.html") },
];

/// How we reach a person, and what they can decide about it.
#[derive(Clone, Debug, Serialize)]
pub struct UpdatesPage {
    /// Where the forms go.
    pub path: String,
    /// The answer: how we reach them.
    pub heading: String,
    /// At which address, masked.
    pub address: Option<String>,
    /// Why this way.
    pub why: String,
    /// What a form has just done.
    pub notice: Option<Notice>,
    /// The ways there are.
    pub channel: ChannelCard,
    /// What can be switched off.
    pub topics: TopicsCard,
    /// Leaving them in peace for a while.
    pub pause: PauseCard,
    /// The hours at which they want to hear nothing.
    pub hours: HoursCard,
    /// One button for all of it.
    pub stop: StopCard,
    /// What stays on, and why.
    pub stays: Card,
}

/// What a form has just done, or why it did nothing.
#[derive(Clone, Debug, Serialize)]
pub struct Notice {
    /// `ok` or `warn`.
    pub tone: &'static str,
    /// What happened.
    pub text: String,
    /// A form that takes it back.
    pub undo: Option<Undo>,
}

/// A form that takes back what another has just done.
#[derive(Clone, Debug, Serialize)]
pub struct Undo {
    /// What it brings back: fields of the form of topics, name and value.
    pub fields: Vec<(&'static str, String)>,
    /// In words: what somebody says yes to by pressing the button.
    pub words: Vec<String>,
    /// The button.
    pub button: String,
}

/// The ways there are.
#[derive(Clone, Debug, Serialize)]
pub struct ChannelCard {
    /// Over the card.
    pub heading: String,
    /// Ways to choose from; fewer than two are no choice.
    pub choices: Vec<Choice>,
    /// Says that there is only one way.
    pub no_choice: String,
    /// Ways that are closed, and why.
    pub notes: Vec<Note>,
    /// The button.
    pub save: String,
}

/// One thing to choose.
#[derive(Clone, Debug, Serialize)]
pub struct Choice {
    /// What the form sends.
    pub value: &'static str,
    /// What it is.
    pub label: String,
    /// More about it.
    pub hint: String,
    /// Whether it is chosen.
    pub checked: bool,
}

/// A way that is closed.
#[derive(Clone, Debug, Serialize)]
pub struct Note {
    /// Which one, masked.
    pub address: String,
    /// Why.
    pub text: String,
}

/// What can be switched off.
#[derive(Clone, Debug, Serialize)]
pub struct TopicsCard {
    /// Over the card.
    pub heading: String,
    /// The topics.
    pub choices: Vec<TopicChoice>,
    /// The button.
    pub save: String,
}

/// One topic, and how they want to hear of it.
#[derive(Clone, Debug, Serialize)]
pub struct TopicChoice {
    /// What the form sends.
    pub value: &'static str,
    /// What it is.
    pub label: String,
    /// More about it.
    pub hint: String,
    /// Whether they get it.
    pub checked: bool,
    /// Over the ways.
    pub by_label: String,
    /// Says that the ways were shown.
    pub shown: String,
    /// The ways there are; fewer than two are no choice.
    pub ways: Vec<Way>,
    /// Beside the choice of how often.
    pub pace_label: String,
    /// How often it may come; none where it can't wait.
    pub paces: Vec<Pace>,
}

/// A way on which a topic may come.
#[derive(Clone, Debug, Serialize)]
pub struct Way {
    /// What the form sends.
    pub value: String,
    /// What it is.
    pub label: String,
    /// Whether it may.
    pub checked: bool,
}

/// How often a topic may come.
#[derive(Clone, Debug, Serialize)]
pub struct Pace {
    /// What the form sends.
    pub value: u32,
    /// What it is.
    pub label: String,
    /// Whether it is chosen.
    pub chosen: bool,
}

/// Leaving them in peace for a while.
#[derive(Clone, Debug, Serialize)]
pub struct PauseCard {
    /// Over the card.
    pub heading: String,
    /// What it does, or until when it lasts.
    pub text: String,
    /// For how many days, and what the button says.
    pub spans: Vec<(u32, String)>,
    /// Ends it; none while there is nothing to end.
    pub resume: Option<String>,
}

/// The hours at which they want to hear nothing.
#[derive(Clone, Debug, Serialize)]
pub struct HoursCard {
    /// Over the card.
    pub heading: String,
    /// What it does.
    pub text: String,
    /// Beside the first hour.
    pub from_label: String,
    /// The hours to choose from.
    pub from: Vec<Pace>,
    /// Beside the first hour that is not quiet any more.
    pub to_label: String,
    /// The hours to choose from.
    pub to: Vec<Pace>,
    /// Beside the clock.
    pub zone_label: String,
    /// Under it.
    pub zone_hint: String,
    /// Whose clock.
    pub zone: String,
    /// The button.
    pub save: String,
    /// Gives them the shop's hours again; none when they are.
    pub shops: Option<String>,
}

/// One button for all of it.
#[derive(Clone, Debug, Serialize)]
pub struct StopCard {
    /// Over the card.
    pub heading: String,
    /// What the button does, or that everything is off already.
    pub text: String,
    /// The button; none when there is nothing to stop.
    pub button: Option<String>,
}

/// A heading and a text.
#[derive(Clone, Debug, Serialize)]
pub struct Card {
    /// The heading.
    pub heading: String,
    /// The text.
    pub text: String,
}

/// The way out of one topic.
#[derive(Clone, Debug, Serialize)]
pub struct UnsubscribePage {
    /// Where the forms go.
    pub path: String,
    /// The question, or what was done.
    pub heading: String,
    /// What the button does, or what stays.
    pub text: String,
    /// The buttons; none when it is done.
    pub buttons: Option<Buttons>,
    /// To the page with everything else; none when we know nothing of the reader any more.
    pub more: Option<web::Link>,
}

/// The two buttons.
#[derive(Clone, Debug, Serialize)]
pub struct Buttons {
    /// Ends this topic.
    pub topic: String,
    /// Ends everything that can be switched off.
    pub all: String,
}

#[cfg(test)]
mod tests;
