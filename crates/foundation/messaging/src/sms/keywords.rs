//! What a text to the shop means: stop, start, help, or something for a person to read. Pure.
//!
//! The words are those that carriers and their law know (CTIA, 47 CFR 64.1200), with what people write in German,
//! French, Spanish and Polish; and clear phrases, since a wish counts however it is worded. A word alone is a wish; in
//! a sentence it is only one together with what it is about, so that nobody is cut off by "can you stop by on Monday?".

/// What was understood.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meaning {
    /// No more texts.
    Stop,
    /// Texts again.
    Start,
    /// Who is this, and how do I reach you?
    Help,
    /// Something for a person.
    Other,
}

impl Meaning {
    /// The word used in rows and events.
    pub fn as_str(self) -> &'static str {
        match self {
            Meaning::Stop => "stop",
            Meaning::Start => "start",
            Meaning::Help => "help",
            Meaning::Other => "other",
        }
    }
}

/// The whole text is one of these, give or take a "please".
const STOP: &[&str] = &[
    "stop",
    "stopall",
    "stop all",
    "unsubscribe",
    "end",
    "quit",
    "revoke",
    "optout",
    "opt out",
    "cancel",
    "remove",
    "td",
    "unsub",
    "stop now",
    "stop it",
    "stop this",
    "no more", // English
    "stopp",
    "stoppen",
    "stop sms",
    "abmelden",
    "abbestellen",
    "austragen",
    "ende",
    "kundigen",
    "kuendigen",
    "loschen",
    "loeschen",
    "schluss", // German
    "arret",
    "arreter",
    "arretez",
    "desabonner",
    "desabonnement",
    "desinscrire",
    "desinscription",
    "fin", // French
    "parar",
    "pare",
    "alto",
    "baja",
    "cancelar",
    "detener",
    "basta", // Spanish
    "wypisz",
    "wypisz mnie",
    "rezygnuje",
    "rezygnacja",
    "koniec",
    "anuluj",
    "zatrzymaj",
    "przestan", // Polish
];

const START: &[&str] = &[
    "start",
    "unstop",
    "yes",
    "subscribe",
    "resume",
    "optin",
    "opt in", // English
    "ja",
    "anmelden",
    "weiter", // German
    "oui",
    "reprendre",
    "commencer", // French
    "si",
    "alta",
    "empezar",
    "comenzar", // Spanish
    "tak",
    "wznow",
    "zapisz", // Polish
];

const HELP: &[&str] = &["help", "info", "hilfe", "aide", "ayuda", "pomoc", "who is this", "wer ist das"];

/// A text of at most so many words may hold one of the phrases; a longer one is for a person.
const MOST_WORDS: usize = 14;

/// Phrases that say it wherever they stand.
const STOP_PHRASES: &[&str] = &[
    // English
    "stop texting",
    "stop messaging me",
    "stop sms",
    "stop these texts",
    "stop these messages",
    "stop the texts",
    "stop the messages",
    "stop all texts",
    "stop all messages",
    "stop your texts",
    "stop sending me texts",
    "stop sending me messages",
    "stop sending me sms",
    "stop sending me these",
    "stop sending me stuff",
    "stop sending texts",
    "stop sending messages",
    "stop sending these",
    "stop contacting me",
    "no more texts",
    "no more messages",
    "no more sms",
    "unsubscribe me",
    "opt me out",
    "take me off your",
    "take me off this",
    "take me off the list",
    "remove me from",
    "remove my number",
    "delete my number",
    "never text me again",
    "do not text me again",
    "dont text me again",
    "dont text me anymore",
    "dont text me any more",
    "do not contact me again",
    "dont contact me again",
    "dont want texts",
    "dont want these texts",
    "dont want your texts",
    "dont want any more texts",
    "do not want any more texts",
    "dont want to get texts",
    "quit texting me",
    "cease texting",
    // German
    "keine sms mehr",
    "keine nachrichten mehr",
    "keine weiteren sms",
    "keine weiteren nachrichten",
    "nicht mehr anschreiben",
    "mir nicht mehr schreiben",
    "schreiben sie mir nicht mehr",
    "schreibt mir nicht mehr",
    "mir keine sms",
    "mir keine nachrichten",
    "auf mir zu schreiben",
    "bitte abmelden",
    "mich abmelden",
    "melden sie mich ab",
    "meldet mich ab",
    "nummer loschen",
    "nummer loeschen",
    // French
    "ne veux plus de sms",
    "ne veux plus recevoir",
    "ne m envoyez plus",
    "ne menvoyez plus",
    "arretez les sms",
    "arretez de m envoyer",
    "arretez de menvoyer",
    "arretez de m ecrire",
    "arretez de mecrire",
    "desabonnez moi",
    "desinscrivez moi",
    "me desabonner",
    "me desinscrire",
    "stop aux sms",
    // Spanish
    "no mas mensajes",
    "no mas sms",
    "no mas textos",
    "no quiero mas mensajes",
    "no quiero recibir",
    "no me envien mas",
    "no me envie mas",
    "no me manden mas",
    "dejen de enviarme",
    "deje de enviarme",
    "dejen de escribirme",
    "deje de escribirme",
    "darme de baja",
    "denme de baja",
    "deme de baja",
    // Polish
    "nie chce wiecej sms",
    "nie chce wiecej wiadomosci",
    "nie chce dostawac",
    "nie chce otrzymywac",
    "prosze nie pisac",
    "nie piszcie do mnie",
    "nie wysylajcie mi",
    "prosze przestac pisac",
    "wypiszcie mnie",
    "prosze mnie wypisac",
    "przestancie pisac",
];

