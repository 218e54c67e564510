//! *Relaxed* canonicalization (RFC 6376 §3.4.2 and §3.4.4): what of a message counts when it is signed. Servers on the
//! way may fold headers anew and touch white space; neither may break the signature.

/// A header as the signature sees it: its name in lower case, its value on one line with single spaces. Without CRLF.
pub(super) fn header(name: &[u8], value: &[u8]) -> Vec<u8> {
    let mut line = name.trim_ascii().to_ascii_lowercase();
    line.push(b':');
    let words = value.split(|byte| is_space(*byte) || is_line_end(*byte)).filter(|word| !word.is_empty());
    for (number, word) in words.enumerate() {
        if number > 0 {
            line.push(b' ');
        }
        line.extend_from_slice(word);
    }
    line
}

/// A body as the signature sees it: single spaces within lines, none at their ends, no empty lines at the end.
pub(super) fn body(body: &[u8]) -> Vec<u8> {
    let mut kept = Vec::with_capacity(body.len());
    let mut empty_lines = 0;
    for line in lines(body) {
        let from = kept.len();
        push_line(&mut kept, line, empty_lines);
        if kept.len() == from { empty_lines += 1 } else { empty_lines = 0 }
    }
    kept
}

/// Appends a line that holds something, after the empty ones that turned out not to be the last.
fn push_line(kept: &mut Vec<u8>, line: &[u8], empty_lines: usize) {
    let line = line.trim_ascii_end();
    if line.is_empty() {
        return;
    }
    kept.extend(b"\r\n".repeat(empty_lines));
    let mut after_space = false;
    for byte in line {
        if !is_space(*byte) {
            kept.push(*byte);
        } else if !after_space {
            kept.push(b' ');
        }
        after_space = is_space(*byte);
    }
    kept.extend_from_slice(b"\r\n");
}

/// The lines of `text`, which end in CRLF, without their ends. What follows the last end is a line if there is any.
fn lines(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = text;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let end = rest.windows(2).position(|pair| pair == b"\r\n");
        let (line, after) = match end {
            Some(end) => (&rest[..end], &rest[end + 2..]),
            None => (rest, &rest[rest.len()..]),
        };
        rest = after;
        Some(line)
    })
}

fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t')
}

fn is_line_end(byte: u8) -> bool {
    matches!(byte, b'\r' | b'\n')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(bytes: Vec<u8>) -> String {
        String::from_utf8(bytes).unwrap()
    }

    /// RFC 6376 §3.4.5.
    #[test]
    fn the_standards_own_example_comes_out_as_it_says() {
        assert_eq!(said(header(b"A", b" X")), "a:X");
        assert_eq!(said(header(b"B ", b" Y\t\r\n\tZ  ")), "b:Y Z");
        assert_eq!(said(body(b" C \r\nD \t E\r\n\r\n\r\n")), " C\r\nD E\r\n");
    }

    #[test]
    fn what_may_change_on_the_way_does_not_count() {
        let cases: [(&str, &str); 10] = [
            ("", ""),
            ("\r\n", ""),
            ("\r\n\r\n\r\n", ""),
            (" \t\r\n", ""),
            ("a", "a\r\n"),
            ("a\r\n", "a\r\n"),
            ("a\r\n \r\n\t\r\n", "a\r\n"),
            ("a\r\n\r\nb\r\n\r\n", "a\r\n\r\nb\r\n"),
            ("\r\na  b\t\tc \r\n", "\r\na b c\r\n"),
            ("  a\r\n", " a\r\n"),
        ];
        for (given, expected) in cases {
            assert_eq!(said(body(given.as_bytes())), expected, "{given:?}");
        }
    }

    #[test]
    fn canonicalizing_twice_is_canonicalizing_once() {
        let mut dice = kernel::Dice::seeded(6);
        for _ in 0..500 {
            let pieces = [" ", "\t", "\r\n", "a", "Bc", "\r\n\r\n", ":", "ü"];
            let text: String = (0..dice.below(30)).map(|_| pieces[dice.below(8) as usize]).collect();
            let once = body(text.as_bytes());
            assert_eq!(body(&once), once, "{text:?}");
        }
    }

    #[test]
    fn a_header_of_nothing_is_its_name() {
        assert_eq!(said(header(b"Subject", b" \r\n ")), "subject:");
        assert_eq!(said(header(b"X", b"  a \t b\r\n\tc ")), "x:a b c");
    }
}
