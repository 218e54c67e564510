//! The code that lets somebody in: six digits, ten minutes, five tries, once, and only in the browser that asked.
//!
//! Mail scanners open links, run their scripts and press their buttons, so neither the code nor the link is enough by itself:
//! both count only together with the cookie of the browser that asked. Only keyed hashes of code and browser are kept.

use std::time::Duration;

use db::{Read, Row, Write, params};
use kernel::{Channel, Email, Error, Phone, Result, Shop, Timestamp, id_type, keys};

use super::reach::Proof;
use super::sessions::{begin, end};
use super::{
    Ask, COUNT_WRONG_CODE, FIND_SIGN_IN_CODE, INSERT_SIGN_IN_CODE, Limit, SET_CODE_HASH, ShopperSessionId,
    SignedIn, USE_SIGN_IN_CODE, count_asks,
};
use crate::{find, holders};

/// How long a code works.
pub const CODE_WORKS_FOR: Duration = Duration::from_secs(600);
/// Wrong tries a code bears.
const TRIES: u32 = 5;
const HOUR: Duration = Duration::from_secs(3_600);
/// Codes an address may be asked for: with five tries each, fifty guesses a day at a million codes.
const OF_ADDRESS: [Limit; 2] =
    [Limit { most: 5, within: HOUR }, Limit { most: 10, within: Duration::from_secs(86_400) }];
/// Codes that may be asked for from one origin.
const FROM_ORIGIN: [Limit; 1] = [Limit { most: 20, within: HOUR }];

id_type!(
    /// A code that somebody asked for to sign in.
    SignInCodeId, "sic"
);

/// An address that somebody typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// E-mail or text.
    pub channel: Channel,
    /// As it was typed, tidied.
    pub address: String,
    /// What its spellings share.
    pub key: String,
}

impl Place {
    /// Reads an e-mail address or a phone number with its country code.
    pub fn parse(typed: &str) -> Result<Place> {
        if typed.contains('@') {
            let email = Email::parse(typed)?;
            return Ok(Place {
                channel: Channel::Email,
                key: email.key(),
                address: email.as_str().to_owned(),
            });
        }
        match Phone::parse(typed) {
            Ok(phone) => {
                let number = phone.as_str().to_owned();
                Ok(Place { channel: Channel::Sms, key: number.clone(), address: number })
            }
            Err(_) => {
                let words =
                    "Write your e-mail address, or your number with its country code, like +44 7700 900123.";
                Err(Error::invalid("not_an_address", words))
            }
        }
    }
}

/// What a browser is given that has asked: for its cookie, so that it can be known again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BrowserMark {
    /// What it asked for.
    pub code: SignInCodeId,
    nonce: String,
}

impl BrowserMark {
    /// As it stands in the cookie.
    pub fn value(&self) -> String {
        format!("{}.{}", self.code, self.nonce)
    }

    /// Reads the cookie; `None` for anything else.
    pub fn read(value: &str) -> Option<Self> {
        let (code, nonce) = value.split_once('.')?;
        let is_nonce = nonce.len() == 32 && nonce.bytes().all(|byte| byte.is_ascii_hexdigit());
        let code = SignInCodeId::parse(code).ok()?;
        is_nonce.then(|| BrowserMark { code, nonce: nonce.to_owned() })
    }

    fn hash(&self, keys: &kernel::Keys) -> String {
        keys.fingerprint("sign-in-browser", self.value().as_bytes())
    }
}

/// What was asked for, as its row has it.
#[derive(Clone, Debug)]
pub struct Asked {
    /// Which.
    pub id: SignInCodeId,
    /// Where the code goes.
    pub place: Place,
    /// When it was asked for.
    pub asked_at: Timestamp,
    session: Option<ShopperSessionId>,
    browser_hash: String,
    code_hash: Option<String>,
    wrong_tries: u32,
    is_used: bool,
}

impl Asked {
    fn is_over(&self, now: Timestamp) -> bool {
        self.is_used || now.since(self.asked_at) >= CODE_WORKS_FOR
    }
}

/// Notes that a browser asks for a code; of one that is signed in, to add an address to what it has proved. Who is known at
/// the address makes no difference here: whoever asks is answered after the same work.
pub fn ask(
    w: &mut Write<'_>,
    place: &Place,
    origin: &str,
    signed_in: Option<&SignedIn>,
) -> Result<BrowserMark> {
    let named = format!("{} {}", place.channel.as_str(), place.key);
    count_asks(
        w,
        &[
            Ask { what: "sign_in from", named: origin, limits: &FROM_ORIGIN },
            Ask { what: "sign_in address", named: &named, limits: &OF_ADDRESS },
        ],
    )?;
    let now = w.now;
    let mark = BrowserMark { code: SignInCodeId::new(now, w.dice), nonce: keys::hex(&w.dice.bytes::<16>()) };
    let hash = mark.hash(&w.wired::<Shop>()?.keys);
    let session = signed_in.map(|signed_in| signed_in.id.as_str());
    let (channel, address) = (place.channel.as_str(), &place.address);
    w.send(
        &INSERT_SIGN_IN_CODE,
        params![mark.code.as_str(), channel, address, &place.key, &hash, session, now],
    )?;
    Ok(mark)
}

