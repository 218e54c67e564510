//! Check digits: each published rule as a function of its own.
//!
//! A rule is handed a number that looks right, and says whether its check digit is the one its other characters make.
//! Whatever else it is handed is not right.

/// How the last character of a number is made of the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Check {
    /// No rule that we can state: nothing is checked.
    Unknown,
    /// Standard S10 of the Universal Postal Union.
    S10,
    /// The modulo 10 of UPS over a number that begins with 1Z.
    Ups,
    /// The modulo 10 of GS1 over all digits: SSCC, the barcodes of USPS, FedEx Ground, Canada Post and many more.
    Gs1,
    /// The same over the last 22 digits: a USPS barcode with its routing (420 and ZIP) before it.
    UspsRouted,
    /// The modulo 11 of FedEx Express over twelve digits.
    FedexExpress,
    /// The modulo 10 of GS1 over the last fifteen digits: a FedEx Ground "96" barcode.
    FedexGround96,
    /// The modulo 10 of GS1 with 92, the application identifier, before the number: FedEx SmartPost.
    FedexSmartpost,
    /// The remainder by seven: DHL Express, and the carriers of Japan.
    Seven,
    /// The Identcode of Deutsche Post: modulo 10, weights 4 and 9.
    Identcode,
    /// ISO/IEC 7064, MOD 37,36: DPD.
    Iso7064,
    /// The modulo 10 of OnTrac.
    Ontrac,
}

impl Check {
    /// Whether the number's check digit is right; always, when we know no rule.
    pub fn holds(self, number: &str) -> bool {
        let number = number.as_bytes();
        match self {
            Check::Unknown => true,
            Check::S10 => s10(number),
            Check::Ups => number.strip_prefix(b"1Z").is_some_and(one_two),
            Check::Gs1 => gs1(number),
            Check::UspsRouted => last(number, 22).is_some_and(gs1),
            Check::FedexExpress => fedex_express(number),
            Check::FedexGround96 => last(number, 15).is_some_and(gs1),
            Check::FedexSmartpost => gs1(&[&b"92"[..], number].concat()),
            Check::Seven => seven(number),
            Check::Identcode => identcode(number),
            Check::Iso7064 => iso7064(number),
            Check::Ontrac => one_two(number),
        }
    }

    /// How many characters, counted from the end, the rule is about.
    pub fn covers(self, number: &str) -> usize {
        match self {
            Check::Unknown => 0,
            Check::S10 => 11,
            Check::Ups => 16,
            Check::UspsRouted => 22,
            Check::FedexGround96 => 15,
            Check::Gs1
            | Check::FedexExpress
            | Check::FedexSmartpost
            | Check::Seven
            | Check::Identcode
            | Check::Iso7064
            | Check::Ontrac => number.len(),
        }
    }

    /// Whether every single wrong digit of those it is about is noticed. Others notice most.
    pub fn catches_every_single_digit(self) -> bool {
        match self {
            Check::Gs1
            | Check::UspsRouted
            | Check::FedexGround96
            | Check::FedexSmartpost
            | Check::Iso7064 => true,
            Check::Unknown
            | Check::S10
            | Check::Ups
            | Check::FedexExpress
            | Check::Seven
            | Check::Identcode
            | Check::Ontrac => false,
        }
    }
}

fn last(number: &[u8], count: usize) -> Option<&[u8]> {
    number.len().checked_sub(count).map(|from| &number[from..])
}

/// The value of a digit.
fn digit(byte: u8) -> Option<u32> {
    byte.is_ascii_digit().then(|| u32::from(byte - b'0'))
}

fn digits(number: &[u8]) -> Option<Vec<u32>> {
    number.iter().map(|byte| digit(*byte)).collect()
}

/// The sum of the products with weights that repeat.
fn weighted(values: &[u32], weights: &[u32]) -> u32 {
    values.iter().zip(weights.iter().cycle()).map(|(value, weight)| value * weight).sum()
}

/// What is missing to the next ten.
fn to_ten(sum: u32) -> u32 {
    (10 - sum % 10) % 10
}

/// UPU S10-12, "Identification of postal items – 13-character identifier": eight digits with the weights 8 6 4 2 3 5 9 7,
/// modulo 11; ten is written as 0, eleven as 5.
fn s10(number: &[u8]) -> bool {
    let Some(values) = number.get(2..11).and_then(digits) else { return false };
    let expected = match 11 - weighted(&values[..8], &[8, 6, 4, 2, 3, 5, 9, 7]) % 11 {
        10 => 0,
        11 => 5,
        other => other,
    };
    number.len() == 13 && values[8] == expected
}

/// The General Specifications of GS1: from the right, weights 3 and 1 by turns.
fn gs1(number: &[u8]) -> bool {
    let Some((last, body)) =
        digits(number).as_deref().and_then(|all| all.split_last().map(|(l, b)| (*l, b.to_vec())))
    else {
        return false;
    };
    let reversed: Vec<u32> = body.into_iter().rev().collect();
    !reversed.is_empty() && to_ten(weighted(&reversed, &[3, 1])) == last
}

