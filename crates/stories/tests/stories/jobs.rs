//! Durable work: who gets room, who goes first, and how what was given up comes back.

use std::future::Future;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use db::{DatabaseUrl, Db, Engine, Mode, Options, Wiring, Write};
use jobs::{Desk, Job, Lane, NewJob, Next, Parked, Registry, Runner, Stepped, Tally};
use kernel::{Clock, Dice, Error, Result, Timestamp, VirtualClock};
use serde_json::{Value, json};
use stories::app::{App, Settings};
use stories::postgres::{Cluster, wanted};
use stories::stage::{BEGINNING, at, fresh_url};
use tokio::sync::{Notify, watch};

const HOUR: Duration = Duration::from_secs(3_600);
const DAY: Duration = Duration::from_secs(86_400);
/// How often a process says that it lives.
const BEAT: Duration = Duration::from_secs(10);
/// Longer than a machine with too much to do needs.
const PATIENT: Duration = Duration::from_secs(60);

struct Place {
    url: String,
    db: Db,
    clock: Arc<VirtualClock>,
}

fn open(url: &str, clock: &Arc<VirtualClock>, seed: u64) -> Db {
    open_with(url, clock, seed, Wiring::new())
}

fn open_with(url: &str, clock: &Arc<VirtualClock>, seed: u64, wiring: Wiring) -> Db {
    let options = Options { mode: Mode::Inline, ..Options::new(clock.clone(), Dice::seeded(seed), wiring) };
    let db = Db::open(&DatabaseUrl::parse(url).unwrap(), options).unwrap();
    db.migrate(aftercare::lists::migrations::MIGRATIONS).unwrap();
    db
}

impl Place {
    fn on(engine: Engine) -> Place {
        Place::at(fresh_url(engine))
    }

    fn at(url: String) -> Place {
        let clock = Arc::new(VirtualClock::at(at(BEGINNING)));
        Place { db: open(&url, &clock, 1), url, clock }
    }

    /// With a desk, where work is handed straight to the workers.
    fn with_desk(engine: Engine) -> Place {
        let (url, clock) = (fresh_url(engine), Arc::new(VirtualClock::at(at(BEGINNING))));
        let wiring = Wiring::new().with(Desk::default());
        Place { db: open_with(&url, &clock, 1, wiring), url, clock }
    }

    /// Queues work, and says how much was running in the eyes of that very write; when `fails`, it is taken back.
    async fn enqueue_and_look(&self, key: &str, fails: bool) -> Result<usize> {
        let key = key.to_owned();
        let queue = move |w: &mut Write<'_>| {
            let due_at = w.now;
            let new =
                NewJob { kind: "story.hang", key: &key, payload: &Value::Null, due_at, lane: Lane::Input };
            jobs::enqueue(w, &new)?;
            let running = jobs::tally(w)?.running as usize;
            if fails { Err(Error::invalid("story", "taken back")) } else { Ok(running) }
        };
        self.db.write("story.enqueue_and_look", queue).await
    }

    async fn runner(&self, registry: Registry) -> Arc<Runner> {
        Arc::new(Runner::start(self.db.clone(), registry).await.unwrap())
    }

    async fn enqueue(&self, kind: &'static str, key: &str, lane: Lane) {
        let key = key.to_owned();
        let queue = move |w: &mut Write<'_>| {
            let due_at = w.now;
            jobs::enqueue(w, &NewJob { kind, key: &key, payload: &Value::Null, due_at, lane })
        };
        self.db.write("story.enqueue", queue).await.unwrap();
    }

    async fn retry(&self, kind: Option<&'static str>) -> u64 {
        self.db.write("story.retry", move |w| jobs::retry_parked(w, kind, 100)).await.unwrap()
    }

    async fn pass(&self, runner: &Runner, span: Duration) {
        world::passing::pass(runner, &*self.clock, self.clock.now() + span).await.unwrap();
    }

    async fn tally(&self) -> Tally {
        self.db.read("story.tally", jobs::tally).await.unwrap()
    }

    async fn parked(&self) -> Vec<Parked> {
        self.db.read("story.parked", |r| jobs::parked(r, 10)).await.unwrap()
    }
}

