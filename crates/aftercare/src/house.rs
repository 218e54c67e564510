//! The house: one shop's database, rooms and doors, wired together.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use api::webhooks::Deliver;
use axum::Router;
use db::{Db, Durability, Edges, Mode, Options, Wiring};
use egress::Caller;
use jobs::Runner;
use kernel::{Channel, Clock, Dice, Keys, Result, Shop};
use messaging::inbox::InboxProvider;
use messaging::provider::Provider;
use messaging::sms::kannel::KannelProvider;
use messaging::sms::settings::SmsSettings;
use messaging::sms::twilio::TwilioProvider;
use messaging::smtp::{SmtpProvider, SmtpSettings};
use messaging::{Connected, Designs, Providers, Templates, Wording};
use platforms::Poll;
use settings::Settings;
use tokio::sync::watch;

use crate::gates::Gates;
use crate::lists;
use crate::live::Live;
use crate::routes;
use crate::{Config, secret};

/// How often a node looks whether something was set, should it have missed the call.
const LOOK_EVERY: Duration = Duration::from_secs(60);

/// A wired shop. Its clones are the same one.
#[derive(Clone)]
pub struct House {
    /// The configuration it was built from.
    pub config: Config,
    /// The database, with everything wired in that verbs may ask for.
    pub db: Db,
    /// What carries messages away.
    pub providers: Arc<Providers>,
    pub(crate) gates: Arc<Gates>,
    keys: Keys,
    outside: Option<Arc<dyn Caller>>,
    dice: Arc<std::sync::Mutex<Dice>>,
    /// What of the settings is wired in. Held while they are read, so that an older reading never follows a newer one.
    set: Arc<tokio::sync::Mutex<Settings>>,
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
    /// What carries texts; by the configuration when none is given.
    pub texts: Option<Arc<dyn Provider>>,
    /// Every message that can be sent. Stories bring some of their own.
    pub templates: Templates,
    /// Every sentence, where somebody has it already; by the configuration when none is given.
    pub wording: Option<Arc<Wording>>,
    /// Who carries requests to platforms and webhooks out; the client itself when none is given.
    pub outside: Option<Arc<dyn Caller>>,
    /// What goes wrong at the edges of commits, in the simulated world.
    pub edges: Option<Arc<dyn Edges>>,
    /// What a simulated process that has died has left behind.
    pub inherited: Option<Db>,
}

impl House {
    /// Opens the database and wires the shop. Does not migrate.
    pub fn open(config: Config, setting: Setting) -> Result<House> {
        let keys = secret::find_or_make(&config)?;
        House::with_keys(config, keys, setting)
    }

    /// Like [`open`](House::open), with keys that are known already.
    pub fn with_keys(config: Config, keys: Keys, mut setting: Setting) -> Result<House> {
        let dice = Arc::new(std::sync::Mutex::new(setting.dice.fork()));
        let connected = connected(&config, &setting);
        let options = Options {
            clock: setting.clock.clone(),
            dice: setting.dice.fork(),
            wiring: wiring(&config, config.shop(keys.clone()), &connected, setting.templates)?,
            durability: setting.durability,
            mode: setting.mode,
            edges: setting.edges,
        };
        let inherited = setting.inherited;
        let open = || match inherited {
            Some(before) => before.hand_on(options),
            None => Db::open(&config.database_url, options),
        };
        let (wording, db) = match setting.wording {
            Some(wording) => (Ok(wording), open()),
            None => beside(|| words(&config), open),
        };
        let db = db?;
        db.rewire(Wiring::clone(&db.wiring()).sharing(wording?));
        let mail = match setting.mail {
            Some(mail) => mail,
            None => mail_provider(&config, &db)?,
        };
        let mut providers = Providers::new().with(mail);
        if connected.0.contains(&Channel::Sms) {
            providers = providers.with(match setting.texts {
                Some(texts) => texts,
                None => text_provider(&config, &db)?,
            });
        }
        Ok(House {
            config,
            db,
            providers: Arc::new(providers),
            gates: Arc::new(Gates::open()),
            keys,
            outside: setting.outside,
            dice,
            set: Arc::default(),
        })
    }

    /// Brings the database to this version's schema.
    pub fn migrate(&self) -> Result<db::Applied> {
        self.db.migrate(lists::migrations::MIGRATIONS)
    }

    /// Wires in what the staff has set, where that is not what is wired in. Until the first time, the file counts.
    pub async fn refresh(&self) -> Result<()> {
        let mut wired_in = self.set.lock().await;
        let read = |r: &mut db::Read<'_>| Ok((settings::read(r)?, Designs::load(r)?));
        let (set, designs) = self.db.read("house.settings", read).await?;
        self.db.wiring().get_arc::<Designs>()?.adopt(designs);
        if *wired_in == set {
            return Ok(());
        }
        let wiring = Wiring::clone(&self.db.wiring());
        let shop = self.config.shop_with(self.keys.clone(), &set);
        self.db.rewire(wiring.with(shop).with(self.wording(&set)?));
        tracing::info!("settings.wired");
        *wired_in = set;
        Ok(())
    }

    /// Sentences that this version of the program can't use any more are no reason to say nothing at all.
    fn wording(&self, set: &Settings) -> Result<Wording> {
        let own = set.wording.as_ref().unwrap_or(&self.config.wording);
        let usable = lists::words::wording(&self.config.locale, own.clone());
        usable.or_else(|error| {
            tracing::error!(?error, "settings.wording_unusable");
            lists::words::wording(&self.config.locale, BTreeMap::new())
        })
    }

