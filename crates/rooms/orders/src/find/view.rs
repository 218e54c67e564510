//! What the page is given as `page`, filled in the shop's language.

use kernel::words::Arg;
use kernel::{Locale, Shop, text};
use messaging::Wording;
use serde::Serialize;
use web::{Link, Template};

use super::typed::Fault;

/// The template. It extends the shopper's shell.
pub const TEMPLATES: &[Template] =
    &[Template { name: "orders/find.html", source: include_str!("templates/find.html") }];

/// The most characters that are shown of what was typed.
const MOST_SHOWN: usize = 254;

/// The form, or that it was sent.
#[derive(Clone, Debug, Serialize)]
pub(super) struct FindPage {
    /// The page's title.
    pub title: String,
    /// The heading.
    pub heading: String,
    /// What happens, or what was done.
    pub lead: String,
    /// The form; none when it was sent.
    pub form: Option<FindForm>,
    /// When nothing comes.
    pub nothing: Option<String>,
    /// Other ways on.
    pub ways: Vec<Link>,
}

/// The form.
#[derive(Clone, Debug, Serialize)]
pub(super) struct FindForm {
    number_label: String,
    number_hint: String,
    number: String,
    number_fault: Option<String>,
    contact_label: String,
    contact_hint: String,
    contact: String,
    contact_fault: Option<String>,
    submit: String,
}

/// The words.
pub(super) struct Fill<'a> {
    pub shop: &'a Shop,
    pub wording: &'a Wording,
    pub locale: &'a Locale,
}

impl Fill<'_> {
    /// The form, with what was typed and what of it can't be read.
    pub fn asked(&self, number: &str, contact: &str, fault: Option<Fault>) -> FindPage {
        let heading = self.say("find-heading");
        let fault_of = |of: Fault, key: &str| (fault == Some(of)).then(|| self.say(key));
        let form = FindForm {
            number_label: self.say("find-number"),
            number_hint: self.say("find-number-hint"),
            number: text::shortened(number, MOST_SHOWN),
            number_fault: fault_of(Fault::Number, "find-number-fault"),
            contact_label: self.say("find-contact"),
            contact_hint: self.say("find-contact-hint"),
            contact: text::shortened(contact, MOST_SHOWN),
            contact_fault: fault_of(Fault::Contact, "find-contact-fault"),
            submit: self.say("find-submit"),
        };
        let title = match fault {
            Some(_) => self.with("page-title-error", &[("title", (&heading).into())]),
            None => heading.clone(),
        };
        FindPage {
            title,
            heading,
            lead: self.say("find-lead"),
            form: Some(form),
            nothing: None,
            ways: vec![Link::new(self.say("find-all"), "/you")],
        }
    }

    /// That it was sent: the same, whatever came of it.
    pub fn sent(&self) -> FindPage {
        let heading = self.say("find-sent-heading");
        FindPage {
            title: heading.clone(),
            heading,
            lead: self.say("find-sent-lead"),
            form: None,
            nothing: Some(self.say("find-sent-nothing")),
            ways: vec![Link::new(self.say("find-again"), "/find"), Link::new(self.say("find-all"), "/you")],
        }
    }

    fn say(&self, key: &str) -> String {
        self.with(key, &[])
    }

    fn with(&self, key: &str, more: &[(&str, Arg<'_>)]) -> String {
        let shop = text::isolated_in(&self.shop.brand.name, self.locale);
        let mut args = vec![("shop", Arg::from(&shop))];
        for (name, arg) in more {
            if let Arg::Text(text) = arg {
                args.push((*name, Arg::Text(text)));
            }
        }
        self.wording.say(self.locale, key, &args)
    }
}
