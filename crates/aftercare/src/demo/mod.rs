//! `aftercare demo`: a small living shop on SQLite with the built-in inbox, and a page that lets time pass.
//!
//! The shop is made through the same verbs that a real one goes through, by [`world`]; nothing is written past them.

mod happened;
mod pages;
mod seed;
pub mod view;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use jobs::Runner;
use kernel::brand::{Contact, SocialProfile};
use kernel::{Brand, Clock, Dice, Error, Keys, Result, ShiftedClock};
use tokio::sync::{Mutex, watch};
use world::parcels::Tellings;
use world::people::Person;
use world::shopping::{Moment, Told};

pub use view::TEMPLATES;

use crate::cli::DemoArgs;
use crate::house::{House, Setting};
use crate::{Config, commands, log, serve};
use orders::OrderLink;

/// How long the idle shop waits before it looks whether something is due.
const LOOK_EVERY: Duration = Duration::from_millis(250);

/// A running demo.
pub struct Demo {
    house: House,
    clock: Arc<ShiftedClock>,
    runner: Arc<Runner>,
    people: Vec<Person>,
    /// Whoever holds this moves the shop: time never passes while somebody else works in it.
    hands: Mutex<Hands>,
}

/// What changes while the demo runs.
struct Hands {
    dice: Dice,
    next_number: u32,
    /// What still happens to orders that were placed already, in the order of time.
    to_come: std::collections::VecDeque<Moment>,
}

impl Hands {
    /// Something more that is to come, each at its place in time.
    fn add(&mut self, tellings: Tellings) {
        let orders = tellings.orders.into_iter();
        let orders =
            orders.map(|order| Moment { at: order.version.updated_at, told: Told::Order(Box::new(order)) });
        let shipments = tellings.shipments.into_iter();
        let shipments = shipments.map(|(at, told)| Moment { at, told: Told::Shipment(Box::new(told)) });
        let mut all: Vec<Moment> = self.to_come.drain(..).chain(orders).chain(shipments).collect();
        all.sort_by_key(|moment| (moment.at, moment.order().is_none()));
        self.to_come = all.into();
    }
}

/// Runs the command.
pub fn run(args: &DemoArgs, env: &BTreeMap<String, String>) -> Result<ExitCode> {
    log::init();
    let folder = Folder::of(args)?;
    let config = config(args, &folder.path, env)?;
    let keys = Keys::parse(&Keys::generate(&mut Dice::seeded(args.seed)))?;
    commands::block_on(live(args, &folder.path, config, keys))?;
    Ok(ExitCode::SUCCESS)
}

async fn live(args: &DemoArgs, folder: &Path, config: Config, keys: Keys) -> Result<()> {
    let made = seed::make_or_find(args, folder, config.clone(), keys.clone()).await?;
    let clock = Arc::new(ShiftedClock::default());
    clock.move_to(made.lived_until);
    let setting = Setting { clock: clock.clone(), ..Setting::server() };
    let house = House::with_keys(config, keys, setting)?;
    house.refresh().await?;
    let runner = house.runner().await?;
    let hands = Hands { dice: Dice::from_os(), next_number: made.next_number, to_come: made.to_come.into() };
    let demo = Arc::new(Demo { house, clock, runner, people: made.people, hands: Mutex::new(hands) });
    let (stop, stopping) = watch::channel(false);
    tokio::spawn(serve::when_told(stop));
    tokio::spawn(demo.clone().keep_going(stopping.clone()));
    tokio::spawn(demo.house.clone().keep_current(stopping.clone()));
    let router = pages::router(demo.clone())?;
    demo.print_urls().await?;
    serve::listen(args.listen, router, stopping).await?;
    demo.house.db.clone().close().await;
    Ok(())
}

impl Demo {
    /// Does what is due by the machine's own time, between what people ask for.
    async fn keep_going(self: Arc<Self>, stopping: watch::Receiver<bool>) {
        let mut wakes = self.house.db.wakes(jobs::WAKE);
        while !*stopping.borrow() {
            let moved = {
                let mut hands = self.hands.lock().await;
                self.let_pass(&mut hands, self.clock.now()).await
            };
            if let Err(error) = moved {
                tracing::warn!(?error, "demo.stumbled");
            }
            wakes.wait(LOOK_EVERY).await;
        }
    }

