//! How long a message waits before its next try. Pure.

use std::time::Duration;

use kernel::{Dice, Urgency};

/// The longest wait of a message that somebody waits for.
const LONGEST_AT_ONCE: Duration = Duration::from_secs(3_600);
/// The longest wait of a message that may wait.
const LONGEST_MAY_WAIT: Duration = Duration::from_secs(6 * 3_600);

/// The wait after `tries` unsuccessful tries (at least one): for what is awaited 2 s, 10 s, 30 s, 2 min, then
/// doubling to an hour; for the rest 1, 5, 20 min, then doubling. Give or take a fifth, so that a thousand messages
/// refused together don't come back together. A provider that says when to come back is believed.
pub fn wait(urgency: Urgency, tries: u32, asked_for: Option<Duration>, dice: &mut Dice) -> Duration {
    if let Some(span) = asked_for {
        return span;
    }
    let steps: &[u64] = match urgency {
        Urgency::AtOnce => &[2, 10, 30, 120],
        Urgency::MayWait => &[60, 300, 1_200],
    };
    let longest = match urgency {
        Urgency::AtOnce => LONGEST_AT_ONCE,
        Urgency::MayWait => LONGEST_MAY_WAIT,
    };
    let place = tries.saturating_sub(1) as usize;
    let last = steps[steps.len() - 1];
    let doublings = place.saturating_sub(steps.len() - 1).min(12) as u32;
    let seconds = steps.get(place).copied().unwrap_or(last << doublings);
    dice.jitter(Duration::from_secs(seconds).min(longest), 20)
}

/// The shortest and the longest wait of a message whose provider is left alone.
const SHORTEST_PAUSE: Duration = Duration::from_secs(5);
const LONGEST_PAUSE: Duration = Duration::from_secs(120);

/// The wait of a message whose provider is left alone for now: half as long as the message has waited already. So a
/// backlog of thousands does not come back together with every probe, and none waits much longer than the outage.
pub fn pause(waited: Duration, dice: &mut Dice) -> Duration {
    dice.jitter((waited / 2).clamp(SHORTEST_PAUSE, LONGEST_PAUSE), 20)
}

/// The shortest and the longest wait of a message that found no place at its provider.
const SHORTEST_MOMENT: Duration = Duration::from_millis(500);
const LONGEST_MOMENT: Duration = Duration::from_secs(15);

/// The wait of a message that found all places at its provider taken: a moment, and longer ones the longer it has
/// waited, so that a long queue before a slow gateway is not looked at all the time.
pub fn moment(waited: Duration, dice: &mut Dice) -> Duration {
    dice.jitter((waited / 4).clamp(SHORTEST_MOMENT, LONGEST_MOMENT), 50)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seconds(urgency: Urgency, tries: u32) -> u64 {
        // The middle of many throws is the wait without its jitter.
        let mut dice = Dice::seeded(5);
        let sum: u64 = (0..2_000).map(|_| wait(urgency, tries, None, &mut dice).as_millis() as u64).sum();
        (sum as f64 / 2_000_000.0).round() as u64
    }

    #[test]
    fn what_is_awaited_is_tried_again_within_seconds() {
        let waits: Vec<_> = (1..=5).map(|tries| seconds(Urgency::AtOnce, tries)).collect();
        for (wait, expected) in waits.iter().zip([2, 10, 30, 120, 240]) {
            assert!(wait.abs_diff(expected) * 50 <= expected.max(50), "{waits:?}");
        }
        assert!(seconds(Urgency::AtOnce, 40).abs_diff(3_600) < 60);
    }

    #[test]
    fn the_rest_is_tried_again_within_minutes() {
        let waits: Vec<_> = (1..=4).map(|tries| seconds(Urgency::MayWait, tries)).collect();
        for (wait, expected) in waits.iter().zip([60, 300, 1_200, 2_400]) {
            assert!(wait.abs_diff(expected) * 50 <= expected, "{waits:?}");
        }
    }

    #[test]
    fn a_long_outage_is_asked_about_less_often_but_never_rarely() {
        let mut dice = Dice::seeded(2);
        for (waited, least, most) in [(0, 4, 6), (60, 24, 36), (600, 96, 144), (86_400, 96, 144)] {
            let span = pause(Duration::from_secs(waited), &mut dice).as_secs();
            assert!((least..=most).contains(&span), "{waited}: {span}");
        }
    }

    #[test]
    fn a_provider_that_names_a_time_is_believed() {
        let span = Duration::from_secs(7_777);
        assert_eq!(wait(Urgency::AtOnce, 1, Some(span), &mut Dice::seeded(1)), span);
    }
}
