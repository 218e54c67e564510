//! Filling a sentence in, with a bound on what comes out.

use std::io;

use handlebars::Handlebars;
use serde_json::{Map, Value};

/// The longest text one sentence may become.
pub(crate) const OUTPUT_BYTES: usize = 16 * 1024;

/// The sentence with `data` put in; `None` when a value is missing or it grows beyond the budget.
pub(crate) fn render(engine: &Handlebars<'_>, name: &str, data: Map<String, Value>) -> Option<String> {
    let mut out = Bounded { bytes: Vec::new() };
    engine.render_to_write(name, &data, &mut out).ok()?;
    String::from_utf8(out.bytes).ok()
}

/// Refuses to grow beyond the budget while it is written, so that a loop stops at the bound and not after it.
struct Bounded {
    bytes: Vec<u8>,
}

impl io::Write for Bounded {
    fn write(&mut self, chunk: &[u8]) -> io::Result<usize> {
        if self.bytes.len() + chunk.len() > OUTPUT_BYTES {
            return Err(io::Error::other("the text is longer than its budget"));
        }
        self.bytes.extend_from_slice(chunk);
        Ok(chunk.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
