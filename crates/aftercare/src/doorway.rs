//! The listening socket: so many connections at once, and none that is kept for nothing.
//!
//! A connection costs memory before anything is asked on it. Whoever comes when all places are taken waits in the
//! kernel's queue, which costs us nothing; a connection on which nothing moves gives its place back.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::serve::{Listener, ListenerExt, TapIo};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, Sleep, sleep_until};

/// The most connections at once.
const CONNECTIONS: u64 = 2_048;
/// Files that are not connections from outside: the database, mail servers, logs.
const OTHER_FILES: u64 = 200;
/// How long a connection is kept on which nothing moves. Longer than a request may take.
const IDLE_FOR: Duration = Duration::from_secs(75);

/// A listener with a number of places.
pub struct Doorway {
    listener: TcpListener,
    places: Arc<Semaphore>,
}

impl Doorway {
    /// A doorway around a socket that listens.
    pub fn around(listener: TcpListener) -> TapIo<Doorway, fn(&mut Held)> {
        let places = CONNECTIONS.min(files().saturating_sub(OTHER_FILES)).max(16);
        Doorway::with(listener, places as usize)
    }

    fn with(listener: TcpListener, places: usize) -> TapIo<Doorway, fn(&mut Held)> {
        let doorway = Doorway { listener, places: Arc::new(Semaphore::new(places)) };
        // Answers are written whole; waiting for more to send would only delay them.
        doorway.tap_io(|held| drop(held.stream.set_nodelay(true)))
    }
}

/// How many files this process may open, having asked for as many as it is allowed to ask for.
fn files() -> u64 {
    let limit = getrlimit(Resource::Nofile);
    let wanted = CONNECTIONS + OTHER_FILES;
    let most = limit.maximum.unwrap_or(u64::MAX);
    let current = limit.current.unwrap_or(u64::MAX);
    if current < wanted {
        let raised = Rlimit { current: Some(wanted.min(most)), maximum: limit.maximum };
        if setrlimit(Resource::Nofile, raised).is_ok() {
            return wanted.min(most);
        }
    }
    current
}

impl Listener for Doorway {
    type Io = Held;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Held, SocketAddr) {
        // Nobody closes the semaphore; without a place, the connection would be one too many.
        let place = loop {
            if let Ok(place) = Arc::clone(&self.places).acquire_owned().await {
                break place;
            }
        };
        let (stream, peer) = Listener::accept(&mut self.listener).await;
        (Held { stream, idle: Box::pin(sleep_until(Instant::now() + IDLE_FOR)), _place: place }, peer)
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }
}

/// A connection and its place.
pub struct Held {
    stream: TcpStream,
    idle: Pin<Box<Sleep>>,
    _place: OwnedSemaphorePermit,
}

impl Held {
    /// Passes on what came of an attempt to move bytes; one that moves none for too long is an error.
    fn moved<T>(&mut self, context: &mut Context<'_>, attempt: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        match attempt {
            Poll::Ready(done) => {
                self.idle.as_mut().reset(Instant::now() + IDLE_FOR);
                Poll::Ready(done)
            }
            Poll::Pending => self.idle.as_mut().poll(context).map(|()| Err(io::ErrorKind::TimedOut.into())),
        }
    }
}

impl AsyncRead for Held {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        into: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let attempt = Pin::new(&mut self.stream).poll_read(context, into);
        self.moved(context, attempt)
    }
}

impl AsyncWrite for Held {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let attempt = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.moved(context, attempt)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let attempt = Pin::new(&mut self.stream).poll_write_vectored(context, slices);
        self.moved(context, attempt)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use axum::Router;
    use axum::extract::ConnectInfo;
    use axum::routing::get;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    use super::*;

    #[tokio::test]
    async fn who_finds_no_place_waits_until_one_is_free() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let who = async |ConnectInfo(peer): ConnectInfo<SocketAddr>| peer.to_string();
        let routes = Router::new().route("/", get(who));
        let service = routes.into_make_service_with_connect_info::<SocketAddr>();
        tokio::spawn(async move { axum::serve(Doorway::with(listener, 1), service).await });
        let ask = async |stream: &mut TcpStream| {
            stream.write_all(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n").await.unwrap();
            let mut answer = vec![0; 1_000];
            let read = stream.read(&mut answer).await.unwrap();
            String::from_utf8_lossy(&answer[..read]).into_owned()
        };
        let mut first = TcpStream::connect(address).await.unwrap();
        let said = ask(&mut first).await;
        assert!(said.ends_with(&first.local_addr().unwrap().to_string()), "{said}");
        let mut second = TcpStream::connect(address).await.unwrap();
        let mut waiting = Box::pin(ask(&mut second));
        assert!(tokio::time::timeout(Duration::from_millis(200), &mut waiting).await.is_err());
        drop(first);
        let said = tokio::time::timeout(Duration::from_secs(10), waiting).await.unwrap();
        assert!(said.starts_with("HTTP/1.1 200"), "{said}");
    }
}
