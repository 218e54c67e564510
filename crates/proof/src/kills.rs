//! SIGKILL at random moments, on both engines, while orders and offers come in and mail goes out.
//!
//! Readers of offers say goodbye meanwhile. Judged by the two logs and the rows: whatever was acknowledged reached the mail server in the end, and whatever
//! reached it twice was in hand at a kill between, or had an answer that nobody could know.

mod goodbyes;
mod judge;

use std::sync::Arc;
use std::thread;
use std::time::Duration;

use kernel::Dice;
use rig::now::{now_us, pause};
use rig::postgres::Cluster;
use rig::process::{Folder, wait_for};
use rig::sink::{Answer, Entry, Mix, Options, Sink, read_log};

use self::goodbyes::Goodbyes;
use self::judge::{Kill, Seen, judge};
use crate::posting::{Journal, What};
use crate::shop::{Kind, Shop, now, taken};
use crate::{Form, Result, Verdict};

/// Posters at once.
const POSTERS: usize = 4;
/// What one life of the program is given to do is spread over as long as the longest life.
const LONGEST_LIFE: Duration = Duration::from_millis(1_500);
const SHORTEST_LIFE_MS: u64 = 50;
/// Longer than the leases of the dead are kept, and the retries of what the sink put off take.
const IN_THE_END: Duration = Duration::from_secs(180);

/// One engine and one kind of mail.
#[derive(Clone, Debug)]
struct Plan {
    name: &'static str,
    what: What,
    database_url: Option<String>,
    kills: u64,
    messages: u64,
    seed: u64,
}

/// All four parts at once: two engines, confirmations by the program itself and offers by the program with offers.
pub fn run(form: Form, seed: u64) -> Result<Verdict> {
    let cluster = Cluster::start();
    let parts = plans(form, seed, &cluster);
    let mut verdict = Verdict::of("kills");
    verdict.figure("seed", seed);
    let done: Vec<_> = thread::scope(|scope| {
        let running: Vec<_> = parts.iter().map(|plan| scope.spawn(|| part(plan))).collect();
        running.into_iter().map(|part| part.join()).collect()
    });
    for (plan, part) in parts.iter().zip(done) {
        match part {
            Ok(Ok(part)) => verdict.part(part),
            Ok(Err(error)) => verdict.part(Verdict::broken(plan.name, error)),
            Err(_) => verdict.part(Verdict::broken(plan.name, "it panicked")),
        }
    }
    Ok(verdict)
}

fn plans(form: Form, seed: u64, cluster: &Cluster) -> Vec<Plan> {
    let (kills, messages) = match form {
        Form::Short => (50, 5_000),
        Form::Long => (5_000, 100_000),
    };
    let postgres = || Some(cluster.url(&cluster.fresh_schema()));
    let part = |name, what, database_url, share: u64| Plan {
        name,
        what,
        database_url,
        kills: kills * share / 10,
        messages: messages * share / 10,
        seed: seed.wrapping_mul(31).wrapping_add(share),
    };
    vec![
        part("sqlite orders", What::Orders, None, 3),
        part("sqlite offers", What::Offers, None, 2),
        part("postgres orders", What::Orders, postgres(), 3),
        part("postgres offers", What::Offers, postgres(), 2),
    ]
}

/// What the mail server does to orders and to offers: enough trouble to be tried by it, too little for the breaker to
/// leave it alone all the time.
fn mix(what: What, seed: u64) -> Mix {
    let again = if what == What::Orders { 20 } else { 5 };
    let shares = vec![
        (Answer::Drip, 100),
        (Answer::AcceptThenReset, 10),
        (Answer::AcceptThenHang, 5),
        (Answer::AcceptThenClose, 10),
        (Answer::TryAgain, again),
        (Answer::TooBusy, again / 2),
        (Answer::Refuse, 10),
    ];
    Mix { seed, shares }
}

