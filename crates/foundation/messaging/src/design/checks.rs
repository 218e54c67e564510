//! What is right and wrong with a message before it is used, each with what to do. Pure.

use kernel::brand::{Rgb, contrast};
use kernel::{Brand, Purpose};

use super::compile::{Fault, is_written};
use super::source::{Design, Piece, Words};
use crate::letter::{Block, Letter, Rendered};
use crate::sms::price::SegmentPrice;
use crate::sms::segments::{Encoding, measure};
use crate::topics::Topic;

/// From here on a mail is long, in bytes of its HTML.
pub const WARN_BYTES: usize = 80 * 1024;
/// From here on it may not leave: near 102 KB Gmail cuts it off, and with it what stands at the foot.
pub const MOST_BYTES: usize = 100 * 1024;
/// What Gmail shows.
const GMAIL_KB: usize = 102;
/// A subject that is shown whole on a telephone, nearly everywhere, and one that is shown whole nowhere.
const SUBJECT_CHARS: usize = 60;
const MOST_SUBJECT_CHARS: usize = 150;
/// A preheader that is shown whole.
const PREHEADER_CHARS: usize = 90;

/// How much something matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tone {
    /// As it should be.
    Ok,
    /// To know.
    Info,
    /// Better changed.
    Warn,
    /// Has to be changed before it is used.
    Bad,
}

impl Tone {
    /// The name of the badge.
    pub fn badge(self) -> &'static str {
        match self {
            Tone::Ok => "ok",
            Tone::Info => "info",
            Tone::Warn => "warn",
            Tone::Bad => "bad",
        }
    }
}

/// One thing that was looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// How much it matters.
    pub tone: Tone,
    /// What was looked at: `Size`.
    pub what: &'static str,
    /// What was found, and what to do.
    pub words: String,
    /// The field of the form it is about.
    pub field: Option<String>,
}

impl Check {
    fn new(tone: Tone, what: &'static str, words: impl Into<String>) -> Check {
        Check { tone, what, words: words.into(), field: None }
    }

    fn at(self, field: &str) -> Check {
        Check { field: Some(field.to_owned()), ..self }
    }

    /// Whether the design can't be used with it.
    pub fn is_bad(&self) -> bool {
        self.tone == Tone::Bad
    }
}

/// What of the merchant's own words can't be used.
pub fn of_fault(fault: &Fault) -> Check {
    let language = fault.language.as_ref().map(|tag| format!(" ({tag})")).unwrap_or_default();
    let words = format!("{}{language}: {}", field_name(&fault.field), fault.words);
    Check::new(Tone::Bad, "Words", words).at(&fault.field)
}

/// What a field is called.
fn field_name(field: &str) -> &'static str {
    let begins = |with: &str| field.starts_with(with);
    match field {
        "subject" => "Subject",
        "preheader" => "Preheader",
        "text" => "Text message",
        _ if begins("label-") => "Button",
        _ if begins("href-") => "Where the button leads",
        _ if begins("alt-") => "What the picture shows",
        _ if begins("src-") => "The picture’s address",
        _ => "Own text",
    }
}

/// A mail as its reader gets it.
pub fn of_mail(letter: &Letter, rendered: &Rendered, brand: &Brand, topic: &Topic) -> Vec<Check> {
    let mut checks = vec![size(rendered.html.len()), subject(&rendered.subject)];
    checks.push(preheader(&letter.preheader, &rendered.subject));
    checks.push(links(letter));
    checks.push(pictures(letter));
    checks.extend(way_out(letter, brand, topic));
    checks
}

fn size(bytes: usize) -> Check {
    let words = format!("{} KB of the {GMAIL_KB} KB that Gmail shows.", bytes.div_ceil(1024));
    let (tone, to_do) = match bytes {
        _ if bytes >= MOST_BYTES => (Tone::Bad, " Take something out: the end would be cut off."),
        _ if bytes >= WARN_BYTES => (Tone::Warn, " An order with more goods would be cut off; shorten it."),
        _ => (Tone::Ok, ""),
    };
    Check::new(tone, "Size", words + to_do)
}

fn subject(subject: &str) -> Check {
    let chars = subject.chars().count();
    let (tone, words) = match chars {
        0 => (Tone::Bad, "Empty. Write what the message is about.".to_owned()),
        _ if chars > MOST_SUBJECT_CHARS => {
            (Tone::Bad, format!("{chars} characters. Write at most {MOST_SUBJECT_CHARS}."))
        }
        _ if chars > SUBJECT_CHARS => (
            Tone::Warn,
            format!("{chars} characters: telephones show about {SUBJECT_CHARS}. Put what counts first."),
        ),
        _ => (Tone::Ok, format!("{chars} characters.")),
    };
    Check::new(tone, "Subject", words).at("subject")
}

