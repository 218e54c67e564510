//! Text from outside, made safe to keep: bounded, without control characters, valid in both databases.

use crate::{Error, Locale, Result};

/// Why a text was not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextFault {
    /// A NUL byte: PostgreSQL can't hold it, and no honest text has one.
    Nul,
    /// Another control character, or a line break where one line is asked for.
    Control,
    /// Longer than the field.
    TooLong,
    /// Nothing but white space.
    Empty,
}

impl TextFault {
    /// The stable code of this fault.
    pub fn code(self) -> &'static str {
        match self {
            TextFault::Nul => "nul_byte",
            TextFault::Control => "control_character",
            TextFault::TooLong => "too_long",
            TextFault::Empty => "empty",
        }
    }

    /// A sentence for the person who sent it.
    pub fn words(self, max_chars: usize) -> String {
        match self {
            TextFault::Nul => "Remove the NUL byte.".to_owned(),
            TextFault::Control => "Write it on one line, without control characters.".to_owned(),
            TextFault::TooLong => format!("Use at most {max_chars} characters."),
            TextFault::Empty => "Write something here.".to_owned(),
        }
    }
}

/// One line of at most `max_chars` characters, trimmed. Empty is a fault.
pub fn line(text: &str, max_chars: usize) -> Result<String, TextFault> {
    let trimmed = text.trim();
    if trimmed.is_empty() { Err(TextFault::Empty) } else { checked(trimmed, max_chars, |c| c.is_control()) }
}

/// Several lines of at most `max_chars` characters, trimmed. Empty is a fault.
pub fn paragraph(text: &str, max_chars: usize) -> Result<String, TextFault> {
    let trimmed = text.trim();
    if trimmed.is_empty() {
        return Err(TextFault::Empty);
    }
    checked(trimmed, max_chars, |c| c.is_control() && !matches!(c, '\n' | '\r' | '\t'))
}

/// Line breaks and tabs become spaces: what a shop platform says is believed, and kept on one line.
pub fn unfolded(text: &str) -> String {
    text.replace(['\r', '\n', '\t', '\u{2028}', '\u{2029}'], " ")
}

fn checked(text: &str, max_chars: usize, refused: impl Fn(char) -> bool) -> Result<String, TextFault> {
    if text.contains('\0') {
        return Err(TextFault::Nul);
    }
    if text.chars().any(refused) {
        return Err(TextFault::Control);
    }
    if text.chars().nth(max_chars).is_some() {
        return Err(TextFault::TooLong);
    }
    Ok(text.to_owned())
}

/// Without the invisible characters that change the direction of what follows (Unicode bidi controls).
/// For headers and logs; on pages a `<bdi>` does it without losing anything.
pub fn without_bidi_controls(text: &str) -> String {
    text.chars().filter(|c| !is_bidi_control(*c)).collect()
}

/// Puts first-strong isolate and its end around a text that goes into a plain-text sentence (UAX #9),
/// so that a name in another script can't turn the sentence around.
pub fn isolated(text: &str) -> String {
    if text.is_ascii() {
        return text.to_owned();
    }
    format!("\u{2068}{}\u{2069}", without_bidi_controls(text))
}

/// The same for a sentence in the language of `locale`: where that runs from right to left even plain Latin text turns
/// around, and `#1042` would end with its sign.
pub fn isolated_in(text: &str, locale: &Locale) -> String {
    if locale.dir() == "rtl" { kept_together(&without_bidi_controls(text)) } else { isolated(text) }
}

/// The same for what we have made ourselves, such as an amount: the marks in it belong to it, and it is isolated
/// whatever it is made of.
pub fn kept_together(text: &str) -> String {
    format!("\u{2068}{text}\u{2069}")
}

fn is_bidi_control(c: char) -> bool {
    matches!(c, '\u{061C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// At most `max_chars` characters, with an ellipsis when something was cut.
pub fn shortened(text: &str, max_chars: usize) -> String {
    if text.chars().nth(max_chars).is_none() {
        return text.to_owned();
    }
    text.chars().take(max_chars.saturating_sub(1)).chain(std::iter::once('…')).collect()
}

/// JSON that is nothing else to whoever opens it: what could begin markup stands only inside strings, and is written there
/// by its number.
pub fn inert_json(json: &str) -> String {
    json.replace('<', "\\u003c").replace('>', "\\u003e").replace('&', "\\u0026")
}

/// The error of a field that holds a faulty text.
#[track_caller]
pub fn field_error(pointer: &str, fault: TextFault, max_chars: usize) -> Error {
    Error::field(pointer, fault.code(), fault.words(max_chars))
}

/// A sentence with its first letter in capitals. One that begins with a name in isolates keeps the name as it is.
pub fn capitalised(sentence: &str) -> String {
    let mut letters = sentence.chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_that_is_shown_says_the_same_without_a_sign_that_begins_markup() {
        let told = serde_json::json!({ "note": "</script><script>&\"=cmd()" });
        let written = inert_json(&told.to_string());
        assert!(!written.contains(['<', '>', '&']), "{written}");
        assert_eq!(serde_json::from_str::<serde_json::Value>(&written).unwrap(), told);
    }

    #[test]
    fn hostile_lines_are_refused_and_honest_ones_kept() {
        assert_eq!(line("a\0b", 10), Err(TextFault::Nul));
        assert_eq!(line("Ann\r\nBcc: x@y", 50), Err(TextFault::Control));
        assert_eq!(line("  ", 10), Err(TextFault::Empty));
        assert_eq!(line("abcdef", 5), Err(TextFault::TooLong));
        assert_eq!(line(" Zoë 👩‍🚀 ", 10).as_deref(), Ok("Zoë 👩‍🚀"));
        assert_eq!(paragraph("one\ntwo", 10).as_deref(), Ok("one\ntwo"));
    }

    #[test]
    fn direction_overrides_cannot_leave_their_place() {
        let evil = "abc\u{202E}cba";
        assert_eq!(without_bidi_controls(evil), "abccba");
        assert_eq!(isolated("plain"), "plain");
        assert!(isolated("أمينة").starts_with('\u{2068}'));
        let in_language = |tag| isolated_in("#1\u{202E}042", &Locale::parse(tag).unwrap());
        assert_eq!(
            (in_language("de").as_str(), in_language("ar").as_str()),
            ("\u{2068}#1042\u{2069}", "\u{2068}#1042\u{2069}")
        );
        assert_eq!(isolated_in("#1042", &Locale::default()), "#1042");
    }
}
