//! Pictures as they come out, and what becomes of data that nobody expects.

use super::*;
use crate::{Pages, Template};

const SHOWN: Template = Template {
    name: "t/chart.html",
    source: "{% import \"web/chart.html\" as chart %}{{ chart.figure(figure) }}{{ chart.spark(spark) }}",
};

fn shown(figure: &Figure) -> String {
    let pages = Pages::new(&[&[SHOWN]]).unwrap();
    let context = serde_json::json!({ "figure": figure, "spark": Spark::of(&[0, 2, 1]) });
    pages.render("t/chart.html", &context).unwrap()
}

fn line(values: &[Option<u64>]) -> Line {
    let series = Series { name: "Sent".to_owned(), values: values.to_vec() };
    let places = (1..=values.len()).map(|day| format!("{day} Nov")).collect();
    Line { unit: Unit::Count, place: "Day", places, series: vec![series], prior: None, band: None }
}

fn plot_of(line: &Line) -> serde_json::Value {
    serde_json::to_value(line.figure("Sent", "Nothing special.")).unwrap()["plot"].clone()
}

#[test]
fn a_line_is_bare_paths_in_a_square_and_words_beside_it() {
    let mut line = line(&[Some(0), Some(10), None, Some(5)]);
    line.prior = Some(Series { name: "A year before".to_owned(), values: vec![Some(4); 4] });
    line.band =
        Some(Band { name: "Likely".to_owned(), values: vec![None, Some((8, 20)), Some((8, 12)), None] });
    let plot = plot_of(&line);
    assert_eq!(plot["lines"], "M0 100H100M0 75H100M0 50H100M0 25H100M0 0H100");
    assert_eq!(plot["ticks"], serde_json::json!(["20", "15", "10", "5", "0"]));
    let paths = plot["paths"].as_array().unwrap();
    let drawn: Vec<_> =
        paths.iter().map(|path| (path["class"].as_str().unwrap(), path["d"].as_str().unwrap())).collect();
    let expected = [
        ("band", "M37.5 0L62.5 40L62.5 60L37.5 60Z"),
        ("was", "M12.5 80L37.5 80L62.5 80L87.5 80"),
        ("c1", "M12.5 100L37.5 50"),
        ("c1 dot", "M87.5 75h0"),
    ];
    assert_eq!(drawn, expected);
    let legend = plot["legend"].as_array().unwrap();
    let said: Vec<_> =
        legend.iter().map(|row| format!("{}: {}", row["name"], row["last"]).replace('"', "")).collect();
    assert_eq!(said, ["Sent: 5", "A year before: 4", "Likely: 8 to 12"]);
    let html = shown(&line.figure("Sent", "Fewer than a year before."));
    assert!(html.contains("<p>Fewer than a year before.</p>"), "{html}");
    assert!(
        html.contains("<th scope=\"row\"><bdi>3 Nov</bdi></th><td><bdi>–</bdi></td><td><bdi>4</bdi></td><td><bdi>8 to 12</bdi></td>"),
        "{html}"
    );
    assert!(html.contains("preserveAspectRatio=\"none\" aria-hidden=\"true\""), "{html}");
    assert!(!html.contains("style="), "the content security policy would drop it: {html}");
}

#[test]
fn data_that_nobody_expects_is_drawn_or_said() {
    assert_eq!(plot_of(&line(&[]))["kind"], "nothing");
    assert_eq!(plot_of(&line(&[None, None]))["kind"], "nothing");
    let d = |values: &[Option<u64>]| plot_of(&line(values))["paths"][0]["d"].clone();
    assert_eq!(d(&[Some(3)]), "M50 0h0", "one point is a dot");
    assert_eq!(d(&[Some(0), Some(0)]), "M25 100L75 100", "nothing lies on nought");
    assert_eq!(d(&[Some(u64::MAX), Some(0)]), "M25 7.77L75 100");
    // Fewer or more values than places: what is not known is a gap, what has no place is nowhere.
    let mut uneven = line(&[Some(1), Some(1)]);
    uneven.series[0].values = vec![Some(1)];
    assert_eq!(plot_of(&uneven)["paths"][0]["d"], "M25 0h0");
    uneven.series[0].values = vec![Some(1), Some(1), Some(1_000)];
    assert_eq!(plot_of(&uneven)["ticks"], serde_json::json!(["1", "0"]));
}

#[test]
fn no_more_lines_are_drawn_than_can_be_told_apart_and_the_table_has_all() {
    let mut line = line(&[Some(1)]);
    line.series = (0..6).map(|nth| Series { name: format!("n{nth}"), values: vec![Some(nth)] }).collect();
    let figure = serde_json::to_value(line.figure("Six", "Six.")).unwrap();
    assert_eq!(figure["plot"]["paths"].as_array().unwrap().len(), 4);
    assert_eq!(figure["table"]["head"].as_array().unwrap().len(), 7);
    assert_eq!(figure["plot"]["ticks"][0], "3", "the axis is for what is drawn");
}

