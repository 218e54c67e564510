//! What the order page shows: finished sentences, nothing to look up and nothing to decide but what is missing.
//!
//! The words are in `words/page-en.ftl`; who fills these fields says them in the customer's language. The samples say
//! every state in those same words, so that looking at the samples is proof-reading the page.

use web::Link;

pub mod samples;

/// What [`html::write`](super::html::write) is given.
#[derive(Clone, Debug)]
pub struct OrderPage {
    /// The page's own path, `/o/…`, without a slash at the end. Its forms post below it.
    pub path: String,
    /// Number and day: `Order #1042 · placed Monday 16 November`.
    pub kicker: String,
    /// The answer.
    pub heading: String,
    /// What comes next or what to do, a sentence or two.
    pub lead: String,
    /// One more sentence in small, if there is one.
    pub hint: Option<String>,
    /// What happened to the order besides, the newest first.
    pub notices: Vec<Notice>,
    /// Where it stands; empty when the order goes nowhere any more.
    pub steps: Vec<Step>,
    /// The name of the list of steps.
    pub steps_label: String,
    /// What to do: the first is the main thing, when `primary` says so.
    pub actions: Vec<Action>,
    /// What the customer is asked whose order has not left in time; once it is settled, without answers.
    pub delay: Option<Delay>,
    /// The parcels, the one in trouble first.
    pub parcels: Vec<ParcelCard>,
    /// What was bought.
    pub items: Items,
    /// Labelled facts: payment, dates, note.
    pub details: Details,
    /// Where it goes; none for orders without delivery.
    pub address: Option<Address>,
    /// What we told the customer.
    pub told: Told,
}

/// How a notice or a message stands: a tone, always said in words too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// To know.
    Info,
    /// Done, good.
    Ok,
    /// To watch.
    Warn,
    /// In trouble.
    Bad,
}

/// A sentence in a box.
#[derive(Clone, Debug)]
pub struct Notice {
    /// How it stands.
    pub tone: Tone,
    /// The sentence.
    pub text: String,
}

/// One step of the order's way.
#[derive(Clone, Debug)]
pub struct Step {
    /// `Packed`.
    pub label: String,
    /// Before, at or after where the order stands.
    pub state: StepState,
    /// The state in words, for people who listen to the page: `done`.
    pub state_words: String,
    /// When it happened or will happen.
    pub when: Option<String>,
}

/// Where a step is, seen from where the order stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StepState {
    /// Behind.
    Done,
    /// Here.
    Current,
    /// Ahead.
    Todo,
}

/// Something to do.
#[derive(Clone, Debug)]
pub struct Action {
    /// The link; begins with a verb.
    pub link: Link,
    /// Whether it is the one main thing to do.
    pub primary: bool,
}

