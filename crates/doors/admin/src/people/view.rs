//! What the page of a customer shows.

use customers::Person;
use messaging::Templates;
use messaging::log::LogRow;
use orders::staff::OrderRow;
use serde::Serialize;

use super::list;
use super::merge::MergedRow;
use super::reached::Known;
use super::stream::{Chip, Line};
use super::wrong::WrongRow;

/// What `admin/customer.html` is given as `page`.
#[derive(Debug, Serialize)]
pub(super) struct CustomerPage {
    pub path: String,
    /// The customer's identifier.
    pub known_as: String,
    pub name: String,
    pub at: String,
    pub since: String,
    /// Until when they are left in peace, if they are.
    pub paused: Option<String>,
    /// That their data were erased, or are being, in a sentence.
    pub erasure: Option<String>,
    /// Who was merged into them.
    pub merged: Vec<MergedRow>,
    pub chips: Vec<Chip>,
    pub nothing: &'static str,
    pub lines: Vec<Line>,
    pub older: Option<String>,
    pub newest: Option<String>,
    pub known: Known,
    /// What is wrong for them, or still counts.
    pub wrong: Vec<WrongRow>,
    pub kinds: Vec<(&'static str, &'static str, String)>,
    /// The day it is at the shop, for the pause.
    pub today: String,
    pub forms: Typed,
    /// Every message there is: id and words.
    pub templates: Vec<(String, String)>,
    pub may_manage: bool,
    pub orders: Vec<OrderRow>,
    pub messages: Vec<LogRow>,
}

/// What somebody typed into a form of the page.
#[derive(Clone, Debug, Default, Serialize)]
pub(super) struct Typed {
    /// Makes a form that is sent twice write once.
    pub once: String,
    pub subject: String,
    pub body: String,
    pub at: String,
    pub way: String,
    pub direction: String,
    pub kind: String,
    pub span: String,
    pub reason: String,
    pub until: String,
    pub fault: Option<Fault>,
}

/// What is wrong with it, and in which form.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Fault {
    pub form: &'static str,
    pub words: String,
}

/// What the page calls a person.
pub(crate) fn called(person: &Person) -> String {
    match person.erased_at {
        Some(_) => "Erased".to_owned(),
        None => list::called(person.name.as_deref()),
    }
}

/// Every message that can be sent, for the question why one was not.
pub(crate) fn templates(templates: &Templates) -> Vec<(String, String)> {
    let named = |template: &messaging::Template| (template.id.to_owned(), sentence(template.id));
    templates.all().iter().map(named).collect()
}

/// `order.payment_received` as `Order payment received`.
pub(crate) fn sentence(name: &str) -> String {
    let spaced = name.replace(['.', '_'], " ");
    let mut letters = spaced.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}
