//! Whose the proved addresses are, and guests that are adopted by them.

use std::collections::BTreeSet;

use db::{Read, Write};
use kernel::{Channel, CustomerId, Result};

use super::SIGN_IN;
use super::reach::{Proof, Whole, adopted, is_wholly_theirs};
use crate::store::has_account;
use crate::{Person, find, holders, may_merge, merge, side};

/// Everybody who ordered with an address that was proved, each with the proof: what each of them placed with it may be
/// seen, as far back as the proof reaches.
pub fn holders_of(r: &mut Read<'_>, proofs: &[Proof]) -> Result<Vec<(CustomerId, Proof)>> {
    let mut held = Vec::new();
    for proof in proofs {
        let holders = holders(r, proof.channel, &proof.key)?;
        held.extend(holders.into_iter().map(|id| (id, proof.clone())));
    }
    Ok(held)
}

/// The people whose data are as a whole the reader's who gave these proofs, known longest first.
pub fn theirs(r: &mut Read<'_>, proofs: &[Proof]) -> Result<Vec<Person>> {
    let mut seen = BTreeSet::new();
    let mut people = Vec::new();
    for (id, _) in holders_of(r, proofs)? {
        let Some(person) = find(r, &id)? else { continue };
        if !seen.insert(person.id.as_str().to_owned()) {
            continue;
        }
        let has_account = has_account(r, &person)?;
        let now = r.now;
        if is_wholly_theirs(&person, has_account, proofs, now) {
            people.push(person);
        }
    }
    people.sort_by(|a, b| (a.created_at, a.id.as_str()).cmp(&(b.created_at, b.id.as_str())));
    Ok(people)
}

/// Makes one person of the guests that are wholly the reader's, and of their account. A merge as the staff makes it: nothing
/// moves, the timeline says so, and the staff can take it back.
pub(super) fn adopt(w: &mut Write<'_>, proofs: &[Proof]) -> Result<()> {
    let mut whole = Vec::new();
    for person in theirs(w, proofs)? {
        let has_account = has_account(w, &person)?;
        let has_email = person.contact_points.iter().any(|point| point.channel == Channel::Email);
        whole.push(Whole { id: person.id, has_account, has_email, created_at: person.created_at });
    }
    let Some((kept, gone)) = adopted(&whole) else { return Ok(()) };
    for gone in gone {
        // Whoever others were merged into stays who they are: their orders are shown anyway.
        if may_merge(&side(w, kept)?, &side(w, gone)?).is_ok() {
            merge(w, kept, gone, SIGN_IN)?;
        }
    }
    Ok(())
}
