//! Where customers live: real towns with postcodes of the right shape, on streets that were named here.

use kernel::Dice;
use orders::incoming::Address;

use crate::throws::{between, chance, pick, pick_by};

/// A country the shop sends to.
pub(super) struct Country {
    /// ISO 3166-1 alpha-2 code.
    pub(super) code: &'static str,
    /// The language most people there shop in.
    pub(super) language: &'static str,
    /// The same with the region.
    pub(super) locale: &'static str,
    /// Numbers the regulator keeps for films, where it does.
    pub(super) phones: Option<PhoneRange>,
    weight: u64,
    number_first: bool,
    streets: &'static [&'static str],
    towns: &'static [Town],
}

/// A range of phone numbers that never ring.
#[derive(Clone, Copy)]
pub(super) struct PhoneRange {
    /// What every number begins with, in E.164.
    pub(super) prefix: &'static str,
    /// How many digits follow.
    pub(super) digits: usize,
    /// The lowest number they make.
    pub(super) first: u64,
    /// How many numbers there are.
    pub(super) size: u64,
}

/// A town: name, region, shape of the postcode (`#` a digit, `@` a letter) and time zone.
struct Town(&'static str, Option<&'static str>, &'static str, &'static str);

/// Letters that the second half of a British postcode may have.
const POSTCODE_LETTERS: &[u8; 20] = b"ABDEFGHJLNPQRSTUWXYZ";

/// Some country, as often as the shop sends there.
pub(super) fn somewhere(dice: &mut Dice) -> &'static Country {
    pick_by(dice, COUNTRIES, |country| country.weight)
}

/// The country of this code; the United Kingdom when the shop doesn't send there.
pub(super) fn country(code: &str) -> &'static Country {
    COUNTRIES.iter().find(|country| country.code == code).unwrap_or(united_kingdom())
}

/// Where the shop is at home.
pub(super) fn united_kingdom() -> &'static Country {
    &COUNTRIES[0]
}

/// An address in `country`, and its time zone.
pub(super) fn address(country: &Country, name: &str, dice: &mut Dice) -> (Address, &'static str) {
    let Town(city, region, postcode, zone) = pick(dice, country.towns);
    let (street, number) = (pick(dice, country.streets), between(dice, 1, 120));
    let line1 =
        if country.number_first { format!("{number} {street}") } else { format!("{street} {number}") };
    let flat =
        (country.language == "en" && chance(dice, 15)).then(|| format!("Flat {}", between(dice, 1, 24)));
    let address = Address {
        name: Some(name.to_owned()),
        line1,
        line2: flat,
        city: (*city).to_owned(),
        region: region.map(str::to_owned),
        postcode: Some(filled(postcode, dice)),
        country: country.code.to_owned(),
    };
    (address, zone)
}

fn filled(shape: &str, dice: &mut Dice) -> String {
    let mut fill = |c: char| match c {
        '#' => char::from(b'0' + dice.below(10) as u8),
        '@' => char::from(*pick(dice, POSTCODE_LETTERS)),
        other => other,
    };
    shape.chars().map(&mut fill).collect()
}

const LONDON: &str = "Europe/London";

/// Ofcom's range for drama: 07700 900000 to 900999.
const OFCOM: PhoneRange = PhoneRange { prefix: "+447700900", digits: 3, first: 0, size: 1_000 };
/// The North American range for fiction: 555-0100 to 555-0199, in Seattle's area.
const NANPA: PhoneRange = PhoneRange { prefix: "+120655501", digits: 2, first: 0, size: 100 };
/// The Bundesnetzagentur's range for films: 0171 39200 00 to 99.
const BNETZA: PhoneRange = PhoneRange { prefix: "+4917139200", digits: 2, first: 0, size: 100 };
/// A part of Arcep's range for films: 06 39 98 00 00 to 00 99.
const ARCEP: PhoneRange = PhoneRange { prefix: "+336399800", digits: 2, first: 0, size: 100 };
/// The range of the Post- och telestyrelsen for books and films: 070 174 06 05 to 06 99.
const PTS: PhoneRange = PhoneRange { prefix: "+467017406", digits: 2, first: 5, size: 95 };

