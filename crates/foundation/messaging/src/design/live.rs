//! The designs that messages are written in from now on, compiled once and held in the wiring; and older ones when a
//! message of theirs is tried again or looked at.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use db::Read;
use kernel::Result;

use super::compile::Compiled;
use super::source::Design;
use super::store;
use crate::template::{Template, Templates};

/// Rung when a version was saved: every node reads anew what is live.
pub const CHANGED: &str = "settings";

/// Older versions that are kept compiled. Few are asked for: those of messages that wait.
const OLDER: usize = 64;

/// The live designs by template, wired in for everyone. A template without one is as it came.
#[derive(Debug, Default)]
pub struct Designs {
    live: RwLock<BTreeMap<String, Live>>,
    older: Mutex<BTreeMap<(String, u32), Written>>,
}

/// What a version writes with; none where this release of the program can't read it.
type Written = Option<Arc<Compiled>>;

#[derive(Clone, Debug)]
struct Live {
    version: u32,
    written: Written,
}

impl Designs {
    /// Reads what is live. One that can't be used any more, after an upgrade say, is logged and gives way to the letter
    /// as it came.
    pub fn load(r: &mut Read<'_>) -> Result<Designs> {
        let templates: Vec<Template> = r.wired::<Templates>()?.all().to_vec();
        let mut live = BTreeMap::new();
        for template in templates.iter().filter(|template| template.offer.is_some()) {
            if let Some(version) = store::latest(r, template.id)? {
                let written = compiled(template, version.version, &version.source);
                live.insert(template.id.to_owned(), Live { version: version.version, written });
            }
        }
        Ok(Designs { live: RwLock::new(live), older: Mutex::default() })
    }

    /// Puts what was read in the place of what was live.
    pub fn adopt(&self, read: Designs) {
        let read = read.live.into_inner().unwrap_or_else(PoisonError::into_inner);
        *self.live.write().unwrap_or_else(PoisonError::into_inner) = read;
    }

    /// Puts one version, just saved, in the place of the one that was live.
    pub(super) fn adopt_one(&self, template: &str, version: u32, written: Arc<Compiled>) {
        let mut live = self.live.write().unwrap_or_else(PoisonError::into_inner);
        let is_newer = live.get(template).is_none_or(|known| known.version < version);
        if is_newer {
            live.insert(template.to_owned(), Live { version, written: Some(written) });
        }
    }

    /// The version that a message of this template is written in from now on; 0 is the letter as it came.
    pub fn live_version(&self, template: &str) -> u32 {
        let live = self.live.read().unwrap_or_else(PoisonError::into_inner);
        live.get(template).map_or(0, |live| live.version)
    }

    /// The version, when it is at hand.
    fn known(&self, template: &str, version: u32) -> Option<Written> {
        let live = self.live.read().unwrap_or_else(PoisonError::into_inner);
        match live.get(template) {
            Some(live) if live.version == version => Some(live.written.clone()),
            Some(_) | None => self.older().get(&(template.to_owned(), version)).cloned(),
        }
    }

    fn remember(&self, template: &str, version: u32, written: &Written) {
        let mut older = self.older();
        if older.len() >= OLDER {
            older.clear();
        }
        older.insert((template.to_owned(), version), written.clone());
    }

    fn older(&self) -> MutexGuard<'_, BTreeMap<(String, u32), Written>> {
        self.older.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The design in which a message of this version is written; none is the letter as it came. What is live is at hand, and
/// an older one is read once.
pub(crate) fn of(r: &mut Read<'_>, template: &str, version: u32) -> Result<Written> {
    if version == 0 {
        return Ok(None);
    }
    if let Some(known) = r.wired::<Designs>()?.known(template, version) {
        return Ok(known);
    }
    let template = r.wired::<Templates>()?.named(template)?;
    let Some(stored) = store::version(r, template.id, version)? else { return Ok(None) };
    let written = compiled(&template, version, &stored.source);
    r.wired::<Designs>()?.remember(template.id, version, &written);
    Ok(written)
}

/// A version of a template, ready to write. It was tried when it was saved; what can't be used of it now is left out only
/// as a whole, because half a design is nobody's.
fn compiled(template: &Template, version: u32, source: &str) -> Written {
    let offer = template.offer?;
    let (written, faults) = match Design::parse(source) {
        Ok(design) => Compiled::of(design, offer, &[]),
        Err(error) => {
            tracing::warn!(template = template.id, version, ?error, "this design can't be read");
            return None;
        }
    };
    if let Some(fault) = faults.first() {
        let (field, why) = (&fault.field, fault.code);
        tracing::warn!(template = template.id, version, field, why, "this design can't be used any more");
        return None;
    }
    Some(Arc::new(written))
}
