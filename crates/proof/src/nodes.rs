//! Three nodes on one PostgreSQL, of which one is killed: how long until somebody goes on with its work.

use std::collections::{BTreeMap, BTreeSet};
use std::thread;
use std::time::Duration;

use kernel::Dice;
use rig::now::{now_us, pause};
use rig::postgres::Cluster;
use rig::process::{Folder, wait_for};
use rig::sink::{Answer, Mix, Options, Sink};

use crate::posting::{Journal, What};
use crate::rows::Rows;
use crate::shop::{Kind, Shop, key_of, now, taken};
use crate::verdict::percentile;
use crate::{Form, Result, Verdict};

const NODES: usize = 3;
/// What is promised.
const PROMISED_MS: u64 = 45_000;
/// A living node is done with what it has in hand by then.
const IN_HAND: Duration = Duration::from_secs(5);
const IN_THE_END: Duration = Duration::from_secs(120);

/// Kills one node after the other, each under load.
pub fn run(form: Form, seed: u64) -> Result<Verdict> {
    let rounds = match form {
        Form::Short => 2,
        Form::Long => 20,
    };
    let cluster = Cluster::start();
    let folder = Folder::fresh("nodes")?;
    let mix = Mix { seed, shares: vec![(Answer::Drip, 1_000)] };
    let sink = Sink::start(Options { log: Some(folder.join("log")), mix: Some(mix), look: None })?;
    let kind = Kind {
        database_url: Some(cluster.url("nodes")),
        mail_options: "sessions=8".to_owned(),
        ..Kind::default()
    };
    let shops = (0..NODES).map(|_| Shop::open(&sink, &kind)).collect::<Result<Vec<_>>>()?;
    let journal = Journal::new(What::Orders, 1, now());
    let mut waits_ms = Vec::new();
    let worked: Result<()> = thread::scope(|scope| {
        journal.post_to(scope, &shops, NODES);
        let mut dice = Dice::seeded(seed);
        let worked: Result<()> = (0..rounds).try_for_each(|round| {
            let waits = kill_one(&shops, (round as usize) % NODES, &sink, &journal, &mut dice)?;
            waits_ms.extend(waits);
            Ok(())
        });
        journal.end();
        worked
    });
    worked.and_then(|()| judge(&sink, &journal, rounds, waits_ms))
}

/// Loads all nodes, kills one, and returns how long each message waited that it had in hand.
fn kill_one(
    shops: &[Shop],
    which: usize,
    sink: &Sink,
    journal: &Journal,
    dice: &mut Dice,
) -> Result<Vec<u64>> {
    let rows = shops[(which + 1) % NODES].rows()?;
    let posted = journal.acknowledged().len() as u64;
    for step in 1..=20 {
        journal.allow(posted + step * 6);
        pause(Duration::from_millis(90 + dice.below(20)));
    }
    shops[which].app.kill9();
    let killed_us = now_us();
    let held = rows.leases()?;
    pause(IN_HAND);
    // Who lives has ended what it had in hand; what is still held under the same token was the dead one's.
    let of_the_dead: BTreeSet<String> =
        held.intersection(&rows.leases()?).map(|(id, _)| id.clone()).collect();
    let keys = keys_of(&rows, &of_the_dead)?;
    let waits = || {
        let waits = first_after(sink, &keys, killed_us);
        (waits.len() == keys.len()).then_some(waits)
    };
    let waits = wait_for(IN_THE_END, waits).unwrap_or_else(|| {
        let mut waits = first_after(sink, &keys, killed_us);
        waits
            .extend((waits.len()..keys.len()).map(|n| (format!("never {n}"), IN_THE_END.as_millis() as u64)));
        waits
    });
    shops[which].app.restart();
    Ok(waits.into_values().collect())
}

fn keys_of(rows: &Rows, ids: &BTreeSet<String>) -> Result<BTreeSet<String>> {
    let messages = rows.messages()?.into_iter();
    Ok(messages.filter(|(_, message)| ids.contains(&message.id)).map(|(key, _)| key).collect())
}

/// How long after a moment each of these messages came to its next final dot, in milliseconds.
fn first_after(sink: &Sink, keys: &BTreeSet<String>, moment_us: u64) -> BTreeMap<String, u64> {
    let mut first = BTreeMap::new();
    for entry in sink.entries().iter().filter(|entry| entry.at_us > moment_us) {
        let key = key_of(&entry.message_id);
        if keys.contains(key) {
            first.entry(key.to_owned()).or_insert((entry.at_us - moment_us) / 1_000);
        }
    }
    first
}

fn judge(sink: &Sink, journal: &Journal, rounds: u64, mut waits_ms: Vec<u64>) -> Result<Verdict> {
    let acknowledged = journal.acknowledged();
    let all = || (&acknowledged - &taken(&sink.entries())).is_empty().then_some(());
    let arrived = wait_for(IN_THE_END, all).is_some();
    let mut verdict = Verdict::of("nodes");
    verdict.figure("nodes killed", rounds);
    verdict.figure("messages they had in hand", waits_ms.len());
    let (half, most) = (percentile(&mut waits_ms, 50), percentile(&mut waits_ms, 99));
    verdict.figure("gone on with after, p50 ms", half);
    verdict.figure("p99 ms", most);
    verdict.figure("acknowledged", acknowledged.len());
    verdict
        .must(!waits_ms.is_empty(), || "the killed nodes had nothing in hand: nothing was tried".to_owned());
    verdict.must(most <= PROMISED_MS, || format!("p99 is {most} ms, promised are {PROMISED_MS}"));
    verdict.must(arrived, || format!("lost: {:?}", &acknowledged - &taken(&sink.entries())));
    Ok(verdict)
}
