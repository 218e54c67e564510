//! The tables against themselves, and recognition over all of them.

use std::collections::BTreeSet;

use kernel::Dice;
use shipments::incoming::MAX_NUMBER;

use super::*;
use crate::check::Check;

fn codes(number: &str, country: Option<&str>, hint: Option<&str>) -> Vec<&'static str> {
    recognise(number, country, hint).iter().map(|candidate| candidate.carrier.code).collect()
}

fn found(number: &str, country: Option<&str>, hint: Option<&str>) -> Vec<(&'static str, Certainty)> {
    let all = recognise(number, country, hint);
    all.iter().map(|candidate| (candidate.carrier.code, candidate.certainty)).collect()
}

/// Every sample of the tables, with its carrier and its rule.
fn samples() -> Vec<(String, &'static str, Check)> {
    let formats = FORMATS.iter().map(|format| (format.sample.to_owned(), format.carrier, format.check));
    let posts = POSTS.iter().map(|post| (format!("RR123456785{}", post.country), post.carrier, Check::S10));
    formats.chain(posts).collect()
}

#[test]
fn every_sample_is_recognised_as_its_carriers() {
    for (number, code, _) in samples() {
        let name = Some(code);
        assert_eq!(found(&number, None, name), [(code, Certainty::Named)], "{number} is a number of {code}");
    }
    for format in FORMATS.iter().filter(|format| format.tells == Tells::Carrier) {
        assert_eq!(codes(format.sample, None, None), [format.carrier], "{}", format.sample);
    }
    for format in FORMATS.iter().filter(|format| format.tells == Tells::Little) {
        let home = carrier(format.carrier).unwrap().countries.first().copied();
        let all = found(format.sample, home, None);
        let is_theirs = all.iter().any(|(code, _)| *code == format.carrier);
        assert!(
            is_theirs || all[0].1 == Certainty::Certain,
            "{} is a number of {}",
            format.sample,
            format.carrier
        );
    }
    for post in POSTS {
        assert_eq!(codes(&format!("RR123456785{}", post.country), None, None), [post.carrier]);
        assert_eq!(
            codes(&format!("CP123456785{}", post.country), None, None),
            [post.parcels.unwrap_or(post.carrier)]
        );
    }
}

#[test]
fn a_wrong_digit_is_noticed_by_every_rule_that_can_notice_it() {
    let checked = samples().into_iter().filter(|(_, _, check)| *check != Check::Unknown);
    for (number, code, check) in checked {
        let mut missed = 0;
        let changed: Vec<String> = flipped(&number, number.len() - check.covers(&number)).collect();
        for other in &changed {
            let holds = check.holds(other);
            missed += usize::from(holds);
            let by_another = FORMATS.iter().any(|format| {
                format.carrier == code && pattern::fits(format.pattern, other) && format.check.holds(other)
            });
            if !holds && !by_another {
                assert!(!codes(other, None, None).contains(&code), "{other} is no number of {code}");
            }
        }
        assert!(!check.catches_every_single_digit() || missed == 0, "{check:?} missed a digit of {number}");
        assert!(
            missed * 4 < changed.len(),
            "{check:?} missed {missed} of {} changes of {number}",
            changed.len()
        );
    }
}

/// The number with each of its digits from that place on changed to each other one.
fn flipped(number: &str, from: usize) -> impl Iterator<Item = String> + '_ {
    let digits = number.char_indices().filter(move |(at, char)| *at >= from && char.is_ascii_digit());
    digits.flat_map(move |(at, char)| {
        let others = ('0'..='9').filter(move |other| *other != char);
        others.map(move |other| format!("{}{other}{}", &number[..at], &number[at + 1..]))
    })
}

