//! Moves time, and lets what is due happen: jobs, and what the world has in mind, in an order the dice choose.

use std::cell::Cell;
use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use db::{Db, Edges};
use jobs::Runner;
use kernel::{Dice, Error, Result, Timestamp};

use super::agenda::Action;
use super::carrier::{self, Carrier};
use super::host::{Credentials, Host, Parts, Program};
use super::life::Life;
use super::post::Post;
use super::scene::Scene;
use super::shop::{self, Platform, Shop};
use super::tasks::{Ended, Task, run};
use super::{BEGINNING, Broken, Lived, customers, oracle, rules, scanner};
use crate::people::Person;
use kernel::Channel;

/// More steps at one moment than anything takes that goes on at all.
const MOST_STEPS: u32 = 5_000;
/// After the life itself, as long as it takes until every message has come to its end: the longest is worth sending
/// for some days, and an incident may hold it for some weeks.
const MOST_AFTER: Duration = Duration::from_secs(60 * 86_400);
const DAY: Duration = Duration::from_secs(86_400);

/// Lives through `days` of `seed`, and holds the rules against what was seen.
pub fn live(host: &dyn Host, seed: u64, days: u32) -> std::result::Result<Lived, Broken> {
    let mut dice = Dice::seeded(seed);
    let begins = Timestamp::parse(BEGINNING).map_err(|error| impossible(Timestamp::from_ms(0), &error))?;
    let scene = Arc::new(Scene::new(begins, dice.fork()));
    let life = Life::begun(&scene, &mut dice, days);
    let mut driver =
        Driver::new(host, scene.clone(), life, dice).map_err(|error| impossible(begins, &error))?;
    driver.live()?;
    driver.judge()
}

fn impossible(at: Timestamp, error: &Error) -> Broken {
    Broken { rule: "the_world_can_be_made", at, words: format!("{error:?}") }
}

/// A process of the shop that lives.
#[derive(Clone)]
struct Process {
    db: Db,
    router: Router,
    runner: Arc<Runner>,
}

struct Driver<'a> {
    host: &'a dyn Host,
    scene: Arc<Scene>,
    dice: Dice,
    people: Vec<Person>,
    shop: Arc<Shop>,
    carrier: Carrier,
    policy: kernel::Policy,
    mail: Post,
    texts: Post,
    ends: Timestamp,
    /// None until the world is connected.
    keys: Option<Credentials>,
    process: Option<Process>,
    /// What the process before has left, while there is none.
    left: Option<Db>,
    errors_seen: usize,
}

impl<'a> Driver<'a> {
    fn new(host: &'a dyn Host, scene: Arc<Scene>, life: Life, dice: Dice) -> Result<Self> {
        let Life { people, shop, carrier, policy, mail, texts, ends } = life;
        let post = |channel, manners| Post { scene: scene.clone(), channel, manners: Arc::new(manners) };
        let (mail, texts) = (post(Channel::Email, mail), post(Channel::Sms, texts));
        let shop = Arc::new(shop);
        let mut driver = Driver {
            host,
            scene,
            dice,
            people,
            shop,
            carrier,
            policy,
            mail,
            texts,
            ends,
            keys: None,
            process: None,
            left: None,
            errors_seen: 0,
        };
        driver.open(None)?;
        let db = driver.process.as_ref().map(|process| process.db.clone());
        let db = db.ok_or_else(|| Error::internal("the first process did not start"))?;
        driver.keys = Some(driver.connected(&db)?);
        driver.scene.faults.switch(true);
        Ok(driver)
    }

