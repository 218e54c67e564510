//! The mail of the campaign, and reading it back.

use std::time::Duration;

use kernel::{Keys, Purpose, Result, Urgency};
use messaging::letter::{Block, Fact, Item, Letter, by_kind};
use messaging::text_letter::TextLetter;
use messaging::topics::NEWS;
use messaging::you::{UnsubscribeLink, YouLink};
use messaging::{Given, Template};
use orders::OrderId;
use orders::OrderLink;
use serde_json::{Value, json};

/// Links that are signed for each reader, besides those that `messaging` adds.
const LINKS: usize = 12;

/// The template.
pub const CAMPAIGN: Template = Template {
    id: "bench.campaign",
    version: 1,
    purpose: Purpose::Marketing,
    topic: NEWS,
    urgency: Urgency::MayWait,
    write,
    text,
    sample,
    offer: None,
};

const PRODUCTS: [&str; 6] = [
    "First Flush Darjeeling, single estate",
    "Assam Breakfast Blend, loose leaf",
    "Jasmine Dragon Pearls, hand rolled",
    "Smoked Lapsang Souchong, pine fire",
    "Peppermint and Liquorice, no caffeine",
    "Ceylon Orange Pekoe, high grown",
];

/// What is frozen for recipient `nth`: ten fields, of which one is a condition.
pub fn context(nth: u64, order: &OrderId) -> Value {
    json!({
        "order": order.as_str(), "name": format!("Amina {nth}"), "city": "Leeds", "favourite": PRODUCTS[nth as usize % 6],
        "points": 100 + nth % 900, "since": "March 2024", "code": format!("TEA-{nth:07}"), "saved": "£12.40",
        "birthday": nth.is_multiple_of(3), "visits": nth % 40,
    })
}

fn sample() -> Value {
    context(1, &OrderId::stored("ord_00000000000000000000".to_owned()))
}

fn write(given: &Given<'_>) -> Result<Letter> {
    let word = |name: &str| given.context[name].as_str().unwrap_or_default().to_owned();
    let number = |name: &str| given.context[name].as_u64().unwrap_or_default();
    let links = links(given);
    let mut blocks = vec![
        Block::BrandBar,
        Block::Answer {
            heading: format!("{}, the first flush is here", word("name")),
            line: format!(
                "You have been with us since {}, and it has reached {}.",
                word("since"),
                word("city")
            ),
        },
    ];
    if given.context["birthday"].as_bool() == Some(true) {
        blocks.push(Block::Text("Your birthday is near: the second bag is on us.".to_owned()));
    }
    blocks.push(Block::Text(format!(
        "You liked {} best of all, and have looked in {} times. The spring of this year was long and cold, so the leaves are small \
         and sweet. With the code {} you save {} on any bag until Sunday.",
        word("favourite"), number("visits"), word("code"), word("saved")
    )));
    blocks.push(Block::Button { label: "See the first flush".to_owned(), href: links[0].clone() });
    blocks.push(Block::Items { heading: "Chosen for you".to_owned(), items: items(&links) });
    blocks.push(Block::Facts(facts(&word("code"), number("points"))));
    blocks.push(Block::Button { label: "All teas".to_owned(), href: links[7].clone() });
    let why = "You agreed to get our news.".to_owned();
    let footer = [("Delivery", 8), ("Brewing", 9), ("Gift cards", 10), ("Questions and answers", 11)];
    let footer = footer.map(|(label, at)| (label.to_owned(), links[at].clone())).to_vec();
    blocks.push(Block::Footer { why, links: footer });
    Ok(Letter {
        locale: given.locale.clone(),
        subject: format!("{}, the first flush is here", word("name")),
        preheader: "Small leaves, a sweet cup, and a code of your own".to_owned(),
        blocks: by_kind(blocks),
        json_ld: None,
    })
}

fn items(links: &[String]) -> Vec<Item> {
    let of = |(at, title): (usize, &&str)| Item {
        title: (*title).to_owned(),
        detail: "100 g · 1 piece".to_owned(),
        price: "£12.00".to_owned(),
        image_url: None,
        url: Some(links[at + 1].clone()),
    };
    PRODUCTS.iter().enumerate().map(of).collect()
}

fn facts(code: &str, points: u64) -> Vec<Fact> {
    let fact = |label: &str, line: String| Fact { label: label.to_owned(), lines: vec![line] };
    vec![fact("Your code", code.to_owned()), fact("Your points", points.to_string())]
}

