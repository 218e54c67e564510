//! `AFTERCARE_SMS_URL`: where texts go. Parsed once; nothing of it is ever logged but scheme and host.

use std::fmt;
use std::time::Duration;

use kernel::{Error, Phone, Result};
use percent_encoding::percent_decode_str;
use url::Url;

/// How many texts are with the gateway at once when nobody says.
const SESSIONS: usize = 4;
/// The most.
const MOST_SESSIONS: usize = 64;
/// How long the gateway may take to answer when nobody says.
const ANSWER_WITHIN: Duration = Duration::from_secs(30);

/// Where texts go.
#[derive(Clone, PartialEq, Eq)]
pub enum SmsSettings {
    /// The built-in inbox.
    Inbox,
    /// A gateway that speaks as Kannel's smsbox does.
    Kannel(Gateway),
    /// A service that speaks as Twilio does.
    Twilio(Gateway),
}

/// A gateway and how we introduce ourselves.
#[derive(Clone, PartialEq, Eq)]
pub struct Gateway {
    /// Where it is asked to send; without user, password and options.
    pub endpoint: Url,
    /// Kannel's user name, Twilio's account.
    pub user: String,
    /// Kannel's password, Twilio's token.
    pub password: String,
    /// Who texts come from: a number, or a name where the network allows one.
    pub from: Option<String>,
    /// How the gateway reaches us, without a slash at the end; by the public URL when not said.
    pub callback: Option<String>,
    /// Which of Kannel's lines carries them (`smsc`), or which of Twilio's services (`messaging_service`).
    pub line: Option<String>,
    /// What the service signs its webhooks with, when that is not the password.
    pub webhook_key: Option<String>,
    /// How many texts are with it at once.
    pub sessions: usize,
    /// How long it may take to answer.
    pub answer_within: Duration,
}

impl SmsSettings {
    /// Reads the URL.
    pub fn parse(text: &str) -> Result<Self> {
        if text == "inbox:" {
            return Ok(SmsSettings::Inbox);
        }
        let (scheme, rest) = text.split_once("://").ok_or_else(|| wrong(SCHEMES))?;
        match scheme {
            "kannel+http" => kannel("http", rest),
            "kannel+https" => kannel("https", rest),
            "twilio" => twilio(rest),
            _ => Err(wrong(SCHEMES)),
        }
    }

    /// The gateway, unless texts stay here.
    pub fn gateway(&self) -> Option<&Gateway> {
        match self {
            SmsSettings::Inbox => None,
            SmsSettings::Kannel(gateway) | SmsSettings::Twilio(gateway) => Some(gateway),
        }
    }
}

const SCHEMES: &str = "must be inbox:, kannel+http://USER:PASSWORD@HOST:13013/cgi-bin/sendsms?from=NAME or \
                       twilio://SID:TOKEN@api.twilio.com?from=+15550001111";

fn kannel(scheme: &str, rest: &str) -> Result<SmsSettings> {
    let mut options = Options::read(scheme, rest, &["from", "callback", "smsc", "sessions", "timeout"])?;
    let line = options.take("smsc");
    if options.url.path().len() < 2 {
        return Err(wrong("names no path: Kannel's is /cgi-bin/sendsms"));
    }
    options.gateway(line).map(SmsSettings::Kannel)
}

fn twilio(rest: &str) -> Result<SmsSettings> {
    // TLS, but for a counterpart on this machine that the operator asks for by name.
    let plain = rest.split(['?', '&']).any(|option| option == "plain=1");
    let scheme = if plain { "http" } else { "https" };
    let known = ["from", "messaging_service", "webhook_key", "sessions", "timeout", "plain"];
    let mut options = Options::read(scheme, rest, &known)?;
    if plain && !is_this_machine(&options.url) {
        return Err(wrong("has plain=1, which is for a host on this machine only"));
    }
    let line = options.take("messaging_service");
    let gateway = options.gateway(line)?;
    if gateway.from.is_none() && gateway.line.is_none() {
        return Err(wrong("says neither from= nor messaging_service="));
    }
    if gateway.user.is_empty() || !gateway.user.bytes().all(|b| b.is_ascii_alphanumeric()) {
        return Err(wrong("names no account: it begins with AC"));
    }
    Ok(SmsSettings::Twilio(gateway))
}

