//! Filters of a list: read from its address, shown as a form and as chips, and written back as an address.
//!
//! A list says which fields it has and what each may be. What an address says besides is not there: an address that
//! somebody made up filters by nothing, and nothing of it reaches a query or another address.

use std::collections::BTreeMap;

use kernel::time::parse_date;
use kernel::{Date, Timestamp, Zone};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;

/// The parameters of an address, for [`axum::extract::Query`].
pub type Asked = BTreeMap<String, String>;

/// Rows that a list looks at, at most, before it says how far that was: so many that a page is there within a tenth of a
/// second also where none of them fits. Templates know it as `looked_at`.
pub const LOOKED_AT: usize = 5_000;

/// A field that a list can be filtered by.
#[derive(Clone, Debug)]
pub struct FilterField {
    /// Its name in the address.
    pub name: &'static str,
    /// Its name on the page.
    pub label: &'static str,
    /// What it may be.
    pub kind: FilterKind,
}

/// What a field may be.
#[derive(Clone, Debug)]
pub enum FilterKind {
    /// One of these: the word in the address, and on the page.
    OneOf(Vec<(String, String)>),
    /// A date.
    Day,
    /// Something that is typed, of at most [`LONGEST_TEXT`] characters.
    Text,
}

/// The most characters of what is typed into a field.
pub const LONGEST_TEXT: usize = 100;

impl FilterField {
    /// A field that is one of these.
    pub fn one_of<A: Into<String>, B: Into<String>>(
        name: &'static str,
        label: &'static str,
        choices: impl IntoIterator<Item = (A, B)>,
    ) -> Self {
        let choices = choices.into_iter().map(|(value, words)| (value.into(), words.into())).collect();
        FilterField { name, label, kind: FilterKind::OneOf(choices) }
    }

    /// A field that is a date.
    pub fn day(name: &'static str, label: &'static str) -> Self {
        FilterField { name, label, kind: FilterKind::Day }
    }

    /// A field that is typed.
    pub fn text(name: &'static str, label: &'static str) -> Self {
        FilterField { name, label, kind: FilterKind::Text }
    }

    /// What the value is called on the page; `None` when it is none that this field may have.
    fn words(&self, value: &str) -> Option<String> {
        match &self.kind {
            FilterKind::OneOf(choices) => {
                choices.iter().find(|(known, _)| known == value).map(|(_, words)| words.clone())
            }
            FilterKind::Day => parse_date(value).ok().map(|day| day.strftime("%-d %b %Y").to_string()),
            FilterKind::Text => {
                let fits = value.chars().count() <= LONGEST_TEXT && !value.contains(char::is_control);
                fits.then(|| value.to_owned())
            }
        }
    }
}

/// The filters that are in force.
#[derive(Clone, Debug)]
pub struct Filters {
    path: &'static str,
    fields: Vec<FilterField>,
    values: BTreeMap<&'static str, String>,
    faults: Vec<String>,
}

impl Filters {
    /// Reads what is asked of the list at `path`.
    pub fn read(path: &'static str, fields: Vec<FilterField>, asked: &Asked) -> Self {
        let (mut values, mut faults) = (BTreeMap::new(), Vec::new());
        for field in &fields {
            let value = asked.get(field.name).map_or("", |value| value.trim());
            if value.is_empty() {
                continue;
            }
            match (field.words(value), &field.kind) {
                (Some(_), _) => {
                    values.insert(field.name, value.to_owned());
                }
                (None, FilterKind::Day) => {
                    faults
                        .push(format!("{}: write the date as year-month-day, like 2026-11-23.", field.label));
                }
                (None, FilterKind::Text) => {
                    faults.push(format!("{}: write at most {LONGEST_TEXT} characters.", field.label));
                }
                // A choice that is gone, or never was one.
                (None, FilterKind::OneOf(_)) => {}
            }
        }
        Filters { path, fields, values, faults }
    }

    /// Reads them back from a query that [`query`](Filters::query) wrote.
    pub fn from_query(path: &'static str, fields: Vec<FilterField>, query: &str) -> Self {
        let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
        let decoded =
            |text: &str| percent_encoding::percent_decode_str(text).decode_utf8_lossy().into_owned();
        let asked = pairs.map(|(name, value)| (decoded(name), decoded(value))).collect();
        Filters::read(path, fields, &asked)
    }

