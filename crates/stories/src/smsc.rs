//! A network's short message centre, as much of SMPP 3.4 as a gateway needs: it takes texts, reports on them, and
//! brings texts of its own. What becomes of a text is in its number: ending in 9999 it never arrives, in 0000 there is
//! no such number.

use std::io::{self, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;

const BIND_TRANSCEIVER: u32 = 0x09;
const SUBMIT_SM: u32 = 0x04;
const DELIVER_SM: u32 = 0x05;
const UNBIND: u32 = 0x06;
const ENQUIRE_LINK: u32 = 0x15;
const RESPONSE: u32 = 0x8000_0000;
/// "Invalid destination address".
const INVALID_DESTINATION: u32 = 0x0b;

/// One part of a text, as it came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Submitted {
    /// Who it comes from.
    pub from: String,
    /// Who it goes to.
    pub to: String,
    /// How it is written: 0 is the default alphabet, 8 is UCS-2.
    pub data_coding: u8,
    /// Whether it begins with a header, as parts of a longer text do.
    pub has_header: bool,
    /// What it says, header included.
    pub bytes: Vec<u8>,
}

/// A running centre.
pub struct Smsc {
    port: u16,
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    submitted: Mutex<Vec<Submitted>>,
    line: Mutex<Option<TcpStream>>,
}

impl Smsc {
    /// Starts one on a port of its own.
    pub fn start() -> Smsc {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let port = listener.local_addr().expect("a bound socket").port();
        let shared = Arc::new(Shared::default());
        let served = shared.clone();
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let shared = served.clone();
                // A gateway that goes away ends its conversation; the next one begins a new one.
                thread::spawn(move || converse(stream, &shared));
            }
        });
        Smsc { port, shared }
    }

    /// Where it listens.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Everything it was given, oldest first.
    pub fn submitted(&self) -> Vec<Submitted> {
        locked(&self.shared.submitted).clone()
    }

    /// Brings a text from a phone. Fails while no gateway is bound.
    pub fn bring(&self, from: &str, to: &str, text: &str) -> io::Result<()> {
        let mut line = locked(&self.shared.line);
        let line = line.as_mut().ok_or_else(|| io::Error::other("no gateway is bound"))?;
        line.write_all(&deliver(from, to, 0, text.as_bytes()))
    }
}

fn converse(stream: TcpStream, shared: &Shared) -> io::Result<()> {
    let mut reading = stream.try_clone()?;
    *locked(&shared.line) = Some(stream);
    loop {
        let mut head = [0; 16];
        reading.read_exact(&mut head)?;
        let word = |at: usize| u32::from_be_bytes([head[at], head[at + 1], head[at + 2], head[at + 3]]);
        let (length, command, sequence) = (word(0), word(4), word(12));
        let mut body = vec![0; (length as usize).saturating_sub(16).min(4_096)];
        reading.read_exact(&mut body)?;
        for pdu in answers(command, sequence, &body, shared) {
            if let Some(line) = locked(&shared.line).as_mut() {
                line.write_all(&pdu)?;
            }
        }
        if command == UNBIND {
            return Ok(());
        }
    }
}

fn answers(command: u32, sequence: u32, body: &[u8], shared: &Shared) -> Vec<Vec<u8>> {
    match command {
        BIND_TRANSCEIVER => vec![pdu(command | RESPONSE, 0, sequence, b"stories\0")],
        ENQUIRE_LINK | UNBIND => vec![pdu(command | RESPONSE, 0, sequence, b"")],
        SUBMIT_SM => submit(sequence, body, shared),
        _ => Vec::new(),
    }
}

fn submit(sequence: u32, body: &[u8], shared: &Shared) -> Vec<Vec<u8>> {
    let (text, wants_report) = read_submit(body);
    let mut submitted = locked(&shared.submitted);
    submitted.push(text.clone());
    let id = format!("M{}", submitted.len());
    if text.to.ends_with("0000") {
        return vec![pdu(SUBMIT_SM | RESPONSE, INVALID_DESTINATION, sequence, b"\0")];
    }
    let mut answers = vec![pdu(SUBMIT_SM | RESPONSE, 0, sequence, format!("{id}\0").as_bytes())];
    if wants_report {
        let (stat, err) = if text.to.ends_with("9999") { ("UNDELIV", "027") } else { ("DELIVRD", "000") };
        let receipt = format!(
            "id:{id} sub:001 dlvrd:001 submit date:2611200500 done date:2611200501 stat:{stat} err:{err} text:Northwind"
        );
        answers.push(deliver(&text.to, &text.from, 4, receipt.as_bytes()));
    }
    answers
}

fn read_submit(body: &[u8]) -> (Submitted, bool) {
    let mut rest = body;
    let _service = string(&mut rest);
    rest = &rest[2..];
    let from = string(&mut rest);
    rest = &rest[2..];
    let to = string(&mut rest);
    let has_header = rest[0] & 0x40 != 0;
    rest = &rest[3..];
    let (_scheduled, _valid) = (string(&mut rest), string(&mut rest));
    let (wants_report, data_coding, length) = (rest[0] & 1 != 0, rest[2], usize::from(rest[4]));
    let bytes = rest[5..5 + length].to_vec();
    (Submitted { from, to, data_coding, has_header, bytes }, wants_report)
}

fn string(rest: &mut &[u8]) -> String {
    let end = rest.iter().position(|byte| *byte == 0).unwrap_or(rest.len());
    let text = String::from_utf8_lossy(&rest[..end]).into_owned();
    *rest = &rest[(end + 1).min(rest.len())..];
    text
}

/// A text or, with a class of 4, a receipt. Numbers are international.
fn deliver(from: &str, to: &str, class: u8, text: &[u8]) -> Vec<u8> {
    let mut body = b"\0\x01\x01".to_vec();
    body.extend(from.trim_start_matches('+').bytes());
    body.extend(b"\0\x01\x01");
    body.extend(to.bytes());
    body.extend([0, class, 0, 0, 0, 0, 0, 0, 0, 0, text.len() as u8]);
    body.extend(text);
    pdu(DELIVER_SM, 0, 1, &body)
}

fn pdu(command: u32, status: u32, sequence: u32, body: &[u8]) -> Vec<u8> {
    let length = 16 + body.len() as u32;
    let mut out = Vec::new();
    for word in [length, command, status, sequence] {
        out.extend(word.to_be_bytes());
    }
    out.extend(body);
    out
}

fn locked<T>(what: &Mutex<T>) -> MutexGuard<'_, T> {
    what.lock().unwrap_or_else(PoisonError::into_inner)
}
