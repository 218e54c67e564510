//! What follows from an event: `with` in the same write, `after` in one of its own, each exactly once.

use std::sync::Arc;
use std::time::Duration;

use db::{DatabaseUrl, Db, Engine, Mode, Options, Wiring, Write};
use jobs::{Lane, NewJob, Next, Registry, Runner};
use kernel::{Clock, Dice, Error, Result, VirtualClock};
use serde_json::{Value, json};
use stories::postgres::{Cluster, wanted};
use stories::stage::{BEGINNING, at};
use timeline::{Actor, Event, NewEvent, Reaction, Reactions, When};

struct Room {
    db: Db,
    clock: Arc<VirtualClock>,
    runner: Runner,
}

fn reaction(name: &'static str, when: When, run: fn(&mut Write<'_>, &Event) -> Result<()>) -> Reaction {
    Reaction { name, on: &["story.happened"], when, heeds: None, why: "The story needs it.", run }
}

/// What a reaction did leaves a job behind that nothing does: a mark that can be counted.
fn mark(w: &mut Write<'_>, event: &Event, key: &str) -> Result<()> {
    let (key, due_at) = (format!("{key}:{}", event.subject_id), w.now + Duration::from_secs(86_400));
    jobs::enqueue(
        w,
        &NewJob { kind: "story.mark", key: &key, payload: &Value::Null, due_at, lane: Lane::Upkeep },
    )
}

fn with_mark(w: &mut Write<'_>, event: &Event) -> Result<()> {
    mark(w, event, "with")
}

fn after_mark(w: &mut Write<'_>, event: &Event) -> Result<()> {
    mark(w, event, "after")
}

fn refuse(_: &mut Write<'_>, _: &Event) -> Result<()> {
    Err(Error::invalid("refused", "This may not happen."))
}

fn always_fails(_: &mut Write<'_>, _: &Event) -> Result<()> {
    Err(Error::internal("it never works"))
}

async fn room(engine: Engine, reactions: Vec<Reaction>) -> Room {
    let url = match engine {
        Engine::Sqlite => "sqlite::memory:".to_owned(),
        Engine::Postgres => Cluster::shared().url(&Cluster::shared().fresh_schema()),
    };
    let clock = Arc::new(VirtualClock::at(at(BEGINNING)));
    let wiring = Wiring::new().with(Reactions::new(reactions).unwrap());
    let options = Options { mode: Mode::Inline, ..Options::new(clock.clone(), Dice::seeded(1), wiring) };
    let db = Db::open(&DatabaseUrl::parse(&url).unwrap(), options).unwrap();
    db.migrate(aftercare::lists::migrations::MIGRATIONS).unwrap();
    let registry =
        Registry::new().write(timeline::REACT, timeline::react).write("story.mark", |_, _| Ok(Next::Done));
    let runner = Runner::start(db.clone(), registry).await.unwrap();
    Room { db, clock, runner }
}

impl Room {
    async fn happens(&self, subject: &'static str) -> Result<bool> {
        let recorded = self.db.write("story.happens", move |w| {
            let occurred_at = w.now;
            timeline::record(
                w,
                &NewEvent {
                    kind: "story.happened",
                    version: 1,
                    subject: ("story", subject),
                    customer: None,
                    actor: Actor::Rule("story"),
                    cause: None,
                    occurred_at,
                    source_key: subject,
                    payload: json!({}),
                },
            )
        });
        Ok(recorded.await?.is_some())
    }

    async fn waiting(&self) -> i64 {
        self.db.read("story.tally", jobs::tally).await.unwrap().waiting
    }

    async fn events(&self) -> usize {
        self.db.read("story.events", |r| timeline::latest(r, 100)).await.unwrap().len()
    }
}

async fn both_kinds_react_once(engine: Engine) {
    let list = vec![reaction("with", When::With, with_mark), reaction("after", When::After, after_mark)];
    let room = room(engine, list).await;
    assert!(room.happens("a").await.unwrap());
    assert_eq!(room.waiting().await, 1, "the `with` reaction has run already");
    room.runner.run_due().await.unwrap();
    assert_eq!(room.waiting().await, 2);
    assert!(!room.happens("a").await.unwrap(), "heard of before");
    room.runner.run_due().await.unwrap();
    assert_eq!((room.waiting().await, room.events().await), (2, 1));
}

async fn a_with_reaction_can_refuse_the_write(engine: Engine) {
    let room = room(engine, vec![reaction("refuse", When::With, refuse)]).await;
    assert_eq!(room.happens("a").await.unwrap_err().code(), "refused");
    assert_eq!(room.events().await, 0);
}

async fn an_after_reaction_never_refuses_and_is_parked_in_the_end(engine: Engine) {
    let room = room(engine, vec![reaction("fails", When::After, always_fails)]).await;
    assert!(room.happens("a").await.unwrap());
    assert_eq!(room.events().await, 1);
    let until = room.clock.now() + Duration::from_secs(30 * 86_400);
    world::passing::pass(&room.runner, &*room.clock, until).await.unwrap();
    let parked = room.db.read("story.parked", |r| jobs::parked(r, 10)).await.unwrap();
    assert_eq!(parked.len(), 1);
    assert_eq!(parked[0].attempts, 12);
    assert!(parked[0].error.contains("it never works"), "{}", parked[0].error);
}

macro_rules! on_both {
    ($($claim:ident)+) => {
        $(
            mod $claim {
                use super::*;

                fn tell(engine: Engine) {
                    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
                    runtime.block_on(super::$claim(engine));
                }

                #[test]
                fn sqlite() {
                    tell(Engine::Sqlite);
                }

                #[test]
                fn postgres() {
                    if wanted() {
                        tell(Engine::Postgres);
                    }
                }
            }
        )+
    };
}

on_both! {
    both_kinds_react_once
    a_with_reaction_can_refuse_the_write
    an_after_reaction_never_refuses_and_is_parked_in_the_end
}
