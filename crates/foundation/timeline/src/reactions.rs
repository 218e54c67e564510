//! What follows from an event.

use db::{Read, Write};
use jobs::{Lane, NewJob, Next};
use kernel::{Error, EventId, Result};
use serde_json::{Value, json};

use crate::event::Event;
use crate::store;

/// The kind of job that runs one `after` reaction to one event.
pub const REACT: &str = "timeline.react";

/// When a reaction runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// In the write that records the event; its failure refuses the write. Money, incidents and holds only.
    With,
    /// In a write of its own, by a job written with the event; retried, then parked where people see it.
    After,
}

/// One line of the list of reactions.
#[derive(Clone, Copy, Debug)]
pub struct Reaction {
    /// Its name, unique and stable: it is part of a job's key.
    pub name: &'static str,
    /// The kinds of event it hears.
    pub on: &'static [&'static str],
    /// When it runs.
    pub when: When,
    /// Asked in the write that records the event, whether it is worth a job at all: for `After` reactions that mostly
    /// have nothing to do. `None` always is.
    pub heeds: Option<fn(&mut Read<'_>, &Event) -> Result<bool>>,
    /// Why it exists, and for `With` why it may refuse the write.
    pub why: &'static str,
    /// What it does. Re-runnable, and the same event twice has the effect of once.
    pub run: fn(&mut Write<'_>, &Event) -> Result<()>,
}

/// The list of all reactions. The binary wires one in.
#[derive(Clone, Debug, Default)]
pub struct Reactions(Vec<Reaction>);

impl Reactions {
    /// Makes the list; two reactions of one name are a mistake.
    pub fn new(list: Vec<Reaction>) -> Result<Self> {
        let mut names: Vec<_> = list.iter().map(|reaction| reaction.name).collect();
        names.sort_unstable();
        if names.windows(2).any(|pair| pair[0] == pair[1]) {
            return Err(Error::internal("two reactions share a name"));
        }
        Ok(Reactions(list))
    }

    /// Every reaction, in the order of the list.
    pub fn all(&self) -> &[Reaction] {
        &self.0
    }

    fn named(&self, name: &str) -> Result<Reaction> {
        let found = self.0.iter().copied().find(|reaction| reaction.name == name);
        found.ok_or_else(|| Error::internal(format!("no reaction named {name}")))
    }

    pub(crate) fn to(&self, kind: &str) -> Vec<Reaction> {
        self.0.iter().copied().filter(|reaction| reaction.on.contains(&kind)).collect()
    }
}

/// Runs the `with` reactions to `event` and queues the `after` ones.
pub(crate) fn set_off(w: &mut Write<'_>, event: &Event) -> Result<()> {
    for reaction in w.wired::<Reactions>()?.to(&event.kind) {
        match reaction.when {
            When::With => (reaction.run)(w, event)?,
            When::After => {
                if reaction.heeds.map_or(Ok(true), |heeds| heeds(w, event))? {
                    queue(w, event, &reaction)?;
                }
            }
        }
    }
    Ok(())
}

fn queue(w: &mut Write<'_>, event: &Event, reaction: &Reaction) -> Result<()> {
    let key = format!("{}:{}", event.id, reaction.name);
    let payload = json!({ "event": event.id, "reaction": reaction.name });
    let due_at = w.now;
    jobs::enqueue(w, &NewJob { kind: REACT, key: &key, payload: &payload, due_at, lane: Lane::Reaction })
}

/// The handler of [`REACT`] jobs.
pub fn react(w: &mut Write<'_>, payload: &Value) -> Result<Next> {
    let text = |field: &str| payload.get(field).and_then(Value::as_str).unwrap_or_default().to_owned();
    let reaction = w.wired::<Reactions>()?.named(&text("reaction"))?;
    let event = store::find(w, &EventId::parse(&text("event"))?)?;
    let event = event.ok_or_else(|| Error::internal("a reaction to an event that is not recorded"))?;
    (reaction.run)(w, &event)?;
    Ok(Next::Done)
}
