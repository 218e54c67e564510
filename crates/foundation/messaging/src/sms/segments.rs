//! How many segments a text takes: what the network carries and what the shop pays for. Pure.
//!
//! One message holds 140 octets: 160 septets, or 70 units of UTF-16. A longer one is cut into parts that each give up
//! six octets to say where they belong: 153 septets, or 67 units. A character that takes two of either is never cut
//! in two: it goes whole into the next part.

use super::gsm7;

/// How the characters of a text are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// Seven bits a character.
    Gsm7,
    /// Sixteen bits a unit (UTF-16), for everything the other can't write.
    Ucs2,
}

impl Encoding {
    /// The word used in rows, in the API and in the interface.
    pub fn as_str(self) -> &'static str {
        match self {
            Encoding::Gsm7 => "GSM-7",
            Encoding::Ucs2 => "UCS-2",
        }
    }

    /// The encoding a text needs.
    pub fn of(text: &str) -> Self {
        if gsm7::can_write(text) { Encoding::Gsm7 } else { Encoding::Ucs2 }
    }

    /// Units of one character.
    fn units(self, c: char) -> usize {
        match self {
            Encoding::Gsm7 => gsm7::septets(c).unwrap_or(1),
            Encoding::Ucs2 => c.len_utf16(),
        }
    }

    /// The most units of a text that is one segment.
    fn alone(self) -> usize {
        match self {
            Encoding::Gsm7 => 160,
            Encoding::Ucs2 => 70,
        }
    }

    /// The most units of a segment of several.
    fn together(self) -> usize {
        match self {
            Encoding::Gsm7 => 153,
            Encoding::Ucs2 => 67,
        }
    }
}

/// A text and what it takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Measured {
    /// How it is written.
    pub encoding: Encoding,
    /// Septets, or units of UTF-16.
    pub units: usize,
    /// The parts it is carried in; an empty text is one part.
    pub segments: Vec<String>,
}

/// Measures a text as it stands.
pub fn measure(text: &str) -> Measured {
    let encoding = Encoding::of(text);
    let units = text.chars().map(|c| encoding.units(c)).sum();
    let segments = if units <= encoding.alone() { vec![text.to_owned()] } else { cut(text, encoding) };
    Measured { encoding, units, segments }
}

fn cut(text: &str, encoding: Encoding) -> Vec<String> {
    let mut segments = Vec::new();
    let (mut part, mut used) = (String::new(), 0);
    for c in text.chars() {
        let units = encoding.units(c);
        if used + units > encoding.together() {
            segments.push(std::mem::take(&mut part));
            used = 0;
        }
        part.push(c);
        used += units;
    }
    segments.push(part);
    segments
}

/// The text as it is best sent: with its smart characters made plain when that takes fewer segments.
pub fn fitted(text: &str) -> String {
    match gsm7::plain(text) {
        Some(plain) if measure(&plain).segments.len() < measure(text).segments.len() => plain,
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(text: &str) -> (Encoding, usize, usize) {
        let measured = measure(text);
        (measured.encoding, measured.units, measured.segments.len())
    }

    #[test]
    fn segments_are_counted_as_networks_count_them() {
        use Encoding::{Gsm7, Ucs2};
        let a = |n| "a".repeat(n);
        let cases = [
            (String::new(), (Gsm7, 0, 1)),
            (a(160), (Gsm7, 160, 1)),
            (a(161), (Gsm7, 161, 2)),
            (a(306), (Gsm7, 306, 2)),
            (a(307), (Gsm7, 307, 3)),
            // The euro takes two septets: the 160th has no room for it.
            (a(158) + "€", (Gsm7, 160, 1)),
            (a(159) + "€", (Gsm7, 161, 2)),
            // ESC and its character stay together, so the first part has one septet to spare.
            (a(152) + "€" + &a(152), (Gsm7, 306, 3)),
            (a(151) + "€" + &a(153), (Gsm7, 306, 2)),
            ("✓".to_owned() + &a(69), (Ucs2, 70, 1)),
            ("✓".to_owned() + &a(70), (Ucs2, 71, 2)),
            ("✓".repeat(134), (Ucs2, 134, 2)),
            ("✓".repeat(135), (Ucs2, 135, 3)),
            // In UCS-2 the euro is one unit again.
            ("✓".to_owned() + &"€".repeat(69), (Ucs2, 70, 1)),
            ("😀".repeat(35), (Ucs2, 70, 1)),
            // A surrogate pair is never cut: 33 of them fill 66 of 67 units.
            ("😀".repeat(36), (Ucs2, 72, 2)),
            ("😀".repeat(67), (Ucs2, 134, 3)),
        ];
        for (text, expected) in cases {
            assert_eq!(count(&text), expected, "{text}");
        }
    }

    #[test]
    fn nothing_is_lost_and_no_part_is_too_long() {
        let mut dice = kernel::Dice::seeded(11);
        let alphabet: Vec<char> = "ab €[~]Äß✓😀é—'\n".chars().collect();
        for _ in 0..2_000 {
            let length = dice.below(400);
            let text: String =
                (0..length).map(|_| alphabet[dice.below(alphabet.len() as u64) as usize]).collect();
            let measured = measure(&text);
            assert_eq!(measured.segments.concat(), text);
            let most = if measured.segments.len() == 1 {
                measured.encoding.alone()
            } else {
                measured.encoding.together()
            };
            for part in &measured.segments {
                let units: usize = part.chars().map(|c| measured.encoding.units(c)).sum();
                assert!(units <= most, "{units} > {most}");
            }
        }
    }

    #[test]
    fn smart_characters_give_way_only_where_they_cost_a_segment() {
        let short = "We’ve got it";
        assert_eq!(fitted(short), short);
        let long = format!("We’ve got it {}", "a".repeat(100));
        assert_eq!(fitted(&long), long.replace('’', "'"));
        let polish = format!("Zażółć ’ {}", "a".repeat(100));
        assert_eq!(fitted(&polish), polish, "it would not help");
    }

    /// Counts that Twilio's `sms-segments-calculator` 1.2 gave for these seeds and lengths: see `vectors.txt`.
    #[test]
    fn segments_are_what_twilio_counts() {
        let mut lines = 0;
        for line in include_str!("vectors.txt").lines().filter(|line| !line.starts_with('#')) {
            let (expected, json) = line.split_once(' ').unwrap();
            let text: String = serde_json::from_str(json).unwrap();
            let measured = measure(&text);
            let got = format!("{}/{}", measured.encoding.as_str(), measured.segments.len());
            assert_eq!(got, expected, "{json}");
            lines += 1;
        }
        assert!(lines >= 100, "{lines}");
    }
}
