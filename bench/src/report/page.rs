//! The page `docs/performance.md`.

use std::fmt::Write as _;

use super::{Figure, Section, Table, plot_file};
use crate::floor::Class;
use crate::protocol::Round;
use crate::stats::Spread;

const HEAD: &str = "# Performance

This page is written by `./x bench`. Each bench replaces its own section; `./x bench NAME` measures one again. What stands
below \"What the profiles showed\" is written by hand, in [performance/told.md](performance/told.md).

## How it is measured

- **Rounds.** In each round the anchor and the candidate run once, in an order shuffled anew. The figure is the *median of
  the ratios within the rounds*, with the lowest and the highest in brackets. Nothing is judged by absolute time.
- **The disk.** Before and after each durable round, 4 KiB blocks are overwritten and flushed for 0.4 s. The median flush
  gives the round its class: FAST below 0.5 ms, SLOW from 1 ms. A round in which the class changed is repeated.
- **Noise.** Other work on the machine is watched for a second before each round; above a tenth of a processor the round
  waits up to a minute and is then marked *noisy*. Load, sink, anchor and candidate share the same processors.
- **Processor time** is user and system time of the candidate's process, from `/proc`.
- **Durable** means SQLite with `synchronous=FULL`, PostgreSQL with `synchronous_commit=on`; nothing is acknowledged before.
- **MB** is a million bytes, as in the goals.
- Raw figures of every round lie beside this page as JSON: `performance/NAME.json`.
";

/// The whole page.
pub(super) fn markdown(sections: &[Section], told: &str) -> String {
    let mut page = HEAD.to_owned();
    page.push_str("\n## The goals\n\n");
    page.push_str(&goals(sections));
    for section in sections {
        page.push_str(&chapter(section));
    }
    if !told.is_empty() {
        let _ = write!(page, "\n{}\n", told.trim_end());
    }
    page
}

/// One line for each figure that has a goal.
fn goals(sections: &[Section]) -> String {
    let mut lines = "| goal | floor | moonshot | measured | reached |\n|---|---|---|---|---|\n".to_owned();
    for figure in sections.iter().flat_map(|section| &section.figures) {
        let Some(verdict) = figure.verdict() else { continue };
        let bound = |bound: Option<super::Bound>| {
            bound.map_or("–".to_owned(), |bound| {
                let sign = if matches!(bound, super::Bound::AtLeast(_)) { "≥" } else { "≤" };
                format!("{sign} {}", with_unit(bound.value(), &figure.unit))
            })
        };
        let _ = writeln!(
            lines,
            "| {} | {} | {} | {} | {verdict} |",
            figure.what,
            bound(figure.floor),
            bound(figure.moonshot),
            spread(figure),
        );
    }
    lines
}

fn chapter(section: &Section) -> String {
    let mut text = format!("\n## {}\n\n", section.title);
    for paragraph in &section.about {
        let _ = write!(text, "{paragraph}\n\n");
    }
    let _ = write!(text, "*{}*\n\n", origin(section));
    text.push_str("| what | measured | beside |\n|---|---|---|\n");
    for figure in &section.figures {
        let _ = writeln!(text, "| {} | {} | {} |", figure.what, spread(figure), figure.beside);
    }
    for (number, picture) in section.plots.iter().enumerate() {
        let title = match picture {
            super::Plot::Bars { title, .. } | super::Plot::Lines { title, .. } => title,
        };
        let _ = write!(text, "\n![{title}](performance/{})\n", plot_file(&section.name, number));
    }
    for table in &section.tables {
        text.push_str(&rows(table));
    }
    text
}

/// Where the figures come from, in one line.
fn origin(section: &Section) -> String {
    let machine = &section.machine;
    let commit = match machine.commit.strip_suffix('+') {
        Some(commit) => {
            format!("measured from a changed tree: commit {commit} and what was not committed yet")
        }
        None => format!("commit {}", machine.commit),
    };
    let mut words = format!(
        "{}, {commit}. {} × {}, {:.0} GiB, {}.",
        machine.date, machine.cores, machine.cpu, machine.memory_gib, machine.system
    );
    let counted: Vec<&Round> = section.rounds.iter().filter(|round| round.counts).collect();
    if !counted.is_empty() {
        let noisy = counted.iter().filter(|round| round.noisy).count();
        let _ = write!(words, " {}; {noisy} noisy", comparisons(&counted));
        let repeated = section.rounds.len() - counted.len();
        let _ = write!(words, ", {repeated} repeated.");
        let flushes =
            counted.iter().filter_map(|round| round.flush_ms).map(|(before, after)| (before + after) / 2.0);
        let flush = Spread::of(flushes);
        if flush.median > 0.0 {
            let mut classes: Vec<&str> =
                counted.iter().filter_map(|round| round.class).map(Class::word).collect();
            classes.dedup();
            let _ = write!(words, " Flush {:.2} ms ({}).", flush.median, classes.join(", "));
        }
    }
    if section.quick {
        words.push_str(" A quick run: a glance, no result.");
    }
    words
}

