//! What it costs to notice first: looks and walks over very many open parcels, beside one plain scan of the same rows.

use kernel::Result;
use shipments::SWEEP_EVERY;

use super::fill::{self, Shape};
use super::play::{self, Errand, Part};
use crate::protocol::{Bench, Contender, Measured, Rests, Round, compare, ratio, spread};
use crate::report::{Bound, Figure, Table};
use crate::stats::Spread;

/// What a process may grow by, in MB, as with a campaign.
const MOST_MB: f64 = 64.0;
const DAY_S: f64 = 86_400.0;

/// An engine and what the contenders are called on it.
pub struct Place<'a> {
    /// The engine's name.
    pub engine: &'static str,
    /// Where the shop is.
    pub url: &'a str,
    /// The scan, the looks and the walk.
    pub names: [&'static str; 3],
}

/// What was measured on one engine.
pub struct Found {
    /// Every round.
    pub rounds: Vec<Round>,
    /// What came out.
    pub figures: Vec<Figure>,
    /// The same in absolute figures.
    pub table: Table,
}

/// How many parcels there are, and how many of them are looked at in one round.
pub fn sizes(bench: &Bench) -> (i64, i64) {
    bench.pick((1_000_000, 20_000), (20_000, 500))
}

/// Fills a shop and measures.
pub fn run(bench: &mut Bench, place: &Place<'_>) -> Result<Found> {
    let (parcels, looks) = sizes(bench);
    fill::fill(place.url, Shape { parcels, scans: 1, last: 0, messages: false })?;
    let rounds = rounds(bench, place, parcels, parcels / looks)?;
    let (figures, table) = (figures(&rounds, place, parcels, looks), table(&rounds, place));
    Ok(Found { rounds, figures, table })
}

/// Three at most: each reads every parcel twice.
fn rounds(bench: &mut Bench, place: &Place<'_>, parcels: i64, stride: i64) -> Result<Vec<Round>> {
    let send = |part: Part| play::send(&Errand { url: place.url.to_owned(), parcels, part });
    let mut next = 0;
    // Others each time, all over the table.
    let mut looks = || -> Result<Measured> {
        let from = next % stride;
        next += 1;
        send(Part::Looks { from, stride })
    };
    let [scan, look, walk] = place.names;
    let all = bench.rounds;
    bench.rounds = all.min(3);
    let measured = compare(
        bench,
        Rests::OnTheDisk,
        &mut [
            Contender { name: scan, run: Box::new(|| send(Part::Scan)) },
            Contender { name: look, run: Box::new(&mut looks) },
            Contender { name: walk, run: Box::new(|| send(Part::Walk)) },
        ],
    );
    bench.rounds = all;
    measured
}

fn figures(rounds: &[Round], place: &Place<'_>, parcels: i64, looks: i64) -> Vec<Figure> {
    let ([scan, look, walk], engine) = (place.names, place.engine);
    let times = |who: &str| ratio(rounds, (who, "us"), (scan, "us"));
    let of = |who: &str, what: &str| spread(rounds, who, what);
    let plain = format!("a plain scan: {:.1} µs", of(scan, "us").median);
    let grown = |who: &str, over: String| {
        let what = format!("growth of RssAnon over {over}, {engine}");
        let scanned = format!("the plain scan: {:.1} MB", of(scan, "growth_mb").median);
        Figure::new(&what, of(who, "growth_mb"), "MB", &scanned).floor(Bound::AtMost(MOST_MB))
    };
    let day = day_s(of(walk, "us").median, of(look, "us").median, parcels);
    let of_a_day = format!("{:.1} % of a day", day / DAY_S * 100.0);
    vec![
        grown(look, format!("{looks} looks at parcels out of {parcels}")),
        grown(walk, format!("a walk past {parcels} open parcels")),
        Figure::new(
            &format!("a look at a parcel, times its rows in a plain scan, {engine}"),
            times(look),
            "×",
            &plain,
        ),
        Figure::new(
            &format!("passing an order in a walk, times the same, {engine}"),
            times(walk),
            "×",
            &plain,
        ),
        Figure::new(
            &format!(
                "a day: {:.0} walks and a look at each of {parcels} parcels, by these figures, {engine}",
                walks_a_day()
            ),
            Spread::single(day),
            "s",
            &of_a_day,
        ),
    ]
}

fn walks_a_day() -> f64 {
    DAY_S / SWEEP_EVERY.as_secs_f64()
}

/// Seconds for all walks of a day and one look at each parcel.
fn day_s(walk_us: f64, look_us: f64, parcels: i64) -> f64 {
    (walks_a_day() * walk_us + look_us) * parcels as f64 / 1e6
}

fn table(rounds: &[Round], place: &Place<'_>) -> Table {
    let cell = |who: &str, what: &str| {
        let Spread { median, min, max } = spread(rounds, who, what);
        format!("{median:.1} ({min:.1}–{max:.1})")
    };
    let row = |(what, who): (&str, &str)| {
        vec![what.to_owned(), cell(who, "us"), cell(who, "cpu_us"), cell(who, "growth_mb")]
    };
    let [scan, look, walk] = place.names;
    let rows = [("its rows in a plain scan", scan), ("a look at it", look), ("passing it in a walk", walk)];
    Table {
        caption: format!("For one open parcel, on {}.", place.engine),
        head: ["", "µs", "µs of the process's processor time", "RssAnon grew by, MB"]
            .map(str::to_owned)
            .to_vec(),
        rows: rows.map(row).to_vec(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_has_six_walks_and_a_look_at_each() {
        assert_eq!(walks_a_day(), 6.0);
        assert_eq!(day_s(10.0, 100.0, 1_000_000), 160.0);
    }
}
