//! `AFTERCARE_MAIL_URL`.

use std::fmt;
use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;

use kernel::{Error, Result};
use percent_encoding::percent_decode_str;
use url::Url;

/// How the way to the server is protected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Security {
    /// `smtp+starttls://`: plain at first, TLS before anything is said. Never goes on without it.
    StartTls,
    /// `smtps://`: TLS from the first byte.
    Tls,
    /// `smtp://`: none. For this machine, or where the operator says so.
    Plain,
}

/// A user and a password.
#[derive(Clone, PartialEq, Eq)]
pub struct Login {
    /// The user.
    pub user: String,
    /// The password.
    pub password: String,
}

impl fmt::Debug for Login {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Login").field("user", &self.user).finish_non_exhaustive()
    }
}

/// How long each step may take. The defaults are those of RFC 5321 §4.5.3.2.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timeouts {
    /// Reaching the server, and the TLS handshake: `connect_timeout`.
    pub connect: Duration,
    /// Its first words: `greeting_timeout`.
    pub greeting: Duration,
    /// `EHLO`, `AUTH`, `MAIL`, `RCPT`: `command_timeout`.
    pub command: Duration,
    /// `DATA`: `data_timeout`.
    pub data: Duration,
    /// Each piece of the message: `chunk_timeout`.
    pub chunk: Duration,
    /// The answer to the final dot: `dot_timeout`. The longest, because giving up too early makes duplicates.
    pub dot: Duration,
    /// The check of a pooled session: `reuse_timeout`. Short, because a new session is always possible.
    pub reuse: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Timeouts {
            connect: Duration::from_secs(30),
            greeting: Duration::from_secs(30),
            command: Duration::from_secs(300),
            data: Duration::from_secs(120),
            chunk: Duration::from_secs(180),
            dot: Duration::from_secs(600),
            reuse: Duration::from_secs(10),
        }
    }
}

/// Everything there is to know about the mail server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SmtpSettings {
    /// Name or address, without brackets.
    pub host: String,
    /// TCP port.
    pub port: u16,
    /// How the way is protected.
    pub security: Security,
    /// Who we are to it, if it asks.
    pub login: Option<Login>,
    /// What we call ourselves in `EHLO` (`hello`); our address on the connection when nothing is set.
    pub hello: Option<String>,
    /// How long each step may take.
    pub timeouts: Timeouts,
    /// Sessions at once: `sessions`.
    pub sessions: usize,
    /// Messages after which a session is closed: `messages`. Many servers refuse more than a hundred.
    pub messages_per_session: u32,
    /// A file with further certificate authorities, in PEM: `ca`.
    pub ca: Option<PathBuf>,
}

impl SmtpSettings {
    /// Reads `smtp+starttls://user:password@host:587?sessions=4` and its like; see the module's options.
    pub fn parse(url: &str) -> Result<Self> {
        let url = Url::parse(url)
            .map_err(|_| bad("Write it like smtp+starttls://user:password@mail.example.com:587."))?;
        let (security, port) = security_of(url.scheme())?;
        let mut settings = SmtpSettings {
            host: host_of(&url)?,
            port: url.port().unwrap_or(port),
            security,
            login: login_of(&url)?,
            hello: None,
            timeouts: Timeouts::default(),
            sessions: 4,
            messages_per_session: 100,
            ca: None,
        };
        let mut plain_allowed = false;
        for (name, value) in url.query_pairs() {
            match name.as_ref() {
                "plain" => plain_allowed = value == "1",
                name => settings.set(name, &value)?,
            }
        }
        settings.refuse_open_ways(plain_allowed)?;
        Ok(settings)
    }

