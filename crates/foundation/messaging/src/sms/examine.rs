//! What a gateway's answer to a text would be taken for, without a gateway.

use std::time::Duration;

use super::{kannel, twilio};
use crate::provider::Submission;

/// An answer of a gateway that speaks as Kannel does.
pub fn kannel(status: u16, body: &str, retry_after: Option<Duration>) -> Submission {
    kannel::verdict::of(status, body, retry_after)
}

/// An answer of a service that speaks as Twilio does.
pub fn twilio(status: u16, body: &str, retry_after: Option<Duration>) -> Submission {
    twilio::answer::of(status, body, retry_after)
}
