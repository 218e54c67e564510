//! What a merchant may write, what it becomes, and that nothing hostile gets as far as the parser.

use super::*;
use crate::words::WORDS;

const SHOP: &[Words] = &[
    Words {
        language: "en",
        source: "subject = Order { $order } for { $name }\nplain = Hello\npieces = { $n } pieces\n",
    },
    Words { language: "de", source: "subject = Bestellung { $order } für { $name }\n" },
];

fn wording(overrides: &[(&str, &str)]) -> Result<Wording> {
    let catalogue = Catalogue::new(&[WORDS, SHOP]).unwrap();
    let owned = overrides.iter().map(|(key, text)| ((*key).to_owned(), (*text).to_owned())).collect();
    Wording::new(catalogue, &[WORDS, SHOP], owned)
}

fn locale(tag: &str) -> Locale {
    Locale::parse(tag).unwrap()
}

fn subject(wording: &Wording, tag: &str) -> String {
    wording.say(&locale(tag), "subject", &[("order", "#1042".into()), ("name", "<Zoë> & Co".into())])
}

/// The one fault of a sentence under the key `subject`.
fn fault_of(source: &str) -> FieldError {
    let error = wording(&[("subject", source)]).unwrap_err();
    assert_eq!(error.fields().len(), 1);
    error.fields()[0].clone()
}

#[test]
fn without_a_rewrite_the_shipped_sentence_is_said() {
    let words = wording(&[("plain", "Hi")]).unwrap();
    assert_eq!(subject(&words, "en-GB"), "Order #1042 for <Zoë> & Co");
    assert_eq!(words.say(&locale("en"), "plain", &[]), "Hi");
    assert!(words.catalogue().has("de", "subject"));
}

#[test]
fn the_most_particular_rewrite_wins_and_nothing_is_escaped() {
    let words = wording(&[
        ("subject", "{{name}}: {{{order}}}"),
        ("subject@de", "DE {{ order }}"),
        ("subject@de-AT", "AT {{~order~}} !"),
    ])
    .unwrap();
    assert_eq!(subject(&words, "en-GB"), "<Zoë> & Co: #1042");
    assert_eq!(subject(&words, "de-CH"), "DE #1042");
    assert_eq!(subject(&words, "de-AT"), "AT#1042!");
}

#[test]
fn a_rewrite_without_a_language_is_in_the_shops_own() {
    let words = wording(&[("subject", "{{order}}, {{name}}")]).unwrap().in_language_of(&locale("en-US"));
    assert_eq!(subject(&words, "en-GB"), "#1042, <Zoë> & Co");
    assert_eq!(subject(&words, "de-AT"), "Bestellung #1042 für <Zoë> & Co");
    let german = wording(&[("subject", "{{order}}"), ("subject@en", "{{name}}")]).unwrap();
    let german = german.in_language_of(&locale("de-DE"));
    assert_eq!((subject(&german, "de-CH"), subject(&german, "en")), ("#1042".into(), "<Zoë> & Co".into()));
}

#[test]
fn conditions_and_numbers_work() {
    let words = wording(&[
        ("subject", "{{#if order}}has {{order}}{{else if name}}only {{name}}{{else}}nothing{{/if}}"),
        ("pieces", "{{n}} × {{#unless n}}none{{else}}some{{/unless}}"),
        ("plain", ""),
    ])
    .unwrap();
    let say = |order: &str, name: &str| {
        words.say(&locale("en"), "subject", &[("order", order.into()), ("name", name.into())])
    };
    assert_eq!(say("#1", "Ann"), "has #1");
    assert_eq!(say("", "Ann"), "only Ann");
    assert_eq!(say("", ""), "nothing");
    assert_eq!(words.say(&locale("en"), "pieces", &[("n", 3.into())]), "3 × some");
    assert_eq!(words.say(&locale("en"), "plain", &[]), "");
}

#[test]
fn what_blocks_bring_themselves_can_be_rewritten_too() {
    let words = wording(&[("letter-follow", "Find us"), ("letter-step", "{{n}}/{{total}}")]).unwrap();
    let speaker: &dyn Say = &words;
    assert_eq!(speaker.say(&locale("en"), "letter-follow", &[]), "Find us");
    assert_eq!(speaker.say(&locale("en"), "letter-step", &[("n", 2.into()), ("total", 4.into())]), "2/4");
}

#[test]
fn a_rewrite_that_grows_too_long_or_lacks_a_value_gives_way_to_ours() {
    let words = wording(&[("subject", "{{name}}{{name}}{{order}}")]).unwrap();
    let long = "x".repeat(10_000);
    let said = words.say(&locale("en"), "subject", &[("order", "#1".into()), ("name", (&long).into())]);
    assert!(said.starts_with("Order #1 for xxx") && said.len() < budget::OUTPUT_BYTES);
    let lacking = words.say(&locale("en"), "subject", &[("order", "#1".into())]);
    assert!(lacking.starts_with("Order #1 for"), "{lacking}");
}

