//! The few ways the shop's life asks the dice.

use kernel::Dice;

/// Whether something happens that happens `percent` times in a hundred.
pub(crate) fn chance(dice: &mut Dice, percent: u64) -> bool {
    dice.below(100) < percent
}

/// A whole number from `low` to `high`, both included.
pub(crate) fn between(dice: &mut Dice, low: u64, high: u64) -> u64 {
    low + dice.below(high - low + 1)
}

/// One of `items`, each as likely as the other.
pub(crate) fn pick<'a, T>(dice: &mut Dice, items: &'a [T]) -> &'a T {
    &items[dice.below(items.len() as u64) as usize]
}

/// One of `items`, each as likely as `weight` says.
pub(crate) fn pick_by<'a, T>(dice: &mut Dice, items: &'a [T], weight: impl Fn(&T) -> u64) -> &'a T {
    let total: u64 = items.iter().map(&weight).sum();
    let mut left = dice.below(total);
    for item in items {
        let share = weight(item);
        if left < share {
            return item;
        }
        left -= share;
    }
    &items[items.len() - 1]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_decide_how_often_something_is_picked() {
        let (mut dice, items) = (Dice::seeded(5), [("never", 0), ("often", 3), ("seldom", 1)]);
        let mut seen = [0; 3];
        for _ in 0..4_000 {
            let picked = pick_by(&mut dice, &items, |(_, weight)| *weight);
            seen[items.iter().position(|item| item == picked).unwrap()] += 1;
        }
        assert_eq!(seen[0], 0);
        assert!((2_800..3_200).contains(&seen[1]), "{seen:?}");
    }

    #[test]
    fn both_ends_of_a_range_come_up() {
        let mut dice = Dice::seeded(6);
        let seen: std::collections::BTreeSet<u64> = (0..200).map(|_| between(&mut dice, 2, 4)).collect();
        assert_eq!(seen.into_iter().collect::<Vec<_>>(), [2, 3, 4]);
    }
}
