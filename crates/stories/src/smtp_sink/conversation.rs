//! One connection to the sink: commands in, answers out, as the script has it.

use std::io;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::{Manners, Moment, Received, Record, Script, locked};

/// What follows after one command.
enum Next {
    Go,
    Close,
}

/// A connection and where it has got to.
pub(super) struct Conversation {
    stream: TcpStream,
    unread: Vec<u8>,
    record: Arc<Mutex<Record>>,
    manners: Manners,
    number: usize,
    messages: usize,
    script: Script,
    connecting: Script,
    known: bool,
    from: Option<String>,
    to: Vec<String>,
}

impl Conversation {
    /// Begins one; a script that is about connecting is used up here.
    pub(super) fn new(stream: TcpStream, record: Arc<Mutex<Record>>, manners: Manners) -> Self {
        let mut now = locked(&record);
        now.connections += 1;
        let number = now.connections - 1;
        let about_connecting = now.scripts.front().is_some_and(Script::is_about_connecting);
        let connecting = if about_connecting { now.scripts.pop_front() } else { None };
        drop(now);
        let known = manners.login.is_none();
        Conversation {
            stream,
            unread: Vec::new(),
            record,
            manners,
            number,
            messages: 0,
            script: Script::Accept,
            connecting: connecting.unwrap_or(Script::Accept),
            known,
            from: None,
            to: Vec::new(),
        }
    }

    /// Goes on until one side closes.
    pub(super) async fn run(&mut self) -> io::Result<()> {
        self.stream.set_nodelay(true)?;
        self.script = self.connecting.clone();
        if !self.scripted(Moment::Greeting, "220 sink.test ESMTP").await? {
            return Ok(());
        }
        loop {
            let line = self.line().await?;
            match self.command(&line).await? {
                Next::Go => {}
                Next::Close => return Ok(()),
            }
        }
    }

    async fn command(&mut self, line: &str) -> io::Result<Next> {
        let verb = line.split([' ', ':']).next().unwrap_or_default().to_ascii_uppercase();
        match verb.as_str() {
            "EHLO" => self.hello().await?,
            "AUTH" => self.auth(line).await?,
            "RSET" | "NOOP" => {
                self.forget();
                self.say("250 2.0.0 Ok").await?;
            }
            "QUIT" => {
                self.say("221 2.0.0 Bye").await?;
                return Ok(Next::Close);
            }
            "MAIL" => self.mail(line).await?,
            "RCPT" => self.rcpt(line).await?,
            "DATA" => return self.data().await,
            _ => self.say("500 5.5.2 What?").await?,
        }
        Ok(Next::Go)
    }

    async fn hello(&mut self) -> io::Result<()> {
        self.script = self.connecting.clone();
        let pipelining = if self.manners.pipelining { "250-PIPELINING\r\n" } else { "" };
        let auth = self.manners.login.as_ref().map(|_| format!("250-AUTH {}\r\n", self.manners.mechanisms));
        let abilities = format!(
            "250-sink.test\r\n{pipelining}{}250-SIZE 50000000\r\n250 ENHANCEDSTATUSCODES",
            auth.unwrap_or_default()
        );
        self.scripted(Moment::Hello, &abilities).await.map(drop)
    }

    async fn auth(&mut self, line: &str) -> io::Result<()> {
        let (user, password) = self.manners.login.clone().unwrap_or_default();
        let plain = format!("AUTH PLAIN {}", STANDARD.encode(format!("\0{user}\0{password}")));
        self.known = if line == "AUTH LOGIN" {
            self.say("334 VXNlcm5hbWU6").await?;
            let user_said = self.line().await?;
            self.say("334 UGFzc3dvcmQ6").await?;
            let password_said = self.line().await?;
            user_said == STANDARD.encode(user) && password_said == STANDARD.encode(password)
        } else {
            line == plain
        };
        let answer = if self.known { "235 2.7.0 Welcome" } else { "535 5.7.8 Wrong user or password" };
        self.say(answer).await
    }

    async fn mail(&mut self, line: &str) -> io::Result<()> {
        if !self.known {
            return self.say("530 5.7.0 Log in first").await;
        }
        self.script = locked(&self.record).scripts.pop_front().unwrap_or(Script::Accept);
        if self.scripted(Moment::Mail, "250 2.1.0 Ok").await? {
            self.from = Some(bracketed(line));
        }
        Ok(())
    }

    async fn rcpt(&mut self, line: &str) -> io::Result<()> {
        if self.from.is_none() {
            return self.say("503 5.5.1 MAIL first").await;
        }
        if self.scripted(Moment::Rcpt, "250 2.1.5 Ok").await? {
            self.to.push(bracketed(line));
        }
        Ok(())
    }

    async fn data(&mut self) -> io::Result<Next> {
        if self.to.is_empty() {
            self.say("554 5.5.1 No valid recipients").await?;
            return Ok(Next::Go);
        }
        if !self.scripted(Moment::Data, "354 Go on").await? {
            return Ok(Next::Go);
        }
        if self.script == Script::DropBeforeDot {
            self.read().await?;
            return Ok(Next::Close);
        }
        let raw = self.until_dot().await?;
        self.examine(&raw);
        self.end_of_message(&raw).await
    }

    async fn end_of_message(&mut self, raw: &[u8]) -> io::Result<Next> {
        self.note(raw);
        match self.script.clone() {
            Script::DropAfterDot => return Ok(Next::Close),
            Script::AcceptThenReset => {
                self.say("250 2.0.0 Taken").await?;
                self.stream.set_zero_linger()?;
                return Ok(Next::Close);
            }
            Script::SlowDrip(pause) => self.drip("250 2.0.0 Taken slowly\r\n", pause).await?,
            _ => {
                let answer = format!("250 2.0.0 Taken as {}-{}", self.number, self.messages);
                self.scripted(Moment::Dot, &answer).await?;
            }
        }
        self.forget();
        self.messages += 1;
        let done = self.manners.messages_per_connection.is_some_and(|most| self.messages >= most);
        Ok(if done { Next::Close } else { Next::Go })
    }

