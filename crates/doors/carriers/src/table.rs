//! The carriers: plain facts about each, so that one is added by adding lines.
//!
//! Names are those of the platforms and tracking services, too: what Shopify's list of carriers, AfterShip's slugs,
//! EasyPost's and Shippo's carrier names call them. They are compared without capitals, spaces and punctuation, and
//! the first words of a longer name count ("UPS Standard", "Royal Mail Tracked 48").
//!
//! A page is the carrier's own public page with the number in its address. Source of each: the address that page has
//! when a number is entered on the carrier's site. A carrier whose page can't be addressed by a number has none.

/// A carrier.
#[derive(Clone, Copy, Debug)]
pub struct Carrier {
    /// The word used in rows, in the API and in the interface.
    pub code: &'static str,
    /// What customers call it.
    pub name: &'static str,
    /// The countries it delivers in, by their ISO 3166-1 codes. Empty: in most of the world.
    pub countries: &'static [&'static str],
    /// Its page about a shipment; `{number}` stands for the number.
    pub page: Option<&'static str>,
    /// What else it is called.
    pub names: &'static [&'static str],
}

/// The carrier of this code.
pub fn carrier(code: &str) -> Option<&'static Carrier> {
    CARRIERS.iter().find(|carrier| carrier.code == code)
}

const fn known(
    code: &'static str,
    name: &'static str,
    countries: &'static [&'static str],
    page: &'static str,
    names: &'static [&'static str],
) -> Carrier {
    Carrier { code, name, countries, page: Some(page), names }
}

/// A carrier without a page that can be addressed by a number.
const fn pageless(
    code: &'static str,
    name: &'static str,
    countries: &'static [&'static str],
    names: &'static [&'static str],
) -> Carrier {
    Carrier { code, name, countries, page: None, names }
}

/// Where GLS and DPD have companies of their own.
const EUROPE: &[&str] = &[
    "AT", "BE", "BG", "CH", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IT", "LT", "LU",
    "LV", "NL", "PL", "PT", "RO", "SE", "SI", "SK",
];

