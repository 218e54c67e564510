//! The code that shows the full address: six digits, ten minutes, five tries, bound to the browser that asked.
//!
//! Mail scanners open links and even press buttons, so a code alone is not enough: it only counts together with the
//! cookie set in the browser that asked for it. Only a keyed hash of both is stored.

use std::time::Duration;

use axum::http::HeaderMap;
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use db::{Read, Write, params};
use kernel::{Channel, Error, Keys, Result, Shop, Timestamp, keys};
use messaging::NewMessage;
use web::Site;

use crate::context::OrderContext;
use crate::letters::{self, CodeContext};
use crate::link::OrderLink;
use crate::say;
use crate::store::{self, CODES_SINCE, COUNT_WRONG_TRY, INSERT_CODE, StoredOrder, USE_CODE};

/// How long a code works.
pub const CODE_WORKS_FOR: Duration = Duration::from_secs(600);
/// How long the address stays open in the browser that entered the code.
pub const GRANT_WORKS_FOR: Duration = Duration::from_secs(1_800);
/// Wrong tries a code bears.
const TRIES: u32 = 5;
/// Codes an order may ask for within an hour.
const CODES_PER_HOUR: usize = 5;
const HOUR: Duration = Duration::from_secs(3_600);

/// The cookie of the browser that asked.
pub const ASKED: &str = "order_code";
/// The cookie of the browser that may see.
pub const GRANT: &str = "order_address";

/// What came of asking for a code.
#[derive(Debug, PartialEq, Eq)]
pub enum Sent {
    /// It is on its way; the value for the cookie of the browser that asked.
    Yes(String),
    /// Too many codes for this order within an hour.
    TooMany,
    /// The order has no address to send one to.
    NowhereToSend,
}

/// What came of typing a code.
#[derive(Debug, PartialEq, Eq)]
pub enum Tried {
    /// It is the one.
    Right,
    /// It is not.
    Wrong,
    /// There is none that still works, or it was asked for in another browser.
    Expired,
    /// Too many wrong ones.
    TooMany,
}

struct Code {
    sent_at: Timestamp,
    hash: String,
    wrong_tries: u32,
    used: bool,
}

/// Makes a code and writes the message that brings it.
pub fn send(w: &mut Write<'_>, link: &OrderLink) -> Result<Sent> {
    let stored = store::stored(w, &link.order)?
        .ok_or_else(|| Error::not_found("There is no order behind this link."))?;
    // A phone number is nowhere while no texts are sent: better said than a code that never comes.
    if stored.order.customer.email.is_none() && goes_by(w, &stored)? == Channel::Email {
        return Ok(Sent::NowhereToSend);
    }
    let earlier = codes(w, link, HOUR)?;
    if earlier.len() >= CODES_PER_HOUR {
        return Ok(Sent::TooMany);
    }
    // A button pressed twice within a millisecond makes two codes, and the second one is the newest.
    let sent_at =
        earlier.first().map_or(w.now, |newest| w.now.max(newest.sent_at + Duration::from_millis(1)));
    let code = format!("{:06}", w.dice.below(1_000_000));
    let nonce = BASE64_URL_SAFE_NO_PAD.encode(w.dice.bytes::<16>());
    let hash = hash(&w.wired::<Shop>()?.keys, link, &nonce, &code);
    w.send(&INSERT_CODE, params![link.order.as_str(), sent_at, &hash])?;
    write_message(w, &stored, code, sent_at)?;
    Ok(Sent::Yes(nonce))
}

/// Which way a code will go, for the page that says where to look.
pub fn goes_by(r: &mut Read<'_>, stored: &StoredOrder) -> Result<Channel> {
    let customer = &stored.order.customer;
    let Some(phone) = &customer.phone else { return Ok(Channel::Email) };
    if !messaging::can_be_texted(r, &stored.customer, Some(phone))? {
        return Ok(Channel::Email);
    }
    let prefers_text = match customers::person(r, &stored.customer)?.preferred_channel {
        Some(stated) => stated == Channel::Sms,
        None => r.wired::<Shop>()?.policy.default_channel == Channel::Sms,
    };
    let is_stopped = customers::suppressed(r, Channel::Sms, phone.as_str())?.is_some();
    let by_text = customer.email.is_none() || prefers_text;
    Ok(if by_text && !is_stopped { Channel::Sms } else { Channel::Email })
}