#[test]
fn bars_are_sorted_from_nought_and_the_rest_is_in_the_table() {
    let mut rows: Vec<_> = (0..14_u64).map(|nth| (format!("r{nth}"), nth)).collect();
    rows.push(("Too small".to_owned(), 26));
    let bars = Bars { unit: Unit::Count, heads: ("Reason", "Returns"), rows };
    let figure = serde_json::to_value(bars.figure("Why", "Most are too small.")).unwrap();
    let plot = &figure["plot"];
    assert_eq!(
        plot["bars"][0],
        serde_json::json!({ "name": "Too small", "value": "26", "d": "M0 0H100V100H0Z" })
    );
    assert_eq!(plot["bars"][1], serde_json::json!({ "name": "r13", "value": "13", "d": "M0 0H50V100H0Z" }));
    assert_eq!((plot["bars"].as_array().unwrap().len(), plot["more"].as_u64()), (12, Some(3)));
    assert_eq!(figure["table"]["rows"].as_array().unwrap().len(), 15);
    let of = |rows: Vec<(String, u64)>| Bars { rows, ..bars.clone() }.figure("Why", "None.");
    assert_eq!(of(Vec::new()).plot, Plot::Nothing);
    assert!(shown(&of(vec![("none".to_owned(), 0)])).contains("d=\"M0 0H0V100H0Z\""));
    assert!(shown(&of(vec![("all".to_owned(), u64::MAX)])).contains("18,446,744,073,709,551,615"));
}

const LIMITS: &[Limit] =
    &[Limit { at: 10, tone: "warn", word: "Watch" }, Limit { at: 30, tone: "bad", word: "Too many" }];

fn meter(part: u64, whole: u64) -> Meter {
    Meter { part, whole, of: "mails", enough: 1_000, limits: LIMITS }
}

#[test]
fn a_meter_says_in_words_which_limit_is_reached() {
    for (part, whole, value, tone, word) in [
        (0, 1_000, "0.00%", "ok", "Well"),
        (9, 10_000, "0.09%", "ok", "Well"),
        (10, 10_000, "0.10%", "warn", "Watch"),
        (29, 10_000, "0.29%", "warn", "Watch"),
        (30, 10_000, "0.30%", "bad", "Too many"),
        (1, 20, "5.00%", "info", "Too few to say"),
        (u64::MAX, u64::MAX, "100.00%", "bad", "Too many"),
    ] {
        let figure = serde_json::to_value(meter(part, whole).figure("Complaints", "Of a month.")).unwrap();
        let plot = &figure["plot"];
        assert_eq!(
            (plot["value"].as_str(), plot["tone"].as_str(), plot["word"].as_str()),
            (Some(value), Some(tone), Some(word))
        );
    }
    assert_eq!(meter(0, 0).figure("Complaints", "No mail was sent.").plot, Plot::Nothing);
    let html = shown(&meter(15, 10_000).figure("Complaints", "Of a month."));
    assert!(html.contains("Watch from 0.10% · Too many from 0.30%"), "{html}");
    assert!(html.contains("15 of 10,000 mails"), "{html}");
    assert!(
        html.contains("d=\"M0 0H37.5V100H0Z\"") && html.contains("d=\"M25 -40V140M75 -40V140\""),
        "{html}"
    );
}

#[test]
fn a_spark_has_no_words_and_any_values() {
    let html = shown(&line(&[]).figure("T", "F"));
    assert!(html.contains("<span class=\"spark\"><svg viewBox=\"0 0 100 100\""), "{html}");
    assert!(html.contains("d=\"M16.66 100L50 0L83.33 50\""), "{html}");
    let d = |values: &[u64]| serde_json::to_value(Spark::of(values)).unwrap()["d"].clone();
    assert_eq!((d(&[]), d(&[0]), d(&[u64::MAX, 0])), ("".into(), "M50 100h0".into(), "M25 0L75 100".into()));
}

#[test]
fn what_somebody_wrote_is_text_wherever_it_stands() {
    const EVIL: &str = "\"><script>alert(1)</script>";
    let mut evil = line(&[Some(1)]);
    evil.places = vec![EVIL.repeat(40)];
    evil.series[0].name = EVIL.to_owned();
    let bars = Bars { unit: Unit::Count, heads: ("a", "b"), rows: vec![(EVIL.to_owned(), 1)] };
    for figure in [evil.figure(EVIL, EVIL), bars.figure(EVIL, EVIL)] {
        let html = shown(&figure);
        assert!(html.contains("&lt;script&gt;") && !html.contains("<script"), "{html}");
    }
    let labels = plot_of(&evil)["labels"].clone();
    assert!(labels[0].as_str().unwrap().chars().count() <= 24, "a label is cut, and whole in the table");
}
