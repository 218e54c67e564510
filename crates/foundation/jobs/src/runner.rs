//! Claims work and does it. One runner per process; its heartbeat row says it lives.

use std::collections::BTreeMap;
use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use db::{Db, Engine, Wakes, Write, params};
use kernel::{Error, Result, Timestamp};
use tokio::sync::{Semaphore, SemaphorePermit, mpsc, watch};
use tokio::task::JoinSet;

use crate::backoff::{AfterFailure, after_failure, wait_out};
use crate::desk::{Desk, Handed, Open};
use crate::heartbeat::{self, Heartbeat};
use crate::in_hand::InHand;
use crate::registry::{Handler, Next, Registry, Schedule};
use crate::store::{self, DELETE_ALL_RUNS, FREE_ALL_JOBS, Job, Lane, NewJob, Room};

/// How long a worker waits at most before it looks again by itself. What is written here or by another node wakes it, and
/// what becomes due is waited for to the millisecond: this is for what nobody said.
const POLL: Duration = Duration::from_secs(1);
/// The same while there is work: what was done may have made more of it.
const SOON: Duration = Duration::from_millis(250);
/// Where all places of a room are taken, work is claimed again when a quarter of them is free, or after this: each
/// claim is a write, and one a job would be as dear as the job.
const BREATH: Duration = Duration::from_millis(2);
/// How much work that runs inside one write a process does at once. Work in steps has places of its own beside these:
/// however long a mail server keeps it waiting, what comes in is taken in.
const CAPACITY: usize = 64;
/// How much of that is kept free for what a person waits for.
const KEPT_FOR_URGENT: usize = 16;
/// The room of what runs inside one write.
const WRITES: &str = "writes";
/// The last lane of what a person waits for.
const LAST_URGENT: Lane = Lane::Input;

/// Claims work and does it.
pub struct Runner {
    db: Db,
    registry: Registry,
    in_hand: Arc<InHand>,
    heartbeat: Heartbeat,
    turns: Turns,
}

/// For each kind that runs in steps, as many turns as it has places. A claim is given the places that are free when it
/// begins, and what is handed over meanwhile takes some of them: so more may be in hand for a moment than there are places,
/// and waits here for its turn.
struct Turns(BTreeMap<&'static str, Semaphore>);

impl Turns {
    fn of(registry: &Registry) -> Turns {
        let kinds = registry.stepped_kinds().into_iter();
        Turns(kinds.map(|(kind, at_most)| (kind, Semaphore::new(at_most.max(1)))).collect())
    }

    async fn take(&self, kind: &str) -> Option<SemaphorePermit<'_>> {
        self.0.get(kind)?.acquire().await.ok()
    }
}

impl Runner {
    /// Registers this process and queues the schedules. On SQLite, where one process works at a time, everything
    /// that a crash left leased is free again at once.
    pub async fn start(db: Db, registry: Registry) -> Result<Runner> {
        let db = db.for_work();
        let schedules = registry.schedules().to_vec();
        let alone = db.engine() == Engine::Sqlite;
        let run = db
            .write("jobs.start_run", move |w| {
                if alone {
                    w.send(&FREE_ALL_JOBS, params![])?;
                    w.send(&DELETE_ALL_RUNS, params![])?;
                }
                schedules.iter().try_for_each(|schedule| keep_going(w, *schedule))?;
                heartbeat::begin(w)
            })
            .await?;
        let in_hand = Arc::new(InHand::default());
        let heartbeat = Heartbeat::new(db.clone(), run, in_hand.clone());
        Ok(Runner { turns: Turns::of(&registry), db, registry, in_hand, heartbeat })
    }

    /// Does everything that is due now, one after the other, and what becomes due by it. Returns how much it did.
    /// Stories, the demo's time machine and the simulator walk through time with this.
    pub async fn run_due(&self) -> Result<usize> {
        let mut done = 0;
        loop {
            // One at a time: what the first job changes may decide what the second finds.
            let one = Room { kinds: self.registry.kinds().collect(), lanes: lanes_to(None), places: 1 };
            let (jobs, _) = self.claim(vec![(WRITES, one)]).await?;
            let Some(job) = jobs.first() else { return Ok(done) };
            self.do_job(job).await;
            done += 1;
        }
    }

