//! Who acts, on whom, and whether they may.

use customers::Person;
use db::{Read, Write};
use kernel::{CustomerId, Error, Kind, Result};
use staff::{Member, Permission};

/// The person by an identifier that came from outside.
pub(crate) fn found(r: &mut Read<'_>, id: &CustomerId) -> Result<Person> {
    customers::find(r, id)?.ok_or_else(|| Error::not_found("There is no such customer."))
}

/// The same, of somebody about whom something is to be written: nothing is, once their data were erased.
pub(super) fn alive(r: &mut Read<'_>, id: &CustomerId) -> Result<Person> {
    let person = found(r, id)?;
    match person.erased_at {
        None => Ok(person),
        Some(_) => {
            let words = "The data of this customer were erased. Nothing more is written about them.";
            Err(Error::new(Kind::Conflict, "erased", words))
        }
    }
}

/// Refuses whoever may not do what reaches far or can't be undone by everybody.
pub(crate) fn only_managers(member: &Member, what: &str) -> Result<()> {
    if member.role.may(Permission::ManageCustomers) {
        return Ok(());
    }
    Err(Error::new(
        Kind::Forbidden,
        "not_allowed",
        format!("{what} is for managers and owners. Ask one of them."),
    ))
}

/// Writes into the audit log what was done to a customer; what is personal only as "changed".
pub(super) fn audit(
    w: &mut Write<'_>,
    member: &Member,
    action: &str,
    customer: &CustomerId,
    before: Option<&str>,
    after: Option<&str>,
) -> Result<()> {
    staff::note(w, Some(&member.id), action, ("customer", customer.as_str()), before, after)
}

/// The source of what this member does.
pub(super) fn source(member: &Member) -> String {
    customers::by_staff(member.id.as_str())
}
