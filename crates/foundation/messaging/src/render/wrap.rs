//! Lines of plain text: how wide they are, where they may break, and figures at their end.

/// Lines are broken before this column (RFC 5322 §2.1.1 asks for it).
pub(super) const WIDTH: usize = 78;
/// How wide the receipt's columns are: amounts end here.
pub(super) const RECEIPT: usize = 56;

/// `text` in lines of at most [`WIDTH`] columns, each beginning with `indent`. A word longer than a line, such as a
/// link, stands alone and whole; an isolated phrase isn't broken, because a line's end would end its isolation.
pub(super) fn wrapped(text: &str, indent: &str) -> String {
    let room = WIDTH - indent.len();
    let mut out = String::new();
    for paragraph in text.lines() {
        let mut used = 0;
        for word in words(paragraph) {
            let wide = width(word);
            if used == 0 {
                out += indent;
            } else if used + 1 + wide > room {
                out.push('\n');
                out += indent;
                used = 0;
            } else {
                out.push(' ');
                used += 1;
            }
            out += word;
            used += wide;
        }
        if used > 0 {
            out.push('\n');
        }
    }
    out
}

/// A label and an amount on one line, dots between them. A label that leaves no room gets lines of its own.
pub(super) fn leader(label: &str, amount: &str, indent: &str) -> String {
    let taken = indent.len() + width(label) + width(amount) + 2;
    if taken + 2 <= RECEIPT {
        return format!("{indent}{label} {} {amount}\n", ".".repeat(RECEIPT - taken));
    }
    let dots = RECEIPT.saturating_sub(indent.len() + width(amount) + 1).max(2);
    format!("{}{indent}{} {amount}\n", wrapped(label, indent), ".".repeat(dots))
}

/// Columns a text takes in a fixed-width font: nothing for marks and direction controls, two for wide scripts.
pub(super) fn width(text: &str) -> usize {
    text.chars().map(columns).sum()
}

/// Whether a text can turn what stands around it: letters that run from right to left, or invisible orders to do so.
pub(super) fn turns(text: &str) -> bool {
    let runs_left = |c| matches!(c, '\u{0590}'..='\u{08FF}' | '\u{FB1D}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFC}' | '\u{10800}'..='\u{10FFF}' | '\u{1E800}'..='\u{1EFFF}');
    let orders = |c| matches!(c, '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}');
    text.chars().any(|c| runs_left(c) || orders(c))
}

/// Words between white space, with isolated phrases kept whole.
fn words(text: &str) -> impl Iterator<Item = &str> {
    let mut depth = 0_usize;
    text.split(move |c: char| {
        match c {
            '\u{2066}'..='\u{2068}' => depth += 1,
            '\u{2069}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth == 0 && c.is_whitespace() && c != '\u{A0}'
    })
    .filter(|word| !word.is_empty())
}

fn columns(c: char) -> usize {
    match c {
        '\u{0300}'..='\u{036F}'
        | '\u{0591}'..='\u{05BD}'
        | '\u{0610}'..='\u{061A}'
        | '\u{064B}'..='\u{065F}'
        | '\u{200B}'..='\u{200F}'
        | '\u{202A}'..='\u{202E}'
        | '\u{2066}'..='\u{2069}'
        | '\u{FE00}'..='\u{FE0F}' => 0,
        '\u{1100}'..='\u{115F}'
        | '\u{2E80}'..='\u{A4CF}'
        | '\u{AC00}'..='\u{D7A3}'
        | '\u{F900}'..='\u{FAFF}'
        | '\u{FE30}'..='\u{FE6F}'
        | '\u{FF00}'..='\u{FF60}'
        | '\u{1F300}'..='\u{1FAFF}'
        | '\u{20000}'..='\u{3FFFD}' => 2,
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_break_between_words_and_never_inside_a_link() {
        let link = "https://northwind.example/".to_owned() + &"x".repeat(90);
        let text = format!("{} {link} end", "word ".repeat(30));
        let lines: Vec<String> = wrapped(&text, "  ").lines().map(str::to_owned).collect();
        assert!(
            lines.iter().all(|line| line.starts_with("  ") && (line.len() <= WIDTH || line.contains(&link)))
        );
        assert!(lines.contains(&format!("  {link}")));
    }

    #[test]
    fn an_isolated_phrase_stays_on_its_line() {
        let phrase = "\u{2068}شارع الملك فهد\u{2069}";
        let text = format!("{} {phrase}", "word ".repeat(14));
        assert!(wrapped(&text, "").lines().any(|line| line.contains(phrase)));
    }

    #[test]
    fn amounts_end_in_one_column() {
        let widths = [("Total", "£69.95"), ("\u{2068}Größe\u{2069}", "£1,069.95"), ("配送料", "¥500")]
            .map(|(label, amount)| width(leader(label, amount, "").trim_end()));
        assert_eq!(widths, [RECEIPT; 3]);
        let long = leader(&"very long ".repeat(12), "£1", "  ");
        assert_eq!(width(long.lines().last().unwrap()), RECEIPT);
    }
}
