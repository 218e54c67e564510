//! What a mail server answers, read from bytes (RFC 5321 §4.2, RFC 3463).

/// No reply is longer; a server that goes on is not speaking SMTP.
const MAX_REPLY_BYTES: usize = 64 * 1024;

/// An enhanced status code: class, subject, detail.
pub(super) type Enhanced = (u8, u16, u16);

/// One complete reply.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Reply {
    /// Three digits.
    pub code: u16,
    /// The enhanced status code at the head of the text, when there is one.
    pub enhanced: Option<Enhanced>,
    /// The text of each line, without codes.
    pub lines: Vec<String>,
}

/// The bytes are not an SMTP reply.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Nonsense;

impl Reply {
    /// Takes the first complete reply off the front of `bytes`; `None` when more has to be read.
    pub fn take(bytes: &mut Vec<u8>) -> Result<Option<Reply>, Nonsense> {
        let mut reply = Reply { code: 0, enhanced: None, lines: Vec::new() };
        let mut read = 0;
        while let Some(length) = bytes[read..].iter().position(|byte| *byte == b'\n') {
            let last = reply.add_line(&bytes[read..read + length])?;
            read += length + 1;
            if last {
                bytes.drain(..read);
                return Ok(Some(reply));
            }
        }
        if bytes.len() > MAX_REPLY_BYTES { Err(Nonsense) } else { Ok(None) }
    }

    /// Adds one line and says whether it was the last.
    fn add_line(&mut self, line: &[u8]) -> Result<bool, Nonsense> {
        let line = String::from_utf8_lossy(line.strip_suffix(b"\r").unwrap_or(line)).into_owned();
        let (code, rest) = line.split_at_checked(3).ok_or(Nonsense)?;
        let code = reply_code(code).ok_or(Nonsense)?;
        if self.code != 0 && self.code != code {
            return Err(Nonsense);
        }
        self.code = code;
        let (last, text) = match rest.as_bytes().first() {
            None => (true, ""),
            Some(b' ') => (true, &rest[1..]),
            Some(b'-') => (false, &rest[1..]),
            Some(_) => return Err(Nonsense),
        };
        let (enhanced, text) = without_enhanced(code, text);
        self.enhanced = self.enhanced.or(enhanced);
        self.lines.push(text.to_owned());
        Ok(last)
    }

    /// The server did what it was asked to.
    pub fn is_done(&self) -> bool {
        (200..300).contains(&self.code)
    }

    /// The server waits for more: the message after `DATA`, the next answer within `AUTH`.
    pub fn wants_more(&self) -> bool {
        (300..400).contains(&self.code)
    }

    /// The server said no, for now or for good.
    pub fn is_no(&self) -> bool {
        self.code >= 400
    }

    /// The server is about to close the connection.
    pub fn is_closing(&self) -> bool {
        self.code == 421
    }
}

fn reply_code(digits: &str) -> Option<u16> {
    let plain = digits.bytes().all(|b| b.is_ascii_digit());
    digits.parse().ok().filter(|code| plain && (200..600).contains(code))
}

/// Splits `5.1.1 No such user` where its class agrees with the reply code (RFC 2034 §4).
fn without_enhanced(code: u16, text: &str) -> (Option<Enhanced>, &str) {
    let (head, rest) = text.split_once(' ').unwrap_or((text, ""));
    match enhanced(head) {
        Some(status) if u16::from(status.0) == code / 100 => (Some(status), rest.trim_start()),
        Some(_) | None => (None, text),
    }
}

fn enhanced(word: &str) -> Option<Enhanced> {
    let mut numbers = word.splitn(3, '.');
    let class = numbers.next()?.parse().ok()?;
    let subject = numbers.next()?.parse().ok()?;
    let detail = numbers.next()?.parse().ok()?;
    Some((class, subject, detail))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(bytes: &[u8]) -> Vec<Reply> {
        let mut bytes = bytes.to_vec();
        std::iter::from_fn(|| Reply::take(&mut bytes).unwrap()).collect()
    }

    #[test]
    fn pipelined_replies_come_one_by_one() {
        let replies = all(b"250 2.1.0 Ok\r\n550-5.1.1 No such\r\n550 5.1.1 user\r\n354 Go on\r\n250 half");
        let codes: Vec<u16> = replies.iter().map(|reply| reply.code).collect();
        assert_eq!(codes, [250, 550, 354]);
        assert_eq!(replies[1].enhanced, Some((5, 1, 1)));
        assert_eq!(replies[1].lines, ["No such", "user"]);
    }

    #[test]
    fn short_and_sloppy_replies_are_read() {
        assert_eq!(all(b"250\r\n")[0].lines, [""]);
        assert_eq!(all(b"250 ok\n")[0].lines, ["ok"]);
        assert_eq!(all(b"550 5.1.10\r\n")[0].enhanced, Some((5, 1, 10)));
        assert_eq!(all(b"250 4.0.1 is our version\r\n")[0].enhanced, None);
        assert_eq!(all(b"250 10.0.0.1 hello\r\n")[0].enhanced, None);
    }

    #[test]
    fn what_is_not_smtp_is_said() {
        for bytes in [
            "HTTP/1.1 400 Bad Request\r\n",
            "25\r\n",
            "250x\r\n",
            "250-a\r\n550 b\r\n",
            "999 x\r\n",
            "\r\n",
            "+25 x\r\n",
            "25é\r\n",
        ] {
            assert_eq!(Reply::take(&mut bytes.as_bytes().to_vec()), Err(Nonsense), "{bytes:?}");
        }
        let endless = "250-x\r\n".repeat(20_000);
        assert_eq!(Reply::take(&mut endless.into_bytes()), Err(Nonsense));
    }
}