fn reschedule(w: &mut Write<'_>, kind: &str, payload: &Value, due_at: Timestamp) -> Result<()> {
    jobs::reschedule(w, &NewJob { kind, key: "it", payload, due_at, lane: Lane::AtOnce })
}

/// Drives work to its end from inside a closure that can't wait: on a thread of the database, without a runtime.
fn at_once<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(work)
}

/// Works until a handler hangs.
async fn until_it_hangs(work: impl Future<Output = Result<usize>> + Unpin, hangs: &Notify) {
    tokio::select! {
        done = work => panic!("it does not hang: {done:?}"),
        () = hangs.notified() => {}
    }
}

/// Work in steps that does what its story says, with how often it was begun already.
struct Steps<F>(AtomicUsize, F);

#[async_trait]
impl<F> Stepped for Steps<F>
where
    F: AsyncStep,
{
    async fn run(&self, db: &Db, job: &Job) -> Result<()> {
        self.1.step(db, job, self.0.fetch_add(1, Ordering::SeqCst)).await
    }
}

#[async_trait]
trait AsyncStep: Send + Sync {
    async fn step(&self, db: &Db, job: &Job, before: usize) -> Result<()>;
}

fn steps<F: AsyncStep>(step: F) -> Arc<Steps<F>> {
    Arc::new(Steps(AtomicUsize::new(0), step))
}

async fn finish(db: &Db, job: &Job) -> Result<()> {
    let job = job.clone();
    db.write("story.finish", move |w| jobs::finish(w, &job)).await
}

/// Hangs until it is let go.
struct Hangs(watch::Receiver<bool>);

#[async_trait]
impl AsyncStep for Hangs {
    async fn step(&self, db: &Db, job: &Job, _: usize) -> Result<()> {
        self.0.clone().wait_for(|free| *free).await.expect("the story lets go");
        finish(db, job).await
    }
}

fn note(w: &mut Write<'_>, _: &Value) -> Result<Next> {
    w.wake("story.noted");
    Ok(Next::Done)
}

async fn what_hangs_outside_never_keeps_what_comes_in_waiting(engine: Engine) {
    let place = Place::on(engine);
    let (let_go, free) = watch::channel(false);
    let hanging = steps(Hangs(free));
    let registry = Registry::new().stepped("story.hang", 2, hanging.clone()).write("story.note", note);
    let runner = place.runner(registry).await;
    for number in 0..100 {
        place.enqueue("story.hang", &number.to_string(), Lane::AtOnce).await;
    }
    let (stop, stopping) = watch::channel(false);
    let serving = tokio::spawn(runner.serve(stopping));
    let mut noted = place.db.wakes("story.noted");
    for lane in [Lane::Input, Lane::Upkeep, Lane::Reaction] {
        place.enqueue("story.note", &lane.number().to_string(), lane).await;
    }
    // No more in hand than its kind may, and nothing else left.
    while place.tally().await != (Tally { running: 2, due: 98, ..Tally::default() }) {
        assert!(
            noted.wait(PATIENT).await,
            "what comes in waits behind what hangs: {:?}",
            place.tally().await
        );
    }
    assert_eq!(hanging.0.load(Ordering::SeqCst), 2);
    stop.send(true).unwrap();
    let_go.send(true).unwrap();
    serving.await.unwrap();
    assert_eq!(place.tally().await.running, 0);
}

async fn what_is_due_now_goes_straight_to_who_has_room_and_waits_else(engine: Engine) {
    let place = Place::with_desk(engine);
    let (let_go, free) = watch::channel(false);
    let hanging = steps(Hangs(free));
    let runner = place.runner(Registry::new().stepped("story.hang", 2, hanging.clone())).await;
    let (stop, stopping) = watch::channel(false);
    assert_eq!(place.enqueue_and_look("before", false).await.unwrap(), 0, "nobody works yet");
    let serving = tokio::spawn(runner.serve(stopping));
    // The first claim takes what waited; from then on nobody is behind.
    until(|| hanging.0.load(Ordering::SeqCst) == 1).await;
    assert!(place.enqueue_and_look("taken back", true).await.is_err());
    assert_eq!(
        place.tally().await.running,
        1,
        "a write that fails hands nothing over, and its place is free"
    );
    assert_eq!(
        place.enqueue_and_look("straight", false).await.unwrap(),
        2,
        "leased where it is written down"
    );
    assert_eq!(place.enqueue_and_look("straight", false).await.unwrap(), 2, "the same work is there once");
    assert_eq!(place.enqueue_and_look("waits", false).await.unwrap(), 2, "there is no third place");
    until(|| hanging.0.load(Ordering::SeqCst) == 2).await;
    let_go.send(true).unwrap();
    until(|| hanging.0.load(Ordering::SeqCst) == 3).await;
    stop.send(true).unwrap();
    serving.await.unwrap();
    assert_eq!(place.tally().await, Tally::default(), "each was done once");
    assert_eq!(place.enqueue_and_look("after", false).await.unwrap(), 0, "nobody works any more");
}