fn part(plan: &Plan) -> Result<Verdict> {
    let folder = Folder::fresh("kills")?;
    let log = folder.join("sink.log");
    let mix = Some(mix(plan.what, plan.seed));
    let goodbyes = Arc::new(Goodbyes::default());
    let sink = Sink::start(Options { log: Some(log.clone()), mix, look: Some(goodbyes.look()) })?;
    let kind = Kind {
        database_url: plan.database_url.clone(),
        with_offers: plan.what == What::Offers,
        mail_options: "sessions=4&dot_timeout=1&reuse_timeout=1".to_owned(),
        ..Kind::default()
    };
    let shop = [Shop::open(&sink, &kind)?];
    let journal = Journal::new(plan.what, 1, now());
    let seen = thread::scope(|scope| -> Result<Seen> {
        journal.post_to(scope, &shop, POSTERS);
        scope.spawn(|| goodbyes.press(&shop[0], &journal));
        let seen = kill_again_and_again(plan, &shop[0], &journal);
        // What is left is posted, answered and sent in peace.
        shop[0].app.restart();
        journal.allow(plan.messages);
        let all = || (journal.acknowledged().len() as u64 >= plan.messages).then_some(());
        wait_for(IN_THE_END, all);
        journal.end();
        seen
    })?;
    sink.recover();
    let arrived = |entries: &[Entry]| &journal.acknowledged() - &taken(entries);
    let calm = || is_calm(&shop[0], plan.what).then_some(());
    let calmed = wait_for(IN_THE_END, calm).is_some();
    shop[0].app.kill9();
    let rows = shop[0].rows()?.messages()?;
    let entries = read_log(&log)?;
    let mut verdict = judge(plan.what, &seen, &journal.acknowledged(), &goodbyes.said(), &entries, &rows);
    verdict.name = plan.name.to_owned();
    verdict.must(calmed, || format!("work is left after {IN_THE_END:?}; missing {:?}", arrived(&entries)));
    Ok(verdict)
}

fn kill_again_and_again(plan: &Plan, shop: &Shop, journal: &Journal) -> Result<Seen> {
    let mut dice = Dice::seeded(plan.seed);
    let mut seen = Seen::default();
    let each = plan.messages / plan.kills.max(1);
    for kill in 0..plan.kills {
        // One kill in eight comes while the program starts.
        let starting = dice.below(8) == 0;
        shop.app.launch(&[]);
        let life = if starting {
            seen.while_starting += 1;
            Duration::from_millis(dice.below(300))
        } else {
            if !shop.app.becomes_ready() {
                return Err(format!("it does not start after {kill} kills:\n{}", shop.app.logs()).into());
            }
            Duration::from_millis(
                SHORTEST_LIFE_MS + dice.below(LONGEST_LIFE.as_millis() as u64 - SHORTEST_LIFE_MS),
            )
        };
        live(life, kill * each, each, journal);
        shop.app.kill9();
        // Also of one that had not said yet that it was ready: work begins before.
        let in_hand = shop.rows()?.handing_off()?;
        seen.kills.push(Kill { at_us: now_us(), in_hand });
    }
    Ok(seen)
}

/// One life: its share of the work, spread over the longest life there is.
fn live(life: Duration, before: u64, each: u64, journal: &Journal) {
    const STEP: Duration = Duration::from_millis(10);
    let mut lived = Duration::ZERO;
    while lived < life {
        let share = (each as u128 * lived.as_millis()).div_ceil(LONGEST_LIFE.as_millis()) as u64;
        journal.allow(before + share);
        let step = STEP.min(life - lived);
        pause(step);
        lived += step;
    }
}

/// Whether nothing is due, in hand or waiting. Offers that were put off wait for minutes, and may.
fn is_calm(shop: &Shop, what: What) -> bool {
    // The page of metrics is kept for some seconds; whoever waits for calm has the time.
    let count = |name: &str| shop.metric(name);
    let states = ["queued", "handing_off", "deferred"].map(|state| {
        let waits = state == "deferred" && what == What::Offers;
        if waits { Some(0) } else { count(&format!("aftercare_messages{{state=\"{state}\"}}")).or(Some(0)) }
    });
    let jobs = ["running", "due"].map(|state| count(&format!("aftercare_jobs{{state=\"{state}\"}}")));
    states.iter().chain(&jobs).all(|count| *count == Some(0))
}
