//! A TCP proxy that cuts the connection at a chosen message.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

/// Where to cut when the chosen bytes pass towards the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cut {
    /// The server never sees them.
    BeforeServer,
    /// The server acts on them, but its answer never comes back.
    BeforeAnswer,
}

/// A proxy in front of a local server.
pub struct Proxy {
    port: u16,
    rules: Arc<Rules>,
}

#[derive(Default)]
struct Rules {
    armed: Mutex<Option<(Vec<u8>, Cut)>>,
    cuts: AtomicU32,
}

impl Proxy {
    /// Listens on a port of its own and passes everything on to `server_port`.
    pub fn start(server_port: u16) -> Proxy {
        let listener = TcpListener::bind("127.0.0.1:0").expect("the machine has a free port");
        let port = listener.local_addr().expect("a bound socket has an address").port();
        let rules = Arc::new(Rules::default());
        let shared = Arc::clone(&rules);
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                if let Ok(server) = TcpStream::connect(("127.0.0.1", server_port)) {
                    pass(client, server, &shared);
                }
            }
        });
        Proxy { port, rules }
    }

    /// The port to connect to.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Cuts once, at the next message to the server that holds `bytes`.
    pub fn cut_once(&self, bytes: &[u8], cut: Cut) {
        *self.rules.armed.lock().unwrap_or_else(PoisonError::into_inner) = Some((bytes.to_vec(), cut));
    }

    /// How often it has cut.
    pub fn cuts(&self) -> u32 {
        self.rules.cuts.load(Ordering::SeqCst)
    }
}

impl Rules {
    /// The rule that these bytes trigger; a rule is used up by it.
    fn triggered(&self, bytes: &[u8]) -> Option<Cut> {
        let mut armed = self.armed.lock().unwrap_or_else(PoisonError::into_inner);
        let holds = |needle: &[u8]| bytes.windows(needle.len()).any(|window| window == needle);
        let cut = armed.as_ref().filter(|(needle, _)| holds(needle)).map(|(_, cut)| *cut)?;
        *armed = None;
        self.cuts.fetch_add(1, Ordering::SeqCst);
        Some(cut)
    }
}

fn pass(client: TcpStream, server: TcpStream, rules: &Arc<Rules>) {
    let swallow = Arc::new(AtomicBool::new(false));
    let (Ok(to_server), Ok(to_client)) = (server.try_clone(), client.try_clone()) else { return };
    // Small messages go back and forth; waiting to fill a packet would cost 40 ms each.
    let _ = (client.set_nodelay(true), server.set_nodelay(true));
    let (rules, swallowing) = (Arc::clone(rules), Arc::clone(&swallow));
    thread::spawn(move || {
        pump(client, to_server, |bytes| match rules.triggered(bytes) {
            Some(Cut::BeforeServer) => false,
            Some(Cut::BeforeAnswer) => {
                swallowing.store(true, Ordering::SeqCst);
                true
            }
            None => true,
        });
    });
    thread::spawn(move || pump(server, to_client, |_| !swallow.load(Ordering::SeqCst)));
}

/// Copies until either side ends or `passes` says no, then closes both.
fn pump(mut from: TcpStream, mut to: TcpStream, mut passes: impl FnMut(&[u8]) -> bool) {
    let mut buffer = vec![0; 64 * 1024];
    while let Ok(count @ 1..) = from.read(&mut buffer) {
        if !passes(&buffer[..count]) || to.write_all(&buffer[..count]).is_err() {
            break;
        }
    }
    // Either may be closed already.
    let _ = (from.shutdown(Shutdown::Both), to.shutdown(Shutdown::Both));
}
