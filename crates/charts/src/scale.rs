//! The vertical scale of drawings over time: round numbers from nought, by plotters' choice.

use plotters::coord::ranged1d::Ranged as _;
use plotters::coord::types::RangedCoordi64;

/// A line of the scale.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Level {
    pub value: i64,
    /// Pixels from the top.
    pub y: i64,
}

pub const TOP: i64 = 18;
pub const BASE: i64 = 190;
pub const HEIGHT: i64 = 214;
/// The width that instants are mapped to: a hundredth of a percent each.
pub const FULL: i64 = 10_000;
const MOST_LEVELS: usize = 5;

/// A scale from nought to the next round number above the greatest value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scale {
    /// The value at the top of the drawing.
    pub top: i64,
}

impl Scale {
    /// What is drawn lies below a line of the scale.
    pub fn of(most: i64) -> Self {
        let most = most.max(4);
        let step = RangedCoordi64::from(0..most).key_points(MOST_LEVELS);
        let step = step.windows(2).map(|pair| pair[1] - pair[0]).next().unwrap_or(most).max(1);
        Self { top: (most + step - 1) / step * step }
    }

    /// The lines of the scale: round numbers from nought to at least the greatest value.
    pub fn levels(self) -> Vec<Level> {
        let values = RangedCoordi64::from(0..self.top).key_points(MOST_LEVELS);
        values.into_iter().map(|value| Level { value, y: self.position(value) }).collect()
    }

    /// Pixels from the top.
    pub fn position(self, value: i64) -> i64 {
        let pixels = i128::from(value) * i128::from(BASE - TOP) / i128::from(self.top.max(1));
        BASE - i64::try_from(pixels).unwrap_or_default()
    }
}

/// Where an instant lies in a span, in hundredths of a percent.
pub fn share(at: i64, (begin, end): (i64, i64)) -> i64 {
    let length = i128::from(end) - i128::from(begin);
    let share = (i128::from(at) - i128::from(begin)) * i128::from(FULL) / length.max(1);
    i64::try_from(share).unwrap_or_default().clamp(0, FULL)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scale_begins_at_nought_and_ends_above_what_is_drawn() {
        for most in [0, 1, 3, 7, 99, 603, 1_000_000] {
            let scale = Scale::of(most);
            let levels = scale.levels();
            assert_eq!(levels[0], Level { value: 0, y: BASE }, "{most}");
            assert!(levels.len() >= 2 && levels.len() <= MOST_LEVELS + 1, "{most}: {levels:?}");
            let last = levels.last().expect("there are some");
            assert!(last.value <= scale.top && scale.top >= most, "{most}");
            assert!(levels.windows(2).all(|pair| pair[1].y < pair[0].y), "{most}");
        }
    }
}
