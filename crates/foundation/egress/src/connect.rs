//! The client: a checked connection, then one request on it.

use std::net::{IpAddr, SocketAddr};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use http_body_util::{BodyExt, Full, Limited};
use hyper::body::{Bytes, Incoming};
use hyper::client::conn::http1::{self, SendRequest};
use hyper_util::rt::TokioIo;
use kernel::Result;
use rustls::pki_types::ServerName;
use tls::Tls;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::time::timeout;
use url::{Host, Url};

use crate::call::{Answer, CallError, NoAnswer, Request};
use crate::resolve::{Resolve, SystemResolver};
use crate::rules::Rules;

/// How long name, connection and TLS may take together.
const CONNECTING: Duration = Duration::from_secs(10);
/// What we call ourselves.
const USER_AGENT: &str = concat!("Aftercare/", env!("CARGO_PKG_VERSION"));

/// The client. Cheap to clone.
#[derive(Clone)]
pub struct Egress {
    rules: Arc<Rules>,
    resolver: Arc<dyn Resolve>,
    tls: Tls,
}

/// Nothing of the request was said: always safe to repeat.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotReached {
    /// Whether the rules forbid it, so that a repeat would end the same way.
    pub is_forbidden: bool,
    /// What happened, for the operator.
    pub words: String,
}

/// A connection that waits for its one request.
pub struct Line {
    sender: SendRequest<Full<Bytes>>,
}

impl Egress {
    /// A client under these rules.
    pub fn new(rules: Rules) -> Result<Self> {
        Egress::with(rules, Arc::new(SystemResolver), None)
    }

    /// A client with a resolver and further certificate authorities (a PEM file) of the caller's choice.
    pub fn with(rules: Rules, resolver: Arc<dyn Resolve>, ca: Option<&Path>) -> Result<Self> {
        Ok(Egress { rules: Arc::new(rules), resolver, tls: Tls::new(ca, Some("http/1.1"))? })
    }

    /// Opens a connection for one request to `url`: resolved, checked, pinned, encrypted.
    pub async fn connect(&self, url: &Url) -> std::result::Result<Line, NotReached> {
        if let Some(why) = self.rules.refuse_url(url) {
            return Err(forbidden(why));
        }
        match timeout(CONNECTING, self.connect_now(url)).await {
            Ok(connected) => connected,
            Err(_) => Err(unreachable("connecting took too long")),
        }
    }

    /// Connects and sends.
    pub async fn call(&self, request: Request) -> std::result::Result<Answer, CallError> {
        let line = self.connect(&request.url).await.map_err(CallError::NotReached)?;
        line.send(request).await.map_err(CallError::NoAnswer)
    }

    async fn connect_now(&self, url: &Url) -> std::result::Result<Line, NotReached> {
        let port = url.port_or_known_default().unwrap_or(443);
        let addresses = self.checked_addresses(url, port).await?;
        let stream = reach(&addresses, port).await?;
        // One small request: waiting to fill a packet would only delay it.
        let _ = stream.set_nodelay(true);
        if url.scheme() == "http" {
            return line_over(stream).await;
        }
        let name = server_name(url)?;
        let tls = self.tls.connector().map_err(|error| unreachable(error.operator_detail()))?;
        let stream = tls.connect(name, stream).await;
        line_over(stream.map_err(|error| unreachable(&format!("TLS failed: {error}")))?).await
    }

    /// The addresses of the host, once all of them are allowed: a name that leads inside as well as outside is refused.
    async fn checked_addresses(&self, url: &Url, port: u16) -> std::result::Result<Vec<IpAddr>, NotReached> {
        let addresses = match url.host() {
            Some(Host::Ipv4(address)) => vec![IpAddr::V4(address)],
            Some(Host::Ipv6(address)) => vec![IpAddr::V6(address)],
            Some(Host::Domain(name)) => {
                let found = self.resolver.addresses(name).await;
                found
                    .map_err(|error| unreachable(&format!("the name can't be resolved: {}", error.kind())))?
            }
            None => Vec::new(),
        };
        let refused = addresses.iter().find_map(|address| self.rules.refuse_address(*address, port));
        match refused {
            Some(why) => Err(forbidden(why)),
            None if addresses.is_empty() => Err(unreachable("the name has no address")),
            None => Ok(addresses),
        }
    }
}

