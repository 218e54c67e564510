//! Accounts, and the links by which they come to be.

use std::time::Duration;

use db::{Read, Row, Write, params};
use kernel::{Email, Error, Kind, Result, Timestamp, keys, text};

use crate::store::{
    ANY_ACCOUNT, ANY_OWNER, FIND_INVITATION, INSERT_INVITATION, LIST_ACCOUNTS, OPEN_INVITATIONS,
    REMOVE_ACCOUNT, SAVE_ACCOUNT, USE_INVITATION,
};
use crate::{Password, Role, StaffId, audit, second, session};

/// How long an invitation can be accepted.
pub const INVITATION_WORKS_FOR: Duration = Duration::from_secs(3 * 86_400);
/// The most characters of a name.
const MAX_NAME: usize = 100;

/// Somebody who works at the shop.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// Who.
    pub id: StaffId,
    /// Their e-mail address.
    pub email: String,
    /// Their name.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// Since when.
    pub created_at: Timestamp,
}

/// A link that lets somebody in, once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invitation {
    /// As what.
    pub role: Role,
    /// Whom; the first owner says so themselves.
    pub email: Option<Email>,
}

/// Makes an invitation and returns its token, once: only the hash is kept. Who has an account gets in again by it, with
/// the role that it names.
pub fn invite(w: &mut Write<'_>, role: Role, email: Option<&Email>, by: Option<&StaffId>) -> Result<String> {
    let (token, now) = (token(w), w.now);
    let works_until = now + INVITATION_WORKS_FOR;
    let (hash, address) = (hashed(&token), email.map(Email::as_str));
    w.send(
        &INSERT_INVITATION,
        params![&hash, role.as_str(), address, by.map(StaffId::as_str), now, works_until],
    )?;
    audit::note(w, by, "staff.invited", ("staff", "invitation"), None, Some(role.as_str()))?;
    Ok(token)
}

/// What a token invites to, while it does. One that names nobody is for the first who comes, and ends with them.
pub fn invitation(r: &mut Read<'_>, token: &str) -> Result<Invitation> {
    let (hash, now) = (hashed(token), r.now);
    let row = r.row(&FIND_INVITATION, params![&hash, now])?.ok_or_else(no_longer)?;
    let email: Option<String> = row.get("email")?;
    if email.is_none() && is_anybody_here(r)? {
        return Err(no_longer());
    }
    Ok(Invitation {
        role: Role::parse(&row.get::<String>("role")?)?,
        email: email.as_deref().map(Email::parse).transpose()?,
    })
}

/// Uses an invitation up: from now on there is an account with this password. Browsers that were signed in to it before
/// are not any more.
pub fn accept(
    w: &mut Write<'_>,
    token: &str,
    email: &Email,
    name: &str,
    password: &Password,
) -> Result<StaffId> {
    let invited = invitation(w, token)?;
    let email = invited.email.as_ref().unwrap_or(email);
    let name = text::line(name, MAX_NAME).map_err(|fault| text::field_error("/name", fault, MAX_NAME))?;
    let (hash, now) = (hashed(token), w.now);
    if w.execute(&USE_INVITATION, params![&hash, now])? == 0 {
        return Err(no_longer());
    }
    end_invitations(w, email)?;
    let had_owner = has_owner(w)?;
    let id = StaffId::new(now, w.dice);
    let row = w.one(
        &SAVE_ACCOUNT,
        params![
            id.as_str(),
            email.as_str(),
            &email.key(),
            &name,
            invited.role.as_str(),
            password.as_str(),
            now
        ],
    )?;
    if had_owner && !has_owner(w)? {
        return Err(last_owner());
    }
    let id = StaffId::stored(row.get("id")?);
    session::end_sessions(w, &id)?;
    // A link is also the way back in for somebody who has lost their telephone.
    second::forget(w, &id)?;
    audit::note(w, Some(&id), "staff.joined", ("staff", id.as_str()), None, Some(invited.role.as_str()))?;
    Ok(id)
}

/// Whether anybody works here yet.
pub fn is_anybody_here(r: &mut Read<'_>) -> Result<bool> {
    Ok(r.row(&ANY_ACCOUNT, params![])?.is_some())
}

/// Everybody who works here, by name.
pub fn accounts(r: &mut Read<'_>) -> Result<Vec<Account>> {
    r.rows(&LIST_ACCOUNTS, params![])?.iter().map(account_of).collect()
}

fn account_of(row: &Row) -> Result<Account> {
    Ok(Account {
        id: StaffId::stored(row.get("id")?),
        email: row.get("email")?,
        name: row.get("name")?,
        role: Role::parse(&row.get::<String>("role")?)?,
        created_at: row.get("created_at")?,
    })
}

/// Somebody works here no longer: they are signed out everywhere. The last owner stays.
pub fn remove(w: &mut Write<'_>, id: &StaffId, by: &StaffId) -> Result<()> {
    let Some(account) = accounts(w)?.into_iter().find(|account| account.id == *id) else { return Ok(()) };
    let now = w.now;
    if w.execute(&REMOVE_ACCOUNT, params![id.as_str(), now])? > 0 {
        if account.role == Role::Owner && !has_owner(w)? {
            return Err(last_owner());
        }
        end_invitations(w, &Email::parse(&account.email)?)?;
        session::end_sessions(w, id)?;
        audit::note(w, Some(by), "staff.removed", ("staff", id.as_str()), None, None)?;
    }
    Ok(())
}

/// Links that somebody has not used let nobody in any more.
fn end_invitations(w: &mut Write<'_>, email: &Email) -> Result<()> {
    let now = w.now;
    for row in w.rows(&OPEN_INVITATIONS, params![now])? {
        if Email::parse(&row.get::<String>("email")?)?.key() == email.key() {
            w.send(&USE_INVITATION, params![&row.get::<String>("token_hash")?, now])?;
        }
    }
    Ok(())
}

fn has_owner(r: &mut Read<'_>) -> Result<bool> {
    Ok(r.row(&ANY_OWNER, params![])?.is_some())
}

fn last_owner() -> Error {
    let words = "This is the last owner. Make somebody else an owner first.";
    Error::new(Kind::Conflict, "last_owner", words)
}

/// 256 bits of chance, in hexadecimal.
pub(crate) fn token(w: &mut Write<'_>) -> String {
    keys::hex(&w.dice.bytes::<32>())
}

/// Two hundred and fifty-six bits of chance need no salt and no slow hash.
pub(crate) fn hashed(token: &str) -> String {
    keys::hex(&keys::sha256(token.as_bytes()))
}

fn no_longer() -> Error {
    Error::not_found("This link works no longer. Ask for a new one.")
}