    /// When the next work is due that this process can do.
    pub async fn next_due(&self) -> Result<Option<Timestamp>> {
        let kinds: Vec<_> = self.registry.kinds().collect();
        self.db.read("jobs.next_due", move |r| store::next_due_of(r, &kinds)).await
    }

    /// Says that we live, and frees what the dead have held.
    pub async fn beat(&self) -> Result<()> {
        self.heartbeat.beat().await
    }

    /// Works until `shutdown` says so, then finishes what it has begun.
    pub async fn serve(self: Arc<Self>, shutdown: watch::Receiver<bool>) {
        let beating = self.clone();
        let beating = tokio::spawn(async move { beating.heartbeat.beat_for_ever().await });
        // A house without a desk claims all its work.
        let desk = self.db.wiring().get_arc::<Desk>().unwrap_or_default();
        let run = self.heartbeat.run().as_str();
        let (open, handed) = desk.open(run, self.registry.clone(), self.in_hand.clone());
        let claiming = self.clone().do_what_is_claimed(open, shutdown.clone());
        let handing = self.clone().do_what_is_handed(handed, &desk, shutdown);
        tokio::join!(claiming, handing);
        beating.abort();
        self.heartbeat.sign_off().await;
    }

    async fn do_what_is_claimed(self: Arc<Self>, open: Arc<Open>, mut shutdown: watch::Receiver<bool>) {
        let mut running = JoinSet::new();
        let mut wakes = self.db.wakes(crate::WAKE);
        while !*shutdown.borrow() {
            while running.try_join_next().is_some() {}
            let (claimed, is_full) = self.claim_all(&open).await;
            let found_nothing = claimed.is_empty();
            for job in claimed {
                let runner = self.clone();
                running.spawn(async move { runner.do_job(&job).await });
            }
            tokio::select! {
                () = self.until_worth_a_claim(is_full, found_nothing, &mut wakes) => {}
                changed = shutdown.changed() => if changed.is_err() { break },
            }
        }
        while running.join_next().await.is_some() {}
    }

    async fn do_what_is_handed(
        self: Arc<Self>,
        mut handed: mpsc::UnboundedReceiver<Handed>,
        desk: &Desk,
        mut shutdown: watch::Receiver<bool>,
    ) {
        let mut running = JoinSet::new();
        while !*shutdown.borrow() {
            while running.try_join_next().is_some() {}
            tokio::select! {
                Some(handed) = handed.recv() => self.clone().begin_handed(handed, &mut running),
                _ = shutdown.changed() => break,
            }
        }
        desk.close();
        // What was handed over before, or is by a write that began before, is ours to do.
        while let Ok(handed) = handed.try_recv() {
            self.clone().begin_handed(handed, &mut running);
        }
        while !running.is_empty() {
            tokio::select! {
                Some(handed) = handed.recv() => self.clone().begin_handed(handed, &mut running),
                _ = running.join_next() => {}
            }
        }
    }

    fn begin_handed(self: Arc<Self>, (job, place): Handed, running: &mut JoinSet<()>) {
        self.begin(std::slice::from_ref(&job));
        // What is begun holds a place of its own.
        drop(place);
        running.spawn(async move { self.do_job(&job).await });
    }

    fn begin(&self, jobs: &[Job]) {
        let room =
            |kind: &str| self.registry.kind(kind).map_or(WRITES, |(kind, _)| room_of(&self.registry, kind));
        self.in_hand.begin(jobs.iter().map(|job| (job, room(&job.kind))));
    }

