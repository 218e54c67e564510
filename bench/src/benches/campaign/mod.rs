//! A campaign: many personalised mails through `messaging`'s own verb, decided, rendered, signed and sent one by one.

mod audience;
mod letter;
mod play;
mod taken;

use std::path::Path;
use std::time::Duration;

use kernel::{Error, Result};
use rig::process::wait_for;

use self::audience::Audience;
pub use self::play::{PLAY, play};
use self::play::{Player, Signing};
use self::taken::Taken;
use crate::anchors::smtp_source;
use crate::protocol::{Bench, Contender, Measured, Rests, Round, compare, measured, ratio, spread};
use crate::report::{Bound, Figure, Plot, Section};
use crate::stats::Spread;
use crate::{machine, shop};

/// Sessions of the source and of the program.
const SESSIONS: u32 = 16;
/// No mail for so long, and something is wrong.
const PATIENCE: Duration = Duration::from_secs(30);

/// Runs all parts.
pub fn run(bench: &mut Bench) -> Result<Section> {
    let recipients = bench.pick(20_000, 6_000);
    let audience = audience::queued(&bench.folder, recipients)?;
    let rounds = against_source(bench, &audience)?;
    let signed = signed(bench, &audience)?;
    let many = bench.pick(1_000_000, 20_000);
    let growth = growth(&bench.folder, many)?;
    let mut figures = rate_figures(&rounds);
    figures.extend(signed_figures(&rounds, &signed));
    figures.push(growth);
    let about = about(recipients);
    let plots = vec![plot(&rounds, &signed)];
    let title = "A campaign: personalised mails to the mail server (G2)".to_owned();
    Ok(Section { title, about, figures, plots, rounds: [rounds, signed].concat(), ..Section::default() })
}

fn about(recipients: u64) -> Vec<String> {
    vec![
        format!(
            "Marketing mails for {recipients} recipients are queued by `messaging::queue`; the clock starts with the first mail at the \
             sink and ends with the last. Each is looked at, decided by the whole table of rules (consent, switches, suppressions, \
             pressure, quiet hours), rendered from its frozen context (ten fields, a condition, a list of products, HTML and text), \
             given twelve links signed for its reader and signed `List-Unsubscribe` headers, marked durably before its final dot and \
             recorded durably after it. The program is a process of its own with {SESSIONS} sessions."
        ),
        "The anchor is `smtp-source -d -l 10240 -s 16` into a sink that only counts, where the program's also keeps each mail: \
         the same bytes again and again, from memory. \
         In the same run every mail is checked after the clock has stopped: each recipient exactly once, every signed link good and \
         for that recipient."
            .to_owned(),
    ]
}

/// Sends the whole audience once from a copy of its database: what the sink saw, and what it cost.
fn send(folder: &Path, audience: &Audience, signing: Signing, sink: &Taken) -> Result<Measured> {
    sink.forget();
    let database = shop::copy_of(&audience.database, folder, "campaign")?;
    let player = Player::start(&database, &sink.mail_url(SESSIONS), signing)?;
    let begun = wait_for(PATIENCE, || (sink.count() > 0).then(|| machine::rss_anon_mb(player.pid())));
    let idle_mb = begun.ok_or_else(|| Error::internal("the campaign does not begin"))?;
    let cpu_before = machine::cpu_s(player.pid());
    let most_mb = wait_for_all(&player, audience.recipients, sink)?;
    let cpu_s = machine::cpu_s(player.pid()) - cpu_before;
    drop(player);
    shop::remove(&database)?;
    Ok(measured([
        ("rate", sink.per_second()),
        ("cpu_us", cpu_s * 1e6 / audience.recipients as f64),
        ("bytes", sink.mean_bytes()),
        ("growth_mb", most_mb - idle_mb),
    ]))
}

/// Waits for every mail; the most memory that the program had meanwhile.
fn wait_for_all(player: &Player, recipients: u64, sink: &Taken) -> Result<f64> {
    let (mut most_mb, mut seen) = (0.0_f64, sink.count());
    while seen < recipients {
        let progress = wait_for(PATIENCE, || {
            most_mb = most_mb.max(machine::rss_anon_mb(player.pid()));
            let now = sink.count();
            (now == recipients || now > seen + 1_000).then_some(now)
        });
        match progress {
            Some(now) => seen = now,
            None if sink.count() > seen => seen = sink.count(),
            None => return Err(Error::internal(format!("only {seen} of {recipients} mails came"))),
        }
    }
    Ok(most_mb)
}

