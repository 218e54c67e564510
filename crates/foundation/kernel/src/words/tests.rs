use super::*;
use crate::time::parse_date;
use crate::{Date, Locale};

fn catalogue() -> Catalogue {
    Catalogue::new(&[]).unwrap()
}

fn locale(tag: &str) -> Locale {
    Locale::parse(tag).unwrap()
}

fn day(text: &str) -> Date {
    parse_date(text).unwrap()
}

/// No-break spaces as `_`, so that a reader of the test sees them.
fn visible(text: &str) -> String {
    text.replace('\u{a0}', "_")
}

#[test]
fn dates_have_a_weekday_and_a_year_only_when_it_differs() {
    let (words, today) = (catalogue(), day("2026-11-22"));
    for (tag, date, wanted) in [
        ("en-GB", "2026-11-26", "Thursday 26 November"),
        ("en-GB", "2027-01-02", "Saturday 2 January 2027"),
        ("de-DE", "2026-11-26", "Donnerstag, 26._November"),
        ("de-AT", "2027-01-02", "Samstag, 2._Januar 2027"),
    ] {
        assert_eq!(visible(&words.date(&locale(tag), day(date), today)), wanted);
    }
}

#[test]
fn a_range_names_its_month_once() {
    let (words, today) = (catalogue(), day("2026-11-22"));
    for (tag, from, to, wanted) in [
        ("en-GB", "2026-11-25", "2026-11-25", "Wednesday 25 November"),
        ("en-GB", "2026-11-25", "2026-11-27", "Wednesday 25 to Friday 27 November"),
        ("de-DE", "2026-11-25", "2026-11-27", "Mittwoch, 25. bis Freitag, 27._November"),
        ("de-DE", "2027-01-04", "2027-01-05", "Montag, 4. bis Dienstag, 5._Januar 2027"),
        ("de-DE", "2026-11-30", "2026-12-01", "Montag, 30._November bis Dienstag, 1._Dezember"),
        ("de-DE", "2026-12-30", "2027-01-02", "Mittwoch, 30._Dezember bis Samstag, 2._Januar 2027"),
    ] {
        assert_eq!(visible(&words.date_range(&locale(tag), day(from), day(to), today)), wanted);
    }
}

#[test]
fn countries_have_names() {
    assert_eq!(catalogue().country(&locale("en-GB"), "GB"), "United Kingdom");
    assert_eq!(catalogue().country(&locale("de-AT"), "GB"), "Vereinigtes Königreich");
    assert_eq!(catalogue().country(&locale("en"), "QQ"), "QQ");
    let countries = |tag| catalogue().keys(tag).iter().filter(|key| key.starts_with("country-")).count();
    // ISO 3166-1 has 249, and Kosovo has a code that everybody uses.
    assert_eq!((countries("en"), countries("de")), (250, 250));
}

#[test]
fn an_unknown_language_falls_back_to_english() {
    assert_eq!(catalogue().time(&locale("xx"), 4, 5), "04:05");
    assert!(!catalogue().speaks(&locale("xx")));
}

/// Polish and Arabic are not shipped; what is tested is that they could be. The forms name their category.
const FORMS: &str = "count = { $n ->\n    [zero] zero\n    [one] one\n    [two] two\n    [few] few\n    [many] many\n   *[other] other\n}\nparcels = { $n ->\n    [one] { $n } paczka\n    [few] { $n } paczki\n    [many] { $n } paczek\n   *[other] { $n } paczki\n}\n";

/// A month beside a day is in the genitive, and the weekday in the accusative after "w".
const POLISH_DATES: &str = "weekday = { $n ->\n    [4] czwartek\n   *[other] inny\n}\nmonth = { $n ->\n    [1] stycznia\n    [11] listopada\n   *[other] innego\n}\ndate-this-year = { $weekday }, { $day }{\"\\u00A0\"}{ $month }\ndate-other-year = { $weekday }, { $day }{\"\\u00A0\"}{ $month } { $year }\n";

fn many_formed() -> Catalogue {
    let sources = [
        Words { language: "pl", source: FORMS },
        Words { language: "pl", source: POLISH_DATES },
        Words { language: "ar", source: FORMS },
        Words { language: "en", source: FORMS },
    ];
    Catalogue::new(&[&sources]).unwrap()
}

fn category(words: &Catalogue, tag: &str, n: i64) -> String {
    words.say(&locale(tag), "count", &[("n", n.into())])
}

#[test]
fn polish_counts_choose_their_form() {
    let words = many_formed();
    for n in 0..=200_i64 {
        let (ten, hundred) = (n % 10, n % 100);
        // CLDR, plurals.xml, pl: one: i = 1 and v = 0; few: v = 0 and i % 10 = 2..4 and i % 100 != 12..14;
        // many: v = 0 and i != 1 and i % 10 = 0..1, or v = 0 and i % 10 = 5..9, or v = 0 and i % 100 = 12..14.
        let wanted = match () {
            () if n == 1 => "one",
            () if (2..=4).contains(&ten) && !(12..=14).contains(&hundred) => "few",
            () if ten <= 1 || ten >= 5 || (12..=14).contains(&hundred) => "many",
            () => "other",
        };
        assert_eq!(category(&words, "pl-PL", n), wanted, "{n}");
    }
    let parcels = |n: i64| words.say(&locale("pl"), "parcels", &[("n", n.into())]);
    assert_eq!([1, 22, 25, 112].map(parcels), ["1 paczka", "22 paczki", "25 paczek", "112 paczek"]);
}

