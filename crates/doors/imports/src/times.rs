//! Instants as people and programs write them into tables.

use kernel::{Error, Result, Timestamp, time};

/// Reads RFC 3339, `2026-11-01 10:00:00 +0100` as Shopify writes it, and a date alone, which means its midnight in
/// UTC. Days and months that could be each other (`01/02/2026`) are refused.
pub fn parse(text: &str) -> Result<Timestamp> {
    if let Ok(at) = Timestamp::parse(text) {
        return Ok(at);
    }
    if time::parse_date(text).is_ok() {
        return Timestamp::parse(&format!("{text}T00:00:00Z")).map_err(|_| unclear());
    }
    spaced(text).and_then(|rfc3339| Timestamp::parse(&rfc3339).ok()).ok_or_else(unclear)
}

/// `2026-11-01 10:00:00 +0100` as RFC 3339.
fn spaced(text: &str) -> Option<String> {
    let mut parts = text.split_ascii_whitespace();
    let (date, clock, zone, rest) = (parts.next()?, parts.next()?, parts.next()?, parts.next());
    if rest.is_some() {
        return None;
    }
    let zone = match (zone, zone.len()) {
        ("UTC" | "Z", _) => "Z".to_owned(),
        (_, 5) if zone.is_ascii() => format!("{}:{}", &zone[..3], &zone[3..]),
        _ => zone.to_owned(),
    };
    Some(format!("{date}T{clock}{zone}"))
}

#[track_caller]
fn unclear() -> Error {
    Error::invalid("impossible_date", "Write the time as 2026-11-20T10:00:00Z, or the day as 2026-11-20.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_programs_write_is_one_instant_and_the_rest_is_refused() {
        for (text, expected) in [
            ("2026-11-01 10:00:00 +0100", "2026-11-01T09:00:00Z"),
            ("2026-11-01 10:00:00 -0500", "2026-11-01T15:00:00Z"),
            ("2026-11-01 10:00:00 UTC", "2026-11-01T10:00:00Z"),
            ("2026-11-01T10:00:00+01:00", "2026-11-01T09:00:00Z"),
            ("2024-02-29", "2024-02-29T00:00:00Z"),
        ] {
            assert_eq!(parse(text).unwrap().to_string(), expected);
        }
        for text in [
            "2026-02-30",
            "2026-02-30 10:00:00 +0100",
            "2026-11-01 10:00:00",
            "01/02/2026",
            "1.2.2026",
            "45597",
            "yesterday",
            "2026-11-01 25:00:00 +0100",
            "2026-11-01 10:00:00 +01é0",
            "",
        ] {
            assert_eq!(parse(text).unwrap_err().code(), "impossible_date", "{text}");
        }
    }
}