async fn who_is_about_to_stop_takes_nothing_new(engine: Engine) {
    let place = Place::with_desk(engine);
    let (let_go, free) = watch::channel(false);
    let hanging = steps(Hangs(free));
    let runner = place.runner(Registry::new().stepped("story.hang", 2, hanging.clone())).await;
    let (stop, stopping) = watch::channel(false);
    place.enqueue_and_look("in hand", false).await.unwrap();
    let serving = tokio::spawn(runner.serve(stopping));
    until(|| hanging.0.load(Ordering::SeqCst) == 1).await;
    stop.send(true).unwrap();
    // On this one thread each of them sees it before it is this one's turn again.
    for _ in 0..10 {
        tokio::task::yield_now().await;
    }
    assert_eq!(place.enqueue_and_look("for others", false).await.unwrap(), 1, "nobody would begin it here");
    let_go.send(true).unwrap();
    serving.await.unwrap();
    assert_eq!(place.tally().await, Tally { due: 1, ..Tally::default() }, "what was in hand is done");
}

/// Lets others work until it is so.
async fn until(is_so: impl Fn() -> bool) {
    let others = async {
        while !is_so() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(PATIENT, others).await.expect("it never came to be");
}

/// Writes down what it was given.
#[derive(Default)]
struct WritesDown(Mutex<Vec<String>>);

#[async_trait]
impl AsyncStep for WritesDown {
    async fn step(&self, db: &Db, job: &Job, _: usize) -> Result<()> {
        self.0.lock().unwrap().push(job.key.clone());
        finish(db, job).await
    }
}

async fn the_most_urgent_lane_goes_first_whatever_its_kind(engine: Engine) {
    let place = Place::on(engine);
    let steps = steps(WritesDown::default());
    let registry = Registry::new().stepped("story.a", 1, steps.clone()).stepped("story.b", 1, steps.clone());
    let runner = place.runner(registry).await;
    for (number, lane) in Lane::ALL.into_iter().enumerate().rev() {
        let kind = if number % 2 == 0 { "story.b" } else { "story.a" };
        place.enqueue(kind, &format!("{number} first"), lane).await;
        place.clock.move_to(place.clock.now() + Duration::from_millis(1));
        place.enqueue("story.b", &format!("{number} second"), lane).await;
    }
    assert_eq!(runner.run_due().await.unwrap(), 12);
    let order = steps.1.0.lock().unwrap().clone();
    assert!(order.is_sorted(), "{order:?}");
}

/// A hundred pieces of work are more than a claim looks at one by one, and what came first is of another kind.
async fn the_most_urgent_goes_first_however_much_is_due(engine: Engine) {
    let place = Place::on(engine);
    let steps = steps(WritesDown::default());
    let registry = Registry::new().stepped("story.a", 1, steps.clone()).stepped("story.b", 1, steps.clone());
    let runner = place.runner(registry).await;
    for number in 0..100 {
        place.enqueue("story.a", &format!("campaign {number:02}"), Lane::Bulk).await;
    }
    place.clock.move_to(place.clock.now() + Duration::from_millis(1));
    place.enqueue("story.b", "an order", Lane::AtOnce).await;
    assert_eq!(runner.run_due().await.unwrap(), 101);
    assert_eq!(steps.1.0.lock().unwrap().first().map(String::as_str), Some("an order"));
}

async fn work_that_nobody_here_can_do_waits_untouched(engine: Engine) {
    let place = Place::on(engine);
    place.enqueue("story.unheard_of", "it", Lane::AtOnce).await;
    let runner = place.runner(Registry::new().write("story.note", note)).await;
    place.enqueue("story.note", "it", Lane::Bulk).await;
    place.pass(&runner, 30 * DAY).await;
    assert_eq!(place.tally().await, Tally { due: 1, ..Tally::default() });
    let runner = place.runner(Registry::new().write("story.unheard_of", note)).await;
    place.pass(&runner, Duration::ZERO).await;
    assert_eq!(place.tally().await, Tally::default());
}

fn fails_unless_told(_: &mut Write<'_>, payload: &Value) -> Result<Next> {
    if *payload == json!("go") { Ok(Next::Done) } else { Err(Error::internal("it never works")) }
}

async fn parked_work_that_is_asked_for_again_has_all_its_tries(engine: Engine) {
    let place = Place::on(engine);
    let runner = place.runner(Registry::new().write("story.fail", fails_unless_told)).await;
    place.enqueue("story.fail", "it", Lane::AtOnce).await;
    place.pass(&runner, 30 * DAY).await;
    assert_eq!(place.parked().await[0].attempts, 12);
    let now = place.clock.now();
    let again = move |w: &mut Write<'_>| reschedule(w, "story.fail", &json!("not yet"), now + HOUR);
    place.db.write("story.again", again).await.unwrap();
    assert_eq!(place.tally().await, Tally { waiting: 1, ..Tally::default() });
    place.pass(&runner, DAY).await;
    assert!(place.parked().await.is_empty(), "one day is not enough for twelve tries");
    let again = move |w: &mut Write<'_>| reschedule(w, "story.fail", &json!("go"), w.now);
    place.db.write("story.again", again).await.unwrap();
    place.pass(&runner, Duration::ZERO).await;
    assert_eq!(place.tally().await, Tally::default());
}

/// Put right on the thirtieth day.
fn fails_for_a_month(w: &mut Write<'_>, _: &Value) -> Result<Next> {
    if w.now < at(BEGINNING) + 30 * DAY { Err(Error::internal("not yet put right")) } else { Ok(Next::Done) }
}

async fn parked_work_is_due_again_when_a_person_says_so(engine: Engine) {
    let place = Place::on(engine);
    let registry = Registry::new().write("story.a", fails_for_a_month).write("story.b", fails_for_a_month);
    let runner = place.runner(registry).await;
    place.enqueue("story.a", "it", Lane::AtOnce).await;
    place.enqueue("story.b", "it", Lane::AtOnce).await;
    place.pass(&runner, 31 * DAY).await;
    assert_eq!(place.tally().await.parked, 2, "by itself it does not come back");
    assert_eq!(place.retry(Some("story.a")).await, 1);
    assert_eq!((place.tally().await.parked, place.tally().await.due), (1, 1));
    assert_eq!((place.retry(None).await, place.retry(None).await), (1, 0));
    place.pass(&runner, Duration::ZERO).await;
    assert_eq!(place.tally().await, Tally::default());
}

async fn housekeeping_that_failed_for_a_month_goes_on(engine: Engine) {
    let place = Place::on(engine);
    let registry = Registry::new().schedule("story.upkeep", HOUR, fails_for_a_month);
    let runner = place.runner(registry).await;
    place.pass(&runner, 30 * DAY - HOUR).await;
    assert_eq!(place.tally().await, Tally { waiting: 1, ..Tally::default() });
    place.pass(&runner, 2 * DAY).await;
    let next = runner.next_due().await.unwrap().unwrap();
    assert!(next.since(place.clock.now()) <= HOUR, "it keeps its own time again");
}

async fn a_start_takes_parked_housekeeping_up_again(engine: Engine) {
    let place = Place::on(engine);
    // Parked while it was no schedule yet.
    let runner = place.runner(Registry::new().write("story.upkeep", fails_unless_told)).await;
    place.enqueue("story.upkeep", "schedule", Lane::Upkeep).await;
    place.pass(&runner, 30 * DAY).await;
    assert_eq!(place.tally().await.parked, 1);
    let runner = place.runner(Registry::new().schedule("story.upkeep", HOUR, note)).await;
    place.pass(&runner, HOUR).await;
    assert_eq!(place.tally().await, Tally { waiting: 1, ..Tally::default() });
}

/// Trouble that passes for a day or so, then one of its own.
struct Troubled;

#[async_trait]
impl AsyncStep for Troubled {
    async fn step(&self, _: &Db, _: &Job, before: usize) -> Result<()> {
        Err(if before < 40 { Error::unavailable("away") } else { Error::internal("it never works") })
    }
}

async fn trouble_that_passes_is_no_step_towards_parking(engine: Engine) {
    let place = Place::on(engine);
    let troubled = steps(Troubled);
    let runner = place.runner(Registry::new().stepped("story.trouble", 1, troubled.clone())).await;
    place.enqueue("story.trouble", "it", Lane::AtOnce).await;
    place.pass(&runner, HOUR).await;
    assert!(troubled.0.load(Ordering::SeqCst) > 40, "an hour is long enough for forty short waits");
    place.pass(&runner, 30 * DAY).await;
    assert_eq!(place.parked().await[0].attempts, 12);
    assert_eq!(troubled.0.load(Ordering::SeqCst), 52);
}

/// Hangs the first time, and never again.
struct HangsOnce(Arc<Notify>);

#[async_trait]
impl AsyncStep for HangsOnce {
    async fn step(&self, db: &Db, job: &Job, before: usize) -> Result<()> {
        if before == 0 {
            self.0.notify_one();
            std::future::pending::<()>().await;
        }
        finish(db, job).await
    }
}

async fn what_one_took_who_counts_as_dead_is_free_at_the_next_beat(engine: Engine) {
    let place = Place::on(engine);
    let hangs = Arc::new(Notify::new());
    let registry = Registry::new().stepped("story.hang", 1, steps(HangsOnce(hangs.clone())));
    let dead = place.runner(registry.clone()).await;
    let heir = place.runner(registry).await;
    for _ in 0..4 {
        heir.beat().await.unwrap();
        place.clock.move_to(place.clock.now() + BEAT);
    }
    heir.beat().await.unwrap();
    place.enqueue("story.hang", "it", Lane::AtOnce).await;
    let mut late = Box::pin(dead.run_due());
    until_it_hangs(&mut late, &hangs).await;
    assert_eq!((heir.run_due().await.unwrap(), place.tally().await.running), (0, 1));
    heir.beat().await.unwrap();
    assert_eq!(heir.run_due().await.unwrap(), 1);
    assert_eq!(place.tally().await, Tally::default());
}

async fn one_who_was_declared_dead_and_is_back_keeps_what_it_takes(engine: Engine) {
    let place = Place::on(engine);
    let hangs = Arc::new(Notify::new());
    let registry = Registry::new().stepped("story.hang", 1, steps(HangsOnce(hangs.clone())));
    let slow = place.runner(registry.clone()).await;
    let other = place.runner(registry).await;
    for _ in 0..5 {
        other.beat().await.unwrap();
        place.clock.move_to(place.clock.now() + BEAT);
    }
    slow.beat().await.unwrap();
    place.enqueue("story.hang", "it", Lane::AtOnce).await;
    let mut working = Box::pin(slow.run_due());
    until_it_hangs(&mut working, &hangs).await;
    other.beat().await.unwrap();
    assert_eq!((other.run_due().await.unwrap(), place.tally().await.running), (0, 1));
}

/// Looks whether something has changed, and is done with it; the first time, something changes in between.
struct Overtaken {
    change: Db,
    looks: Arc<Mutex<Vec<i64>>>,
}

#[async_trait]
impl AsyncStep for Overtaken {
    async fn step(&self, db: &Db, job: &Job, _: usize) -> Result<()> {
        let (job, change, looks) = (job.clone(), self.change.clone(), self.looks.clone());
        let look = move |w: &mut Write<'_>| {
            let changed = jobs::tally(w)?.waiting;
            let first = looks.lock().unwrap().is_empty();
            looks.lock().unwrap().push(changed);
            if first {
                at_once(change.write("story.change", change_it))?;
            }
            jobs::finish(w, &job)
        };
        db.write("story.look", look).await
    }
}