/// Every carrier. Of two that are as likely, the one that stands first is named first.
pub const CARRIERS: &[Carrier] = &[
    // All over the world.
    known(
        "ups",
        "UPS",
        &[],
        "https://www.ups.com/track?tracknum={number}",
        &[
            "United Parcel Service",
            "UPS DAP",
            "UPS Freight",
            "UPS SurePost",
            "UPS Mail Innovations",
            "UPS MI",
        ],
    ),
    known(
        "fedex",
        "FedEx",
        &[],
        "https://www.fedex.com/fedextrack/?trknbr={number}",
        &["Federal Express", "FedEx SmartPost", "FedEx Ground Economy", "FedEx Freight"],
    ),
    known(
        "dhl-express",
        "DHL Express",
        &[],
        "https://www.dhl.com/global-en/home/tracking.html?tracking-id={number}",
        &["DHL", "DHL Worldwide Express", "DHL Intl", "DHL API", "DHL Global"],
    ),
    known(
        "tnt",
        "TNT",
        &[],
        "https://www.tnt.com/express/en_gb/site/shipping-tools/tracking.html?searchType=con&cons={number}",
        &["TNT Express", "TNT UK", "TNT Italy", "TNT France"],
    ),
    known("aramex", "Aramex", &[], "https://www.aramex.com/track/results?ShipmentNumber={number}", &[]),
    pageless("asendia", "Asendia", &[], &["Asendia USA", "Asendia UK", "Asendia DE"]),
    // The United Kingdom and Ireland.
    known(
        "royal-mail",
        "Royal Mail",
        &["GB"],
        "https://www.royalmail.com/track-your-item#/tracking-results/{number}",
        &["Royal Mail Group", "RoyalMailV2"],
    ),
    known(
        "parcelforce",
        "Parcelforce",
        &["GB"],
        "https://www.parcelforce.com/track-trace?trackNumber={number}",
        &["Parcelforce Worldwide", "Parcel Force"],
    ),
    known(
        "evri",
        "Evri",
        &["GB"],
        "https://www.evri.com/track/parcel/{number}",
        &["Hermes UK", "myHermes UK", "Hermesworld UK", "Hermes", "Evri UK"],
    ),
    known(
        "yodel",
        "Yodel",
        &["GB"],
        "https://www.yodel.co.uk/tracking/{number}",
        &["Yodel Direct", "Yodel International"],
    ),
    known(
        "dhl-parcel-uk",
        "DHL eCommerce UK",
        &["GB"],
        "https://track.dhlparcel.co.uk/?con={number}",
        &["DHL Parcel UK", "UK Mail", "DHL eCommerce GB", "DHL"],
    ),
    known(
        "an-post",
        "An Post",
        &["IE"],
        "https://www.anpost.com/Post-Parcels/Track/History?item={number}",
        &["AnPost", "An Post Ireland"],
    ),
    pageless("dx", "DX", &["GB", "IE"], &["DX Delivery", "DX Freight", "DX Express"]),
    pageless("apc-overnight", "APC Overnight", &["GB"], &["APC", "APC Overnight Connum"]),
    pageless("whistl", "Whistl", &["GB"], &["Whistl UK", "Whistl SFTP"]),
    // Germany, Austria, Switzerland.
    known(
        "dhl-paket",
        "DHL",
        &["DE"],
        "https://www.dhl.de/de/privatkunden/pakete-empfangen/verfolgen.html?piececode={number}",
        &["DHL Paket", "DHL Germany", "DHL DE", "DHL Parcel DE", "DHL Deutschland", "Deutsch Post DHL"],
    ),
    known(
        "deutsche-post",
        "Deutsche Post",
        &["DE"],
        "https://www.deutschepost.de/de/s/sendungsverfolgung.html?piececode={number}",
        &["Deutsch Post", "Deutsche Post DHL", "Deutsche Post Mail", "Deutsche Post International"],
    ),
    known(
        "hermes",
        "Hermes",
        &["DE", "AT"],
        "https://www.myhermes.de/empfangen/sendungsverfolgung/sendungsinformation#{number}",
        &["Hermes Germany", "Hermes DE", "Hermes Deutschland", "Hermes World", "Hermes Logistik Gruppe"],
    ),
    known(
        "dpd",
        "DPD",
        EUROPE,
        "https://tracking.dpd.de/status/en_US/parcel/{number}",
        &[
            "DPD DE",
            "DPD Germany",
            "DPD AT",
            "DPD Austria",
            "DPD Deutschland",
            "DPD Group",
            "Dynamic Parcel Distribution",
        ],
    ),
    known(
        "dpd-uk",
        "DPD",
        &["GB", "IE"],
        "https://track.dpd.co.uk/search?reference={number}",
        &["DPD UK", "DPD GB", "DPD Local", "Interlink", "Interlink Express", "DPD Ireland", "DPD IE"],
    ),
    known(
        "gls",
        "GLS",
        EUROPE,
        "https://gls-group.com/GROUP/en/parcel-tracking/?match={number}",
        &["General Logistics Systems", "GLS DE", "GLS Netherlands", "GLS Italy", "GLS Spain", "GLS Czech"],
    ),
    known(
        "austrian-post",
        "Österreichische Post",
        &["AT"],
        "https://www.post.at/s/sendungsdetails?snr={number}",
        &["Austrian Post", "Austrian Post Registered", "Post AT", "Österreichische Post AG"],
    ),
    known(
        "swiss-post",
        "Swiss Post",
        &["CH", "LI"],
        "https://service.post.ch/ekp-web/ui/entry/search/{number}",
        &["Die Schweizerische Post", "Schweizerische Post", "Post CH", "Swiss Post FTP"],
    ),
    // France and Benelux.
    known(
        "colissimo",
        "Colissimo",
        &["FR", "MC"],
        "https://www.laposte.fr/outils/suivre-vos-envois?code={number}",
        &["La Poste Colissimo", "Coliposte"],
    ),
    known(
        "la-poste",
        "La Poste",
        &["FR", "MC"],
        "https://www.laposte.fr/outils/suivre-vos-envois?code={number}",
        &["LaPoste", "Lettre Suivie", "La Poste France"],
    ),
    known(
        "chronopost",
        "Chronopost",
        &["FR", "MC"],
        "https://www.chronopost.fr/tracking-no-cms/suivi-page?listeNumerosLT={number}",
        &["Chronopost France", "Chrono Post"],
    ),
    known(
        "mondial-relay",
        "Mondial Relay",
        &["FR", "BE", "LU", "NL", "ES", "PT", "IT", "PL"],
        "https://www.mondialrelay.fr/suivi-de-colis?numeroExpedition={number}",
        &["MondialRelay", "Mondial Relay FR"],
    ),
    pageless("colis-prive", "Colis Privé", &["FR", "BE"], &["Colis Prive"]),
    known(
        "postnl",
        "PostNL",
        &["NL", "BE"],
        "https://jouw.postnl.nl/track-and-trace/{number}",
        &["Post NL", "PostNL Domestic", "PostNL International", "PostNL 3S", "TNT Post"],
    ),
    known(
        "dhl-ecommerce-nl",
        "DHL eCommerce",
        &["NL", "BE", "LU"],
        "https://my.dhlecommerce.nl/home/tracktrace/{number}",
        &[
            "DHL Parcel NL",
            "DHL Benelux",
            "DHL Netherlands",
            "DHL Parcel Benelux",
            "DHL For You",
            "DHL eCommerce Benelux",
            "DHL",
        ],
    ),
    known(
        "bpost",
        "bpost",
        &["BE"],
        "https://track.bpost.cloud/btr/web/#/search?itemCode={number}",
        &["bpost International", "Belgium Post", "Belgian Post"],
    ),
    pageless("post-luxembourg", "POST Luxembourg", &["LU"], &["Luxembourg Post", "Post LU"]),
    // Southern Europe.
    known(
        "correos",
        "Correos",
        &["ES", "AD"],
        "https://www.correos.es/es/es/herramientas/localizador/envios/detalle?tracking-number={number}",
        &["Correos Spain", "Spain Correos ES", "Correos ES", "Correos de España"],
    ),
    known(
        "correos-express",
        "Correos Express",
        &["ES", "PT"],
        "https://s.correosexpress.com/c?n={number}",
        &["CorreosExpress", "CEX"],
    ),
    known(
        "seur",
        "SEUR",
        &["ES", "PT"],
        "https://www.seur.com/livetracking/?segOnlineIdentificador={number}",
        &["SEUR ES", "Spanish SEUR", "DPD Spain"],
    ),
    pageless("mrw", "MRW", &["ES", "PT"], &["MRW Spain"]),
    pageless("ctt", "CTT", &["PT"], &["CTT Correios", "Portugal CTT", "CTT Portugal"]),
    pageless("ctt-express", "CTT Express", &["PT", "ES"], &["Tourline Express"]),
    known(
        "poste-italiane",
        "Poste Italiane",
        &["IT", "SM", "VA"],
        "https://www.poste.it/cerca/index.html#/risultati-spedizioni/{number}",
        &["Poste Italiane Paccocelere", "Italy SDA", "SDA Express Courier"],
    ),
    pageless("brt", "BRT", &["IT"], &["Bartolini", "BRT Bartolini", "BRT IT", "DPD Italy"]),
    pageless("elta", "ELTA", &["GR"], &["ELTA Hellenic Post", "ELTA Courier", "Hellenic Post"]),
    pageless("cyprus-post", "Cyprus Post", &["CY"], &[]),
    pageless("malta-post", "MaltaPost", &["MT"], &["Malta Post"]),
    // Northern Europe.
    known(
        "postnord",
        "PostNord",
        &["SE", "DK", "NO", "FI"],
        "https://tracking.postnord.com/en/tracking?id={number}",
        &[
            "PostNord DK",
            "PostNord SE",
            "PostNord NO",
            "Portal PostNord",
            "Danmark Post",
            "Sweden Posten",
            "PostNord Logistics",
        ],
    ),
    known(
        "posten",
        "Posten Bring",
        &["NO"],
        "https://tracking.bring.com/tracking/{number}",
        &["Bring", "Posten Norge", "Posten", "Norway Post"],
    ),
    known(
        "posti",
        "Posti",
        &["FI", "AX"],
        "https://www.posti.fi/en/tracking#/lahetys/{number}",
        &["Posti Finland", "Itella", "Matkahuolto Posti"],
    ),
    pageless("iceland-post", "Pósturinn", &["IS"], &["Iceland Post", "Posturinn"]),
    pageless("omniva", "Omniva", &["EE", "LV", "LT"], &["Eesti Post", "Estonia Post"]),
    pageless("latvia-post", "Latvijas Pasts", &["LV"], &["Latvia Post"]),
    pageless(
        "lithuania-post",
        "Lietuvos paštas",
        &["LT"],
        &["Lithuania Post", "Lietuvos Pastas", "LP Express"],
    ),
    pageless("venipak", "Venipak", &["LT", "LV", "EE"], &[]),
    // Eastern Europe.
    known(
        "inpost",
        "InPost",
        &["PL"],
        "https://inpost.pl/sledzenie-przesylek?number={number}",
        &["InPost Paczkomaty", "InPost Poland", "Paczkomaty InPost"],
    ),
    known(
        "poczta-polska",
        "Poczta Polska",
        &["PL"],
        "https://emonitoring.poczta-polska.pl/?numer={number}",
        &["Polish Post", "Pocztex", "Poland Post"],
    ),
    known(
        "packeta",
        "Packeta",
        &["CZ", "SK", "HU", "RO", "PL"],
        "https://tracking.packeta.com/en/?id={number}",
        &["Zasilkovna", "Zásilkovna", "Packeta Global", "Packetery"],
    ),
    known(
        "ceska-posta",
        "Česká pošta",
        &["CZ"],
        "https://www.postaonline.cz/trackandtrace/-/zasilka/cislo?parcelNumbers={number}",
        &["Czech Post", "Ceska Posta", "Balikovna"],
    ),
    pageless("slovenska-posta", "Slovenská pošta", &["SK"], &["Slovakia Post", "Slovenska Posta"]),
    pageless("magyar-posta", "Magyar Posta", &["HU"], &["Hungary Post", "Hungarian Post"]),
    pageless("posta-slovenije", "Pošta Slovenije", &["SI"], &["Slovenia Post", "Posta Slovenije"]),
    pageless("hrvatska-posta", "Hrvatska pošta", &["HR"], &["Croatia Post", "Hrvatska Posta"]),
    pageless("posta-romana", "Poșta Română", &["RO"], &["Romania Post", "Posta Romana"]),
    pageless("bulgarian-posts", "Bulgarian Posts", &["BG"], &["Bulgaria Post"]),
    pageless("nova-poshta", "Nova Poshta", &["UA"], &["Nova Post", "Nova Poshta International"]),
    pageless("ukrposhta", "Ukrposhta", &["UA"], &["Ukraine Post", "Ukr Poshta"]),
    pageless("ptt", "PTT", &["TR"], &["PTT Posta", "PTT Kargo", "Turkey Post"]),
    // North America.
    known(
        "usps",
        "USPS",
        &["US", "PR", "GU", "VI", "AS", "MP"],
        "https://tools.usps.com/go/TrackConfirmAction?tLabels={number}",
        &["US Postal Service", "United States Postal Service", "USPS Priority Mail", "U.S. Postal Service"],
    ),
    known(
        "dhl-ecommerce-us",
        "DHL eCommerce",
        &["US"],
        "https://webtrack.dhlecs.com/orders?trackingNumber={number}",
        &["DHL eCommerce US", "DHL ECS", "DHL Global Mail", "DHL eCommerce Asia", "DHL Global Mail Asia"],
    ),
    known(
        "ontrac",
        "OnTrac",
        &["US"],
        "https://www.ontrac.com/tracking/?number={number}",
        &["LaserShip", "Laser Ship", "OnTrac V3"],
    ),
    known(
        "amazon",
        "Amazon Logistics",
        &["US", "CA", "MX", "GB", "DE", "FR", "IT", "ES"],
        "https://track.amazon.com/tracking/{number}",
        &[
            "Amazon",
            "Amazon Shipping",
            "Amazon Logistics UK",
            "Amazon Logistics US",
            "AMZL",
            "Amazon MCF",
            "AMZL US",
        ],
    ),
    known(
        "canada-post",
        "Canada Post",
        &["CA"],
        "https://www.canadapost-postescanada.ca/track-reperage/en#/search?searchFor={number}",
        &["Postes Canada", "Canada Post Expedited Parcel"],
    ),
    known(
        "purolator",
        "Purolator",
        &["CA"],
        "https://www.purolator.com/en/shipping/tracker?pin={number}",
        &["Purolator International", "Purolator Courier"],
    ),
    pageless("canpar", "Canpar", &["CA"], &["Canpar Courier", "Canpar Express"]),
    pageless(
        "correos-de-mexico",
        "Correos de México",
        &["MX"],
        &["Mexico Post", "Correos Mexico", "Sepomex"],
    ),
    // South America.
    known(
        "correios",
        "Correios",
        &["BR"],
        "https://rastreamento.correios.com.br/app/index.php?objetos={number}",
        &["Brazil Correios", "Correios Brazil", "Correios do Brasil"],
    ),
    pageless("correo-argentino", "Correo Argentino", &["AR"], &["Argentina Post"]),
    pageless("correos-chile", "CorreosChile", &["CL"], &["Correos Chile", "Chile Post"]),
    // Asia and Oceania.
    known(
        "japan-post",
        "Japan Post",
        &["JP"],
        "https://trackings.post.japanpost.jp/services/srv/search/direct?reqCodeNo1={number}&locale=en",
        &["Japan Post EN", "Japan Post JA", "Yu-Pack", "日本郵便", "ゆうパック"],
    ),
    known(
        "yamato",
        "Yamato Transport",
        &["JP"],
        "https://jizen.kuronekoyamato.co.jp/jizen/servlet/crjz.b.NQ0010?id={number}",
        &["Yamato", "Yamato EN", "Yamato JA", "Kuroneko Yamato", "Taqbin JP", "TA-Q-BIN", "ヤマト運輸"],
    ),
    known(
        "sagawa",
        "Sagawa",
        &["JP"],
        "https://k2k.sagawa-exp.co.jp/p/web/okurijosearch.do?okurijoNo={number}",
        &["Sagawa Express", "Sagawa EN", "Sagawa JA", "佐川急便"],
    ),
    known(
        "australia-post",
        "Australia Post",
        &["AU"],
        "https://auspost.com.au/mypost/track/details/{number}",
        &["AusPost", "Australia Post API", "Australia Post eParcel", "StarTrack"],
    ),
    known(
        "nz-post",
        "NZ Post",
        &["NZ"],
        "https://www.nzpost.co.nz/tools/tracking/item/{number}",
        &["New Zealand Post", "NZ Post International"],
    ),
    pageless("sf-express", "SF Express", &[], &["SF International", "SF Express CN", "顺丰速运"]),
    known(
        "yunexpress",
        "YunExpress",
        &[],
        "https://www.yuntrack.com/parcelTracking?id={number}",
        &["Yun Express"],
    ),
    known(
        "4px",
        "4PX",
        &[],
        "https://track.4px.com/#/result/0/{number}",
        &["4PX Worldwide Express", "Four PX"],
    ),
    known(
        "yanwen",
        "Yanwen",
        &[],
        "https://track.yw56.com.cn/en/querydel?nums={number}",
        &["Yanwen Express", "YW56"],
    ),
    known(
        "cainiao",
        "Cainiao",
        &[],
        "https://global.cainiao.com/newDetail.htm?mailNoList={number}",
        &["Cainiao Global", "AliExpress Standard Shipping"],
    ),
    pageless("china-post", "China Post", &[], &["China EMS", "EMS China", "China Post ePacket"]),
    pageless("hongkong-post", "Hongkong Post", &["HK"], &["Hong Kong Post"]),
    pageless("chunghwa-post", "Chunghwa Post", &["TW"], &["Taiwan Post"]),
    pageless("singapore-post", "Singapore Post", &["SG"], &["SingPost"]),
    pageless("korea-post", "Korea Post", &["KR"], &["Korea Post Domestic", "우체국"]),
    pageless("thailand-post", "Thailand Post", &["TH"], &["Thai Post"]),
    pageless("pos-malaysia", "Pos Malaysia", &["MY"], &["Malaysia Post"]),
    pageless("pos-indonesia", "Pos Indonesia", &["ID"], &[]),
    pageless("vietnam-post", "Vietnam Post", &["VN"], &["VNPost"]),
    pageless("india-post", "India Post", &["IN"], &["India Post Domestic"]),
    pageless("ninja-van", "Ninja Van", &["SG", "MY", "ID", "PH", "TH", "VN"], &["NinjaVan"]),
    pageless("israel-post", "Israel Post", &["IL"], &["Israel Post Domestic"]),
    pageless("sa-post-office", "South African Post Office", &["ZA"], &["SAPO"]),
];
