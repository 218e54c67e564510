//! Which bytes a file is made of: UTF-8, or a sentence that says where it is not and how to save it.

use std::io::Read;
use std::path::Path;

use kernel::{Error, Result};

use super::open;
use crate::words;

/// Looks through the whole file before anything of it is taken: a file in another encoding is refused as a whole,
/// with the place, and nothing half-done.
pub fn check_encoding(path: &Path) -> Result<()> {
    let mut file = open(path)?;
    let mut scan = Scan::default();
    let mut chunk = vec![0; 64 * 1_024];
    loop {
        let n = file.read(&mut chunk).map_err(|error| words::unreadable(path, &error))?;
        if n == 0 {
            return scan.finish();
        }
        scan.feed(&chunk[..n])?;
    }
}

#[derive(Debug, Default)]
struct Scan {
    bytes: u64,
    lines: u64,
    /// A character that a chunk cut in two: at most three bytes.
    cut: Vec<u8>,
}

impl Scan {
    fn feed(&mut self, chunk: &[u8]) -> Result<()> {
        if self.bytes == 0 && self.cut.is_empty() && is_utf16(chunk) {
            return Err(utf16());
        }
        let mut all = std::mem::take(&mut self.cut);
        all.extend_from_slice(chunk);
        match std::str::from_utf8(&all) {
            Ok(_) => self.passed(&all),
            Err(error) if error.error_len().is_none() => {
                self.passed(&all[..error.valid_up_to()]);
                self.cut = all[error.valid_up_to()..].to_vec();
            }
            Err(error) => {
                self.passed(&all[..error.valid_up_to()]);
                return Err(self.misencoded(all[error.valid_up_to()]));
            }
        }
        Ok(())
    }

    fn finish(self) -> Result<()> {
        match self.cut.first() {
            Some(byte) => Err(self.misencoded(*byte)),
            None => Ok(()),
        }
    }

    fn passed(&mut self, good: &[u8]) {
        self.bytes += good.len() as u64;
        self.lines += good.iter().filter(|byte| **byte == b'\n').count() as u64;
    }

    #[track_caller]
    fn misencoded(&self, byte: u8) -> Error {
        let (at, line) = (self.bytes, self.lines + 1);
        Error::invalid(
            "wrong_encoding",
            format!(
                "Byte {at} (0x{byte:02X}, on line {line}) is not UTF-8; the file is probably Windows-1252. \
                 Save it as UTF-8 (Excel: \"CSV UTF-8\"; LibreOffice: character set \"Unicode (UTF-8)\") and import \
                 that. Nothing was taken in."
            ),
        )
    }
}

/// By its mark, or by every other byte of the beginning being zero.
fn is_utf16(beginning: &[u8]) -> bool {
    let marked = beginning.starts_with(&[0xFF, 0xFE]) || beginning.starts_with(&[0xFE, 0xFF]);
    let sample = &beginning[..beginning.len().min(64)];
    let zeros = |from: usize| sample.iter().skip(from).step_by(2).all(|byte| *byte == 0);
    marked || (sample.len() >= 8 && (zeros(0) || zeros(1)))
}

#[track_caller]
fn utf16() -> Error {
    Error::invalid(
        "wrong_encoding",
        "The file is UTF-16, from its first byte on. Save it as UTF-8 (Excel: \"CSV UTF-8\" instead of \"Unicode \
         Text\"; LibreOffice: character set \"Unicode (UTF-8)\") and import that. Nothing was taken in.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scanned(bytes: &[u8], chunk: usize) -> Result<()> {
        let mut scan = Scan::default();
        for part in bytes.chunks(chunk) {
            scan.feed(part)?;
        }
        scan.finish()
    }

    #[test]
    fn utf_8_in_any_chunks_is_right_and_windows_1252_is_named_with_its_place() {
        let good = "\u{feff}name\nZoë 👩‍🚀\n".as_bytes();
        for chunk in 1..good.len() {
            assert!(scanned(good, chunk).is_ok(), "{chunk}");
        }
        let bad = b"name\nan\xefs\n";
        for chunk in [1, 3, 100] {
            let said = scanned(bad, chunk).unwrap_err().to_string();
            assert!(said.contains("Byte 7 (0xEF, on line 2)") && said.contains("UTF-8"), "{said}");
        }
        assert!(scanned(b"cut \xC3", 100).is_err(), "the end of the file cuts a character");
    }

    #[test]
    fn utf_16_is_known_with_and_without_its_mark() {
        let utf16: Vec<u8> = "email,channel\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let marked = [&[0xFF, 0xFE][..], &utf16].concat();
        for bytes in [&utf16, &marked] {
            assert!(scanned(bytes, 1_000).unwrap_err().words().contains("UTF-16"));
        }
        assert!(scanned(b"a\0b", 1_000).is_ok(), "one NUL byte is a fault of its row");
    }
}