/// Each of another day, so that each is signed by itself.
fn links(given: &Given<'_>) -> Vec<String> {
    let order = OrderId::stored(given.context["order"].as_str().unwrap_or_default().to_owned());
    let day = |nth: usize| given.written_at - Duration::from_secs(86_400 * nth as u64);
    (0..LINKS).map(|nth| OrderLink::new(order.clone(), day(nth)).url(given.shop)).collect()
}

fn text(given: &Given<'_>) -> Result<TextLetter> {
    let name = given.context["name"].as_str().unwrap_or_default();
    Ok(TextLetter { facts: vec![format!("{name}, the first flush is here")], link: None })
}

/// Whether every signed link of a mail is good and for this person: twelve of the campaign in HTML and text, and the two
/// of `messaging`.
pub fn links_are_good(mail: &[u8], keys: &Keys, order: &str, customer: &str) -> bool {
    let plain = unquoted(&unsigned(mail));
    let ours = tokens(&plain, "/o/");
    let you = tokens(&plain, "/you/updates/");
    let out = tokens(&plain, "/unsubscribe/");
    let of_order =
        |token: &&str| OrderLink::read(token, keys).is_some_and(|link| link.order.as_str() == order);
    let of_person =
        |token: &&str| YouLink::read(token, keys).is_some_and(|link| link.customer.as_str() == customer);
    let way_out = |token: &&str| {
        UnsubscribeLink::read(token, keys).is_some_and(|link| link.customer.as_str() == customer)
    };
    // Each link stands in the HTML and most in the text too.
    let enough = ours.len() >= LINKS && !you.is_empty() && out.len() >= 2;
    enough && ours.iter().all(of_order) && you.iter().all(of_person) && out.iter().all(way_out)
}

/// Without its signatures, in whose base 64 anything may stand, `/o/` among it.
fn unsigned(mail: &[u8]) -> Vec<u8> {
    let (mut kept, mut in_signature, mut in_body) = (Vec::with_capacity(mail.len()), false, false);
    for line in mail.split_inclusive(|byte| *byte == b'\n') {
        let is_folded = line.starts_with(b" ") || line.starts_with(b"\t");
        in_body |= line == b"\r\n";
        in_signature = !in_body && (line.starts_with(b"DKIM-Signature:") || (in_signature && is_folded));
        if !in_signature {
            kept.extend_from_slice(line);
        }
    }
    kept
}

/// Quoted-printable (RFC 2045 §6.7) undone, the double dots of SMTP left as they are: no token begins a line with one.
fn unquoted(mail: &[u8]) -> String {
    let (mut plain, mut at) = (Vec::with_capacity(mail.len()), 0);
    while let Some(byte) = mail.get(at) {
        match (byte, mail.get(at + 1..at + 3)) {
            (b'=', Some(b"\r\n")) => at += 3,
            (b'=', Some(hex)) if hex.iter().all(u8::is_ascii_hexdigit) => {
                let digits = std::str::from_utf8(hex).unwrap_or_default();
                plain.push(u8::from_str_radix(digits, 16).unwrap_or_default());
                at += 3;
            }
            (byte, _) => {
                plain.push(*byte);
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&plain).into_owned()
}

fn tokens<'a>(plain: &'a str, path: &str) -> Vec<&'a str> {
    let token = |rest: &'a str| {
        let end =
            rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '-' || c == '_')).unwrap_or(rest.len());
        &rest[..end]
    };
    plain.split(path).skip(1).map(token).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_holds_no_links() {
        let mail = b"DKIM-Signature: v=1; b=ab/o/cd\r\n ef/you/updates/gh\r\nTo: a@b.test\r\n x\r\n\r\nDKIM-Signature: /o/1\r\n";
        assert_eq!(unsigned(mail), b"To: a@b.test\r\n x\r\n\r\nDKIM-Signature: /o/1\r\n");
    }

    #[test]
    fn quoted_printable_is_undone() {
        assert_eq!(unquoted(b"href=3D\"http://x/o/ab=\r\ncd\""), "href=\"http://x/o/abcd\"");
        assert_eq!(tokens("a /o/ab-c_d\" /o/e?x", "/o/"), ["ab-c_d", "e"]);
    }
}
