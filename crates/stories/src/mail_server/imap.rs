//! As much IMAP as it takes to read a mailbox.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

/// A session with the IMAP server, logged in.
pub(super) struct Imap {
    stream: BufReader<TcpStream>,
}

/// What came before the tagged answer: lines, and the literals they announced.
#[derive(Default)]
struct Answer {
    lines: Vec<String>,
    literals: Vec<Vec<u8>>,
}

impl Imap {
    /// Connects and logs in.
    pub(super) fn log_in(port: u16, user: &str, password: &str) -> io::Result<Imap> {
        let stream = TcpStream::connect(("127.0.0.1", port))?;
        stream.set_read_timeout(Some(Duration::from_secs(20)))?;
        let mut imap = Imap { stream: BufReader::new(stream) };
        imap.line()?;
        imap.ask(&format!("LOGIN \"{user}\" \"{password}\""))?;
        Ok(imap)
    }

    /// Every message of the inbox, oldest first.
    pub(super) fn inbox(&mut self) -> io::Result<Vec<Vec<u8>>> {
        self.ask("SELECT INBOX")?;
        let found = self.ask("SEARCH ALL")?;
        let numbers = found.lines.iter().find_map(|line| line.strip_prefix("* SEARCH")).unwrap_or_default();
        let mut messages = Vec::new();
        for number in numbers.split_whitespace() {
            let fetched = self.ask(&format!("FETCH {number} RFC822"))?;
            messages.extend(fetched.literals.into_iter().next());
        }
        Ok(messages)
    }

    fn ask(&mut self, command: &str) -> io::Result<Answer> {
        self.stream.get_mut().write_all(format!("a {command}\r\n").as_bytes())?;
        let mut answer = Answer::default();
        loop {
            let line = self.line()?;
            if let Some(said) = line.strip_prefix("a ") {
                let refused = || io::Error::other(format!("IMAP refused {command:?}: {said}"));
                return if said.starts_with("OK") { Ok(answer) } else { Err(refused()) };
            }
            if let Some(length) = announced(&line) {
                let mut literal = vec![0; length];
                self.stream.read_exact(&mut literal)?;
                answer.literals.push(literal);
            }
            answer.lines.push(line);
        }
    }

    fn line(&mut self) -> io::Result<String> {
        let mut line = String::new();
        match self.stream.read_line(&mut line)? {
            0 => Err(io::ErrorKind::UnexpectedEof.into()),
            _ => Ok(line.trim_end().to_owned()),
        }
    }
}

/// The length of the literal that follows a line ending in `{123}`.
fn announced(line: &str) -> Option<usize> {
    line.strip_suffix('}')?.rsplit_once('{')?.1.parse().ok()
}
