//! `pgbench`: one row a transaction, over sixteen connections.

use std::fs;
use std::path::Path;
use std::process::Command;

use kernel::{Error, Result};

use super::{io_failed, output_of};

/// A table like ours in size: a key, a unique text, a body of about 600 bytes, a second index.
const TABLE: &str = "CREATE TABLE IF NOT EXISTS single (
  id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name TEXT NOT NULL UNIQUE, customer BIGINT NOT NULL,
  at BIGINT NOT NULL, body TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS single_customer ON single (customer, at);";
const INSERT: &str = "\\set customer random(1, 100000)
INSERT INTO single (name, customer, at, body)
VALUES (gen_random_uuid()::text, :customer, 1, repeat('x', 578));
";

/// Single-row inserts a second at the server on this port, durable as the server is.
pub fn per_second(folder: &Path, port: u16, seconds: u32) -> Result<f64> {
    let script = folder.join("insert.sql");
    fs::write(&script, INSERT).map_err(io_failed("insert.sql"))?;
    let at = ["-h", "127.0.0.1", "-U", "postgres", "-p", &port.to_string()];
    output_of(Command::new("psql").args(at).args(["-q", "-c", TABLE, "postgres"]))?;
    let mut pgbench = Command::new("pgbench");
    pgbench.args(at).args(["-n", "-M", "prepared", "-c", "16", "-j", "2", "-T", &seconds.to_string()]);
    let said = output_of(pgbench.arg("-f").arg(&script).arg("postgres"))?;
    let tps = said.lines().find_map(|line| line.strip_prefix("tps = ")?.split(' ').next()?.parse().ok());
    tps.ok_or_else(|| Error::internal(format!("pgbench said something else:\n{said}")))
}
