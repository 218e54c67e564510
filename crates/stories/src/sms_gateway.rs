//! A small gateway for texts on this machine, for what a real one can't be told to do: to be down, to be slow, to lie.
//!
//! It speaks HTTP over a real socket as Kannel's smsbox and Twilio's API do, does for each text what a story tells it
//! to, and keeps what it was asked. Reports are not sent by itself: a story calls the address that the gateway was
//! given, when and as often as it likes, also before the gateway has answered.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Router;
use axum::body::Body;
use axum::http::Request;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tower::ServiceExt;

/// What to do with the next text.
pub enum Script {
    /// Answer so: a status, further header lines, a body.
    Answer(u16, &'static str, &'static str),
    /// Take it and never answer.
    Hang,
    /// Take it and close the connection without a word.
    Drop,
    /// Report on it to the shop before answering that it is taken: the kind of report, as Kannel counts them.
    ReportFirst(Router, u8),
}

/// One request, as far as stories ask.
#[derive(Clone, Debug)]
pub struct Asked {
    /// The path without its query.
    pub path: String,
    /// The headers as they came.
    pub head: String,
    /// The fields: of the query, then of the body.
    pub fields: Vec<(String, String)>,
}

impl Asked {
    /// A field; empty when it was not sent.
    pub fn field(&self, name: &str) -> &str {
        self.fields.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
    }

    /// The path and query by which the shop wants the report of this kind, with Kannel's escapes filled in.
    pub fn report(&self, kind: u8, answer: &str) -> String {
        let address = self.field("dlr-url").replace("%d", &kind.to_string());
        let address = address.replace("%A", &encoded(answer)).replace("%p", &encoded(self.field("to")));
        path_of(&address)
    }
}

/// A running gateway.
pub struct SmsGateway {
    address: SocketAddr,
    shared: Arc<Shared>,
    task: Mutex<Option<JoinHandle<()>>>,
}

#[derive(Default)]
struct Shared {
    scripts: Mutex<VecDeque<Script>>,
    asked: Mutex<Vec<Asked>>,
}

impl SmsGateway {
    /// Starts one on a port of its own.
    pub async fn start() -> SmsGateway {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("a bound socket");
        let shared = Arc::new(Shared::default());
        let task = Mutex::new(Some(tokio::spawn(serve(listener, shared.clone()))));
        SmsGateway { address, shared, task }
    }

    /// `AFTERCARE_SMS_URL` for it as a Kannel.
    pub fn kannel_url(&self) -> String {
        format!("kannel+http://tester:foobar@{}/cgi-bin/sendsms?from=Northwind&timeout=1", self.address)
    }

    /// `AFTERCARE_SMS_URL` for it as a Twilio.
    pub fn twilio_url(&self) -> String {
        format!(
            "twilio://AC00000000000000000000000000000000:12345@{}?from=+15005550006&plain=1",
            self.address
        )
    }

    /// What to do with the next texts, in this order; then they are taken.
    pub fn scripts(&self, scripts: impl IntoIterator<Item = Script>) {
        locked(&self.shared.scripts).extend(scripts);
    }

    /// Every request, oldest first.
    pub fn asked(&self) -> Vec<Asked> {
        locked(&self.shared.asked).clone()
    }

    /// The text of every request, oldest first.
    pub fn bodies(&self) -> Vec<String> {
        let body = |asked: &Asked| [asked.field("text"), asked.field("Body")].concat();
        self.asked().iter().map(body).collect()
    }

    /// Goes down: nobody listens any more.
    pub async fn stop(&self) {
        let task = locked(&self.task).take();
        if let Some(task) = task {
            task.abort();
            // The port is closed when the task is gone, and not before.
            let _ = task.await;
        }
    }

    /// Comes up again on the same port.
    pub async fn restart(&self) {
        let listener = TcpListener::bind(self.address).await.expect("the port is still free");
        *locked(&self.task) = Some(tokio::spawn(serve(listener, self.shared.clone())));
    }
}