    fn set(&mut self, name: &str, value: &str) -> Result<()> {
        match name {
            "connect_timeout" => self.timeouts.connect = seconds(name, value)?,
            "greeting_timeout" => self.timeouts.greeting = seconds(name, value)?,
            "command_timeout" => self.timeouts.command = seconds(name, value)?,
            "data_timeout" => self.timeouts.data = seconds(name, value)?,
            "chunk_timeout" => self.timeouts.chunk = seconds(name, value)?,
            "dot_timeout" => self.timeouts.dot = seconds(name, value)?,
            "reuse_timeout" => self.timeouts.reuse = seconds(name, value)?,
            "sessions" => self.sessions = number(name, value, 100)? as usize,
            "messages" => self.messages_per_session = number(name, value, 100_000)?,
            "hello" => self.hello = Some(hello_name(value)?),
            "ca" => self.ca = Some(PathBuf::from(value)),
            _ => return Err(bad(format!("There is no option \"{name}\"."))),
        }
        Ok(())
    }

    /// Customers' addresses and order details must not cross a network in the clear by mistake, nor a password at all.
    fn refuse_open_ways(&self, plain_allowed: bool) -> Result<()> {
        if self.security != Security::Plain || self.is_loopback() {
            return Ok(());
        }
        if self.login.is_some() {
            return Err(bad(
                "A password never leaves this machine without TLS: use smtp+starttls:// or smtps://.",
            ));
        }
        if plain_allowed {
            return Ok(());
        }
        Err(bad(
            "smtp:// to another machine sends mail in the clear: use smtp+starttls://, or add ?plain=1 if you mean it.",
        ))
    }

    /// Whether the server is this machine.
    pub fn is_loopback(&self) -> bool {
        let address = self.host.parse::<IpAddr>();
        self.host == "localhost" || address.is_ok_and(|address| address.is_loopback())
    }
}

impl fmt::Display for SmtpSettings {
    /// Without user and password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = match self.security {
            Security::StartTls => "smtp+starttls",
            Security::Tls => "smtps",
            Security::Plain => "smtp",
        };
        let (open, close) = if self.host.contains(':') { ("[", "]") } else { ("", "") };
        write!(f, "{scheme}://{open}{}{close}:{}", self.host, self.port)
    }
}

fn security_of(scheme: &str) -> Result<(Security, u16)> {
    match scheme {
        "smtp+starttls" => Ok((Security::StartTls, 587)),
        "smtps" => Ok((Security::Tls, 465)),
        "smtp" => Ok((Security::Plain, 25)),
        _ => Err(bad("It begins with smtp+starttls://, smtps:// or smtp://.")),
    }
}

fn host_of(url: &Url) -> Result<String> {
    let nothing_else = matches!(url.path(), "" | "/") && url.fragment().is_none();
    if !nothing_else {
        return Err(bad(
            "After host and port only ?options may follow; write / as %2F and # as %23 in a password.",
        ));
    }
    let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']).to_ascii_lowercase();
    let clean = host.bytes().all(|b| b.is_ascii_alphanumeric() || b".-_:".contains(&b));
    if host.is_empty() || !clean { Err(bad("The host is missing or is not a host name.")) } else { Ok(host) }
}

fn login_of(url: &Url) -> Result<Option<Login>> {
    let decoded = |part: &str| percent_decode_str(part).decode_utf8().map(|part| part.into_owned());
    match (url.username(), url.password()) {
        ("", None) => Ok(None),
        (user, Some(password)) if !user.is_empty() => {
            let read = decoded(user).and_then(|user| Ok((user, decoded(password)?)));
            let (user, password) = read.map_err(|_| bad("User and password are UTF-8, percent-encoded."))?;
            // AUTH PLAIN separates its fields with NUL, and no control character is part of an honest password.
            if user.chars().chain(password.chars()).any(char::is_control) {
                return Err(bad("User and password hold no control characters."));
            }
            Ok(Some(Login { user, password }))
        }
        _ => Err(bad("Give both user and password, or neither.")),
    }
}

fn hello_name(value: &str) -> Result<String> {
    let clean = value.bytes().all(|b| b.is_ascii_alphanumeric() || b".-:[]".contains(&b));
    if value.is_empty() || !clean { Err(bad("hello is a host name.")) } else { Ok(value.to_owned()) }
}