    /// The value of a field.
    pub fn value(&self, name: &str) -> Option<&str> {
        self.values.get(name).map(String::as_str)
    }

    /// The date of a field.
    pub fn day(&self, name: &str) -> Option<Date> {
        self.value(name).and_then(|value| parse_date(value).ok())
    }

    /// From the beginning of the day in the field `from` to the end of the one in `to`, by the shop's clock.
    pub fn span(&self, from: &str, to: &str, zone: &Zone) -> (Option<Timestamp>, Option<Timestamp>) {
        let begins = |day: Date| Timestamp::at_start_of(day, zone);
        let after = self.day(to).and_then(|day| day.tomorrow().ok());
        (self.day(from).and_then(begins), after.and_then(begins))
    }

    /// Whether any field is filtered by.
    pub fn any(&self) -> bool {
        !self.values.is_empty()
    }

    /// The filters as they stand in an address, always in the same order.
    pub fn query(&self) -> String {
        self.query_without("")
    }

    fn query_without(&self, left_out: &str) -> String {
        let pairs = self.fields.iter().filter(|field| field.name != left_out).filter_map(|field| {
            let value = self.values.get(field.name)?;
            Some(format!("{}={}", field.name, utf8_percent_encode(value, NON_ALPHANUMERIC)))
        });
        pairs.collect::<Vec<_>>().join("&")
    }

    /// The list with these filters, and with more in its address: `("older", id)`.
    pub fn href(&self, more: Option<(&str, &str)>) -> String {
        let more =
            more.map(|(name, value)| format!("{name}={}", utf8_percent_encode(value, NON_ALPHANUMERIC)));
        address(self.path, [self.query(), more.unwrap_or_default()])
    }

    /// What the page shows of them. `views` are the addresses that have a name.
    pub fn bar(&self, list: &'static str, views: Vec<NamedView>) -> Bar {
        let own = self.query();
        Bar {
            path: self.path,
            list,
            fields: self.fields.iter().map(|field| self.shown(field)).collect(),
            chips: self.fields.iter().filter_map(|field| self.chip(field)).collect(),
            faults: self.faults.clone(),
            views: views.into_iter().map(|view| view.shown(self.path, &own)).collect(),
            query: own,
        }
    }

    fn shown(&self, field: &FilterField) -> ShownField {
        let value = self.value(field.name).unwrap_or_default().to_owned();
        let choices = match &field.kind {
            FilterKind::OneOf(choices) => choices.clone(),
            FilterKind::Day | FilterKind::Text => Vec::new(),
        };
        let input = match &field.kind {
            FilterKind::OneOf(_) => None,
            FilterKind::Day => Some("date"),
            FilterKind::Text => Some("text"),
        };
        ShownField { name: field.name, label: field.label, input, choices, value }
    }

    fn chip(&self, field: &FilterField) -> Option<Chip> {
        let words = field.words(self.value(field.name)?)?;
        let without = address(self.path, [self.query_without(field.name), String::new()]);
        Some(Chip { label: field.label, words, without })
    }
}

fn address(path: &str, queries: [String; 2]) -> String {
    let query = queries.into_iter().filter(|query| !query.is_empty()).collect::<Vec<_>>().join("&");
    if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
}

/// Filters that somebody has given a name.
#[derive(Clone, Debug)]
pub struct NamedView {
    /// The name.
    pub name: String,
    /// The filters, as they stand in an address.
    pub query: String,
    /// Whom to ask to remove it, when the reader may.
    pub id: Option<String>,
}

impl NamedView {
    fn shown(self, path: &str, own: &str) -> ShownView {
        ShownView {
            current: self.query == own,
            href: address(path, [self.query, String::new()]),
            name: self.name,
            id: self.id,
        }
    }
}

/// What `admin/parts.html` is given to show filters with.
#[derive(Clone, Debug, Serialize)]
pub struct Bar {
    /// Where the form leads.
    pub path: &'static str,
    /// Which list it is.
    pub list: &'static str,
    /// The fields.
    pub fields: Vec<ShownField>,
    /// What is in force.
    pub chips: Vec<Chip>,
    /// What was not understood.
    pub faults: Vec<String>,
    /// Addresses with a name.
    pub views: Vec<ShownView>,
    /// The filters in force, as they stand in an address.
    pub query: String,
}

