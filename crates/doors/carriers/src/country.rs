//! Countries as tracking services name them, and the clocks of their capitals.
//!
//! Source: ISO 3166-1 and the IANA time zone database. A country with several zones has that of its capital: a time
//! without a zone is some hours off there at most, and never later than when the service wrote it down.

use kernel::Zone;

/// Code of two letters, code of three, and the zone of the capital.
const COUNTRIES: &[(&str, &str, &str)] = &[
    ("AE", "ARE", "Asia/Dubai"),
    ("AR", "ARG", "America/Argentina/Buenos_Aires"),
    ("AT", "AUT", "Europe/Vienna"),
    ("AU", "AUS", "Australia/Sydney"),
    ("BE", "BEL", "Europe/Brussels"),
    ("BG", "BGR", "Europe/Sofia"),
    ("BR", "BRA", "America/Sao_Paulo"),
    ("CA", "CAN", "America/Toronto"),
    ("CH", "CHE", "Europe/Zurich"),
    ("CL", "CHL", "America/Santiago"),
    ("CN", "CHN", "Asia/Shanghai"),
    ("CO", "COL", "America/Bogota"),
    ("CY", "CYP", "Asia/Nicosia"),
    ("CZ", "CZE", "Europe/Prague"),
    ("DE", "DEU", "Europe/Berlin"),
    ("DK", "DNK", "Europe/Copenhagen"),
    ("EE", "EST", "Europe/Tallinn"),
    ("EG", "EGY", "Africa/Cairo"),
    ("ES", "ESP", "Europe/Madrid"),
    ("FI", "FIN", "Europe/Helsinki"),
    ("FR", "FRA", "Europe/Paris"),
    ("GB", "GBR", "Europe/London"),
    ("GR", "GRC", "Europe/Athens"),
    ("HK", "HKG", "Asia/Hong_Kong"),
    ("HR", "HRV", "Europe/Zagreb"),
    ("HU", "HUN", "Europe/Budapest"),
    ("ID", "IDN", "Asia/Jakarta"),
    ("IE", "IRL", "Europe/Dublin"),
    ("IL", "ISR", "Asia/Jerusalem"),
    ("IN", "IND", "Asia/Kolkata"),
    ("IS", "ISL", "Atlantic/Reykjavik"),
    ("IT", "ITA", "Europe/Rome"),
    ("JP", "JPN", "Asia/Tokyo"),
    ("KR", "KOR", "Asia/Seoul"),
    ("LI", "LIE", "Europe/Vaduz"),
    ("LT", "LTU", "Europe/Vilnius"),
    ("LU", "LUX", "Europe/Luxembourg"),
    ("LV", "LVA", "Europe/Riga"),
    ("MA", "MAR", "Africa/Casablanca"),
    ("MT", "MLT", "Europe/Malta"),
    ("MX", "MEX", "America/Mexico_City"),
    ("MY", "MYS", "Asia/Kuala_Lumpur"),
    ("NL", "NLD", "Europe/Amsterdam"),
    ("NO", "NOR", "Europe/Oslo"),
    ("NZ", "NZL", "Pacific/Auckland"),
    ("PH", "PHL", "Asia/Manila"),
    ("PL", "POL", "Europe/Warsaw"),
    ("PT", "PRT", "Europe/Lisbon"),
    ("RO", "ROU", "Europe/Bucharest"),
    ("RS", "SRB", "Europe/Belgrade"),
    ("SA", "SAU", "Asia/Riyadh"),
    ("SE", "SWE", "Europe/Stockholm"),
    ("SG", "SGP", "Asia/Singapore"),
    ("SI", "SVN", "Europe/Ljubljana"),
    ("SK", "SVK", "Europe/Bratislava"),
    ("TH", "THA", "Asia/Bangkok"),
    ("TR", "TUR", "Europe/Istanbul"),
    ("TW", "TWN", "Asia/Taipei"),
    ("UA", "UKR", "Europe/Kyiv"),
    ("US", "USA", "America/New_York"),
    ("VN", "VNM", "Asia/Ho_Chi_Minh"),
    ("ZA", "ZAF", "Africa/Johannesburg"),
];

fn row(code: &str) -> Option<&'static (&'static str, &'static str, &'static str)> {
    let code = code.trim().to_ascii_uppercase();
    COUNTRIES.iter().find(|(two, three, _)| *two == code || *three == code)
}

/// The code of two letters, for either.
pub fn two_letters(code: &str) -> Option<&'static str> {
    row(code).map(|(two, _, _)| *two)
}

/// The zone of its capital; UTC for a country that is not here, and for none.
pub fn zone(code: Option<&str>) -> Zone {
    let name = code.and_then(row).map(|(_, _, zone)| *zone);
    name.and_then(|name| Zone::parse(name).ok()).unwrap_or_else(Zone::utc)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_zone_is_one_and_every_code_stands_once() {
        let mut codes = std::collections::BTreeSet::new();
        for (two, three, name) in COUNTRIES {
            assert!(two.len() == 2 && three.len() == 3);
            assert!(codes.insert(*two) && codes.insert(*three), "{two}");
            assert_eq!(Zone::parse(name).unwrap().name(), *name);
        }
    }

    #[test]
    fn a_country_has_one_zone_however_it_is_called() {
        assert_eq!(zone(Some("AUT")).name(), "Europe/Vienna");
        assert_eq!(zone(Some(" at ")).name(), "Europe/Vienna");
        assert_eq!(zone(Some("ZZZ")).name(), Zone::utc().name());
        assert_eq!(zone(None).name(), Zone::utc().name());
        assert_eq!((two_letters("GBR"), two_letters("gb"), two_letters("")), (Some("GB"), Some("GB"), None));
    }
}