fn is_this_machine(url: &Url) -> bool {
    match url.host() {
        Some(url::Host::Domain(name)) => name == "localhost",
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

/// The URL taken apart.
struct Options {
    url: Url,
    user: String,
    password: String,
    pairs: Vec<(String, String)>,
}

impl Options {
    fn read(scheme: &str, rest: &str, known: &[&str]) -> Result<Self> {
        let mut url = Url::parse(&format!("{scheme}://{rest}")).map_err(|_| wrong(SCHEMES))?;
        let user = decoded(url.username())?;
        let password = decoded(url.password().unwrap_or_default())?;
        if user.is_empty() || password.is_empty() {
            return Err(wrong("has no user and password: write USER:PASSWORD@ before the host"));
        }
        let pairs = pairs(url.query().unwrap_or_default())?;
        if let Some((name, _)) = pairs.iter().find(|(name, _)| !known.contains(&name.as_str())) {
            return Err(wrong(&format!("has the option {name}=, which is not one of {}", known.join("=, "))));
        }
        url.set_query(None);
        url.set_fragment(None);
        let cleared = url.set_username("").is_ok() && url.set_password(None).is_ok();
        if !cleared {
            return Err(wrong(SCHEMES));
        }
        Ok(Options { url, user, password, pairs })
    }

    fn take(&mut self, name: &str) -> Option<String> {
        let at = self.pairs.iter().position(|(known, _)| known == name)?;
        Some(self.pairs.swap_remove(at).1).filter(|value| !value.is_empty())
    }

    fn gateway(mut self, line: Option<String>) -> Result<Gateway> {
        let from = self.take("from").map(sender).transpose()?;
        let callback = self.take("callback").map(callback).transpose()?;
        let sessions = self.number("sessions", 1, MOST_SESSIONS as u64)?.map_or(SESSIONS, |n| n as usize);
        let answer_within = self.number("timeout", 1, 600)?.map_or(ANSWER_WITHIN, Duration::from_secs);
        let webhook_key = self.take("webhook_key");
        let (endpoint, user, password) = (self.url, self.user, self.password);
        Ok(Gateway { endpoint, user, password, from, callback, line, webhook_key, sessions, answer_within })
    }

    fn number(&mut self, name: &str, least: u64, most: u64) -> Result<Option<u64>> {
        let Some(text) = self.take(name) else { return Ok(None) };
        let number = text.parse().ok().filter(|number| (least..=most).contains(number));
        number
            .map(Some)
            .ok_or_else(|| wrong(&format!("has {name}=, which is a number from {least} to {most}")))
    }
}

/// Percent-encoding alone: a plus is the beginning of a number here, not a space.
fn pairs(query: &str) -> Result<Vec<(String, String)>> {
    let options = query.split('&').filter(|option| !option.is_empty());
    options
        .map(|option| {
            let (name, value) = option.split_once('=').unwrap_or((option, ""));
            Ok((decoded(name)?, decoded(value)?))
        })
        .collect()
}

fn decoded(text: &str) -> Result<String> {
    let text = percent_decode_str(text).decode_utf8().map_err(|_| wrong("is not percent-encoded UTF-8"))?;
    Ok(text.into_owned())
}

/// A number, a short code, or a name of at most eleven letters and digits, as networks take them.
fn sender(from: String) -> Result<String> {
    let is_code = (3..=8).contains(&from.len()) && from.bytes().all(|b| b.is_ascii_digit());
    let is_name = (1..=11).contains(&from.len())
        && from.bytes().all(|b| b.is_ascii_alphanumeric() || b" -_&".contains(&b));
    if is_code || is_name || Phone::parse(&from).is_ok() {
        Ok(from)
    } else {
        Err(wrong(
            "has from=, which is a number with its country code, a short code, or a name of 11 letters",
        ))
    }
}

fn callback(text: String) -> Result<String> {
    let text = text.trim_end_matches('/').to_owned();
    match Url::parse(&text) {
        Ok(url) if matches!(url.scheme(), "http" | "https") && url.query().is_none() => Ok(text),
        _ => Err(wrong("has callback=, which is the http(s):// address that Kannel reaches Aftercare by")),
    }
}

fn wrong(what: &str) -> Error {
    Error::invalid("config", format!("AFTERCARE_SMS_URL {what}."))
}

impl fmt::Display for SmsSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (name, gateway) = match self {
            SmsSettings::Inbox => return f.write_str("the built-in inbox"),
            SmsSettings::Kannel(gateway) => ("Kannel", gateway),
            SmsSettings::Twilio(gateway) => ("Twilio", gateway),
        };
        write!(f, "{name} at {}", gateway.endpoint.host_str().unwrap_or_default())
    }
}

