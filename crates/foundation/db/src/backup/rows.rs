//! Rows on their way: strictly typed, in chunks of bounded size, each counted and added to the digest of its table.

use kernel::Result;
use sha2::{Digest, Sha256};

use super::shape::{Kind, Table};
use crate::Cell;

/// A write takes at most this many rows …
const MOST_ROWS: usize = 1_000;
/// … and this many bytes, so that a table of large values does not fill the memory.
const MOST_BYTES: usize = 4_000_000;

/// One row, in the order of its table's columns.
pub(super) type Cells = Vec<Cell>;

/// Gathers rows into chunks for somebody who writes them.
pub(super) struct Chunks<'a> {
    put: &'a mut dyn FnMut(&[Cells], u64) -> Result<()>,
    rows: Vec<Cells>,
    bytes: usize,
    tally: Tally,
}

impl<'a> Chunks<'a> {
    /// `put` is given each chunk, and how many rows have come with it.
    pub(super) fn new(put: &'a mut dyn FnMut(&[Cells], u64) -> Result<()>) -> Self {
        Chunks { put, rows: Vec::new(), bytes: 0, tally: Tally::default() }
    }

    pub(super) fn add(&mut self, row: Cells) -> Result<()> {
        self.bytes += self.tally.add(&row);
        self.rows.push(row);
        if self.rows.len() >= MOST_ROWS || self.bytes >= MOST_BYTES { self.flush() } else { Ok(()) }
    }

    /// The last chunk; says what there was in all.
    pub(super) fn end(mut self) -> Result<Tally> {
        if !self.rows.is_empty() {
            self.flush()?;
        }
        Ok(self.tally)
    }

    fn flush(&mut self) -> Result<()> {
        (self.put)(&self.rows, self.tally.rows)?;
        self.rows.clear();
        self.bytes = 0;
        Ok(())
    }
}

/// How many rows a table has, and a digest of them that does not depend on their order: engines keep rows in orders of
/// their own.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Tally {
    pub(super) rows: u64,
    sum: u128,
}

impl Tally {
    /// Adds a row; returns about how many bytes it takes.
    pub(super) fn add(&mut self, row: &Cells) -> usize {
        let mut hash = Sha256::new();
        let mut bytes = 0;
        for cell in row {
            // The kind and the length before each value keep ("a", "bc") and ("ab", "c") apart.
            bytes += match cell {
                Cell::Null => fed(&mut hash, 0, &[]),
                Cell::Int(n) => fed(&mut hash, 1, &n.to_be_bytes()),
                Cell::Text(text) => fed(&mut hash, 2, text.as_bytes()),
                Cell::Bytes(bytes) => fed(&mut hash, 3, bytes),
            };
        }
        let mut half = [0; 16];
        half.copy_from_slice(&hash.finalize()[..16]);
        self.sum = self.sum.wrapping_add(u128::from_be_bytes(half));
        self.rows += 1;
        bytes
    }

    /// The digest as text.
    pub(super) fn digest(&self) -> String {
        format!("{:032x}", self.sum)
    }
}

fn fed(hash: &mut Sha256, kind: u8, value: &[u8]) -> usize {
    hash.update([kind]);
    hash.update((value.len() as u64).to_be_bytes());
    hash.update(value);
    value.len() + std::mem::size_of::<Cell>()
}

/// Says what is wrong with a value at its place: another type than the column's, or a text no engine may hold.
pub(super) fn wrong(table: &Table, at: usize, cell: &Cell) -> Option<&'static str> {
    match (cell, table.columns[at].kind) {
        (Cell::Null, _) | (Cell::Int(_), Kind::Int) | (Cell::Bytes(_), Kind::Bytes) => None,
        (Cell::Text(text), Kind::Text) => {
            text.contains('\0').then_some("a text with U+0000, which PostgreSQL can't hold")
        }
        (Cell::Int(_), Kind::Text | Kind::Bytes)
        | (Cell::Text(_), Kind::Int | Kind::Bytes)
        | (Cell::Bytes(_), Kind::Int | Kind::Text) => Some("of another type than its column"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> Cell {
        Cell::Text(text.to_owned())
    }

    fn tally(rows: &[Cells]) -> Tally {
        let mut tally = Tally::default();
        for row in rows {
            tally.add(row);
        }
        tally
    }

    #[test]
    fn the_digest_knows_every_value_and_no_order() {
        let (a, b) = (vec![Cell::Int(1), text("a")], vec![Cell::Null, text("")]);
        assert_eq!(tally(&[a.clone(), b.clone()]), tally(&[b.clone(), a.clone()]));
        assert_ne!(tally(&[a.clone(), a.clone()]), tally(&[a.clone(), b.clone()]));
        for other in [
            vec![Cell::Int(2), text("a")],
            vec![Cell::Int(1), Cell::Null],
            vec![Cell::Int(1), Cell::Bytes(b"a".to_vec())],
        ] {
            assert_ne!(tally(std::slice::from_ref(&a)).digest(), tally(&[other]).digest());
        }
        assert_ne!(tally(&[vec![text("a"), text("bc")]]), tally(&[vec![text("ab"), text("c")]]));
    }

    #[test]
    fn a_chunk_has_at_most_a_thousand_rows_and_few_large_ones() {
        let mut chunks = Vec::new();
        let mut put = |rows: &[Cells], so_far: u64| {
            chunks.push((rows.len(), so_far));
            Ok(())
        };
        let mut gathering = Chunks::new(&mut put);
        for _ in 0..2_001 {
            gathering.add(vec![Cell::Int(1)]).unwrap();
        }
        for _ in 0..9 {
            gathering.add(vec![Cell::Bytes(vec![0; 1_000_000])]).unwrap();
        }
        assert_eq!(gathering.end().unwrap().rows, 2_010);
        assert_eq!(chunks[..2], [(1_000, 1_000), (1_000, 2_000)]);
        assert!(chunks[2..].iter().all(|(rows, _)| *rows <= 5), "{chunks:?}");
    }
}
