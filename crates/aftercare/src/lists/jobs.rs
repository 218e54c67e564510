//! Every kind of job and every schedule, and who does it.

use std::sync::Arc;
use std::time::Duration;

use jobs::Registry;
use messaging::{HandOff, Providers};

const DAY: Duration = Duration::from_secs(86_400);
const HOUR: Duration = Duration::from_secs(3_600);
/// How many platforms are asked at once: each waits mostly for the other side.
const POLLS: usize = 4;

/// The list.
pub fn registry(providers: Arc<Providers>, poll: platforms::Poll) -> Registry {
    // While one mail is being said, the next is looked at and the one before is written down.
    let at_once = 2 * providers.concurrency();
    Registry::new()
        .write(timeline::REACT, timeline::react)
        .write(orders::TELL, orders::tell)
        .write(platforms::WEBHOOK_JOB, platforms::process_webhook)
        .stepped(messaging::HAND_OFF, at_once, Arc::new(HandOff::new(providers)))
        .stepped(platforms::POLL_JOB, POLLS, Arc::new(poll))
        .schedule(platforms::KEEP_POLLING_JOB, HOUR, platforms::keep_polling)
        .schedule(platforms::FORGET_JOB, DAY, platforms::forget_old_webhooks)
        .schedule(api::FORGET_JOB, DAY, api::forget_old_requests)
}