/// Phrases that say it when nothing comes after them: "don't text me" does, "don't text me before nine" does not.
const STOP_ENDINGS: &[&str] = &[
    "dont text me",
    "do not text me",
    "dont contact me",
    "do not contact me",
    "want to opt out",
    "like to opt out",
    "to unsubscribe",
    "please stop",
    "just stop",
    "stop please",
    "please unsubscribe",
    "leave me alone",
    "stop messaging",
    "bitte stoppen",
    "bitte aufhoren",
    "bitte aufhoeren",
    "lassen sie mich in ruhe",
    "s il vous plait arretez",
    "por favor parar",
    "por favor paren",
    "prosze przestac",
];

/// Words that people put around the one that counts.
const COURTESIES: &[&str] = &[
    "please", "thanks", "thank", "you", "pls", "plz", "bitte", "danke", "merci", "svp", "gracias", "prosze",
    "dziekuje",
];

/// What a text means.
pub fn understand(body: &str) -> Meaning {
    let words = words_of(body);
    let whole = words.join(" ");
    let bare: Vec<&str> =
        words.iter().map(String::as_str).filter(|word| !COURTESIES.contains(word)).collect();
    let bare = bare.join(" ");
    let is = |list: &[&str]| list.contains(&whole.as_str()) || list.contains(&bare.as_str());
    if is(STOP) || (words.len() <= MOST_WORDS && asks_to_stop(&whole)) {
        Meaning::Stop
    } else if is(START) {
        Meaning::Start
    } else if is(HELP) {
        Meaning::Help
    } else {
        Meaning::Other
    }
}

fn asks_to_stop(whole: &str) -> bool {
    let padded = format!(" {whole} ");
    let holds = |phrase: &&str| padded.contains(&format!(" {phrase} "));
    STOP_PHRASES.iter().any(holds)
        || STOP_ENDINGS.iter().any(|phrase| padded.ends_with(&format!(" {phrase} ")))
}