    /// Keeps what is wired in as it was set, by whichever node, until told to stop.
    pub async fn keep_current(self, mut stopping: watch::Receiver<bool>) {
        let mut changes = self.db.wakes(settings::CHANGED);
        while !*stopping.borrow() {
            tokio::select! {
                _ = changes.wait(LOOK_EVERY) => {}
                _ = stopping.changed() => return,
            }
            if let Err(error) = self.refresh().await {
                tracing::warn!(?error, "settings.not_read");
            }
        }
    }

    /// A runner for this house's jobs. Registers this process as a worker.
    pub async fn runner(&self) -> Result<Arc<Runner>> {
        let every = self.config.poll_every;
        let (webhooks, poll) = match &self.outside {
            Some(outside) => (Deliver::through(outside.clone()), Poll::through(every, outside.clone())),
            None => (Deliver::new(self.db.wiring().get()?)?, Poll::new(every)),
        };
        let registry = lists::jobs::registry(self.providers.clone(), webhooks, poll);
        Runner::start(self.db.clone(), registry).await.map(Arc::new)
    }

    /// Every page and endpoint.
    pub fn router(&self) -> Result<Router> {
        self.router_with(None)
    }

    /// Every page and endpoint, and the demo's pages when it is one, as the shop is set up at each moment.
    pub fn router_with(&self, demo: Option<Router>) -> Result<Router> {
        Live::router(self, demo)
    }

    /// Every page and endpoint as the shop is set up now.
    pub(crate) fn pages(&self, demo: Option<Router>) -> Result<Router> {
        let dice = self.dice.lock().unwrap_or_else(std::sync::PoisonError::into_inner).fork();
        routes::router(self, dice, demo)
    }

    /// Where texts go, for the addresses that a gateway calls.
    pub fn text_settings(&self) -> SmsSettings {
        self.config.texts_go_to().unwrap_or(SmsSettings::Inbox)
    }

    /// The shop.
    pub fn shop(&self) -> Result<Arc<Shop>> {
        self.db.wiring().get_arc::<Shop>()
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
            texts: None,
            templates: lists::messages::templates(),
            wording: None,
            outside: None,
            edges: None,
            inherited: None,
        }
    }
}

/// The channels something can be sent on. With a mail provider of its own the house is one whose mail really leaves:
/// then texts go only where somebody said.
fn connected(config: &Config, setting: &Setting) -> Connected {
    let configured =
        if setting.mail.is_some() { config.sms.is_some() } else { config.texts_go_to().is_some() };
    let has_texts = setting.texts.is_some() || configured;
    Connected([Some(Channel::Email), has_texts.then_some(Channel::Sms)].into_iter().flatten().collect())
}

/// Does one thing on a thread of its own beside another: a start waits for the longer of them, not for both.
fn beside<T: Send, U>(one: impl FnOnce() -> T + Send, other: impl FnOnce() -> U) -> (T, U) {
    std::thread::scope(|scope| {
        let one = scope.spawn(one);
        let other = other();
        (one.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)), other)
    })
}

/// Every sentence, with the shop's own by the configuration.
fn words(config: &Config) -> Result<Arc<Wording>> {
    lists::words::wording(&config.locale, config.wording.clone()).map(Arc::new)
}

/// Everything that verbs may ask for, but the sentences.
fn wiring(config: &Config, shop: Shop, connected: &Connected, templates: Templates) -> Result<Wiring> {
    Ok(Wiring::new()
        .with(shop)
        .with(connected.clone())
        .with(config.segment_price)
        .with(api::webhooks::Outside { allowed: config.egress_allow.clone() })
        .with(jobs::Desk::default())
        .with(templates)
        .with(Designs::default())
        .with(lists::reactions::reactions()?)
        .with(lists::tasks::tasks())
        .with(lists::personal::knowing())
        .with(config.erasure_log.clone())
        .with(lists::cards::order_lines())
        .with(lists::cards::shelf())
        .with(lists::cards::orders_of_shipments())
        .with(lists::cards::parcels())
        .with(lists::carriers::carriers())
        .with(lists::needs::needs(config))
        .with(lists::settings::settings())
        .with(lists::parked::parkings()))
}

fn mail_provider(config: &Config, db: &Db) -> Result<Arc<dyn Provider>> {
    if config.mails_stay() {
        return Ok(Arc::new(InboxProvider::new(db.clone())));
    }
    let settings = SmtpSettings::parse(&config.mail_url)?;
    let provider = SmtpProvider::new(settings, db.clock().clone())?;
    Ok(Arc::new(match &config.dkim {
        Some(dkim) => provider.signing(dkim.signer()?),
        None => provider,
    }))
}

fn text_provider(config: &Config, db: &Db) -> Result<Arc<dyn Provider>> {
    let shop = &*db.wiring().get_arc::<Shop>()?;
    Ok(match config.texts_go_to() {
        Some(SmsSettings::Kannel(gateway)) => Arc::new(KannelProvider::new(gateway, shop)?),
        Some(SmsSettings::Twilio(gateway)) => Arc::new(TwilioProvider::new(gateway, shop)?),
        Some(SmsSettings::Inbox) | None => Arc::new(InboxProvider::of_texts(db.clone())),
    })
}
