//! `/s/{code}`: the short way to the order page, for texts, where each character counts.
//!
//! A code is 75 bits of chance; only its hash is stored. It leads to the page as a signed link of the day it was made
//! does, and so ages with it.

use db::{Read, Write, params};
use kernel::{Keys, Result, Shop, Timestamp, keys};

use crate::OrderId;
use crate::link::OrderLink;
use crate::store::{FIND_SHORT_LINK, INSERT_SHORT_LINK, StoredOrder};

/// Crockford's alphabet: no i, l, o, u, and nothing that a phone leaves out of a link.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
/// Five bits a character.
const LENGTH: usize = 15;

/// A short link to the page of an order whose customer can be texted; `None` when no text will need one.
pub(crate) fn make(w: &mut Write<'_>, stored: &StoredOrder) -> Result<Option<String>> {
    if !messaging::can_be_texted(w, &stored.customer, stored.order.customer.phone.as_ref())? {
        return Ok(None);
    }
    let now = w.now;
    let chance = w.dice.bytes::<LENGTH>();
    let code: String = chance.iter().map(|byte| char::from(ALPHABET[usize::from(byte & 31)])).collect();
    w.send(&INSERT_SHORT_LINK, params![&hash(&code), stored.id.as_str(), now])?;
    Ok(Some(format!("{}/s/{code}", w.wired::<Shop>()?.public_url)))
}

/// The path of the page that a code leads to; `None` for a code that nobody made.
pub(crate) fn follow(r: &mut Read<'_>, code: &str, keys: &Keys) -> Result<Option<String>> {
    if code.len() != LENGTH || !code.bytes().all(|byte| ALPHABET.contains(&byte)) {
        return Ok(None);
    }
    let Some(row) = r.row(&FIND_SHORT_LINK, params![&hash(code)])? else { return Ok(None) };
    let issued_at: Timestamp = row.get("issued_at")?;
    let link = OrderLink::new(OrderId::stored(row.get("order_id")?), issued_at);
    Ok(Some(format!("/o/{}", link.token(keys))))
}

/// Seventy-five bits of chance need no salt and no slow hash.
fn hash(code: &str) -> String {
    keys::hex(&keys::sha256(code.as_bytes()))
}
