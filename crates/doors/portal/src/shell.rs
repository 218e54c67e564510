//! What `portal/shell.html` is given as `shell`: finished strings, nothing to look up.

use kernel::brand::{Contact, check_link};
use kernel::words::Say;
use kernel::{Locale, Shop, text};
use serde::Serialize;
use web::{BrandAssets, Link};

/// The surroundings of one shopper page.
#[derive(Clone, Debug, Serialize)]
pub struct Shell {
    /// The language the words are really in.
    pub lang: String,
    /// `ltr` or `rtl`.
    pub dir: &'static str,
    /// The page's title without the shop's name.
    pub title: String,
    /// Whether search engines must stay away.
    pub noindex: bool,
    /// Whose page it is.
    pub brand: Brand,
    /// The main pages; only those that exist.
    pub nav: Vec<Link>,
    /// Ways to get help, the quickest first.
    pub ways: Vec<Way>,
    /// Social networks.
    pub profiles: Vec<Link>,
    /// The shell's own words.
    pub words: ShellWords,
}

/// The brand as the shell shows it.
#[derive(Clone, Debug, Serialize)]
pub struct Brand {
    /// The shop's name.
    pub name: String,
    /// Its logo.
    pub logo_url: Option<String>,
    /// Where the name leads.
    pub home: String,
    /// The shop's own site.
    pub site_url: Option<String>,
    /// One line of postal address.
    pub postal_address: Option<String>,
    /// The address of the stylesheet with the brand's colours.
    pub accents: String,
    /// The address of the brand's icon.
    pub icon: String,
}

/// One way to get help.
#[derive(Clone, Debug, Serialize)]
pub struct Way {
    /// What the link says.
    pub label: String,
    /// Where it leads.
    pub href: String,
    /// When or why to take it.
    pub hint: Option<String>,
}

/// The shell's own words.
#[derive(Clone, Debug, Serialize)]
pub struct ShellWords {
    /// The link over the header.
    pub skip: String,
    /// The name of the navigation.
    pub nav: String,
    /// Over the ways to get help.
    pub help_heading: String,
    /// The name of the list of profiles.
    pub social: String,
    /// The link to the shop's own site.
    pub site: String,
}

impl Shell {
    /// The surroundings in the reader's language, or in English as a whole where we have no words in it: half a page
    /// in each would have one `lang` and one `dir`, and the wrong ones.
    pub fn new(shop: &Shop, assets: &BrandAssets, words: &dyn Say, locale: &Locale, title: &str) -> Self {
        let spoken = spoken(words, locale);
        let name = text::isolated_in(&shop.brand.name, &spoken);
        let say = |key: &str| words.say(&spoken, key, &[("shop", (&name).into())]);
        Shell {
            lang: spoken.to_string(),
            dir: spoken.dir(),
            title: title.to_owned(),
            noindex: true,
            brand: brand_of(shop, assets),
            nav: nav(&say),
            ways: ways(shop, &say),
            profiles: shop
                .brand
                .social
                .iter()
                .map(|profile| Link::new(&profile.name, &profile.url))
                .collect(),
            words: ShellWords {
                skip: say("shell-skip"),
                nav: say("shell-nav"),
                help_heading: say("shell-help-heading"),
                social: say("shell-social"),
                site: say("shell-site"),
            },
        }
    }
}

/// The locale whose words the reader will really see.
pub(crate) fn spoken(words: &dyn Say, locale: &Locale) -> Locale {
    if words.speaks(locale) { locale.clone() } else { Locale::default() }
}

fn brand_of(shop: &Shop, assets: &BrandAssets) -> Brand {
    let brand = &shop.brand;
    Brand {
        name: brand.name.clone(),
        logo_url: brand.logo_url.clone().filter(|url| check_link(url).is_ok()),
        home: "/".to_owned(),
        site_url: brand.site_url.clone().filter(|url| check_link(url).is_ok()),
        postal_address: brand.postal_address.clone(),
        accents: assets.accents_path().to_owned(),
        icon: assets.icon_path().to_owned(),
    }
}

/// The pages there are, in the same order everywhere.
fn nav(say: &dyn Fn(&str) -> String) -> Vec<Link> {
    vec![Link::new(say("shell-orders"), "/orders"), Link::new(say("shell-you"), "/you")]
}

/// Questions and answers first, then people.
fn ways(shop: &Shop, say: &dyn Fn(&str) -> String) -> Vec<Way> {
    let Contact { email, phone, hours, url } = &shop.brand.contact;
    let way = |label: String, href: String, hint| Way { label, href, hint };
    let faq =
        shop.brand.faq_url.iter().map(|url| way(say("shell-faq"), url.clone(), Some(say("shell-faq-hint"))));
    let page = url.iter().map(|url| way(say("shell-contact"), url.clone(), Some(say("shell-contact-hint"))));
    let mail =
        email.iter().map(|mail| way(mail.clone(), format!("mailto:{mail}"), Some(say("shell-email-hint"))));
    let call = phone.iter().map(|phone| way(phone.clone(), tel(phone), hours.clone()));
    faq.chain(page).chain(mail).chain(call).collect()
}

/// A number as people read it, as a link a telephone can dial.
fn tel(phone: &str) -> String {
    let dialled: String = phone.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect();
    format!("tel:{dialled}")
}
