//! The alphabet that a text message is written in when it can be: GSM 03.38, seven bits a character. Pure.

/// The basic table in the order of its septets; the place of ESC (0x1B) is left out.
const BASIC: &str = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?\
                     ¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";

/// What is written with ESC before it, and so as two septets.
const EXTENSION: &str = "\u{c}^{}\\[~]|€";

/// How many septets a character takes; `None` when the alphabet doesn't have it.
pub fn septets(c: char) -> Option<usize> {
    if BASIC.contains(c) {
        Some(1)
    } else if EXTENSION.contains(c) {
        Some(2)
    } else {
        None
    }
}

/// Whether the whole text can be written in this alphabet.
pub fn can_write(text: &str) -> bool {
    text.chars().all(|c| septets(c).is_some())
}

/// The text with its smart characters in the plain form that this alphabet has, when then all of it can be written so.
/// Letters are never changed: a name is spelled as its owner spells it.
pub fn plain(text: &str) -> Option<String> {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match (septets(c), substitute(c)) {
            (Some(_), _) => out.push(c),
            (None, Some(plain)) => out.push_str(plain),
            (None, None) => return None,
        }
    }
    Some(out)
}

/// Quotation marks, dashes, spaces and the like: what word processors and catalogues put in, and nobody misses.
fn substitute(c: char) -> Option<&'static str> {
    let plain = match c {
        '\u{2018}' | '\u{2019}' | '\u{201A}' | '\u{201B}' | '\u{2032}' | '\u{2039}' | '\u{203A}' | '`'
        | '\u{B4}' => "'",
        '\u{201C}' | '\u{201D}' | '\u{201E}' | '\u{201F}' | '\u{2033}' | '«' | '»' => "\"",
        '\u{2010}'..='\u{2015}' | '\u{2212}' => "-",
        '…' => "...",
        '•' | '·' => "-",
        '×' => "x",
        '\u{A0}' | '\u{2002}'..='\u{200A}' | '\u{202F}' | '\u{205F}' | '\u{3000}' | '\t' => " ",
        // What is there for the eye's direction or the line's end only.
        '\u{AD}'
        | '\u{200B}'..='\u{200F}'
        | '\u{202A}'..='\u{202E}'
        | '\u{2060}'
        | '\u{2066}'..='\u{2069}'
        | '\u{FEFF}' => "",
        _ => return None,
    };
    Some(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_are_the_standards() {
        // 128 places without ESC; the ten of the extension.
        assert_eq!(BASIC.chars().count(), 127);
        assert_eq!(EXTENSION.chars().count(), 10);
        assert_eq!(
            BASIC.chars().position(|c| c == 'A'),
            Some(0x41 - 1),
            "everything after ESC moves up by one"
        );
        for (c, count) in
            [('@', Some(1)), ('€', Some(2)), ('~', Some(2)), ('ä', Some(1)), ('`', None), ('ç', None)]
        {
            assert_eq!(septets(c), count, "{c}");
        }
    }

    #[test]
    fn smart_characters_become_plain_and_letters_stay() {
        assert_eq!(plain("We’ve “got” it – today…").as_deref(), Some("We've \"got\" it - today..."));
        assert_eq!(plain("\u{2068}Größe\u{2069}\u{a0}42").as_deref(), Some("Größe 42"));
        assert_eq!(plain("Zażółć"), None, "a letter is never changed");
        assert_eq!(plain("✓"), None);
    }
}
