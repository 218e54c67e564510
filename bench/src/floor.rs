//! What the disk can do at most: small writes, each flushed before the next.
//!
//! A disk on a shared machine has moods. Each durable round carries this floor from before and after it, and a round
//! in which the mood changed is measured again.

use std::fs::File;
use std::io::{Seek, SeekFrom, Write};
use std::path::Path;
use std::time::Duration;

use kernel::{Error, Result};
use serde::{Deserialize, Serialize};

use crate::clock;
use crate::stats;

const BLOCK: usize = 4096;
const BLOCKS: u64 = 256;
const LONG_ENOUGH: Duration = Duration::from_millis(400);
/// A flush below this is that of a disk in a good mood, in milliseconds.
const FAST_BELOW_MS: f64 = 0.5;
/// One from here on is that of a disk that is held back.
const SLOW_FROM_MS: f64 = 1.0;

/// How the disk is disposed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Class {
    /// A flush takes less than half a millisecond.
    Fast,
    /// In between.
    Middling,
    /// A flush takes a millisecond or more.
    Slow,
    /// Before the round it was otherwise than after it.
    Changed,
}

impl Class {
    /// Of the medians of a flush before and after a round, in milliseconds.
    pub fn of(before_ms: f64, after_ms: f64) -> Class {
        let of_one = |ms: f64| match ms {
            ms if ms < FAST_BELOW_MS => Class::Fast,
            ms if ms < SLOW_FROM_MS => Class::Middling,
            _ => Class::Slow,
        };
        if of_one(before_ms) == of_one(after_ms) { of_one(before_ms) } else { Class::Changed }
    }

    /// One word.
    pub fn word(self) -> &'static str {
        match self {
            Class::Fast => "FAST",
            Class::Middling => "MIDDLING",
            Class::Slow => "SLOW",
            Class::Changed => "changed",
        }
    }
}

/// The median time of a flush in milliseconds: four-kibibyte blocks of one file in `folder`, overwritten for a while.
pub fn flush_ms(folder: &Path) -> Result<f64> {
    let path = folder.join("floor");
    measured(&path).map_err(|error| Error::internal(format!("{}: {error}", path.display())))
}

fn measured(path: &Path) -> std::io::Result<f64> {
    let mut file = File::create(path)?;
    file.write_all(&vec![0u8; BLOCK * BLOCKS as usize])?;
    file.sync_all()?;
    let block = [1u8; BLOCK];
    let (began, mut took) = (clock::now(), Vec::new());
    while began.elapsed() < LONG_ENOUGH {
        let one = clock::now();
        file.seek(SeekFrom::Start((took.len() as u64 % BLOCKS) * BLOCK as u64))?;
        file.write_all(&block)?;
        file.sync_data()?;
        took.push(one.elapsed().as_secs_f64() * 1_000.0);
    }
    Ok(stats::percentile(took, 50.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_disk_that_changes_its_mood_is_noticed() {
        assert_eq!(Class::of(0.11, 0.14), Class::Fast);
        assert_eq!(Class::of(3.9, 4.1), Class::Slow);
        assert_eq!(Class::of(0.11, 4.0), Class::Changed);
        assert_eq!(Class::of(0.6, 0.7), Class::Middling);
    }
}
