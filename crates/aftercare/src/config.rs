//! `aftercare.toml`, each key overridable by an environment variable. Read once, checked as a whole.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use db::DatabaseUrl;
use kernel::net::Networks;
use kernel::shop::Sender;
use kernel::{Brand, Currency, Email, Error, Keys, Locale, Money, Policy, Result, Shop, Zone};
use messaging::sms::price::SegmentPrice;
use messaging::sms::settings::SmsSettings;
use serde::Deserialize;
use settings::Settings;
use web::TrustedProxies;

use crate::dkim::Dkim;
use crate::erasures::{self, ErasureLog};

/// What the file may hold. A key that is not here is a typing error, and said.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct File {
    database_url: Option<String>,
    erasure_log: Option<String>,
    listen: Option<String>,
    public_url: Option<String>,
    secret: Option<String>,
    mail_url: Option<String>,
    mail_from: Option<String>,
    dkim_domain: Option<String>,
    dkim_selector: Option<String>,
    dkim_key: Option<String>,
    dns: Option<String>,
    sms_url: Option<String>,
    sms: SmsFile,
    trusted_proxies: Option<String>,
    egress_allow: Option<String>,
    poll_minutes: Option<u32>,
    timezone: Option<String>,
    locale: Option<String>,
    currency: Option<String>,
    brand: Brand,
    policy: Policy,
    /// The merchant's own words: sentence key to Handlebars text.
    wording: BTreeMap<String, String>,
}

/// What the file may say about texts.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct SmsFile {
    /// What a segment costs, in minor units.
    price_per_segment: Option<u32>,
    /// In which currency; the shop's own when not said.
    price_currency: Option<String>,
}

/// How this process is to run.
#[derive(Clone, Debug)]
pub struct Config {
    /// Where the shop's database is.
    pub database_url: DatabaseUrl,
    /// Where it is written down who was erased, besides the database.
    pub erasure_log: ErasureLog,
    /// Where to listen.
    pub listen: SocketAddr,
    /// How customers reach us, without a slash at the end.
    pub public_url: String,
    /// `AFTERCARE_SECRET`, when it was given.
    pub secret: Option<String>,
    /// Where mail goes.
    pub mail_url: String,
    /// Who signs mail, when somebody does.
    pub dkim: Option<Dkim>,
    /// The DNS servers the doctor asks, when not the machine's own.
    pub dns: Option<String>,
    /// Where texts go; `None` when nobody said.
    pub sms: Option<SmsSettings>,
    /// What a segment of a text costs.
    pub segment_price: SegmentPrice,
    /// Whose forwarded headers count.
    pub trusted_proxies: TrustedProxies,
    /// Addresses that webhooks may go to besides the public internet.
    pub egress_allow: Networks,
    /// How often the platforms' own lists of orders are read.
    pub poll_every: Duration,
    /// The brand kit.
    pub brand: Brand,
    /// What the shop has decided about messages.
    pub policy: Policy,
    /// The merchant's own words.
    pub wording: BTreeMap<String, String>,
    /// Who mail comes from.
    pub mail_from: Sender,
    /// Who mail comes from, as somebody said it; without it the brand's name at the public host.
    pub mail_from_said: Option<String>,
    /// The shop's zone.
    pub zone: Zone,
    /// The shop's language.
    pub locale: Locale,
    /// The shop's currency.
    pub currency: Currency,
}

/// Beside an SQLite database; with PostgreSQL nobody but the operator knows a place that outlives it.
fn erasures_beside(database: &DatabaseUrl) -> Option<PathBuf> {
    match database {
        DatabaseUrl::Sqlite(path) => Some(erasures::path_beside(path)),
        DatabaseUrl::Memory | DatabaseUrl::Postgres { .. } => None,
    }
}

impl Config {
    /// Reads the file at `path` (none when it is not there and was not asked for) and the environment over it.
    pub fn load(path: Option<&Path>, env: &BTreeMap<String, String>) -> Result<Self> {
        let file = match path {
            Some(path) => read_file(path)?,
            None => File::default(),
        };
        Config::from(file, env)
    }

