//! A tracking number as people write it, made into the one that is printed under the bars.

use shipments::incoming::MAX_NUMBER;

/// The number in capitals, without spaces, dashes and dots; full-width letters and digits count as their plain ones.
/// None when there is nothing in it, when it is longer than any number, or when something else stands in it.
pub fn normalised(number: &str) -> Option<String> {
    let mut plain = String::new();
    for char in number.chars() {
        let char = narrow(char)?;
        if is_separator(char) {
            continue;
        }
        if !char.is_ascii_alphanumeric() || plain.len() == MAX_NUMBER {
            return None;
        }
        plain.push(char.to_ascii_uppercase());
    }
    (!plain.is_empty()).then_some(plain)
}

/// Full-width forms (U+FF01 to U+FF5E) stand in the same order as the plain ones.
fn narrow(char: char) -> Option<char> {
    match char {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(char) - 0xFEE0),
        '\u{3000}' => Some(' '),
        other => Some(other),
    }
}

/// What people and copied pages put between the groups of a number. Among it are the invisible marks that come along
/// when a number is copied from a page.
fn is_separator(char: char) -> bool {
    char.is_whitespace()
        || matches!(char, '-' | '.' | '_' | '/' | '\u{2010}'..='\u{2015}' | '\u{00AD}' | '\u{200B}'..='\u{200F}' | '\u{2060}' | '\u{FEFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn however_it_is_written_it_is_one_number() {
        for written in [
            "1Z5R89390357567127",
            " 1z 5r8 939 03 5756 7127\n",
            "1Z-5R89.3903_5756/7127",
            "１Ｚ５Ｒ８９３９０３５７５６７１２７",
        ] {
            assert_eq!(normalised(written).as_deref(), Some("1Z5R89390357567127"), "{written}");
        }
        assert_eq!(normalised("99.60.012345.12345678").as_deref(), Some("996001234512345678"));
        assert_eq!(
            normalised("\u{200B}RR\u{00A0}123456785\u{3000}GB\u{FEFF}").as_deref(),
            Some("RR123456785GB")
        );
    }

    #[test]
    fn what_is_no_number_is_none() {
        for none in ["", "  -- ", "RR1234\u{0}5", "é123", "1Z;DROP", "<b>1</b>", "12345\u{7}"] {
            assert_eq!(normalised(none), None, "{none:?}");
        }
        assert!(normalised(&"9".repeat(MAX_NUMBER)).is_some());
        assert_eq!(normalised(&"9".repeat(MAX_NUMBER + 1)), None);
    }
}
