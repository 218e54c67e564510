use std::collections::BTreeMap;

use kernel::shop::Sender;
use kernel::{Brand, Catalogue, Currency, Email, Keys, Locale, Policy, Shop, Timestamp, Zone};
use messaging::Wording;
use web::markup::check_html;
use web::{Pages, Surrounded, value};

use super::*;
use crate::WORDS;
use crate::fill::Fill;

/// Stands in for the portal's shell, which this crate doesn't know.
const SHELL: Template = Template {
    name: "portal/shell.html",
    source: "<html lang=\"en\" dir=\"ltr\"><body>{% block main %}{% endblock %}<p id=\"help\"></p></body></html>",
};

fn shop() -> Shop {
    Shop {
        brand: Brand { name: "Northwind <Tea>".to_owned(), ..Brand::default() },
        public_url: "http://127.0.0.1:4080".to_owned(),
        keys: Keys::parse("a root of at least thirty-two bytes").unwrap(),
        locale: Locale::default(),
        zone: Zone::utc(),
        currency: Currency::parse("GBP").unwrap(),
        policy: Policy::default(),
        mail_from: Sender { name: "Shop".to_owned(), address: Email::parse("shop@nordlys.test").unwrap() },
    }
}

fn rendered(locale: &str) -> Vec<(&'static str, String)> {
    let pages = Pages::new(&[&[SHELL], TEMPLATES]).unwrap();
    let wording = Wording::new(Catalogue::new(&[WORDS]).unwrap(), &[WORDS], BTreeMap::new()).unwrap();
    let (shop, locale) = (shop(), Locale::parse(locale).unwrap());
    let words = Fill::new(&shop, &wording, Some(&locale), Timestamp::from_ms(1_795_168_800_000));
    let html = |(name, template, page): (&'static str, &str, web::Value)| {
        (name, pages.render(template, &Surrounded { shell: value(&()), page }).unwrap())
    };
    samples::pages(&words).into_iter().map(html).collect()
}

#[test]
fn every_state_is_a_whole_page_in_both_languages() {
    let (english, german) = (rendered("en"), rendered("de"));
    for ((name, html), (_, other)) in english.iter().zip(&german) {
        for html in [html, other] {
            assert_eq!(check_html(html), Vec::<String>::new(), "{name}");
            for unfinished in ["account-", ">none<", "{ $", "{$"] {
                assert!(!html.contains(unfinished), "{name}: {unfinished}\n{html}");
            }
            for markup in ["<Tea>", "<Khan>", "<Firefox>", "<amina>"] {
                assert!(!html.contains(markup), "{name}: {markup} became markup");
            }
        }
        assert_ne!(html, other, "{name} is in two languages");
    }
}

#[test]
fn a_button_stands_only_where_it_does_something() {
    let pages = rendered("en");
    let html = |wanted: &str| &pages.iter().find(|(name, _)| *name == wanted).unwrap().1;
    assert!(html("link").contains("<form method=\"post\" action=\"/you/in/sample\""));
    for other in ["link-another", "link-over"] {
        assert!(!html(other).contains("<form"), "{other}");
    }
    assert!(html("you").contains("/you/delete") && html("you").contains("/you/data.json"));
    assert!(!html("you-in-part").contains("/you/delete"), "not before every address is proved");
    assert_eq!(html("you").matches("/you/sessions/").count(), 1, "this browser has a button of its own");
}