    fn from(file: File, env: &BTreeMap<String, String>) -> Result<Self> {
        file.brand.check().map_err(|e| named("[brand]", &e))?;
        file.policy.check().map_err(|e| named("[policy]", &e))?;
        let pick = |name: &str, from_file: Option<String>| {
            env.get(&format!("AFTERCARE_{name}")).cloned().or(from_file)
        };
        let or = |name: &str, from_file: Option<String>, default: &str| {
            pick(name, from_file).unwrap_or_else(|| default.to_owned())
        };
        let listen = or("LISTEN", file.listen, "127.0.0.1:4080");
        let listen: SocketAddr = listen
            .parse()
            .map_err(|_| setting("AFTERCARE_LISTEN", "is not an address like 127.0.0.1:4080"))?;
        let public_url = or("PUBLIC_URL", file.public_url, &format!("http://{listen}"));
        let public_url = public_url.trim_end_matches('/').to_owned();
        web::Site::parse(&public_url).map_err(|e| named("AFTERCARE_PUBLIC_URL", &e))?;
        let database_url = or("DATABASE_URL", file.database_url, "sqlite:aftercare.db");
        let currency = Currency::parse(&or("CURRENCY", file.currency, "GBP"))
            .map_err(|e| named("AFTERCARE_CURRENCY", &e))?;
        let sms_url = pick("SMS_URL", file.sms_url);
        let mail_from_said = pick("MAIL_FROM", file.mail_from).or_else(|| file.brand.mail_from.clone());
        let mail_from = sender(mail_from_said.as_deref(), &file.brand, &public_url)?;
        let dkim = Dkim::of(
            pick("DKIM_DOMAIN", file.dkim_domain),
            pick("DKIM_SELECTOR", file.dkim_selector),
            pick("DKIM_KEY", file.dkim_key),
            mail_from.address.domain(),
        )?;
        let dns = pick("DNS", file.dns);
        dns.as_deref().map(mailauth::Resolver::parse).transpose().map_err(|e| named("AFTERCARE_DNS", &e))?;
        let database_url =
            DatabaseUrl::parse(&database_url).map_err(|e| named("AFTERCARE_DATABASE_URL", &e))?;
        let erasure_log = pick("ERASURE_LOG", file.erasure_log).map(PathBuf::from);
        Ok(Config {
            erasure_log: ErasureLog(erasure_log.or_else(|| erasures_beside(&database_url))),
            database_url,
            listen,
            mail_from,
            mail_from_said,
            dkim,
            dns,
            public_url,
            secret: pick("SECRET", file.secret),
            mail_url: or("MAIL_URL", file.mail_url, "inbox:"),
            sms: sms_url.as_deref().map(SmsSettings::parse).transpose()?,
            segment_price: segment_price(&file.sms, currency)?,
            trusted_proxies: TrustedProxies::parse(&or("TRUSTED_PROXIES", file.trusted_proxies, ""))
                .map_err(|e| named("AFTERCARE_TRUSTED_PROXIES", &e))?,
            egress_allow: Networks::parse(&or("EGRESS_ALLOW", file.egress_allow, ""))
                .map_err(|e| named("AFTERCARE_EGRESS_ALLOW", &e))?,
            poll_every: poll_every(&or(
                "POLL_MINUTES",
                file.poll_minutes.map(|minutes| minutes.to_string()),
                "15",
            ))?,
            policy: file.policy,
            wording: file.wording,
            brand: file.brand,
            zone: Zone::parse(&or("TIMEZONE", file.timezone, "UTC"))
                .map_err(|e| named("AFTERCARE_TIMEZONE", &e))?,
            locale: Locale::parse(&or("LOCALE", file.locale, "en-GB"))
                .map_err(|e| named("AFTERCARE_LOCALE", &e))?,
            currency,
        })
    }

    /// The shop this configuration describes, with the keys found for it.
    pub fn shop(&self, keys: Keys) -> Shop {
        self.shop_with(keys, &Settings::default())
    }

    /// The same, with what the staff has set in the place of what the file says.
    pub fn shop_with(&self, keys: Keys, set: &Settings) -> Shop {
        let brand = set.brand.clone().unwrap_or_else(|| self.brand.clone());
        // What was said could be read before. The brand only gives it a name.
        let mail_from = sender(self.mail_from_said.as_deref(), &brand, &self.public_url);
        Shop {
            public_url: self.public_url.clone(),
            keys,
            locale: self.locale.clone(),
            zone: self.zone.clone(),
            currency: self.currency,
            policy: set.policy.clone().unwrap_or_else(|| self.policy.clone()),
            mail_from: mail_from.unwrap_or_else(|_| self.mail_from.clone()),
            brand,
        }
    }