#[test]
fn every_wrong_sentence_is_named_with_what_to_do() {
    let error = wording(&[
        ("subjekt", "x"),
        ("subject@german-language", "x"),
        ("subject", "{{email}}"),
        ("plain", "{{name}}"),
        ("weekday", "{{n}}"),
        ("pieces", "{{n}}"),
    ])
    .unwrap_err();
    let said: Vec<String> = error.fields().iter().map(|f| format!("{} {}", f.pointer, f.detail)).collect();
    let wanted = [
        "/wording/plain This sentence has no placeholders. Remove {{name}}.",
        "/wording/subject {{email}} isn't known here. This sentence knows {{name}}, {{order}}.",
        "/wording/subject@german-language Write the language after the @ as a tag, like @de or @pt-BR.",
        "/wording/subjekt There is no such sentence. Did you mean \"subject\"?",
        "/wording/weekday There is no such sentence. Remove it or mend its name.",
    ];
    assert_eq!(said, wanted);
    assert!(error.to_string().contains("/wording/subjekt"));
}

#[test]
fn each_fault_has_its_name() {
    let cases = [
        ("{{name", "unclosed"),
        ("{{> footer}}", "not_allowed"),
        ("{{lookup this name}}", "not_allowed"),
        ("\\{{name}}", "not_allowed"),
        ("{{{{raw}}}}{{name}}{{{{/raw}}}}", "not_allowed"),
        ("a\u{0}b", "control_character"),
        ("{{len}}", "unknown_placeholder"),
        ("{{this}}", "unknown_placeholder"),
        ("{{../name}}", "unknown_placeholder"),
        ("{{@index}}", "unknown_placeholder"),
        ("{{#with name}}{{order}}{{/with}}", "unknown_placeholder"),
        ("{{#if name}}x", "unbalanced"),
        ("{{#if name}}x{{/unless}}", "unbalanced"),
        ("{{else}}", "unbalanced"),
        ("{{#if name}}a{{else}}b{{else}}c{{/if}}", "unreadable"),
        ("{{#each name}}{{this}}{{/each}}", "cannot_be_filled"),
    ];
    for (source, code) in cases {
        assert_eq!(fault_of(source).code, code, "{source}");
    }
    wording(&[("subject", "{{#with name}}{{this}} {{../order}}{{else}}-{{/with}}")]).unwrap();
}

#[test]
fn hostile_sentences_are_refused_before_they_are_parsed() {
    let many = |part: &str, times: usize| part.repeat(times);
    // The two that end or stop a process when they reach the parser, and their kin that fit into the length.
    let conditions = many("{{#if name}}", 20_000) + &many("{{/if}}", 20_000);
    assert_eq!(fault_of(&conditions).code, "too_long");
    assert_eq!(fault_of(&(many("{{#if name}}", 200) + &many("{{/if}}", 200))).code, "too_deep");
    assert_eq!(fault_of(&(many("{{#if name}}", 9) + &many("{{/if}}", 9))).code, "too_deep");
    let chain = format!("{{{{#if name}}}}a{}{{{{/if}}}}", many("{{else if name}}b", 200));
    assert_eq!(fault_of(&chain).code, "too_deep");
    let loops = "{{#each name}}".to_owned() + &many("{{#each this}}", 4) + &many("{{/each}}", 5);
    assert_eq!(fault_of(&loops).code, "too_many_loops");
    assert_eq!(fault_of(&many("{{", 2_000)).code, "unclosed");
    assert_eq!(fault_of(&(many("{{", 1_000) + &many("}}", 1_000))).code, "not_allowed");
    assert_eq!(fault_of(&format!("{{{{{}}}}}", many("(", 4_000))).code, "not_allowed");
    assert_eq!(
        fault_of(&format!("{{{{#if {}name}}}}{{{{/if}}}}", many("../", 1_000))).code,
        "unknown_placeholder"
    );
    let deepest = many("{{#if name}}", 8) + "{{order}}" + &many("{{/if}}", 8);
    assert_eq!(subject(&wording(&[("subject", &deepest)]).unwrap(), "en"), "#1042");
}

#[test]
fn any_text_is_either_refused_or_filled_in() {
    // Pieces of the language in random order: none of them may panic, hang, or print more than the budget.
    let pieces = [
        "{{",
        "}}",
        "{{{",
        "}}}",
        "#if ",
        "/if",
        "#each ",
        "/each",
        "else",
        "name",
        "order",
        "this",
        "../",
        "@index",
        "~",
        " ",
        "\\",
        "{{name}}",
        "{{#if name}}",
        "{{/if}}",
        "{{else}}",
        "text",
        "é",
        "!",
        "&",
        ">",
        "\n",
    ];
    let mut dice = kernel::Dice::seeded(7);
    let mut accepted = 0;
    for _ in 0..4_000 {
        let source: String =
            dice.bytes::<12>().iter().map(|b| pieces[usize::from(*b) % pieces.len()]).collect();
        if let Ok(words) = wording(&[("subject", &source)]) {
            accepted += 1;
            assert!(subject(&words, "en").len() <= budget::OUTPUT_BYTES);
        }
    }
    assert!(accepted > 10, "{accepted}");
}
