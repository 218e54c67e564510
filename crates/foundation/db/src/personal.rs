//! Which tables hold personal data. Each room lists its own; the binary joins the lists.

/// A table marked personal: the only kind that may hold names, addresses, contact points, free text or message contexts.
#[derive(Clone, Copy, Debug)]
pub struct PersonalTable {
    /// The table's name.
    pub table: &'static str,
    /// What it holds, for export and for the operator.
    pub holds: &'static str,
}
