//! Fills the pages, in the reader's language.

use customers::account::{OpenSession, Place, SignedIn, Standing};
use customers::{ContactPoint, Person};
use kernel::words::Arg;
use kernel::{Channel, Locale, Shop, Timestamp, text};
use messaging::Wording;
use web::Link;

use crate::view::{
    AddressForm, AsksPage, Browser, Browsers, CodePage, Data, DeletePage, Fact, Known, LinkPage, Notice,
    Proofs, Proved, Way, YouPage,
};

/// The most characters that are shown of what a browser calls itself.
const BROWSER_SHOWN: usize = 80;

/// The words, and whose they are.
pub struct Fill<'a> {
    shop: &'a Shop,
    wording: &'a Wording,
    locale: Locale,
    now: Timestamp,
}

impl<'a> Fill<'a> {
    /// In the person's language, or the shop's; in English where we don't speak it wholly.
    pub fn new(shop: &'a Shop, wording: &'a Wording, person: Option<&Locale>, now: Timestamp) -> Self {
        let locale = kernel::choose(wording.catalogue(), None, person, &shop.locale).locale;
        Fill { shop, wording, locale, now }
    }

    /// The language of the page.
    pub fn locale(&self) -> &Locale {
        &self.locale
    }

    /// Before somebody is signed in; `said` is what went wrong or was done.
    pub fn asks_page(&self, typed: &str, said: &str, next: &'static str) -> AsksPage {
        let form = self.address_form("account-ask", typed, said, next);
        let heading = self.say("account-ask-heading");
        AsksPage {
            title: self.titled(&heading, form.fault.is_some()),
            heading,
            lead: self.say("account-ask-lead"),
            notice: self.notice(said),
            form,
            find: Link::new(self.say("account-ask-find"), "/find"),
        }
    }

    fn address_form(&self, key: &str, typed: &str, said: &str, next: &'static str) -> AddressForm {
        AddressForm {
            label: self.say(&format!("{key}-label")),
            hint: self.say("account-ask-hint"),
            typed: text::shortened(typed, 254),
            fault: (said == "not-an-address").then(|| self.say("account-ask-fault")),
            submit: self.say(&format!("{key}-submit")),
            next,
        }
    }

    fn notice(&self, said: &str) -> Option<Notice> {
        let (tone, key) = match said {
            "out" => ("ok", "account-said-out"),
            "deleted" => ("ok", "account-said-deleted"),
            "ended" => ("ok", "account-said-ended"),
            "over" => ("warn", "account-said-over"),
            _ => return None,
        };
        Some(Notice { tone, text: self.say(key) })
    }

    /// Where the code is typed. `to` is what was typed, while the code works.
    pub fn code_page(&self, to: Option<&Place>, is_wrong: bool, next: &'static str) -> CodePage {
        let heading = self.say("account-code-heading");
        let lead = match to {
            Some(place) => {
                let to = text::kept_together(&place.address);
                self.with("account-code-lead", &[("to", (&to).into())])
            }
            None => self.say("account-code-lead-over"),
        };
        CodePage {
            title: self.titled(&heading, is_wrong),
            heading,
            lead,
            label: self.say("account-code-label"),
            hint: self.say("account-code-hint"),
            fault: is_wrong.then(|| self.say("account-code-wrong")),
            submit: self.say("account-code-submit"),
            next,
            nothing: self.say("account-code-nothing"),
            again: Link::new(self.say("account-code-again"), format!("/you?next={next}")),
        }
    }

    /// The page behind the link in the message.
    pub fn link_page(&self, standing: &Standing, token: &str) -> LinkPage {
        let (name, is_its_browser) = match standing {
            Standing::Waiting(_) => ("account-link", true),
            Standing::AnotherBrowser => ("account-link-another", false),
            Standing::Over | Standing::Nobody => ("account-link-over", false),
        };
        let button = || Link::new(self.say("account-link-submit"), format!("/you/in/{token}"));
        let again = || Link::new(self.say("account-link-again"), "/you");
        LinkPage {
            heading: self.say(&format!("{name}-heading")),
            lead: self.say(&format!("{name}-lead")),
            button: is_its_browser.then(button),
            again: (!is_its_browser).then(again),
        }
    }

    /// Somebody who is signed in, and the people whose data are theirs as a whole.
    pub fn you_page(
        &self,
        signed_in: &SignedIn,
        people: &[Person],
        open: &[OpenSession],
        (typed, said): (&str, &str),
    ) -> YouPage {
        let way = |name: &str, href: &str| Way {
            link: Link::new(self.say(&format!("account-way-{name}")), href),
            hint: self.say(&format!("account-way-{name}-hint")),
        };
        let mut ways = vec![way("orders", "/orders")];
        if !people.is_empty() {
            ways.push(way("updates", "/you/updates"));
        }
        YouPage {
            heading: self.say("account-you-heading"),
            notice: self.notice(said),
            ways,
            known: self.known(people),
            proofs: self.proofs(signed_in, typed, said),
            browsers: self.browsers(signed_in, open),
            data: self.data(!people.is_empty()),
        }
    }

