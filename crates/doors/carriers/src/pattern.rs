//! What a number looks like, in a language small enough to be read at a glance and matched without going back.
//!
//! `#` is a digit, `@` a letter, `*` either, `[12]` one of these characters; everything else stands for itself. `{12}`
//! behind one of them is how many there are; `{12,14}`, which only the last may have, is from how many to how many.

/// Whether a normalised number looks like this. A pattern that is no pattern fits nothing, and a test finds it.
pub fn fits(pattern: &str, number: &str) -> bool {
    let (mut pattern, mut rest) = (pattern.as_bytes(), number.as_bytes());
    while !pattern.is_empty() {
        let Some((piece, behind)) = piece(pattern) else { return false };
        let there = rest.iter().take(piece.most).take_while(|byte| piece.holds(**byte)).count();
        let is_last = behind.is_empty();
        if there < piece.least || (piece.least != piece.most && !is_last) {
            return false;
        }
        (pattern, rest) = (behind, &rest[there..]);
    }
    rest.is_empty()
}

/// A run of characters of one class.
struct Piece<'a> {
    class: &'a [u8],
    least: usize,
    most: usize,
}

impl Piece<'_> {
    fn holds(&self, byte: u8) -> bool {
        match self.class {
            b"#" => byte.is_ascii_digit(),
            b"@" => byte.is_ascii_uppercase(),
            b"*" => byte.is_ascii_digit() || byte.is_ascii_uppercase(),
            [b'[', choices @ .., b']'] => choices.contains(&byte),
            literal => literal == [byte],
        }
    }
}

/// The first piece of a pattern, and what is behind it.
fn piece(pattern: &[u8]) -> Option<(Piece<'_>, &[u8])> {
    let end = match pattern.first()? {
        b'[' => pattern.iter().position(|byte| *byte == b']')? + 1,
        _ => 1,
    };
    let (class, behind) = pattern.split_at(end);
    let Some(inside) = behind.strip_prefix(b"{") else {
        return Some((Piece { class, least: 1, most: 1 }, behind));
    };
    let end = inside.iter().position(|byte| *byte == b'}')?;
    let (least, most) = counts(&inside[..end])?;
    Some((Piece { class, least, most }, &inside[end + 1..]))
}

fn counts(text: &[u8]) -> Option<(usize, usize)> {
    let text = std::str::from_utf8(text).ok()?;
    let (least, most) = text.split_once(',').unwrap_or((text, text));
    let (least, most): (usize, usize) = (least.parse().ok()?, most.parse().ok()?);
    (least <= most).then_some((least, most))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_fits_what_it_says_and_nothing_else() {
        for (pattern, number, is_fit) in [
            ("1Z*{6}#{2}", "1Z5R89AB12", true),
            ("1Z*{6}#{2}", "1Z5R89AB1X", false),
            ("1Z*{6}#{2}", "2Z5R89AB12", false),
            ("@@#{9}GB", "RR123456785GB", true),
            ("@@#{9}GB", "RR123456785GBX", false),
            ("@@#{9}GB", "R1123456785GB", false),
            ("9[12]#{2}", "9199", true),
            ("9[12]#{2}", "9399", false),
            ("SF#{2,3}", "SF12", true),
            ("SF#{2,3}", "SF123", true),
            ("SF#{2,3}", "SF1", false),
            ("SF#{2,3}", "SF1234", false),
            ("#", "", false),
            ("", "", true),
            ("", "1", false),
        ] {
            assert_eq!(fits(pattern, number), is_fit, "{pattern} {number}");
        }
    }

    #[test]
    fn what_is_no_pattern_fits_nothing() {
        for broken in ["#{", "#{x}", "#{3,2}", "[12", "#{1,2}#", "{2}"] {
            assert!(!fits(broken, "1") && !fits(broken, "11"), "{broken}");
        }
    }
}
