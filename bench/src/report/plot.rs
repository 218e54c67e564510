//! Small pictures, written by hand as SVG. They choose their colours by the reader's light or dark.

use std::fmt::Write as _;

use super::Plot;
use super::page::number;
use crate::stats::Spread;

const WIDTH: f64 = 720.0;
const LEFT: f64 = 250.0;
const RIGHT: f64 = 96.0;
const TOP: f64 = 56.0;
const ROW: f64 = 34.0;
/// The height in which lines are drawn.
const FIELD: f64 = 220.0;
/// Colours of lines, in their order.
const LINES: usize = 4;

const STYLE: &str = "<style>
text{font:13px system-ui,sans-serif;fill:#1f2328}
.t{font-weight:600;font-size:15px}.s{fill:#59636e}
.g{stroke:#d1d9e0}.b{fill:#0b6e72}.w{stroke:#1f2328;stroke-width:1.5}.m{stroke:#b35900;stroke-width:1.5;stroke-dasharray:5 4}.mt{fill:#b35900}
.l0,.l1,.l2,.l3{fill:none;stroke-width:2.5}.l0{stroke:#0b6e72}.l1{stroke:#b35900}.l2{stroke:#6639ba}.l3{stroke:#59636e}
.d0{fill:#0b6e72}.d1{fill:#b35900}.d2{fill:#6639ba}.d3{fill:#59636e}
@media(prefers-color-scheme:dark){text{fill:#f0f6fc}.s{fill:#9198a1}.g{stroke:#3d444d}.b{fill:#3fb6ba}.w{stroke:#f0f6fc}.m{stroke:#f0883e}.mt{fill:#f0883e}
.l0{stroke:#3fb6ba}.l1{stroke:#f0883e}.l2{stroke:#ab7df8}.l3{stroke:#9198a1}.d0{fill:#3fb6ba}.d1{fill:#f0883e}.d2{fill:#ab7df8}.d3{fill:#9198a1}}
</style>";

/// The picture as a file.
pub(super) fn svg(plot: &Plot) -> String {
    match plot {
        Plot::Bars { title, bars, goals } => bars_svg(title, bars, goals),
        Plot::Lines { title, steps, lines } => lines_svg(title, steps, lines),
    }
}

fn frame(title: &str, height: f64, body: &str) -> String {
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" width=\"{WIDTH}\" height=\"{height}\" role=\"img\" aria-label=\"{title}\">\n{STYLE}\n<text class=\"t\" x=\"12\" y=\"26\">{title}</text>\n{body}</svg>\n",
        title = escaped(title),
    )
}

fn bars_svg(title: &str, bars: &[(String, Spread)], goals: &[(String, f64)]) -> String {
    let most = bars.iter().map(|(_, value)| value.max).chain(goals.iter().map(|(_, at)| *at));
    let most = most.fold(f64::MIN_POSITIVE, f64::max);
    let x = |value: f64| LEFT + value / most * (WIDTH - LEFT - RIGHT);
    let bottom = TOP + ROW * bars.len() as f64;
    let mut body = String::new();
    for (at, (name, value)) in bars.iter().enumerate() {
        let y = TOP + ROW * at as f64;
        let _ = writeln!(
            body,
            "<text x=\"{:.0}\" y=\"{:.0}\" text-anchor=\"end\">{}</text>",
            LEFT - 10.0,
            y + 19.0,
            escaped(name)
        );
        let _ = writeln!(
            body,
            "<rect class=\"b\" x=\"{LEFT}\" y=\"{:.0}\" width=\"{:.1}\" height=\"22\" rx=\"2\"/>",
            y + 3.0,
            x(value.median) - LEFT
        );
        if value.min < value.max {
            let _ = writeln!(
                body,
                "<line class=\"w\" x1=\"{:.1}\" x2=\"{:.1}\" y1=\"{m:.0}\" y2=\"{m:.0}\"/>",
                x(value.min),
                x(value.max),
                m = y + 14.0
            );
        }
        let _ = writeln!(
            body,
            "<text class=\"s\" x=\"{:.1}\" y=\"{:.0}\">{}</text>",
            x(value.max.max(value.median)) + 8.0,
            y + 19.0,
            number(value.median)
        );
    }
    for (at, (name, value)) in goals.iter().enumerate() {
        let y = bottom + 18.0 * (at as f64 + 1.0);
        let _ = writeln!(
            body,
            "<line class=\"m\" x1=\"{x:.1}\" x2=\"{x:.1}\" y1=\"{}\" y2=\"{:.0}\"/>",
            TOP - 6.0,
            y - 10.0,
            x = x(*value)
        );
        let _ = writeln!(
            body,
            "<text class=\"mt\" x=\"{:.1}\" y=\"{y:.0}\" text-anchor=\"end\">{} {}</text>",
            x(*value),
            escaped(name),
            number(*value)
        );
    }
    frame(title, bottom + 18.0 * goals.len() as f64 + 16.0, &body)
}

fn lines_svg(title: &str, steps: &[String], lines: &[(String, Vec<f64>)]) -> String {
    let most = lines.iter().flat_map(|(_, values)| values).copied().fold(f64::MIN_POSITIVE, f64::max);
    let (left, right) = (70.0, 190.0);
    let between = (WIDTH - left - right) / (steps.len().max(2) - 1) as f64;
    let x = |at: usize| left + between * at as f64;
    let y = |value: f64| TOP + FIELD - value / most * FIELD;
    let mut body = String::new();
    for part in 0..=4 {
        let value = most * f64::from(part) / 4.0;
        let _ = writeln!(
            body,
            "<line class=\"g\" x1=\"{left}\" x2=\"{:.0}\" y1=\"{h:.1}\" y2=\"{h:.1}\"/>",
            WIDTH - right,
            h = y(value)
        );
        let _ = writeln!(
            body,
            "<text class=\"s\" x=\"{}\" y=\"{:.1}\" text-anchor=\"end\">{}</text>",
            left - 8.0,
            y(value) + 4.0,
            number(value)
        );
    }
    for (at, step) in steps.iter().enumerate() {
        let _ = writeln!(
            body,
            "<text class=\"s\" x=\"{:.1}\" y=\"{:.0}\" text-anchor=\"middle\">{}</text>",
            x(at),
            TOP + FIELD + 22.0,
            escaped(step)
        );
    }
    for (nth, (name, values)) in lines.iter().enumerate() {
        let (colour, points) = (nth % LINES, values.iter().enumerate());
        let path: Vec<String> =
            points.clone().map(|(at, value)| format!("{:.1},{:.1}", x(at), y(*value))).collect();
        let _ = writeln!(body, "<polyline class=\"l{colour}\" points=\"{}\"/>", path.join(" "));
        for (at, value) in points {
            let _ = writeln!(
                body,
                "<circle class=\"d{colour}\" cx=\"{:.1}\" cy=\"{:.1}\" r=\"4\"/>",
                x(at),
                y(*value)
            );
        }
        let h = TOP + 14.0 + 20.0 * nth as f64;
        let _ = writeln!(
            body,
            "<rect class=\"d{colour}\" x=\"{:.0}\" y=\"{:.0}\" width=\"12\" height=\"12\" rx=\"2\"/>",
            WIDTH - right + 16.0,
            h - 11.0
        );
        let _ =
            writeln!(body, "<text x=\"{:.0}\" y=\"{h:.0}\">{}</text>", WIDTH - right + 34.0, escaped(name));
    }
    frame(title, TOP + FIELD + 40.0, &body)
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_is_well_formed_and_says_its_figures() {
        let bars = vec![("Postfix <3".to_owned(), Spread { median: 1_000.0, min: 900.0, max: 1_100.0 })];
        let drawn =
            svg(&Plot::Bars { title: "A & B".to_owned(), bars, goals: vec![("floor".to_owned(), 2_000.0)] });
        assert!(drawn.contains("A &amp; B") && drawn.contains("Postfix &lt;3") && drawn.contains(">1,000<"));
        assert_eq!(drawn.matches("<text").count(), drawn.matches("</text>").count());
        let lines = vec![("page".to_owned(), vec![1.0, 2.0, 4.0])];
        let steps = ["10⁴", "10⁵", "10⁶"].map(str::to_owned).to_vec();
        let drawn = svg(&Plot::Lines { title: "Growth".to_owned(), steps, lines });
        assert!(drawn.contains("<polyline") && drawn.contains("10⁵") && drawn.ends_with("</svg>\n"));
    }
}
