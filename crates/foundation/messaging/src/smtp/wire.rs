//! Bytes to and from the server, each step with its own time limit.
//!
//! The stream is driven here and not by a client library because three things have to be exact: what was in which
//! write (commands go out together), which of several pipelined replies had arrived when the connection broke, and
//! whether anything was read before the final dot was written.

use std::io;
use std::time::Duration;

use rustls::pki_types::ServerName;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::time::timeout;
use tokio_rustls::TlsConnector;

use super::reply::{Nonsense, Reply};
use super::verdict::Step;
use crate::provider::{Refusal, RefusalClass};

/// Room for a usual reply in one read.
const READ_BYTES: usize = 1024;

/// What bytes travel over: TCP, or TLS over TCP.
pub(super) trait Stream: AsyncRead + AsyncWrite + Unpin + Send {}
impl<T: AsyncRead + AsyncWrite + Unpin + Send> Stream for T {}

/// A conversation that broke off.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Trouble {
    /// Nothing came in time.
    Silence(Duration),
    /// The server closed the connection.
    Closed,
    /// The network failed.
    Broken(io::ErrorKind),
    /// What came is not SMTP.
    Nonsense,
    /// The server could not prove who it is.
    Distrusted(String),
}

impl Trouble {
    /// What happened, for the operator.
    pub fn words(&self, step: Step) -> String {
        let step = step.name();
        match self {
            Trouble::Silence(limit) => format!("No answer within {limit:?} (at {step})"),
            Trouble::Closed => format!("The server closed the connection (at {step})"),
            Trouble::Broken(kind) => format!("The connection failed: {kind} (at {step})"),
            Trouble::Nonsense => format!("The answer is not SMTP (at {step})"),
            Trouble::Distrusted(why) => format!("The server's certificate is not trusted: {why} (at {step})"),
        }
    }

    /// The refusal that this is as long as no message can have been taken.
    pub fn refusal(&self, step: Step) -> Refusal {
        let class = match self {
            Trouble::Silence(_) | Trouble::Closed | Trouble::Broken(_) | Trouble::Nonsense => {
                RefusalClass::Transient
            }
            // Trying again does not mend a certificate: the operator has to know.
            Trouble::Distrusted(_) => RefusalClass::Account,
        };
        Refusal { class, words: kernel::text::shortened(&self.words(step), 500), retry_after: None }
    }
}

impl From<io::Error> for Trouble {
    fn from(error: io::Error) -> Self {
        Trouble::Broken(error.kind())
    }
}

impl From<Nonsense> for Trouble {
    fn from(Nonsense: Nonsense) -> Self {
        Trouble::Nonsense
    }
}

/// An open connection and what was read from it but not yet used.
pub(super) struct Wire {
    stream: Box<dyn Stream>,
    unread: Vec<u8>,
    is_secure: bool,
    certificate: Option<Vec<u8>>,
}

impl Wire {
    /// A connection without TLS.
    pub fn plain(stream: impl Stream + 'static) -> Self {
        Wire { stream: Box::new(stream), unread: Vec::new(), is_secure: false, certificate: None }
    }

    /// Whether TLS protects what is said.
    pub fn is_secure(&self) -> bool {
        self.is_secure
    }

    /// The server's own certificate, in DER.
    pub fn certificate(&self) -> Option<&[u8]> {
        self.certificate.as_deref()
    }

    /// The same connection within TLS.
    pub async fn secured(self, tls: &TlsConnector, host: &str, within: Duration) -> Result<Self, Trouble> {
        // Anything read ahead was said before the handshake and could come from somebody in between.
        if !self.unread.is_empty() {
            return Err(Trouble::Nonsense);
        }
        let name =
            ServerName::try_from(host.to_owned()).map_err(|error| Trouble::Distrusted(error.to_string()))?;
        let handshake = timeout(within, tls.connect(name, self.stream)).await;
        let stream = handshake.map_err(|_| Trouble::Silence(within))?.map_err(handshake_trouble)?;
        let chain = stream.get_ref().1.peer_certificates().unwrap_or_default();
        let certificate = chain.first().map(|certificate| certificate.as_ref().to_vec());
        Ok(Wire { stream: Box::new(stream), unread: Vec::new(), is_secure: true, certificate })
    }

    /// Writes all of `bytes` in one go.
    pub async fn write(&mut self, bytes: &[u8], within: Duration) -> Result<(), Trouble> {
        let written = async {
            self.stream.write_all(bytes).await?;
            self.stream.flush().await
        };
        Ok(timeout(within, written).await.map_err(|_| Trouble::Silence(within))??)
    }

    /// Writes all of `bytes` in one go, and says beside any trouble how many of them the connection has taken.
    pub async fn write_counting(&mut self, bytes: &[u8], within: Duration) -> (usize, Result<(), Trouble>) {
        let mut taken = 0;
        let writing = async {
            while taken < bytes.len() {
                match self.stream.write(&bytes[taken..]).await? {
                    0 => return Err(Trouble::Closed),
                    more => taken += more,
                }
            }
            Ok(self.stream.flush().await?)
        };
        let written = timeout(within, writing).await;
        (taken, written.unwrap_or(Err(Trouble::Silence(within))))
    }

    /// Waits for the next reply. `within` is for all of it, so a server can't hold us with a byte now and then.
    pub async fn reply(&mut self, within: Duration) -> Result<Reply, Trouble> {
        timeout(within, self.next_reply()).await.map_err(|_| Trouble::Silence(within))?
    }

    /// Says something and waits for the answer.
    pub async fn ask(&mut self, command: &str, within: Duration) -> Result<Reply, Trouble> {
        self.write(command.as_bytes(), within).await?;
        self.reply(within).await
    }

    /// What the server has said without being asked, if it has; does not wait.
    pub async fn unasked(&mut self) -> Option<Result<Reply, Trouble>> {
        timeout(Duration::ZERO, self.next_reply()).await.ok()
    }

    async fn next_reply(&mut self) -> Result<Reply, Trouble> {
        loop {
            if let Some(reply) = Reply::take(&mut self.unread)? {
                return Ok(reply);
            }
            self.unread.reserve(READ_BYTES);
            if self.stream.read_buf(&mut self.unread).await? == 0 {
                return Err(Trouble::Closed);
            }
        }
    }
}

/// A failed check of the certificate is something else than a failed network, and needs a person.
fn handshake_trouble(error: io::Error) -> Trouble {
    match error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>()) {
        Some(reason @ rustls::Error::InvalidCertificate(_)) => Trouble::Distrusted(reason.to_string()),
        Some(_) | None => Trouble::Broken(error.kind()),
    }
}
