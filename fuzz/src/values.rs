//! Instants, dates, zones, languages, amounts, networks, links and lines of text: what is printed reads as what it was.

use kernel::net::Networks;
use kernel::time::parse_date;
use kernel::{Currency, Locale, Timestamp, Zone, brand, text};

/// Each of them out of the same text.
pub fn values(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    times(&text);
    places(&text);
    amounts(&text);
    lines(&text);
}

fn times(text: &str) {
    for instant in [Timestamp::parse(text), Timestamp::parse_rfc2822(text)].into_iter().flatten() {
        assert_eq!(Timestamp::parse(&instant.to_string()).ok(), Some(instant));
        let whole_second = Timestamp::from_ms(instant.ms() - instant.ms().rem_euclid(1_000));
        assert_eq!(Timestamp::parse_rfc2822(&instant.rfc2822()).ok(), Some(whole_second));
        for zone in ["UTC", "Europe/London", "Pacific/Apia", "Asia/Kathmandu"] {
            let zone = Zone::parse(zone).expect("a zone");
            let (hour, minute) = instant.clock_in(&zone);
            assert!((0..24).contains(&hour) && (0..60).contains(&minute));
            assert!(instant.next_hour_in(&zone, 9) > instant, "the next time is later");
        }
    }
    if let Ok(date) = parse_date(text) {
        assert_eq!(parse_date(&date.to_string()).ok(), Some(date));
    }
    if let Ok(zone) = Zone::parse(text) {
        assert_eq!(Zone::parse(zone.name()).ok().as_ref(), Some(&zone));
    }
}

fn places(text: &str) {
    if let Ok(locale) = Locale::parse(text) {
        assert_eq!(Locale::parse(locale.as_str()).ok().as_ref(), Some(&locale));
        assert!(
            locale.fallbacks().iter().all(|tag| Locale::parse(tag).is_ok()),
            "what it falls back to is one"
        );
        assert!(["ltr", "rtl"].contains(&locale.dir()));
        let gbp = Currency::parse("GBP").expect("a currency");
        assert!(!kernel::Money::new(-123_456, gbp).shown(&locale).is_empty());
    }
    if let Ok(networks) = Networks::parse(text) {
        let inside = networks.hold("10.0.0.1".parse().expect("an address"));
        let mapped = networks.hold("::ffff:10.0.0.1".parse().expect("an address"));
        assert_eq!(inside, mapped, "an address is the same however it is written");
    }
    if brand::check_link(text).is_ok() {
        assert!(text.to_ascii_lowercase().starts_with("http"), "only the web is a link");
        assert!(!text.contains(['\n', '\r', '\t', '\0']), "and it stands on one line");
    }
}

fn amounts(text: &str) {
    for code in ["GBP", "JPY", "KWD"] {
        let currency = Currency::parse(code).expect("a currency");
        if let Ok(money) = currency.parse_amount(text) {
            assert_eq!(currency.parse_amount(&money.decimal()).ok(), Some(money), "an amount is exact");
        }
    }
    if let Ok(currency) = Currency::parse(text) {
        assert_eq!(Currency::parse(currency.code()).ok(), Some(currency));
    }
}

fn lines(text: &str) {
    if let Ok(line) = text::line(text, 60) {
        assert!(line.chars().count() <= 60 && !line.chars().any(char::is_control) && line.trim() == line);
        assert_eq!(text::line(&line, 60).ok().as_ref(), Some(&line));
    }
    if let Ok(paragraph) = text::paragraph(text, 60) {
        assert_eq!(text::paragraph(&paragraph, 60).ok().as_ref(), Some(&paragraph));
    }
    assert!(text::shortened(text, 9).chars().count() <= 9);
    assert_eq!(text::unfolded(&text::unfolded(text)), text::unfolded(text));
    let isolated = text::isolated(text);
    assert_eq!(text::without_bidi_controls(&isolated), text::without_bidi_controls(text));
}
