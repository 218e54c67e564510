//! A small, strict mail server on this machine, for stories about what happens to mail.
//!
//! It speaks real SMTP over a real socket, does for each message what a story tells it to, keeps exactly what it was
//! given, and notes each breach of the protocol: a CR or LF on its own, an overlong line, commands sent ahead to a
//! server that never offered to take them.

mod conversation;

use std::collections::VecDeque;
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use self::conversation::Conversation;

/// A moment of the conversation at which something can go wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// The first words, before anything was asked.
    Greeting,
    /// `EHLO`.
    Hello,
    /// `MAIL FROM`.
    Mail,
    /// `RCPT TO`.
    Rcpt,
    /// `DATA`.
    Data,
    /// The final dot.
    Dot,
}

/// What to do with the next message, or, for what goes wrong at the greeting or `EHLO`, with the next connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Script {
    /// Take it.
    Accept,
    /// Say no at that moment.
    Reject(Moment, u16, String),
    /// Never answer at that moment.
    Hang(Moment),
    /// Close the connection when the first bytes of the message have come.
    DropBeforeDot,
    /// Take the message and close the connection without a word.
    DropAfterDot,
    /// Take the message, say so, and reset the connection at once.
    AcceptThenReset,
    /// Take it, and answer the final dot one byte at a time with this pause between them.
    SlowDrip(Duration),
}

impl Script {
    /// The greeting of a server that has too much to do.
    pub fn greeting_421() -> Script {
        Script::Reject(Moment::Greeting, 421, "4.3.2 Too many connections".to_owned())
    }

    fn is_about_connecting(&self) -> bool {
        matches!(
            self,
            Script::Reject(Moment::Greeting | Moment::Hello, ..)
                | Script::Hang(Moment::Greeting | Moment::Hello)
        )
    }
}

/// What the server offers, and how long it keeps a connection.
#[derive(Clone, Debug)]
pub struct Manners {
    /// Whether it takes several commands at once.
    pub pipelining: bool,
    /// User and password, when it asks for them; then only `AUTH LOGIN` or `AUTH PLAIN` with these are let in.
    pub login: Option<(String, String)>,
    /// The mechanisms it offers when it asks for a login.
    pub mechanisms: &'static str,
    /// Closes each connection after this many messages.
    pub messages_per_connection: Option<usize>,
}

impl Default for Manners {
    fn default() -> Self {
        Manners { pipelining: true, login: None, mechanisms: "PLAIN LOGIN", messages_per_connection: None }
    }
}

/// One message the server has taken, whatever it answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Received {
    /// Which connection it came over, counted from 0.
    pub connection: usize,
    /// The sender in the envelope.
    pub from: String,
    /// The recipients in the envelope.
    pub to: Vec<String>,
    /// The message, byte for byte, with the doubled dots made single.
    pub bytes: Vec<u8>,
}

#[derive(Default)]
struct Record {
    scripts: VecDeque<Script>,
    offered: Vec<Received>,
    received: Vec<Received>,
    violations: Vec<String>,
    reads: Vec<String>,
    connections: usize,
}

/// The running server; it stops when this is dropped.
pub struct SmtpSink {
    address: SocketAddr,
    record: Arc<Mutex<Record>>,
    server: JoinHandle<()>,
}

impl SmtpSink {
    /// Starts one that takes everything.
    pub async fn start() -> io::Result<Self> {
        Self::with(Manners::default()).await
    }

    /// Starts one with other manners.
    pub async fn with(manners: Manners) -> io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let record = Arc::new(Mutex::new(Record::default()));
        let server = tokio::spawn(serve(listener, Arc::clone(&record), manners));
        Ok(SmtpSink { address, record, server })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// What `AFTERCARE_MAIL_URL` would be.
    pub fn url(&self) -> String {
        format!("smtp://{}", self.address)
    }

    /// Adds a script; each message takes the next one, and those without one are accepted.
    pub fn script(&self, script: Script) {
        self.record().scripts.push_back(script);
    }

    /// Every message that came to its final dot, in order, whatever became of it.
    pub fn offered(&self) -> Vec<Received> {
        self.record().offered.clone()
    }

    /// Forgets the scripts nothing has come for: from now on it accepts.
    pub fn recover(&self) {
        self.record().scripts.clear();
    }

    /// The messages it has taken, in order.
    pub fn received(&self) -> Vec<Received> {
        self.record().received.clone()
    }

    /// Each breach of the protocol it saw.
    pub fn violations(&self) -> Vec<String> {
        self.record().violations.clone()
    }

    /// What each read of commands brought: the writes of the client, as far as the network keeps them apart.
    pub fn reads(&self) -> Vec<String> {
        self.record().reads.clone()
    }

    /// How many connections there were.
    pub fn connections(&self) -> usize {
        self.record().connections
    }

    fn record(&self) -> MutexGuard<'_, Record> {
        locked(&self.record)
    }
}

impl Drop for SmtpSink {
    fn drop(&mut self) {
        self.server.abort();
    }
}

fn locked(record: &Mutex<Record>) -> MutexGuard<'_, Record> {
    record.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn serve(listener: TcpListener, record: Arc<Mutex<Record>>, manners: Manners) {
    // Dropped with the server, and with it every conversation.
    let mut conversations = tokio::task::JoinSet::new();
    while let Ok((stream, _)) = listener.accept().await {
        let mut conversation = Conversation::new(stream, Arc::clone(&record), manners.clone());
        conversations.spawn(async move {
            // How a connection ends is the client's story, not ours.
            let _ = conversation.run().await;
        });
    }
}
