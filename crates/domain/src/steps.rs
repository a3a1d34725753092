//! The instants that a trend shows: both ends of its window, and the ends of whole UTC hours, days or weeks between.

use crate::instant::{DAY_MS, HOUR_MS, Instant};
use crate::window::Window;

const WEEK_MS: i64 = 7 * DAY_MS;
/// 1970-01-05, the first Monday: weeks are counted from it.
const FIRST_MONDAY: i64 = 4 * DAY_MS;
/// More points than this are more than a chart shows.
const MOST_WEEKS: i64 = 120;

/// Equal steps of UTC time: an hour, six hours, a day, or whole weeks from Monday on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Steps {
    /// Length in milliseconds: a multiple of an hour; of a day, if a day or longer.
    pub millis: i64,
}

impl Steps {
    /// Fine enough to see a movement, few enough to draw: hours up to two days, six hours up to ten, days up to
    /// a hundred, weeks beyond.
    #[must_use]
    pub const fn of(window: Window) -> Self {
        let length = window.to.millis().saturating_sub(window.from.millis());
        let millis = if length <= 2 * DAY_MS {
            HOUR_MS
        } else if length <= 10 * DAY_MS {
            6 * HOUR_MS
        } else if length <= 100 * DAY_MS {
            DAY_MS
        } else {
            WEEK_MS * (length / (MOST_WEEKS * WEEK_MS) + 1)
        };
        Self { millis }
    }

    /// The beginning of the step that an instant falls in.
    #[must_use]
    pub const fn beginning(self, at: Instant) -> Instant {
        let offset = if self.millis >= WEEK_MS { FIRST_MONDAY } else { 0 };
        Instant::from_millis((at.millis() - offset).div_euclid(self.millis) * self.millis + offset)
    }

    /// Where whole steps of a window begin and end: no later than each other, equal where there is none.
    #[must_use]
    pub fn whole(self, window: Window) -> Window {
        let to = self.beginning(window.to);
        let from = self.beginning(window.from.plus_millis(self.millis - 1)).min(to);
        Window { from, to }
    }

    /// The window's own ends, and the last millisecond of every step that ends between them.
    ///
    /// The last millisecond, because figures are "up to and including": what happens on the stroke of midnight
    /// belongs to the day that begins.
    #[must_use]
    pub fn instants(self, window: Window) -> Vec<Instant> {
        let mut instants = vec![window.from];
        let mut end = self.beginning(window.from).plus_millis(self.millis - 1);
        while end < window.to {
            if end > window.from {
                instants.push(end);
            }
            end = end.plus_millis(self.millis);
        }
        if window.from < window.to {
            instants.push(window.to);
        }
        instants
    }

    /// Whether the step is not over at an instant.
    #[must_use]
    pub fn is_within(self, at: Instant) -> bool {
        self.beginning(at.plus_millis(1)) != at.plus_millis(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::window::Range;

    fn at(text: &str) -> Instant {
        text.parse().expect("an instant")
    }

    fn instants(range: Range, as_of: &str) -> Vec<Instant> {
        let window = range.ending_at(at(as_of));
        Steps::of(window).instants(window)
    }

    #[test]
    fn both_ends_are_exact_and_steps_are_whole() {
        let days = instants(Range::Month, "2026-11-20T12:00:00.123Z");
        assert_eq!(days.len(), 32);
        assert_eq!(days[0], at("2026-10-21T12:00:00.123Z"));
        assert_eq!(days[1], at("2026-10-21T23:59:59.999Z"));
        assert_eq!(days[30], at("2026-11-19T23:59:59.999Z"));
        assert_eq!(days[31], at("2026-11-20T12:00:00.123Z"));
        assert_eq!(instants(Range::Day, "2026-11-20T12:00:00Z").len(), 26);
        assert_eq!(instants(Range::Week, "2026-11-20T12:00:00Z").len(), 30);
        assert_eq!(instants(Range::Quarter, "2026-11-20T12:00:00Z").len(), 92);
        let weeks = instants(Range::Year, "2026-11-20T12:00:00Z");
        assert_eq!((weeks.len(), weeks[1]), (54, at("2025-11-23T23:59:59.999Z")));
    }

    #[test]
    fn a_step_that_ends_with_the_window_is_finished_and_stands_once() {
        let end = "2026-11-19T23:59:59.999Z";
        let days = instants(Range::Month, end);
        assert_eq!(days.len(), 31);
        assert!(days.windows(2).all(|pair| pair[1].millis() - pair[0].millis() == DAY_MS));
        let steps = Steps { millis: DAY_MS };
        assert!(!steps.is_within(at(end)) && steps.is_within(at("2026-11-20T00:00:00Z")));
    }

    #[test]
    fn the_longest_window_has_few_points() {
        let window = Window { from: Instant::MIN, to: at("2026-11-20T12:00:00Z") };
        assert!(Steps::of(window).instants(window).len() <= 123);
    }

    #[test]
    fn whole_steps_lie_within_the_window() {
        let window = Window { from: at("2026-11-18T12:00:00Z"), to: at("2026-11-20T12:00:00Z") };
        let days = Steps { millis: DAY_MS };
        assert_eq!(days.whole(window), Window { from: at("2026-11-19T00:00:00Z"), to: at("2026-11-20T00:00:00Z") });
        let short = Window { from: at("2026-11-20T11:00:00Z"), to: at("2026-11-20T12:00:00Z") };
        let none = days.whole(short);
        assert!(none.from == none.to);
    }
}
