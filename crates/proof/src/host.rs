//! `proof serve`: the same house as `aftercare serve`, with one template and one address more.
//!
//! No room sends marketing yet, so the program itself has nothing that would queue any. This one does, through
//! messaging's own verb and with the answer given after the commit, as every other address of the program does.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use aftercare::cli::Role;
use aftercare::house::{House, Setting};
use aftercare::{Config, lists, log, serve};
use axum::Router;
use axum::extract::{Path as Address, State};
use axum::http::StatusCode;
use axum::routing::post;
use customers::{Consent, Described};
use db::{Db, Durability, Write};
use kernel::{Channel, CustomerId, Email, Purpose};
use messaging::{NewMessage, Recipient, Templates};
use serde_json::json;

use crate::letters::{self, OFFER};

/// As many offers as one write queues.
const AT_ONCE: u64 = 200;
/// How long ago readers agreed.
const AGREED_BEFORE: Duration = Duration::from_secs(86_400);

/// Serves until it is told to stop. `PROOF_DURABILITY=normal` opens the database as it must not be opened.
pub fn run(config: Option<&Path>, role: Role) -> kernel::Result<()> {
    log::init();
    let env: BTreeMap<String, String> = std::env::vars().collect();
    let durability = match env.get("PROOF_DURABILITY").map(String::as_str) {
        Some("normal") => Durability::Normal,
        _ => Durability::Full,
    };
    let setting = Setting { durability, ..setting() };
    serve::shop(Config::load(config, &env)?, setting, role, |house| router(house.db.clone()))
}

/// A server's setting with the offers among the templates.
pub fn setting() -> Setting {
    let templates = Templates::new(&[lists::messages::templates().all(), letters::TEMPLATES]);
    Setting { templates, ..Setting::server() }
}

/// Queues offers past HTTP, for a backlog: through the same verb, with the disk left to the operating system.
pub fn queue_backlog(config: Config, offers: u64) -> kernel::Result<()> {
    let house = House::open(config, Setting { durability: Durability::Bulk, ..setting() })?;
    house.migrate()?;
    let runtime = tokio::runtime::Builder::new_current_thread().build();
    let runtime = runtime.map_err(|error| kernel::Error::internal(format!("no runtime: {error}")))?;
    runtime.block_on(async {
        for from in (0..offers).step_by(AT_ONCE as usize) {
            let to = offers.min(from + AT_ONCE);
            let queue = move |w: &mut Write<'_>| (from..to).try_for_each(|number| offer(w, number).map(drop));
            house.db.write("proof.backlog", queue).await?;
        }
        house.db.clone().close().await;
        Ok(())
    })
}

fn router(db: Db) -> Router {
    Router::new()
        .route("/proof/offers/{number}", post(take))
        .route("/proof/offers/{number}/again", post(take_again))
        .with_state(db)
}

async fn take(State(db): State<Db>, Address(number): Address<u64>) -> StatusCode {
    answer(db.write("proof.offer", move |w| offer(w, number)).await)
}

async fn take_again(State(db): State<Db>, Address(number): Address<u64>) -> StatusCode {
    answer(db.write("proof.offer_again", move |w| offer_again(w, number)).await)
}

/// 201 when it is durable, 200 when it was there already, 503 when it is not.
fn answer(queued: kernel::Result<bool>) -> StatusCode {
    match queued {
        Ok(true) => StatusCode::CREATED,
        Ok(false) => StatusCode::OK,
        Err(_) => StatusCode::SERVICE_UNAVAILABLE,
    }
}

/// Somebody who agreed to news yesterday, and an offer to them. False when it was queued before.
fn offer(w: &mut Write<'_>, number: u64) -> kernel::Result<bool> {
    // However often this is posted, they agreed before they could change their mind.
    let said_at = w.now - AGREED_BEFORE;
    let customer = known(w, number)?;
    let yes = Consent {
        channel: Channel::Email,
        purpose: Purpose::Marketing,
        granted: true,
        wording: None,
        said_at,
    };
    customers::record_consent(w, &customer, &yes, "proof")?;
    queue(w, number, &customer, "offer")
}

/// Another offer to them, whatever they have said meanwhile.
fn offer_again(w: &mut Write<'_>, number: u64) -> kernel::Result<bool> {
    let customer = known(w, number)?;
    queue(w, number, &customer, "another offer")
}

fn known(w: &mut Write<'_>, number: u64) -> kernel::Result<CustomerId> {
    let email = Email::parse(&reader(number))?;
    customers::recognise(w, &Described { source: "proof", email: Some(&email), ..Described::default() })
}

fn queue(
    w: &mut Write<'_>,
    number: u64,
    customer: &CustomerId,
    trigger: &'static str,
) -> kernel::Result<bool> {
    let message = NewMessage {
        customer,
        template: OFFER,
        subject: ("customer", customer.as_str()),
        trigger,
        thread: customer.as_str(),
        recipient: Recipient { email: Some(Email::parse(&reader(number))?), ..Recipient::default() },
        context: json!({ "said": format!("News for reader {number}") }),
        not_before: w.now,
        not_after: None,
    };
    Ok(messaging::queue(w, &message)?.is_some())
}

/// The address of the reader of that number.
pub fn reader(number: u64) -> String {
    format!("reader{number}@example.test")
}