/// UPS and OnTrac: weights 1 and 2 by turns from the left; a letter counts as its place behind "?", modulo 10.
fn one_two(number: &[u8]) -> bool {
    let value = |byte: &u8| match byte {
        b'0'..=b'9' => Some(u32::from(byte - b'0')),
        b'A'..=b'Z' => Some(u32::from(byte - b'?') % 10),
        _ => None,
    };
    let values: Option<Vec<u32>> = number.iter().map(value).collect();
    match values.as_deref().and_then(|all| all.split_last()) {
        Some((last, body)) => !body.is_empty() && to_ten(weighted(body, &[1, 2])) == *last,
        None => false,
    }
}

/// FedEx Express: eleven digits with the weights 3 1 7, modulo 11; ten is written as 0.
fn fedex_express(number: &[u8]) -> bool {
    match digits(number).as_deref().and_then(|all| all.split_last()) {
        Some((last, body)) => body.len() == 11 && weighted(body, &[3, 1, 7]) % 11 % 10 == *last,
        None => false,
    }
}

/// The digits before the last as one number, modulo 7.
fn seven(number: &[u8]) -> bool {
    match digits(number).as_deref().and_then(|all| all.split_last()) {
        Some((last, body)) => {
            !body.is_empty() && body.iter().fold(0, |rest, value| (rest * 10 + value) % 7) == *last
        }
        None => false,
    }
}

/// Deutsche Post: eleven digits with the weights 4 and 9 by turns, modulo 10.
fn identcode(number: &[u8]) -> bool {
    match digits(number).as_deref().and_then(|all| all.split_last()) {
        Some((last, body)) => body.len() == 11 && to_ten(weighted(body, &[4, 9])) == *last,
        None => false,
    }
}

/// ISO/IEC 7064, the hybrid system MOD 37,36 over digits and letters.
fn iso7064(number: &[u8]) -> bool {
    let value = |byte: &u8| match byte {
        b'0'..=b'9' => Some(u32::from(byte - b'0')),
        b'A'..=b'Z' => Some(u32::from(byte - b'A') + 10),
        _ => None,
    };
    let values: Option<Vec<u32>> = number.iter().map(value).collect();
    let Some((last, body)) = values.as_deref().and_then(|all| all.split_last()) else { return false };
    let step = |rest: u32, value: &u32| {
        let sum = match (rest + value) % 36 {
            0 => 36,
            sum => sum,
        };
        sum * 2 % 37
    };
    !body.is_empty() && (body.iter().fold(36, step) + last) % 36 == 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn published_numbers_are_right_under_their_rule() {
        for (check, number) in [
            // The example of S10 itself, with 5 for eleven beside it and 0 for ten.
            (Check::S10, "RR473124829GB"),
            (Check::S10, "RR123456785GB"),
            (Check::Ups, "1Z5R89390357567127"),
            (Check::Ups, "1Z999AA10123456784"),
            (Check::Gs1, "9400111202555842332669"),
            (Check::Gs1, "00340433836442636597"),
            (Check::Gs1, "7035114477138472"),
            (Check::Gs1, "041441760228964"),
            (Check::UspsRouted, "420221539400111202555842332669"),
            (Check::FedexExpress, "986578788855"),
            (Check::FedexGround96, "9611020987654312345672"),
            (Check::FedexSmartpost, "61299995669352455464"),
            (Check::Seven, "3318810025"),
            (Check::Identcode, "563102430313"),
            (Check::Identcode, "201298452277"),
            (Check::Iso7064, "01015026003653C"),
            (Check::Iso7064, "008182709980000020033350276C"),
            (Check::Ontrac, "C11031500001879"),
        ] {
            assert!(check.holds(number), "{check:?} {number}");
        }
    }

    #[test]
    fn ten_and_eleven_are_written_as_the_standard_says() {
        assert!(Check::S10.holds("RR000000080GB"), "56 leaves ten, which is written as 0");
        assert!(Check::S10.holds("RR000000005GB"), "nothing leaves eleven, which is written as 5");
        let right =
            |serial: u32| (0..10).filter(|last| Check::S10.holds(&format!("RR{serial:08}{last}GB"))).count();
        assert!((0..3_000).all(|serial| right(serial) == 1), "each serial has one check digit");
    }

    #[test]
    fn a_rule_says_no_to_whatever_it_was_not_made_for() {
        let all = [
            Check::S10,
            Check::Ups,
            Check::Gs1,
            Check::UspsRouted,
            Check::FedexExpress,
            Check::FedexGround96,
            Check::FedexSmartpost,
            Check::Seven,
            Check::Identcode,
            Check::Iso7064,
            Check::Ontrac,
        ];
        for check in all {
            for nothing in ["", "1", "é", "1z", "\u{0}\u{0}", "RR12345678", "----------------------"] {
                assert!(!check.holds(nothing), "{check:?} {nothing:?}");
            }
        }
    }
}