#[test]
fn the_tables_are_whole() {
    let mut seen = BTreeSet::new();
    for carrier in CARRIERS {
        assert!(seen.insert(carrier.code), "{} stands twice", carrier.code);
        assert!(
            carrier
                .code
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
        );
        assert!(!carrier.name.is_empty());
        assert!(carrier.countries.iter().all(|country| is_country(country)), "{}", carrier.code);
        if let Some(page) = carrier.page {
            assert!(page.starts_with("https://") && page.matches("{number}").count() == 1, "{page}");
            assert!(kernel::brand::check_link(&page.replace("{number}", "1")).is_ok(), "{page}");
        }
    }
    for format in FORMATS {
        assert!(carrier(format.carrier).is_some(), "{}", format.carrier);
        assert!(format.check.holds(format.sample), "{} {}", format.carrier, format.sample);
        assert_eq!(normalised(format.sample).as_deref(), Some(format.sample));
        assert!(format.sample.len() <= MAX_NUMBER);
        let is_home = format.reach == Reach::Home;
        assert!(!is_home || !carrier(format.carrier).unwrap().countries.is_empty(), "{}", format.carrier);
    }
    for post in POSTS {
        assert!(is_country(post.country) && carrier(post.carrier).is_some(), "{}", post.carrier);
        assert!(post.parcels.is_none_or(|parcels| carrier(parcels).is_some()));
    }
}

fn is_country(code: &str) -> bool {
    code.len() == 2 && code.bytes().all(|byte| byte.is_ascii_uppercase())
}

#[test]
fn what_only_one_carrier_has_is_certain() {
    use Certainty::{Certain, Likely};
    for (number, code, certainty) in [
        ("1Z 5R8 939 03 5756 7127", "ups", Certain),
        ("1Z999AA10123456784", "ups", Certain),
        ("9400 1112 0255 5842 3326 69", "usps", Certain),
        ("420 22153 9400111202555842332669", "usps", Certain),
        ("RR 123 456 785 GB", "royal-mail", Certain),
        ("rr473124829gb", "royal-mail", Certain),
        ("00340434161094015902", "dhl-paket", Certain),
        ("CP123456785DE", "dhl-paket", Certain),
        ("RR123456785DE", "deutsche-post", Certain),
        ("C11031500001879", "ontrac", Certain),
        ("TBA123456789000", "amazon", Likely),
        ("99.60.012345.12345678", "swiss-post", Likely),
        ("JD014600003889949567", "dhl-express", Likely),
    ] {
        assert_eq!(found(number, None, None).first(), Some(&(code, certainty)), "{number}");
    }
}

#[test]
fn what_several_have_is_said_to_be_several() {
    use Certainty::{Likely, Possible};
    assert_eq!(found("563102430313", Some("DE"), None), [("dhl-paket", Likely), ("gls", Possible)]);
    assert_eq!(found("986578788855", Some("us"), None), [("fedex", Likely)]);
    assert_eq!(found("3318810025", Some("GB"), None), [("dhl-express", Likely), ("dpd-uk", Possible)]);
    assert_eq!(
        found("09133131530724", Some("DE"), None),
        [("hermes", Likely), ("dpd", Possible)],
        "Hermes has a check digit, and DPD in Germany might have the number"
    );
    assert_eq!(found("15501234567890", Some("GB"), None)[0], ("dpd-uk", Possible));
}

#[test]
fn where_it_goes_decides_between_equals_and_leaves_out_who_does_not_go_there() {
    let japan = codes("123456789013", Some("JP"), None);
    assert_eq!(japan[..3], ["japan-post", "yamato", "sagawa"]);
    let germany = codes("123456789013", Some("DE"), None);
    assert!(!germany.contains(&"yamato") && germany.contains(&"gls"));
    let anywhere = codes("123456789013", None, None);
    assert!(
        anywhere.contains(&"yamato") && !anywhere.contains(&"gls"),
        "anywhere may be Japan, and is not guessed"
    );
}

