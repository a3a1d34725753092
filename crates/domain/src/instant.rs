//! Instants: Unix milliseconds in UTC, printed as RFC 3339 with three fractional digits.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Milliseconds in one minute, hour and day; every tier of a roll-up is one of these.
pub const SECOND_MS: i64 = 1000;
pub const MINUTE_MS: i64 = 60_000;
pub const HOUR_MS: i64 = 3_600_000;
pub const DAY_MS: i64 = 86_400_000;

/// A point in time, in whole milliseconds since 1970-01-01T00:00:00Z.
///
/// Finer input is truncated (towards the past), see `spec/derivation.md` §0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Instant(i64);

/// The text is not an instant that this program can hold.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not an RFC 3339 instant such as 2026-11-20T12:00:00Z")]
pub struct NotAnInstant(pub String);

impl Instant {
    /// Later than every instant in a record; "until further notice" in intervals.
    pub const MAX: Self = Self(253_402_207_200_000);
    /// The earliest instant a record may carry (year 1).
    pub const MIN: Self = Self(-62_135_596_800_000);

    #[must_use]
    pub const fn from_millis(millis: i64) -> Self {
        Self(millis)
    }

    #[must_use]
    pub const fn millis(self) -> i64 {
        self.0
    }

    #[must_use]
    pub const fn plus_millis(self, millis: i64) -> Self {
        Self(self.0.saturating_add(millis))
    }

    /// From a `jiff` timestamp, truncating to the millisecond at or before it.
    #[must_use]
    pub fn from_timestamp(at: Timestamp) -> Self {
        Self(i64::try_from(at.as_nanosecond().div_euclid(1_000_000)).unwrap_or(i64::MAX))
    }

    /// As a `jiff` timestamp, for zones and calendars.
    #[must_use]
    pub fn timestamp(self) -> Timestamp {
        Timestamp::from_millisecond(self.0).unwrap_or(Timestamp::MAX)
    }
}

impl fmt::Display for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.3}", self.timestamp())
    }
}

impl FromStr for Instant {
    type Err = NotAnInstant;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse::<Timestamp>().map(Self::from_timestamp).map_err(|_| NotAnInstant(text.to_owned()))
    }
}

impl Serialize for Instant {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Instant {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prints_milliseconds_and_truncates_finer_input() {
        let at: Instant = "2026-11-20T12:00:00.1239999Z".parse().expect("valid");
        assert_eq!(at.to_string(), "2026-11-20T12:00:00.123Z");
        let before_epoch: Instant = "1969-12-31T23:59:59.9999Z".parse().expect("valid");
        assert_eq!(before_epoch.millis(), -1);
    }

    #[test]
    fn a_zone_is_demanded() {
        assert!("2026-11-20T12:00:00".parse::<Instant>().is_err());
        assert_eq!(
            "2026-11-20T14:00:00+02:00".parse::<Instant>().expect("valid").to_string(),
            "2026-11-20T12:00:00.000Z"
        );
    }

    #[test]
    fn the_bounds_can_be_printed() {
        assert_eq!(Instant::MAX.to_string().parse(), Ok(Instant::MAX));
        assert_eq!(Instant::MIN.to_string().parse(), Ok(Instant::MIN));
    }
}
