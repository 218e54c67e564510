//! The kinds of tasks there are. The binary joins the lists of whoever brings some.

use db::{Read, Write};
use kernel::{Error, Result};
use serde_json::Value;

/// One chunk of a task, done.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Chunk {
    /// Behind what the next chunk goes on.
    pub cursor: String,
    /// How much of the total it went through.
    pub done: u32,
    /// What came of it: lines of the file, or messages that were written.
    pub written: u32,
    /// What is added to the file.
    pub content: String,
    /// What it could not do.
    pub faults: Vec<Fault>,
    /// Whether it was the last.
    pub is_last: bool,
}

/// Something that a task could not do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// An identifier.
    pub subject: String,
    /// Why, in a sentence without anything personal.
    pub detail: String,
}

/// Counts how much a task has to go through.
pub type Count = fn(&mut Read<'_>, &Value) -> Result<i64>;

/// How a chunk is done.
#[derive(Clone, Copy)]
pub enum Work {
    /// By reading alone: the writer is asked only to keep what was read.
    Reads(fn(&mut Read<'_>, &Value, Option<&str>) -> Result<Chunk>),
    /// By changing something, in the write that moves the cursor.
    Writes(fn(&mut Write<'_>, &Value, Option<&str>) -> Result<Chunk>),
}

/// A file that a task makes.
#[derive(Clone, Copy)]
pub struct FileKind {
    /// What it is called: `orders.csv`.
    pub name: &'static str,
    /// How it begins.
    pub header: fn() -> String,
}

/// A kind of task.
#[derive(Clone, Copy)]
pub struct TaskKind {
    /// The word in rows: `orders.export`.
    pub name: &'static str,
    /// What it is, for its page: `Orders as a file`.
    pub title: &'static str,
    /// What is counted, in the plural: `orders`.
    pub things: &'static str,
    /// The file it makes; none when it makes none.
    pub file: Option<FileKind>,
    /// How much there is to do.
    pub count: Count,
    /// Does a chunk: the spec, and the cursor it goes on behind.
    pub work: Work,
}

/// Every kind there is.
#[derive(Clone)]
pub struct Tasks(Vec<TaskKind>);

impl Tasks {
    /// Joins lists.
    pub fn new(lists: &[&[TaskKind]]) -> Self {
        Tasks(lists.concat())
    }

    /// The kind of this name.
    pub fn named(&self, name: &str) -> Result<TaskKind> {
        let found = self.0.iter().copied().find(|kind| kind.name == name);
        found.ok_or_else(|| Error::internal(format!("no kind of task is named {name}")))
    }
}