/// A change, and that somebody has to look at it.
fn change_it(w: &mut Write<'_>) -> Result<()> {
    let later = w.now + DAY;
    jobs::enqueue(
        w,
        &NewJob { kind: "story.changed", key: "it", payload: &Value::Null, due_at: later, lane: Lane::Bulk },
    )?;
    let now = w.now;
    reschedule(w, "story.look", &Value::Null, now)
}

/// Only where writes of two nodes overlap: on SQLite they come one after the other.
#[test]
fn a_change_while_its_handler_ends_the_job_is_seen() {
    on_postgres(async |place| {
        let change = open(&place.url, &place.clock, 2);
        let looks = Arc::new(Mutex::new(Vec::new()));
        let overtaken = steps(Overtaken { change, looks: looks.clone() });
        let runner = place.runner(Registry::new().stepped("story.look", 1, overtaken)).await;
        place.enqueue("story.look", "it", Lane::AtOnce).await;
        runner.run_due().await.unwrap();
        assert_eq!(*looks.lock().unwrap(), [0, 1], "the write ran again and saw the change");
        assert_eq!(place.tally().await, Tally { waiting: 1, ..Tally::default() });
    });
}

#[test]
fn a_handler_that_ends_the_job_while_a_change_is_made_leaves_its_work() {
    on_postgres(async |place| {
        let runner = place.runner(Registry::new().write("story.look", note)).await;
        place.enqueue("story.look", "it", Lane::AtOnce).await;
        let (other, hand) = (open(&place.url, &place.clock, 2), runner.clone());
        let change = move |w: &mut Write<'_>| {
            jobs::tally(w)?;
            at_once(hand.run_due())?;
            let later = w.now + HOUR;
            reschedule(w, "story.look", &Value::Null, later)
        };
        other.write("story.change", change).await.unwrap();
        assert_eq!(place.tally().await, Tally { waiting: 1, ..Tally::default() });
    });
}

