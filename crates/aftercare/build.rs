//! How the program is put together, beyond what Cargo's profiles can say.

use std::env;

/// Whether the program is for a Linux whose loader understands packed relocations: glibc does from 2.36 on.
fn is_for_glibc() -> bool {
    let target = |name: &str| env::var(format!("CARGO_CFG_TARGET_{name}")).unwrap_or_default();
    target("OS") == "linux" && target("ENV") == "gnu"
}

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    if is_for_glibc() {
        // The loader corrects some forty thousand addresses at each start. A bitmap of them is a megabyte smaller than a list.
        println!("cargo::rustc-link-arg-bins=-Wl,-z,pack-relative-relocs");
    }
}
