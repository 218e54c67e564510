//! Browsers of customers that are signed in.

use std::collections::BTreeMap;
use std::time::Duration;

use db::{Read, Row, Write, params};
use kernel::{Channel, Result, Timestamp, id_type, keys, text};

use super::reach::Proof;
use super::theirs::adopt;
use super::{
    END_SHOPPER_SESSION, END_SHOPPER_SESSIONS_AT, INSERT_PROOF, INSERT_SHOPPER_SESSION, LIVE_SHOPPER_SESSION,
    PROOFS_OF, SHOPPER_SESSIONS_AT, TOUCH_SHOPPER_SESSION,
};

/// A browser is signed out this long after it was signed in …
pub const SESSION_LASTS: Duration = Duration::from_secs(90 * 86_400);
/// … and when it was not seen for this long.
pub const IDLE_FOR: Duration = Duration::from_secs(30 * 86_400);
/// How exactly is kept when a browser was last seen: one write an hour, not one a page.
const TOUCH_EVERY: Duration = Duration::from_secs(3_600);
/// The most characters that are kept of what a browser calls itself.
const MAX_BROWSER: usize = 200;

id_type!(
    /// A browser of a customer that is signed in.
    ShopperSessionId, "shs"
);

/// A browser that shows the cookie of a session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedIn {
    /// Which session.
    pub id: ShopperSessionId,
    /// What it has proved, the oldest proof first.
    pub proofs: Vec<Proof>,
    /// When it was last seen, to an hour.
    pub seen_at: Timestamp,
}

impl SignedIn {
    /// Whether it is time to write down that this browser was seen.
    pub fn is_to_be_touched(&self, now: Timestamp) -> bool {
        self.seen_at + TOUCH_EVERY <= now
    }
}

/// A session as its owner sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenSession {
    /// Which.
    pub id: ShopperSessionId,
    /// What the browser calls itself.
    pub browser: String,
    /// Since when.
    pub began_at: Timestamp,
    /// When it was last seen, to an hour.
    pub seen_at: Timestamp,
}

/// Signs a browser in that has just proved something: always as a new session, so that what was known before is worth
/// nothing. Returns the token for its cookie, known to nobody else.
pub(super) fn begin(w: &mut Write<'_>, proofs: &[Proof], browser: &str) -> Result<String> {
    let (token, now) = (keys::hex(&w.dice.bytes::<32>()), w.now);
    let id = ShopperSessionId::new(now, w.dice);
    let browser = text::shortened(&text::unfolded(browser), MAX_BROWSER);
    w.send(&INSERT_SHOPPER_SESSION, params![id.as_str(), &hashed(&token), &browser, now])?;
    for proof in proofs {
        let channel = proof.channel.as_str();
        w.send(&INSERT_PROOF, params![id.as_str(), channel, &proof.address, &proof.key, proof.proved_at])?;
    }
    adopt(w, proofs)?;
    Ok(token)
}

/// Two hundred and fifty-six bits of chance need no salt and no slow hash.
fn hashed(token: &str) -> String {
    keys::hex(&keys::sha256(token.as_bytes()))
}

/// Who shows this token, while it works.
pub fn signed_in(r: &mut Read<'_>, token: &str) -> Result<Option<SignedIn>> {
    let (hash, began_since, seen_since) = (hashed(token), r.now - SESSION_LASTS, r.now - IDLE_FOR);
    let Some(row) = r.row(&LIVE_SHOPPER_SESSION, params![&hash, began_since, seen_since])? else {
        return Ok(None);
    };
    let id = ShopperSessionId::stored(row.get("id")?);
    let proofs = proofs_of(r, &id)?;
    // Whoever was forgotten has proved nothing any more.
    Ok((!proofs.is_empty()).then_some(SignedIn { id, proofs, seen_at: row.get("seen_at")? }))
}

fn proofs_of(r: &mut Read<'_>, id: &ShopperSessionId) -> Result<Vec<Proof>> {
    let proof = |row: &Row| {
        Ok(Proof {
            channel: Channel::parse(&row.get::<String>("channel")?)?,
            address: row.get("address")?,
            key: row.get("address_key")?,
            proved_at: row.get("proved_at")?,
        })
    };
    r.rows(&PROOFS_OF, params![id.as_str()])?.iter().map(proof).collect()
}

/// Writes down that a browser was seen.
pub fn touch(w: &mut Write<'_>, id: &ShopperSessionId) -> Result<()> {
    let now = w.now;
    w.send(&TOUCH_SHOPPER_SESSION, params![id.as_str(), now])?;
    Ok(())
}

/// The browsers that have proved an address which this one has proved too, the newest first.
pub fn open_sessions(r: &mut Read<'_>, signed_in: &SignedIn) -> Result<Vec<OpenSession>> {
    let (began_since, seen_since) = (r.now - SESSION_LASTS, r.now - IDLE_FOR);
    let mut open = BTreeMap::new();
    for proof in &signed_in.proofs {
        let params = params![proof.channel.as_str(), &proof.key, began_since, seen_since];
        for row in r.rows(&SHOPPER_SESSIONS_AT, params)? {
            let session = OpenSession {
                id: ShopperSessionId::stored(row.get("id")?),
                browser: row.get("browser")?,
                began_at: row.get("began_at")?,
                seen_at: row.get("seen_at")?,
            };
            open.insert(session.id.as_str().to_owned(), session);
        }
    }
    // Identifiers sort by when they were made.
    Ok(open.into_values().rev().collect())
}

/// Signs this browser out.
pub fn sign_out(w: &mut Write<'_>, signed_in: &SignedIn) -> Result<()> {
    end(w, &signed_in.id)
}

pub(super) fn end(w: &mut Write<'_>, id: &ShopperSessionId) -> Result<()> {
    let now = w.now;
    w.send(&END_SHOPPER_SESSION, params![id.as_str(), now])?;
    Ok(())
}

/// Signs another browser of the same reader out; one that is none of theirs is not there.
pub fn end_one(w: &mut Write<'_>, signed_in: &SignedIn, id: &ShopperSessionId) -> Result<bool> {
    let is_theirs = open_sessions(w, signed_in)?.iter().any(|open| open.id == *id);
    if is_theirs {
        end(w, id)?;
    }
    Ok(is_theirs)
}

/// Signs every browser out that has proved one of the addresses.
pub fn end_everywhere(w: &mut Write<'_>, proofs: &[Proof]) -> Result<()> {
    let now = w.now;
    for proof in proofs {
        w.send(&END_SHOPPER_SESSIONS_AT, params![proof.channel.as_str(), &proof.key, now])?;
    }
    Ok(())
}
