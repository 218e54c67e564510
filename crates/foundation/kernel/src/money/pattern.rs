//! How each language and region writes an amount: a table of CLDR's facts, and the few rules for reading a pattern.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::{Currency, Money};
use crate::Locale;

/// The facts; its head says where they come from.
const TABLE: &str = include_str!("../../cldr/money.tsv");

/// The line for everybody who has none.
const ROOT: &str = "und";

/// An invisible letter that is read from left to right.
const LEFT_TO_RIGHT: &str = "\u{200e}";

/// Keeps a currency's letters apart from the digits, and both on one line.
const NO_BREAK: char = '\u{a0}';

static STYLES: LazyLock<BTreeMap<&'static str, Style>> =
    LazyLock::new(|| TABLE.lines().filter(|line| !line.starts_with('#')).filter_map(Style::read).collect());

/// One line of the table.
struct Style {
    zero: char,
    decimal: String,
    group: String,
    minus: String,
    /// Digits that have to stand before the first separator: with two, 1234 has none and 12 345 has one.
    least: usize,
    positive: Pattern,
    /// Where the pattern for amounts below zero is not the minus sign and the positive one.
    negative: Option<Pattern>,
    symbols: BTreeMap<&'static str, Symbol>,
}

/// How a currency is named, and what it has of its own: `2,50 TL` may be `₺2,50`, and `20$00` has the sign in its middle.
struct Symbol {
    sign: String,
    pattern: Option<Pattern>,
    decimal: Option<String>,
    group: Option<String>,
}

/// `¤#,##0.00`, taken apart.
struct Pattern {
    before: String,
    after: String,
    /// Digits of the last group, and of all the others: three and two in India.
    groups: (usize, usize),
}

/// `money` as a reader of `locale` writes it, to the letter as CLDR has it.
pub(super) fn by_cldr(money: Money, locale: &Locale) -> String {
    written(money, locale, "")
}

/// The same from right to left, with a mark behind a sign such as `US$`: without it the dollar would be shown before its
/// letters.
pub(super) fn right_to_left(money: Money, locale: &Locale) -> String {
    written(money, locale, LEFT_TO_RIGHT)
}

/// `after_latin` is put behind a currency sign that begins with a Latin letter.
fn written(money: Money, locale: &Locale, after_latin: &str) -> String {
    let style = style(locale);
    let symbol = symbol(money.currency, locale);
    let sign = symbol.map_or(money.currency.code(), |symbol| &symbol.sign);
    let mark = if sign.starts_with(|c: char| c.is_ascii_alphabetic()) { after_latin } else { "" };
    let own = symbol.and_then(|symbol| symbol.pattern.as_ref());
    let explicit = style.negative.as_ref().filter(|_| money.minor < 0 && own.is_none());
    let pattern = own.or(explicit).unwrap_or(&style.positive);
    let minus = if money.minor < 0 && explicit.is_none() { style.minus.as_str() } else { "" };
    // The minus first: a symbol may hold a hyphen of its own.
    let affix = |text: &str, spaced: fn(&str, &str) -> String| match text {
        "" => String::new(),
        "¤" => spaced(text, sign) + mark,
        _ => text.replace('-', &style.minus).replace('¤', &(spaced(text, sign) + mark)),
    };
    let before = affix(&pattern.before, spaced_before);
    let after = affix(&pattern.after, spaced_after);
    format!("{minus}{before}{}{after}", number(money, style, symbol, pattern.groups))
}

/// A plain count as a reader of `locale` writes it: `10,000`.
pub(crate) fn count(count: i64, locale: &Locale) -> String {
    let style = style(locale);
    let minus = if count < 0 { style.minus.as_str() } else { "" };
    let digits = grouped(&count.unsigned_abs().to_string(), &style.group, style.least, style.positive.groups);
    let digits: String = digits.chars().map(|c| in_digits(c, style.zero)).collect();
    format!("{minus}{digits}")
}

fn style(locale: &Locale) -> &'static Style {
    locale.find(|tag| STYLES.get(tag)).unwrap_or_else(|| root())
}

fn root() -> &'static Style {
    // The table begins with it; a test reads every line.
    STYLES.get(ROOT).expect("the table of amounts has its root line")
}

/// The sign of a currency for these readers, told apart from others of the same sign; none when its code has to do.
fn symbol(currency: Currency, locale: &Locale) -> Option<&'static Symbol> {
    let known = |style: &'static Style| style.symbols.get(currency.code());
    locale.find(|tag| STYLES.get(tag).and_then(known)).or_else(|| known(root()))
}

/// CLDR's rule for spacing: a symbol that ends in a letter or a dot is kept apart from a digit beside it.
fn spaced_before(affix: &str, symbol: &str) -> String {
    let touches = affix.ends_with('¤') && symbol.chars().last().is_some_and(|c| !is_sign(c));
    if touches { format!("{symbol}{NO_BREAK}") } else { symbol.to_owned() }
}

