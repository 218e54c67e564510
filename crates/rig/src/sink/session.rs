//! One connection: commands in, answers out, nothing done twice.

use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::sync::atomic::Ordering;
use std::time::Duration;

use memchr::{memchr, memmem};
use rustix::net::sockopt::set_socket_linger;

use super::mix::Answer;
use super::{Message, Shared};
use crate::now::{now_us, pause};

/// As much as is read at once; a message of 10 KB and the commands around it many times over.
const ROOM: usize = 256 * 1024;
/// What is said one byte at a time is said with this pause between them.
const DRIP_PAUSE: Duration = Duration::from_millis(20);
const DOT: &[u8] = b"\r\n.\r\n";

/// Whether the conversation goes on.
enum Then {
    Read,
    Close,
}

struct Session<'a> {
    stream: TcpStream,
    shared: &'a Shared,
    input: Vec<u8>,
    /// How much of `input` has been read …
    filled: usize,
    /// … and how much of that has been dealt with.
    at: usize,
    output: Vec<u8>,
    from: Vec<u8>,
    to: Vec<u8>,
}

/// Talks until the client goes, or we hang up.
pub(super) fn serve(stream: TcpStream, shared: &Shared) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let (input, output) = (vec![0; ROOM], b"220 sink.test ESMTP\r\n".to_vec());
    let (from, to) = (Vec::new(), Vec::new());
    let mut session = Session { stream, shared, input, filled: 0, at: 0, output, from, to };
    loop {
        let Some(line) = session.line()? else { return Ok(()) };
        if let Then::Close = session.answer(&line)? {
            return session.flush();
        }
    }
}

impl Session<'_> {
    fn answer(&mut self, line: &[u8]) -> io::Result<Then> {
        let verb: Vec<u8> = line.iter().take(4).map(u8::to_ascii_uppercase).collect();
        match verb.as_slice() {
            b"EHLO" => self.say(b"250-sink.test\r\n250-PIPELINING\r\n250-8BITMIME\r\n250 SIZE 50000000\r\n"),
            b"MAIL" => {
                (self.from, self.to) = (bracketed(line), Vec::new());
                self.say(b"250 2.1.0 Ok\r\n");
            }
            b"RCPT" => {
                if self.to.is_empty() {
                    self.to = bracketed(line);
                }
                self.say(b"250 2.1.5 Ok\r\n");
            }
            b"DATA" => return self.data(),
            b"HELO" | b"RSET" | b"NOOP" => self.say(b"250 2.0.0 Ok\r\n"),
            b"QUIT" => {
                self.say(b"221 2.0.0 Bye\r\n");
                return Ok(Then::Close);
            }
            _ => self.say(b"502 5.5.2 What?\r\n"),
        }
        Ok(Then::Read)
    }

    fn data(&mut self) -> io::Result<Then> {
        self.say(b"354 Go on\r\n");
        let (begin, end) = self.message()?;
        let message =
            Message { from: &self.from, to: &self.to, raw: &self.input[begin..end], at_us: now_us() };
        let answer = judge(self.shared, &message)?;
        self.reply(answer)
    }

    /// Reads to the final dot: where in `input` the message is.
    fn message(&mut self) -> io::Result<(usize, usize)> {
        let finder = memmem::Finder::new(DOT);
        let mut searched = 0;
        loop {
            // Empty when its first line is the dot.
            if self.unread().starts_with(&DOT[2..]) {
                let begin = self.at;
                self.at += 3;
                return Ok((begin, begin));
            }
            let from = self.at + searched;
            if let Some(found) = finder.find(&self.input[from..self.filled]) {
                let (begin, end) = (self.at, from + found + 2);
                self.at = end + 3;
                return Ok((begin, end));
            }
            searched = self.unread().len().saturating_sub(DOT.len() - 1);
            if !self.read()? {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
        }
    }

    fn reply(&mut self, answer: Answer) -> io::Result<Then> {
        match answer {
            Answer::Accept => self.say(b"250 2.0.0 Taken\r\n"),
            Answer::Drip => {
                self.flush()?;
                for byte in b"250 2.0.0 Taken slowly\r\n" {
                    self.stream.write_all(&[*byte])?;
                    pause(DRIP_PAUSE);
                }
            }
            Answer::AcceptThenReset => {
                self.say(b"250 2.0.0 Taken\r\n");
                self.flush()?;
                set_socket_linger(&self.stream, Some(Duration::ZERO))?;
                return Ok(Then::Close);
            }
            Answer::AcceptThenHang => {
                self.flush()?;
                // Until the client has had enough.
                while self.stream.read(&mut [0; 512])? > 0 {}
                return Ok(Then::Close);
            }
            Answer::AcceptThenClose => {
                self.flush()?;
                self.stream.shutdown(Shutdown::Both)?;
                return Ok(Then::Close);
            }
            Answer::TryAgain => self.say(b"451 4.3.0 Come again\r\n"),
            Answer::Refuse => self.say(b"554 5.7.1 Not here\r\n"),
            Answer::TooBusy => {
                self.say(b"421 4.3.2 Too much to do\r\n");
                return Ok(Then::Close);
            }
        }
        Ok(Then::Read)
    }

    /// The next command, without its line end; `None` when the client has gone.
    fn line(&mut self) -> io::Result<Option<Vec<u8>>> {
        loop {
            if let Some(end) = memchr(b'\n', self.unread()) {
                let line = self.input[self.at..self.at + end].trim_ascii_end().to_vec();
                self.at += end + 1;
                return Ok(Some(line));
            }
            if !self.read()? {
                return Ok(None);
            }
        }
    }

    /// Reads more; says what there is to say first, because the client may wait for it. False at the end.
    fn read(&mut self) -> io::Result<bool> {
        self.flush()?;
        self.make_room();
        let read = self.stream.read(&mut self.input[self.filled..])?;
        self.filled += read;
        Ok(read > 0)
    }

    fn unread(&self) -> &[u8] {
        &self.input[self.at..self.filled]
    }

    /// Moves what is unread to the front when little room is left behind it, and takes more for a long message.
    fn make_room(&mut self) {
        if self.at == self.filled {
            (self.at, self.filled) = (0, 0);
        } else if self.input.len() - self.filled < ROOM / 2 {
            self.input.copy_within(self.at..self.filled, 0);
            (self.at, self.filled) = (0, self.filled - self.at);
            let needed = self.filled + ROOM / 2;
            self.input.resize(self.input.len().max(needed), 0);
        }
    }

    fn say(&mut self, words: &[u8]) {
        self.output.extend_from_slice(words);
    }

    fn flush(&mut self) -> io::Result<()> {
        if !self.output.is_empty() {
            self.stream.write_all(&self.output)?;
            self.output.clear();
        }
        Ok(())
    }
}