    /// Waits until there may be something to claim: new work, what becomes due by itself, or, where more was due than
    /// there was room for, room.
    async fn until_worth_a_claim(&self, is_full: bool, found_nothing: bool, wakes: &mut Wakes) {
        if !is_full {
            if found_nothing {
                self.until_due_or_woken(wakes).await;
            } else {
                wakes.wait(SOON).await;
            }
            return;
        }
        tokio::select! {
            _ = wakes.wait(POLL) => {}
            () = self.in_hand.freed() => {}
        }
        // Whether there is room again, or only a breath has passed, makes no difference to what is done next.
        let _ = tokio::time::timeout(BREATH, async {
            while self.is_crowded() {
                self.in_hand.freed().await;
            }
        })
        .await;
    }

    /// Sleeps until something becomes due or is said to be. A look is cheaper than a claim that finds nothing.
    async fn until_due_or_woken(&self, wakes: &mut Wakes) {
        loop {
            let next = self.next_due().await.unwrap_or_else(|error| {
                tracing::warn!(?error, "jobs.next_due_failed");
                None
            });
            let pause = nap(next, self.db.now());
            let is_due = next.is_some_and(|due_at| due_at <= self.db.now() + pause);
            if wakes.wait(pause).await || is_due {
                return;
            }
        }
    }

    /// Whether less than a quarter of the places of some room is free.
    fn is_crowded(&self) -> bool {
        let steps = self.registry.stepped_kinds();
        let mut rooms = steps.into_iter().chain(std::iter::once((WRITES, CAPACITY - KEPT_FOR_URGENT)));
        rooms.any(|(room, places)| self.in_hand.taken(room) * 4 > places * 3)
    }

    /// Claims what there is room for, and says whether some room is full now: then more may be due than was claimed.
    async fn claim_all(&self, open: &Open) -> (Vec<Job>, bool) {
        let all = self.rooms();
        // Places that are kept for what is urgent are no room for the rest.
        let was_full = all.iter().any(|(_, room)| room.places == 0 || room.lanes.len() < Lane::ALL.len());
        let rooms: Vec<_> = all.into_iter().filter(|(_, room)| room.places > 0).collect();
        if rooms.is_empty() {
            return (Vec::new(), was_full);
        }
        match self.claim(rooms).await {
            Ok((jobs, found)) => {
                found.iter().for_each(|(room, is_full)| open.claimed(room, *is_full));
                (jobs, was_full || found.iter().any(|(_, is_full)| *is_full))
            }
            Err(error) => {
                tracing::warn!(?error, "jobs.claim_failed");
                (Vec::new(), false)
            }
        }
    }

    /// The room there is: for what runs inside one write together, and for each kind that runs in steps by itself.
    fn rooms(&self) -> Vec<(&'static str, Room)> {
        let steps = self.registry.stepped_kinds().into_iter().map(|(kind, at_most)| {
            let places = at_most.saturating_sub(self.in_hand.taken(kind));
            (kind, Room { kinds: vec![kind], lanes: lanes_to(None), places })
        });
        let mut rooms = vec![(WRITES, room_for_writes(&self.registry, &self.in_hand))];
        rooms.extend(steps);
        rooms
    }

