//! A mail made of strangers' texts: the bytes stay one mail, and the page holds no tag that we did not write.

use std::sync::LazyLock;

use kernel::shop::Sender;
use kernel::words::Catalogue;
use kernel::{Brand, Dice, Email, Locale};
use messaging::dkim::{Signer, SigningKey, new_ed25519_pem};
use messaging::letter::{Block, Change, Fact, Item, Letter, TotalRow, by_kind};
use messaging::mail::Mail;
use messaging::{WORDS, mime, render};

use crate::input::{Fields, now};

/// Elements that our own letters are made of.
const ELEMENTS: [&str; 25] = [
    "html", "head", "meta", "title", "style", "body", "div", "table", "tr", "td", "th", "tbody", "h1", "h2",
    "h3", "p", "a", "img", "span", "bdi", "br", "strong", "script", // For Outlook, in comments.
    "xml", "o",
];

/// Reading the shipped words takes longer than a mail.
static SHIPPED: LazyLock<Catalogue> =
    LazyLock::new(|| Catalogue::new(&[WORDS]).expect("the shipped words are whole"));
static SIGNER: LazyLock<Signer> = LazyLock::new(|| {
    let key = SigningKey::from_pem(new_ed25519_pem(&mut Dice::seeded(1)).as_bytes()).expect("a key");
    Signer::new("a.example", vec![("s1".to_owned(), key)]).expect("a signer")
});

/// Texts for every place of a letter, rendered and written as a mail.
pub fn mail(bytes: &[u8]) {
    let texts = Fields::of(bytes).rest();
    let text = |place: usize| texts.get(place % texts.len().max(1)).cloned().unwrap_or_default();
    let letter = letter(&text);
    let brand = Brand { name: text(1), postal_address: Some(text(2)), ..Brand::default() };
    let rendered = render::render(&letter, &brand, &*SHIPPED);
    assert_eq!(rendered, render::render(&letter, &brand, &*SHIPPED), "the same letter gives the same bytes");
    check_html(&rendered.html);
    let address = |text: &str| Email::parse(text).expect("an address");
    let mail = Mail {
        from: Sender { name: text(0), address: address("shop@a.example") },
        reply_to: None,
        to: address("ann@example.test"),
        to_name: Some(text(1)),
        subject: rendered.subject,
        html: rendered.html,
        text: rendered.text,
        message_id: text(2),
        references: vec![text(3), text(4)],
        date: now(),
        headers: vec![("List-Unsubscribe", text(5))],
    };
    check_bytes(&mime::compose(&mail));
}

fn letter(text: &dyn Fn(usize) -> String) -> Letter {
    let item = |place: usize| Item {
        title: text(place),
        detail: text(place + 1),
        price: text(place + 2),
        image_url: Some(text(place + 3)),
        url: Some(text(place + 4)),
    };
    let total = |place: usize| TotalRow { label: text(place), amount: text(place + 1), strong: place == 0 };
    Letter {
        locale: Locale::default(),
        subject: text(0),
        preheader: text(1),
        blocks: by_kind(vec![
            Block::BrandBar,
            Block::Answer { heading: text(2), line: text(3) },
            Block::Text(text(4)),
            Block::Button { label: text(5), href: text(6) },
            Block::Changes(vec![Change { label: text(7), before: text(8), after: text(9) }]),
            Block::Items { heading: text(10), items: vec![item(0), item(3)] },
            Block::Totals(vec![total(0), total(1)]),
            Block::Facts(vec![Fact { label: text(2), lines: vec![text(3), text(4)] }]),
            Block::Progress { steps: vec![text(5), text(6)], current: 1 },
            Block::Code(text(7)),
            Block::Footer { why: text(8), links: vec![(text(9), text(10))] },
        ]),
        json_ld: Some(serde_json::json!({ "name": text(0), text(1): text(2) })),
    }
}

/// Every `<` begins an element that we write, and there is one script: the data, which is none.
pub fn check_html(html: &str) {
    let mut scripts = 0;
    for (at, _) in html.match_indices('<') {
        let rest = &html[at + 1..];
        if rest.starts_with('!') {
            continue;
        }
        let name: String =
            rest.trim_start_matches('/').chars().take_while(char::is_ascii_alphanumeric).collect();
        assert!(ELEMENTS.contains(&name.to_ascii_lowercase().as_str()), "<{name} is not ours");
        scripts += usize::from(rest.starts_with("script"));
    }
    assert!(scripts <= 1, "a script that we did not write");
    assert!(!html.to_ascii_lowercase().contains("=\"javascript:"), "a link that runs");
}

/// RFC 5321 and 5322: CR and LF only together, no line beyond 998 bytes, headers that end once.
fn check_bytes(bytes: &[u8]) {
    for (at, byte) in bytes.iter().enumerate() {
        match byte {
            b'\n' => assert!(at > 0 && bytes[at - 1] == b'\r', "a bare LF"),
            b'\r' => assert_eq!(bytes.get(at + 1), Some(&b'\n'), "a bare CR"),
            0 => panic!("a NUL"),
            _ => {}
        }
    }
    assert!(bytes.split(|byte| *byte == b'\n').all(|line| line.len() <= 999), "a line beyond 998 bytes");
    let mail = String::from_utf8_lossy(bytes);
    let head = mail.split("\r\n\r\n").next().unwrap_or_default();
    for name in ["From", "To", "Subject", "Date", "Message-ID", "List-Unsubscribe", "Auto-Submitted"] {
        let count = head
            .lines()
            .filter(|line| line.to_ascii_lowercase().starts_with(&format!("{}:", name.to_ascii_lowercase())))
            .count();
        assert!(count == 1, "{name} stands {count} times");
    }
    assert!(
        !head.lines().any(|line| line.to_ascii_lowercase().starts_with("bcc:")),
        "a header of a stranger's"
    );
    let signed = SIGNER.signed(bytes, now()).expect("every mail of ours can be signed");
    assert!(signed.ends_with(bytes) && signed.len() > bytes.len());
}