fn against_source(bench: &mut Bench, audience: &Audience) -> Result<Vec<Round>> {
    let messages = bench.pick(40_000, 10_000);
    let (sink, plain) = (Taken::start()?, taken::plain_sink()?);
    let folder = bench.folder.clone();
    compare(
        bench,
        Rests::OnTheDisk,
        &mut [
            Contender {
                name: "smtp-source",
                run: Box::new(|| {
                    let rate = smtp_source::per_second(plain.address().port(), SESSIONS, messages)?;
                    Ok(measured([("rate", rate)]))
                }),
            },
            Contender {
                name: "aftercare",
                run: Box::new(|| {
                    let found = send(&folder, audience, Signing::None, &sink)?;
                    sink.check(audience)?;
                    Ok(found)
                }),
            },
        ],
    )
}

/// The same with DKIM, by each kind of key.
fn signed(bench: &mut Bench, audience: &Audience) -> Result<Vec<Round>> {
    let (sink, folder) = (Taken::start()?, bench.folder.clone());
    let keys = play::dkim_keys(&folder)?;
    let send = |signing: Signing| {
        let found = send(&folder, audience, signing, &sink)?;
        sink.check(audience)?;
        Ok(found)
    };
    let rounds = bench.rounds;
    bench.rounds = rounds.min(3);
    let measured = compare(
        bench,
        Rests::OnTheDisk,
        &mut [
            Contender { name: "Ed25519", run: Box::new(|| send(Signing::Key("ed1", keys.0.clone()))) },
            Contender { name: "RSA-2048", run: Box::new(|| send(Signing::Key("rsa1", keys.1.clone()))) },
        ],
    );
    bench.rounds = rounds;
    measured
}

/// How much the program grows while it works through very many.
fn growth(folder: &Path, recipients: u64) -> Result<Figure> {
    let audience = audience::queued(folder, recipients)?;
    let sink = Taken::counting()?;
    let found = send(folder, &audience, Signing::None, &sink)?;
    shop::remove(&audience.database)?;
    let grown = found.get("growth_mb").copied().unwrap_or_default();
    let what = format!("G2e growth of RssAnon over {recipients} recipients");
    Ok(Figure::new(&what, Spread::single(grown), "MB", "listmonk: 57 MB at its peak, its own words")
        .floor(Bound::AtMost(64.0)))
}

fn rate_figures(rounds: &[Round]) -> Vec<Figure> {
    let times = ratio(rounds, ("aftercare", "rate"), ("smtp-source", "rate"));
    let of = |what: &str| spread(rounds, "aftercare", what);
    let source = format!("smtp-source -s 16: {:.0} per second", spread(rounds, "smtp-source", "rate").median);
    vec![
        Figure::new(
            "G2a mails, times `smtp-source -s 16` into a sink that only counts",
            times,
            "×",
            "smtp-source -s 16",
        )
        .floor(Bound::AtLeast(0.8))
        .moonshot(Bound::AtLeast(1.25)),
        Figure::new("mails taken by the sink", of("rate"), "per second", &source),
        Figure::new(
            "G2d processor time of a mail, the program's",
            of("cpu_us"),
            "µs",
            "two processors, shared with the sink",
        )
        .floor(Bound::AtMost(60.0)),
        Figure::new("bytes of a mail on the wire", of("bytes"), "", "10,240 of the source"),
    ]
}

fn signed_figures(rounds: &[Round], signed: &[Round]) -> Vec<Figure> {
    let plain = format!("without: {:.0} µs", spread(rounds, "aftercare", "cpu_us").median);
    let line = |who: &str, what: &str, title: String, unit: &str, beside: &str| {
        Figure::new(&title, spread(signed, who, what), unit, beside)
    };
    let both = ["Ed25519", "RSA-2048"].into_iter().flat_map(|who| {
        [
            line(who, "rate", format!("G2c mails signed by DKIM, {who}"), "per second", ""),
            line(who, "cpu_us", format!("processor time of one, {who}"), "µs", &plain),
        ]
    });
    both.collect()
}

fn plot(rounds: &[Round], signed: &[Round]) -> Plot {
    let source = spread(rounds, "smtp-source", "rate");
    Plot::Bars {
        title: "Mails per second".to_owned(),
        bars: vec![
            ("smtp-source -s 16, one text".to_owned(), source),
            ("Aftercare, each its own".to_owned(), spread(rounds, "aftercare", "rate")),
            ("with DKIM, Ed25519".to_owned(), spread(signed, "Ed25519", "rate")),
            ("with DKIM, RSA-2048".to_owned(), spread(signed, "RSA-2048", "rate")),
        ],
        goals: vec![
            ("floor, 0.8 ×".to_owned(), 0.8 * source.median),
            ("moonshot, 1.25 ×".to_owned(), 1.25 * source.median),
        ],
    }
}
