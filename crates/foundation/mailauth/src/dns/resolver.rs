//! The servers this machine asks, and how long they may take.

use std::io::{self, Read as _, Write as _};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream, UdpSocket};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use kernel::{Dice, Error, Result};

use super::packet::{self, Read};
use super::{Answer, Failure, Kind};

/// How long one server has for one answer.
const PATIENCE: Duration = Duration::from_secs(2);
/// How often a question is put, to one server after the other.
const TRIES: usize = 3;
/// As many servers of the machine's list as are asked.
const SERVERS: usize = 3;
/// Packets that answer something else before we stop listening: somebody is guessing.
const STRAYS: usize = 20;
const FILE: &str = "/etc/resolv.conf";

/// Asks the DNS servers of this machine, or others. Blocks; meant for a thread of its own.
pub struct Resolver {
    servers: Vec<SocketAddr>,
    dice: Mutex<Dice>,
    /// Something came back at least once.
    has_answered: AtomicBool,
    /// A question was given up before anything came back at all, so no other is asked: a dead DNS costs seconds and not
    /// minutes. Where it does answer, one silent name says nothing about the next.
    is_dead: AtomicBool,
}

impl Resolver {
    /// The servers of `/etc/resolv.conf`; this machine's own when it names none.
    pub fn of_this_machine() -> Self {
        let text = std::fs::read_to_string(FILE).unwrap_or_default();
        Resolver::asking(servers_in(&text))
    }

    /// Reads `192.0.2.53` or `192.0.2.53:5353`, several separated by commas.
    pub fn parse(list: &str) -> Result<Self> {
        let bad =
            || Error::invalid("bad_dns", "A DNS server is an address like 192.0.2.53 or 127.0.0.1:5353.");
        let servers = list.split(',').map(|item| server(item.trim()).ok_or_else(bad));
        Ok(Resolver::asking(servers.collect::<Result<_>>()?))
    }

    fn asking(mut servers: Vec<SocketAddr>) -> Self {
        servers.truncate(SERVERS);
        Resolver {
            servers,
            dice: Mutex::new(Dice::from_os()),
            has_answered: AtomicBool::new(false),
            is_dead: AtomicBool::new(false),
        }
    }

    /// Asks.
    pub fn ask(&self, name: &str, kind: Kind) -> Answer {
        let id = self.dice.lock().unwrap_or_else(PoisonError::into_inner).bits() as u16;
        let Some(question) = packet::question(id, name, kind) else {
            return Answer::Failed(Failure::BadName);
        };
        let mut last = Failure::Silence;
        for server in self.servers.iter().cycle().take(TRIES) {
            if self.is_dead.load(Ordering::Relaxed) {
                return Answer::Failed(Failure::Silence);
            }
            // Silence now does not undo what another server said.
            let Ok(answer) = asked(*server, &question, kind) else { continue };
            self.has_answered.store(true, Ordering::Relaxed);
            match answer {
                Answer::Failed(failure) => last = failure,
                answer => return answer,
            }
        }
        if !self.has_answered.load(Ordering::Relaxed) {
            self.is_dead.store(true, Ordering::Relaxed);
        }
        Answer::Failed(last)
    }
}

fn asked(server: SocketAddr, question: &[u8], kind: Kind) -> io::Result<Answer> {
    match by_udp(server, question, kind)? {
        Read::Answer(answer) => Ok(answer),
        Read::Truncated => by_tcp(server, question, kind),
        Read::NotOurs => Ok(Answer::Failed(Failure::Garbage)),
    }
}

fn by_udp(server: SocketAddr, question: &[u8], kind: Kind) -> io::Result<Read> {
    let any: IpAddr =
        if server.is_ipv4() { Ipv4Addr::UNSPECIFIED.into() } else { Ipv6Addr::UNSPECIFIED.into() };
    let socket = UdpSocket::bind((any, 0))?;
    socket.connect(server)?;
    socket.set_read_timeout(Some(PATIENCE))?;
    socket.send(question)?;
    let mut buffer = [0; 4_096];
    for stray in 0..STRAYS {
        let length = match socket.recv(&mut buffer) {
            Ok(length) => length,
            // Something came, and nothing better followed.
            Err(_) if stray > 0 => return Ok(Read::NotOurs),
            Err(error) => return Err(error),
        };
        match packet::read(&buffer[..length], question, kind) {
            Read::NotOurs => {}
            read => return Ok(read),
        }
    }
    Ok(Read::NotOurs)
}

/// Two bytes of length before each packet (RFC 1035 §4.2.2).
fn by_tcp(server: SocketAddr, question: &[u8], kind: Kind) -> io::Result<Answer> {
    let mut stream = TcpStream::connect_timeout(&server, PATIENCE)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    stream.write_all(&[&(question.len() as u16).to_be_bytes()[..], question].concat())?;
    let mut length = [0; 2];
    stream.read_exact(&mut length)?;
    let mut packet = vec![0; usize::from(u16::from_be_bytes(length))];
    stream.read_exact(&mut packet)?;
    Ok(match packet::read(&packet, question, kind) {
        Read::Answer(answer) => answer,
        Read::Truncated | Read::NotOurs => Answer::Failed(Failure::Garbage),
    })
}

/// The `nameserver` lines.
fn servers_in(text: &str) -> Vec<SocketAddr> {
    let addresses = text.lines().filter_map(|line| line.trim().strip_prefix("nameserver"));
    let servers: Vec<SocketAddr> = addresses.filter_map(|address| server(address.trim())).collect();
    if servers.is_empty() { vec![(Ipv4Addr::LOCALHOST, 53).into()] } else { servers }
}

fn server(text: &str) -> Option<SocketAddr> {
    let bare = text.parse::<IpAddr>().map(|address| SocketAddr::from((address, 53)));
    bare.or_else(|_| text.parse()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_machines_servers_are_read() {
        let text = "# comment\nsearch example\nnameserver 192.0.2.1\n nameserver\t2001:db8::1 \nnameserver fe80::1%eth0\n";
        let expected: Vec<SocketAddr> =
            vec!["192.0.2.1:53".parse().unwrap(), "[2001:db8::1]:53".parse().unwrap()];
        assert_eq!(servers_in(text), expected);
        assert_eq!(servers_in(""), [SocketAddr::from((Ipv4Addr::LOCALHOST, 53))]);
    }

    #[test]
    fn servers_of_the_operator_are_read_or_refused() {
        let resolver = Resolver::parse("192.0.2.53, 127.0.0.1:5353,[::1]:53").unwrap();
        assert_eq!(resolver.servers.len(), 3);
        for bad in ["", "dns.example", "127.0.0.1:", "1.2.3.4,"] {
            assert!(Resolver::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_name_that_cannot_be_is_not_asked_for_and_a_closed_port_is_silence() {
        let resolver = Resolver::parse("127.0.0.1:1").unwrap();
        assert_eq!(resolver.ask("a..b", Kind::A), Answer::Failed(Failure::BadName));
        assert_eq!(resolver.ask("a.test", Kind::A), Answer::Failed(Failure::Silence));
        assert!(resolver.is_dead.load(Ordering::Relaxed));
        assert_eq!(resolver.ask("b.test", Kind::A), Answer::Failed(Failure::Silence));
    }
}
