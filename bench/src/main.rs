//! How fast the hot paths are, each beside a limit of the same machine in the same run: `./x bench`.
//!
//! Figures of a shared machine wander, so nothing here fails: read the ratios. The limit of a durable write is what
//! the disk does with a small write and a flush; the limit of rendering is the processor.

mod copies;
mod floor;
mod orders_in;
mod rendering;

use std::path::Path;
use std::time::{Duration, Instant};

use kernel::Result;

fn main() -> Result<()> {
    let folder = std::env::temp_dir().join(format!("aftercare-bench-{}", std::process::id()));
    let made = std::fs::create_dir_all(&folder);
    made.map_err(|error| kernel::Error::invalid("bench", format!("{}: {error}", folder.display())))?;
    let measured = run(&folder);
    // What can't be removed is in the temporary folder, where the machine removes it.
    let _ = std::fs::remove_dir_all(&folder);
    measured
}

fn run(folder: &Path) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let runtime = runtime.map_err(|error| kernel::Error::internal(error.to_string()))?;
    println!("{:<44} {:>12} {:>22}", "what", "per second", "beside the limit");
    for callers in [1, 8, 64] {
        let before = floor::flushes_per_second(folder)?;
        let orders = runtime.block_on(orders_in::per_second(folder, callers))?;
        let after = floor::flushes_per_second(folder)?;
        let floor = before.min(after);
        let ratio = orders / floor;
        println!(
            "{:<44} {orders:>12.0} {ratio:>12.2} × flush/s",
            format!("durable orders, {callers} callers")
        );
        println!("{:<44} {floor:>12.0}", "  4 KiB written and flushed, one at a time");
    }
    let copies = copies::measure(folder, &folder.join("orders-64.db"))?;
    let plain = copies.per_second(copies.plain);
    for (what, took) in [("rows backed up", copies.backup), ("rows checked and restored", copies.restore)] {
        let rows = copies.per_second(took);
        println!("{what:<44} {rows:>12.0} {:>12.2} × plain copy", rows / plain);
    }
    println!("{:<44} {plain:>12.0}", "  the same file copied and flushed");
    let rendered = rendering::per_second()?;
    println!("{:<44} {:>12.0}", "confirmations rendered and composed, one core", rendered.per_second);
    println!("{:<44} {:>12} bytes", "  one confirmation: HTML", rendered.html_bytes);
    println!("{:<44} {:>12} bytes", "  one confirmation: as it leaves", rendered.mail_bytes);
    Ok(())
}

/// Runs `work` and says how long it took.
fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let began = now();
    let result = work();
    (result, began.elapsed())
}

#[expect(clippy::disallowed_methods, reason = "a benchmark measures the machine's own time")]
fn now() -> Instant {
    Instant::now()
}
