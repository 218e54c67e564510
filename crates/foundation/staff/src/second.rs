//! The second factor: a code of an app, or one of ten for whoever has lost it.

use db::{Read, Write, params};
use kernel::{Error, Kind, Result, Shop};

use crate::account::hashed;
use crate::session::{self, SignedIn};
use crate::store::{
    CONFIRM_SECOND, DELETE_RECOVERY_CODES, DELETE_SECOND, END_HALF_SESSION, FIND_HALF_SESSION, FIND_SECOND,
    INSERT_RECOVERY_CODE, SAVE_SECOND, USE_RECOVERY_CODE, USE_STEP,
};
use crate::{Member, StaffId, audit, totp};

/// What a stored secret is sealed for.
const SEALED_FOR: &str = "staff-second-factor";
/// Codes for whoever has lost their telephone.
const RECOVERY_CODES: usize = 10;
/// Crockford's alphabet: no i, l, o, u.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// What an app is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Secret {
    /// To be typed.
    pub spelled: String,
    /// To be opened.
    pub address: String,
}

/// A stored second factor.
struct Stored {
    secret: Vec<u8>,
    is_confirmed: bool,
    last_step: i64,
}

/// Whether somebody is asked for a code.
pub fn has_second(r: &mut Read<'_>, id: &StaffId) -> Result<bool> {
    Ok(find(r, id)?.is_some_and(|stored| stored.is_confirmed))
}

fn find(r: &mut Read<'_>, id: &StaffId) -> Result<Option<Stored>> {
    let Some(row) = r.row(&FIND_SECOND, params![id.as_str()])? else { return Ok(None) };
    let sealed: Vec<u8> = row.get("secret")?;
    Ok(Some(Stored {
        secret: r.wired::<Shop>()?.keys.open(SEALED_FOR, &sealed)?,
        is_confirmed: row.get::<Option<i64>>("confirmed_at")?.is_some(),
        last_step: row.get("last_step")?,
    }))
}

/// Makes a secret for an app. It counts once a code of it was typed, [`confirm_second`]; until then nothing changes.
pub fn begin_second(w: &mut Write<'_>, member: &Member) -> Result<Secret> {
    if has_second(w, &member.id)? {
        return Err(Error::new(
            Kind::Conflict,
            "has_second",
            "The second factor is on. Switch it off first.",
        ));
    }
    let secret = w.dice.bytes::<{ totp::SECRET_BYTES }>();
    let shop = w.wired_arc::<Shop>()?;
    let sealed = shop.keys.seal(SEALED_FOR, &secret, w.dice)?;
    w.send(&SAVE_SECOND, params![member.id.as_str(), &sealed])?;
    Ok(told(&secret, &shop, member))
}

/// A secret that was made and waits for its first code.
pub fn unconfirmed_second(r: &mut Read<'_>, member: &Member) -> Result<Option<Secret>> {
    let stored = find(r, &member.id)?.filter(|stored| !stored.is_confirmed);
    let shop = r.wired::<Shop>()?;
    Ok(stored.map(|stored| told(&stored.secret, shop, member)))
}

fn told(secret: &[u8], shop: &Shop, member: &Member) -> Secret {
    Secret { spelled: totp::spelled(secret), address: totp::address(secret, &shop.brand.name, &member.email) }
}

/// Switches the second factor on, and returns the codes for whoever loses their telephone, once.
pub fn confirm_second(w: &mut Write<'_>, member: &Member, code: &str) -> Result<Vec<String>> {
    let now = w.now;
    let stored = find(w, &member.id)?.filter(|stored| !stored.is_confirmed);
    let stored = stored.ok_or_else(|| Error::not_found("Begin again: there is nothing to confirm."))?;
    let step = totp::step_of(&stored.secret, &digits(code), now, stored.last_step).ok_or_else(wrong_code)?;
    w.send(&CONFIRM_SECOND, params![member.id.as_str(), now, step])?;
    w.send(&DELETE_RECOVERY_CODES, params![member.id.as_str()])?;
    let codes: Vec<String> = (0..RECOVERY_CODES).map(|_| recovery_code(w)).collect();
    for code in &codes {
        let hash = hashed(&plain(code));
        w.send(&INSERT_RECOVERY_CODE, params![&hash, member.id.as_str()])?;
    }
    audit::note(w, Some(&member.id), "staff.second_factor_on", ("staff", member.id.as_str()), None, None)?;
    Ok(codes)
}

