//! What a mail server's bytes would be taken for, without a server.

use kernel::Email;

use super::reply::Reply;
use super::verdict::{self, Step};
use crate::provider::Refusal;

/// One reply, and what it would mean.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// Its three digits.
    pub code: u16,
    /// What it would mean as the answer to `RCPT TO`, if it is a no.
    pub at_recipient: Option<Refusal>,
    /// What it would mean as the answer to the final dot, if it is a no.
    pub at_the_dot: Option<Refusal>,
}

/// Reads the replies in what a server said, which came in `pieces`; `None` where it is not SMTP. A reply that is not
/// whole is not among them.
pub fn examine(pieces: &[&[u8]], recipient: &Email) -> Option<Vec<Said>> {
    let mut unread = Vec::new();
    let mut said = Vec::new();
    for piece in pieces {
        unread.extend_from_slice(piece);
        while let Some(reply) = Reply::take(&mut unread).ok()? {
            let meaning = |step| reply.is_no().then(|| verdict::refusal(step, &reply, Some(recipient)));
            said.push(Said {
                code: reply.code,
                at_recipient: meaning(Step::Rcpt),
                at_the_dot: meaning(Step::Dot),
            });
        }
    }
    Some(said)
}