fn on_postgres(story: impl AsyncFnOnce(Place)) {
    if wanted() {
        run(async { story(Place::on(Engine::Postgres)).await });
    }
}

#[test]
fn an_operator_makes_parked_work_due_again() {
    let postgres = wanted().then(|| Cluster::shared().url(&Cluster::shared().fresh_schema()));
    for database_url in std::iter::once(None).chain(postgres.map(Some)) {
        let app = App::idle(Settings { database_url: database_url.clone(), ..Settings::default() });
        assert_eq!(app.cli_ok(&["jobs", "retry"]), "0");
        let file = format!("sqlite:{}", app.file("aftercare.db").display());
        run(park_one(Place::at(database_url.unwrap_or(file))));
        assert_eq!(app.cli_ok(&["jobs", "retry", "--kind", "story.other"]), "0");
        assert_eq!(app.cli_ok(&["jobs", "retry", "--kind", "story.fail"]), "1");
        assert_eq!(app.cli_ok(&["jobs", "retry"]), "0", "it is due again already");
        assert_eq!(app.cli(&["jobs"]).status.code(), Some(2));
    }
}

async fn park_one(place: Place) {
    let runner = place.runner(Registry::new().write("story.fail", fails_unless_told)).await;
    place.enqueue("story.fail", "it", Lane::AtOnce).await;
    place.pass(&runner, 30 * DAY).await;
    assert_eq!(place.tally().await.parked, 1);
}

fn run(story: impl Future<Output = ()>) {
    at_once(story);
}

macro_rules! on_both {
    ($($claim:ident)+) => {
        $(
            mod $claim {
                use super::*;

                #[test]
                fn sqlite() {
                    run(super::$claim(Engine::Sqlite));
                }

                #[test]
                fn postgres() {
                    if wanted() {
                        run(super::$claim(Engine::Postgres));
                    }
                }
            }
        )+
    };
}

on_both! {
    what_hangs_outside_never_keeps_what_comes_in_waiting
    what_is_due_now_goes_straight_to_who_has_room_and_waits_else
    who_is_about_to_stop_takes_nothing_new
    the_most_urgent_lane_goes_first_whatever_its_kind
    the_most_urgent_goes_first_however_much_is_due
    work_that_nobody_here_can_do_waits_untouched
    parked_work_that_is_asked_for_again_has_all_its_tries
    parked_work_is_due_again_when_a_person_says_so
    housekeeping_that_failed_for_a_month_goes_on
    a_start_takes_parked_housekeeping_up_again
    trouble_that_passes_is_no_step_towards_parking
    what_one_took_who_counts_as_dead_is_free_at_the_next_beat
    one_who_was_declared_dead_and_is_back_keeps_what_it_takes
}
