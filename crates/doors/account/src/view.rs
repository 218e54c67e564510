//! What the pages are given as `page`: finished strings, nothing to look up.

use serde::Serialize;
use web::{Link, Template};

#[cfg(test)]
mod samples;

/// The templates. They extend the shopper's shell.
pub const TEMPLATES: &[Template] = &[
    Template { name: "account/parts.html", source: include_str!("templates/parts.html") },
    Template { name: "account/asks.html", source: include_str!("templates/asks.html") },
    Template { name: "account/code.html", source: include_str!("templates/code.html") },
    Template { name: "account/link.html", source: include_str!("templates/link.html") },
    Template { name: "account/you.html", source: include_str!("templates/you.html") },
    Template { name: "account/delete.html", source: include_str!("templates/delete.html") },
];

/// Something to be said over a form: what was done, or what went wrong.
#[derive(Clone, Debug, Serialize)]
pub struct Notice {
    /// `ok` or `warn`.
    pub tone: &'static str,
    /// What happened.
    pub text: String,
}

/// A form that asks for an address to send a code to.
#[derive(Clone, Debug, Serialize)]
pub struct AddressForm {
    /// Beside the field.
    pub label: String,
    /// Under it.
    pub hint: String,
    /// What was typed.
    pub typed: String,
    /// What is wrong with it.
    pub fault: Option<String>,
    /// The button.
    pub submit: String,
    /// Where to go on.
    pub next: &'static str,
}

/// Before somebody is signed in.
#[derive(Clone, Debug, Serialize)]
pub struct AsksPage {
    /// The page's title.
    pub title: String,
    /// The heading.
    pub heading: String,
    /// What happens.
    pub lead: String,
    /// What was done, or what went wrong.
    pub notice: Option<Notice>,
    /// The form.
    pub form: AddressForm,
    /// Another way to an order.
    pub find: Link,
}

/// Where the code is typed.
#[derive(Clone, Debug, Serialize)]
pub struct CodePage {
    /// The page's title.
    pub title: String,
    /// The heading.
    pub heading: String,
    /// What was done.
    pub lead: String,
    /// Beside the field.
    pub label: String,
    /// Under it.
    pub hint: String,
    /// What is wrong with what was typed.
    pub fault: Option<String>,
    /// The button.
    pub submit: String,
    /// Where to go on.
    pub next: &'static str,
    /// When nothing comes.
    pub nothing: String,
    /// Another code.
    pub again: Link,
}

/// The page behind the link in the message.
#[derive(Clone, Debug, Serialize)]
pub struct LinkPage {
    /// The heading.
    pub heading: String,
    /// What the button does, or what to do instead.
    pub lead: String,
    /// Where the button goes, and what it says; none where it would do nothing.
    pub button: Option<Link>,
    /// Another code, for this browser.
    pub again: Option<Link>,
}

/// Somebody who is signed in.
#[derive(Clone, Debug, Serialize)]
pub struct YouPage {
    /// The heading.
    pub heading: String,
    /// What was done.
    pub notice: Option<Notice>,
    /// Where to go from here.
    pub ways: Vec<Way>,
    /// Who they are.
    pub known: Known,
    /// How they sign in.
    pub proofs: Proofs,
    /// The browsers that are signed in.
    pub browsers: Browsers,
    /// Taking their data with them, and away.
    pub data: Data,
}

/// A way on, and what is there.
#[derive(Clone, Debug, Serialize)]
pub struct Way {
    /// The link.
    pub link: Link,
    /// What is there.
    pub hint: String,
}

/// Who they are, as far as we know it.
#[derive(Clone, Debug, Serialize)]
pub struct Known {
    /// Over the card.
    pub heading: String,
    /// What we know, labelled.
    pub facts: Vec<Fact>,
    /// Why we don't tell.
    pub none: String,
}

/// A labelled value.
#[derive(Clone, Debug, Serialize)]
pub struct Fact {
    /// What it is.
    pub label: String,
    /// Its value, or several.
    pub values: Vec<String>,
    /// Whether it reads from left to right in every language: addresses and numbers.
    pub is_ltr: bool,
}

/// How they sign in, and the form for another address.
#[derive(Clone, Debug, Serialize)]
pub struct Proofs {
    /// Over the card.
    pub heading: String,
    /// What it is good for.
    pub text: String,
    /// The addresses, each with since when.
    pub proved: Vec<Proved>,
    /// The form.
    pub form: AddressForm,
}

/// An address that was proved.
#[derive(Clone, Debug, Serialize)]
pub struct Proved {
    /// The address.
    pub address: String,
    /// Since when.
    pub when: String,
}

/// The browsers that are signed in.
#[derive(Clone, Debug, Serialize)]
pub struct Browsers {
    /// Over the card.
    pub heading: String,
    /// The browsers.
    pub open: Vec<Browser>,
    /// Signs this one out.
    pub out: String,
    /// Signs all of them out.
    pub everywhere: String,
}

/// A browser that is signed in.
#[derive(Clone, Debug, Serialize)]
pub struct Browser {
    /// What it calls itself, shortened.
    pub name: String,
    /// Since when, and when it was last seen.
    pub when: String,
    /// Says that it is this one.
    pub this: Option<String>,
    /// Signs it out; none for this one, which has a button of its own.
    pub out: Option<Link>,
}

/// Taking their data with them, and away.
#[derive(Clone, Debug, Serialize)]
pub struct Data {
    /// Over the card.
    pub heading: String,
    /// What there is, or what has to be done first.
    pub text: String,
    /// The file.
    pub download: Option<Link>,
    /// To the page that asks.
    pub delete: Option<Link>,
}

/// Before everything is deleted.
#[derive(Clone, Debug, Serialize)]
pub struct DeletePage {
    /// The question.
    pub heading: String,
    /// What goes.
    pub goes: Vec<String>,
    /// What stays, and why.
    pub stays: String,
    /// That it can't be taken back.
    pub lead: String,
    /// The button.
    pub submit: String,
    /// The way back.
    pub back: Link,
}

#[cfg(test)]
mod tests;
