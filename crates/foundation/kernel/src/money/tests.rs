use super::*;

fn money(minor: i64, code: &str) -> Money {
    Money::new(minor, Currency::parse(code).unwrap())
}

#[test]
fn decimal_strings_are_read_exactly() {
    let eur = Currency::parse("EUR").unwrap();
    assert_eq!(eur.parse_amount("41.00").unwrap().minor, 4100);
    assert_eq!(eur.parse_amount("0.1").unwrap().minor, 10);
    assert_eq!(eur.parse_amount("-6.67").unwrap().minor, -667);
    assert_eq!(eur.parse_amount("5").unwrap().minor, 500);
    assert_eq!(eur.parse_amount("1.2300").unwrap().minor, 123);
    assert_eq!(Currency::parse("JPY").unwrap().parse_amount("2795").unwrap().minor, 2795);
    assert_eq!(Currency::parse("JPY").unwrap().parse_amount("2795.00").unwrap().minor, 2795);
    assert_eq!(Currency::parse("KWD").unwrap().parse_amount("1.234").unwrap().minor, 1234);
    for bad in [
        "",
        ".",
        "1,00",
        "1.234",
        "1e3",
        " 1",
        "NaN",
        "9999999999999999",
        "--1",
        "+1",
        "41.0€",
        "1.é",
        "€1.00",
        "１.00",
    ] {
        assert!(eur.parse_amount(bad).is_err(), "{bad}");
    }
}

#[test]
fn what_is_read_is_written_back() {
    for code in currency::codes() {
        let currency = Currency::parse(code).unwrap();
        for minor in [0, 1, -1, 99, 100, 123_456_789, -5] {
            let money = Money::new(minor, currency);
            assert_eq!(currency.parse_amount(&money.decimal()).unwrap(), money);
        }
    }
}

fn locale(tag: &str) -> Locale {
    Locale::parse(tag).unwrap()
}

/// Where we differ from ICU: it lends what CLDR says of a region's own currency (CVE has `$` for a decimal sign, EUR in
/// English has a pattern of its own) to every other currency there. By the table that belongs to the one.
const LENT_BY_ICU: [(&str, &str); 2] = [("en-DE", "EUR"), ("pt-CV", "CVE")];

/// Amounts as ICU writes them; the head of the file says which, and how it was made.
const CASES: &str = include_str!("../../cldr/cases.tsv");

#[test]
fn every_language_writes_amounts_as_icu_does() {
    let (mut count, mut wrong) = (0, Vec::new());
    for line in CASES.lines().filter(|line| !line.starts_with('#')) {
        let [tag, code, minor, wanted] = line.split('\t').collect::<Vec<_>>()[..] else { panic!("{line}") };
        // The one thing that is ours on purpose, as the head of the table says.
        let wanted = pattern::seen(wanted).replace('\'', "’");
        let shown = pattern::by_cldr(money(minor.parse().unwrap(), code), &locale(tag));
        count += 1;
        let lent = LENT_BY_ICU.iter().any(|(region, own)| *region == tag && *own != code);
        if shown != wanted && !lent {
            wrong.push(format!("{line}: {shown:?}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(count > 600, "{count}");
}

#[test]
fn the_amounts_people_meet_look_right() {
    for (minor, code, tag, wanted) in [
        (123_456_789, "GBP", "en-GB", "£1,234,567.89"),
        (0, "EUR", "en-GB", "€0.00"),
        (-500, "GBP", "en-GB", "-£5.00"),
        (1200, "USD", "en-GB", "US$12.00"),
        (1200, "USD", "en-US", "$12.00"),
        (1234, "KWD", "en-GB", "KWD\u{a0}1.234"),
        (1200, "EUR", "de-DE", "12,00\u{a0}€"),
        (123_456, "EUR", "de", "1.234,56\u{a0}€"),
        (1200, "EUR", "de-AT", "€\u{a0}12,00"),
        (123_456, "CHF", "de-CH", "CHF\u{a0}1’234.56"),
        (-123_456, "CHF", "de-CH", "CHF-1’234.56"),
        (123_400, "PLN", "pl-PL", "1234,00\u{a0}zł"),
        (1_234_500, "PLN", "pl-PL", "12\u{a0}345,00\u{a0}zł"),
        (12_345_600, "INR", "en-IN", "₹1,23,456.00"),
        (2795, "JPY", "ja-JP", "￥2,795"),
        (1200, "EGP", "ar-EG", "\u{200f}١٢٫٠٠\u{a0}ج.م.\u{200f}"),
        (1200, "AED", "ar-AE", "\u{200f}12.00\u{a0}د.إ.\u{200f}"),
        // A language without a line, and a region without one.
        (1200, "EUR", "tlh", "€\u{a0}12.00"),
        (1200, "EUR", "de-FR", "12,00\u{a0}€"),
    ] {
        assert_eq!(money(minor, code).shown(&locale(tag)), wanted, "{code} {tag}");
    }
}

#[test]
fn an_amount_never_breaks_and_stays_in_one_piece_from_right_to_left() {
    for tag in ["en-GB", "de-DE", "pl", "fr-CH", "ar-EG", "he", "hi", "tlh"] {
        for code in currency::codes() {
            let shown = money(-123_456_789, code).shown(&locale(tag));
            assert!(!shown.contains(' '), "{tag} {code}: {shown:?}");
            assert!(!shown.contains(['¤', '#', '\\']), "{tag} {code}: {shown:?}");
        }
    }
    assert_eq!(money(1200, "EUR").in_sentence(&locale("de")), "12,00\u{a0}€");
    let arabic = money(-1200, "USD").in_sentence(&locale("ar"));
    assert_eq!(arabic, "\u{2068}\u{200f}\u{200e}-12.00\u{a0}US$\u{200e}\u{2069}");
}
