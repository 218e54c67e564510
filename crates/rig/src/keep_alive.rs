//! An HTTP client that keeps its connection, for posting one thing after the other as fast as it is answered.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use memchr::memmem;

/// Longer than any answer takes that comes.
const PATIENCE: Duration = Duration::from_secs(30);

/// What came back: the status, and the seconds of `Retry-After`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The status code.
    pub status: u16,
    /// How many seconds to wait, where that was said.
    pub retry_after_s: Option<u32>,
}

/// One connection to one port of this machine, made when it is needed.
pub struct Client {
    port: u16,
    stream: Option<TcpStream>,
    read: Vec<u8>,
}

impl Client {
    /// A client that has no connection yet.
    pub fn new(port: u16) -> Client {
        Client { port, stream: None, read: Vec::new() }
    }

    /// Posts JSON with a key of the API. An error leaves open whether it was taken; the connection is made anew.
    pub fn post_json(&mut self, path: &str, key: &str, body: &str) -> io::Result<Answer> {
        self.send(post_of(self.port, path, key, body).as_bytes())
    }

    /// Sends a whole request and reads its answer.
    pub fn send(&mut self, request: &[u8]) -> io::Result<Answer> {
        let answer = self.exchange(request);
        if answer.is_err() {
            self.stream = None;
        }
        answer
    }

    fn exchange(&mut self, request: &[u8]) -> io::Result<Answer> {
        let stream = match &mut self.stream {
            Some(stream) => stream,
            none => {
                let address = SocketAddr::from(([127, 0, 0, 1], self.port));
                let stream = TcpStream::connect_timeout(&address, PATIENCE)?;
                stream.set_nodelay(true)?;
                stream.set_read_timeout(Some(PATIENCE))?;
                none.insert(stream)
            }
        };
        stream.write_all(request)?;
        self.read.clear();
        let mut piece = [0; 16 * 1024];
        loop {
            let more = stream.read(&mut piece)?;
            if more == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            self.read.extend_from_slice(&piece[..more]);
            if let Some((answer, _)) = parse(&self.read) {
                return Ok(answer);
            }
        }
    }
}

/// A request that posts JSON with a key of the API, byte for byte.
pub fn post_of(port: u16, path: &str, key: &str, body: &str) -> String {
    format!(
        "POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAuthorization: Bearer {key}\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
}

/// The first whole answer in `bytes` and how long it is; `None` while it is not there yet. Answers without a length
/// are not made by the server under test.
pub fn parse(bytes: &[u8]) -> Option<(Answer, usize)> {
    let end = memmem::find(bytes, b"\r\n\r\n")?;
    let head = std::str::from_utf8(&bytes[..end]).ok()?;
    let mut lines = head.split("\r\n");
    let status = lines.next()?.split(' ').nth(1)?.parse().ok()?;
    let (mut length, mut retry_after_s) = (0, None);
    for (name, value) in lines.filter_map(|line| line.split_once(':')) {
        if name.eq_ignore_ascii_case("content-length") {
            length = value.trim().parse().ok()?;
        } else if name.eq_ignore_ascii_case("retry-after") {
            retry_after_s = value.trim().parse().ok();
        }
    }
    let whole = end + 4 + length;
    (bytes.len() >= whole).then_some((Answer { status, retry_after_s }, whole))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_read_when_it_is_whole() {
        let text = b"HTTP/1.1 503 Service Unavailable\r\nretry-after: 2\r\ncontent-length: 3\r\n\r\nnow";
        let whole = Answer { status: 503, retry_after_s: Some(2) };
        assert_eq!(parse(text), Some((whole, text.len())));
        assert_eq!(parse(&text[..text.len() - 1]), None);
        assert_eq!(parse(b"HTTP/1.1 204 No Content\r\n\r\nHTTP").map(|(_, length)| length), Some(27));
    }
}
