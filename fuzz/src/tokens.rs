//! Links that we have signed, as they come back: each opens what it was made for and nothing else, in one spelling.

use account::SignInLink;
use customers::AddressHash;
use customers::account::SignInCodeId;
use kernel::webhooks::Secret;
use kernel::{Channel, CustomerId, Dice, Keys, MessageId, ids};
use messaging::sms::signed;
use messaging::topics;
use messaging::you::{UnsubscribeLink, YouLink};
use orders::{OrderId, OrderLink};

use crate::input::{keys, now};

/// Some text as each kind of token, alone and put over the head of a real one.
pub fn tokens(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let keys = keys();
    for real in real_tokens(&keys) {
        let keep = text.chars().count().min(real.len());
        read(&format!("{text}{}", &real[keep..]), &keys, &real);
        read(&format!("{}{text}", &real[..real.len() - keep]), &keys, &real);
    }
    read(&text, &keys, "");
    let message = MessageId::new(now(), &mut Dice::seeded(2));
    assert!(
        !signed::is_report_of(&keys, &message, &text)
            || signed::report_path(&keys, &message).ends_with(&*text)
    );
    assert!(!signed::is_incoming(&keys, &text) || signed::incoming_path(&keys).ends_with(&*text));
    if let Ok(secret) = Secret::parse(&text) {
        assert_eq!(Secret::parse(&secret.text()).ok(), Some(secret));
    }
    for prefix in ["ord", "cus", "whk"] {
        if ids::check(&text, prefix).is_ok() {
            assert!(
                text.is_ascii() && text.starts_with(prefix) && text.len() <= 40,
                "an identifier is short and plain"
            );
        }
    }
    if let Ok(keys) = Keys::parse(&text) {
        let sealed = keys.seal("fuzz", b"plain", &mut Dice::seeded(1)).expect("sealing can't fail");
        assert_eq!(keys.open("fuzz", &sealed).ok().as_deref(), Some(&b"plain"[..]));
    }
    assert!(keys.open("fuzz", bytes).is_err(), "a stranger can't seal");
}

fn real_tokens(keys: &Keys) -> [String; 4] {
    let customer = CustomerId::new(now(), &mut Dice::seeded(1));
    let address = AddressHash::of(keys, Channel::Email, "ann@example.test");
    let unsubscribe = UnsubscribeLink {
        customer: customer.clone(),
        channel: Channel::Email,
        address,
        topic: &topics::NEWS,
    };
    let order = OrderLink::new(OrderId::new(now(), &mut Dice::seeded(1)), now());
    let sign_in = SignInLink { code: SignInCodeId::new(now(), &mut Dice::seeded(1)) };
    [order.token(keys), YouLink { customer }.token(keys), unsubscribe.token(keys), sign_in.token(keys)]
}

/// Whatever is read was signed by us, and there is one way to write it.
fn read(token: &str, keys: &Keys, real: &str) {
    let opened = [
        OrderLink::read(token, keys).map(|link| link.token(keys)),
        YouLink::read(token, keys).map(|link| link.token(keys)),
        UnsubscribeLink::read(token, keys).map(|link| link.token(keys)),
        SignInLink::read(token, keys).map(|link| link.token(keys)),
    ];
    for again in opened.into_iter().flatten() {
        assert_eq!(again, token, "a token has one spelling");
        assert_eq!(token, real, "nobody but us makes one");
    }
}