fn preheader(preheader: &str, subject: &str) -> Check {
    let chars = preheader.trim().chars().count();
    let (tone, words) = match chars {
        0 => (Tone::Warn, "Empty: mail programs show the beginning of the message instead.".to_owned()),
        _ if preheader.trim() == subject.trim() => {
            (Tone::Warn, "The same as the subject, so it is left out. Say something else.".to_owned())
        }
        _ if chars >= PREHEADER_CHARS => {
            (Tone::Warn, format!("Cut off after {PREHEADER_CHARS} characters. Shorten it."))
        }
        _ => (Tone::Ok, format!("{chars} characters.")),
    };
    Check::new(tone, "Preheader", words).at("preheader")
}

/// Every link of a letter leads somewhere a mail program follows.
fn links(letter: &Letter) -> Check {
    let mut count = 0;
    let mut bad = Vec::new();
    let mut look = |label: &str, href: &str| {
        count += 1;
        if !leads(href) {
            bad.push(label.trim().to_owned());
        }
    };
    for block in letter.shown() {
        match block {
            Block::Button { label, href } => look(label, href),
            Block::Footer { links, .. } => links.iter().for_each(|(label, href)| look(label, href)),
            Block::Items { items, .. } => {
                items
                    .iter()
                    .filter_map(|item| Some((item, item.url.as_ref()?)))
                    .for_each(|(item, url)| look(&item.title, url));
            }
            Block::BrandBar
            | Block::Answer { .. }
            | Block::Text(_)
            | Block::Changes(_)
            | Block::Totals(_)
            | Block::Facts(_)
            | Block::Progress { .. }
            | Block::Code(_)
            | Block::Divider
            | Block::Picture { .. } => {}
        }
    }
    if bad.is_empty() {
        return Check::new(Tone::Ok, "Links", format!("{count}, all of them whole addresses."));
    }
    let words =
        format!("These lead nowhere: {}. Give each a whole address, https:// or mailto:.", bad.join(", "));
    Check::new(Tone::Bad, "Links", words)
}

fn leads(href: &str) -> bool {
    let by_mail = href.strip_prefix("mailto:").is_some_and(|address| address.contains('@'));
    by_mail || kernel::brand::check_link(href).is_ok()
}

fn pictures(letter: &Letter) -> Check {
    let own = letter.shown().filter_map(|block| match block {
        Block::Picture { alt, .. } => Some(alt.trim().is_empty()),
        _ => None,
    });
    let (mut all, mut silent) = (0, 0);
    own.for_each(|is_silent| {
        all += 1;
        silent += usize::from(is_silent);
    });
    match (all, silent) {
        (_, 1..) => Check::new(
            Tone::Bad,
            "Pictures",
            "A picture says nothing to those who don’t see it. Write what it shows.",
        ),
        (0, 0) => Check::new(Tone::Ok, "Pictures", "None that would need words."),
        (_, 0) => Check::new(Tone::Ok, "Pictures", "Each says what it shows."),
    }
}

/// What can be switched off leads to the switch, and advertising says who sends it.
fn way_out(letter: &Letter, brand: &Brand, topic: &Topic) -> Vec<Check> {
    if !topic.can_be_switched_off() {
        return Vec::new();
    }
    let has_way_out = letter.shown().any(|block| match block {
        Block::Footer { links, .. } => links.iter().any(|(_, href)| href.contains("/unsubscribe/")),
        _ => false,
    });
    let mut checks = vec![match has_way_out {
        true => Check::new(Tone::Ok, "Unsubscribe", "Its link stands at the foot."),
        false => Check::new(
            Tone::Bad,
            "Unsubscribe",
            "The foot lacks the way out. Bring back the letter’s own foot.",
        ),
    }];
    if topic.purpose == Purpose::Marketing
        && brand.postal_address.as_deref().unwrap_or_default().trim().is_empty()
    {
        let words = "Advertising has to say where you are. Add your postal address to the brand.";
        checks.push(Check::new(Tone::Warn, "Postal address", words));
    }
    checks
}