    fn connected(&mut self, db: &Db) -> Result<Credentials> {
        let mut made = None;
        let host = self.host;
        let task: Task<'_> = Box::pin(async {
            made = Some(host.connect(db).await);
        });
        run(vec![task], &mut self.dice, || false);
        made.unwrap_or_else(|| Err(Error::internal("connecting did not end")))
    }

    /// Opens a process over what is there. It may die while it starts; then there is none.
    fn open(&mut self, inherited: Option<Db>) -> Result<()> {
        self.scene.faults.reborn();
        let edges: Arc<dyn Edges> = self.scene.faults.clone();
        let parts = Parts {
            clock: self.scene.clock.clone(),
            dice: self.dice.fork(),
            edges: Some(edges),
            mail: Arc::new(self.mail.clone()),
            texts: Arc::new(self.texts.clone()),
            outside: Arc::new(Platform { scene: self.scene.clone(), shop: self.shop.clone() }),
            policy: self.policy.clone(),
            inherited,
        };
        let Program { db, router, start } = self.host.open(parts)?;
        let mut started = None;
        let task: Task<'_> = Box::pin(async { started = Some(start.await) });
        let faults = self.scene.faults.clone();
        run(vec![task], &mut self.dice, || faults.has_died());
        match started {
            Some(Ok(runner)) => {
                self.process = Some(Process { db, router, runner });
                self.left = None;
            }
            // It has died, or could not write that it lives, and ends: somebody starts another.
            Some(Err(_)) | None => {
                self.left = Some(db);
                self.scene.later(1, 60, Action::Restart);
            }
        }
        Ok(())
    }

    fn live(&mut self) -> std::result::Result<(), Broken> {
        self.until(self.ends)?;
        // Nothing more goes wrong: whatever was acknowledged has to come to its end by itself now.
        self.scene.faults.switch(false);
        self.scene.agenda.add(self.scene.now(), Action::Beat);
        self.scene.agenda.add(self.scene.now() + Duration::from_secs(30), Action::Beat);
        self.until(self.ends + DAY)?;
        let last = self.ends + MOST_AFTER;
        while self.something_waits()? && self.scene.now() < last {
            let next = self.scene.now() + 2 * DAY;
            self.until(next)?;
        }
        Ok(())
    }

    fn something_waits(&mut self) -> std::result::Result<bool, Broken> {
        let open = self.read(rules::open_messages)?;
        Ok(open > 0 || self.scene.agenda.next().is_some())
    }

    /// From moment to moment, until `until`.
    fn until(&mut self, until: Timestamp) -> std::result::Result<(), Broken> {
        let (mut steps, mut last) = (0, self.scene.now());
        loop {
            let jobs_due_at = self.jobs_due_at();
            let next = match jobs_due_at.into_iter().chain(self.scene.agenda.next()).min() {
                Some(next) if next <= until => next,
                Some(_) | None => break,
            };
            steps = if next > last { 0 } else { steps + 1 };
            if steps > MOST_STEPS {
                return Err(self.broken("no_job_is_stuck", "time stands still".to_owned()));
            }
            last = last.max(next);
            self.scene.clock.move_to(next);
            self.step(jobs_due_at.is_some_and(|due_at| due_at <= next))?;
        }
        self.scene.clock.move_to(until);
        Ok(())
    }

    /// When the next job of a process that lives is due.
    fn jobs_due_at(&mut self) -> Option<Timestamp> {
        let process = self.process.clone()?;
        let mut due_at = None;
        let task: Task<'_> = Box::pin(async { due_at = process.runner.next_due().await.ok().flatten() });
        run(vec![task], &mut self.dice, || false);
        due_at
    }

    /// What is due now, all at once.
    fn step(&mut self, jobs_are_due: bool) -> std::result::Result<(), Broken> {
        let mut actions: VecDeque<Action> = self.scene.agenda.take_due(self.scene.now()).into();
        let mut together = Vec::new();
        while let Some(action) = actions.pop_front() {
            match action {
                Action::Restart => self.restart()?,
                Action::Kill => {
                    if self.process.is_some() {
                        self.scene.faults.die("somebody's hands");
                        self.bury();
                    }
                }
                // A scanner is alone with the shop, so that whatever is written meanwhile was its doing.
                Action::Scan { hand_off } => self.scan(hand_off)?,
                other => together.push(other),
            }
        }
        self.together(together, jobs_are_due)?;
        if self.scene.faults.errors_so_far() > self.errors_seen {
            // What could not be recorded keeps its lease until a beat finds that nobody works on it.
            self.errors_seen = self.scene.faults.errors_so_far();
            for s in [10, 20] {
                self.scene.agenda.add(self.scene.now() + Duration::from_secs(s), Action::Beat);
            }
        }
        match self.scene.blamed() {
            Some((rule, words)) => Err(self.broken(rule, words)),
            None => Ok(()),
        }
    }

    fn together(&mut self, actions: Vec<Action>, jobs_are_due: bool) -> std::result::Result<(), Broken> {
        let process = self.process.clone();
        // Mostly one hand works, as one by one is how time is walked; now and then several do.
        let several = if self.dice.below(4) == 0 { 1 + self.dice.below(2) } else { 0 };
        let hands = if jobs_are_due { 1 + several } else { 0 };
        let (scene, shop, people) = (&self.scene, (&*self.shop, &self.carrier), &self.people);
        let Some(keys) = &self.keys else { return Ok(()) };
        let under_way: Vec<Cell<bool>> = actions.iter().map(|_| Cell::new(true)).collect();
        let mut tasks: Vec<Task<'_>> = Vec::new();
        for (action, under_way) in actions.iter().zip(&under_way) {
            let doing = act(scene, shop, keys, people, process.clone(), action.clone());
            tasks.push(Box::pin(async move {
                doing.await;
                under_way.set(false);
            }));
        }
        for _ in 0..hands {
            if let Some(process) = &process {
                // What fails is due again, and counts as an error that beats look after.
                tasks.push(Box::pin(async { drop(process.runner.run_due().await) }));
            }
        }
        let faults = self.scene.faults.clone();
        match run(tasks, &mut self.dice, || faults.has_died()) {
            Ended::Done => Ok(()),
            Ended::Died => {
                let cut_off = actions.iter().zip(&under_way).filter(|(_, under_way)| under_way.get());
                cut_off.for_each(|(action, _)| again(&self.scene, action.clone()));
                self.bury();
                Ok(())
            }
            Ended::Stuck => Err(self.broken("no_job_is_stuck", "somebody waits for ever".to_owned())),
        }
    }

    fn scan(&mut self, hand_off: usize) -> std::result::Result<(), Broken> {
        let Some(process) = self.process.clone() else { return Ok(()) };
        let scene = self.scene.clone();
        let task: Task<'_> = Box::pin(scanner::scan(&scene, &process.db, &process.router, hand_off));
        match run(vec![task], &mut self.dice, || false) {
            Ended::Stuck => Err(self.broken("no_get_changes_state", "a page never comes".to_owned())),
            Ended::Done | Ended::Died => Ok(()),
        }
    }

    /// The process is gone, with everything that was not durable.
    fn bury(&mut self) {
        if let Some(process) = self.process.take() {
            self.left = Some(process.db);
        }
        self.scene.later(1, 900, Action::Restart);
    }

    fn restart(&mut self) -> std::result::Result<(), Broken> {
        if self.process.is_some() {
            return Ok(());
        }
        let left = self.left.take();
        self.open(left).map_err(|error| self.broken("a_process_starts_again", format!("{error:?}")))
    }

    /// Reads what is durable.
    fn read<T: Send + 'static>(
        &mut self,
        read: impl FnMut(&mut db::Read<'_>) -> Result<T> + Send + 'static,
    ) -> std::result::Result<T, Broken> {
        let process = self.process.clone();
        let process =
            process.ok_or_else(|| self.broken("a_process_starts_again", "none lives".to_owned()))?;
        let mut found = None;
        let task: Task<'_> = Box::pin(async { found = Some(process.db.read("sim.read", read).await) });
        run(vec![task], &mut self.dice, || false);
        let found = found.unwrap_or_else(|| Err(Error::internal("a read did not end")));
        found.map_err(|error| self.broken("what_is_durable_can_be_read", format!("{error:?}")))
    }

    fn judge(&mut self) -> std::result::Result<Lived, Broken> {
        let rows = self.read(rules::Rows::read)?;
        let keys = self
            .keys
            .clone()
            .ok_or_else(|| self.broken("the_world_can_be_made", "unconnected".to_owned()))?;
        let expected = oracle::orders(self.host, &self.scene, &self.shop, &keys, &self.policy)
            .map_err(|error| self.broken("the_world_can_be_made", format!("{error:?}")))?;
        let (deaths, errors) = (self.scene.faults.deaths(), self.scene.faults.errors());
        let reports = self.scene.outside.reports();
        let away = [&self.mail, &self.texts].map(|post| post.manners.away.clone()).concat();
        let ending = rules::Ending {
            deaths: &deaths,
            errors: &errors,
            away: &away,
            reports: &reports,
            rows: &rows,
            expected: &expected,
            versions: &self.shop.versions,
            tellings: &self.carrier.tellings,
            people: &self.people,
            policy: &self.policy,
            hand_offs: &self.scene.outside.hand_offs(),
            wishes: &self.scene.outside.wishes(),
            keys: &keys,
        };
        for rule in rules::RULES {
            (rule.holds)(&ending).map_err(|words| self.broken(rule.name, words))?;
        }
        Ok(Lived {
            events: rows.events.len() as u64,
            messages: rows.messages.len() as u64,
            crashes: deaths.len() as u64,
            edges: self.scene.faults.seen(),
            trace: self.scene.trace.hash(),
        })
    }

    fn broken(&self, rule: &'static str, words: String) -> Broken {
        Broken { rule, at: self.scene.now(), words }
    }
}