fn spaced_after(affix: &str, symbol: &str) -> String {
    let touches = affix.starts_with('¤') && symbol.chars().next().is_some_and(|c| !is_sign(c));
    if touches { format!("{NO_BREAK}{symbol}") } else { symbol.to_owned() }
}

/// Currency signs (Unicode category Sc) and spaces.
fn is_sign(c: char) -> bool {
    c.is_whitespace()
        || matches!(c, '$' | '¢'..='¥' | '֏' | '؋' | '৲' | '৳' | '৻' | '૱' | '௹' | '฿' | '៛' | '\u{20A0}'..='\u{20CF}'
            | '﷼' | '﹩' | '＄' | '￠' | '￡' | '￥' | '￦')
}

fn number(money: Money, style: &Style, symbol: Option<&Symbol>, groups: (usize, usize)) -> String {
    let (whole, fraction) = money.parts();
    let group = symbol.and_then(|symbol| symbol.group.as_ref()).unwrap_or(&style.group);
    let decimal = symbol.and_then(|symbol| symbol.decimal.as_ref()).unwrap_or(&style.decimal);
    let mut out = grouped(&whole, group, style.least, groups);
    if !fraction.is_empty() {
        out += decimal;
        out += &fraction;
    }
    if style.zero == '0' { out } else { out.chars().map(|c| in_digits(c, style.zero)).collect() }
}

fn in_digits(c: char, zero: char) -> char {
    let digit = c.to_digit(10).filter(|_| c.is_ascii());
    digit.and_then(|digit| char::from_u32(u32::from(zero) + digit)).unwrap_or(c)
}

fn grouped(whole: &str, group: &str, least: usize, (last, others): (usize, usize)) -> String {
    if whole.len() < last.saturating_add(least) {
        return whole.to_owned();
    }
    let mut out = String::with_capacity(whole.len() * 2);
    for (at, digit) in whole.chars().enumerate() {
        let left = whole.len() - at;
        if at > 0 && left >= last && (left - last).is_multiple_of(others) {
            out += group;
        }
        out.push(digit);
    }
    out
}

impl Style {
    /// Tag and style of one line.
    fn read(line: &'static str) -> Option<(&'static str, Style)> {
        let mut fields = line.split('\t');
        let tag = fields.next()?;
        let [zero, decimal, group, minus, least, patterns, symbols] =
            std::array::from_fn(|_| fields.next().unwrap_or_default());
        let patterns = seen(patterns);
        let (positive, negative) = match patterns.split_once(';') {
            Some((positive, negative)) => (positive, Some(negative)),
            None => (patterns.as_str(), None),
        };
        let positive = Pattern::read(positive);
        let symbols = symbols.split('|').filter_map(|pair| pair.split_once('='));
        let style = Style {
            zero: zero.chars().next()?,
            decimal: seen(decimal),
            group: seen(group),
            minus: seen(minus),
            least: least.parse().ok()?,
            // What is below zero is grouped like what is above, whatever its pattern says (UTS #35).
            negative: negative.map(|text| Pattern { groups: positive.groups, ..Pattern::read(text) }),
            positive,
            symbols: symbols.map(|(code, symbol)| (code, Symbol::read(symbol))).collect(),
        };
        Some((tag, style))
    }
}

impl Symbol {
    fn read(text: &str) -> Self {
        let text = seen(text);
        let mut parts = text.split('@');
        let sign = parts.next().unwrap_or_default().to_owned();
        let mut own = || parts.next().filter(|part| !part.is_empty()).map(str::to_owned);
        let (pattern, decimal, group) = (own(), own(), own());
        Symbol { sign, pattern: pattern.map(|text| Pattern::read(&text)), decimal, group }
    }
}

impl Pattern {
    fn read(text: &str) -> Self {
        let is_number = |c: char| matches!(c, '#' | '0' | ',' | '.');
        let from = text.find(is_number).unwrap_or(text.len());
        let to = text.rfind(is_number).map_or(from, |at| at + 1);
        let whole = text[from..to].split('.').next().unwrap_or_default();
        let groups: Vec<usize> = whole.split(',').skip(1).map(str::len).collect();
        // A pattern without a separator groups nothing: no number has that many digits.
        let last = groups.last().copied().unwrap_or(usize::MAX / 2);
        let others = if groups.len() > 1 { groups[groups.len() - 2] } else { last };
        Pattern { before: text[..from].to_owned(), after: text[to..].to_owned(), groups: (last, others) }
    }
}

/// A field of the table with its `\u{…}` as the signs they stand for.
pub(super) fn seen(field: &str) -> String {
    let mut parts = field.split("\\u{");
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (code, rest) = part.split_once('}').unwrap_or(("", part));
        out.extend(u32::from_str_radix(code, 16).ok().and_then(char::from_u32));
        out += rest;
    }
    out
}