    /// Lets time pass until `until`: jobs and what happens to orders, each at its own moment.
    async fn let_pass(&self, hands: &mut Hands, until: kernel::Timestamp) -> Result<usize> {
        let mut done = 0;
        while hands.to_come.front().is_some_and(|next| next.at <= until) {
            if let Some(moment) = hands.to_come.pop_front() {
                done += world::passing::pass(&self.runner, &*self.clock, moment.at).await?;
                self.house.db.write("demo.moment", move |w| moment.take(w)).await?;
            }
        }
        Ok(done + world::passing::pass(&self.runner, &*self.clock, until).await?)
    }

    /// One URL a line, before the server answers.
    async fn print_urls(&self) -> Result<()> {
        let base = &self.house.config.public_url;
        let newest = self.house.db.read("demo.newest", orders::latest).await?;
        println!("Demo                {base}/demo");
        if let Some(order) = newest {
            let url = OrderLink::new(order, self.clock.now()).url(&*self.house.shop()?);
            println!("A customer's order  {url}");
        }
        let staffs = crate::team::first_owners_link(&self.house).await?;
        println!("Staff               {}", staffs.unwrap_or_else(|| format!("{base}/a")));
        println!("Inbox               {base}/inbox");
        println!("API documents       {base}/docs");
        Ok(())
    }
}

/// Where the demo lives; a folder of its own is gone when it ends.
struct Folder {
    path: PathBuf,
    is_ours: bool,
}

impl Folder {
    fn of(args: &DemoArgs) -> Result<Self> {
        let (path, is_ours) = match &args.data {
            Some(path) => (path.clone(), false),
            None => (std::env::temp_dir().join(format!("aftercare-demo-{}", std::process::id())), true),
        };
        std::fs::create_dir_all(&path).map_err(|error| {
            Error::invalid("config", format!("Can't make the folder {}: {error}", path.display()))
        })?;
        Ok(Folder { path, is_ours })
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if self.is_ours {
            // What can't be removed is in the temporary folder, where the machine removes it.
            let _ = std::fs::remove_dir_all(&self.path);
        }
    }
}

fn config(args: &DemoArgs, folder: &Path, env: &BTreeMap<String, String>) -> Result<Config> {
    let mut settings = BTreeMap::from([
        ("AFTERCARE_LISTEN".to_owned(), args.listen.to_string()),
        ("AFTERCARE_DATABASE_URL".to_owned(), format!("sqlite:{}", folder.join("demo.db").display())),
        ("AFTERCARE_TIMEZONE".to_owned(), "Europe/London".to_owned()),
        ("AFTERCARE_MAIL_FROM".to_owned(), "Northwind Tea <orders@northwind.example>".to_owned()),
    ]);
    if let Some(url) = env.get("AFTERCARE_PUBLIC_URL") {
        settings.insert("AFTERCARE_PUBLIC_URL".to_owned(), url.clone());
    }
    let mut config = Config::load(None, &settings)?;
    config.brand = northwind(&config.public_url);
    Ok(config)
}

/// The brand kit of Northwind Tea.
pub fn northwind(public_url: &str) -> Brand {
    let profile = |name: &str, url: &str| SocialProfile { name: name.to_owned(), url: url.to_owned() };
    Brand {
        name: "Northwind Tea".to_owned(),
        color: "#1F6F5C".to_owned(),
        postal_address: Some("12 Kirkgate Yard, Leeds LS2 7DJ, United Kingdom".to_owned()),
        site_url: Some(public_url.to_owned()),
        faq_url: Some("https://northwind.example/questions".to_owned()),
        contact: Contact {
            email: Some("help@northwind.example".to_owned()),
            phone: Some("0113 496 0123".to_owned()),
            hours: Some("Monday to Friday, 9am to 5pm".to_owned()),
            url: Some("https://northwind.example/help".to_owned()),
        },
        social: vec![
            profile("Instagram", "https://instagram.example/northwindtea"),
            profile("Mastodon", "https://mastodon.example/@northwindtea"),
        ],
        ..Brand::default()
    }
}
