//! Windows `[from, to)` and the named ranges that end at `as_of`.

use jiff::{ToSpan, tz::TimeZone};
use serde::{Deserialize, Serialize};

use crate::instant::{DAY_MS, Instant};
use crate::named;

/// A half-open span of time, exact to the millisecond.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Window {
    pub from: Instant,
    pub to: Instant,
}

impl Window {
    #[must_use]
    pub fn contains(&self, at: Instant) -> bool {
        self.from <= at && at < self.to
    }

    /// The window of the same length that ends where this one begins.
    #[must_use]
    pub fn previous(&self) -> Self {
        let length = self.to.millis().saturating_sub(self.from.millis());
        Self { from: self.from.plus_millis(length.saturating_neg()), to: self.from }.in_the_calendar()
    }

    /// Before the year 1 there is nothing to ask for, and RFC 3339 has no words for it.
    #[must_use]
    pub fn in_the_calendar(self) -> Self {
        Self { from: self.from.max(Instant::MIN), to: self.to.max(Instant::MIN) }
    }
}

named! {
    /// The ranges a report can be asked for by name.
    pub enum Range {
        Day => "24h",
        Week => "7d",
        Month => "30d",
        Quarter => "90d",
        Year => "12mo",
    }
}

impl Range {
    /// The window of this length that ends at `as_of`: multiples of 24 hours, or twelve calendar months in UTC.
    #[must_use]
    pub fn ending_at(self, as_of: Instant) -> Window {
        let days = match self {
            Self::Day => 1,
            Self::Week => 7,
            Self::Month => 30,
            Self::Quarter => 90,
            Self::Year => {
                let from = as_of
                    .timestamp()
                    .to_zoned(TimeZone::UTC)
                    .checked_sub(12.months())
                    .map_or(Instant::MIN, |zoned| Instant::from_timestamp(zoned.timestamp()));
                return Window { from, to: as_of };
            }
        };
        Window { from: as_of.plus_millis(-days * DAY_MS), to: as_of }
    }
}

impl Range {
    /// The end of the range that begins at `as_of`.
    #[must_use]
    pub fn following(self, as_of: Instant) -> Instant {
        let Self::Year = self else {
            let Window { from, to } = self.ending_at(as_of);
            return as_of.plus_millis(to.millis() - from.millis());
        };
        let to = as_of.timestamp().to_zoned(TimeZone::UTC).checked_add(12.months());
        to.map_or(Instant::MAX, |zoned| Instant::from_timestamp(zoned.timestamp()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn twelve_months_are_calendar_months() {
        let as_of: Instant = "2028-02-29T10:00:00Z".parse().expect("valid");
        assert_eq!(Range::Year.ending_at(as_of).from.to_string(), "2027-02-28T10:00:00.000Z");
    }

    #[test]
    fn a_window_leaves_its_end_out() {
        let as_of = Instant::from_millis(DAY_MS);
        let window = Range::Day.ending_at(as_of);
        assert!(window.contains(Instant::from_millis(0)));
        assert!(!window.contains(as_of));
    }
}
