//! The brand kit: the one description of the shop that every mail, page and text uses.

use serde::{Deserialize, Serialize};

use crate::{Error, Result};

/// Name, logo, colour, contacts and profiles of the shop, from `[brand]`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Brand {
    /// What customers call the shop.
    pub name: String,
    /// Address of a PNG or JPEG logo.
    pub logo_url: Option<String>,
    /// The brand colour, `#RRGGBB`. Darkened or lightened until it can be read.
    pub color: String,
    /// One line of postal address; commercial mail must carry one.
    pub postal_address: Option<String>,
    /// The shop's own site.
    pub site_url: Option<String>,
    /// Frequently asked questions.
    pub faq_url: Option<String>,
    /// Customer service.
    pub contact: Contact,
    /// Profiles on social networks.
    pub social: Vec<SocialProfile>,
    /// Who mail comes from, `Northwind Tea <orders@northwind.example>`; `AFTERCARE_MAIL_FROM` beats it.
    pub mail_from: Option<String>,
}

/// How to reach a person at the shop.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Contact {
    /// Customer service's address.
    pub email: Option<String>,
    /// Customer service's number, as people should read it.
    pub phone: Option<String>,
    /// When the phone is answered, in words.
    pub hours: Option<String>,
    /// A page with a form or a chat.
    pub url: Option<String>,
}

/// A profile on a social network.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SocialProfile {
    /// The network's name as the link says it, for example `Instagram`.
    pub name: String,
    /// The profile's address.
    pub url: String,
}

impl Default for Brand {
    fn default() -> Self {
        Brand {
            name: "Your shop".to_owned(),
            logo_url: None,
            color: "#1F4BB8".to_owned(),
            postal_address: None,
            site_url: None,
            faq_url: None,
            contact: Contact::default(),
            social: Vec::new(),
            mail_from: None,
        }
    }
}

impl Brand {
    /// Checks what would otherwise fail in front of a customer: the colour and every address.
    pub fn check(&self) -> Result<()> {
        Rgb::parse(&self.color)?;
        let own = [&self.logo_url, &self.site_url, &self.faq_url, &self.contact.url];
        let links = own.into_iter().flatten().chain(self.social.iter().map(|profile| &profile.url));
        for link in links {
            check_link(link)?;
        }
        Ok(())
    }

    /// The readable accents for both themes.
    pub fn accents(&self) -> Accents {
        Accents::of(Rgb::parse(&self.color).unwrap_or(Rgb(0x1F, 0x4B, 0xB8)))
    }
}

/// Only `http` and `https` links may stand on a page or in a mail. A reader of links passes over control characters, even
/// inside the scheme; a link that is written as it stands has none.
pub fn check_link(link: &str) -> Result<()> {
    let plain = link.trim() == link && !link.chars().any(char::is_control);
    let web = url::Url::parse(link).is_ok_and(|url| matches!(url.scheme(), "http" | "https"));
    if plain && web {
        Ok(())
    } else {
        Err(Error::invalid("not_a_link", "Write a link that begins with https://."))
    }
}

/// A colour in sRGB.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rgb(pub u8, pub u8, pub u8);

/// The accent made from the brand colour, for the light and the dark theme.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Accents {
    /// Accent on light surfaces.
    pub light: String,
    /// Text on the light accent.
    pub on_light: String,
    /// Accent on dark surfaces.
    pub dark: String,
    /// Text on the dark accent.
    pub on_dark: String,
}

/// WCAG 2.2, success criterion 1.4.3.
const READABLE: f64 = 4.5;
/// The lightest and darkest surface text stands on, per theme.
const LIGHT_SURFACES: [Rgb; 2] = [Rgb(0xFF, 0xFF, 0xFF), Rgb(0xF1, 0xEE, 0xE7)];
const DARK_SURFACES: [Rgb; 2] = [Rgb(0x1E, 0x1C, 0x19), Rgb(0x10, 0x0F, 0x0D)];