/// Counts a message, shows it, draws what is answered and writes that down.
fn judge(shared: &Shared, message: &Message<'_>) -> io::Result<Answer> {
    shared.counters.messages.fetch_add(1, Ordering::Relaxed);
    shared.counters.bytes.fetch_add(message.raw.len() as u64, Ordering::Relaxed);
    if let Some(look) = &shared.look {
        look(message);
    }
    if shared.draw.is_none() && shared.log.is_none() {
        return Ok(Answer::Accept);
    }
    let id = message_id(message.raw);
    let answer = shared.draw.as_ref().map_or(Answer::Accept, |draw| draw.answer(id));
    if let Some(log) = &shared.log {
        log.note(message, id, answer)?;
    }
    Ok(answer)
}

/// The value of the header `Message-ID`; empty when there is none.
pub(super) fn message_id(raw: &[u8]) -> &[u8] {
    const NAME: &[u8] = b"message-id:";
    let mut rest = raw;
    while let Some(end) = memchr(b'\n', rest) {
        let line = &rest[..end];
        if line.trim_ascii().is_empty() {
            break;
        }
        if line.len() > NAME.len() && line[..NAME.len()].eq_ignore_ascii_case(NAME) {
            return line[NAME.len()..].trim_ascii();
        }
        rest = &rest[end + 1..];
    }
    b""
}

/// What stands between the first angle brackets.
fn bracketed(line: &[u8]) -> Vec<u8> {
    let open = memchr(b'<', line).map_or(line.len(), |at| at + 1);
    let close = memchr(b'>', &line[open..]).unwrap_or(0);
    line[open..open + close].to_vec()
}