/// Keep it, or cancel it?
#[derive(Clone, Debug)]
pub struct Delay {
    /// The question.
    pub heading: String,
    /// What silence means, or what was answered.
    pub words: String,
    /// The answers: the word in the path below `delay/`, and the button.
    pub answers: Vec<(&'static str, String)>,
}

/// One parcel of the order.
#[derive(Clone, Debug)]
pub struct ParcelCard {
    /// `Parcel 1 of 2`.
    pub heading: String,
    /// How it stands, always said in words too.
    pub tone: Tone,
    /// Where it is, in a word or two.
    pub state: String,
    /// What that means; none when the page's answer says it.
    pub sentence: Option<String>,
    /// Who carries it.
    pub carrier: Option<String>,
    /// Its tracking number.
    pub number: Option<String>,
    /// When we last heard of it.
    pub heard: String,
    /// The carrier's own page: label and address.
    pub link: Option<(String, String)>,
    /// Where it is to be collected: the label, and the lines below it.
    pub collect: Option<(String, Vec<String>)>,
    /// The newest scans.
    pub latest: Vec<ScanLine>,
    /// All before those.
    pub earlier: Vec<ScanLine>,
    /// The label of the earlier ones; empty when there are none.
    pub earlier_label: String,
    /// Whether somebody asked for all of them: then they stand open.
    pub is_open: bool,
    /// The link to all of them, when there are more than these; it says how many.
    pub all_label: Option<String>,
    /// Over the goods.
    pub items_label: String,
    /// What is in it; empty when it is all there is.
    pub items: Vec<String>,
    /// What its customer may say of it: the path below the page's own, and the button.
    pub report: Option<(String, String)>,
}

/// Something that happened to a parcel.
#[derive(Clone, Debug)]
pub struct ScanLine {
    /// Where it was then.
    pub state: String,
    /// The carrier's words, and the place.
    pub words: Vec<String>,
    /// The instant in RFC 3339, for machines.
    pub at: String,
    /// The instant in words.
    pub when: String,
}

/// What was bought, and what it cost.
#[derive(Clone, Debug)]
pub struct Items {
    /// Over the list.
    pub heading: String,
    /// The lines.
    pub lines: Vec<Item>,
    /// Subtotal, delivery, tax.
    pub totals: Vec<Fact>,
    /// The sum.
    pub total: Fact,
    /// What of it went back, if anything.
    pub refunded: Option<Fact>,
}

/// One line of the order.
#[derive(Clone, Debug)]
pub struct Item {
    /// The product's name.
    pub title: String,
    /// The product's page.
    pub url: Option<String>,
    /// Its picture; the page shows it over https only.
    pub image_url: Option<String>,
    /// What stands in the picture's place, see [`web::assets::initial`].
    pub initial: String,
    /// Variant, quantity, price of one: `100 g · 2 pieces`.
    pub about: String,
    /// The line's amount.
    pub amount: String,
}

/// A label and what it is about.
#[derive(Clone, Debug)]
pub struct Fact {
    /// `Delivery`.
    pub label: String,
    /// `£3.95`.
    pub value: String,
}

/// Labelled facts, and what the customer wrote.
#[derive(Clone, Debug)]
pub struct Details {
    /// Over the list.
    pub heading: String,
    /// Payment and expected dates.
    pub facts: Vec<Fact>,
    /// The note given with the order, as it was written.
    pub note: Option<Fact>,
}

/// The delivery address, as far as the reader may see it.
#[derive(Clone, Debug)]
pub struct Address {
    /// Over it.
    pub heading: String,
    /// How much of it.
    pub shown: Shown,
}

/// How much of the address is shown, and what can be done about it.
#[derive(Clone, Debug)]
pub enum Shown {
    /// All of it, after the right code.
    Full {
        /// Name, street, town, country.
        lines: Vec<String>,
        /// That it is, in words, after a code; empty when none was needed.
        done: String,
    },
    /// Town and end of the postcode, with a button that sends a code.
    Masked {
        /// `Leeds, postcode ending 2AB`.
        place: String,
        /// Why it is hidden.
        why: String,
        /// The button; none when there is nowhere to send a code, or not now: `why` says so.
        send: Option<String>,
    },
    /// A code is out; here is where to type it.
    Asking {
        /// `Leeds, postcode ending 2AB`.
        place: String,
        /// Where the code went.
        sent: String,
        /// Over the field.
        label: String,
        /// How to type it.
        hint: String,
        /// What was wrong with the last try.
        fault: Option<String>,
        /// The button.
        submit: String,
        /// The button that sends another.
        again: String,
    },
}

/// What we told the customer.
#[derive(Clone, Debug)]
pub struct Told {
    /// Over the list.
    pub heading: String,
    /// Said when the list is empty.
    pub none: String,
    /// The newest messages first; at most three.
    pub latest: Vec<Message>,
    /// All before those.
    pub earlier: Vec<Message>,
    /// The label of the earlier ones; empty when there are none.
    pub earlier_label: String,
}

/// One message about the order.
#[derive(Clone, Debug)]
pub struct Message {
    /// Its subject, or the beginning of its text.
    pub subject: String,
    /// How it went and where to: `Email to a…@example.test`.
    pub how: String,
    /// The instant in RFC 3339, for machines.
    pub at: String,
    /// The instant in words: `Monday 16 November, 10:02`.
    pub when: String,
}

#[cfg(test)]
mod tests;
