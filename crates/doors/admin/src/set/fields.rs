//! The brand as a form holds it: texts, and back. Pure.

use kernel::brand::{Contact, Rgb, SocialProfile, check_link};
use kernel::{Brand, Email};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;
use web::Form;

/// Profiles a form has room for.
const PROFILES: usize = 6;
/// The most characters of a name.
const NAME: usize = 80;
/// The most characters of anything else.
const TEXT: usize = 400;

/// What stands in the fields.
#[derive(Clone, Debug, Default, Serialize)]
pub(super) struct Fields {
    pub name: String,
    pub color: String,
    pub logo_url: String,
    pub postal_address: String,
    pub site_url: String,
    pub faq_url: String,
    pub email: String,
    pub phone: String,
    pub hours: String,
    pub contact_url: String,
    pub profiles: Vec<Profile>,
}

/// A profile on a social network.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub(super) struct Profile {
    pub name: String,
    pub url: String,
}

/// A field that can't be meant, and what to write instead.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(super) struct Fault {
    /// The field's name in the form.
    pub field: String,
    pub words: &'static str,
}

impl Fields {
    pub fn of(brand: &Brand) -> Self {
        let text = |value: &Option<String>| value.clone().unwrap_or_default();
        let Contact { email, phone, hours, url } = &brand.contact;
        let profile =
            |profile: &SocialProfile| Profile { name: profile.name.clone(), url: profile.url.clone() };
        Fields {
            name: brand.name.clone(),
            color: brand.color.clone(),
            logo_url: text(&brand.logo_url),
            postal_address: text(&brand.postal_address),
            site_url: text(&brand.site_url),
            faq_url: text(&brand.faq_url),
            email: text(email),
            phone: text(phone),
            hours: text(hours),
            contact_url: text(url),
            profiles: brand.social.iter().map(profile).collect(),
        }
        .with_room()
    }

    pub fn read(form: &Form) -> Self {
        let text = |name: &str| form.text(name).to_owned();
        let urls = form.all("profile_url").chain(std::iter::repeat(""));
        let profile =
            |(name, url): (&str, &str)| Profile { name: name.trim().to_owned(), url: url.trim().to_owned() };
        Fields {
            name: text("name"),
            color: text("color"),
            logo_url: text("logo_url"),
            postal_address: text("postal_address"),
            site_url: text("site_url"),
            faq_url: text("faq_url"),
            email: text("email"),
            phone: text("phone"),
            hours: text("hours"),
            contact_url: text("contact_url"),
            profiles: form.all("profile_name").zip(urls).take(PROFILES).map(profile).collect(),
        }
        .with_room()
    }

    /// As many rows for profiles as there is room for.
    fn with_room(mut self) -> Self {
        self.profiles.resize(PROFILES.max(self.profiles.len()), Profile::default());
        self
    }

    /// The brand they describe. Of what is not in the form, `before` is kept.
    pub fn brand(&self, before: &Brand) -> Brand {
        let said = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let is_said = |profile: &&Profile| **profile != Profile::default();
        let social =
            |profile: &Profile| SocialProfile { name: profile.name.clone(), url: profile.url.clone() };
        Brand {
            name: self.name.clone(),
            logo_url: said(&self.logo_url),
            color: self.color.clone(),
            postal_address: said(&self.postal_address),
            site_url: said(&self.site_url),
            faq_url: said(&self.faq_url),
            contact: Contact {
                email: said(&self.email),
                phone: said(&self.phone),
                hours: said(&self.hours),
                url: said(&self.contact_url),
            },
            social: self.profiles.iter().filter(is_said).map(social).collect(),
            mail_from: before.mail_from.clone(),
        }
    }

