//! Where the server is and how to connect to it.

use std::time::Duration;

use kernel::{Error, Result};
use tokio_postgres::config::{SslMode, TargetSessionAttrs};
use tokio_postgres::{Config, NoTls};
use tokio_postgres_rustls::MakeRustlsConnect;
use url::Url;

use super::{Link, fault};
use crate::session::{Broken, Fate};

/// The oldest server that is tested.
const OLDEST: u32 = 150_000;
/// A server that does not answer is taken for dead after this long.
const SILENCE: Duration = Duration::from_secs(15);

/// And when it is silent, it is asked for a sign of life this often.
const BETWEEN_SIGNS: Duration = Duration::from_secs(5);

/// A server and a schema.
pub(crate) struct Target {
    config: Config,
    tls: Option<MakeRustlsConnect>,
    schema: String,
    /// Marks our own notifications, which our own waiters have heard of already.
    node: String,
}

impl Target {
    /// Reads the URL; connects to nothing. `node` must differ from handle to handle.
    pub(crate) fn new(server: &str, schema: &str, node: String) -> Result<Self> {
        let (server, ssl_mode) = ssl_mode(server)?;
        let mut config: Config = server.parse().map_err(|_| wrong("The PostgreSQL URL cannot be read."))?;
        config
            .ssl_mode(ssl_mode)
            .application_name("aftercare")
            .keepalives_idle(SILENCE)
            .keepalives_interval(BETWEEN_SIGNS)
            .tcp_user_timeout(SILENCE);
        // One that has become a standby takes no writes, and what it shows is old.
        if config.get_target_session_attrs() == TargetSessionAttrs::Any {
            config.target_session_attrs(TargetSessionAttrs::ReadWrite);
        }
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(Duration::from_secs(5));
        }
        let tls = if ssl_mode == SslMode::Disable {
            None
        } else {
            Some(MakeRustlsConnect::new(tls::client_config()?))
        };
        Ok(Target { config, tls, schema: schema.to_owned(), node })
    }

    /// A connection that is set up for our use. Everything that goes wrong here may be right a moment later.
    pub(crate) fn connect(&self) -> Result<Link, Broken> {
        let connected = match &self.tls {
            None => Link::connect(&self.config, NoTls),
            Some(tls) => Link::connect(&self.config, tls.clone()),
        };
        let connected =
            connected.map_err(|error| Broken::new(Fate::Failed, format!("no runtime: {error}")))?;
        let mut link = connected.map_err(|error| fault::connecting(&error))?;
        check_version(&mut link)?;
        link.batch_execute(&self.set_up()).map_err(|error| fault::connecting(&error))?;
        Ok(link)
    }

    /// The same for the library's own blocking client, which can stream rows and hear notifications.
    pub(crate) fn connect_blocking(&self) -> Result<postgres::Client, Broken> {
        let config = postgres::Config::from(self.config.clone());
        let connected = match &self.tls {
            None => config.connect(NoTls),
            Some(tls) => config.connect(tls.clone()),
        };
        let mut client = connected.map_err(|error| fault::connecting(&error))?;
        client.batch_execute(&self.set_up()).map_err(|error| fault::connecting(&error))?;
        Ok(client)
    }

    fn set_up(&self) -> String {
        // Compiling a plan takes longer than any of our statements may. And what is sent behind a BEGIN that is refused changes
        // nothing: only transactions that say so may write.
        format!(
            "SET search_path TO \"{}\"; SET lock_timeout = '5s'; SET statement_timeout = '15s'; SET jit = off;
             SET idle_in_transaction_session_timeout = '60s'; SET client_min_messages = warning;
             SET default_transaction_read_only = on",
            self.schema
        )
    }

    pub(super) fn schema(&self) -> &str {
        &self.schema
    }

    /// The statement that makes other nodes ring `topic`.
    pub(super) fn notify(&self, topic: &str) -> String {
        format!("NOTIFY \"{}\", '{}/{}';", self.channel(), self.node, topic.replace('\'', "''"))
    }

    /// One channel per schema, so that shops in one database do not wake one another.
    pub(super) fn channel(&self) -> String {
        format!("wake_{}", self.schema)
    }

    /// The topic of another node's notification.
    pub(super) fn topic_of<'p>(&self, payload: &'p str) -> Option<&'p str> {
        payload.split_once('/').filter(|(node, _)| *node != self.node).map(|(_, topic)| topic)
    }
}

fn check_version(link: &mut Link) -> Result<(), Broken> {
    let row = link.query_one("SHOW server_version_num").map_err(|error| fault::connecting(&error))?;
    let version = row.try_get::<_, &str>(0).ok().and_then(|text| text.parse::<u32>().ok());
    match version {
        Some(version) if version >= OLDEST => Ok(()),
        found => Err(Broken::new(
            Fate::Failed,
            format!("PostgreSQL 15 or newer is needed; this one says {found:?}"),
        )),
    }
}

/// Takes `sslmode` out of the URL, because the client library knows fewer words for it than people do.
fn ssl_mode(server: &str) -> Result<(String, SslMode)> {
    let mut url = Url::parse(server).map_err(|_| wrong("The PostgreSQL URL cannot be read."))?;
    let pairs: Vec<(String, String)> = url.query_pairs().into_owned().collect();
    let (own, theirs): (Vec<_>, Vec<_>) = pairs.into_iter().partition(|(key, _)| key == "sslmode");
    url.set_query(None);
    if !theirs.is_empty() {
        url.query_pairs_mut().extend_pairs(theirs);
    }
    let near = url.host_str().is_none_or(|host| {
        host.is_empty()
            || host == "localhost"
            || host.starts_with("127.")
            || host == "[::1]"
            || host.starts_with("%2")
    });
    let mode = match own.last().map(|(_, mode)| mode.as_str()) {
        Some("disable") => SslMode::Disable,
        None | Some("prefer" | "allow") if near => SslMode::Disable,
        None | Some("prefer" | "allow") => SslMode::Prefer,
        Some("require" | "verify-ca" | "verify-full") => SslMode::Require,
        Some(_) => return Err(wrong("sslmode is disable, prefer, require or verify-full.")),
    };
    Ok((url.into(), mode))
}

#[track_caller]
fn wrong(words: &'static str) -> Error {
    Error::invalid("database_url", words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_near_server_is_spoken_to_plainly_and_a_far_one_only_if_it_must_be() {
        let mode = |url: &str| ssl_mode(url).map(|(_, mode)| mode);
        assert_eq!(mode("postgres://localhost/x").unwrap(), SslMode::Disable);
        assert_eq!(mode("postgres://127.0.0.1/x?sslmode=require").unwrap(), SslMode::Require);
        assert_eq!(mode("postgres://db.test/x").unwrap(), SslMode::Prefer);
        assert_eq!(mode("postgres://db.test/x?sslmode=verify-full").unwrap(), SslMode::Require);
        assert_eq!(mode("postgres://db.test/x?sslmode=disable").unwrap(), SslMode::Disable);
        assert!(mode("postgres://db.test/x?sslmode=yes").is_err());
    }

    #[test]
    fn a_node_does_not_hear_itself() {
        let target = Target::new("postgres://localhost/x", "tea", "n1".to_owned()).unwrap();
        assert_eq!(target.notify("jobs"), "NOTIFY \"wake_tea\", 'n1/jobs';");
        assert_eq!((target.topic_of("n1/jobs"), target.topic_of("n2/jobs")), (None, Some("jobs")));
    }
}
