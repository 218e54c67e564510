//! What a kind of file is: its columns, what its rows belong together by, and what is made of them.

use std::sync::Arc;

use db::Write;
use kernel::{Result, Timestamp};

use crate::faults::Fault;
use crate::table::{Dialect, Header, Row};

/// What taking one thing in did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Done {
    /// It is new.
    Added,
    /// It changed what was stored.
    Changed,
    /// It was known, as it is or newer.
    Known,
}

/// Takes one thing in.
type Take = dyn Fn(&mut Write<'_>) -> Result<Done> + Send + Sync;

/// Something that was read and can be taken in. Taking it twice has the effect of once.
#[derive(Clone)]
pub struct Prepared(Arc<Take>);

impl Prepared {
    /// Something that `take` takes in.
    pub fn new(take: impl Fn(&mut Write<'_>) -> Result<Done> + Send + Sync + 'static) -> Self {
        Prepared(Arc::new(take))
    }

    /// Takes it in.
    pub fn take(&self, w: &mut Write<'_>) -> Result<Done> {
        (self.0)(w)
    }
}

/// A kind of file.
pub trait Shape {
    /// Where the columns stand that are filled and the same in all rows that belong together; none when each row is
    /// for itself.
    fn key(&self) -> &[usize];

    /// The columns.
    fn header(&self) -> &Header;

    /// The most rows that may belong together.
    fn most_rows(&self) -> usize;

    /// Reads rows that belong together: something to take in, or everything that is wrong with them.
    fn read(&self, rows: &[Row], now: Timestamp) -> Result<Prepared, Vec<Fault>>;
}

/// What the one who imports has said, and the shop.
#[derive(Clone, Debug)]
pub struct Setting {
    /// The source that what is taken in belongs to.
    pub source: String,
    /// The shop's own currency.
    pub currency: kernel::Currency,
}

/// Makes a shape for the header that was found.
pub type Maker = fn(&Dialect, &Setting) -> Result<Box<dyn Shape>>;