    /// Everything that can't be meant, in the order of the form.
    pub fn faults(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        let mut say = |is_wrong: bool, field: &str, words: &'static str| {
            if is_wrong {
                faults.push(Fault { field: field.to_owned(), words });
            }
        };
        let long = |text: &str, most: usize| text.chars().count() > most;
        say(
            self.name.is_empty() || long(&self.name, NAME),
            "name",
            "Write what customers call the shop, in at most 80 characters.",
        );
        say(
            Rgb::parse(&self.color).is_err(),
            "color",
            "Write the colour as six hexadecimal digits, like #1F4BB8.",
        );
        let is_no_link = |link: &str| !link.is_empty() && (check_link(link).is_err() || long(link, TEXT));
        const LINK: &str = "Write a link that begins with https://, in at most 400 characters.";
        say(is_no_link(&self.logo_url), "logo_url", LINK);
        let is_no_address = !self.email.is_empty() && Email::parse(&self.email).is_err();
        say(is_no_address, "email", "Write an e-mail address, like help@northwind.example.");
        for (field, text) in
            [("phone", &self.phone), ("hours", &self.hours), ("postal_address", &self.postal_address)]
        {
            say(long(text, TEXT), field, "Write at most 400 characters.");
        }
        for (field, link) in
            [("contact_url", &self.contact_url), ("site_url", &self.site_url), ("faq_url", &self.faq_url)]
        {
            say(is_no_link(link), field, LINK);
        }
        for (nth, profile) in self.profiles.iter().enumerate() {
            let is_half = profile.name.is_empty() != profile.url.is_empty();
            let field = format!("profile-{}", nth + 1);
            say(
                is_half || is_no_link(&profile.url) || long(&profile.name, NAME),
                &field,
                "A profile has a name and a link that begins with https://.",
            );
        }
        faults
    }

    /// The fields as the query of an address, for a look at what they come to.
    pub fn query(&self) -> String {
        let mut pairs = vec![
            ("name", &self.name),
            ("color", &self.color),
            ("logo_url", &self.logo_url),
            ("postal_address", &self.postal_address),
            ("site_url", &self.site_url),
            ("faq_url", &self.faq_url),
            ("email", &self.email),
            ("phone", &self.phone),
            ("hours", &self.hours),
            ("contact_url", &self.contact_url),
        ];
        pairs.extend(
            self.profiles.iter().flat_map(|one| [("profile_name", &one.name), ("profile_url", &one.url)]),
        );
        let pairs =
            pairs.into_iter().filter(|(name, value)| !value.is_empty() || name.starts_with("profile"));
        let written =
            pairs.map(|(name, value)| format!("{name}={}", utf8_percent_encode(value, NON_ALPHANUMERIC)));
        written.collect::<Vec<_>>().join("&")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn brand() -> Brand {
        Brand {
            name: "Tea & more".into(),
            logo_url: Some("https://tea.example/logo.png?a=1&b=2".into()),
            contact: Contact { email: Some("help@tea.example".into()), ..Contact::default() },
            social: vec![SocialProfile { name: "Mastodon".into(), url: "https://m.example/@tea".into() }],
            mail_from: Some("Tea <orders@tea.example>".into()),
            ..Brand::default()
        }
    }

    #[test]
    fn a_brand_goes_through_a_form_and_an_address_unchanged() {
        let fields = Fields::of(&brand());
        assert_eq!(fields.faults(), []);
        let read = Fields::read(&Form::parse(fields.query().as_bytes()).unwrap());
        assert_eq!(read.brand(&brand()), brand());
    }

    #[test]
    fn what_can_not_be_meant_is_named_field_by_field() {
        let mut fields = Fields::of(&brand());
        fields.name = String::new();
        fields.color = "red".into();
        fields.logo_url = "javascript:alert(1)".into();
        fields.email = "help".into();
        fields.hours = "x".repeat(TEXT + 1);
        fields.profiles[1].name = "Half".into();
        let named: Vec<_> = fields.faults().into_iter().map(|fault| fault.field).collect();
        assert_eq!(named, ["name", "color", "logo_url", "email", "hours", "profile-2"]);
    }
}
