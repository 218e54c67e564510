//! Names from many languages, each part with the plain letters it takes in an e-mail address.

use kernel::Dice;

use crate::throws::{pick, pick_by};

/// Where a name comes from.
pub(super) struct Origin {
    /// The language people of these names grew up with.
    pub(super) language: &'static str,
    /// How many of the shop's customers have such a name, compared with the others.
    weight: u64,
    family_first: bool,
    given: &'static [Part],
    family: &'static [Part],
}

/// A part of a name as it is written, and in plain letters.
type Part = (&'static str, &'static str);

/// A whole name, and its parts in plain letters.
pub(super) struct Name {
    pub(super) shown: String,
    pub(super) given: String,
    pub(super) family: String,
}

/// Some origin, as often as it occurs among the shop's customers.
pub(super) fn origin(dice: &mut Dice) -> &'static Origin {
    pick_by(dice, ORIGINS, |origin| origin.weight)
}

/// The names of people who speak `language`, where that decides it; English is spoken by people of every name.
pub(super) fn origin_of(language: &str) -> Option<&'static Origin> {
    ORIGINS.iter().find(|origin| origin.language == language).filter(|_| language != "en")
}

/// A name of this origin; one in eight has two family names.
pub(super) fn name(origin: &Origin, dice: &mut Dice) -> Name {
    let (given, given_plain) = pick(dice, origin.given);
    let (family, family_plain) = pick(dice, origin.family);
    let (second, _) = pick(dice, origin.family);
    let doubled = !origin.family_first && second != family && dice.below(8) == 0;
    let family = if doubled { format!("{family}-{second}") } else { (*family).to_owned() };
    let shown = if origin.family_first { format!("{family} {given}") } else { format!("{given} {family}") };
    Name { shown, given: (*given_plain).to_owned(), family: (*family_plain).to_owned() }
}

