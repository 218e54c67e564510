//! The last guard before the wire (RFC 5321 §4.5.2): dots are doubled, and line ends are CRLF whatever came in.
//!
//! A lone CR or LF is where servers disagree about where a line ends, and that is how one message is made to hold
//! another ("SMTP smuggling"). [`crate::mime`] writes none; should it ever, they end here.

/// The message as it goes out between `DATA` and the final dot, which is not part of it.
pub(super) fn stuffed(message: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(message.len() + message.len() / 64 + 2);
    let mut rest = message;
    while !rest.is_empty() {
        let length = rest.iter().position(|byte| matches!(byte, b'\r' | b'\n')).unwrap_or(rest.len());
        let (line, end) = rest.split_at(length);
        if line.first() == Some(&b'.') {
            out.push(b'.');
        }
        out.extend_from_slice(line);
        out.extend_from_slice(b"\r\n");
        rest = match end {
            [b'\r', b'\n', after @ ..] | [_, after @ ..] => after,
            [] => end,
        };
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dots_are_doubled_and_line_ends_made_whole() {
        let table: [(&[u8], &[u8]); 9] = [
            (b"", b""),
            (b"a\r\n", b"a\r\n"),
            (b"a", b"a\r\n"),
            (b".", b"..\r\n"),
            (b"a\r\n.\r\nb\r\n", b"a\r\n..\r\nb\r\n"),
            (b"a\n.\nMAIL FROM:<x@y>\n", b"a\r\n..\r\nMAIL FROM:<x@y>\r\n"),
            (b"a\r.\rb", b"a\r\n..\r\nb\r\n"),
            (b"a\r\r\n.b\n\r.c", b"a\r\n\r\n..b\r\n\r\n..c\r\n"),
            (b"..\r\n...\r\n", b"...\r\n....\r\n"),
        ];
        for (message, expected) in table {
            assert_eq!(stuffed(message), expected, "{:?}", String::from_utf8_lossy(message));
        }
    }
}
