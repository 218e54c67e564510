//! Signing in, and browsers that are signed in.

use std::time::Duration;

use db::{Read, Row, Write, params};
use kernel::{Email, Error, Kind, Result, Timestamp, id_type, ids, text};

use crate::account::{hashed, token};
use crate::attempts::{COUNTS_FOR, Failures, may_try};
use crate::store::{
    ACCOUNT_BY_EMAIL, END_SESSION, END_SESSIONS, FAILURES, FORGET_INVITATIONS, FORGET_SESSIONS,
    INSERT_FAILURE, INSERT_SESSION, LIVE_SESSION, SESSIONS_OF, TOUCH_SESSION, TRIM_FAILURES,
};
use crate::{Password, Role, SessionId, StaffId, second};

/// A browser is signed out this long after it was signed in …
pub const SESSION_LASTS: Duration = Duration::from_secs(14 * 86_400);
/// … and when it was not seen for this long.
const IDLE_FOR: Duration = Duration::from_secs(3 * 86_400);
/// How exactly is kept when a browser was last seen: one write in five minutes, not one a page.
const TOUCH_EVERY: Duration = Duration::from_secs(5 * 60);
/// The most characters that are kept of what a browser calls itself.
const MAX_BROWSER: usize = 200;

id_type!(
    /// A wrong password.
    FailureId, "wrg"
);

/// Somebody who is signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// Who.
    pub id: StaffId,
    /// By which browser.
    pub session: SessionId,
    /// Their e-mail address.
    pub email: String,
    /// Their name.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// When that browser was last seen.
    seen_at: Timestamp,
}

/// How long a browser may take from the password to the code.
pub(crate) const CODE_WORKS_FOR: Duration = Duration::from_secs(10 * 60);

/// What a browser is given that has signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedIn {
    /// Who.
    pub id: StaffId,
    /// What the browser shows from now on; known to nobody else.
    pub token: String,
    /// Whether it still owes the code of the second factor, and sees nothing until then.
    pub owes_code: bool,
}

/// A browser that is signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenSession {
    /// Which.
    pub id: SessionId,
    /// What it calls itself.
    pub browser: String,
    /// Since when.
    pub began_at: Timestamp,
    /// When it was last seen, to five minutes.
    pub seen_at: Timestamp,
}

/// Whose password is tried, from where: hashes that mean nothing elsewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Try {
    account: String,
    origin: String,
}

impl Try {
    pub(crate) fn of(account: &str, origin: &str) -> Try {
        Try { account: hashed(account), origin: hashed(origin) }
    }
}

/// Before a password is looked at: whether it may be tried from here, and what to hold it against. An account that is not
/// there has a hash too.
pub fn try_counts(r: &mut Read<'_>, email: &Email, origin: &str) -> Result<(Try, Option<StaffId>, Password)> {
    let tried = Try::of(&email.key(), origin);
    check_tries(r, &tried)?;
    match r.row(&ACCOUNT_BY_EMAIL, params![&email.key()])? {
        Some(row) => {
            Ok((tried, Some(StaffId::stored(row.get("id")?)), Password::stored(row.get("password_hash")?)))
        }
        None => Ok((tried, None, Password::nobodys())),
    }
}

pub(crate) fn check_tries(r: &mut Read<'_>, tried: &Try) -> Result<()> {
    let since = r.now - COUNTS_FOR;
    let row = r.one(&FAILURES, params![&tried.origin, since, &tried.account])?;
    let failures = Failures { of_account: row.get("of_account")?, from_origin: row.get("from_origin")? };
    if may_try(failures) {
        return Ok(());
    }
    let words =
        "Too many wrong passwords from here. Wait a quarter of an hour, or ask an owner for a new link.";
    Err(Error::new(Kind::TooMany, "too_many_tries", words))
}

/// After a password was looked at: signs a browser in, as far as the password goes, or counts a wrong try. The token is
/// always a new one, so nobody can have put it there before.
pub fn sign_in(
    w: &mut Write<'_>,
    tried: &Try,
    account: Option<&StaffId>,
    browser: &str,
) -> Result<Option<SignedIn>> {
    let Some(id) = account else {
        count_failure(w, tried)?;
        return Ok(None);
    };
    let owes_code = second::has_second(w, id)?;
    begin(w, id, browser, owes_code).map(Some)
}

