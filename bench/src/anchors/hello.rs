//! The least that a server like ours can be: one word over the same HTTP library (`bench/src/bin/hello.rs`).

use std::path::PathBuf;
use std::process::Stdio;

use kernel::{Error, Result};
use rig::process;

use super::{Server, io_failed};

/// The program, built beside this one.
pub fn binary() -> Result<PathBuf> {
    let ours = std::env::current_exe().map_err(io_failed("our own program"))?;
    let hello = ours.with_file_name("hello");
    if hello.exists() { Ok(hello) } else { Err(Error::internal("hello is missing: run ./x bench")) }
}

/// Starts it on `port`; nobody has waited for it yet.
pub fn start(port: u16) -> Result<Server> {
    let mut hello = process::mortal(binary()?);
    hello.arg(port.to_string()).stdout(Stdio::null()).stderr(Stdio::null());
    process::spawn(hello).map(Server).map_err(io_failed("hello"))
}
