//! What stories need from npm: installed once per lock file, outside the checkout, without running anybody's scripts.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use kernel::keys::{hex, sha256};

/// Where the shop of the stories is described.
pub fn shop_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("shop")
}

/// The `node_modules` that the lock file of the shop describes.
pub fn node_modules() -> &'static Path {
    static INSTALLED: OnceLock<PathBuf> = OnceLock::new();
    INSTALLED.get_or_init(install)
}

fn install() -> PathBuf {
    let lock = fs::read(shop_folder().join("package-lock.json")).expect("the shop has a lock file");
    let folder = cache().join(format!("shop-{}", &hex(&sha256(&lock))[..16]));
    let modules = folder.join("node_modules");
    if modules.exists() {
        return modules;
    }
    fs::create_dir_all(cache()).expect("the cache can be written");
    let work = cache().join(format!("shop-unfinished-{}", std::process::id()));
    // Left behind by an earlier process of the same number.
    let _ = fs::remove_dir_all(&work);
    fs::create_dir(&work).expect("the cache can be written");
    for file in ["package.json", "package-lock.json"] {
        fs::copy(shop_folder().join(file), work.join(file)).expect("the cache can be written");
    }
    let arguments = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
    run(Command::new("npm").args(arguments).current_dir(&work));
    // Another process may have been faster; then its folder is as good as ours.
    if fs::rename(&work, &folder).is_err() {
        let _ = fs::remove_dir_all(&work);
    }
    assert!(modules.exists(), "{} is missing after `npm ci`", modules.display());
    modules
}

/// Runs a command that must succeed.
pub fn run(command: &mut Command) {
    let done = command.output().unwrap_or_else(|error| panic!("{command:?} cannot be run: {error}"));
    let said = String::from_utf8_lossy(&done.stderr);
    assert!(done.status.success(), "{command:?} failed:\n{said}");
}

fn cache() -> PathBuf {
    let home = || std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".cache"));
    let base = std::env::var_os("XDG_CACHE_HOME").map(PathBuf::from).or_else(home);
    base.unwrap_or_else(std::env::temp_dir).join("aftercare")
}