/// A field of the form.
#[derive(Clone, Debug, Serialize)]
pub struct ShownField {
    name: &'static str,
    label: &'static str,
    /// The kind of its input; none where there is something to choose from.
    input: Option<&'static str>,
    choices: Vec<(String, String)>,
    value: String,
}

/// A filter in force, and the list without it.
#[derive(Clone, Debug, Serialize)]
pub struct Chip {
    label: &'static str,
    words: String,
    without: String,
}

/// A named address.
#[derive(Clone, Debug, Serialize)]
pub struct ShownView {
    name: String,
    href: String,
    current: bool,
    id: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields() -> Vec<FilterField> {
        vec![
            FilterField::one_of("state", "State", [("held", "Held"), ("a b&c", "Odd")]),
            FilterField::text("product", "Product"),
            FilterField::day("from", "From"),
        ]
    }

    fn read(pairs: &[(&str, &str)]) -> Filters {
        let asked = pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Filters::read("/a/things", fields(), &asked)
    }

    #[test]
    fn what_a_list_does_not_know_is_not_there() {
        let filters = read(&[("state", "\"><script>"), ("other", "x"), ("from", " "), ("older", "y")]);
        assert!(!filters.any());
        assert_eq!((filters.query().as_str(), filters.href(None).as_str()), ("", "/a/things"));
        assert_eq!(filters.href(Some(("older", "a&b"))), "/a/things?older=a%26b");
    }

    #[test]
    fn a_date_that_is_none_is_said() {
        let filters = read(&[("from", "yesterday"), ("state", "held")]);
        assert_eq!(filters.bar("things", Vec::new()).faults.len(), 1);
        assert_eq!(filters.query(), "state=held");
    }

    #[test]
    fn what_is_typed_is_bounded_and_stays_what_it_is() {
        let long = "x".repeat(101);
        for (typed, kept) in
            [("tea & milk", Some("tea & milk")), (&long, None), ("a\u{0}b", None), ("  ", None)]
        {
            let filters = read(&[("product", typed)]);
            assert_eq!(filters.value("product"), kept, "{typed:?}");
            assert_eq!(
                filters.bar("things", Vec::new()).faults.len(),
                usize::from(kept.is_none() && !typed.trim().is_empty())
            );
        }
        assert_eq!(read(&[("product", "tea & milk")]).query(), "product=tea%20%26%20milk");
    }

    #[test]
    fn a_query_reads_back_as_what_it_was() {
        let filters = read(&[("state", "a b&c"), ("from", "2026-11-01")]);
        assert_eq!(filters.query(), "state=a%20b%26c&from=2026%2D11%2D01");
        let again = Filters::from_query("/a/things", fields(), &filters.query());
        assert_eq!((again.value("state"), again.day("from")), (Some("a b&c"), filters.day("from")));
    }

    #[test]
    fn each_chip_leads_to_the_list_without_it_and_a_view_knows_that_it_is_shown() {
        let filters = read(&[("state", "held"), ("from", "2026-11-01")]);
        let view = |query: &str| NamedView { name: "Mine".into(), query: query.into(), id: None };
        let bar = filters.bar("things", vec![view("state=held"), view(&filters.query())]);
        let chips: Vec<_> =
            bar.chips.iter().map(|chip| (chip.words.as_str(), chip.without.as_str())).collect();
        let rest = "/a/things?from=2026%2D11%2D01";
        assert_eq!(chips, [("Held", rest), ("1 Nov 2026", "/a/things?state=held")]);
        assert_eq!(bar.views.iter().map(|view| view.current).collect::<Vec<_>>(), [false, true]);
    }

    #[test]
    fn a_span_of_days_ends_with_the_last_of_them() {
        let asked = [("from", "2026-11-01"), ("to", "2026-11-02")];
        let asked = asked.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
        let days = vec![FilterField::day("from", "From"), FilterField::day("to", "To")];
        let berlin = Zone::parse("Europe/Berlin").unwrap();
        let (from, to) = Filters::read("/a", days, &asked).span("from", "to", &berlin);
        assert_eq!(from.unwrap().to_string(), "2026-10-31T23:00:00Z");
        assert_eq!(to.unwrap().to_string(), "2026-11-02T23:00:00Z");
    }
}