/// Whoever was talking to the process when it died comes back; but a webhook is not sent again.
fn again(scene: &Scene, action: Action) {
    let action = match action {
        Action::Tell { version, attempt } => Action::Tell { version, attempt: attempt + 1 },
        Action::Track { telling, attempt } => Action::Track { telling, attempt: attempt + 1 },
        Action::Deliver { .. } | Action::Beat => return,
        other => other,
    };
    scene.later(5, 1_800, action);
}

/// One thing that happens, with a process or without.
async fn act(
    scene: &Scene,
    (shop, carrier): (&Shop, &Carrier),
    keys: &Credentials,
    people: &[Person],
    process: Option<Process>,
    action: Action,
) {
    let router = process.as_ref().map(|process| process.router.clone());
    match (action, process) {
        (Action::Tell { version, attempt }, _) => {
            shop::tell(scene, shop, keys, router, version, attempt).await
        }
        (Action::Track { telling, attempt }, _) => {
            carrier::tell(scene, carrier, keys, router, telling, attempt).await;
        }
        (Action::Deliver { version }, _) => shop::deliver(scene, shop, keys, router, version).await,
        (Action::Answer { hand_off, how }, _) => customers::answer(scene, router, hand_off, how).await,
        (Action::Text { person, body, nth }, _) => {
            customers::text(scene, keys, router, (person, &people[person]), (body, nth)).await;
        }
        (Action::SignIn { person }, _) => {
            customers::sign_in(scene, router, (person, &people[person])).await;
        }
        (Action::Report { hand_off, status }, _) => {
            customers::report(scene, keys, router, hand_off, status).await;
        }
        (Action::Say { person, template, nth }, Some(process)) => {
            customers::say(scene, &process.db, &people[person], template, nth).await;
        }
        (Action::Open { person, kind }, Some(process)) => {
            customers::incident(scene, &process.db, &people[person], kind, true).await;
        }
        (Action::Close { person, kind }, Some(process)) => {
            customers::incident(scene, &process.db, &people[person], kind, false).await;
        }
        (Action::Beat, Some(process)) => drop(process.runner.beat().await),
        // The merchant comes back when the shop does; the rest is the driver's own.
        (later @ (Action::Say { .. } | Action::Open { .. } | Action::Close { .. } | Action::Beat), None) => {
            scene.later(60, 1_200, later);
        }
        (Action::Scan { .. } | Action::Kill | Action::Restart, _) => {}
    }
}
