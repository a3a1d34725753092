//! Day, hour and minute counters: exact windows from whole buckets plus the raw rows at the two edges.

use std::collections::BTreeMap;

use domain::instant::{DAY_MS, HOUR_MS, Instant, MINUTE_MS};
use domain::window::Window;

/// Sizes of the tiers, largest first; the position is the tier's number in the database.
pub const TIERS: [i64; 3] = [DAY_MS, HOUR_MS, MINUTE_MS];

/// The buckets that an instant falls in, one per tier: (tier, start of bucket).
pub fn buckets(at: i64) -> [(i64, i64); 3] {
    [0, 1, 2].map(|tier| (tier, floor(at, TIERS[usize::try_from(tier).unwrap_or(0)])))
}

pub fn floor(at: i64, size: i64) -> i64 {
    at.div_euclid(size) * size
}

fn ceil(at: i64, size: i64) -> i64 {
    floor(at.saturating_add(size - 1), size)
}

/// Where the rows of a window are counted from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Segment {
    /// Whole buckets of a tier that begin in `[from, to)`.
    Tier { tier: i64, from: i64, to: i64 },
    /// Single rows with an instant in `[from, to)`.
    Raw { from: i64, to: i64 },
}

/// Splits a window into whole buckets, as large as possible, and raw edges; together exactly the window.
pub fn plan(window: Window) -> Vec<Segment> {
    let mut segments = Vec::new();
    cover(window.from.millis(), window.to.millis(), 0, &mut segments);
    segments
}

fn cover(from: i64, to: i64, tier: usize, segments: &mut Vec<Segment>) {
    if from >= to {
        return;
    }
    let Some(&size) = TIERS.get(tier) else {
        segments.push(Segment::Raw { from, to });
        return;
    };
    let (first, last) = (ceil(from, size), floor(to, size));
    if first >= last {
        cover(from, to, tier + 1, segments);
        return;
    }
    cover(from, first, tier + 1, segments);
    segments.push(Segment::Tier { tier: i64::try_from(tier).unwrap_or(0), from: first, to: last });
    cover(last, to, tier + 1, segments);
}

/// Everything up to and including an instant.
pub fn plan_until(at: Instant) -> Vec<Segment> {
    // Instants of records begin in year 1; the days before it are empty.
    plan(Window { from: Instant::from_millis(floor(Instant::MIN.millis(), DAY_MS)), to: at.plus_millis(1) })
}

/// Whole steps as buckets of the largest tier that divides a step; a step is a multiple of an hour.
pub fn plan_steps(whole: Window, step: i64) -> Segment {
    let tier = i64::from(step % DAY_MS != 0);
    Segment::Tier { tier, from: whole.from.millis(), to: whole.to.millis() }
}

/// Counter changes of a transaction, summed before they are written.
#[derive(Debug, Default)]
pub struct Deltas<K: Ord> {
    cells: BTreeMap<(i64, i64, K), i64>,
}

impl<K: Ord + Copy> Deltas<K> {
    pub fn new() -> Self {
        Self { cells: BTreeMap::new() }
    }

    pub fn add(&mut self, at: i64, key: K, n: i64) {
        for (tier, bucket_at) in buckets(at) {
            *self.cells.entry((tier, bucket_at, key)).or_default() += n;
        }
    }

    /// The changes that are not zero: (tier, bucket, key, change).
    pub fn changes(&self) -> impl Iterator<Item = (i64, i64, K, i64)> + '_ {
        self.cells.iter().filter(|(_, n)| **n != 0).map(|(&(tier, bucket_at, key), &n)| (tier, bucket_at, key, n))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_plan_covers_its_window_once(from in -100_000_000_000i64..2_000_000_000_000, length in 1i64..40_000_000_000) {
            let window = Window { from: Instant::from_millis(from), to: Instant::from_millis(from + length) };
            let mut at = from;
            for segment in plan(window) {
                let (begin, end) = match segment {
                    Segment::Raw { from, to } => {
                        prop_assert!(to - from < 2 * MINUTE_MS);
                        (from, to)
                    }
                    Segment::Tier { tier, from, to } => {
                        let size = TIERS[usize::try_from(tier).expect("small")];
                        prop_assert!(from % size == 0 && to % size == 0);
                        // Fewer hours than two days have, fewer minutes than two hours.
                        let most = [i64::MAX, 48, 120][usize::try_from(tier).expect("small")];
                        prop_assert!((to - from) / size < most);
                        (from, to)
                    }
                };
                prop_assert_eq!(begin, at);
                at = end;
            }
            prop_assert_eq!(at, from + length);
        }
    }
}