    /// Whether anything goes to the built-in inbox, so that there is something to read at `/inbox`.
    pub fn uses_inbox(&self) -> bool {
        self.mails_stay() || self.texts_go_to() == Some(SmsSettings::Inbox)
    }

    /// Whether mail goes to the built-in inbox.
    pub fn mails_stay(&self) -> bool {
        self.mail_url == "inbox:"
    }

    /// Where texts go; `None` when they go nowhere. Once mail really leaves, texts that nobody configured are not
    /// kept in the inbox: they would never arrive, and their readers get mail instead.
    pub fn texts_go_to(&self) -> Option<SmsSettings> {
        match &self.sms {
            Some(settings) => Some(settings.clone()),
            None => self.mails_stay().then_some(SmsSettings::Inbox),
        }
    }
}

fn read_file(path: &Path) -> Result<File> {
    let text = std::fs::read_to_string(path).map_err(|error| {
        Error::invalid("config", format!("Can't read the configuration file {}: {error}", path.display()))
    })?;
    toml::from_str(&text).map_err(|error| {
        Error::invalid("config", format!("The configuration file {} has a mistake:\n{error}", path.display()))
    })
}

fn segment_price(file: &SmsFile, shops: Currency) -> Result<SegmentPrice> {
    let currency = match &file.price_currency {
        Some(code) => Currency::parse(code).map_err(|e| named("[sms] price_currency", &e))?,
        None => shops,
    };
    Ok(SegmentPrice(file.price_per_segment.map(|minor| Money::new(minor.into(), currency))))
}

/// `Name <address>`, or the brand's name at the public host when nobody said.
fn sender(text: Option<&str>, brand: &Brand, public_url: &str) -> Result<Sender> {
    let Some(text) = text else {
        return Ok(Sender { name: brand.name.clone(), address: address_at_host(public_url)? });
    };
    let (name, address) = match text.split_once('<') {
        Some((name, rest)) => (name.trim().trim_matches('"'), rest.trim_end_matches('>')),
        None => ("", text),
    };
    let wrong = |_| setting("AFTERCARE_MAIL_FROM", "is not like: Northwind Tea <orders@northwind.example>");
    let address = Email::parse(address).map_err(wrong)?;
    let name = if name.is_empty() { brand.name.clone() } else { name.to_owned() };
    Ok(Sender { name, address })
}

/// `orders@` the public host; for a machine without a name, a domain that is reserved for having none (RFC 2606).
fn address_at_host(public_url: &str) -> Result<Email> {
    let host = public_url.split("//").nth(1).unwrap_or_default();
    let host = host.split([':', '/']).next().unwrap_or_default();
    let is_name = host.contains('.') && host.parse::<std::net::IpAddr>().is_err();
    Email::parse(&format!("orders@{}", if is_name { host } else { "shop.invalid" }))
}

fn poll_every(minutes: &str) -> Result<Duration> {
    let minutes: Option<u64> = minutes.parse().ok().filter(|minutes| (1..=1_440).contains(minutes));
    let minutes =
        minutes.ok_or_else(|| setting("AFTERCARE_POLL_MINUTES", "is not a number from 1 to 1440"))?;
    Ok(Duration::from_secs(60 * minutes))
}

fn setting(name: &str, what: &str) -> Error {
    Error::invalid("config", format!("{name} {what}."))
}

