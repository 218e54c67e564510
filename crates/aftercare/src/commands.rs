//! The short commands: each opens the shop, does one thing, and ends.

use std::collections::BTreeMap;
use std::future::Future;
use std::path::Path;
use std::process::ExitCode;

use kernel::{Error, Result};
use messaging::sms::settings::SmsSettings;
use messaging::sms::signed::incoming_url;
use serde_json::json;

use crate::cli::{ConfigArgs, ConnectArgs};
use crate::house::{House, Setting};
use crate::{Config, log};

/// The file that is read when none is named.
const DEFAULT_FILE: &str = "aftercare.toml";
/// How many parked jobs one write takes.
const JOBS_AT_ONCE: u32 = 1_000;

/// Reads the configuration a command was given.
pub fn config(args: &ConfigArgs, env: &BTreeMap<String, String>) -> Result<Config> {
    let default = Path::new(DEFAULT_FILE);
    let path = args.config.as_deref().or_else(|| default.exists().then_some(default));
    Config::load(path, env)
}

/// Runs a future to its end on a runtime of its own.
pub fn block_on<T>(work: impl Future<Output = Result<T>>) -> Result<T> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| Error::internal(format!("no runtime: {error}")))?;
    runtime.block_on(work)
}

/// `aftercare migrate`.
pub fn migrate(args: &ConfigArgs, env: &BTreeMap<String, String>) -> Result<ExitCode> {
    log::init();
    let house = House::open(config(args, env)?, Setting::server())?;
    let applied = house.migrate()?;
    if applied.ran.is_empty() {
        eprintln!("The database is at version {} already.", applied.version);
    } else {
        eprintln!(
            "Applied {} migrations; the database is at version {}.",
            applied.ran.len(),
            applied.version
        );
    }
    Ok(ExitCode::SUCCESS)
}

/// `aftercare connect`.
pub fn connect(args: &ConnectArgs, env: &BTreeMap<String, String>) -> Result<ExitCode> {
    log::init();
    let platform = platforms::Platform::parse(&args.platform)?;
    let house = opened(&args.config, env)?;
    let new = platforms::NewConnection {
        platform,
        name: args.name.clone(),
        secret: args.secret.clone(),
        api_url: args.api_url.clone(),
        api_key: args.api_key.clone(),
    };
    let connection = block_on(house.db.write("connect", move |w| platforms::connect(w, &new)))?;
    let webhook_url = format!("{}{}", house.config.public_url, connection.webhook_path);
    println!(
        "{}",
        json!({ "id": connection.id.as_str(), "webhook_url": webhook_url, "secret": connection.secret })
    );
    Ok(ExitCode::SUCCESS)
}

/// `aftercare connections`.
pub fn connections(args: &ConfigArgs, env: &BTreeMap<String, String>) -> Result<ExitCode> {
    log::init();
    let house = House::open(config(args, env)?, Setting::server())?;
    let found = block_on(house.db.read("connections", platforms::health))?;
    for connection in &found {
        println!("{}", told(connection));
    }
    let all_well = found.iter().all(platforms::ConnectionHealth::is_well);
    Ok(if all_well { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn told(connection: &platforms::ConnectionHealth) -> serde_json::Value {
    let at = |at: Option<kernel::Timestamp>| at.map(|at| at.to_string());
    let (last_error, last_error_at) = connection.last_error.clone().unzip();
    json!({
        "id": connection.id.as_str(), "platform": connection.platform.as_str(), "name": connection.name,
        "well": connection.is_well(), "health": connection.health.as_str(),
        "webhook": connection.subscription.as_str(), "polled": connection.is_polled,
        "polled_at": at(connection.polled_at), "webhook_at": at(connection.webhook_at),
        "last_error": last_error, "last_error_at": at(last_error_at),
    })
}

/// `aftercare keys create`.
pub fn create_key(
    name: &str,
    scopes: &[String],
    args: &ConfigArgs,
    env: &BTreeMap<String, String>,
) -> Result<ExitCode> {
    log::init();
    let scopes = scopes.iter().map(|word| api::Scope::parse(word)).collect::<Result<Vec<_>>>()?;
    let house = opened(args, env)?;
    let name = name.to_owned();
    let key = block_on(house.db.write("keys.create", move |w| api::create_key(w, &name, &scopes)))?;
    println!("{key}");
    Ok(ExitCode::SUCCESS)
}

/// `aftercare jobs retry`.
pub fn retry_jobs(kind: Option<&str>, args: &ConfigArgs, env: &BTreeMap<String, String>) -> Result<ExitCode> {
    log::init();
    let house = opened(args, env)?;
    println!("{}", block_on(retry_all(&house, kind))?);
    eprintln!("That many parked jobs are due again.");
    Ok(ExitCode::SUCCESS)
}

async fn retry_all(house: &House, kind: Option<&str>) -> Result<u64> {
    let mut due_again = 0;
    loop {
        let kind = kind.map(str::to_owned);
        let retry = move |w: &mut db::Write<'_>| jobs::retry_parked(w, kind.as_deref(), JOBS_AT_ONCE.into());
        let revived = house.db.write("jobs.retry", retry).await?;
        due_again += revived;
        if revived < u64::from(JOBS_AT_ONCE) {
            return Ok(due_again);
        }
    }
}

/// `aftercare sms`.
pub fn sms(args: &ConfigArgs, env: &BTreeMap<String, String>) -> Result<ExitCode> {
    log::init();
    let house = House::open(config(args, env)?, Setting::server())?;
    let settings = house.config.texts_go_to();
    let provider = match &settings {
        None => "none",
        Some(SmsSettings::Inbox) => "inbox",
        Some(SmsSettings::Kannel(_)) => "kannel",
        Some(SmsSettings::Twilio(_)) => "twilio",
    };
    let shop = house.shop()?;
    let incoming = settings.and_then(|settings| incoming_url(&settings, &shop));
    println!("{}", json!({ "provider": provider, "incoming_url": incoming }));
    Ok(ExitCode::SUCCESS)
}

/// `aftercare openapi`.
pub fn openapi() -> Result<ExitCode> {
    println!("{}", serde_json::to_string_pretty(&api::openapi())?);
    Ok(ExitCode::SUCCESS)
}

/// A shop whose database is at this version.
pub fn opened(args: &ConfigArgs, env: &BTreeMap<String, String>) -> Result<House> {
    let house = House::open(config(args, env)?, Setting::server())?;
    house.migrate()?;
    Ok(house)
}
