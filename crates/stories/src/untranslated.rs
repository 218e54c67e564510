//! Finds what was never translated: in a pseudo-locale every sentence of the catalogue stands in ⟦brackets⟧, so a word
//! outside of them is either somebody's data or a slip.

/// Elements that stand inside a line of text. Every other one ends it.
const INLINE: [&str; 9] = ["a", "b", "bdi", "code", "small", "span", "time", "strong", "em"];
/// Attributes that people read or hear.
const SAID: [&str; 4] = ["alt", "aria-label", "title", "placeholder"];

/// Every word of an HTML document that is neither in brackets nor part of `data`.
pub fn in_html(html: &str, data: &[String]) -> Vec<String> {
    lines_of(html).iter().flat_map(|line| words_outside(line, data)).collect()
}

/// The same of a plain text, whose sentences may go over several lines.
pub fn in_text(text: &str, data: &[String]) -> Vec<String> {
    text.split("\n\n").flat_map(|paragraph| words_outside(paragraph, data)).collect()
}

/// Words outside of brackets. Brackets that don't match are a word, too, unless the text was cut short with an ellipsis.
fn words_outside(text: &str, data: &[String]) -> Vec<String> {
    let text: String = text.chars().filter(|c| !is_invisible(*c)).collect();
    let (mut outside, mut depth) = (String::new(), 0_i32);
    for c in text.trim().chars() {
        match c {
            '⟦' => depth += 1,
            '⟧' => depth -= 1,
            c if depth == 0 => outside.push(c),
            _ => {}
        }
    }
    if depth != 0 && !text.trim_end().ends_with('…') {
        return vec![format!("brackets: {text}")];
    }
    let mut rest =
        outside.split_whitespace().filter(|word| !word.contains("://")).collect::<Vec<_>>().join(" ");
    let mut data: Vec<String> =
        data.iter().map(|text| text.split_whitespace().collect::<Vec<_>>().join(" ")).collect();
    data.sort_by_key(|text| std::cmp::Reverse(text.len()));
    for known in data.iter().filter(|text| !text.is_empty()) {
        rest = rest.replace(known.as_str(), " ");
    }
    let is_word = |word: &&str| word.chars().filter(|c| c.is_alphabetic()).count() > 1;
    rest.split_whitespace().filter(is_word).map(str::to_owned).collect()
}

/// Marks of direction, joiners and the padding behind a preheader.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{61C}' | '\u{34F}')
}

/// The lines a reader sees or hears, without markup, scripts and styles.
fn lines_of(html: &str) -> Vec<String> {
    let mut lines = vec![String::new()];
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        push(&mut lines, &rest[..at]);
        rest = &rest[at..];
        let end = if rest.starts_with("<!--") {
            rest.find("-->").map(|at| at + 3)
        } else if rest.starts_with("<script") || rest.starts_with("<style") {
            rest.find("</").and_then(|at| rest[at..].find('>').map(|end| at + end + 1))
        } else {
            rest.find('>').map(|at| at + 1)
        };
        let (tag, after) = rest.split_at(end.unwrap_or(rest.len()));
        rest = after;
        let name: String =
            tag.trim_start_matches(['<', '/']).chars().take_while(|c| c.is_ascii_alphanumeric()).collect();
        if !INLINE.contains(&name.as_str()) {
            lines.push(String::new());
        }
        let said = SAID.iter().filter_map(|attribute| tag.split(&format!(" {attribute}=\"")).nth(1));
        let said: Vec<String> = said.filter_map(|from| from.split('"').next()).map(unescaped).collect();
        if !said.is_empty() {
            let open = lines.pop().unwrap_or_default();
            lines.extend(said);
            lines.push(open);
        }
    }
    push(&mut lines, rest);
    lines
}

fn push(lines: &mut [String], text: &str) {
    if let Some(line) = lines.last_mut() {
        line.push_str(&unescaped(text));
    }
}

fn unescaped(text: &str) -> String {
    let pairs = [
        ("&nbsp;", " "),
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#34;", "\""),
        ("&#39;", "'"),
        ("&#x27;", "'"),
        ("&#x2f;", "/"),
        ("&amp;", "&"),
    ];
    pairs.iter().fold(text.to_owned(), |text, (from, to)| text.replace(from, to))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_outside_of_brackets_is_found_and_data_is_not() {
        let data = ["Amina Khan".to_owned()];
        let good = "<h1>⟦Hí <bdi>Amina⟧</bdi></h1><p>Amina Khan, 2 × ⟦ţéå ⟦ñów⟧⟧</p><script>word</script>";
        assert_eq!(in_html(good, &data), Vec::<String>::new());
        assert_eq!(in_html("<p>⟦a⟧ Hello</p><img alt=\"Logo\">", &data), ["Hello", "Logo"]);
        assert_eq!(in_html("<p>⟦cut</p><p>⟦cut…</p>", &data), ["brackets: ⟦cut"]);
        assert_eq!(in_text("⟦one\ntwo⟧ Amina\nKhan\n\nthree https://a.example", &data), ["three"]);
    }
}