/// The brand's colour, as it stands in a mail.
pub fn of_brand(brand: &Brand) -> Check {
    let accents = brand.accents();
    let ratio = |a: &str, b: &str| Some(contrast(Rgb::parse(a).ok()?, Rgb::parse(b).ok()?));
    let button = ratio(&accents.light, &accents.on_light).unwrap_or_default();
    let said = format!("{button:.1} to 1 on buttons; 4.5 is needed.");
    let is_as_it_was = accents.light.eq_ignore_ascii_case(&brand.color);
    match (button >= 4.5, is_as_it_was) {
        (true, true) => Check::new(Tone::Ok, "Contrast", said),
        (true, false) => {
            let words = format!(
                "{said} Your {} is written as {}, so that it can be read.",
                brand.color, accents.light
            );
            Check::new(Tone::Info, "Contrast", words)
        }
        (false, _) => {
            Check::new(Tone::Bad, "Contrast", format!("{said} Choose another colour for the brand."))
        }
    }
}

/// A text as the telephone shows it.
pub fn of_text(body: &str, price: SegmentPrice, locale: &kernel::Locale) -> Vec<Check> {
    let measured = measure(body);
    let segments = measured.segments.len();
    let cost = price.of(segments).map(|money| format!(", {}", money.shown(locale))).unwrap_or_default();
    let many = if segments == 1 { "1 segment".to_owned() } else { format!("{segments} segments") };
    let words = format!("{} characters, {many} of {}{cost}.", measured.units, measured.encoding.as_str());
    let tone = if segments == 1 { Tone::Ok } else { Tone::Warn };
    let to_do = if segments == 1 { "" } else { " Each is paid for: shorten it." };
    let mut checks = vec![Check::new(tone, "Text message", words + to_do).at("text")];
    checks.extend(dear_character(body, measured.encoding));
    checks
}

/// The first character that made a text dear.
fn dear_character(body: &str, encoding: Encoding) -> Option<Check> {
    let dear = body.chars().find(|c| !crate::sms::gsm7::can_write(c.encode_utf8(&mut [0; 4])))?;
    (encoding == Encoding::Ucs2).then(|| {
        let words = format!(
            "“{dear}” (U+{:04X}) is not in the alphabet of texts, so a segment holds 70 characters instead of 160. Take it away.",
            u32::from(dear)
        );
        Check::new(Tone::Warn, "Characters", words).at("text")
    })
}

/// What is written in one language and not in another.
pub fn of_languages(design: &Design, languages: &[(String, String)]) -> Vec<Check> {
    let check = |what: &str, field: &str, words: &Words, goes: &str| {
        let missing: Vec<&str> = languages
            .iter()
            .filter(|(tag, _)| words.get(tag).is_none_or(|text| text.trim().is_empty()))
            .map(|(_, name)| name.as_str())
            .collect();
        let is_partly = is_written(words) && !missing.is_empty();
        is_partly.then(|| {
            let words = format!("{what} isn’t written in {}: there {goes}.", missing.join(" and "));
            Check::new(Tone::Warn, "Languages", words).at(field)
        })
    };
    let head = [
        check("The subject", "subject", &design.subject, "ours is used"),
        check("The preheader", "preheader", &design.preheader, "ours is used"),
        check("The text message", "text", &design.text, "ours is used"),
    ];
    let own = design.pieces.iter().map(|piece| {
        let left_out = "the block is left out";
        match piece {
            Piece::Text { name, words } => check("A text", &format!("words-{name}"), words, left_out),
            Piece::Button { name, label, .. } => check("A button", &format!("label-{name}"), label, left_out),
            Piece::Picture { name, alt, .. } => check("A picture", &format!("alt-{name}"), alt, left_out),
            Piece::Shipped { .. } | Piece::Divider { .. } => None,
        }
    });
    head.into_iter().chain(own).flatten().collect()
}

#[cfg(test)]
mod tests {
    use kernel::{Currency, Locale, Money};

    use super::*;
    use crate::letter::by_kind;
    use crate::topics::{NEWS, ORDERS};

    fn letter(blocks: Vec<Block>) -> Letter {
        Letter {
            locale: Locale::default(),
            subject: "Order #1042".to_owned(),
            preheader: "It leaves by Monday".to_owned(),
            blocks: by_kind(blocks),
            json_ld: None,
        }
    }

    fn tone_of(checks: &[Check], what: &str) -> Tone {
        checks.iter().find(|check| check.what == what).unwrap_or_else(|| panic!("{what}: {checks:?}")).tone
    }

    fn checked(letter: &Letter, html: usize, topic: &Topic) -> Vec<Check> {
        let rendered =
            Rendered { subject: letter.subject.clone(), html: "x".repeat(html), text: String::new() };
        of_mail(letter, &rendered, &Brand::default(), topic)
    }

    #[test]
    fn a_mail_that_gmail_would_cut_off_may_not_leave() {
        let cases = [(40_000, Tone::Ok), (WARN_BYTES, Tone::Warn), (MOST_BYTES, Tone::Bad)];
        for (bytes, tone) in cases {
            assert_eq!(tone_of(&checked(&letter(vec![]), bytes, &ORDERS), "Size"), tone, "{bytes}");
        }
    }