/// The first of the addresses that answers.
async fn reach(addresses: &[IpAddr], port: u16) -> std::result::Result<TcpStream, NotReached> {
    let share = CONNECTING / (addresses.len().min(4) as u32 + 1);
    let mut last = unreachable("the name has no address");
    for address in addresses {
        match timeout(share, TcpStream::connect(SocketAddr::new(*address, port))).await {
            Ok(Ok(stream)) => return Ok(stream),
            Ok(Err(error)) => last = unreachable(&format!("no connection: {}", error.kind())),
            Err(_) => last = unreachable("no connection: it took too long"),
        }
    }
    Err(last)
}

fn server_name(url: &Url) -> std::result::Result<ServerName<'static>, NotReached> {
    let host = match url.host() {
        Some(Host::Ipv6(address)) => address.to_string(),
        _ => url.host_str().unwrap_or_default().to_owned(),
    };
    ServerName::try_from(host).map_err(|_| forbidden("the host's name can't stand in a certificate"))
}

async fn line_over<S>(stream: S) -> std::result::Result<Line, NotReached>
where
    S: AsyncRead + AsyncWrite + Send + Unpin + 'static,
{
    let shaken = http1::handshake(TokioIo::new(stream)).await;
    let (sender, connection) = shaken.map_err(|error| unreachable(&format!("no connection: {error}")))?;
    // The connection ends with its sender; what goes wrong with it is seen there.
    tokio::spawn(async move {
        let _ = connection.await;
    });
    Ok(Line { sender })
}

impl Line {
    /// Sends the request and reads the answer, to the caps of the request.
    pub async fn send(mut self, request: Request) -> std::result::Result<Answer, NoAnswer> {
        let (time, max) = (request.timeout, request.max_answer_bytes);
        let prepared = prepared(request)?;
        match timeout(time, self.exchange(prepared, max)).await {
            Ok(answered) => answered,
            Err(_) => Err(silence("the answer took too long")),
        }
    }

    async fn exchange(
        &mut self,
        request: hyper::Request<Full<Bytes>>,
        max: usize,
    ) -> std::result::Result<Answer, NoAnswer> {
        let answered = self.sender.send_request(request).await;
        let response = answered.map_err(|error| silence(&format!("no answer: {error}")))?;
        let (parts, body) = response.into_parts();
        let headers = parts.headers.iter();
        let headers = headers.map(|(name, value)| {
            (name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned())
        });
        let headers = headers.collect();
        let (body, is_whole) = read_to(body, max).await?;
        Ok(Answer { status: parts.status.as_u16(), headers, body, is_whole })
    }
}

/// At most `max` bytes of a body, and whether that is all.
async fn read_to(body: Incoming, max: usize) -> std::result::Result<(Vec<u8>, bool), NoAnswer> {
    let mut body = Limited::new(body, max);
    let mut read = Vec::new();
    while let Some(frame) = body.frame().await {
        match frame {
            Ok(frame) => read.extend_from_slice(frame.data_ref().map_or(&[][..], |data| data)),
            Err(error) if error.is::<http_body_util::LengthLimitError>() => return Ok((read, false)),
            Err(error) => return Err(silence(&format!("the answer broke off: {error}"))),
        }
    }
    Ok((read, true))
}

/// Our request as hyper's. The target is path and query alone, the host goes into its header.
fn prepared(request: Request) -> std::result::Result<hyper::Request<Full<Bytes>>, NoAnswer> {
    let path = &request.url[url::Position::BeforePath..url::Position::AfterQuery];
    let host = &request.url[url::Position::BeforeHost..url::Position::AfterPort];
    let mut builder = hyper::Request::builder().method(request.method).uri(path).header("host", host);
    builder = builder.header("user-agent", USER_AGENT);
    for (name, value) in &request.headers {
        builder = builder.header(name, value);
    }
    builder.body(Full::new(Bytes::from(request.body))).map_err(|_| silence("the request can't be written"))
}

fn forbidden(why: &str) -> NotReached {
    NotReached { is_forbidden: true, words: format!("Not called: {why}.") }
}

fn unreachable(what: &str) -> NotReached {
    NotReached { is_forbidden: false, words: format!("Not reached: {what}.") }
}

fn silence(what: &str) -> NoAnswer {
    NoAnswer { words: format!("Unknown: {what}.") }
}

impl std::fmt::Debug for Egress {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Egress({:?})", self.rules.reach)
    }
}
