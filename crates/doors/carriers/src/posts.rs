//! Which post an S10 identifier belongs to, by the country code it ends with.
//!
//! Source: UPU standard S10 (the last two characters are the ISO 3166-1 code of the issuing post, the first the kind of
//! item: C parcels, E express items) and the UPU's list of designated operators.

/// The post that issues S10 identifiers with a country's code.
#[derive(Clone, Copy, Debug)]
pub struct Post {
    /// The code the identifier ends with.
    pub country: &'static str,
    /// Who issues it.
    pub carrier: &'static str,
    /// Who carries parcels and express items (C and E), where that is a company of its own.
    pub parcels: Option<&'static str>,
}

const fn post(country: &'static str, carrier: &'static str) -> Post {
    Post { country, carrier, parcels: None }
}

/// The posts whose identifiers are recognised.
pub const POSTS: &[Post] = &[
    post("AR", "correo-argentino"),
    post("AT", "austrian-post"),
    post("AU", "australia-post"),
    post("BE", "bpost"),
    post("BG", "bulgarian-posts"),
    post("BR", "correios"),
    post("CA", "canada-post"),
    post("CH", "swiss-post"),
    post("CL", "correos-chile"),
    post("CN", "china-post"),
    post("CY", "cyprus-post"),
    post("CZ", "ceska-posta"),
    Post { country: "DE", carrier: "deutsche-post", parcels: Some("dhl-paket") },
    post("DK", "postnord"),
    post("EE", "omniva"),
    post("ES", "correos"),
    post("FI", "posti"),
    Post { country: "FR", carrier: "la-poste", parcels: Some("colissimo") },
    Post { country: "GB", carrier: "royal-mail", parcels: Some("parcelforce") },
    post("GR", "elta"),
    post("HK", "hongkong-post"),
    post("HR", "hrvatska-posta"),
    post("HU", "magyar-posta"),
    post("ID", "pos-indonesia"),
    post("IE", "an-post"),
    post("IL", "israel-post"),
    post("IN", "india-post"),
    post("IS", "iceland-post"),
    post("IT", "poste-italiane"),
    post("JP", "japan-post"),
    post("KR", "korea-post"),
    post("LT", "lithuania-post"),
    post("LU", "post-luxembourg"),
    post("LV", "latvia-post"),
    post("MT", "malta-post"),
    post("MX", "correos-de-mexico"),
    post("MY", "pos-malaysia"),
    post("NL", "postnl"),
    post("NO", "posten"),
    post("NZ", "nz-post"),
    post("PL", "poczta-polska"),
    post("PT", "ctt"),
    post("RO", "posta-romana"),
    post("SE", "postnord"),
    post("SG", "singapore-post"),
    post("SI", "posta-slovenije"),
    post("SK", "slovenska-posta"),
    post("TH", "thailand-post"),
    post("TR", "ptt"),
    post("TW", "chunghwa-post"),
    post("UA", "ukrposhta"),
    post("US", "usps"),
    post("VN", "vietnam-post"),
    post("ZA", "sa-post-office"),
];

/// The post of an identifier that ends with this country's code.
pub fn of(country: &str) -> Option<&'static Post> {
    POSTS.iter().find(|post| post.country == country)
}
