//! Workers that sleep past their lease (SIGSTOP) and come back (SIGCONT) when another has done their work.

use std::collections::BTreeSet;
use std::thread;
use std::time::Duration;

use kernel::Dice;
use rig::now::pause;
use rig::postgres::Cluster;
use rig::process::wait_for;
use rig::sink::{Answer, Mix, Options, Sink};

use crate::posting::{Journal, What};
use crate::shop::{Kind, Shop, now, taken};
use crate::{Form, Result, Verdict};

/// Longer than a lease is kept and its work takes.
const IN_THE_END: Duration = Duration::from_secs(120);
/// What a worker that is back is given to do harm.
const BACK_FOR: Duration = Duration::from_secs(6);

/// What one round has shown.
#[derive(Default)]
struct Round {
    stopped: u64,
    out: u64,
    by_the_stale: u64,
    changed: u64,
    missing: u64,
    fenced: u64,
}

/// Several nodes are stopped at once, so that one lease's time tries many.
pub fn run(form: Form, seed: u64) -> Result<Verdict> {
    let (rounds, nodes) = match form {
        Form::Short => (1, 3),
        Form::Long => (20, 6),
    };
    let cluster = Cluster::start();
    let mut dice = Dice::seeded(seed);
    let mut sum = Round::default();
    for _ in 0..rounds {
        let round = round(&cluster, nodes, &mut dice)?;
        sum.stopped += round.stopped;
        sum.out += round.out;
        sum.by_the_stale += round.by_the_stale;
        sum.changed += round.changed;
        sum.missing += round.missing;
        sum.fenced += round.fenced;
    }
    let mut verdict = Verdict::of("stale");
    verdict.figure("workers stopped", sum.stopped);
    verdict.figure("messages out when they were", sum.out);
    verdict.figure("final dots after they came back", sum.by_the_stale);
    verdict.figure("outcomes of theirs that were fenced off", sum.fenced);
    verdict.figure("rows changed by them", sum.changed);
    verdict.must(sum.changed == 0, || format!("{} rows changed", sum.changed));
    verdict.must(sum.missing == 0, || format!("{} acknowledged and lost", sum.missing));
    verdict.must(sum.by_the_stale <= sum.out, || "more was sent by the stale than was out".to_owned());
    verdict.must(sum.out > 0, || "nothing was out when they were stopped: nothing was tried".to_owned());
    verdict.must(sum.fenced > 0, || {
        "none of them had an outcome to record when it was back: nothing was tried".to_owned()
    });
    Ok(verdict)
}

fn round(cluster: &Cluster, nodes: usize, dice: &mut Dice) -> Result<Round> {
    // Every answer takes half a second, so that there is always something in hand.
    let mix = Mix { seed: dice.bits(), shares: vec![(Answer::Drip, 1_000)] };
    let folder = rig::process::Folder::fresh("stale")?;
    let sink = Sink::start(Options { log: Some(folder.join("log")), mix: Some(mix), look: None })?;
    let kind = Kind {
        database_url: Some(cluster.url(&cluster.fresh_schema())),
        mail_options: "sessions=4".to_owned(),
        ..Kind::default()
    };
    let shops = (0..nodes).map(|_| Shop::open(&sink, &kind)).collect::<Result<Vec<_>>>()?;
    let journal = Journal::new(What::Orders, 1, now());
    thread::scope(|scope| {
        journal.post_to(scope, &shops, nodes);
        journal.allow(20 * nodes as u64);
        pause(Duration::from_millis(600 + dice.below(600)));
        let stopped = shops.iter().try_for_each(|shop| shop.signal("-STOP"));
        journal.end();
        // A poster waits for a node that sleeps until its patience ends; it goes home when the node is back.
        let round = stopped.and_then(|()| while_they_sleep(&shops, &sink, &kind, &journal));
        for shop in &shops {
            shop.app.kill9();
        }
        round
    })
}

fn while_they_sleep(shops: &[Shop], sink: &Sink, kind: &Kind, journal: &Journal) -> Result<Round> {
    let rows = shops[0].rows()?;
    let out = rows.handing_off()?.len() as u64;
    let acknowledged = journal.acknowledged();
    // Only to work: whatever it is called by, the journal has what was acknowledged before it came.
    let awake = Shop::open(sink, kind)?;
    let done = || {
        let rest: BTreeSet<u64> = &acknowledged - &taken(&sink.entries());
        let all_final = rows.messages().is_ok_and(|all| all.values().all(|message| message.is_final));
        (rest.is_empty() && all_final).then_some(())
    };
    wait_for(IN_THE_END, done);
    let before = rows.messages()?;
    let dots_before = sink.entries().len();
    shops.iter().try_for_each(|shop| shop.signal("-CONT"))?;
    pause(BACK_FOR);
    let after = rows.messages()?;
    // What the sleepers take in from now on is new work, and changes no row that was there.
    let changed = before.iter().filter(|(key, message)| after.get(*key) != Some(*message)).count() as u64;
    let entries = sink.entries();
    let known: BTreeSet<&str> = before.keys().map(String::as_str).collect();
    let late =
        entries[dots_before..].iter().filter(|entry| known.contains(crate::shop::key_of(&entry.message_id)));
    let fenced = shops.iter().map(|shop| shop.app.logs().matches("jobs.lease_lost").count() as u64).sum();
    let missing = (&acknowledged - &taken(&entries)).len() as u64;
    let round = Round {
        stopped: shops.len() as u64,
        out,
        by_the_stale: late.count() as u64,
        changed,
        missing,
        fenced,
    };
    drop(awake);
    Ok(round)
}
