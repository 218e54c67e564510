//! Lines of CSV for people who open them in a spreadsheet.

/// A line of CSV that no spreadsheet runs: what would be a formula begins with an apostrophe.
pub fn line(cells: &[String]) -> String {
    let cells: Vec<String> = cells.iter().map(|cell| quoted(&guarded(cell))).collect();
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
    use super::line;

    #[test]
    fn a_cell_with_a_separator_is_quoted_and_a_formula_is_text() {
        let cells = ["plain", "a,b", "say \"hi\"", "=1+1", ""].map(str::to_owned);
        assert_eq!(line(&cells), "plain,\"a,b\",\"say \"\"hi\"\"\",'=1+1,\r\n");
    }
}
