//! What a mail carries so that its reader can decide about the next: links at its foot, and headers for mail programs.

use customers::AddressHash;
use kernel::{Channel, CustomerId, Locale, Shop};

use super::link::{UnsubscribeLink, YouLink};
use crate::letter::{Block, Letter};
use crate::look::key_of;
use crate::topics::{self, Topic};
use crate::wording::Wording;

/// Every mail leads to the page that says how we reach its reader; one whose topic can be switched off also to the way
/// out of it.
pub fn add_links(
    letter: &mut Letter,
    shop: &Shop,
    wording: &Wording,
    customer: &CustomerId,
    topic: &Topic,
    address: &str,
) {
    // A foot in two languages would have one `lang`, and the wrong one.
    let is_spoken = wording.catalogue().has(&letter.locale.language(), "letter-service");
    let locale = if is_spoken { letter.locale.clone() } else { Locale::default() };
    let you = YouLink { customer: customer.clone() };
    let mut marks = vec![(wording.say(&locale, "letter-reach", &[]), you.url(shop))];
    if let Some(topic) = topics::switch_named(topic.id) {
        let name = wording.say(&locale, &format!("you-topic-{}", topic.id), &[]);
        let label = wording.say(&locale, "letter-unsubscribe", &[("topic", (&name).into())]);
        marks.push((label, way_out(shop, customer, topic, address).url(shop)));
    }
    let footers = letter.blocks.iter_mut().filter_map(|named| match &mut named.block {
        Block::Footer { links, .. } => Some(links),
        _ => None,
    });
    footers.for_each(|links| links.extend(marks.iter().cloned()));
}

/// `List-*` for what can be switched off (RFC 2369, 2919, 8058); nothing for what belongs to the purchase.
pub fn list_headers(
    shop: &Shop,
    customer: &CustomerId,
    topic: &Topic,
    address: &str,
) -> Vec<(&'static str, String)> {
    let Some(topic) = topics::switch_named(topic.id) else { return Vec::new() };
    let way_out = way_out(shop, customer, topic, address).url(shop);
    let by_mail = shop.brand.contact.email.as_deref().and_then(|email| kernel::Email::parse(email).ok());
    let by_mail = by_mail.map(|email| format!(", <mailto:{email}?subject=unsubscribe%20{}>", topic.id));
    vec![
        ("List-Id", format!("<{}.{}>", topic.id, shop.mail_from.address.domain())),
        ("List-Unsubscribe", format!("<{way_out}>{}", by_mail.unwrap_or_default())),
        ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click".to_owned()),
    ]
}

fn way_out(shop: &Shop, customer: &CustomerId, topic: &'static Topic, address: &str) -> UnsubscribeLink {
    let channel = Channel::Email;
    let address = AddressHash::of(&shop.keys, channel, &key_of(channel, address));
    UnsubscribeLink { customer: customer.clone(), channel, address, topic }
}