async fn serve(listener: TcpListener, shared: Arc<Shared>) {
    while let Ok((stream, _)) = listener.accept().await {
        tokio::spawn(converse(stream, shared.clone()));
    }
}

async fn converse(mut stream: TcpStream, shared: Arc<Shared>) {
    let Some(asked) = read(&mut stream).await else { return };
    locked(&shared.asked).push(asked.clone());
    let script = locked(&shared.scripts).pop_front();
    let is_twilio = asked.path.starts_with("/2010-04-01/");
    let taken = if is_twilio {
        (201, "", "{\"sid\":\"SM11111111111111111111111111111111\",\"status\":\"queued\"}")
    } else {
        (202, "", "0: Accepted for delivery")
    };
    let (status, headers, body) = match script {
        None => taken,
        Some(Script::Answer(status, headers, body)) => (status, headers, body),
        Some(Script::Drop) => return,
        Some(Script::Hang) => return std::future::pending().await,
        Some(Script::ReportFirst(shop, kind)) => {
            let request = Request::get(asked.report(kind, "")).body(Body::empty()).expect("a request");
            let answered = shop.oneshot(request).await.expect("the shop answers");
            assert!(answered.status().is_success(), "{}", answered.status());
            taken
        }
    };
    let length = body.len();
    let answer = format!(
        "HTTP/1.1 {status} X\r\nContent-Length: {length}\r\nConnection: close\r\n{headers}\r\n{body}"
    );
    // Whoever asked may be gone.
    let _ = stream.write_all(answer.as_bytes()).await;
}

async fn read(stream: &mut TcpStream) -> Option<Asked> {
    let mut bytes = Vec::new();
    let mut chunk = [0; 4_096];
    loop {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n")
            && body.len() >= content_length(head)
        {
            return asked(head, body);
        }
        match stream.read(&mut chunk).await {
            Ok(0) | Err(_) => return None,
            Ok(count) => bytes.extend_from_slice(&chunk[..count]),
        }
    }
}

fn content_length(head: &str) -> usize {
    let length = head.lines().filter_map(|line| line.split_once(':'));
    let mut length = length.filter(|(name, _)| name.eq_ignore_ascii_case("content-length"));
    length.next().and_then(|(_, value)| value.trim().parse().ok()).unwrap_or(0)
}

fn asked(head: &str, body: &str) -> Option<Asked> {
    let target = head.split_whitespace().nth(1)?;
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let fields = [query, body].into_iter().flat_map(pairs).collect();
    Some(Asked { path: path.to_owned(), head: head.to_owned(), fields })
}

fn pairs(query: &str) -> Vec<(String, String)> {
    let pair = |part: &str| {
        let (name, value) = part.split_once('=')?;
        Some((decoded(name), decoded(value)))
    };
    query.split('&').filter_map(pair).collect()
}

/// Percent-decoding, by the standard and not by our own code.
fn decoded(text: &str) -> String {
    let mut bytes = text.bytes();
    let mut out = Vec::new();
    while let Some(byte) = bytes.next() {
        out.push(match byte {
            b'+' => b' ',
            b'%' => {
                let digits = [bytes.next().unwrap_or(b'0'), bytes.next().unwrap_or(b'0')];
                u8::from_str_radix(&String::from_utf8_lossy(&digits), 16).unwrap_or(b'?')
            }
            other => other,
        });
    }
    String::from_utf8_lossy(&out).into_owned()
}

/// The other way, for everything that is no letter or digit.
pub fn encoded(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric();
    text.bytes()
        .map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}

/// An address without its scheme and host.
pub fn path_of(address: &str) -> String {
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    rest.find('/').map_or_else(String::new, |at| rest[at..].to_owned())
}

fn locked<T>(what: &Mutex<T>) -> MutexGuard<'_, T> {
    what.lock().unwrap_or_else(PoisonError::into_inner)
}