    #[test]
    fn subject_and_preheader_are_held_to_what_is_shown() {
        let of = |subject: &str, preheader: &str| {
            let letter = Letter { subject: subject.into(), preheader: preheader.into(), ..letter(vec![]) };
            let checks = checked(&letter, 100, &ORDERS);
            (tone_of(&checks, "Subject"), tone_of(&checks, "Preheader"))
        };
        assert_eq!(of("Hello", "More"), (Tone::Ok, Tone::Ok));
        assert_eq!(of("", ""), (Tone::Bad, Tone::Warn));
        assert_eq!(of(&"x".repeat(61), "Hello"), (Tone::Warn, Tone::Ok));
        assert_eq!(of(&"x".repeat(151), &"y".repeat(90)), (Tone::Bad, Tone::Warn));
        assert_eq!(of("Hello", " Hello "), (Tone::Ok, Tone::Warn));
    }

    #[test]
    fn links_that_lead_nowhere_are_named() {
        let button = |href: &str| Block::Button { label: "Go".into(), href: href.into() };
        for (href, tone) in [
            ("https://tea.example/", Tone::Ok),
            ("mailto:help@tea.example", Tone::Ok),
            ("", Tone::Bad),
            ("/cart", Tone::Bad),
            ("javascript:alert(1)", Tone::Bad),
        ] {
            assert_eq!(tone_of(&checked(&letter(vec![button(href)]), 10, &ORDERS), "Links"), tone, "{href}");
        }
    }

    #[test]
    fn what_can_be_switched_off_has_its_way_out_and_a_picture_its_words() {
        let foot =
            |href: &str| Block::Footer { why: String::new(), links: vec![("Out".into(), href.into())] };
        let with = checked(&letter(vec![foot("https://t.example/unsubscribe/abc")]), 10, &NEWS);
        assert_eq!(tone_of(&with, "Unsubscribe"), Tone::Ok);
        assert_eq!(tone_of(&with, "Postal address"), Tone::Warn);
        assert_eq!(
            tone_of(&checked(&letter(vec![foot("https://t.example")]), 10, &NEWS), "Unsubscribe"),
            Tone::Bad
        );
        assert!(checked(&letter(vec![]), 10, &ORDERS).iter().all(|check| check.what != "Unsubscribe"));
        let silent = Block::Picture { src: "https://t.example/a.png".into(), alt: " ".into() };
        assert_eq!(tone_of(&checked(&letter(vec![silent]), 10, &ORDERS), "Pictures"), Tone::Bad);
    }

    #[test]
    fn a_text_says_its_segments_their_price_and_the_dear_character() {
        let price = SegmentPrice(Some(Money::new(4, Currency::parse("GBP").unwrap())));
        let checks = of_text("Tea: it’s here.", price, &Locale::default());
        let words: Vec<&str> = checks.iter().map(|check| check.words.as_str()).collect();
        assert!(words[0].contains("15 characters, 1 segment of UCS-2, £0.04"), "{words:?}");
        assert!(words[1].contains("“’” (U+2019)"), "{words:?}");
        let plain = of_text(&"a".repeat(161), SegmentPrice(None), &Locale::default());
        assert_eq!((plain.len(), plain[0].tone), (1, Tone::Warn));
    }

    #[test]
    fn every_brand_colour_can_be_read_and_the_merchant_hears_what_was_done_to_it() {
        let of = |color: &str| of_brand(&Brand { color: color.to_owned(), ..Brand::default() });
        assert_eq!(of("#1F4BB8").tone, Tone::Ok);
        let yellow = of("#FFD400");
        assert_eq!(yellow.tone, Tone::Info);
        assert!(yellow.words.contains("#FFD400") && yellow.words.contains("can be read"), "{}", yellow.words);
    }

    #[test]
    fn what_is_missing_in_a_language_is_said() {
        let words = |pairs: &[(&str, &str)]| -> Words {
            pairs.iter().map(|(tag, text)| ((*tag).to_owned(), (*text).to_owned())).collect()
        };
        let pieces = vec![Piece::Text { name: "own-1".into(), words: words(&[("de", "Hallo")]) }];
        let design = Design { subject: words(&[("en", "Hi"), ("de", "Hallo")]), pieces, ..Design::default() };
        let languages = [("en".to_owned(), "English".to_owned()), ("de".to_owned(), "German".to_owned())];
        let checks = of_languages(&design, &languages);
        assert_eq!(checks.len(), 1);
        assert_eq!(checks[0].words, "A text isn’t written in English: there the block is left out.");
    }
}