#[rustfmt::skip]
const COUNTRIES: &[Country] = &[
    Country { code: "GB", language: "en", locale: "en-GB", phones: Some(OFCOM), weight: 78, number_first: true,
        streets: &["Elm Row", "Kettle Lane", "Saucer Street", "Larkfield Terrace", "Old Dyeworks Yard", "Heronsgate", "Plover Close", "Teasel Avenue", "Nine Steps", "Upper Wainhouse Road", "Marigold Mews", "The Ropewalk End", "Cobbler’s Fold", "Thrushcross View"],
        towns: &[Town("Leeds", None, "LS6 #@@", LONDON), Town("York", None, "YO31 #@@", LONDON), Town("Bristol", None, "BS3 #@@", LONDON), Town("Cardiff", None, "CF11 #@@", LONDON), Town("Edinburgh", None, "EH6 #@@", LONDON), Town("Glasgow", None, "G41 #@@", LONDON), Town("Belfast", Some("County Antrim"), "BT9 #@@", LONDON), Town("Norwich", Some("Norfolk"), "NR3 #@@", LONDON), Town("Brighton", Some("East Sussex"), "BN2 #@@", LONDON), Town("Exeter", Some("Devon"), "EX4 #@@", LONDON), Town("Sheffield", None, "S7 #@@", LONDON), Town("Newcastle upon Tyne", None, "NE6 #@@", LONDON), Town("Manchester", None, "M21 #@@", LONDON), Town("Liverpool", None, "L17 #@@", LONDON), Town("Nottingham", None, "NG5 #@@", LONDON), Town("Oxford", None, "OX4 #@@", LONDON), Town("London", None, "SE15 #@@", LONDON), Town("London", None, "N16 #@@", LONDON), Town("London", None, "SW12 #@@", LONDON), Town("Birmingham", None, "B13 #@@", LONDON), Town("Aberystwyth", Some("Ceredigion"), "SY23 #@@", LONDON), Town("Inverness", None, "IV2 #@@", LONDON), Town("Llanfairpwllgwyngyll", Some("Anglesey"), "LL61 #@@", LONDON), Town("Penzance", Some("Cornwall"), "TR18 #@@", LONDON), Town("Kendal", Some("Cumbria"), "LA9 #@@", LONDON), Town("Hebden Bridge", Some("West Yorkshire"), "HX7 #@@", LONDON)] },
    Country { code: "IE", language: "en", locale: "en-IE", phones: None, weight: 4, number_first: true,
        streets: &["Curlew Road", "Bóthar na Lachan", "Millrace Lane", "Hawthorn Rise"],
        towns: &[Town("Dublin", None, "D08 @#@#", "Europe/Dublin"), Town("Galway", Some("Co. Galway"), "H91 @#@#", "Europe/Dublin"), Town("Cork", Some("Co. Cork"), "T12 @#@#", "Europe/Dublin")] },
    Country { code: "DE", language: "de", locale: "de-DE", phones: Some(BNETZA), weight: 7, number_first: false,
        streets: &["Teekesselweg", "Amselgrund", "Alte Färberstraße", "Holunderallee"],
        towns: &[Town("Bremen", None, "282##", "Europe/Berlin"), Town("Leipzig", None, "042##", "Europe/Berlin"), Town("Freiburg im Breisgau", None, "791##", "Europe/Berlin"), Town("Köln", None, "506##", "Europe/Berlin")] },
    Country { code: "AT", language: "de", locale: "de-AT", phones: None, weight: 2, number_first: false,
        streets: &["Kannengasse", "Am Holundergrund", "Rotkehlchenweg"],
        towns: &[Town("Wien", None, "11#0", "Europe/Vienna"), Town("Graz", None, "80#0", "Europe/Vienna"), Town("Bregenz", None, "69##", "Europe/Vienna")] },
    Country { code: "CH", language: "de", locale: "de-CH", phones: None, weight: 1, number_first: false,
        streets: &["Teekannenweg", "Im Amselboden", "Alte Röstergasse"],
        towns: &[Town("Basel", None, "40##", "Europe/Zurich"), Town("St. Gallen", None, "90##", "Europe/Zurich")] },
    Country { code: "FR", language: "fr", locale: "fr-FR", phones: Some(ARCEP), weight: 3, number_first: true,
        streets: &["rue de la Bouilloire", "allée des Mésanges", "impasse du Vieux-Tilleul", "quai aux Épices"],
        towns: &[Town("Lyon", None, "6900#", "Europe/Paris"), Town("Nantes", None, "44#00", "Europe/Paris"), Town("Saint-Étienne", None, "42#00", "Europe/Paris")] },
    Country { code: "NL", language: "nl", locale: "nl-NL", phones: None, weight: 2, number_first: false,
        streets: &["Theeleutlaan", "Roerdompstraat", "Oude Kaneelkade"],
        towns: &[Town("Utrecht", None, "35## @@", "Europe/Amsterdam"), Town("Groningen", None, "97## @@", "Europe/Amsterdam"), Town("’s-Hertogenbosch", None, "52## @@", "Europe/Amsterdam")] },
    Country { code: "ES", language: "es", locale: "es-ES", phones: None, weight: 1, number_first: false,
        streets: &["Calle de la Tetera", "Paseo del Mirlo", "Calle Hierbabuena"],
        towns: &[Town("Logroño", Some("La Rioja"), "2600#", "Europe/Madrid"), Town("A Coruña", None, "1500#", "Europe/Madrid")] },
    Country { code: "SE", language: "sv", locale: "sv-SE", phones: Some(PTS), weight: 1, number_first: false,
        streets: &["Tekannegatan", "Trastvägen", "Björklundsstigen"],
        towns: &[Town("Malmö", None, "214 ##", "Europe/Stockholm"), Town("Umeå", None, "903 ##", "Europe/Stockholm")] },
    Country { code: "GR", language: "el", locale: "el-GR", phones: None, weight: 1, number_first: false,
        streets: &["Οδός Τσαγιού", "Οδός Κοτσυφιού", "Odos Faskomilou"],
        towns: &[Town("Θεσσαλονίκη", None, "546 ##", "Europe/Athens"), Town("Chania", Some("Crete"), "731 ##", "Europe/Athens")] },
    Country { code: "US", language: "en", locale: "en-US", phones: Some(NANPA), weight: 6, number_first: true,
        streets: &["Larkspur Lane", "Samovar Street", "Quillwood Drive", "Old Cooperage Road", "Heron Bend"],
        towns: &[Town("Portland", Some("OR"), "972##", "America/Los_Angeles"), Town("Seattle", Some("WA"), "981##", "America/Los_Angeles"), Town("Madison", Some("WI"), "537##", "America/Chicago"), Town("Asheville", Some("NC"), "288##", "America/New_York"), Town("Burlington", Some("VT"), "0540#", "America/New_York"), Town("Boulder", Some("CO"), "803##", "America/Denver")] },
];
