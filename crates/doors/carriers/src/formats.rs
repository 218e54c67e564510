//! What the numbers of each carrier look like, and the rule of their check digit. The language of the patterns is that of
//! `pattern`; S10 identifiers of posts are not here but in `posts`.
//!
//! A carrier prints more numbers than are known here, and no row says that another form is not its own. Where no rule of
//! a check digit can be stated, the row says so ([`Check::Unknown`]) and nothing is checked.

use crate::check::Check;

/// How much a form says about whose number it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tells {
    /// Numbers like this are this carrier's.
    Carrier,
    /// Others have such numbers, too.
    Little,
}

/// Where a carrier takes what has such a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// Also to countries it does not deliver in itself.
    Abroad,
    /// Within the countries of the carrier.
    Home,
}

/// One form of a carrier's numbers.
#[derive(Clone, Copy, Debug)]
pub struct Format {
    /// Whose it is.
    pub carrier: &'static str,
    /// What it looks like.
    pub pattern: &'static str,
    /// The rule of its check digit.
    pub check: Check,
    /// How much it says.
    pub tells: Tells,
    /// How far such numbers go.
    pub reach: Reach,
    /// A number of this form.
    pub sample: &'static str,
}

/// A form that is its carrier's alone.
const fn own(carrier: &'static str, pattern: &'static str, check: Check, sample: &'static str) -> Format {
    Format { carrier, pattern, check, tells: Tells::Carrier, reach: Reach::Abroad, sample }
}

/// A form that others have, too.
const fn shared(carrier: &'static str, pattern: &'static str, check: Check, sample: &'static str) -> Format {
    Format { carrier, pattern, check, tells: Tells::Little, reach: Reach::Abroad, sample }
}

/// A form that others have, too, and that stays in its carrier's countries.
const fn home(carrier: &'static str, pattern: &'static str, check: Check, sample: &'static str) -> Format {
    Format { carrier, pattern, check, tells: Tells::Little, reach: Reach::Home, sample }
}