    /// Claims into these rooms, and says of each whether it is full now.
    async fn claim(&self, rooms: Vec<(&'static str, Room)>) -> Result<(Vec<Job>, Vec<(&'static str, bool)>)> {
        let run = self.heartbeat.run().clone();
        let claim = move |w: &mut Write<'_>| {
            let (mut jobs, mut found) = (Vec::new(), Vec::new());
            let due = store::look_at_due(w)?;
            for (name, room) in &rooms {
                let claimed = match room.within(&due) {
                    Some(room) => store::claim(w, run.as_str(), &room)?,
                    None => Vec::new(),
                };
                found.push((*name, claimed.len() >= room.places));
                jobs.extend(claimed);
            }
            Ok((jobs, found))
        };
        let (jobs, found) = self.db.claim("jobs.claim", claim).await?;
        self.begin(&jobs);
        Ok((jobs, found))
    }

    /// Does one job, and records what became of it. Never fails: what fails is the job.
    async fn do_job(&self, job: &Job) {
        let outcome = match self.registry.handler(&job.kind) {
            Some(Handler::Write(run)) => self.run_in_write(*run, job).await,
            Some(Handler::Stepped(run, _)) => {
                let _turn = self.turns.take(&job.kind).await;
                without_panic(run.run(&self.db, job)).await
            }
            None => Err(Error::internal(format!("no handler for jobs of kind {}", job.kind))),
        };
        if let Err(error) = outcome {
            self.failed(job, &error).await;
        }
        self.in_hand.end(job);
    }

    async fn run_in_write(
        &self,
        run: fn(&mut Write<'_>, &serde_json::Value) -> Result<Next>,
        job: &Job,
    ) -> Result<()> {
        let schedule = self.registry.schedule_of(&job.kind);
        let job = job.clone();
        self.db
            .write("jobs.run", move |w| {
                // However long it has waited: what it brings about was due then.
                w.due_at = job.due_at.min(w.now);
                let next = run(w, &job.payload)?;
                match (next, schedule) {
                    (Next::Again(at), _) => store::again(w, &job, at),
                    (Next::Done, Some(schedule)) => {
                        let at = w.now + schedule.every;
                        store::again(w, &job, at)
                    }
                    (Next::Done, None) => store::finish(w, &job),
                }
            })
            .await
    }

    async fn failed(&self, job: &Job, error: &Error) {
        if error.code() == store::STALE {
            tracing::warn!(job.id, job.kind, "jobs.lease_lost");
            return;
        }
        tracing::warn!(job.id, job.kind, job.attempts, ?error, "jobs.failed");
        let words = format!("{error:?}");
        let (owned, passes) = (job.clone(), error.is_transient());
        let is_schedule = self.registry.schedule_of(&job.kind).is_some();
        let recorded =
            self.db.write("jobs.failed", move |w| put_back(w, &owned, passes, is_schedule, &words)).await;
        if let Err(error) = recorded {
            // The lease stays until a beat finds that nobody works on it: nothing is lost, only later.
            tracing::error!(job.id, ?error, "jobs.failure_not_recorded");
        }
    }
}

