//! What a sink was given, one line a message, written before the answer.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use super::Message;
use super::mix::Answer;

/// One message that came to its final dot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// When, in microseconds since 1970.
    pub at_us: u64,
    /// What became of it.
    pub answer: Answer,
    /// Its `Message-ID`, with the angle brackets; empty when it has none.
    pub message_id: String,
    /// The recipient in the envelope.
    pub to: String,
}

/// The log: a file for whoever comes later, and the same in memory for whoever asks now.
pub(super) struct Log {
    kept: Mutex<(File, Vec<Entry>)>,
}

impl Log {
    /// Goes on with the file at `path`, or begins it.
    pub(super) fn open(path: &Path) -> io::Result<Log> {
        let entries = if path.exists() { read_log(path)? } else { Vec::new() };
        let file = OpenOptions::new().create(true).append(true).open(path)?;
        Ok(Log { kept: Mutex::new((file, entries)) })
    }

    /// Writes down a message. The file belongs to the kernel when this returns: it outlives this process, which is
    /// what the experiments kill at most.
    pub(super) fn note(&self, message: &Message<'_>, id: &[u8], answer: Answer) -> io::Result<()> {
        let entry = Entry {
            at_us: message.at_us,
            answer,
            message_id: String::from_utf8_lossy(id).into_owned(),
            to: String::from_utf8_lossy(message.to).into_owned(),
        };
        let line = format!("{} {} {} {}\n", entry.at_us, entry.answer.name(), entry.message_id, entry.to);
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.0.write_all(line.as_bytes())?;
        kept.1.push(entry);
        Ok(())
    }

    pub(super) fn entries(&self) -> Vec<Entry> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).1.clone()
    }
}

/// Reads a log that a sink has written.
pub fn read_log(path: &Path) -> io::Result<Vec<Entry>> {
    let text = fs::read_to_string(path)?;
    let read = |line: &str| {
        let mut words = line.split(' ');
        let at_us = words.next()?.parse().ok()?;
        let answer = Answer::named(words.next()?)?;
        let (message_id, to) = (words.next()?.to_owned(), words.next()?.to_owned());
        Some(Entry { at_us, answer, message_id, to })
    };
    let broken = |line: &str| io::Error::other(format!("no line of a sink's log: {line}"));
    text.lines().map(|line| read(line).ok_or_else(|| broken(line))).collect()
}