/// Every form that is known. Of two that are as likely, the one that stands first is named first.
pub const FORMATS: &[Format] = &[
    // UPS, "Tracking number formats": 1Z, six characters of the account, two of the service, seven digits, the check
    // digit. Freight numbers and those of Mail Innovations have no published rule.
    own("ups", "1Z*{8}#{8}", Check::Ups, "1Z5R89390357567127"),
    shared("ups", "T#{10}", Check::Unknown, "T1234567890"),
    own("ups", "MI#{6}*{1,22}", Check::Unknown, "MI123456A1B2C3"),
    // FedEx, "Ground barcode and label requirements" and "Express tracking numbers".
    shared("fedex", "#{12}", Check::FedexExpress, "986578788855"),
    shared("fedex", "#{15}", Check::Gs1, "041441760228964"),
    own("fedex", "96#{20}", Check::FedexGround96, "9611020987654312345672"),
    own("fedex", "61#{18}", Check::FedexSmartpost, "61299995669352455464"),
    // A door tag: twelve digits behind DT. No rule is published.
    own("fedex", "DT#{12}", Check::Unknown, "DT123456789012"),
    // USPS, Publication 199, "Intelligent Mail package barcode": 22 digits that begin with 91 to 95, printed with 420 and
    // the ZIP code before them; the older 20 digits of certified and registered mail.
    own("usps", "9[12345]#{20}", Check::Gs1, "9400111202555842332669"),
    own("usps", "420#{5}9[12345]#{20}", Check::UspsRouted, "420221539400111202555842332669"),
    own("usps", "420#{9}9[12345]#{20}", Check::UspsRouted, "4202215312349400111202555842332669"),
    shared("usps", "0[1234]#{18}", Check::Gs1, "03071790000523483741"),
    shared("usps", "7[01234567]#{18}", Check::Gs1, "71123456789123456787"),
    // DHL Express: ten digits, the last the remainder of the others by seven. The pieces' own numbers have no published rule.
    shared("dhl-express", "#{10}", Check::Seven, "3318810025"),
    own("dhl-express", "JD#{18}", Check::Unknown, "JD014600003889949567"),
    own("dhl-express", "JJD#{16,20}", Check::Unknown, "JJD0099999999000000000"),
    // DHL Paket: a GS1 SSCC with its company prefix behind 003, an Identcode of Deutsche Post, and
    // JJD with thirteen digits, whose rule is not published.
    own("dhl-paket", "0034043#{13}", Check::Gs1, "00340434161094015902"),
    shared("dhl-paket", "#{12}", Check::Identcode, "563102430313"),
    own("dhl-paket", "JJD#{13}", Check::Unknown, "JJD1410302937991"),
    own("dhl-ecommerce-us", "GM#{16,20}", Check::Unknown, "GM295327149015669000"),
    // Who hands parcels to USPS for the last mile prints its barcodes: whoever is named has them, too.
    shared("dhl-ecommerce-us", "9[23]#{20}", Check::Gs1, "9261290100130739674497"),
    shared("ups", "9[23]#{20}", Check::Gs1, "9261290100130739674497"),
    shared("fedex", "9[23]#{20}", Check::Gs1, "9261290100130739674497"),
    own("dhl-ecommerce-nl", "JVGL#{16,20}", Check::Unknown, "JVGL06123456789012345678"),
    // DPD, "Parcel label specification": fourteen digits, and behind them a check character by ISO/IEC 7064 MOD 37,36 that
    // is printed and often left out.
    home("dpd", "#{14}*", Check::Iso7064, "01015026003653C"),
    home("dpd", "#{14}", Check::Unknown, "01015026003653"),
    home("dpd-uk", "#{14}*", Check::Iso7064, "15501234567890Q"),
    home("dpd-uk", "#{14}", Check::Unknown, "15501234567890"),
    home("dpd-uk", "#{10}", Check::Unknown, "5978123456"),
    // Hermes: fourteen digits with the modulo 10 of GS1; newer ones are H and nineteen digits, without a published rule.
    home("hermes", "#{14}", Check::Gs1, "09133131530724"),
    own("hermes", "H#{19}", Check::Unknown, "H1000000000000000001"),
    // GLS: the parcel number with or without its check digit, whose rule we can't state, and the Track-ID.
    home("gls", "#{11}", Check::Unknown, "12345678901"),
    home("gls", "#{12}", Check::Unknown, "123456789012"),
    home("gls", "@{2}*{6}", Check::Unknown, "XHAX4HDA"),
    // Parcelforce, "Tracking number formats". No rule is published.
    home("parcelforce", "@{2}#{7}", Check::Unknown, "AA1234567"),
    home("parcelforce", "@{4}#{10}", Check::Unknown, "AAAA1234567890"),
    // Evri: "your 16-digit tracking number", often with letters at its beginning. No rule is published.
    home("evri", "#{16}", Check::Unknown, "1234567890123456"),
    own("evri", "H*{5}#{10}", Check::Unknown, "H01HNA0012345678"),
    home("evri", "[CPT]*{5}#{10}", Check::Unknown, "T00AAA0012345678"),
    // Yodel: JD and sixteen digits. No rule is published.
    own("yodel", "JD#{16}", Check::Unknown, "JD0002212345678901"),
    // La Poste: two characters of the product and eleven digits; parcels begin with 5 to 9. No rule that we can state.
    own("colissimo", "[56789]@#{11}", Check::Unknown, "6A12345678901"),
    own("la-poste", "[1234]@#{11}", Check::Unknown, "1A12345678901"),
    home("mondial-relay", "#{8}", Check::Unknown, "12345678"),
    // PostNL: 3S, letters of the customer, digits. No rule is published.
    own("postnl", "3S*{10,15}", Check::Unknown, "3SABCD1234567"),
    own("bpost", "3232#{20}", Check::Unknown, "323200000000000000000000"),
    // Swiss Post: 98 or 99, product, franking licence, and the number, written with dots. No rule that we can state.
    own("swiss-post", "9[89]#{16}", Check::Unknown, "996001234512345678"),
    home("austrian-post", "10#{20}", Check::Unknown, "1021000000000000000000"),
    // Correos: a product that begins with P, and a letter at the end. No rule that we can state.
    own("correos", "P@*{20}@", Check::Unknown, "PQ43B60409910120128001M"),
    home("correos-express", "#{16}", Check::Unknown, "3230001234567890"),
    // SSCC of the Nordic posts: GS1 company prefixes of Sweden, Denmark and Norway behind the packing digit 3.
    shared("postnord", "00373#{15}", Check::Gs1, "00373123456789012348"),
    shared("postnord", "00357#{15}", Check::Gs1, "00357123456789012348"),
    shared("posten", "00370#{15}", Check::Gs1, "00370123456789012347"),
    shared("posten", "370#{15}", Check::Gs1, "370123456789012347"),
    own("posti", "JJFI#{16,18}", Check::Unknown, "JJFI60000012345678901"),
    own("venipak", "V#{5}E#{7}", Check::Unknown, "V12345E1234567"),
    home("inpost", "6#{23}", Check::Unknown, "612345678901234567890123"),
    own("packeta", "Z#{10}", Check::Unknown, "Z1234567890"),
    // Poczta Polska: SSCC with its GS1 company prefix, 5900773.
    own("poczta-polska", "00#5900773#{10}", Check::Gs1, "00359007731234567893"),
    home("nova-poshta", "#{14}", Check::Unknown, "59000123456789"),
    // Canada Post, "Barcode specifications": sixteen digits with the modulo 10 of GS1.
    home("canada-post", "#{16}", Check::Gs1, "7035114477138472"),
    home("purolator", "@{3}#{9}", Check::Unknown, "ABC123456789"),
    home("purolator", "#{12}", Check::Unknown, "333123456789"),
    // Amazon: TB, a letter of the country, twelve digits. No rule is published.
    own("amazon", "TB[ACM]#{12}", Check::Unknown, "TBA123456789000"),
    // OnTrac, "Tracking number specification"; the second are those that LaserShip brought in, without a published rule.
    own("ontrac", "[CD]#{14}", Check::Ontrac, "C11031500001879"),
    own("ontrac", "1LS#{12,15}", Check::Unknown, "1LS123456789012"),
    own("ontrac", "L[XSN]#{8}", Check::Unknown, "LX12345678"),
    // TNT: nine digits between GE or GD and WW. No rule that we can state.
    own("tnt", "G[ED]#{9}WW", Check::Unknown, "GE123456789WW"),
    // Japan: the last of twelve digits is the remainder of the others by seven, with all three carriers.
    home("yamato", "#{12}", Check::Seven, "123456789013"),
    home("sagawa", "#{12}", Check::Seven, "123456789013"),
    home("japan-post", "#{12}", Check::Seven, "123456789013"),
    // China: fixed beginnings, no published rules.
    own("sf-express", "SF#{12,13}", Check::Unknown, "SF1234567890123"),
    own("yunexpress", "YT#{16}", Check::Unknown, "YT2112345678901234"),
    own("4px", "4PX#{13}CN", Check::Unknown, "4PX3000123456789CN"),
    own("yanwen", "U@#{9}YP", Check::Unknown, "UG123456789YP"),
    own("cainiao", "LP#{14}", Check::Unknown, "LP00123456789012"),
];