    /// Remembers a message that came to its final dot, and whether it is taken.
    fn note(&self, raw: &[u8]) {
        let from = self.from.clone().unwrap_or_default();
        let offered = Received { connection: self.number, from, to: self.to.clone(), bytes: unstuffed(raw) };
        let mut record = locked(&self.record);
        record.offered.push(offered.clone());
        if !matches!(self.script, Script::Reject(Moment::Dot, ..)) {
            record.received.push(offered);
        }
    }

    fn forget(&mut self) {
        self.from = None;
        self.to.clear();
    }

    /// Says `yes`, unless the script wants something else here. Answers whether `yes` was said.
    async fn scripted(&mut self, moment: Moment, yes: &str) -> io::Result<bool> {
        match self.script.clone() {
            Script::Reject(at, code, words) if at == moment => {
                self.say(&format!("{code} {words}")).await?;
                if code == 421 { Err(io::ErrorKind::ConnectionAborted.into()) } else { Ok(false) }
            }
            Script::Hang(at) if at == moment => std::future::pending().await,
            _ => self.say(yes).await.map(|()| true),
        }
    }

    async fn say(&mut self, words: &str) -> io::Result<()> {
        self.stream.write_all(format!("{words}\r\n").as_bytes()).await
    }

    #[expect(clippy::disallowed_methods, reason = "a server that is slow on purpose")]
    async fn drip(&mut self, words: &str, pause: Duration) -> io::Result<()> {
        for byte in words.bytes() {
            self.stream.write_all(&[byte]).await?;
            tokio::time::sleep(pause).await;
        }
        Ok(())
    }

    /// The next command, without its line end.
    async fn line(&mut self) -> io::Result<String> {
        loop {
            if let Some(end) = self.unread.iter().position(|byte| *byte == b'\n') {
                let line: Vec<u8> = self.unread.drain(..=end).collect();
                self.examine(&line);
                let line = String::from_utf8_lossy(&line).trim_end().to_owned();
                if !self.manners.pipelining && !self.unread.is_empty() {
                    self.breach("commands were sent ahead, which was not offered");
                }
                return Ok(line);
            }
            self.read().await?;
            let read = String::from_utf8_lossy(&self.unread).into_owned();
            locked(&self.record).reads.push(read);
        }
    }

    /// Everything up to the final dot, without it.
    async fn until_dot(&mut self) -> io::Result<Vec<u8>> {
        let mut seen: usize = 0;
        loop {
            if self.unread.starts_with(b".\r\n") {
                self.unread.drain(..3);
                return Ok(Vec::new());
            }
            let from = seen.saturating_sub(4);
            if let Some(at) = self.unread[from..].windows(5).position(|five| five == b"\r\n.\r\n") {
                let mut message: Vec<u8> = self.unread.drain(..from + at + 5).collect();
                message.truncate(message.len() - 3);
                return Ok(message);
            }
            seen = self.unread.len();
            self.read().await?;
        }
    }

    async fn read(&mut self) -> io::Result<()> {
        // So much room that what the client wrote at once is read at once.
        self.unread.reserve(64 * 1024);
        match self.stream.read_buf(&mut self.unread).await? {
            0 => Err(io::ErrorKind::UnexpectedEof.into()),
            _ => Ok(()),
        }
    }

    fn examine(&self, bytes: &[u8]) {
        breaches(bytes).into_iter().for_each(|breach| self.breach(breach));
    }

    fn breach(&self, what: &str) {
        locked(&self.record).violations.push(format!("connection {}: {what}", self.number));
    }
}

/// What is wrong with lines that should all end in CRLF (RFC 5321 §2.3.8, §4.5.3.1.6).
fn breaches(bytes: &[u8]) -> Vec<&'static str> {
    let mut found = Vec::new();
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        let text = line.strip_suffix(b"\r\n");
        let checks = [
            (text.is_none(), "a line does not end in CRLF"),
            (text.unwrap_or(line).contains(&b'\r'), "a CR on its own"),
            (line.len() > 1_000, "a line of more than 998 bytes"),
            (line.contains(&0), "a NUL"),
            (!line.is_ascii(), "a byte above 127, which was not offered"),
        ];
        found.extend(checks.into_iter().filter(|(wrong, _)| *wrong).map(|(_, what)| what));
    }
    found
}

fn unstuffed(raw: &[u8]) -> Vec<u8> {
    let lines = raw.split_inclusive(|byte| *byte == b'\n');
    lines.flat_map(|line| line.strip_prefix(b".").unwrap_or(line)).copied().collect()
}

/// What stands between the first angle brackets.
fn bracketed(line: &str) -> String {
    let inner = line.split_once('<').and_then(|(_, rest)| rest.split_once('>'));
    inner.map_or(String::new(), |(inner, _)| inner.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strictness_is_strict() {
        assert!(breaches(b"a\r\n.\r\n\r\n").is_empty());
        for bytes in
            [&b"a\n"[..], b"a\rb\r\n", b"a\r\r\n", b"a", b"\0\r\n", "é\r\n".as_bytes(), &[b'x'; 1_001]]
        {
            assert!(!breaches(bytes).is_empty(), "{bytes:?}");
        }
    }

    #[test]
    fn doubled_dots_become_single() {
        assert_eq!(unstuffed(b"..\r\na.\r\n...b\r\n"), b".\r\na.\r\n..b\r\n");
    }
}