fn write_message(w: &mut Write<'_>, stored: &StoredOrder, code: String, sent_at: Timestamp) -> Result<()> {
    let now = w.now;
    let order = OrderContext::of(stored, Vec::new(), w.wired()?, now);
    let context = serde_json::to_value(CodeContext { code, order })?;
    let trigger = sent_at.ms().to_string();
    let message = NewMessage {
        customer: &stored.customer,
        template: letters::CODE,
        subject: ("order", stored.id.as_str()),
        trigger: &trigger,
        // Not part of the order's thread: a code is of no use tomorrow.
        thread: &format!("{}:code", stored.id),
        recipient: say::recipient(stored),
        context,
        not_before: now,
        not_after: Some(sent_at + CODE_WORKS_FOR),
    };
    messaging::queue(w, &message).map(|_| ())
}

/// Checks a typed code against the newest one of the order.
pub fn enter(w: &mut Write<'_>, link: &OrderLink, nonce: &str, typed: &str) -> Result<Tried> {
    let newest = codes(w, link, CODE_WORKS_FOR)?.into_iter().next();
    let Some(code) = newest.filter(|code| !code.used && !nonce.is_empty()) else {
        return Ok(Tried::Expired);
    };
    if code.wrong_tries >= TRIES {
        return Ok(Tried::TooMany);
    }
    let digits: String = typed.chars().filter(char::is_ascii_digit).collect();
    let expected = hash(&w.wired::<Shop>()?.keys, link, nonce, &digits);
    let now = w.now;
    if keys::same(expected.as_bytes(), code.hash.as_bytes()) {
        w.send(&USE_CODE, params![link.order.as_str(), code.sent_at, now])?;
        return Ok(Tried::Right);
    }
    w.send(&COUNT_WRONG_TRY, params![link.order.as_str(), code.sent_at])?;
    Ok(Tried::Wrong)
}

fn codes(r: &mut Read<'_>, link: &OrderLink, within: Duration) -> Result<Vec<Code>> {
    let since = r.now - within;
    let rows = r.rows(&CODES_SINCE, params![link.order.as_str(), since])?;
    rows.iter()
        .map(|row| {
            Ok(Code {
                sent_at: row.get("sent_at")?,
                hash: row.get("code_hash")?,
                wrong_tries: row.get("wrong_tries")?,
                used: row.get::<Option<Timestamp>>("used_at")?.is_some(),
            })
        })
        .collect()
}

fn hash(keys: &Keys, link: &OrderLink, nonce: &str, code: &str) -> String {
    keys.fingerprint("order-code", format!("{}\n{nonce}\n{code}", link.order).as_bytes())
}

/// The value of the cookie that shows the address: the order, until when, signed.
pub fn grant(keys: &Keys, link: &OrderLink, now: Timestamp) -> String {
    let until = (now + GRANT_WORKS_FOR).ms();
    let (id, signature) = keys.sign("order-address", grant_message(link, until).as_bytes());
    format!("{until}.{}", BASE64_URL_SAFE_NO_PAD.encode([&id[..], &signature[..]].concat()))
}

/// Whether this browser has entered the code of this order a short while ago.
pub fn is_granted(keys: &Keys, headers: &HeaderMap, site: &Site, link: &OrderLink, now: Timestamp) -> bool {
    let Some((until, signed)) =
        web::read_cookie(headers, site, GRANT).and_then(|value| value.split_once('.'))
    else {
        return false;
    };
    let (Ok(until), Ok(signed)) = (until.parse::<i64>(), BASE64_URL_SAFE_NO_PAD.decode(signed)) else {
        return false;
    };
    let Some((id, signature)) = signed.split_at_checked(kernel::keys::KEY_ID_LEN) else { return false };
    now.ms() < until && keys.verify("order-address", grant_message(link, until).as_bytes(), id, signature)
}

fn grant_message(link: &OrderLink, until: i64) -> String {
    format!("{}\n{until}", link.order)
}
