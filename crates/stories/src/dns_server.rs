//! A small DNS server on loopback, with the zone a story gives it and the moods of a real one: too long for UDP, silent,
//! failing, babbling.
//!
//! Its packets are its own: a mistake in how the program reads them would go unseen if the same code wrote them.

use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, UdpSocket};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

const TXT: u16 = 16;
const MX: u16 = 15;
const A: u16 = 1;
/// What fits into a packet over UDP without further agreement.
const MOST_UDP_BYTES: usize = 512;

/// What a server does when it is asked for a name.
#[derive(Clone, Debug)]
enum Line {
    Txt(String),
    Mx(u16, String),
    A(Ipv4Addr),
    /// SERVFAIL.
    Fail,
    /// Never an answer.
    Silent,
    /// Bytes that are no answer.
    Babble,
}

/// A running server. It ends with the test process.
pub struct DnsServer {
    address: SocketAddr,
    zone: Arc<Mutex<Vec<(String, Line)>>>,
    asked: Arc<Mutex<Vec<(&'static str, String)>>>,
}

impl DnsServer {
    /// Serves a zone: one line per record, `NAME TXT text`, `NAME MX 10 host`, `NAME A 192.0.2.1`, or `NAME` and
    /// `SERVFAIL`, `SILENT` or `BABBLE`.
    pub fn start(zone: &str) -> DnsServer {
        // Both ways need the same port; the kernel finds one for the first and we take what is free for both.
        let (udp, tcp) = loop {
            let udp = UdpSocket::bind("127.0.0.1:0").expect("a port is free");
            let port = udp.local_addr().expect("a bound socket has an address");
            if let Ok(tcp) = TcpListener::bind(port) {
                break (udp, tcp);
            }
        };
        let server = DnsServer {
            address: udp.local_addr().expect("a bound socket has an address"),
            zone: Arc::default(),
            asked: Arc::default(),
        };
        server.publish(zone);
        let (zone, asked) = (Arc::clone(&server.zone), Arc::clone(&server.asked));
        thread::spawn(move || by_udp(&udp, &zone, &asked));
        let (zone, asked) = (Arc::clone(&server.zone), Arc::clone(&server.asked));
        thread::spawn(move || by_tcp(&tcp, &zone, &asked));
        server
    }

    /// Where it listens, as `AFTERCARE_DNS` names it.
    pub fn address(&self) -> String {
        self.address.to_string()
    }

    /// Puts another zone in the place of what was served.
    pub fn publish(&self, zone: &str) {
        let lines = zone.lines().map(str::trim).filter(|line| !line.is_empty()).map(line).collect();
        *self.zone.lock().unwrap_or_else(PoisonError::into_inner) = lines;
    }

