//! A product as somebody tells it.

use kernel::{Error, Locale, Money, Result, Timestamp};

/// The most characters of an identifier or a stock keeping unit.
pub const MAX_ID: usize = 120;
/// The most characters of a title.
pub const MAX_TITLE: usize = 500;
/// The most characters of a link.
pub const MAX_LINK: usize = 2_000;
/// The most characters of a care text.
pub const MAX_CARE: usize = 5_000;
/// The longest that one piece may be said to last.
pub const MAX_CYCLE_DAYS: u32 = 3_650;
/// The most variants of a product: one write stays small.
pub const MAX_VARIANTS: usize = 250;
/// The largest price, in minor units.
pub const MAX_MINOR: i64 = 1_000_000_000_000_000;

/// Who told of a product.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ToldBy {
    /// It stood in an order.
    OrderLine,
    /// A table that was imported.
    Import,
    /// The shop's platform.
    Platform,
}

impl ToldBy {
    /// The word used in rows and in the API.
    pub fn as_str(self) -> &'static str {
        match self {
            ToldBy::OrderLine => "order_line",
            ToldBy::Import => "import",
            ToldBy::Platform => "platform",
        }
    }

    /// Reads the word.
    pub fn parse(word: &str) -> Result<Self> {
        match word {
            "order_line" => Ok(ToldBy::OrderLine),
            "import" => Ok(ToldBy::Import),
            "platform" => Ok(ToldBy::Platform),
            _ => Err(Error::internal("a product was told by nobody we know")),
        }
    }
}

/// One version of a product.
#[derive(Clone, Debug, PartialEq)]
pub struct IncomingProduct {
    /// The source its orders are stored under too.
    pub source: String,
    /// The source's identifier; none where a table or an order names only a stock keeping unit or a title.
    pub external_id: Option<String>,
    /// Who tells.
    pub told_by: ToldBy,
    /// Which version it is.
    pub updated_at: Timestamp,
    /// Its title; silence keeps what is known, like everywhere below.
    pub title: Option<String>,
    /// Its page.
    pub url: Option<String>,
    /// Its picture.
    pub image_url: Option<String>,
    /// For how many days one piece lasts.
    pub cycle_days: Option<u32>,
    /// How to look after it.
    pub care: Vec<Care>,
    /// Its variants.
    pub variants: Vec<IncomingVariant>,
    /// Whether these are all of its variants, so that any other is gone.
    pub is_whole: bool,
}

/// How to look after a product, in one language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Care {
    /// The language.
    pub locale: Locale,
    /// The text.
    pub text: String,
}

/// One version of a variant.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct IncomingVariant {
    /// The source's identifier.
    pub external_id: Option<String>,
    /// The stock keeping unit.
    pub sku: Option<String>,
    /// What tells it from the product's other variants.
    pub title: Option<String>,
    /// What one piece costs.
    pub price: Option<Money>,
    /// How many there are.
    pub stock: Stock,
    /// Its own picture.
    pub image_url: Option<String>,
}

/// How many pieces there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Stock {
    /// Nobody has said.
    #[default]
    Unknown,
    /// The shop does not count them.
    Untracked,
    /// So many; fewer than none when more were sold than there were.
    Pieces(i64),
}

impl Stock {
    /// The word used in rows and in the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Stock::Unknown => "unknown",
            Stock::Untracked => "untracked",
            Stock::Pieces(_) => "pieces",
        }
    }

    /// How many, when that is known.
    pub fn pieces(self) -> Option<i64> {
        match self {
            Stock::Pieces(pieces) => Some(pieces),
            Stock::Unknown | Stock::Untracked => None,
        }
    }
}

impl IncomingProduct {
    /// The rules that span several fields; each door has checked the single ones.
    pub fn check(&self) -> Result<()> {
        if self.variants.len() > MAX_VARIANTS {
            let detail = format!("A product has at most {MAX_VARIANTS} variants.");
            return Err(Error::field("/variants", "too_many", detail));
        }
        let named = |variant: &IncomingVariant| variant.external_id.is_some() || variant.sku.is_some();
        if self.external_id.is_none() && self.title.is_none() && !self.variants.iter().any(named) {
            let detail = "Name the product: by its identifier, its stock keeping unit or its title.";
            return Err(Error::field("/sku", "missing", detail));
        }
        Ok(())
    }
}