#[rustfmt::skip]
const ORIGINS: &[Origin] = &[
    Origin { language: "en", weight: 40, family_first: false,
        given: &[("Alice", "alice"), ("Beatrix", "beatrix"), ("Callum", "callum"), ("Daphne", "daphne"), ("Edmund", "edmund"), ("Freya", "freya"), ("Gareth", "gareth"), ("Harriet", "harriet"), ("Imogen", "imogen"), ("Jonty", "jonty"), ("Katherine", "katherine"), ("Leonard", "leonard"), ("Maud", "maud"), ("Nigel", "nigel"), ("Oswin", "oswin"), ("Philippa", "philippa"), ("Rowan", "rowan"), ("Sally-Ann", "sally-ann"), ("Tobias", "tobias"), ("Una", "una"), ("Winifred", "winifred"), ("Zoë", "zoe"), ("Al", "al"), ("J. T.", "jt")],
        family: &[("Ashworth", "ashworth"), ("Birkbeck", "birkbeck"), ("Copplestone", "copplestone"), ("Dunnock", "dunnock"), ("Entwistle", "entwistle"), ("Fairweather", "fairweather"), ("Garside", "garside"), ("Hebblethwaite", "hebblethwaite"), ("Ingham", "ingham"), ("Jagger-Holme", "jagger-holme"), ("Kettlewell", "kettlewell"), ("Lumb", "lumb"), ("Micklethwaite", "micklethwaite"), ("Netherwood", "netherwood"), ("O’Dowd", "o'dowd"), ("Pickersgill", "pickersgill"), ("Quarmby", "quarmby"), ("Ramsbottom", "ramsbottom"), ("Sutcliffe", "sutcliffe"), ("Thistlewood", "thistlewood"), ("Umpleby", "umpleby"), ("Varley", "varley"), ("Wigglesworth", "wigglesworth"), ("Featherstonehaugh-Micklethwaite-Barraclough", "featherstonehaugh"), ("Ng", "ng"), ("St. Clair", "stclair")] },
    Origin { language: "cy", weight: 4, family_first: false,
        given: &[("Siân", "sian"), ("Rhys", "rhys"), ("Llŷr", "llyr"), ("Angharad", "angharad"), ("Gwenllïan", "gwenllian")],
        family: &[("Prydderch", "prydderch"), ("ap Gwilym", "apgwilym"), ("Llwyd", "llwyd"), ("Tŷ-Coch", "tycoch")] },
    Origin { language: "ga", weight: 4, family_first: false,
        given: &[("Aoife", "aoife"), ("Caoimhín", "caoimhin"), ("Niamh", "niamh"), ("Séamus", "seamus"), ("Sadhbh", "sadhbh")],
        family: &[("Ní Bhriain", "nibhriain"), ("Ó Súilleabháin", "osuilleabhain"), ("Mac Giolla", "macgiolla"), ("Ó Catháin", "ocathain")] },
    Origin { language: "ur", weight: 8, family_first: false,
        given: &[("Amina", "amina"), ("Bilal", "bilal"), ("Farah", "farah"), ("Hamza", "hamza"), ("Nadia", "nadia"), ("Zubair", "zubair")],
        family: &[("Akhtar", "akhtar"), ("Chaudhry", "chaudhry"), ("Mirza", "mirza"), ("Siddiqui", "siddiqui"), ("Qureshi", "qureshi")] },
    Origin { language: "hi", weight: 6, family_first: false,
        given: &[("Anjali", "anjali"), ("Devika", "devika"), ("Kiran", "kiran"), ("Rohan", "rohan"), ("Tanvi", "tanvi")],
        family: &[("Bhattacharya", "bhattacharya"), ("Deshpande", "deshpande"), ("Iyer", "iyer"), ("Venkataraman", "venkataraman"), ("Patil", "patil")] },
    Origin { language: "yo", weight: 4, family_first: false,
        given: &[("Adébáyọ̀", "adebayo"), ("Fọlákẹ́", "folake"), ("Títílayọ̀", "titilayo"), ("Ọláyínká", "olayinka")],
        family: &[("Adéyẹmí", "adeyemi"), ("Ògúndélé", "ogundele"), ("Oyèbánjí", "oyebanji"), ("Akínwándé", "akinwande")] },
    Origin { language: "pl", weight: 5, family_first: false,
        given: &[("Agnieszka", "agnieszka"), ("Łukasz", "lukasz"), ("Małgorzata", "malgorzata"), ("Paweł", "pawel"), ("Zdzisława", "zdzislawa")],
        family: &[("Brzęczyszczykiewicz", "brzeczyszczykiewicz"), ("Wójcik", "wojcik"), ("Żółkiewska", "zolkiewska"), ("Świątek-Głąb", "swiatek-glab")] },
    Origin { language: "de", weight: 3, family_first: false,
        given: &[("Anneliese", "anneliese"), ("Götz", "goetz"), ("Jürgen", "juergen"), ("Käthe", "kaethe"), ("Wiebke", "wiebke")],
        family: &[("Hünermörder", "huenermoerder"), ("Großkopf", "grosskopf"), ("von der Aue", "vonderaue"), ("Oberländer", "oberlaender"), ("Weiß", "weiss")] },
    Origin { language: "fr", weight: 3, family_first: false,
        given: &[("Élodie", "elodie"), ("Jean-Noël", "jean-noel"), ("Maëlle", "maelle"), ("François-Xavier", "francois-xavier"), ("Inès", "ines")],
        family: &[("Lefèvre", "lefevre"), ("d’Aubépine", "d'aubepine"), ("Garçon", "garcon"), ("Bœuf", "boeuf"), ("de La Noüe", "delanoue")] },
    Origin { language: "nl", weight: 2, family_first: false,
        given: &[("Joost", "joost"), ("Anniek", "anniek"), ("Daniël", "daniel"), ("Marijke", "marijke")],
        family: &[("van ’t Hof", "vanthof"), ("de IJsseldijk", "deijsseldijk"), ("Coëlho", "coelho"), ("ter Beek", "terbeek")] },
    Origin { language: "es", weight: 3, family_first: false,
        given: &[("Begoña", "begona"), ("Íñigo", "inigo"), ("María José", "mariajose"), ("Nicolás", "nicolas")],
        family: &[("Núñez Castaño", "nunez"), ("Ibáñez", "ibanez"), ("Peñalver de la Torre", "penalver"), ("Güell", "guell")] },
    Origin { language: "sv", weight: 2, family_first: false,
        given: &[("Åsa", "asa"), ("Göran", "goran"), ("Linnéa", "linnea"), ("Örjan", "orjan")],
        family: &[("Sjöblom", "sjoblom"), ("Åkerlund", "akerlund"), ("Hägg", "hagg"), ("Lövgren", "lovgren")] },
    Origin { language: "tr", weight: 2, family_first: false,
        given: &[("Çağla", "cagla"), ("İpek", "ipek"), ("Oğuz", "oguz"), ("Şebnem", "sebnem")],
        family: &[("Yıldırım", "yildirim"), ("Güneş", "gunes"), ("Çelikkanat", "celikkanat"), ("Ağaoğlu", "agaoglu")] },
    Origin { language: "vi", weight: 2, family_first: true,
        given: &[("Thị Bích Ngọc", "ngoc"), ("Văn Hậu", "hau"), ("Minh Tuệ", "tue"), ("Hồng Nhung", "nhung")],
        family: &[("Nguyễn", "nguyen"), ("Đặng", "dang"), ("Phạm", "pham"), ("Lữ", "lu")] },
    Origin { language: "ar", weight: 4, family_first: false,
        given: &[("أمينة", "amina"), ("يوسف", "yusuf"), ("ليلى", "layla"), ("عبد الرحمن", "abdulrahman"), ("هدى", "huda")],
        family: &[("الحدّاد", "alhaddad"), ("بن سالم", "binsalem"), ("النجّار", "alnajjar"), ("القاضي", "alqadi")] },
    Origin { language: "ja", weight: 3, family_first: true,
        given: &[("陽菜", "hina"), ("健太", "kenta"), ("美咲", "misaki"), ("蓮", "ren"), ("さくら", "sakura")],
        family: &[("中村", "nakamura"), ("小林", "kobayashi"), ("加藤", "kato"), ("佐々木", "sasaki"), ("長谷川", "hasegawa")] },
    Origin { language: "el", weight: 3, family_first: false,
        given: &[("Ελένη", "eleni"), ("Γιώργος", "giorgos"), ("Δήμητρα", "dimitra"), ("Παναγιώτης", "panagiotis")],
        family: &[("Παπαδημητρίου", "papadimitriou"), ("Αγγελοπούλου", "angelopoulou"), ("Κουτσός", "koutsos"), ("Χατζής", "chatzis")] },
    Origin { language: "uk", weight: 3, family_first: false,
        given: &[("Оксана", "oksana"), ("Богдан", "bohdan"), ("Соломія", "solomiia"), ("Мар’яна", "mariana")],
        family: &[("Ґудзь", "gudz"), ("Їжакевич", "yizhakevych"), ("Коваленко", "kovalenko"), ("Чорновус", "chornovus")] },
    Origin { language: "zh", weight: 2, family_first: true,
        given: &[("淑芬", "shufen"), ("志明", "zhiming"), ("雅婷", "yating"), ("子涵", "zihan")],
        family: &[("陳", "chen"), ("林", "lin"), ("歐陽", "ouyang"), ("黃", "huang")] },
];