/// Without the password: settings end up in messages about settings.
impl fmt::Debug for SmsSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SmsSettings({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_documented_forms_are_read() {
        let url = "kannel+http://tester:foo%40bar@127.0.0.1:13013/cgi-bin/sendsms?from=Northwind&sessions=8";
        let SmsSettings::Kannel(kannel) = SmsSettings::parse(url).unwrap() else { panic!() };
        assert_eq!(kannel.endpoint.as_str(), "http://127.0.0.1:13013/cgi-bin/sendsms");
        assert_eq!((kannel.user.as_str(), kannel.password.as_str()), ("tester", "foo@bar"));
        assert_eq!((kannel.from.as_deref(), kannel.sessions), (Some("Northwind"), 8));
        let url = "twilio://AC00:to-ken@api.twilio.com?from=+15550001111";
        let SmsSettings::Twilio(twilio) = SmsSettings::parse(url).unwrap() else { panic!() };
        assert_eq!(twilio.endpoint.as_str(), "https://api.twilio.com/");
        assert_eq!(twilio.from.as_deref(), Some("+15550001111"));
        assert_eq!(SmsSettings::parse("inbox:").unwrap(), SmsSettings::Inbox);
    }

    #[test]
    fn plain_twilio_is_for_this_machine_only() {
        let local = SmsSettings::parse("twilio://AC00:t@127.0.0.1:9?from=+15550001111&plain=1").unwrap();
        assert_eq!(local.gateway().unwrap().endpoint.scheme(), "http");
        assert!(SmsSettings::parse("twilio://AC00:t@sms.example?from=+15550001111&plain=1").is_err());
    }

    #[test]
    fn mistakes_are_named_and_no_password_is_shown() {
        for (url, word) in [
            ("smpp://x", "inbox:"),
            ("kannel+http://127.0.0.1:13013/cgi-bin/sendsms", "USER:PASSWORD"),
            ("kannel+http://u:hush@127.0.0.1:13013", "path"),
            ("kannel+http://u:hush@h/cgi-bin/sendsms?form=x", "form="),
            ("kannel+http://u:hush@h/cgi-bin/sendsms?from=far%20too%20long%20a%20name", "from="),
            ("kannel+http://u:hush@h/cgi-bin/sendsms?sessions=0", "sessions="),
            ("twilio://AC00:hush@api.twilio.com", "from="),
        ] {
            let error = SmsSettings::parse(url).unwrap_err().to_string();
            assert!(error.contains(word) && !error.contains("hush"), "{url}: {error}");
        }
        let shown = format!("{:?}", SmsSettings::parse("kannel+http://u:hush@h/cgi-bin/sendsms").unwrap());
        assert!(!shown.contains("hush"), "{shown}");
    }
}
