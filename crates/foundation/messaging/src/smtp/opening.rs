//! From nothing to a session that is ready for a message: connect, greeting, `EHLO`, TLS, `AUTH`.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use tls::Tls;
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::reply::Reply;
use super::settings::{Login, Security, SmtpSettings};
use super::verdict::{self, Step};
use super::wire::{Trouble, Wire};
use crate::provider::{Refusal, RefusalClass};

/// What the server says it can do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Abilities {
    /// Commands may be sent together (RFC 2920).
    pub pipelining: bool,
    /// It likes to know the size beforehand (RFC 1870).
    pub size: bool,
    starttls: bool,
    auth_plain: bool,
    auth_login: bool,
}

/// A session on which everything before the first message has been said.
pub(super) struct Line {
    /// The connection.
    pub wire: Wire,
    /// What the server can do.
    pub abilities: Abilities,
    /// Messages offered on it so far.
    pub messages: u32,
    /// Whether the last of them was taken: then both sides agree where they are, and `RSET` would change nothing.
    pub took_the_last: bool,
}

/// Opens a session. Whatever goes wrong here, nothing of a message has been said.
pub(super) async fn open(settings: &SmtpSettings, tls: &Tls) -> Result<Line, Refusal> {
    let limits = &settings.timeouts;
    let (mut wire, own_name) = dial(settings).await.map_err(|trouble| trouble.refusal(Step::Connect))?;
    if settings.security == Security::Tls {
        wire = secured(wire, settings, tls).await?;
    }
    let greeting = wire.reply(limits.greeting).await;
    done(Step::Greeting, greeting)?;
    let mut abilities = hello(&mut wire, settings, &own_name).await?;
    if settings.security == Security::StartTls {
        wire = start_tls(wire, abilities, settings, tls).await?;
        // What was promised before TLS counts for nothing after it (RFC 3207 §4.2).
        abilities = hello(&mut wire, settings, &own_name).await?;
    }
    if let Some(login) = &settings.login {
        authenticate(&mut wire, abilities, settings, login).await?;
    }
    Ok(Line { wire, abilities, messages: 0, took_the_last: false })
}

/// Connects, and finds what we may call ourselves: our address on this connection, as RFC 5321 §4.1.3 writes it.
async fn dial(settings: &SmtpSettings) -> Result<(Wire, String), Trouble> {
    let limit = settings.timeouts.connect;
    let connecting = TcpStream::connect((settings.host.as_str(), settings.port));
    let stream = timeout(limit, connecting).await.map_err(|_| Trouble::Silence(limit))??;
    // Or the last short segment of each message waits for an acknowledgement that is held back.
    stream.set_nodelay(true)?;
    let own = stream.local_addr()?.ip();
    let literal = if own.is_ipv6() { format!("[IPv6:{own}]") } else { format!("[{own}]") };
    Ok((Wire::plain(stream), settings.hello.clone().unwrap_or(literal)))
}

async fn hello(wire: &mut Wire, settings: &SmtpSettings, own_name: &str) -> Result<Abilities, Refusal> {
    let answer = wire.ask(&format!("EHLO {own_name}\r\n"), settings.timeouts.command).await;
    Ok(abilities_of(&done(Step::Hello, answer)?))
}

async fn start_tls(
    mut wire: Wire,
    abilities: Abilities,
    settings: &SmtpSettings,
    tls: &Tls,
) -> Result<Wire, Refusal> {
    if !abilities.starttls {
        return Err(account("The server does not offer STARTTLS, and without it nothing is sent."));
    }
    let answer = wire.ask("STARTTLS\r\n", settings.timeouts.command).await;
    done(Step::Tls, answer)?;
    secured(wire, settings, tls).await
}

async fn secured(wire: Wire, settings: &SmtpSettings, tls: &Tls) -> Result<Wire, Refusal> {
    let connector = tls.connector().map_err(|error| account(error.operator_detail()))?;
    let secured = wire.secured(connector, &settings.host, settings.timeouts.connect).await;
    secured.map_err(|trouble| trouble.refusal(Step::Tls))
}

async fn authenticate(
    wire: &mut Wire,
    abilities: Abilities,
    settings: &SmtpSettings,
    login: &Login,
) -> Result<(), Refusal> {
    if !wire.is_secure() && !settings.is_loopback() {
        return Err(account("There is no TLS, so the password was not sent."));
    }
    let mut turns = match (abilities.auth_plain, abilities.auth_login) {
        (true, _) => {
            vec![format!("AUTH PLAIN {}", STANDARD.encode(format!("\0{}\0{}", login.user, login.password)))]
        }
        (false, true) => {
            vec!["AUTH LOGIN".to_owned(), STANDARD.encode(&login.user), STANDARD.encode(&login.password)]
        }
        (false, false) => return Err(account("The server offers neither AUTH PLAIN nor AUTH LOGIN.")),
    };
    let last = turns.pop().unwrap_or_default();
    for turn in turns {
        let answer = wire.ask(&format!("{turn}\r\n"), settings.timeouts.command).await;
        accepted(Step::Auth, answer, Reply::wants_more)?;
    }
    let answer = wire.ask(&format!("{last}\r\n"), settings.timeouts.command).await;
    done(Step::Auth, answer).map(drop)
}

fn done(step: Step, answer: Result<Reply, Trouble>) -> Result<Reply, Refusal> {
    accepted(step, answer, Reply::is_done)
}

fn accepted(
    step: Step,
    answer: Result<Reply, Trouble>,
    is_yes: fn(&Reply) -> bool,
) -> Result<Reply, Refusal> {
    match answer {
        Ok(reply) if is_yes(&reply) => Ok(reply),
        Ok(reply) => Err(verdict::refusal(step, &reply, None)),
        Err(trouble) => Err(trouble.refusal(step)),
    }
}

fn account(words: &str) -> Refusal {
    Refusal { class: RefusalClass::Account, words: words.to_owned(), retry_after: None }
}

fn abilities_of(reply: &Reply) -> Abilities {
    let mut abilities = Abilities::default();
    for line in reply.lines.iter().skip(1) {
        let line = line.to_ascii_uppercase();
        // `AUTH=PLAIN` is how some servers still say it.
        let mut words = line.split([' ', '=']);
        match words.next() {
            Some("PIPELINING") => abilities.pipelining = true,
            Some("SIZE") => abilities.size = true,
            Some("STARTTLS") => abilities.starttls = true,
            Some("AUTH") => {
                for word in words {
                    abilities.auth_plain |= word == "PLAIN";
                    abilities.auth_login |= word == "LOGIN";
                }
            }
            Some(_) | None => {}
        }
    }
    abilities
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn abilities_are_read_from_the_second_line_on() {
        let said = b"250-PIPELINING at your service\r\n250-size 1000\r\n250-STARTTLS\r\n250-auth=plain\r\n250 8BITMIME\r\n";
        let reply = Reply::take(&mut said.to_vec()).unwrap().unwrap();
        let expected = Abilities { size: true, starttls: true, auth_plain: true, ..Abilities::default() };
        assert_eq!(abilities_of(&reply), expected);
    }
}