/// Lower case, accents and width folded, apostrophes gone, everything else that is no letter or digit between words.
fn words_of(body: &str) -> Vec<String> {
    let mut folded = String::new();
    for c in body.chars() {
        match c {
            '\'' | '’' | '‘' | '`' | '´' if !follows_elision(&folded) => {}
            c => c.to_lowercase().for_each(|c| fold(c, &mut folded)),
        }
    }
    folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// French elision: `m'envoyer` is two words, English `don't` is one.
fn follows_elision(folded: &str) -> bool {
    let mut back = folded.chars().rev();
    let letter = back.next();
    matches!(letter, Some('m' | 's' | 'l' | 'd' | 'n' | 'j'))
        && back.next().is_none_or(|c| !c.is_alphanumeric())
}

fn fold(c: char, out: &mut String) {
    let plain = match c {
        'à' | 'á' | 'â' | 'ä' | 'ã' | 'å' | 'ą' => 'a',
        'ç' | 'ć' | 'č' => 'c',
        'è' | 'é' | 'ê' | 'ë' | 'ę' | 'ě' => 'e',
        'ì' | 'í' | 'î' | 'ï' => 'i',
        'ł' => 'l',
        'ñ' | 'ń' => 'n',
        'ò' | 'ó' | 'ô' | 'ö' | 'õ' | 'ø' => 'o',
        'ś' | 'š' => 's',
        'ù' | 'ú' | 'û' | 'ü' => 'u',
        'ź' | 'ż' | 'ž' => 'z',
        'ß' => return out.push_str("ss"),
        // A decomposed accent, a mark of width or direction: nothing is left of it.
        '\u{300}'..='\u{36F}' | '\u{200B}'..='\u{200F}' | '\u{2060}' | '\u{FE0F}' | '\u{FEFF}' => return,
        // Full-width letters, as some keyboards write them.
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(c as u32 - 0xFEE0).unwrap_or(c),
        other => other,
    };
    out.push(plain);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wish_to_stop_is_understood_however_it_is_worded() {
        for text in [
            "STOP",
            "stop",
            " Stop. ",
            "STOP!!!",
            "\"STOP\"",
            "ＳＴＯＰ",
            "Stop ✓",
            "STOP please",
            "please stop",
            "Stop, thank you",
            "STOPALL",
            "Unsubscribe",
            "END",
            "quit",
            "REVOKE",
            "OPT-OUT",
            "opt out",
            "OptOut",
            "Cancel",
            "ARRET",
            "Arrêt",
            "Remove",
            "TD",
            "stopp",
            "Abmelden",
            "ABBESTELLEN",
            "Kündigen",
            "ende",
            "désabonner",
            "Baja",
            "parar",
            "Wypisz",
            "rezygnuję",
            "koniec",
            "Please stop texting me",
            "please stop texting me!!",
            "Stop texting me, I already told you",
            "can you stop sending me texts",
            "I don't want any more texts",
            "No more messages please",
            "take me off your list",
            "Remove me from your list",
            "Please remove my number",
            "don’t text me again",
            "Do not text me",
            "how do i get you to stop texting me?",
            "I'd like to opt out",
            "unsubscribe me please",
            "I want to unsubscribe",
            "leave me alone",
            "Bitte keine SMS mehr",
            "Ich möchte keine Nachrichten mehr",
            "Schreiben Sie mir nicht mehr",
            "Bitte abmelden",
            "Je ne veux plus recevoir vos messages",
            "Arrêtez de m'envoyer des messages",
            "désabonnez-moi",
            "No más mensajes por favor",
            "Quiero darme de baja",
            "dejen de escribirme",
            "Proszę nie pisać",
            "Nie chcę więcej wiadomości",
            "wypiszcie mnie",
        ] {
            assert_eq!(understand(text), Meaning::Stop, "{text}");
        }
    }

    #[test]
    fn nobody_is_cut_off_by_a_normal_reply() {
        for text in [
            "can you stop by on Monday?",
            "The bus doesn't stop here, please use the back door",
            "Thanks!",
            "cancel my order please",
            "Can I cancel the blue one and keep the rest?",
            "When will it end?",
            "Please don't text me before nine, I work nights",
            "don't text me, call me instead: the door is broken",
            "Where is my order?",
            "It should arrive by the end of the week, right?",
            "Great, thank you so much",
            "Can you remove the gift note?",
            "Please remove me a receipt",
            "no more than two boxes please",
            "Could you stop the delivery until Thursday?",
            "Please stop the parcel at the depot",
            "Can I opt out of gift wrapping?",
            "Please send it to the quit smoking clinic",
            "Leave it at the door",
            "Leave me a note",
            "I will be home at 5",
            "Wann kommt mein Paket?",
            "Ende der Woche passt gut",
            "Bitte die Bestellung stornieren",
            "Kann ich die Bestellung abbestellen und neu bestellen?",
            "Bitte nicht vor 9 Uhr klingeln",
            "Ich habe keine Nachricht bekommen",
            "La fin de semaine me convient",
            "Plus de thé vert svp",
            "Je veux annuler un article",
            "¿Pueden parar en la puerta de atrás?",
            "No quiero el azul, quiero el verde",
            "Mas té por favor",
            "Koniec tygodnia mi pasuje",
            "Nie ma mnie w domu",
            "stopwatch",
            "unstoppable tea!",
            "👍",
            "",
            "   ",
            "1",
            "Ok",
            "nope",
            "the stop sign on the corner",
            "Stop worrying, it arrived!",
            "td bank is my bank",
        ] {
            assert_ne!(understand(text), Meaning::Stop, "{text}");
        }
    }

    #[test]
    fn start_and_help_are_words_alone() {
        for text in ["START", "Unstop", "yes", "Ja", "oui!", "Sí", "TAK"] {
            assert_eq!(understand(text), Meaning::Start, "{text}");
        }
        for text in ["HELP", "info", "Hilfe?", "Aide", "ayuda", "POMOC", "Who is this?"] {
            assert_eq!(understand(text), Meaning::Help, "{text}");
        }
        for text in ["yes, leave it with the neighbour", "help me find my parcel", "when does the sale start"]
        {
            assert_eq!(understand(text), Meaning::Other, "{text}");
        }
    }
}
