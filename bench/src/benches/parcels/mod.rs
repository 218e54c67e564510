//! Parcels: what noticing first costs where very many are open, and the page of an order while many look at theirs.

mod detectors;
mod fill;
mod play;
mod scan;
mod viewers;
mod weight;

use kernel::Result;
use rig::postgres::Cluster;

use self::detectors::Place;
pub use self::play::{PLAY, play};
use crate::protocol::Bench;
use crate::report::Section;
use crate::shop;

/// Runs all parts on both engines.
pub fn run(bench: &mut Bench) -> Result<Section> {
    let cluster = Cluster::start_durable();
    let file = shop::sqlite_url(&bench.folder.join("parcels.db"));
    let server = cluster.url("parcels");
    let sqlite = Place { engine: "SQLite", url: &file, names: ["scan", "looks", "walk"] };
    let names = ["scan on PostgreSQL", "looks on PostgreSQL", "walk on PostgreSQL"];
    let postgres = Place { engine: "PostgreSQL", url: &server, names };
    let mut section = Section { title: "Parcels".to_owned(), about: about(bench), ..Section::default() };
    for place in [sqlite, postgres] {
        let found = detectors::run(bench, &place)?;
        section.figures.extend(found.figures);
        section.tables.push(found.table);
        section.rounds.extend(found.rounds);
    }
    shop::remove(&bench.folder.join("parcels.db"))?;
    let seen = viewers::run(bench, &cluster)?;
    section.figures.extend(seen.figures);
    section.tables.extend(seen.tables);
    section.rounds.extend(seen.rounds);
    Ok(section)
}

fn about(bench: &Bench) -> Vec<String> {
    let (parcels, looks) = detectors::sizes(bench);
    vec![
        format!(
            "*Noticing first.* {parcels} orders with an open parcel each: on its way, scanned once within the last day, to arrive \
             in five days, told of, and nothing wrong with it. A worker that knows the work on parcels and nothing else, in a process \
             of its own, does what is due: in each round it looks at {looks} parcels all over the table, durably, and walks once past \
             all orders that nobody has told to have left, which here is every one, to a new one at the end. It has to find that all \
             is well. The anchor is one plain scan: a `SELECT` of the columns that a look reads, over each of its {} tables from \
             beginning to end, streamed over one connection, in a process of its own too. Figures are for one parcel; the memory of \
             PostgreSQL's own processes is not counted.",
            scan::READ.len()
        ),
        viewers::about(bench),
    ]
}