/// A code, whose it is, and where it goes.
#[derive(Clone, Debug)]
pub struct CodeToSend {
    /// Somebody who is known at the address.
    pub customer: kernel::CustomerId,
    /// The address as it is known.
    pub place: Place,
    /// Six digits.
    pub code: String,
    /// When it was asked for.
    pub asked_at: Timestamp,
}

/// Makes the code that was asked for. `None` where nobody is known at the address, or it is too late.
pub fn make_code(w: &mut Write<'_>, id: &SignInCodeId) -> Result<Option<CodeToSend>> {
    let Some(asked) = asked(w, id)?.filter(|asked| !asked.is_over(w.now)) else { return Ok(None) };
    for customer in holders(w, asked.place.channel, &asked.place.key)? {
        let Some(person) = find(w, &customer)?.filter(|person| person.erased_at.is_none()) else { continue };
        let is_here = |channel: Channel, key: &str| channel == asked.place.channel && key == asked.place.key;
        let known = person.contact_points.iter().find(|point| is_here(point.channel, &point.key));
        let Some(known) = known else { continue };
        let place = Place { address: known.address.clone(), ..asked.place.clone() };
        let code = format!("{:06}", w.dice.below(1_000_000));
        let hash = code_hash(&w.wired::<Shop>()?.keys, &asked, &code);
        w.send(&SET_CODE_HASH, params![id.as_str(), &hash])?;
        return Ok(Some(CodeToSend { customer, place, code, asked_at: asked.asked_at }));
    }
    Ok(None)
}

/// How what a browser asked for stands, for its page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It waits for the code, of what was typed.
    Waiting(Place),
    /// It is over: used, or too old, or tried too often.
    Over,
    /// This browser did not ask for it, or has asked for another since.
    AnotherBrowser,
    /// Nobody asked for it.
    Nobody,
}

/// How a code stands, for the browser with this mark.
pub fn standing(r: &mut Read<'_>, id: &SignInCodeId, mark: Option<&BrowserMark>) -> Result<Standing> {
    let Some(asked) = asked(r, id)? else { return Ok(Standing::Nobody) };
    let keys = &r.wired::<Shop>()?.keys;
    Ok(match mark {
        _ if asked.is_over(r.now) || asked.wrong_tries >= TRIES => Standing::Over,
        Some(mark) if is_its_browser(keys, &asked, mark) => Standing::Waiting(asked.place),
        Some(_) | None => Standing::AnotherBrowser,
    })
}

/// What came of typing a code, or of following the link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entered {
    /// The browser is signed in; the token for its cookie.
    In(String),
    /// It is not the code.
    Wrong,
    /// There is none that still works.
    Over,
    /// It was asked for in another browser.
    AnotherBrowser,
}

/// The browser that comes with a code or a link.
#[derive(Clone, Copy, Debug)]
pub struct Coming<'a> {
    /// What it calls itself.
    pub name: &'a str,
    /// As whom it is signed in already.
    pub signed_in: Option<&'a SignedIn>,
}

/// Checks a typed code.
pub fn enter(w: &mut Write<'_>, mark: &BrowserMark, typed: &str, browser: Coming<'_>) -> Result<Entered> {
    let asked = match usable(w, mark)? {
        Ok(asked) => asked,
        Err(why) => return Ok(why),
    };
    let digits: String = typed.chars().filter_map(|c| c.to_digit(10)).filter_map(digit).collect();
    let typed = code_hash(&w.wired::<Shop>()?.keys, &asked, &digits);
    let is_right =
        asked.code_hash.as_deref().is_some_and(|hash| keys::same(typed.as_bytes(), hash.as_bytes()));
    if !is_right {
        w.send(&COUNT_WRONG_CODE, params![asked.id.as_str()])?;
        return Ok(Entered::Wrong);
    }
    let_in(w, &asked, browser)
}

fn digit(digit: u32) -> Option<char> {
    char::from_digit(digit, 10)
}

