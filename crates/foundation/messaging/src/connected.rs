//! Which channels this shop can send on: wired beside the shop, for rooms that prepare a message for one of them.

use db::Read;
use kernel::{Channel, CustomerId, Phone, Result};

/// The channels that are connected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Connected(pub Vec<Channel>);

/// Whether a message to this person could go by text: the number given with the occasion, or one we know.
pub fn can_be_texted(r: &mut Read<'_>, customer: &CustomerId, given: Option<&Phone>) -> Result<bool> {
    if !r.wired::<Connected>()?.0.contains(&Channel::Sms) {
        return Ok(false);
    }
    if given.is_some() {
        return Ok(true);
    }
    let person = customers::person_unasked(r, customer)?;
    Ok(person.contact_points.iter().any(|point| point.channel == Channel::Sms && point.dead_at.is_none()))
}
