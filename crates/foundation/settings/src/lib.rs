//! What the staff has set on its pages, over what `aftercare.toml` says.
//!
//! A section is set as a whole: once somebody has saved the brand on its page, the file's `[brand]` is no longer read,
//! until they go back to it. A write wakes [`CHANGED`]; whoever holds something made of settings makes it anew then.

mod section;
mod steps;
mod store;

use std::collections::BTreeMap;

use db::{Read, Write, params};
use kernel::{Brand, Error, Kind, Policy, Result, Timestamp};
use serde::Serialize;
use serde::de::DeserializeOwned;
use staff::StaffId;

pub use section::Section;
pub use steps::{Step, reach, reached};
pub use store::SQL;
use store::{FIND_SETTING, INSERT_SETTING, LIST_SETTINGS, UPDATE_SETTING};

/// The topic that every change wakes, in this process and on every node.
pub const CHANGED: &str = "settings";

/// Everything that was set; what was not comes from the file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Settings {
    /// The brand kit.
    pub brand: Option<Brand>,
    /// What the shop has decided about messages.
    pub policy: Option<Policy>,
    /// The merchant's own sentences, by key, or `key@de` for one language.
    pub wording: Option<BTreeMap<String, String>>,
}

/// How a section stands, for the page that changes it.
#[derive(Clone, Debug, PartialEq)]
pub struct Stored<T> {
    /// What is set; none where the file counts.
    pub value: Option<T>,
    /// Counts the changes; 0 where nothing was ever set. A change names the version it was made from.
    pub version: i64,
    /// When it was changed last.
    pub changed_at: Option<Timestamp>,
}

/// All of them.
pub fn read(r: &mut Read<'_>) -> Result<Settings> {
    let mut settings = Settings::default();
    for row in r.rows(&LIST_SETTINGS, params![])? {
        let (section, value): (String, Option<String>) = (row.get("section")?, row.get("value")?);
        let Some(value) = value else { continue };
        // A section of a later version of the program is not ours to read.
        match Section::parse(&section) {
            Some(Section::Brand) => settings.brand = readable(&section, &value),
            Some(Section::Policy) => settings.policy = readable(&section, &value),
            Some(Section::Wording) => settings.wording = readable(&section, &value),
            None => {}
        }
    }
    Ok(settings)
}

/// One of them, with the version a change has to name.
pub fn find<T: DeserializeOwned>(r: &mut Read<'_>, section: Section) -> Result<Stored<T>> {
    let Some(row) = r.row(&FIND_SETTING, params![section.name()])? else {
        return Ok(Stored { value: None, version: 0, changed_at: None });
    };
    let value: Option<String> = row.get("value")?;
    Ok(Stored {
        value: value.as_deref().and_then(|value| readable(section.name(), value)),
        version: row.get("version")?,
        changed_at: Some(row.get("changed_at")?),
    })
}

/// What a section says. One that a later version of the program wrote, and this one can't read, gives way to the file: a shop
/// that goes back a version is still a shop.
fn readable<T: DeserializeOwned>(section: &str, value: &str) -> Option<T> {
    let read = serde_json::from_str(value);
    read.inspect_err(|error| tracing::error!(section, %error, "settings.unreadable")).ok()
}

/// Sets a section. Somebody who made their change from an older `version` is told, and nothing is overwritten.
pub fn save<T: Serialize>(
    w: &mut Write<'_>,
    section: Section,
    value: &T,
    version: i64,
    by: &StaffId,
) -> Result<()> {
    let value = serde_json::to_string(value)?;
    put(w, section, Some(&value), version)?;
    note(w, section, "settings.changed", by)
}

/// Goes back to what the file says.
pub fn clear(w: &mut Write<'_>, section: Section, version: i64, by: &StaffId) -> Result<()> {
    if version == 0 {
        return Ok(());
    }
    put(w, section, None, version)?;
    note(w, section, "settings.cleared", by)
}

fn put(w: &mut Write<'_>, section: Section, value: Option<&str>, version: i64) -> Result<()> {
    let now = w.now;
    let changed = match version {
        0 => w.execute(&INSERT_SETTING, params![section.name(), value, now])?,
        _ => w.execute(&UPDATE_SETTING, params![section.name(), value, now, version])?,
    };
    if changed == 0 {
        return Err(changed_meanwhile());
    }
    w.wake(CHANGED);
    Ok(())
}

fn note(w: &mut Write<'_>, section: Section, action: &str, by: &StaffId) -> Result<()> {
    staff::note(w, Some(by), action, ("settings", section.name()), None, None)
}

#[track_caller]
fn changed_meanwhile() -> Error {
    let words = "Somebody else saved this meanwhile. What you typed is still here; look at what they changed, then save again.";
    Error::new(Kind::Conflict, "changed_meanwhile", words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_later_version_wrote_gives_way_to_the_file() {
        let brand = serde_json::to_string(&Brand::default()).unwrap();
        assert_eq!(readable::<Brand>("brand", &brand), Some(Brand::default()));
        assert_eq!(readable::<Brand>("brand", &brand.replace("\"name\"", "\"new_name\"")), None);
        assert_eq!(readable::<Policy>("policy", "not JSON"), None);
    }
}
