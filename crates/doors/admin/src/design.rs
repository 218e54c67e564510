//! `/a/design`: every piece the pages are made of, in each of its states, for whoever builds one.

use axum::extract::State;
use kernel::{Result, Shop, ShopClock};
use orders::staff::OrderRow;
use serde::Serialize;
use timeline::Card;
use web::chart::{Band, Bars, Figure, Limit, Line, Meter, Series, Spark, Unit};
use web::{Failure, HtmlPage};

use crate::door::Door;

/// What `admin/design.html` is given as `page`. Real rows where there are some, so that their states are seen.
#[derive(Debug, Serialize)]
struct DesignPage {
    events: Vec<Card>,
    orders: Vec<OrderRow>,
    charts: Vec<Figure>,
    spark: Spark,
}

/// `GET /a/design`.
pub(crate) async fn show(State(door): State<Door>) -> Result<HtmlPage, Failure> {
    let page = door.db.read("staff.design", |r| {
        let (events, orders) = (timeline::latest(r, 3)?, orders::staff::latest(r, 5)?);
        let clock = ShopClock::new(&r.wired::<Shop>()?.zone, r.now);
        let (charts, spark) = (charts(), Spark::of(&[3, 5, 4, 8, 6, 0, 0, 9, 11, 10]));
        Ok(DesignPage { events: timeline::cards(&events, &clock), orders, charts, spark })
    });
    Ok(door.page("admin/design.html", "Pieces", &page.await?)?)
}

/// Each kind of chart in each of its states, with numbers made up for it.
fn charts() -> Vec<Figure> {
    let line = |unit, places, series| Line { unit, place: "Month", places, series, prior: None, band: None };
    let months = || {
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
            .map(str::to_owned)
            .to_vec()
    };
    let known = |values: &[u64]| values.iter().copied().map(Some).collect();
    let series = |name: &str, values: &[u64]| Series { name: name.to_owned(), values: known(values) };
    let year = [420, 460, 510, 480, 530, 610, 590, 640, 700, 690, 760, 820];
    let range = |nth: usize| {
        (nth > 5).then(|| (year[nth] - 30 * (nth as u64 - 5), year[nth] + 30 * (nth as u64 - 5)))
    };
    let mut gaps = series("Rewards", &[40, 80, 60, 90, 120, 140, 130, 160, 150, 190, 210, 240]);
    gaps.values[4] = None;
    vec![
        Line {
            prior: Some(series(
                "A year before",
                &[380, 390, 420, 400, 440, 470, 460, 480, 520, 530, 560, 600],
            )),
            band: Some(Band { name: "Likely".to_owned(), values: (0..12).map(range).collect() }),
            ..line(Unit::Count, months(), vec![series("People who came back", &year)])
        }
        .figure("A line", "More come back each month, and more than a year before."),
        line(
            Unit::Count,
            months(),
            vec![
                series("Confirmations", &year),
                series("Reviews", &[100, 120, 140, 130, 180, 200, 190, 220, 210, 260, 280, 300]),
                gaps,
                series("Help", &[20, 20, 30, 25, 35, 40, 30, 45, 50, 40, 60, 55]),
            ],
        )
        .figure("As many lines as can be told apart", "Where nothing is known there is a gap."),
        line(Unit::Percent, months()[..1].to_vec(), vec![series("Refused", &[12])])
            .figure("A line of one point", "One month so far."),
        line(Unit::Count, months(), vec![series("Sent", &[0; 12])])
            .figure("A line of noughts", "Nothing was sent."),
        line(Unit::Count, Vec::new(), Vec::new()).figure("A line of nothing", "No month is over yet."),
        Bars {
            unit: Unit::Count,
            heads: ("Reason", "Returns"),
            rows: [
                ("Too large", 34),
                ("Too small", 61),
                ("It looks different from what the picture of it promised", 12),
                ("Other", 0),
            ]
            .map(|(name, value)| (name.to_owned(), value))
            .to_vec(),
        }
        .figure("Bars", "Most come back because they are too small."),
        meter(3, 12_000).figure("A meter that is well", "Of the mails of thirty days."),
        meter(18, 12_000).figure("A meter to watch", "Of the mails of thirty days."),
        meter(60, 12_000).figure("A meter beyond its limit", "Of the mails of thirty days."),
        meter(1, 20).figure("A meter of too few", "Nothing is concluded from twenty mails."),
        meter(0, 0).figure("A meter of nothing", "No mail was sent in thirty days."),
    ]
}

fn meter(part: u64, whole: u64) -> Meter {
    const LIMITS: &[Limit] =
        &[Limit { at: 10, tone: "warn", word: "Watch" }, Limit { at: 30, tone: "bad", word: "Too many" }];
    Meter { part, whole, of: "mails", enough: 1_000, limits: LIMITS }
}
