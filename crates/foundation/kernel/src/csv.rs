//! CSV as we write it: for spreadsheets, which run what looks like a formula.

/// A line of CSV that no spreadsheet runs: what would be a formula begins with an apostrophe.
pub fn line(cells: &[impl AsRef<str>]) -> String {
    let cells: Vec<String> = cells.iter().map(|cell| quoted(&guarded(cell.as_ref()))).collect();
    cells.join(",") + "\r\n"
}

fn guarded(cell: &str) -> String {
    let first = |blank: fn(char) -> bool| cell.trim_start_matches(blank).chars().next();
    let breaks = matches!(first(|c| matches!(c, '\u{feff}' | ' ')), Some('\t' | '\r' | '\n'));
    // A spreadsheet may pass over any blank before a formula. The last four are the full-width forms that it takes for
    // the first four.
    let begins = first(|c| c.is_whitespace() || c.is_control() || c == '\u{feff}');
    let formula = matches!(begins, Some('=' | '+' | '-' | '@' | '＝' | '＋' | '－' | '＠'));
    if breaks || formula { format!("'{cell}") } else { cell.to_owned() }
}

fn quoted(cell: &str) -> String {
    if cell.contains(['"', ',', ';', '\t', '\n', '\r']) {
        return format!("\"{}\"", cell.replace('"', "\"\""));
    }
    cell.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_spreadsheet_would_run_is_text_and_the_rest_stays_as_it_is() {
        let cells = ["=1+1", "plain", "a,\"b\"", "+44", "\u{a0}@x", "", "a;b"];
        assert_eq!(line(&cells), "'=1+1,plain,\"a,\"\"b\"\"\",'+44,'\u{a0}@x,,\"a;b\"\r\n");
    }
}
