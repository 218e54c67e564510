//! Sends the code that somebody asked for. Work of its own, and queued whoever asked: so nobody can tell by the answer, nor by
//! how long it took, whether anybody is known at an address.

use customers::account::{self, CODE_WORKS_FOR, Place, SignInCodeId};
use db::Write;
use jobs::{Lane, NewJob, Next};
use kernel::{Channel, Email, Phone, Result, Shop};
use messaging::{NewMessage, Recipient};
use serde_json::{Value, json};

use crate::letters::{CODE, CodeContext};
use crate::link::SignInLink;

/// The kind of job that sends a code.
pub const SEND_JOB: &str = "account.send_code";

/// Queues the sending of what was asked for.
pub(crate) fn queue(w: &mut Write<'_>, id: &SignInCodeId) -> Result<()> {
    let payload = json!({ "code": id.as_str() });
    let due_at = w.now;
    jobs::enqueue(
        w,
        &NewJob { kind: SEND_JOB, key: id.as_str(), payload: &payload, due_at, lane: Lane::AtOnce },
    )
}

/// The handler of [`SEND_JOB`]: a code for somebody who is known at the address, and nothing for anybody else.
pub fn send_code(w: &mut Write<'_>, payload: &Value) -> Result<Next> {
    let id = SignInCodeId::parse(payload.get("code").and_then(Value::as_str).unwrap_or_default())?;
    let Some(made) = account::make_code(w, &id)? else { return Ok(Next::Done) };
    let link = SignInLink { code: id.clone() }.url(w.wired::<Shop>()?);
    let context = serde_json::to_value(CodeContext { code: made.code, link })?;
    let message = NewMessage {
        customer: &made.customer,
        template: CODE,
        subject: ("customer", made.customer.as_str()),
        trigger: id.as_str(),
        // Not part of any thread: a code is of no use tomorrow.
        thread: id.as_str(),
        recipient: recipient(&made.place)?,
        context,
        not_before: made.asked_at,
        not_after: Some(made.asked_at + CODE_WORKS_FOR),
    };
    messaging::queue(w, &message)?;
    Ok(Next::Done)
}

/// That address and no other: at another, the code would prove nothing.
fn recipient(place: &Place) -> Result<Recipient> {
    let only_here = Recipient { only_here: true, ..Recipient::default() };
    Ok(match place.channel {
        Channel::Email => Recipient { email: Some(Email::parse(&place.address)?), ..only_here },
        Channel::Sms => Recipient { phone: Some(Phone::parse(&place.address)?), ..only_here },
    })
}