#[test]
fn a_name_says_whose_it_is_and_a_wrong_digit_beside_it_is_said() {
    use Certainty::{Certain, Doubted, Named};
    assert_eq!(found("1Z5R89390357567127", None, Some("UPS")), [("ups", Named)]);
    assert!(found("1Z5R89390357567128", None, None).is_empty(), "the check digit is wrong");
    assert_eq!(found("1Z5R89390357567128", None, Some("UPS Standard")), [("ups", Doubted)]);
    assert_eq!(
        found("ABC-1", None, Some("UPS")),
        [("ups", Named)],
        "a carrier has more numbers than we know"
    );
    assert_eq!(
        found("1Z5R89390357567127", None, Some("Royal Mail")),
        [("royal-mail", Named), ("ups", Certain)],
        "somebody else's number: the other one stays in sight"
    );
    assert_eq!(
        found("3318810025", Some("GB"), Some("DPD UK")),
        [("dpd-uk", Named)],
        "what is not certain does not"
    );
    let usps =
        FORMATS.iter().find(|format| format.carrier == "dhl-ecommerce-us" && format.pattern.starts_with('9'));
    let usps = usps.unwrap().sample;
    assert_eq!(found(usps, None, None), [("usps", Certain)]);
    assert_eq!(found(usps, None, Some("UPS SurePost")), [("ups", Named)], "UPS hands over to USPS");
    assert_eq!(found("RR123456785GB", None, Some("Other")), [("royal-mail", Certain)]);
    assert_eq!(found("Nr. é12", None, Some("DX")), [("dx", Named)], "also of what is no number");
}

#[test]
fn of_those_who_share_a_name_the_number_or_the_country_says_which() {
    for (number, country, name, code) in [
        ("3318810025", Some("DE"), "DHL", "dhl-express"),
        ("00340434161094015902", None, "DHL", "dhl-paket"),
        ("JVGL06123456789012345678", None, "DHL", "dhl-ecommerce-nl"),
        ("A-1", Some("DE"), "DHL", "dhl-paket"),
        ("A-1", Some("NL"), "DHL", "dhl-ecommerce-nl"),
        ("A-1", Some("JP"), "DHL", "dhl-express"),
        ("01015026003653", Some("GB"), "DPD", "dpd-uk"),
        ("01015026003653", Some("AT"), "DPD", "dpd"),
        ("01015026003653", None, "DPD", "dpd"),
        ("H01HNA0012345678", None, "Hermes", "evri"),
        ("09133131530724", None, "Hermes", "hermes"),
    ] {
        assert_eq!(codes(number, country, Some(name)).first(), Some(&code), "{number} {country:?} {name}");
    }
}

#[test]
fn what_is_nobodys_is_nobodys() {
    for nobody in ["", " ", "HELLO", "1", "RR123456785XX", "RR123456784GB", "\u{0}", "🎁🎁🎁"] {
        assert!(found(nobody, None, None).is_empty(), "{nobody:?}");
    }
    assert!(found(&"9".repeat(100_000), None, Some("UPS")).is_empty());
}

#[test]
fn whatever_is_asked_is_answered_in_order_and_nobody_stands_twice() {
    let mut dice = Dice::seeded(11);
    let letters: Vec<char> = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ -.é１\u{0}🎁{}[]#@*".chars().collect();
    for _ in 0..20_000 {
        let length = dice.below(40) as usize;
        let number: String =
            (0..length).map(|_| letters[dice.below(letters.len() as u64) as usize]).collect();
        let hint = ["UPS", "DHL", "x", ""][dice.below(4) as usize];
        let all = found(&number, Some("DE"), Some(hint));
        assert!(all.is_sorted_by_key(|(_, certainty)| *certainty), "{number:?}");
        let distinct: BTreeSet<_> = all.iter().map(|(code, _)| code).collect();
        assert_eq!(distinct.len(), all.len(), "{number:?}");
        for (code, _) in all {
            assert!(link(code, &number).is_none_or(|link| link.starts_with("https://") && link.is_ascii()));
        }
    }
}