/// How many rounds each comparison had. One is known by who took part in it.
fn comparisons(rounds: &[&Round]) -> String {
    let mut counts: Vec<(String, usize)> = Vec::new();
    for round in rounds {
        let who = round.results.keys().map(String::as_str).collect::<Vec<_>>().join(" and ");
        match counts.iter_mut().find(|(known, _)| *known == who) {
            Some((_, count)) => *count += 1,
            None => counts.push((who, 1)),
        }
    }
    match counts.as_slice() {
        [(_, count)] => format!("{count} rounds"),
        many => {
            let parts: Vec<String> = many.iter().map(|(who, count)| format!("{count} of {who}")).collect();
            format!("Rounds: {}", parts.join(", "))
        }
    }
}

fn rows(table: &Table) -> String {
    let line = |cells: &[String]| format!("| {} |\n", cells.join(" | "));
    let mut text = format!("\n{}\n\n{}", table.caption, line(&table.head));
    text.push_str(&line(&vec!["---".to_owned(); table.head.len()]));
    for row in &table.rows {
        text.push_str(&line(row));
    }
    text
}

fn spread(figure: &Figure) -> String {
    let Spread { median, min, max } = figure.value;
    let middle = with_unit(median, &figure.unit);
    if min == max { middle } else { format!("{middle} ({}–{})", number(min), number(max)) }
}

fn with_unit(value: f64, unit: &str) -> String {
    match unit {
        "" => number(value),
        "×" => format!("{} ×", number(value)),
        unit => format!("{} {unit}", number(value)),
    }
}

/// As many digits as mean something.
pub(super) fn number(value: f64) -> String {
    match value.abs() {
        size if size >= 1_000.0 => thousands(value),
        size if size >= 100.0 => format!("{value:.0}"),
        size if size >= 10.0 => format!("{value:.1}"),
        0.0 => "0".to_owned(),
        _ => format!("{value:.2}"),
    }
}

fn thousands(value: f64) -> String {
    let digits = format!("{:.0}", value.abs());
    let mut text = if value < 0.0 { "-".to_owned() } else { String::new() };
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::machine::Machine;
    use crate::protocol::Measured;
    use crate::report::{Bound, Plot};

    #[test]
    fn numbers_have_as_many_digits_as_mean_something() {
        let written: Vec<_> = [0.0, 0.123, 4.0, 12.34, 123.4, 1_234.5, 1_234_567.0].map(number).to_vec();
        assert_eq!(written, ["0", "0.12", "4.00", "12.3", "123", "1,234", "1,234,567"]);
    }

    #[test]
    fn a_page_names_goal_figure_and_anchor() {
        let figure = Figure::new("orders", Spread { median: 2.5, min: 2.0, max: 3.0 }, "×", "Postfix")
            .floor(Bound::AtLeast(2.0));
        let plots = vec![Plot::Bars { title: "Rates".to_owned(), bars: Vec::new(), goals: Vec::new() }];
        let section = Section { name: "g1".to_owned(), figures: vec![figure], plots, ..Section::default() };
        let page = markdown(&[section], "## What the profiles showed\n");
        assert!(page.contains("| orders | ≥ 2.00 × | – | 2.50 × (2.00–3.00) | floor |"), "{page}");
        assert!(page.contains("| orders | 2.50 × (2.00–3.00) | Postfix |"));
        assert!(page.contains("![Rates](performance/g1-1.svg)") && page.contains("What the profiles showed"));
    }

    #[test]
    fn the_origin_counts_the_rounds_of_each_comparison_and_says_that_the_tree_was_changed() {
        let round = |who: [&str; 2]| Round {
            order: Vec::new(),
            flush_ms: None,
            class: None,
            foreign_percent: 0.0,
            noisy: false,
            counts: true,
            results: who.map(|name| (name.to_owned(), Measured::new())).into(),
        };
        let (mail, pages) = (["aftercare", "postfix"], ["nginx", "page"]);
        let machine =
            Machine { commit: "abc+".to_owned(), date: "2026-11-27".to_owned(), ..Machine::default() };
        let mut section =
            Section { machine, rounds: vec![round(mail), round(mail), round(pages)], ..Section::default() };
        let words = origin(&section);
        assert!(
            words.contains("Rounds: 2 of aftercare and postfix, 1 of nginx and page; 0 noisy, 0 repeated."),
            "{words}"
        );
        assert!(
            words.starts_with("2026-11-27, measured from a changed tree: commit abc and what"),
            "{words}"
        );
        section.machine.commit = "abc".to_owned();
        section.rounds.pop();
        let words = origin(&section);
        assert!(
            words.starts_with("2026-11-27, commit abc.") && words.contains(" 2 rounds; 0 noisy"),
            "{words}"
        );
    }
}
