//! Amounts as people and programs write them into tables. Exact, and never guessed.

use kernel::{Currency, Error, Result};

/// Reads `1234.50`; where `comma` is the custom also `1234,50`. What could mean two amounts is refused: `1.234,50`,
/// `1,234.50`, `1.234`.
pub fn parse(text: &str, currency: Currency, comma: bool) -> Result<i64> {
    let digits = usize::from(currency.digits());
    let decimals = |mark: char| text.split_once(mark).map(|(_, after)| after.len());
    let plain = match (decimals('.'), decimals(',')) {
        (None, None) => text.to_owned(),
        // Three digits behind the mark are as likely thousands, but where the currency itself has three.
        (Some(after), None) if after <= 2 || after == digits => text.to_owned(),
        (None, Some(after)) if comma && (after <= 2 || after == digits) => text.replace(',', "."),
        _ => return Err(ambiguous()),
    };
    Ok(currency.parse_amount(&plain)?.minor)
}

#[track_caller]
fn ambiguous() -> Error {
    Error::invalid(
        "ambiguous_amount",
        "This could mean two amounts. Write it as 1234.50: a point before the decimals, and nothing between thousands.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_clear_is_read_exactly_and_what_is_not_is_refused() {
        let euro = |text, comma| parse(text, Currency::parse("EUR").unwrap(), comma).map_err(|e| e.code());
        for (text, comma, expected) in [
            ("12.50", false, Ok(1250)),
            ("12", false, Ok(1200)),
            ("12.5", false, Ok(1250)),
            ("-3.00", false, Ok(-300)),
            ("12,50", true, Ok(1250)),
            ("12,50", false, Err("ambiguous_amount")),
            ("1.234,50", false, Err("ambiguous_amount")),
            ("1.234,50", true, Err("ambiguous_amount")),
            ("1,234.50", false, Err("ambiguous_amount")),
            ("1.234", true, Err("ambiguous_amount")),
            ("1.230", false, Err("ambiguous_amount")),
            ("1,234", true, Err("ambiguous_amount")),
            ("1.2.3", false, Err("ambiguous_amount")),
            ("1.2.", false, Err("not_an_amount")),
            ("12 €", false, Err("not_an_amount")),
            ("=1+1", false, Err("not_an_amount")),
            ("1e3", false, Err("not_an_amount")),
            ("", false, Err("not_an_amount")),
        ] {
            assert_eq!(euro(text, comma), expected, "{text} {comma}");
        }
    }

    #[test]
    fn the_currency_says_how_many_decimals_there_are() {
        let read = |text, code| parse(text, Currency::parse(code).unwrap(), false).map_err(|e| e.code());
        assert_eq!(read("1.234", "KWD"), Ok(1234));
        assert_eq!(read("1200", "JPY"), Ok(1200));
        assert_eq!(read("12.50", "JPY"), Err("not_an_amount"));
        assert_eq!(read("12.00", "JPY"), Ok(12));
    }
}
