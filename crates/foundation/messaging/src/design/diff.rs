//! What is different between two texts: line by line, and word by word within a line that was changed. Pure.

/// A line of a comparison.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Line {
    /// The same in both.
    Same(String),
    /// Only in the older.
    Gone(String),
    /// Only in the newer.
    New(String),
    /// In both, with other words.
    Changed(Vec<Run>),
}

/// A run of words of a changed line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Run {
    /// The same in both.
    Same(String),
    /// Only in the older.
    Gone(String),
    /// Only in the newer.
    New(String),
}

/// Above this many comparisons everything is gone and new: nobody reads such a thing word by word.
const MOST_COMPARISONS: usize = 400_000;

/// Compares two lists of lines.
pub fn lines(old: &[String], new: &[String]) -> Vec<Line> {
    let mut out = Vec::new();
    let (mut gone, mut come) = (Vec::new(), Vec::new());
    for step in steps(old, new) {
        match step {
            Step::Same(line) => {
                settle(&mut out, &mut gone, &mut come);
                out.push(Line::Same(line.clone()));
            }
            Step::Gone(line) => gone.push(line.clone()),
            Step::New(line) => come.push(line.clone()),
        }
    }
    settle(&mut out, &mut gone, &mut come);
    out
}

/// Lines that went and came in the same place are the same lines with other words where they begin alike.
fn settle(out: &mut Vec<Line>, gone: &mut Vec<String>, come: &mut Vec<String>) {
    let mut come: Vec<Option<String>> = come.drain(..).map(Some).collect();
    for old in gone.drain(..) {
        let partner = come.iter_mut().find(|new| new.as_ref().is_some_and(|new| label(new) == label(&old)));
        match partner.and_then(Option::take) {
            Some(new) => out.push(words(&old, &new)),
            None => out.push(Line::Gone(old)),
        }
    }
    out.extend(come.into_iter().flatten().map(Line::New));
}

/// What a line is about: all before its colon.
fn label(line: &str) -> &str {
    line.split_once(": ").map_or("", |(label, _)| label)
}

fn words(old: &str, new: &str) -> Line {
    let split = |text: &str| text.split_inclusive(' ').map(str::to_owned).collect::<Vec<_>>();
    let (before, after) = (split(old), split(new));
    let mut runs: Vec<Run> = Vec::new();
    for step in steps(&before, &after) {
        match (step, runs.last_mut()) {
            (Step::Same(word), Some(Run::Same(run)))
            | (Step::Gone(word), Some(Run::Gone(run)))
            | (Step::New(word), Some(Run::New(run))) => run.push_str(word),
            (Step::Same(word), _) => runs.push(Run::Same(word.clone())),
            (Step::Gone(word), _) => runs.push(Run::Gone(word.clone())),
            (Step::New(word), _) => runs.push(Run::New(word.clone())),
        }
    }
    Line::Changed(runs)
}

enum Step<'a> {
    Same(&'a String),
    Gone(&'a String),
    New(&'a String),
}

/// The shortest way from one list to the other, by the longest list that both have in common.
fn steps<'a>(old: &'a [String], new: &'a [String]) -> Vec<Step<'a>> {
    if old.len() * new.len() > MOST_COMPARISONS {
        return old.iter().map(Step::Gone).chain(new.iter().map(Step::New)).collect();
    }
    let common = common_lengths(old, new);
    let (mut i, mut j) = (0, 0);
    let mut out = Vec::new();
    while i < old.len() || j < new.len() {
        let goes_on = |i: usize, j: usize| common[i][j];
        if i < old.len() && j < new.len() && old[i] == new[j] {
            out.push(Step::Same(&old[i]));
            (i, j) = (i + 1, j + 1);
        } else if j == new.len() || i < old.len() && goes_on(i + 1, j) >= goes_on(i, j + 1) {
            out.push(Step::Gone(&old[i]));
            i += 1;
        } else {
            out.push(Step::New(&new[j]));
            j += 1;
        }
    }
    out
}

/// For each pair of places, how much the rests of both lists have in common.
fn common_lengths(old: &[String], new: &[String]) -> Vec<Vec<u32>> {
    let mut common = vec![vec![0; new.len() + 1]; old.len() + 1];
    for i in (0..old.len()).rev() {
        for j in (0..new.len()).rev() {
            common[i][j] = if old[i] == new[j] {
                common[i + 1][j + 1] + 1
            } else {
                common[i + 1][j].max(common[i][j + 1])
            };
        }
    }
    common
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(lines: &[&str]) -> Vec<String> {
        lines.iter().map(|line| (*line).to_owned()).collect()
    }

    #[test]
    fn lines_that_are_the_same_stay_and_a_changed_one_shows_its_words() {
        let old = list(&["Subject: We’ve got your order", "Block: Items", "Block: Totals"]);
        let new = list(&["Subject: We’ve got your tea", "Block: Totals", "Text: Hello"]);
        let changed = vec![
            Run::Same("Subject: We’ve got your ".into()),
            Run::Gone("order".into()),
            Run::New("tea".into()),
        ];
        let wanted = [
            Line::Changed(changed),
            Line::Gone("Block: Items".into()),
            Line::Same("Block: Totals".into()),
            Line::New("Text: Hello".into()),
        ];
        assert_eq!(lines(&old, &new), wanted);
    }

    #[test]
    fn a_moved_block_is_gone_in_one_place_and_new_in_another() {
        let shown = lines(&list(&["a", "b", "c"]), &list(&["c", "a", "b"]));
        let wanted =
            [Line::New("c".into()), Line::Same("a".into()), Line::Same("b".into()), Line::Gone("c".into())];
        assert_eq!(shown, wanted);
    }

    #[test]
    fn both_sides_can_be_read_back_from_any_comparison() {
        let mut dice = kernel::Dice::seeded(3);
        for _ in 0..500 {
            let pick = |dice: &mut kernel::Dice| -> Vec<String> {
                let count = dice.below(7);
                (0..count)
                    .map(|_| format!("{}: {} {}", dice.below(2), dice.below(3), dice.below(3)))
                    .collect()
            };
            let (old, new) = (pick(&mut dice), pick(&mut dice));
            let (mut before, mut after) = (Vec::new(), Vec::new());
            for line in lines(&old, &new) {
                match line {
                    Line::Same(line) => {
                        before.push(line.clone());
                        after.push(line);
                    }
                    Line::Gone(line) => before.push(line),
                    Line::New(line) => after.push(line),
                    Line::Changed(runs) => {
                        let side = |gone: bool| {
                            runs.iter().filter_map(move |run| match run {
                                Run::Same(words) => Some(words.as_str()),
                                Run::Gone(words) => gone.then_some(words.as_str()),
                                Run::New(words) => (!gone).then_some(words.as_str()),
                            })
                        };
                        before.push(side(true).collect());
                        after.push(side(false).collect());
                    }
                }
            }
            let sorted = |mut lines: Vec<String>| {
                lines.sort();
                lines
            };
            assert_eq!(before, old);
            assert_eq!(sorted(after), sorted(new));
        }
    }

    #[test]
    fn endless_lines_are_not_compared_word_by_word() {
        let (old, new) = ("x: ".to_owned() + &"a ".repeat(2_000), "x: ".to_owned() + &"b ".repeat(2_000));
        let shown = lines(std::slice::from_ref(&old), std::slice::from_ref(&new));
        assert_eq!(shown, [Line::Changed(vec![Run::Gone(old), Run::New(new)])]);
    }
}