pub(crate) fn count_failure(w: &mut Write<'_>, tried: &Try) -> Result<()> {
    let now = w.now;
    let failure = FailureId::new(now, w.dice);
    w.send(&INSERT_FAILURE, params![failure.as_str(), &tried.account, &tried.origin, now])?;
    let counted_until = now - COUNTS_FOR;
    w.send(&TRIM_FAILURES, params![counted_until])?;
    Ok(())
}

/// Signs a browser in.
pub(crate) fn begin(w: &mut Write<'_>, id: &StaffId, browser: &str, owes_code: bool) -> Result<SignedIn> {
    let (token, now) = (token(w), w.now);
    let session = SessionId::new(now, w.dice);
    let (hash, browser) = (hashed(&token), text::shortened(&text::unfolded(browser), MAX_BROWSER));
    let owes = i64::from(owes_code);
    w.send(&INSERT_SESSION, params![session.as_str(), &hash, id.as_str(), &browser, now, owes])?;
    Ok(SignedIn { id: id.clone(), token, owes_code })
}

/// Who shows this token, if somebody may with it.
pub fn member(r: &mut Read<'_>, token: &str) -> Result<Option<Member>> {
    let (hash, began_since, seen_since) = (hashed(token), r.now - SESSION_LASTS, r.now - IDLE_FOR);
    r.row(&LIVE_SESSION, params![&hash, began_since, seen_since])?.map(|row| member_of(&row)).transpose()
}

fn member_of(row: &Row) -> Result<Member> {
    Ok(Member {
        id: StaffId::stored(row.get("staff_id")?),
        session: SessionId::stored(row.get("id")?),
        email: row.get("email")?,
        name: row.get("name")?,
        role: Role::parse(&row.get::<String>("role")?)?,
        seen_at: row.get("seen_at")?,
    })
}

impl Member {
    /// Whether it is time to write down that this browser was seen.
    pub fn is_to_be_touched(&self, now: Timestamp) -> bool {
        self.seen_at + TOUCH_EVERY <= now
    }
}

/// Writes down that a browser was seen.
pub fn touch(w: &mut Write<'_>, id: &SessionId) -> Result<()> {
    let now = w.now;
    w.send(&TOUCH_SESSION, params![id.as_str(), now])?;
    Ok(())
}

/// The browsers that somebody is signed in with, the newest first.
pub fn sessions(r: &mut Read<'_>, id: &StaffId) -> Result<Vec<OpenSession>> {
    let (began_since, seen_since) = (r.now - SESSION_LASTS, r.now - IDLE_FOR);
    let open = |row: &Row| {
        Ok(OpenSession {
            id: SessionId::stored(row.get("id")?),
            browser: row.get("browser")?,
            began_at: row.get("began_at")?,
            seen_at: row.get("seen_at")?,
        })
    };
    r.rows(&SESSIONS_OF, params![id.as_str(), began_since, seen_since])?.iter().map(open).collect()
}

/// Signs one browser of somebody out.
pub fn end_session(w: &mut Write<'_>, of: &StaffId, id: &SessionId) -> Result<()> {
    let now = w.now;
    w.send(&END_SESSION, params![id.as_str(), of.as_str(), now])?;
    Ok(())
}

/// Signs somebody out everywhere.
pub fn end_sessions(w: &mut Write<'_>, of: &StaffId) -> Result<()> {
    let now = w.now;
    w.send(&END_SESSIONS, params![of.as_str(), now])?;
    Ok(())
}

/// How long a browser that is signed out, and a link that lets nobody in any more, are still kept.
const KEPT: Duration = Duration::from_secs(30 * 86_400);

/// Forgets browsers that are long signed out and links that have long stopped working, at most so many of each. Whether
/// there may be more.
pub fn forget_ended(w: &mut Write<'_>, at_most: i64) -> Result<bool> {
    let ended_before = ids::first_at(SessionId::PREFIX, w.now - SESSION_LASTS - KEPT);
    let stopped_before = w.now - KEPT;
    let sessions = w.execute(&FORGET_SESSIONS, params![&ended_before, at_most])?;
    let links = w.execute(&FORGET_INVITATIONS, params![stopped_before, at_most])?;
    Ok(sessions.max(links) >= at_most.unsigned_abs())
}
