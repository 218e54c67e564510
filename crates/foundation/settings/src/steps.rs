//! What of setting up was done, where nothing else tells.

use std::collections::BTreeSet;

use db::{Read, Write, params};
use kernel::Result;

use crate::store::{LIST_STEPS, REACH_STEP};

/// A step of the guide that leaves no other trace.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// A provider has taken a test mail.
    TestMail,
    /// The guide was put away.
    PutAway,
}

impl Step {
    const ALL: [Step; 2] = [Step::TestMail, Step::PutAway];

    fn name(self) -> &'static str {
        match self {
            Step::TestMail => "test_mail",
            Step::PutAway => "put_away",
        }
    }
}

/// Writes down that a step is done; the first time counts.
pub fn reach(w: &mut Write<'_>, step: Step) -> Result<()> {
    let now = w.now;
    w.send(&REACH_STEP, params![step.name(), now])?;
    Ok(())
}

/// What is done.
pub fn reached(r: &mut Read<'_>) -> Result<BTreeSet<Step>> {
    let rows = r.rows(&LIST_STEPS, params![])?;
    let names: Vec<String> = rows.iter().map(|row| row.get("step")).collect::<Result<_>>()?;
    Ok(Step::ALL.into_iter().filter(|step| names.iter().any(|name| name == step.name())).collect())
}
