//! The command line: what can be asked of the program.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand, ValueEnum};
use kernel::{Result, Timestamp};

use crate::{backup, commands, simulate};

/// Everything a shop says to and does for a customer after the purchase.
#[derive(Debug, Parser)]
#[command(name = "aftercare", version, about, arg_required_else_help = true)]
#[command(
    after_help = "Examples:\n  aftercare demo                  a living shop to look at\n  aftercare serve                 this shop, on SQLite beside you"
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Makes a small living shop and serves it.
    Demo(DemoArgs),
    /// Serves this shop.
    Serve(ServeArgs),
    /// Brings the database to this version, and creates the schema named in its URL when missing.
    Migrate(ConfigArgs),
    /// Checks everything this shop needs to run, with the fix beside each.
    Doctor(DoctorArgs),
    /// Writes everything into one file, beside a running server.
    Backup(BackupArgs),
    /// Loads a backup into an empty database, of either engine.
    Restore(RestoreArgs),
    /// Lets go what a restore holds.
    Messages(MessagesArgs),
    /// Connects a shop platform or a tracking service and prints where its webhooks go.
    Connect(ConnectArgs),
    /// Says how each connection is: one line of JSON for each.
    Connections(ConfigArgs),
    /// Takes past orders, consents or products in from a CSV file. Sends nothing.
    Import(ImportArgs),
    /// Manages API keys.
    Keys(KeysArgs),
    /// Lets people into the staff's pages.
    Staff(StaffArgs),
    /// Makes keys that sign mail, and says which DNS record belongs to them.
    Dkim(DkimArgs),
    /// Looks after work that waits for a person.
    Jobs(JobsArgs),
    /// Prints where texts go, and the address that brings what people text back.
    Sms(ConfigArgs),
    /// Lives through the simulated shop's life, seed by seed, with everything in it that goes wrong.
    Simulate(SimulateArgs),
    /// Prints the OpenAPI 3.1 document.
    Openapi,
}

/// `aftercare simulate`.
#[derive(Clone, Debug, Args)]
pub struct SimulateArgs {
    /// The first and the last seed, `1..1000`; the same seed gives the same life.
    #[arg(long, value_name = "A..B", default_value = "1..100", value_parser = seeds)]
    pub seeds: (u64, u64),
    /// How many days each life lasts.
    #[arg(long, default_value_t = 30, value_parser = clap::value_parser!(u32).range(1..=3_650))]
    pub days: u32,
    /// Also says what happened at each edge: how often it was passed, and how often something went wrong there.
    #[arg(long)]
    pub edges: bool,
}

fn seeds(text: &str) -> Result<(u64, u64), String> {
    let numbers =
        text.split_once("..").map(|(a, b)| (a.parse::<u64>(), b.trim_start_matches('=').parse::<u64>()));
    match numbers {
        Some((Ok(first), Ok(last))) if first <= last => Ok((first, last)),
        _ => Err("write the first and the last seed as 1..1000".to_owned()),
    }
}

/// Where the configuration is.
#[derive(Clone, Debug, Args)]
pub struct ConfigArgs {
    /// The configuration file; `aftercare.toml` here when there is one.
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
}

/// `aftercare demo`.
#[derive(Clone, Debug, Args)]
pub struct DemoArgs {
    /// Where to listen.
    #[arg(long, default_value = "127.0.0.1:4080")]
    pub listen: SocketAddr,
    /// A folder to keep the demo in; without one it is gone when you stop it.
    #[arg(long, value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// The same seed makes the same shop.
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// How many customers.
    #[arg(long, default_value_t = 400, value_parser = clap::value_parser!(u32).range(1..=20_000))]
    pub customers: u32,
    /// How many months of orders.
    #[arg(long, default_value_t = 18, value_parser = clap::value_parser!(u32).range(1..=120))]
    pub months: u32,
}

/// `aftercare serve`.
#[derive(Clone, Debug, Args)]
pub struct ServeArgs {
    /// Where the configuration is.
    #[command(flatten)]
    pub config: ConfigArgs,
    /// What this process does.
    #[arg(long, value_enum, default_value_t = Role::All)]
    pub role: Role,
}

/// What a process does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Role {
    /// Pages, API and work.
    All,
    /// Pages and API only; PostgreSQL, with a worker elsewhere.
    Web,
    /// Work only.
    Worker,
}

/// `aftercare doctor`.
#[derive(Clone, Debug, Args)]
pub struct DoctorArgs {
    /// Where the configuration is.
    #[command(flatten)]
    pub config: ConfigArgs,
    /// Prints the findings as JSON.
    #[arg(long)]
    pub json: bool,
}