    fn known(&self, people: &[Person]) -> Known {
        let of = |channel: Channel| {
            let points = people.iter().flat_map(|person| &person.contact_points);
            points.filter(move |point| point.channel == channel).map(address).collect::<Vec<_>>()
        };
        let names: Vec<String> = people.iter().filter_map(|person| person.name.clone()).collect();
        let fact = |key: &str, values: Vec<String>, is_ltr| Fact { label: self.say(key), values, is_ltr };
        let since = people.iter().map(|person| person.created_at).min();
        let mut facts = vec![
            fact("account-known-name", names, false),
            fact("account-known-email", of(Channel::Email), true),
            fact("account-known-phone", of(Channel::Sms), true),
            fact("account-known-since", since.iter().map(|at| self.day(*at)).collect(), false),
        ];
        facts.retain(|fact| !fact.values.is_empty());
        Known { heading: self.say("account-known-heading"), facts, none: self.say("account-known-none") }
    }

    fn proofs(&self, signed_in: &SignedIn, typed: &str, said: &str) -> Proofs {
        let proved = signed_in.proofs.iter().map(|proof| Proved {
            address: proof.address.clone(),
            when: self.with("account-proved", &[("date", (&self.day(proof.proved_at)).into())]),
        });
        Proofs {
            heading: self.say("account-proofs-heading"),
            text: self.say("account-proofs-text"),
            proved: proved.collect(),
            form: self.address_form("account-add", typed, said, "you"),
        }
    }

    fn browsers(&self, signed_in: &SignedIn, open: &[OpenSession]) -> Browsers {
        let browser = |session: &OpenSession| {
            let is_this = session.id == signed_in.id;
            let (since, seen) = (self.day(session.began_at), self.day(session.seen_at));
            let name = text::shortened(session.browser.trim(), BROWSER_SHOWN);
            let name = if name.is_empty() { self.say("account-browser-unknown") } else { name };
            let out = || Link::new(self.say("account-browser-out"), format!("/you/sessions/{}", session.id));
            Browser {
                name,
                when: self
                    .with("account-browser-when", &[("since", (&since).into()), ("seen", (&seen).into())]),
                this: is_this.then(|| self.say("account-browser-this")),
                out: (!is_this).then(out),
            }
        };
        Browsers {
            heading: self.say("account-browsers-heading"),
            open: open.iter().map(browser).collect(),
            out: self.say("account-out"),
            everywhere: self.say("account-out-everywhere"),
        }
    }

    fn data(&self, is_whole: bool) -> Data {
        let link = |key: &str, href: &str| is_whole.then(|| Link::new(self.say(key), href));
        Data {
            heading: self.say("account-data-heading"),
            text: self.say(if is_whole { "account-data-text" } else { "account-data-part" }),
            download: link("account-data-download", "/you/data.json"),
            delete: link("account-data-delete", "/you/delete"),
        }
    }

    /// Before everything is deleted.
    pub fn delete_page(&self) -> DeletePage {
        let goes = ["account-delete-goes-name", "account-delete-goes-orders", "account-delete-goes-messages"];
        DeletePage {
            heading: self.say("account-delete-heading"),
            lead: self.say("account-delete-lead"),
            goes: goes.iter().map(|key| self.say(key)).collect(),
            stays: self.say("account-delete-stays"),
            submit: self.say("account-delete-submit"),
            back: Link::new(self.say("account-delete-back"), "/you"),
        }
    }

    fn day(&self, at: Timestamp) -> String {
        let today = self.now.date_in(&self.shop.zone);
        self.wording.catalogue().date(&self.locale, at.date_in(&self.shop.zone), today)
    }

    fn titled(&self, heading: &str, is_fault: bool) -> String {
        if is_fault {
            self.with("account-title-error", &[("title", heading.into())])
        } else {
            heading.to_owned()
        }
    }

    fn say(&self, key: &str) -> String {
        self.with(key, &[])
    }

    fn with(&self, key: &str, more: &[(&str, Arg<'_>)]) -> String {
        let shop = text::isolated_in(&self.shop.brand.name, &self.locale);
        let mut args = vec![("shop", Arg::from(&shop))];
        for (name, arg) in more {
            if let Arg::Text(text) = arg {
                args.push((*name, Arg::Text(text)));
            }
        }
        self.wording.say(&self.locale, key, &args)
    }
}

fn address(point: &ContactPoint) -> String {
    point.address.clone()
}
