//! The pages in many states, filled as the program does: for tests, and for whoever writes the words.

use customers::account::{OpenSession, Place, Proof, ShopperSessionId, SignedIn, Standing};
use customers::{ContactPoint, Person};
use kernel::{Channel, CustomerId, Dice, Timestamp};
use web::{Value, value};

use crate::fill::Fill;

/// Every sample: its name, its template, and what the template is given.
pub fn pages(words: &Fill<'_>) -> Vec<(&'static str, &'static str, Value)> {
    let asks = |typed: &str, said: &str| value(&words.asks_page(typed, said, "orders"));
    let code = |to: Option<&Place>, wrong| value(&words.code_page(to, wrong, "orders"));
    let link = |standing: &Standing| value(&words.link_page(standing, "sample"));
    let (place, signed_in) = (place(), signed_in());
    let open = [session(1, "Mozilla/5.0 <Firefox>"), session(2, "")];
    let you =
        |people: &[Person], typed, said| value(&words.you_page(&signed_in, people, &open, (typed, said)));
    vec![
        ("asked", "account/asks.html", asks("", "")),
        ("asked-fault", "account/asks.html", asks("<amina>", "not-an-address")),
        ("out", "account/asks.html", asks("", "out")),
        ("over", "account/asks.html", asks("", "over")),
        ("deleted", "account/asks.html", asks("", "deleted")),
        ("code", "account/code.html", code(Some(&place), false)),
        ("code-wrong", "account/code.html", code(Some(&place), true)),
        ("code-over", "account/code.html", code(None, false)),
        ("link", "account/link.html", link(&Standing::Waiting(place.clone()))),
        ("link-another", "account/link.html", link(&Standing::AnotherBrowser)),
        ("link-over", "account/link.html", link(&Standing::Over)),
        ("you", "account/you.html", you(&[amina()], "", "ended")),
        ("you-in-part", "account/you.html", you(&[], "x", "not-an-address")),
        ("delete", "account/delete.html", value(&words.delete_page())),
    ]
}

fn at() -> Timestamp {
    Timestamp::from_ms(1_795_168_800_000)
}

fn place() -> Place {
    let address = "amina@example.test".to_owned();
    Place { channel: Channel::Email, key: address.clone(), address }
}

fn session(n: u64, browser: &str) -> OpenSession {
    let id = ShopperSessionId::new(at(), &mut Dice::seeded(n));
    OpenSession { id, browser: browser.to_owned(), began_at: at(), seen_at: at() }
}

fn signed_in() -> SignedIn {
    let Place { channel, address, key } = place();
    let proofs = vec![Proof { channel, address, key, proved_at: at() }];
    SignedIn { id: session(1, "").id, proofs, seen_at: at() }
}

fn amina() -> Person {
    let point = |channel, address: &str| ContactPoint {
        channel,
        address: address.to_owned(),
        key: address.to_owned(),
        first_seen_at: at(),
        source: None,
        dead_at: None,
    };
    Person {
        id: CustomerId::new(at(), &mut Dice::seeded(7)),
        others: Vec::new(),
        created_at: at(),
        preferred_channel: None,
        preferred_at: None,
        paused_until: None,
        own_hours: None,
        erased_at: None,
        locale: None,
        zone: None,
        name: Some("Amina <Khan>".to_owned()),
        contact_points: vec![
            point(Channel::Email, "amina@example.test"),
            point(Channel::Sms, "+447700900123"),
        ],
        consents: Vec::new(),
    }
}
