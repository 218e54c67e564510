//! A small HTTP server on this machine that keeps what it is sent and answers what a story tells it to.
//!
//! It runs on a thread of its own, so that it answers while a story's one thread waits for it.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;

/// What a server was asked.
#[derive(Clone, Debug)]
pub struct Asked {
    /// `POST`.
    pub method: String,
    /// Path and query.
    pub target: String,
    /// Names in lower case, and values.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

impl Asked {
    /// The header of this name, given in lower case; empty when it is not there.
    pub fn header(&self, name: &str) -> &str {
        let found = self.headers.iter().find(|(known, _)| known == name);
        found.map_or("", |(_, value)| value.as_str())
    }

    /// The body as JSON.
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).expect("the body is JSON")
    }
}

/// What a server does with a request.
#[derive(Clone, Debug)]
pub enum Reply {
    /// Answers with this status, these header lines and this body.
    Answer(u16, Vec<(&'static str, String)>, String),
    /// Takes the request and closes the connection without a word.
    Hang,
}

impl Reply {
    /// An answer without headers and body.
    pub fn status(status: u16) -> Reply {
        Reply::Answer(status, Vec::new(), String::new())
    }
}

type Decide = dyn Fn(&Asked) -> Reply + Send + Sync;

/// A running server. It stops listening with the test's process.
#[derive(Clone)]
pub struct HttpSink {
    address: SocketAddr,
    state: Arc<State>,
}

struct State {
    asked: Mutex<Vec<Asked>>,
    decide: Mutex<Box<Decide>>,
}

impl HttpSink {
    /// A server that answers 200.
    pub fn start() -> HttpSink {
        HttpSink::deciding(|_| Reply::status(200))
    }

    /// A server that answers as `decide` says.
    pub fn deciding(decide: impl Fn(&Asked) -> Reply + Send + Sync + 'static) -> HttpSink {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
        let address = listener.local_addr().expect("a listener has an address");
        let state = Arc::new(State { asked: Mutex::default(), decide: Mutex::new(Box::new(decide)) });
        let serving = state.clone();
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let state = serving.clone();
                // Each connection on a thread: one that is slow keeps no other waiting.
                thread::spawn(move || serve(stream, &state));
            }
        });
        HttpSink { address, state }
    }

    /// `http://127.0.0.1:PORT` and this path.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Its port.
    pub fn port(&self) -> u16 {
        self.address.port()
    }

    /// Answers otherwise from now on.
    pub fn decide(&self, decide: impl Fn(&Asked) -> Reply + Send + Sync + 'static) {
        *lock(&self.state.decide) = Box::new(decide);
    }

    /// Everything it was asked so far.
    pub fn asked(&self) -> Vec<Asked> {
        lock(&self.state.asked).clone()
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// One request per connection.
fn serve(stream: TcpStream, state: &State) {
    let Some(asked) = read(&stream) else { return };
    let reply = (lock(&state.decide))(&asked);
    lock(&state.asked).push(asked);
    // A caller that went away has no use for the answer.
    let _ = answer(stream, &reply);
}

fn read(stream: &TcpStream) -> Option<Asked> {
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    reader.read_line(&mut line).ok()?;
    let mut words = line.split(' ');
    let (method, target) = (words.next()?.to_owned(), words.next()?.to_owned());
    let mut headers = Vec::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        match line.trim_end().split_once(':') {
            Some((name, value)) => headers.push((name.to_lowercase(), value.trim().to_owned())),
            None => break,
        }
    }
    let length = headers.iter().find(|(name, _)| name == "content-length");
    let mut body = vec![0; length.and_then(|(_, length)| length.parse().ok()).unwrap_or(0)];
    reader.read_exact(&mut body).ok()?;
    Some(Asked { method, target, headers, body })
}

fn answer(mut stream: TcpStream, reply: &Reply) -> std::io::Result<()> {
    let Reply::Answer(status, headers, body) = reply else { return Ok(()) };
    write!(stream, "HTTP/1.1 {status} -\r\nContent-Length: {}\r\nConnection: close\r\n", body.len())?;
    for (name, value) in headers {
        write!(stream, "{name}: {value}\r\n")?;
    }
    write!(stream, "\r\n{body}")
}