/// `aftercare backup`.
#[derive(Clone, Debug, Args)]
pub struct BackupArgs {
    /// The file to write; one that is there already is never touched.
    pub file: PathBuf,
    /// Where the configuration is.
    #[command(flatten)]
    pub config: ConfigArgs,
}

/// `aftercare restore`.
#[derive(Clone, Debug, Args)]
pub struct RestoreArgs {
    /// A file that `aftercare backup` has written.
    pub file: PathBuf,
    /// Where the configuration is.
    #[command(flatten)]
    pub config: ConfigArgs,
}

/// `aftercare messages`.
#[derive(Clone, Debug, Args)]
pub struct MessagesArgs {
    #[command(subcommand)]
    pub(crate) command: MessagesCommand,
}

#[derive(Clone, Debug, Subcommand)]
pub(crate) enum MessagesCommand {
    /// Lets go the messages that a restore holds and that were due before a time, and prints how many.
    Release(ReleaseArgs),
}

/// `aftercare messages release`.
#[derive(Clone, Debug, Args)]
pub struct ReleaseArgs {
    /// What was due before this, for example 2026-11-20T10:00:00Z; the moment of the restore lets everything go.
    #[arg(long, value_name = "TIME", value_parser = Timestamp::parse)]
    pub due_before: Timestamp,
    /// Where the configuration is.
    #[command(flatten)]
    pub config: ConfigArgs,
}

/// `aftercare connect`.
#[derive(Clone, Debug, Args)]
pub struct ConnectArgs {
    /// The platform: shopify, woocommerce, vendure or generic; or who follows parcels: aftership, easypost or shippo.
    pub platform: String,
    /// What you call it.
    #[arg(long)]
    pub name: String,
    /// What the platform signs with; made when you give none.
    #[arg(long)]
    pub secret: Option<String>,
    /// The platform's API, for reconciliation.
    #[arg(long, value_name = "URL")]
    pub api_url: Option<String>,
    /// The key to that API.
    #[arg(long, value_name = "KEY")]
    pub api_key: Option<String>,
    /// Where the configuration is.
    #[command(flatten)]
    pub config: ConfigArgs,
}

/// `aftercare import`.
#[derive(Clone, Debug, Args)]
pub struct ImportArgs {
    /// What the file holds.
    #[arg(value_enum)]
    pub kind: ImportKind,
    /// The CSV file, in UTF-8.
    pub file: PathBuf,
    /// The connected shop that what stands in the file belongs to, by its name.
    #[arg(long, value_name = "NAME", conflicts_with = "source")]
    pub connection: Option<String>,
    /// Who says what stands in the file: the `source` of the API. `import` when you name none.
    #[arg(long, value_name = "NAME")]
    pub source: Option<String>,
    /// Where what could not be taken is written down; FILE.errors.csv when you name none.
    #[arg(long, value_name = "FILE")]
    pub errors: Option<PathBuf>,
    /// Repeats each faulty row in the error file, which then holds personal data.
    #[arg(long)]
    pub with_rows: bool,
    /// Where the configuration is.
    #[command(flatten)]
    pub config: ConfigArgs,
}

/// What a CSV file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ImportKind {
    /// Past orders, in our columns or as Shopify exports them.
    Orders,
    /// Parcels: which order they belong to, who carries them and under which number.
    Shipments,
    /// Answers to questions for consent.
    Consents,
    /// Addresses that may not be written to.
    Suppressions,
    /// Products and their variants.
    Products,
}

/// `aftercare keys`.
#[derive(Clone, Debug, Args)]
pub struct KeysArgs {
    #[command(subcommand)]
    pub(crate) command: KeysCommand,
}

#[derive(Clone, Debug, Subcommand)]
pub(crate) enum KeysCommand {
    /// Makes a key and prints it, alone and once.
    Create {
        /// What the key is for.
        #[arg(long)]
        name: String,
        /// What it may do: orders:read, orders:write, customers:read, customers:write, messages:read, webhooks:manage.
        #[arg(long = "scope", required = true, num_args = 1..)]
        scopes: Vec<String>,
        /// Where the configuration is.
        #[command(flatten)]
        config: ConfigArgs,
    },
}

/// `aftercare staff`.
#[derive(Clone, Debug, Args)]
pub struct StaffArgs {
    #[command(subcommand)]
    pub(crate) command: StaffCommand,
}

