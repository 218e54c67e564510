//! The seam to the binary: the simulator knows no wiring, and the binary knows nothing of the simulator's world.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use axum::Router;
use db::{Db, Edges};
use egress::Caller;
use jobs::Runner;
use kernel::{Clock, Dice, Keys, Policy, Result};
use messaging::provider::Provider;

/// Where the simulated Vendure shop serves its list of orders.
pub const VENDURE_API: &str = "https://vendure.example";

/// What a process is opened with.
pub struct Parts {
    /// The virtual clock.
    pub clock: Arc<dyn Clock>,
    /// Chance.
    pub dice: Dice,
    /// What goes wrong at commits; nothing in the oracle's process.
    pub edges: Option<Arc<dyn Edges>>,
    /// Carries mail.
    pub mail: Arc<dyn Provider>,
    /// Carries texts.
    pub texts: Arc<dyn Provider>,
    /// Answers what the program asks outside.
    pub outside: Arc<dyn Caller>,
    /// What the shop has decided about messages.
    pub policy: Policy,
    /// What the process before has left; none for the first.
    pub inherited: Option<Db>,
}

/// A process.
pub struct Program {
    /// Its database.
    pub db: Db,
    /// Every page and endpoint.
    pub router: Router,
    /// Registers it as a worker, which writes, and so may be where it dies.
    pub start: Pin<Box<dyn Future<Output = Result<Arc<Runner>>> + Send>>,
}

/// What the world needs to talk to the shop.
#[derive(Clone)]
pub struct Credentials {
    /// A key to the API with every scope.
    pub api_key: String,
    /// Where the Vendure shop sends its webhooks.
    pub hook_path: String,
    /// What it signs them with.
    pub hook_secret: String,
    /// What its orders are stored under.
    pub hook_source: String,
    /// The shop's keys: a gateway is given signed addresses to call.
    pub keys: Keys,
}

/// Opens the real program for the simulator.
pub trait Host: Sync {
    /// Opens a process over what is durable, reachable at [`PUBLIC_URL`](super::PUBLIC_URL), able to send
    /// [`letters`](crate::letters) beside its own messages, with a Kannel for its texts. The first one makes the schema.
    fn open(&self, parts: Parts) -> Result<Program>;

    /// Connects the simulated world, once, before anything goes wrong: a key, and a Vendure shop at [`VENDURE_API`].
    fn connect(&self, db: &Db) -> Pin<Box<dyn Future<Output = Result<Credentials>> + Send + '_>>;
}