/// Switches it off; `false` is a wrong code, which counts like a wrong password. Who can show no code asks an owner for a
/// new link.
pub fn end_second(w: &mut Write<'_>, member: &Member, code: &str, origin: &str) -> Result<bool> {
    if !is_right_here(w, &member.id, code, origin)? {
        return Ok(false);
    }
    forget(w, &member.id)?;
    audit::note(w, Some(&member.id), "staff.second_factor_off", ("staff", member.id.as_str()), None, None)?;
    Ok(true)
}

/// Without a word in the log: the account begins anew.
pub(crate) fn forget(w: &mut Write<'_>, id: &StaffId) -> Result<()> {
    w.send(&DELETE_RECOVERY_CODES, params![id.as_str()])?;
    w.send(&DELETE_SECOND, params![id.as_str()])?;
    Ok(())
}

/// The code of a browser that has shown the password. Its token is used up, and the browser gets a new one; `None` is a
/// wrong code, which counts like a wrong password.
pub fn enter_code(w: &mut Write<'_>, token: &str, code: &str, origin: &str) -> Result<Option<SignedIn>> {
    let (hash, since) = (hashed(token), w.now - session::CODE_WORKS_FOR);
    let row = w.row(&FIND_HALF_SESSION, params![&hash, since])?;
    let row = row
        .ok_or_else(|| Error::new(Kind::Unauthorized, "sign_in_again", "Sign in again: it took too long."))?;
    let (id, browser) = (StaffId::stored(row.get("staff_id")?), row.get::<String>("browser")?);
    if !is_right_here(w, &id, code, origin)? {
        return Ok(None);
    }
    w.send(&END_HALF_SESSION, params![&hash])?;
    session::begin(w, &id, &browser, false).map(Some)
}

/// The same as [`is_right`], as often as it may be tried from there.
fn is_right_here(w: &mut Write<'_>, id: &StaffId, code: &str, origin: &str) -> Result<bool> {
    let tried = session::Try::of(id.as_str(), origin);
    session::check_tries(w, &tried)?;
    let is_right = is_right(w, id, code)?;
    if !is_right {
        session::count_failure(w, &tried)?;
    }
    Ok(is_right)
}

/// Whether this is a code of the app, or one of the ten. Either is used up by it.
fn is_right(w: &mut Write<'_>, id: &StaffId, code: &str) -> Result<bool> {
    let now = w.now;
    let Some(stored) = find(w, id)?.filter(|stored| stored.is_confirmed) else { return Ok(false) };
    if let Some(step) = totp::step_of(&stored.secret, &digits(code), now, stored.last_step) {
        return Ok(w.execute(&USE_STEP, params![id.as_str(), step])? > 0);
    }
    let hash = hashed(&plain(code));
    Ok(w.execute(&USE_RECOVERY_CODE, params![&hash, id.as_str(), now])? > 0)
}

/// `abcde-fghjk`, fifty bits.
fn recovery_code(w: &mut Write<'_>) -> String {
    let letters: String =
        w.dice.bytes::<10>().iter().map(|byte| char::from(ALPHABET[usize::from(byte & 31)])).collect();
    format!("{}-{}", &letters[..5], &letters[5..])
}

/// As it is compared: however it was typed.
fn plain(code: &str) -> String {
    code.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_lowercase()
}

fn digits(code: &str) -> String {
    let all: String = code.chars().filter(|letter| !letter.is_whitespace()).collect();
    if all.len() == 6 && all.bytes().all(|byte| byte.is_ascii_digit()) { all } else { "none".to_owned() }
}

fn wrong_code() -> Error {
    Error::field(
        "/code",
        "wrong_code",
        "This is not the code that the app shows now. Wait for the next one and try again.",
    )
}