#[derive(Clone, Debug, Subcommand)]
pub(crate) enum StaffCommand {
    /// Prints a link by which somebody gets in, once: for the first time, or again with a new password.
    Add {
        /// Their e-mail address.
        email: String,
        /// What they may do: owner, manager or agent.
        #[arg(long)]
        role: String,
        /// Where the configuration is.
        #[command(flatten)]
        config: ConfigArgs,
    },
}

/// `aftercare dkim`.
#[derive(Clone, Debug, Args)]
pub struct DkimArgs {
    #[command(subcommand)]
    pub(crate) command: DkimCommand,
}

#[derive(Clone, Debug, Subcommand)]
pub(crate) enum DkimCommand {
    /// Makes a key and prints the DNS record to publish.
    Create {
        /// The domain that signs, as in your From address.
        #[arg(long)]
        domain: String,
        /// What the key is called in the DNS; a new key gets a new one.
        #[arg(long)]
        selector: String,
        /// rsa is understood by everybody, ed25519 not yet; sign with both if you like.
        #[arg(long, value_enum, default_value_t = DkimAlgorithm::Rsa)]
        algorithm: DkimAlgorithm,
        /// The key file to write. One that is there is not touched.
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
    },
    /// Prints the DNS record of a key, or of each key in the configuration.
    Record {
        /// The domain that signs.
        #[arg(long, requires_all = ["selector", "key"])]
        domain: Option<String>,
        /// What the key is called in the DNS.
        #[arg(long, requires_all = ["domain", "key"])]
        selector: Option<String>,
        /// The key file.
        #[arg(long, value_name = "FILE", requires_all = ["domain", "selector"])]
        key: Option<PathBuf>,
        /// Where the configuration is.
        #[command(flatten)]
        config: ConfigArgs,
    },
}

/// How a key signs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum DkimAlgorithm {
    /// RSA with 2048 bits.
    Rsa,
    /// Ed25519.
    Ed25519,
}

/// `aftercare jobs`.
#[derive(Clone, Debug, Args)]
pub struct JobsArgs {
    #[command(subcommand)]
    pub(crate) command: JobsCommand,
}

#[derive(Clone, Debug, Subcommand)]
pub(crate) enum JobsCommand {
    /// Makes parked work due again, with all its tries, and prints how much it was.
    Retry {
        /// Only work of this kind.
        #[arg(long)]
        kind: Option<String>,
        /// Where the configuration is.
        #[command(flatten)]
        config: ConfigArgs,
    },
}

/// Runs the program: data to stdout, words to stderr; 0 done, 1 failed, 2 the call's words are off.
pub fn run() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            let _ = error.print();
            return if error.use_stderr() { ExitCode::from(2) } else { ExitCode::SUCCESS };
        }
    };
    let env: BTreeMap<String, String> =
        std::env::vars().filter(|(name, _)| name.starts_with("AFTERCARE_")).collect();
    match dispatch(cli.command, &env) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("aftercare: {error}");
            ExitCode::FAILURE
        }
    }
}

fn dispatch(command: Command, env: &BTreeMap<String, String>) -> Result<ExitCode> {
    match command {
        Command::Demo(args) => crate::demo::run(&args, env),
        Command::Serve(args) => crate::serve::run(&args, env),
        Command::Migrate(args) => commands::migrate(&args, env),
        Command::Doctor(args) => crate::doctor::run(&args, env),
        Command::Backup(args) => backup::back_up(&args, env),
        Command::Restore(args) => backup::restore(&args, env),
        Command::Messages(MessagesArgs { command: MessagesCommand::Release(args) }) => {
            backup::release(&args, env)
        }
        Command::Connect(args) => commands::connect(&args, env),
        Command::Connections(args) => commands::connections(&args, env),
        Command::Import(args) => crate::import::run(&args, env),
        Command::Keys(KeysArgs { command: KeysCommand::Create { name, scopes, config } }) => {
            commands::create_key(&name, &scopes, &config, env)
        }
        Command::Staff(StaffArgs { command: StaffCommand::Add { email, role, config } }) => {
            crate::team::add(&email, &role, &config, env)
        }
        Command::Dkim(DkimArgs { command }) => crate::dkim::run(&command, env),
        Command::Jobs(JobsArgs { command: JobsCommand::Retry { kind, config } }) => {
            commands::retry_jobs(kind.as_deref(), &config, env)
        }
        Command::Sms(args) => commands::sms(&args, env),
        Command::Simulate(args) => simulate::run(&args),
        Command::Openapi => commands::openapi(),
    }
}
