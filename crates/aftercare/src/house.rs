//! The house: one shop's database, rooms and doors, wired together.

use std::sync::Arc;

use axum::Router;
use db::{Db, Durability, Mode, Options, Wiring};
use jobs::Runner;
use kernel::{Clock, Dice, Keys, Result, Shop};
use messaging::inbox::InboxProvider;
use messaging::provider::Provider;
use messaging::smtp::{SmtpProvider, SmtpSettings};
use messaging::{Providers, Templates};

use crate::lists;
use crate::routes;
use crate::{Config, secret};

/// A wired shop.
pub struct House {
    /// The configuration it was built from.
    pub config: Config,
    /// The database, with everything wired in that verbs may ask for.
    pub db: Db,
    /// What carries messages away.
    pub providers: Arc<Providers>,
    dice: std::sync::Mutex<Dice>,
}

/// What differs between a server, a story and the demo.
pub struct Setting {
    /// Where `now` comes from.
    pub clock: Arc<dyn Clock>,
    /// Where chance comes from.
    pub dice: Dice,
    /// Threads for a server; inline for stories and the simulator.
    pub mode: Mode,
    /// Full for everything but seeding a demo.
    pub durability: Durability,
    /// What carries mail; by the configuration when none is given.
    pub mail: Option<Arc<dyn Provider>>,
    /// Every message that can be sent. Stories bring some of their own.
    pub templates: Templates,
}

impl House {
    /// Opens the database and wires the shop. Does not migrate.
    pub fn open(config: Config, setting: Setting) -> Result<House> {
        let keys = secret::find_or_make(&config)?;
        House::with_keys(config, keys, setting)
    }

    /// Like [`open`](House::open), with keys that are known already.
    pub fn with_keys(config: Config, keys: Keys, mut setting: Setting) -> Result<House> {
        let dice = std::sync::Mutex::new(setting.dice.fork());
        let options = Options {
            clock: setting.clock.clone(),
            dice: setting.dice.fork(),
            wiring: wiring(&config, config.shop(keys), setting.templates)?,
            durability: setting.durability,
            mode: setting.mode,
        };
        let db = Db::open(&config.database_url, options)?;
        let mail = match setting.mail {
            Some(mail) => mail,
            None => mail_provider(&config, &db)?,
        };
        Ok(House { config, db, providers: Arc::new(Providers::new().with(mail)), dice })
    }

    /// Brings the database to this version's schema.
    pub fn migrate(&self) -> Result<db::Applied> {
        self.db.migrate(lists::migrations::MIGRATIONS)
    }

    /// A runner for this house's jobs. Registers this process as a worker.
    pub async fn runner(&self) -> Result<Arc<Runner>> {
        let webhooks = api::webhooks::Deliver::new(self.db.wiring().get()?)?;
        let poll = platforms::Poll::new(self.config.poll_every);
        let registry = lists::jobs::registry(self.providers.clone(), webhooks, poll);
        Runner::start(self.db.clone(), registry).await.map(Arc::new)
    }

    /// Every page and endpoint.
    pub fn router(&self) -> Result<Router> {
        self.router_with(None)
    }

    /// Every page and endpoint, and the demo's pages when it is one.
    pub fn router_with(&self, demo: Option<Router>) -> Result<Router> {
        let dice = self.dice.lock().unwrap_or_else(std::sync::PoisonError::into_inner).fork();
        routes::router(self, dice, demo)
    }

    /// The shop.
    pub fn shop(&self) -> Result<&Shop> {
        self.db.wiring().get::<Shop>()
    }
}

impl Setting {
    /// How a server runs: the machine's clock and chance.
    pub fn server() -> Self {
        Setting {
            clock: Arc::new(kernel::SystemClock),
            dice: Dice::from_os(),
            mode: Mode::Threads,
            durability: Durability::Full,
            mail: None,
            templates: lists::messages::templates(),
        }
    }
}

fn wiring(config: &Config, shop: Shop, templates: Templates) -> Result<Wiring> {
    let wording = lists::words::wording(&config.locale, config.wording.clone())?;
    Ok(Wiring::new()
        .with(shop)
        .with(api::webhooks::Outside { allowed: config.egress_allow.clone() })
        .with(wording)
        .with(templates)
        .with(lists::reactions::reactions()?)
        .with(lists::cards::order_lines())
        .with(lists::cards::shelf()))
}

fn mail_provider(config: &Config, db: &Db) -> Result<Arc<dyn Provider>> {
    if config.uses_inbox() {
        return Ok(Arc::new(InboxProvider::new(db.clone())));
    }
    let settings = SmtpSettings::parse(&config.mail_url)?;
    let provider = SmtpProvider::new(settings, db.clock().clone())?;
    Ok(Arc::new(match &config.dkim {
        Some(dkim) => provider.signing(dkim.signer()?),
        None => provider,
    }))
}
