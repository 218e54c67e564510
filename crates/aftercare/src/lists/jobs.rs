//! Every kind of job and every schedule, and who does it.

use std::sync::Arc;
use std::time::Duration;

use api::webhooks::{DELIVER_JOB, Deliver, FORGET_DELIVERIES_JOB, forget_old_deliveries};
use jobs::Registry;
use jobs::tasks::{self, RunTasks};
use messaging::{HandOff, Providers};

const DAY: Duration = Duration::from_secs(86_400);
/// How many webhook endpoints are told something at once. One that hangs takes one place of these.
const WEBHOOK_ENDPOINTS_AT_ONCE: usize = 32;
/// A connection's job begins with the connection and keeps itself; this finds one that was lost all the same, such as
/// after rows were put back by hand.
const KEEP_POLLING_EVERY: Duration = Duration::from_secs(6 * 3_600);
/// How many platforms are asked at once: each waits mostly for the other side.
const POLLS: usize = 4;
/// How many pieces of long work get ahead at once: each asks the same database.
const TASKS: usize = 2;

/// The list.
pub fn registry(providers: Arc<Providers>, webhooks: Deliver, poll: platforms::Poll) -> Registry {
    let at_once = providers.in_hand();
    Registry::new()
        .write(timeline::REACT, timeline::react)
        .write(orders::TELL, orders::tell)
        .write(shipments::WATCH, shipments::watch::watch)
        .write(shipments::SWEEP_PAGE, shipments::sweep_page)
        .write(orders::find::SEARCH_JOB, orders::find::search)
        .write(account::SEND_JOB, account::send_code)
        .write(customers::ERASE_JOB, customers::erase)
        .schedule(customers::account::FORGET_JOB, DAY, customers::account::forget_old)
        .write(platforms::WEBHOOK_JOB, platforms::process_webhook)
        .stepped(messaging::HAND_OFF, at_once, Arc::new(HandOff::new(providers)))
        .schedule(timeline::FORGOTTEN_JOB, timeline::FORGOTTEN_EVERY, timeline::close_forgotten_incidents)
        .stepped(platforms::POLL_JOB, POLLS, Arc::new(poll))
        .schedule(shipments::SWEEP, shipments::SWEEP_EVERY, shipments::sweep)
        .schedule(shipments::FORGET_STRAYS, DAY, shipments::forget_strays)
        .schedule(platforms::KEEP_POLLING_JOB, KEEP_POLLING_EVERY, platforms::keep_polling)
        .schedule(platforms::FORGET_JOB, DAY, platforms::forget_old_webhooks)
        .stepped(DELIVER_JOB, WEBHOOK_ENDPOINTS_AT_ONCE, Arc::new(webhooks))
        .schedule(FORGET_DELIVERIES_JOB, DAY, forget_old_deliveries)
        .schedule(api::FORGET_JOB, DAY, api::forget_old_requests)
        .stepped(tasks::STEP, TASKS, Arc::new(RunTasks))
        .schedule(tasks::FORGET_PARTS, DAY, tasks::forget_old_parts)
        .schedule(admin::KEY_NAMES_JOB, DAY, admin::key_names)
        .schedule(admin::PLACE_CUSTOMERS_JOB, DAY, admin::place_customers)
        .schedule(orders::KEY_LINES_JOB, DAY, orders::key_lines)
        .schedule(admin::FORGET_SESSIONS_JOB, DAY, admin::forget_ended_sessions)
        .schedule(messaging::sms::FORGET_TEXTS_JOB, DAY, messaging::sms::forget_old_texts)
        .schedule(messaging::TALLY_JOB, messaging::TALLY_EVERY, messaging::tally_days)
}
