//! Saving a design: checked, numbered, written down with who did it, and live from then on.

use std::sync::Arc;

use db::Write;
use kernel::{Error, FieldError, Kind, Result};
use staff::StaffId;

use super::checks::Check;
use super::live::{CHANGED, Designs};
use super::source::Design;
use super::{store, trial};
use crate::template::{Template, Templates};

/// The longest note of a version.
pub(super) const NOTE_CHARS: usize = 200;

/// What became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Saved {
    /// It is live under this number.
    As(u32),
    /// Somebody else saved this version meanwhile: nothing was changed.
    Meanwhile(u32),
}

/// Saves the version after `base`. What a customer must not see is refused with everything that is wrong with it.
pub fn save(
    w: &mut Write<'_>,
    template: &str,
    base: u32,
    design: &Design,
    note: &str,
    by: &StaffId,
) -> Result<Saved> {
    let template = w.wired::<Templates>()?.named(template)?;
    let offer = template.offer.ok_or_else(|| Error::not_found("This message stays as it is."))?;
    let trial = trial::whole(w, &template, offer, design.clone())?;
    let bad: Vec<&Check> = trial.checks.iter().filter(|check| check.is_bad()).collect();
    if !bad.is_empty() {
        return Err(unusable(&bad));
    }
    let source = design.clone().over(offer).source()?;
    let note = kernel::text::shortened(&kernel::text::unfolded(note.trim()), NOTE_CHARS);
    if !store::insert(w, template.id, base, &source, &note, by)? {
        let latest = store::latest(w, template.id)?.map_or(0, |latest| latest.version);
        return Ok(Saved::Meanwhile(latest));
    }
    store::drop_draft(w, by, template.id)?;
    written_down(w, &template, base, by)?;
    goes_live(w, &template, base + 1, trial.compiled)?;
    Ok(Saved::As(base + 1))
}

fn written_down(w: &mut Write<'_>, template: &Template, base: u32, by: &StaffId) -> Result<()> {
    let before = if base == 0 { "as it came".to_owned() } else { format!("version {base}") };
    let after = format!("version {}", base + 1);
    staff::note(w, Some(by), "template.saved", ("template", template.id), Some(&before), Some(&after))
}

/// Live in this process when the write is durable, and on every node that hears of it.
fn goes_live(w: &mut Write<'_>, template: &Template, version: u32, compiled: super::Compiled) -> Result<()> {
    let (designs, id) = (w.wired_arc::<Designs>()?, template.id);
    let compiled = Arc::new(compiled);
    w.after_commit(move || designs.adopt_one(id, version, compiled));
    w.wake(CHANGED);
    Ok(())
}

#[track_caller]
fn unusable(bad: &[&Check]) -> Error {
    let field = |check: &&Check| FieldError {
        pointer: format!("/{}", check.field.as_deref().unwrap_or("design")),
        code: "unusable",
        detail: check.words.clone(),
    };
    Error::new(Kind::Invalid, "unusable_design", "This can’t be used yet.")
        .with_fields(bad.iter().map(field).collect())
}
