//! What the disk can do at most: small writes, each flushed before the next.

use std::fs::File;
use std::io::{Seek, SeekFrom, Write};
use std::path::Path;
use std::time::Duration;

use kernel::{Error, Result};

const BLOCK: usize = 4096;
const BLOCKS: u64 = 256;
const LONG_ENOUGH: Duration = Duration::from_millis(400);

/// Overwrites four-kibibyte blocks of one file in `folder`, flushing each, for a while.
pub fn flushes_per_second(folder: &Path) -> Result<f64> {
    let path = folder.join("floor");
    measured(&path).map_err(|error| Error::internal(format!("{}: {error}", path.display())))
}

fn measured(path: &Path) -> std::io::Result<f64> {
    let mut file = File::create(path)?;
    file.write_all(&vec![0u8; BLOCK * BLOCKS as usize])?;
    file.sync_all()?;
    let block = [1u8; BLOCK];
    let began = crate::now();
    let mut flushes = 0u64;
    while began.elapsed() < LONG_ENOUGH {
        file.seek(SeekFrom::Start((flushes % BLOCKS) * BLOCK as u64))?;
        file.write_all(&block)?;
        file.sync_data()?;
        flushes += 1;
    }
    Ok(flushes as f64 / began.elapsed().as_secs_f64())
}