impl Accents {
    /// Walks the colour towards black or white until it can be read on every surface of the theme.
    pub fn of(brand: Rgb) -> Self {
        let light = walked(brand, Rgb(0, 0, 0), &LIGHT_SURFACES);
        let dark = walked(brand, Rgb(255, 255, 255), &DARK_SURFACES);
        Accents { light: light.hex(), on_light: on(light).hex(), dark: dark.hex(), on_dark: on(dark).hex() }
    }
}

/// Mixes `color` with `towards` in steps of a fiftieth until it stands out from each surface.
fn walked(color: Rgb, towards: Rgb, surfaces: &[Rgb]) -> Rgb {
    let readable = |c: Rgb| surfaces.iter().all(|surface| contrast(c, *surface) >= READABLE);
    (0..=50)
        .map(|step| color.mixed(towards, f64::from(step) / 50.0))
        .find(|c| readable(*c))
        .unwrap_or(towards)
}

fn on(accent: Rgb) -> Rgb {
    let (ink, paper) = (Rgb(0x1D, 0x1B, 0x18), Rgb(0xFF, 0xFF, 0xFF));
    if contrast(paper, accent) >= READABLE { paper } else { ink }
}

impl Rgb {
    /// Reads `#RRGGBB`.
    pub fn parse(text: &str) -> Result<Self> {
        let wrong =
            || Error::invalid("not_a_color", "Write the colour as six hexadecimal digits, like #1F4BB8.");
        let digits = text.strip_prefix('#').filter(|d| d.len() == 6 && d.is_ascii()).ok_or_else(wrong)?;
        let part = |at: usize| u8::from_str_radix(&digits[at..at + 2], 16).map_err(|_| wrong());
        Ok(Rgb(part(0)?, part(2)?, part(4)?))
    }

    /// `#RRGGBB`.
    pub fn hex(self) -> String {
        format!("#{:02X}{:02X}{:02X}", self.0, self.1, self.2)
    }

    fn mixed(self, other: Rgb, share: f64) -> Rgb {
        let mix = |a: u8, b: u8| (f64::from(a) * (1.0 - share) + f64::from(b) * share).round() as u8;
        Rgb(mix(self.0, other.0), mix(self.1, other.1), mix(self.2, other.2))
    }

    /// Relative luminance (WCAG 2.2, definition of the term).
    fn luminance(self) -> f64 {
        let linear = |byte: u8| {
            let share = f64::from(byte) / 255.0;
            if share <= 0.04045 { share / 12.92 } else { ((share + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * linear(self.0) + 0.7152 * linear(self.1) + 0.0722 * linear(self.2)
    }
}

/// Contrast ratio of two colours, 1 to 21 (WCAG 2.2, definition of the term).
pub fn contrast(a: Rgb, b: Rgb) -> f64 {
    let (a, b) = (a.luminance(), b.luminance());
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Dice;

    #[test]
    fn every_brand_colour_becomes_readable_in_both_themes() {
        let mut dice = Dice::seeded(11);
        for _ in 0..4_000 {
            let [r, g, b] = dice.bytes::<3>();
            let accents = Accents::of(Rgb(r, g, b));
            let rgb = |hex: &str| Rgb::parse(hex).unwrap();
            for surface in LIGHT_SURFACES {
                assert!(contrast(rgb(&accents.light), surface) >= READABLE);
            }
            for surface in DARK_SURFACES {
                assert!(contrast(rgb(&accents.dark), surface) >= READABLE);
            }
            assert!(contrast(rgb(&accents.light), rgb(&accents.on_light)) >= READABLE);
            assert!(contrast(rgb(&accents.dark), rgb(&accents.on_dark)) >= READABLE);
        }
    }

    #[test]
    fn a_readable_colour_is_left_alone() {
        assert_eq!(Accents::of(Rgb::parse("#1F4BB8").unwrap()).light, "#1F4BB8");
    }

    #[test]
    fn links_that_could_run_code_are_refused() {
        assert!(check_link("https://northwind.example/faq").is_ok());
        for link in [
            "javascript:alert(1)",
            "h\nttps://northwind.example/",
            "https://a.example/\tx",
            " https://a.example",
        ] {
            assert!(check_link(link).is_err(), "{link:?}");
        }
        let bad = Brand { faq_url: Some("data:text/html,x".into()), ..Brand::default() };
        assert!(bad.check().is_err());
    }
}
