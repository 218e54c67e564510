//! Two languages nobody speaks, made from the English words alone: one long and accented, one from right to left.
//!
//! Only the text between placeholders is changed: selectors, their keys, string literals, markup and what is put in
//! stay as they are. Each sentence stands in ⟦brackets⟧, so that text outside of them was never translated.

use fluent_syntax::ast::{Entry, Expression, InlineExpression, Pattern, PatternElement};
use fluent_syntax::{parser, serializer};

use crate::{Error, Result};

/// Accented, and about two fifths longer.
pub const LONG: &str = "en-XA";
/// In letters that run from right to left.
pub const RIGHT_TO_LEFT: &str = "ar-XB";

/// The words of `source` in both languages, each with its tag.
pub(super) fn locales_of(source: &str) -> Result<[(&'static str, String); 2]> {
    Ok([(LONG, changed(source, long)?), (RIGHT_TO_LEFT, changed(source, turned)?)])
}

fn changed(source: &str, change: fn(char) -> String) -> Result<String> {
    let mut resource = parser::parse(source.to_owned())
        .map_err(|(_, errors)| Error::internal(format!("words for a pseudo-locale: {errors:?}")))?;
    // Comments are for translators, and a group's would be written before every sentence.
    resource.body.retain(|entry| matches!(entry, Entry::Message(_) | Entry::Term(_)));
    for entry in &mut resource.body {
        if let Entry::Message(message) = entry
            && let Some(pattern) = &mut message.value
        {
            change_pattern(pattern, change);
            bracket(pattern);
        }
    }
    Ok(serializer::serialize(&resource))
}

fn change_pattern(pattern: &mut Pattern<String>, change: fn(char) -> String) {
    for element in &mut pattern.elements {
        match element {
            PatternElement::TextElement { value } => *value = change_text(value, change),
            PatternElement::Placeable { expression } => change_expression(expression, change),
        }
    }
}

fn change_expression(expression: &mut Expression<String>, change: fn(char) -> String) {
    match expression {
        Expression::Select { variants, .. } => {
            for variant in variants {
                change_pattern(&mut variant.value, change);
            }
        }
        Expression::Inline(InlineExpression::Placeable { expression }) => {
            change_expression(expression, change)
        }
        Expression::Inline(_) => {}
    }
}

/// Every letter outside of markup.
fn change_text(text: &str, change: fn(char) -> String) -> String {
    let mut in_tag = false;
    let mut out = String::with_capacity(text.len() * 2);
    for c in text.chars() {
        in_tag = (in_tag || c == '<') && c != '>';
        if in_tag { out.push(c) } else { out += &change(c) }
    }
    out
}

fn bracket(pattern: &mut Pattern<String>) {
    let text = |value: &str| PatternElement::TextElement { value: value.to_owned() };
    pattern.elements.insert(0, text("⟦"));
    pattern.elements.push(text("⟧"));
}

/// Vowels twice, which is about how much longer than English a wordy language is.
fn long(c: char) -> String {
    let accented = match c {
        'a' => "åá",
        'e' => "éê",
        'i' => "îí",
        'o' => "öó",
        'u' => "ûú",
        'y' => "ýÿ",
        'A' => "Åá",
        'E' => "Éê",
        'I' => "Îí",
        'O' => "Öó",
        'U' => "Ûú",
        'c' => "ç",
        'd' => "ð",
        'g' => "ğ",
        'n' => "ñ",
        's' => "š",
        'w' => "ŵ",
        'z' => "ž",
        'N' => "Ñ",
        'S' => "Š",
        'W' => "Ŵ",
        other => return other.to_string(),
    };
    accented.to_owned()
}

/// Arabic letters of about the same sound: strong ones, which turn their surroundings without any invisible order.
fn turned(c: char) -> String {
    let letter = match c.to_ascii_lowercase() {
        'a' => 'ا',
        'b' => 'ب',
        'c' => 'ك',
        'd' => 'د',
        'e' => 'ي',
        'f' => 'ف',
        'g' => 'غ',
        'h' => 'ه',
        'i' => 'ى',
        'j' => 'ج',
        'k' => 'ک',
        'l' => 'ل',
        'm' => 'م',
        'n' => 'ن',
        'o' => 'و',
        'p' => 'پ',
        'q' => 'ق',
        'r' => 'ر',
        's' => 'س',
        't' => 'ت',
        'u' => 'ؤ',
        'v' => 'ڤ',
        'w' => 'ۋ',
        'x' => 'خ',
        'y' => 'ئ',
        'z' => 'ز',
        ',' => '،',
        ';' => '؛',
        '?' => '؟',
        _ => c,
    };
    letter.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::{Words, all};
    use crate::{Catalogue, Locale};

    const SHOP: &[Words] = &[Words {
        language: "en",
        source: "# A note\nhello = Hello { $name }, <b>welcome</b>{\"\\u00A0\"}!\nitems = { $n ->\n    [one] { $n } item\n   *[other] { $n } items\n}\n",
    }];

    fn say(tag: &str, key: &str, n: i64) -> String {
        let words = Catalogue::with_pseudo_locales(&[SHOP]).unwrap();
        words.say(&Locale::parse(tag).unwrap(), key, &[("name", "Zoë <i>".into()), ("n", n.into())])
    }

    #[test]
    fn only_the_text_is_changed() {
        assert_eq!(say(LONG, "hello", 0), "⟦Héêllöó Zoë <i>, <b>ŵéêlçöóméê</b>\u{a0}!⟧");
        assert_eq!(say(RIGHT_TO_LEFT, "hello", 0), "⟦هيللو Zoë <i>، <b>ۋيلكومي</b>\u{a0}!⟧");
        assert_eq!([say(LONG, "items", 1), say(LONG, "items", 2)], ["⟦1 îítéêm⟧", "⟦2 îítéêmš⟧"]);
        assert_eq!(
            [say(RIGHT_TO_LEFT, "items", 1), say(RIGHT_TO_LEFT, "items", 2)],
            ["⟦1 ىتيم⟧", "⟦2 ىتيمس⟧"]
        );
    }

    #[test]
    fn they_are_spoken_wholly_and_only_where_they_are_asked_for() {
        let locales = [LONG, RIGHT_TO_LEFT].map(|tag| Locale::parse(tag).unwrap());
        let with = Catalogue::with_pseudo_locales(&[SHOP]).unwrap();
        assert!(locales.iter().all(|locale| with.speaks(locale)));
        assert_eq!(locales.each_ref().map(Locale::dir), ["ltr", "rtl"]);
        let without = Catalogue::new(&[SHOP]).unwrap();
        assert_eq!(without.say(&locales[0], "items", &[("n", 1.into())]), "1 item");
    }

    #[test]
    fn the_long_one_is_about_two_fifths_longer() {
        let letters = |text: &str| text.chars().filter(|c| c.is_alphabetic()).count() as f64;
        let (mut before, mut after) = (0.0, 0.0);
        for words in all(&[]).filter(|words| words.language == "en") {
            let text: String = words
                .source
                .lines()
                .filter_map(|line| line.split_once(" = "))
                .map(|(_, text)| text)
                .collect();
            before += letters(&text);
            after += letters(&change_text(&text, long));
        }
        let ratio = after / before;
        assert!((1.3..1.5).contains(&ratio), "{ratio}");
    }
}