    /// What it was asked for, with `udp` or `tcp`.
    pub fn asked(&self) -> Vec<(&'static str, String)> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

fn line(text: &str) -> (String, Line) {
    let mut words = text.splitn(3, ' ');
    let mut next = || words.next().unwrap_or_default();
    let (name, kind, value) = (next(), next(), next());
    let line = match kind {
        "TXT" => Line::Txt(value.to_owned()),
        "A" => Line::A(value.parse().expect("a zone holds addresses")),
        "MX" => {
            let (preference, host) = value.split_once(' ').expect("MX has a preference and a host");
            Line::Mx(preference.parse().expect("a preference is a number"), host.to_owned())
        }
        "SERVFAIL" => Line::Fail,
        "SILENT" => Line::Silent,
        "BABBLE" => Line::Babble,
        other => panic!("a zone knows no {other}"),
    };
    (name.to_lowercase(), line)
}

type Zone = Mutex<Vec<(String, Line)>>;
type Asked = Mutex<Vec<(&'static str, String)>>;

fn by_udp(socket: &UdpSocket, zone: &Zone, asked: &Asked) {
    let mut buffer = [0; 1_500];
    while let Ok((length, from)) = socket.recv_from(&mut buffer) {
        if let Some(answer) = answer("udp", &buffer[..length], zone, asked) {
            // Whoever asked may be gone.
            let _ = socket.send_to(&answer, from);
        }
    }
}

fn by_tcp(listener: &TcpListener, zone: &Zone, asked: &Asked) {
    for stream in listener.incoming().flatten() {
        let _ = one(stream, zone, asked);
    }
}

fn one(mut stream: impl Read + Write, zone: &Zone, asked: &Asked) -> io::Result<()> {
    let mut length = [0; 2];
    stream.read_exact(&mut length)?;
    let mut question = vec![0; usize::from(u16::from_be_bytes(length))];
    stream.read_exact(&mut question)?;
    if let Some(answer) = answer("tcp", &question, zone, asked) {
        stream.write_all(&(answer.len() as u16).to_be_bytes())?;
        stream.write_all(&answer)?;
    }
    Ok(())
}

/// None for a silent name.
fn answer(way: &'static str, question: &[u8], zone: &Zone, asked: &Asked) -> Option<Vec<u8>> {
    let (name, kind) = read(question)?;
    asked.lock().unwrap_or_else(PoisonError::into_inner).push((way, name.clone()));
    let zone = zone.lock().unwrap_or_else(PoisonError::into_inner);
    let here: Vec<&Line> = zone.iter().filter(|line| line.0 == name).map(|line| &line.1).collect();
    let is_there = zone.iter().any(|line| line.0 == name || line.0.ends_with(&format!(".{name}")));
    let code = match here.first() {
        Some(Line::Silent) => return None,
        Some(Line::Babble) => return Some(b"this is no packet at all".to_vec()),
        Some(Line::Fail) => 2,
        Some(_) => 0,
        None if is_there => 0,
        None => 3,
    };
    let records: Vec<Vec<u8>> = here.iter().filter_map(|line| record(line, kind)).collect();
    let whole = packet(question, code, &records, false);
    let fits = way == "tcp" || whole.len() <= MOST_UDP_BYTES;
    Some(if fits { whole } else { packet(question, code, &[], true) })
}

/// Name and kind that are asked for.
fn read(question: &[u8]) -> Option<(String, u16)> {
    let mut labels = Vec::new();
    let mut at = 12;
    loop {
        let length = usize::from(*question.get(at)?);
        if length == 0 {
            break;
        }
        labels.push(String::from_utf8_lossy(question.get(at + 1..at + 1 + length)?).to_lowercase());
        at += 1 + length;
    }
    let kind = u16::from_be_bytes([*question.get(at + 1)?, *question.get(at + 2)?]);
    Some((labels.join("."), kind))
}

fn packet(question: &[u8], code: u8, records: &[Vec<u8>], is_cut: bool) -> Vec<u8> {
    let mut packet = question.to_vec();
    packet[2] = if is_cut { 0x83 } else { 0x81 };
    packet[3] = 0x80 | code;
    packet[6..8].copy_from_slice(&(records.len() as u16).to_be_bytes());
    packet.extend(records.concat());
    packet
}

fn record(line: &Line, wanted: u16) -> Option<Vec<u8>> {
    let (kind, data) = match line {
        Line::Txt(text) => (TXT, pieces(text)),
        Line::Mx(preference, host) => (MX, [&preference.to_be_bytes()[..], &name(host)].concat()),
        Line::A(address) => (A, address.octets().to_vec()),
        Line::Fail | Line::Silent | Line::Babble => return None,
    };
    let head =
        [&[0xc0, 12][..], &kind.to_be_bytes(), &[0, 1, 0, 0, 0, 60], &(data.len() as u16).to_be_bytes()];
    (kind == wanted).then(|| [head.concat(), data].concat())
}

fn pieces(text: &str) -> Vec<u8> {
    text.as_bytes().chunks(255).flat_map(|piece| [&[piece.len() as u8][..], piece].concat()).collect()
}

fn name(host: &str) -> Vec<u8> {
    let labels = host.trim_end_matches('.').split('.').filter(|label| !label.is_empty());
    let mut bytes: Vec<u8> =
        labels.flat_map(|label| [&[label.len() as u8][..], label.as_bytes()].concat()).collect();
    bytes.push(0);
    bytes
}
