//! PostgreSQL itself, killed and restarted while the program works.

use std::collections::BTreeSet;
use std::thread;
use std::time::Duration;

use kernel::Dice;
use rig::now::pause;
use rig::postgres::Cluster;
use rig::process::{Folder, wait_for};
use rig::sink::{Options, Sink};

use crate::posting::{Journal, What};
use crate::shop::{Kind, Shop, by_number, now, taken};
use crate::{Form, Result, Verdict};

const IN_THE_END: Duration = Duration::from_secs(120);

/// Kills a PostgreSQL that waits for the disk, again and again.
pub fn run(form: Form, seed: u64) -> Result<Verdict> {
    let kills = match form {
        Form::Short => 6,
        Form::Long => 100,
    };
    let cluster = Cluster::start_durable();
    let folder = Folder::fresh("restart")?;
    let sink = Sink::start(Options { log: Some(folder.join("log")), ..Options::default() })?;
    let kind = Kind { database_url: Some(cluster.url("shop")), ..Kind::default() };
    let shop = [Shop::open(&sink, &kind)?];
    let journal = Journal::new(What::Orders, 1, now());
    thread::scope(|scope| {
        journal.post_to(scope, &shop, 8);
        journal.allow(u64::MAX >> 1);
        let mut dice = Dice::seeded(seed);
        for _ in 0..kills {
            pause(Duration::from_millis(300 + dice.below(1_200)));
            cluster.kill9();
            pause(Duration::from_millis(dice.below(700)));
            cluster.restart();
        }
        pause(Duration::from_secs(1));
        journal.end();
    });
    judge(&shop[0], &sink, &journal, kills)
}

fn judge(shop: &Shop, sink: &Sink, journal: &Journal, kills: u64) -> Result<Verdict> {
    let acknowledged = journal.acknowledged();
    let missing = || &acknowledged - &taken(&sink.entries());
    let arrived = wait_for(IN_THE_END, || missing().is_empty().then_some(())).is_some();
    let stored: BTreeSet<u64> = shop.rows()?.orders()?.iter().filter_map(|id| id.parse().ok()).collect();
    let unstored = &acknowledged - &stored;
    let comings = by_number(&sink.entries());
    let twice = comings.values().filter(|entries| entries.len() > 1).count();
    let mut verdict = Verdict::of("postgres-restart");
    verdict.figure("PostgreSQL killed", kills);
    verdict.figure("acknowledged", acknowledged.len());
    verdict.figure("of them not stored", unstored.len());
    verdict.figure("of them not sent", missing().len());
    verdict.figure("sent twice", twice);
    verdict.must(unstored.is_empty(), || format!("acknowledged and not stored: {unstored:?}"));
    verdict.must(arrived, || format!("never arrived: {:?}", missing()));
    verdict.must(twice == 0, || "this process lived and knows what it has sent, and repeated".to_owned());
    verdict.must(acknowledged.len() > 100, || "hardly anything was taken in".to_owned());
    Ok(verdict)
}