/// Lets the browser in that asked, by the link in its message: `id` is what the signed link names.
pub fn open(
    w: &mut Write<'_>,
    id: &SignInCodeId,
    mark: Option<&BrowserMark>,
    browser: Coming<'_>,
) -> Result<Entered> {
    let Some(mark) = mark.filter(|mark| mark.code == *id) else { return Ok(Entered::AnotherBrowser) };
    match usable(w, mark)? {
        // A link that nobody was sent is one that nobody may follow.
        Ok(asked) if asked.code_hash.is_some() => let_in(w, &asked, browser),
        Ok(_) => Ok(Entered::Over),
        Err(why) => Ok(why),
    }
}

/// What this browser asked for, or why it is of no use.
fn usable(w: &mut Write<'_>, mark: &BrowserMark) -> Result<std::result::Result<Asked, Entered>> {
    let Some(asked) = asked(w, &mark.code)? else { return Ok(Err(Entered::Over)) };
    if !is_its_browser(&w.wired::<Shop>()?.keys, &asked, mark) {
        return Ok(Err(Entered::AnotherBrowser));
    }
    if asked.is_over(w.now) || asked.wrong_tries >= TRIES {
        return Ok(Err(Entered::Over));
    }
    Ok(Ok(asked))
}

/// What the browser had proved before stays proved only when it asked as who it still is: whoever signs out, or lets the
/// session run out, has nothing brought back by a code that was asked for before.
fn let_in(w: &mut Write<'_>, asked: &Asked, browser: Coming<'_>) -> Result<Entered> {
    let now = w.now;
    if w.execute(&USE_SIGN_IN_CODE, params![asked.id.as_str(), now])? == 0 {
        return Ok(Entered::Over);
    }
    let Place { channel, address, key } = asked.place.clone();
    let mut proofs = vec![Proof { channel, address, key, proved_at: now }];
    if let Some(before) = browser.signed_in {
        if asked.session.as_ref() == Some(&before.id) {
            let earlier = before.proofs.iter().filter(|proof| proof.key != asked.place.key);
            proofs.splice(0..0, earlier.cloned());
        }
        end(w, &before.id)?;
    }
    Ok(Entered::In(begin(w, &proofs, browser.name)?))
}

fn is_its_browser(keys: &kernel::Keys, asked: &Asked, mark: &BrowserMark) -> bool {
    mark.code == asked.id && keys::same(mark.hash(keys).as_bytes(), asked.browser_hash.as_bytes())
}

fn code_hash(keys: &kernel::Keys, asked: &Asked, code: &str) -> String {
    keys.fingerprint("sign-in-code", format!("{}\n{}\n{code}", asked.id, asked.browser_hash).as_bytes())
}

fn asked(r: &mut Read<'_>, id: &SignInCodeId) -> Result<Option<Asked>> {
    r.row(&FIND_SIGN_IN_CODE, params![id.as_str()])?.map(|row| asked_of(&row)).transpose()
}

fn asked_of(row: &Row) -> Result<Asked> {
    let place = Place {
        channel: Channel::parse(&row.get::<String>("channel")?)?,
        address: row.get("address")?,
        key: row.get("address_key")?,
    };
    Ok(Asked {
        id: SignInCodeId::stored(row.get("id")?),
        place,
        asked_at: row.get("asked_at")?,
        session: row.get::<Option<String>>("session_id")?.map(ShopperSessionId::stored),
        browser_hash: row.get("browser_hash")?,
        code_hash: row.get("code_hash")?,
        wrong_tries: row.get("wrong_tries")?,
        is_used: row.get::<Option<Timestamp>>("used_at")?.is_some(),
    })
}

#[cfg(test)]
mod tests {
    use kernel::Dice;

    use super::*;

    #[test]
    fn what_people_type_is_an_address_or_a_number() {
        let read = |typed| Place::parse(typed).map(|place| (place.channel, place.key));
        assert_eq!(read(" Amina@Example.TEST ").unwrap(), (Channel::Email, "amina@example.test".to_owned()));
        assert_eq!(read("+44 (7700) 900-123").unwrap(), (Channel::Sms, "+447700900123".to_owned()));
        assert_eq!(read("0044 7700 900123").unwrap(), (Channel::Sms, "+447700900123".to_owned()));
        for typed in ["", "amina", "07700 900123", "a@b", "\u{0}", "a@x.test\r\nBcc: b@x.test"] {
            assert!(read(typed).is_err(), "{typed:?}");
        }
    }

    #[test]
    fn a_mark_is_read_back_and_nothing_else_is_one() {
        let (now, mut dice) = (Timestamp::from_ms(1), Dice::seeded(3));
        let mark = BrowserMark { code: SignInCodeId::new(now, &mut dice), nonce: "a".repeat(32) };
        assert_eq!(BrowserMark::read(&mark.value()), Some(mark.clone()));
        for value in ["", ".", "sic_1.aa", &mark.value()[1..], &format!("{}x", mark.value())] {
            assert_eq!(BrowserMark::read(value), None, "{value}");
        }
    }
}