fn named(name: &str, error: &Error) -> Error {
    Error::invalid("config", format!("{name}: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn env(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
        pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect()
    }

    #[test]
    fn the_defaults_are_the_documented_ones() {
        let config = Config::load(None, &env(&[])).unwrap();
        assert_eq!(config.database_url.to_string(), "sqlite:aftercare.db");
        assert_eq!(config.public_url, "http://127.0.0.1:4080");
        assert!(config.uses_inbox());
        assert_eq!(
            (config.locale.as_str(), config.currency.code(), config.zone.name()),
            ("en-GB", "GBP", "UTC")
        );
    }

    #[test]
    fn the_environment_beats_the_file() {
        let file: File =
            toml::from_str("listen = '127.0.0.1:1'\ncurrency = 'EUR'\n[brand]\nname = 'Tea'").unwrap();
        let config = Config::from(file, &env(&[("AFTERCARE_LISTEN", "127.0.0.1:2")])).unwrap();
        assert_eq!(config.listen.port(), 2);
        assert_eq!(config.currency.code(), "EUR");
        assert_eq!(config.mail_from.name, "Tea");
    }

    #[test]
    fn without_a_sender_mail_comes_from_the_public_host_when_it_has_a_name() {
        let from =
            |url| Config::load(None, &env(&[("AFTERCARE_PUBLIC_URL", url)])).unwrap().mail_from.address;
        assert_eq!(from("https://orders.northwind.example").as_str(), "orders@orders.northwind.example");
        assert_eq!(from("http://127.0.0.1:4080").as_str(), "orders@shop.invalid");
        assert_eq!(from("http://localhost:4080").as_str(), "orders@shop.invalid");
    }

    #[test]
    fn what_the_staff_has_set_beats_the_file_and_names_the_sender_unless_somebody_else_did() {
        let keys = || Keys::parse(&"k".repeat(64)).unwrap();
        let set = Settings {
            brand: Some(Brand { name: "Coffee".into(), ..Brand::default() }),
            ..Settings::default()
        };
        let names = |pairs: &[(&str, &str)]| {
            let file: File = toml::from_str("[brand]\nname = 'Tea'\n[policy]\nholdout_percent = 5").unwrap();
            let shop = Config::from(file, &env(pairs)).unwrap().shop_with(keys(), &set);
            assert_eq!(shop.policy.holdout_percent, 5, "what was not set comes from the file");
            (shop.brand.name, shop.mail_from.name)
        };
        assert_eq!(names(&[]), ("Coffee".into(), "Coffee".into()));
        assert_eq!(
            names(&[("AFTERCARE_MAIL_FROM", "Orders <o@tea.example>")]),
            ("Coffee".into(), "Orders".into())
        );
    }

    #[test]
    fn texts_stay_here_only_while_mails_do() {
        let goes_to = |pairs: &[(&str, &str)]| Config::load(None, &env(pairs)).unwrap().texts_go_to();
        let real_mail = ("AFTERCARE_MAIL_URL", "smtp://127.0.0.1:25");
        assert_eq!(goes_to(&[]), Some(SmsSettings::Inbox));
        assert_eq!(goes_to(&[real_mail]), None, "they would never arrive");
        assert_eq!(goes_to(&[real_mail, ("AFTERCARE_SMS_URL", "inbox:")]), Some(SmsSettings::Inbox));
        let kannel = ("AFTERCARE_SMS_URL", "kannel+http://u:p@127.0.0.1:13013/cgi-bin/sendsms");
        assert!(matches!(goes_to(&[kannel]), Some(SmsSettings::Kannel(_))));
    }

    #[test]
    fn a_segment_costs_what_the_shop_says() {
        let file = |text: &str| Config::from(toml::from_str(text).unwrap(), &env(&[])).unwrap().segment_price;
        assert_eq!(file("[sms]\nprice_per_segment = 4").of(2).unwrap().decimal(), "0.08");
        let euros = file("[sms]\nprice_per_segment = 7\nprice_currency = 'EUR'").of(1).unwrap();
        assert_eq!((euros.minor, euros.currency.code()), (7, "EUR"));
        assert_eq!(file("").of(3), None);
    }

    #[test]
    fn mistakes_are_named() {
        for (name, value) in [
            ("AFTERCARE_LISTEN", "here"),
            ("AFTERCARE_PUBLIC_URL", "ftp://x"),
            ("AFTERCARE_TIMEZONE", "Mars/Olympus"),
            ("AFTERCARE_CURRENCY", "XXX"),
            ("AFTERCARE_POLL_MINUTES", "0"),
            ("AFTERCARE_MAIL_FROM", "nobody"),
            ("AFTERCARE_SMS_URL", "twilio://x"),
            ("AFTERCARE_DKIM_KEY", "key.pem"),
            ("AFTERCARE_DKIM_SELECTOR", "a1"),
            ("AFTERCARE_DKIM_DOMAIN", "shop.example"),
            ("AFTERCARE_DNS", "dns.example"),
        ] {
            let error = Config::load(None, &env(&[(name, value)])).unwrap_err();
            assert!(error.words().contains(name), "{error}");
        }
        assert!(toml::from_str::<File>("lisen = 'x'").is_err());
    }
}
