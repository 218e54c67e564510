//! A mail server that takes mail faster than anybody sends it, and knows exactly what it was given.
//!
//! It speaks SMTP with PIPELINING over real sockets, a thread to a connection. Each message that comes to its final
//! dot is counted, written to a log of its own *before* it is answered, and shown to whoever wants to look; what the
//! answer is, and whether there is one, is drawn from a seeded mix. So the log holds what a mail server would have
//! taken, whatever the sender came to know of it.

mod log;
mod mix;
mod session;

use std::io;
use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread::{self, JoinHandle};

use self::log::Log;
pub use self::log::{Entry, read_log};
use self::mix::Draw;
pub use self::mix::{Answer, Mix};

/// One message at its final dot.
#[derive(Clone, Copy, Debug)]
pub struct Message<'a> {
    /// The sender in the envelope.
    pub from: &'a [u8],
    /// The first recipient in the envelope; it is all there is when a program sends to one person at a time.
    pub to: &'a [u8],
    /// The message as it came over the wire: dots doubled, without the final one.
    pub raw: &'a [u8],
    /// When its final dot was read, as [`now_us`](crate::now::now_us).
    pub at_us: u64,
}

/// Looks at each message before it is answered, on the thread of its connection.
pub type Look = Arc<dyn Fn(&Message<'_>) + Send + Sync>;

/// How a sink behaves. The default only counts, and takes everything.
#[derive(Clone, Default)]
pub struct Options {
    /// Where the log is kept; none when nothing is given.
    pub log: Option<PathBuf>,
    /// What is answered. Takes everything when nothing is given.
    pub mix: Option<Mix>,
    /// Who looks at each message.
    pub look: Option<Look>,
}

/// What has come so far.
#[derive(Default)]
struct Counters {
    messages: AtomicU64,
    bytes: AtomicU64,
    connections: AtomicU64,
}

/// What all connections share.
struct Shared {
    counters: Counters,
    log: Option<Log>,
    draw: Option<Draw>,
    look: Option<Look>,
    over: AtomicBool,
}

/// A running sink. It takes no further connection when it is dropped; open ones end with their clients.
pub struct Sink {
    address: SocketAddr,
    shared: Arc<Shared>,
    accepting: Option<JoinHandle<()>>,
}

impl Sink {
    /// Starts one on a free port of this machine.
    pub fn start(options: Options) -> io::Result<Sink> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let address = listener.local_addr()?;
        let shared = Arc::new(Shared {
            counters: Counters::default(),
            log: options.log.map(|path| Log::open(&path)).transpose()?,
            draw: options.mix.map(Draw::new),
            look: options.look,
            over: AtomicBool::new(false),
        });
        let accepted = Arc::clone(&shared);
        let accepting = thread::spawn(move || accept(&listener, &accepted));
        Ok(Sink { address, shared, accepting: Some(accepting) })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// What `AFTERCARE_MAIL_URL` would be, without options.
    pub fn url(&self) -> String {
        format!("smtp://{}", self.address)
    }

    /// How many messages came to their final dot.
    pub fn messages(&self) -> u64 {
        self.shared.counters.messages.load(Ordering::Relaxed)
    }

    /// How many bytes those had, as they came over the wire.
    pub fn bytes(&self) -> u64 {
        self.shared.counters.bytes.load(Ordering::Relaxed)
    }

    /// How many connections there were.
    pub fn connections(&self) -> u64 {
        self.shared.counters.connections.load(Ordering::Relaxed)
    }

    /// What the log holds so far, in the order of the final dots; nothing when there is no log.
    pub fn entries(&self) -> Vec<Entry> {
        self.shared.log.as_ref().map(Log::entries).unwrap_or_default()
    }

    /// From now on everything is taken and answered with 250.
    pub fn recover(&self) {
        if let Some(draw) = &self.shared.draw {
            draw.recover();
        }
    }
}

impl Drop for Sink {
    fn drop(&mut self) {
        self.shared.over.store(true, Ordering::SeqCst);
        // The thread waits for a connection: this one tells it to look.
        drop(std::net::TcpStream::connect(self.address));
        if let Some(accepting) = self.accepting.take() {
            let _ = accepting.join();
        }
    }
}

fn accept(listener: &TcpListener, shared: &Arc<Shared>) {
    for stream in listener.incoming() {
        if shared.over.load(Ordering::SeqCst) {
            return;
        }
        let Ok(stream) = stream else { continue };
        shared.counters.connections.fetch_add(1, Ordering::Relaxed);
        let shared = Arc::clone(shared);
        // How a connection ends is its client's story: nothing is done about it here.
        thread::spawn(move || drop(session::serve(stream, &shared)));
    }
}

#[cfg(test)]
mod tests;