fn seconds(name: &str, value: &str) -> Result<Duration> {
    Ok(Duration::from_secs(u64::from(number(name, value, 3_600)?)))
}

fn number(name: &str, value: &str, most: u32) -> Result<u32> {
    let number = value.parse().ok().filter(|number| (1..=most).contains(number));
    number.ok_or_else(|| bad(format!("{name} is a whole number from 1 to {most}.")))
}

#[track_caller]
fn bad(words: impl fmt::Display) -> Error {
    Error::invalid("bad_mail_url", format!("AFTERCARE_MAIL_URL is not right. {words}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_url_is_read() {
        let url = "smtp+starttls://ann%40x.test:p%3Aw%2F%23%20@mail.example.com?sessions=8&dot_timeout=60&messages=20&ca=/etc/ca.pem&hello=shop.test";
        let settings = SmtpSettings::parse(url).unwrap();
        let login = settings.login.clone().unwrap();
        assert_eq!((login.user.as_str(), login.password.as_str()), ("ann@x.test", "p:w/# "));
        assert_eq!((settings.host.as_str(), settings.port, settings.sessions), ("mail.example.com", 587, 8));
        assert_eq!(
            (settings.timeouts.dot, settings.timeouts.connect),
            (Duration::from_secs(60), Duration::from_secs(30))
        );
        assert_eq!((settings.messages_per_session, settings.ca), (20, Some(PathBuf::from("/etc/ca.pem"))));
    }

    #[test]
    fn schemes_have_their_ports() {
        for (url, port) in [
            ("smtps://mail.example.com", 465),
            ("smtp://localhost", 25),
            ("smtp://[::1]:2525", 2525),
            ("smtp://127.0.0.2:26/", 26),
        ] {
            assert_eq!(SmtpSettings::parse(url).unwrap().port, port, "{url}");
        }
    }

    #[test]
    fn nothing_is_shown_that_is_secret() {
        let settings = SmtpSettings::parse("smtps://ann:hunter2@mail.example.com").unwrap();
        assert_eq!(settings.to_string(), "smtps://mail.example.com:465");
        assert!(!format!("{settings:?}").contains("hunter2"));
        assert_eq!(SmtpSettings::parse("smtp://[::1]").unwrap().to_string(), "smtp://[::1]:25");
    }

    #[test]
    fn plain_ways_out_of_the_machine_are_refused() {
        assert!(SmtpSettings::parse("smtp://mail.example.com").is_err());
        assert!(SmtpSettings::parse("smtp://mail.example.com?plain=1").is_ok());
        assert!(SmtpSettings::parse("smtp://a:b@mail.example.com?plain=1").is_err());
        assert!(SmtpSettings::parse("smtp://a:b@127.0.0.1").is_ok());
        assert!(SmtpSettings::parse("smtp://localhost.example.com").is_err());
    }

    #[test]
    fn mistakes_are_named_and_never_repeat_the_password() {
        for url in [
            "",
            "mail.example.com",
            "http://a:hunter2@x.test",
            "smtps://a:hunter2@",
            "smtps://a@x.test",
            "smtps://:hunter2@x.test",
            "smtps://a:hunter2@x.test/path",
            "smtps://a:hunter2@x.test#f",
            "smtps://a:hunter2@x.test?timeout=3",
            "smtps://a:hunter2@x.test?sessions=0",
            "smtps://a:hunter2@x.test?dot_timeout=1.5",
            "smtps://a:hunter2@x.test?hello=a%20b",
            "smtps://a:hunter2%00@x.test",
            "smtps://a:%FF@x.test",
            "smtps://a:hunter2@x%20y.test",
            "smtps://a:hunter2@x.test:99999",
        ] {
            let error = SmtpSettings::parse(url).expect_err(url);
            assert!(!format!("{error:?}").contains("hunter2"), "{url}");
        }
    }
}