#[test]
fn arabic_counts_choose_their_form() {
    let words = many_formed();
    for n in 0..=200_i64 {
        // CLDR, plurals.xml, ar: zero: n = 0; one: n = 1; two: n = 2; few: n % 100 = 3..10; many: n % 100 = 11..99.
        let wanted = match (n, n % 100) {
            (0, _) => "zero",
            (1, _) => "one",
            (2, _) => "two",
            (_, 3..=10) => "few",
            (_, 11..=99) => "many",
            _ => "other",
        };
        assert_eq!(category(&words, "ar-EG", n), wanted, "{n}");
    }
}

#[test]
fn dates_have_the_grammar_of_their_language() {
    let (words, today) = (many_formed(), day("2026-11-22"));
    assert_eq!(visible(&words.date(&locale("pl"), day("2026-11-26"), today)), "czwartek, 26_listopada");
    assert_eq!(visible(&words.date(&locale("pl"), day("2027-01-07"), today)), "czwartek, 7_stycznia 2027");
}

#[test]
fn a_language_with_a_gap_is_not_spoken() {
    let words = many_formed();
    assert!(!words.speaks(&locale("pl")), "Polish has no countries here");
    assert!(!words.speaks(&locale("de")), "German lacks what only English has here");
    assert!(words.speaks(&locale("en-US")));
}

#[test]
fn counts_in_sentences_are_written_as_in_their_language() {
    let source = "many = { $n } x\n";
    let sources = ["en", "de", "pl", "hi"].map(|language| Words { language, source });
    let words = Catalogue::new(&[&sources]).unwrap();
    let many = |tag: &str, n: i64| visible(&words.say(&locale(tag), "many", &[("n", n.into())]));
    assert_eq!(many("en-GB", 12_345), "12,345 x");
    assert_eq!(many("de-DE", 12_345), "12.345 x");
    assert_eq!([many("pl", 1_234), many("pl", 12_345)], ["1234 x", "12_345 x"]);
    assert_eq!(many("hi", 1_234_567), "12,34,567 x");
    assert_eq!(many("de", -3), "-3 x");
}
/// The categories of 0 to 200 as ICU chooses them, a letter each; the head of the file says which ICU.
const PLURALS: &str = include_str!("../../cldr/plurals.tsv");

#[test]
fn every_language_chooses_the_forms_icu_does() {
    let lines = PLURALS.lines().filter(|line| !line.starts_with('#'));
    // Chuvash has a form for none that the rules under Fluent don't know of.
    let lines: Vec<_> =
        lines.filter_map(|line| line.split_once('\t')).filter(|(tag, _)| *tag != "cv").collect();
    for (tag, wanted) in &lines {
        let words = Catalogue::new(&[&[Words { language: tag, source: FORMS }]]).unwrap();
        let form = |n: usize| category(&words, tag, n as i64);
        let chosen: String = (0..wanted.len()).map(|n| letter(&form(n))).collect();
        assert_eq!(chosen, *wanted, "{tag}");
    }
    assert!(lines.len() > 80, "{}", lines.len());
}

fn letter(category: &str) -> char {
    match category {
        "two" => '2',
        "other" => 'x',
        other => other.chars().next().unwrap_or('?'),
    }
}

#[test]
fn what_is_made_ready_says_what_fluent_says() {
    let catalogue = Catalogue::with_pseudo_locales(&[]).unwrap();
    let (mut compared, mut by_hand) = (0, 0);
    for (tag, bundle) in &catalogue.bundles {
        for key in &catalogue.keys[tag] {
            let names: Vec<String> = [
                "weekday",
                "day",
                "month",
                "year",
                "from",
                "to",
                "hour",
                "minute",
                "n",
                "from-weekday",
                "from-day",
            ]
            .iter()
            .chain(&["to-weekday", "to-day"])
            .map(|name| (*name).to_owned())
            .collect();
            let args: Vec<(&str, Arg<'_>)> = names.iter().map(|name| (name.as_str(), name.into())).collect();
            let by_fluent = said_by(&bundle.fluent, &locale(tag), key, &args);
            by_hand += usize::from(bundle.ready.plain(key, &args).is_some());
            assert_eq!(catalogue.try_say(tag, &locale(tag), key, &args), by_fluent, "{tag} {key}");
            for count in [0, 1, 2, 7, 11, 99, 100, 1_234] {
                let args = [("n", count.into())];
                let by_fluent = said_by(&bundle.fluent, &locale(tag), key, &args);
                // Twice: made, and then remembered.
                for _ in 0..2 {
                    assert_eq!(
                        catalogue.try_say(tag, &locale(tag), key, &args),
                        by_fluent,
                        "{tag} {key} {count}"
                    );
                }
                compared += 1;
            }
        }
    }
    assert!(compared > 4_000 && by_hand > 1_000, "{compared} {by_hand}");
}
