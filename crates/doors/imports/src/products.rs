//! Products and their variants, one row each, with what platforms don't tell: how to look after a thing, and for how
//! long it lasts.

use catalogue::{
    Care, Effect, IncomingProduct, IncomingVariant, MAX_CARE, MAX_CYCLE_DAYS, MAX_ID, MAX_LINK, MAX_MINOR,
    MAX_TITLE, Stock, ToldBy,
};
use kernel::{Currency, Error, Locale, Money, Result, Timestamp};
use orders::incoming::CLOCKS_DIFFER_BY;

use crate::faults::Fault;
use crate::shape::{Done, Prepared, Setting, Shape};
use crate::table::{Cells, Dialect, Header, Row};

const KNOWN: [&str; 13] = [
    "product_id",
    "variant_id",
    "sku",
    "title",
    "variant",
    "price",
    "currency",
    "stock",
    "image_url",
    "url",
    "cycle_days",
    "updated_at",
    "variant_image_url",
];
/// What a column with a care text begins with; its language follows.
const CARE: &str = "care_";
/// More pieces than anybody has, and fewer than anybody owes.
const MAX_STOCK: i64 = 1_000_000_000;

/// The shape of a file of products.
pub fn shape(dialect: &Dialect, setting: &Setting) -> Result<Box<dyn Shape>> {
    let known = |name: &str| KNOWN.contains(&name) || name.starts_with(CARE);
    let header = Header::read(&dialect.names, known, &[])?;
    if !["product_id", "sku", "title"].iter().any(|column| header.has(column)) {
        let words =
            "The header lacks all of product_id, sku and title: nothing says which product a row is about.";
        return Err(Error::invalid("missing_column", words));
    }
    let languages = languages(&header)?;
    let comma = dialect.delimiter == b';';
    Ok(Box::new(Table { header, languages, comma, setting: setting.clone() }))
}

/// The languages there are care texts in, with their columns.
fn languages(header: &Header) -> Result<Vec<(String, Locale)>> {
    let columns = header.columns().filter_map(|column| column.strip_prefix(CARE).map(|tag| (column, tag)));
    let language = |(column, tag): (&str, &str)| match Locale::parse(&tag.replace('_', "-")) {
        Ok(locale) => Ok((column.to_owned(), locale)),
        Err(_) => {
            let words = format!("{column} names no language. Write care_en, care_de or care_de-AT.");
            Err(Error::invalid("unknown_language", words))
        }
    };
    columns.map(language).collect()
}

struct Table {
    header: Header,
    languages: Vec<(String, Locale)>,
    comma: bool,
    setting: Setting,
}

impl Shape for Table {
    fn key(&self) -> &[usize] {
        &[]
    }

    fn header(&self) -> &Header {
        &self.header
    }

    fn most_rows(&self) -> usize {
        1
    }

    fn read(&self, rows: &[Row], now: Timestamp) -> Result<Prepared, Vec<Fault>> {
        let Some(row) = rows.first() else { return Err(Vec::new()) };
        let mut cells = Cells::strict(&self.header, row, self.comma);
        let product = self.product(&mut cells, now);
        let faults = cells.faults();
        if !faults.is_empty() {
            return Err(faults);
        }
        Ok(Prepared::new(move |w| {
            Ok(match catalogue::take(w, &product)? {
                Effect::Created => Done::Added,
                Effect::Changed => Done::Changed,
                Effect::Stale => Done::Known,
            })
        }))
    }
}

impl Table {
    fn product(&self, cells: &mut Cells<'_>, now: Timestamp) -> IncomingProduct {
        let updated_at = cells.instant_until("updated_at", now + CLOCKS_DIFFER_BY);
        let mut care = Vec::new();
        for (column, locale) in &self.languages {
            let text = cells.paragraph(column, MAX_CARE);
            care.extend(text.map(|text| Care { locale: locale.clone(), text }));
        }
        let external_id = cells.identifier("product_id", MAX_ID);
        let title = cells.line("title", MAX_TITLE);
        let variant = self.variant(cells);
        if ["product_id", "variant_id", "sku", "title"].iter().all(|column| cells.text(column).is_none()) {
            cells.fault("sku", "missing", "Name the product: by product_id, sku or title.");
        }
        IncomingProduct {
            source: self.setting.source.clone(),
            external_id,
            told_by: ToldBy::Import,
            updated_at: updated_at.unwrap_or(now),
            title,
            url: cells.link("url", MAX_LINK),
            image_url: cells.link("image_url", MAX_LINK),
            cycle_days: cells.quantity("cycle_days", 1, MAX_CYCLE_DAYS),
            care,
            variants: variant.into_iter().collect(),
            is_whole: false,
        }
    }

    /// The variant of a row; none when the row is about the product alone.
    fn variant(&self, cells: &mut Cells<'_>) -> Option<IncomingVariant> {
        let currency = match cells.text("currency") {
            Some(_) => cells.parsed("currency", |text| Currency::parse(&text.to_uppercase())),
            None => Some(self.setting.currency),
        };
        let price = currency.and_then(|currency| {
            cells.amount("price", currency, MAX_MINOR).map(|minor| Money::new(minor, currency))
        });
        let variant = IncomingVariant {
            external_id: cells.identifier("variant_id", MAX_ID),
            sku: cells.line("sku", MAX_ID),
            title: cells.line("variant", MAX_TITLE),
            price,
            stock: stock(cells),
            image_url: cells.link("variant_image_url", MAX_LINK),
        };
        (variant != IncomingVariant::default()).then_some(variant)
    }
}

/// A number, or `untracked` where the shop does not count.
fn stock(cells: &mut Cells<'_>) -> Stock {
    match cells.word("stock").as_deref() {
        None => Stock::Unknown,
        Some("untracked") => Stock::Untracked,
        Some(text) => match text.parse::<i64>() {
            Ok(pieces) if pieces.abs() <= MAX_STOCK => Stock::Pieces(pieces),
            _ => {
                cells.fault("stock", "not_a_number", "Write a whole number, or untracked.");
                Stock::Unknown
            }
        },
    }
}
