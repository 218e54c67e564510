//! The two sides of a commit, for experiments that let a process die or a disk fail exactly there.
//!
//! Only a handle in [`Mode::Inline`](crate::Mode::Inline) asks: there every commit is that of one closure, whose name
//! is the name of the edge. A server has no edges and pays nothing for them.

/// Which side of a commit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edge {
    /// The closure has run; nothing of it is durable.
    Before,
    /// It is durable; nobody has been told.
    After,
}

/// What happens there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The process dies: nobody who waits for an answer from it ever gets one.
    Crash,
    /// Before: the commit is refused and nothing is written. After: it is written, and its answer is lost
    /// (`OutcomeUnknown`).
    Error,
}

/// Decides what happens at the edges.
pub trait Edges: Send + Sync {
    /// What happens at this edge of the write called `name`; `None` for nothing.
    fn at(&self, name: &'static str, edge: Edge) -> Option<Fault>;
}