/// The room that work of a kind takes a place in: one for all that runs inside one write, else a room of its own.
pub(crate) fn room_of(registry: &Registry, kind: &'static str) -> &'static str {
    match registry.handler(kind) {
        Some(Handler::Stepped(..)) => kind,
        Some(Handler::Write(_)) | None => WRITES,
    }
}

/// How many places of its room work of a kind and lane may fill.
pub(crate) fn share_of(registry: &Registry, kind: &'static str, lane: Lane) -> usize {
    match registry.handler(kind) {
        Some(Handler::Stepped(_, at_most)) => *at_most,
        Some(Handler::Write(_)) | None if lane <= LAST_URGENT => CAPACITY,
        Some(Handler::Write(_)) | None => CAPACITY - KEPT_FOR_URGENT,
    }
}

/// The last places are for urgent work only.
fn room_for_writes(registry: &Registry, in_hand: &InHand) -> Room {
    let kinds = registry.write_kinds();
    let free = CAPACITY.saturating_sub(in_hand.taken(WRITES));
    match free.checked_sub(KEPT_FOR_URGENT) {
        Some(places) if places > 0 => Room { kinds, lanes: lanes_to(None), places },
        _ => Room { kinds, lanes: lanes_to(Some(LAST_URGENT)), places: free },
    }
}

fn lanes_to(last: Option<Lane>) -> Vec<i64> {
    let lanes = Lane::ALL.into_iter().filter(|lane| last.is_none_or(|last| *lane <= last));
    lanes.map(Lane::number).collect()
}

/// How long to sleep before the next look. What is due already was not there at the claim a moment ago, or is not ours to
/// claim: neither is a reason to ask without a pause.
fn nap(next: Option<Timestamp>, now: Timestamp) -> Duration {
    match next {
        Some(due_at) if due_at <= now => SOON,
        Some(due_at) => due_at.since(now).min(POLL),
        None => POLL,
    }
}

fn put_back(w: &mut Write<'_>, job: &Job, passes: bool, is_schedule: bool, words: &str) -> Result<()> {
    if passes {
        let at = w.now + w.dice.jitter(wait_out(job.passing_failures), 20);
        return store::wait_out(w, job, at, words);
    }
    match after_failure(job.attempts, is_schedule) {
        AfterFailure::RetryIn(span) => {
            let at = w.now + w.dice.jitter(span, 20);
            store::retry(w, job, at, words)
        }
        AfterFailure::Park => store::park(w, job, words),
    }
}

/// Queues a schedule unless it is queued already; one that was parked goes on.
fn keep_going(w: &mut Write<'_>, schedule: Schedule) -> Result<()> {
    let Schedule { kind, every } = schedule;
    let (payload, due_at) = (serde_json::Value::Null, w.now + every);
    store::enqueue(w, &NewJob { kind, key: "schedule", payload: &payload, due_at, lane: Lane::Upkeep })?;
    crate::parked::retry_parked(w, Some(kind), 1).map(drop)
}

/// A panic in a handler fails its job, not the process.
async fn without_panic(work: impl Future<Output = Result<()>>) -> Result<()> {
    let mut work = pin!(work);
    std::future::poll_fn(|cx| {
        catch_unwind(AssertUnwindSafe(|| work.as_mut().poll(cx)))
            .unwrap_or_else(|_| Poll::Ready(Err(Error::internal("the handler panicked"))))
    })
    .await
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use async_trait::async_trait;
    use db::{DatabaseUrl, Mode, Options, Wiring};
    use kernel::{Dice, SystemClock};

    use super::*;
    use crate::Stepped;
    use crate::heartbeat::RunId;
    use crate::in_hand::locked;

    #[test]
    fn what_becomes_due_is_waited_for_and_nothing_is_asked_for_without_a_pause() {
        let now = Timestamp::from_ms(1_000_000);
        assert_eq!(nap(None, now), POLL);
        assert_eq!(nap(Some(now + Duration::from_millis(7)), now), Duration::from_millis(7));
        assert_eq!(nap(Some(now + Duration::from_secs(3600)), now), POLL);
        assert_eq!(nap(Some(now), now), SOON);
        assert_eq!(nap(Some(now - Duration::from_secs(3600)), now), SOON);
    }

    /// How many of it run at once, and how many did at most.
    #[derive(Default)]
    struct Crowd(Mutex<(i32, i32)>);

    #[async_trait]
    impl Stepped for Crowd {
        async fn run(&self, _: &Db, _: &Job) -> Result<()> {
            self.change(1);
            tokio::task::yield_now().await;
            self.change(-1);
            Ok(())
        }
    }

    impl Crowd {
        fn change(&self, by: i32) {
            let mut crowd = locked(&self.0);
            crowd.0 += by;
            crowd.1 = crowd.1.max(crowd.0);
        }
    }

    fn job(number: u32) -> Job {
        Job {
            id: format!("job_{number}"),
            kind: "a.steps".to_owned(),
            key: String::new(),
            lane: Lane::Input.number(),
            payload: serde_json::Value::Null,
            due_at: Timestamp::from_ms(1_000_000),
            attempts: 0,
            passing_failures: 0,
            token: String::new(),
        }
    }

    #[tokio::test]
    async fn what_is_in_hand_beyond_the_places_of_its_kind_waits_for_its_turn() {
        let crowd = Arc::new(Crowd::default());
        let registry = Registry::new().stepped("a.steps", 2, crowd.clone());
        let options = Options {
            mode: Mode::Inline,
            ..Options::new(Arc::new(SystemClock), Dice::seeded(1), Wiring::new())
        };
        let db = Db::open(&DatabaseUrl::Memory, options).unwrap();
        let in_hand = Arc::new(InHand::default());
        let heartbeat =
            Heartbeat::new(db.clone(), RunId::new(db.now(), &mut Dice::seeded(2)), in_hand.clone());
        let runner = Arc::new(Runner { turns: Turns::of(&registry), db, registry, in_hand, heartbeat });
        let mut running = JoinSet::new();
        for number in 0..8 {
            let runner = runner.clone();
            running.spawn(async move { runner.do_job(&job(number)).await });
        }
        running.join_all().await;
        assert_eq!(*locked(&crowd.0), (0, 2));
    }
}
