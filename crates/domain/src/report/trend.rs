//! What the tiles say at a series of instants.

use std::ops::Sub;

use serde::{Deserialize, Serialize};

use super::overview::{Insights, Tally, Tiles};
use crate::instant::Instant;
use crate::population::Population;
use crate::query::{Direction, Sort, TrendColumn, UserFlag};
use crate::window::Window;

/// Every figure about users of one population at one instant, or the difference of two such.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Snapshot {
    pub size: i64,
    pub tiles: Tiles,
    pub insights: Insights,
}

impl Sub<&Self> for Snapshot {
    type Output = Self;

    fn sub(mut self, before: &Self) -> Self {
        self.size -= before.size;
        for flag in UserFlag::ALL {
            let (tally, then) = (self.tiles.get_mut(*flag), before.tiles.get(*flag));
            *tally = Tally { yes: tally.yes - then.yes, no: tally.no - then.no, unknown: tally.unknown - then.unknown };
        }
        let (now, then) = (self.insights, before.insights);
        self.insights = Insights {
            registered_not_enabled: now.registered_not_enabled - then.registered_not_enabled,
            enabled_not_registered: now.enabled_not_registered - then.enabled_not_registered,
            sms_or_voice_only: now.sms_or_voice_only - then.sms_or_voice_only,
            sms_or_voice_and_better: now.sms_or_voice_and_better - then.sms_or_voice_and_better,
        };
        self
    }
}

/// By how much every figure has changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    pub since: Instant,
    #[serde(flatten)]
    pub difference: Snapshot,
}

/// What `/overview` says with this `as_of`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrendPoint {
    pub at: Instant,
    #[serde(flatten)]
    pub snapshot: Snapshot,
}

impl TrendPoint {
    /// The number in a column; `None` for the instant.
    #[must_use]
    pub const fn number(&self, column: TrendColumn) -> Option<i64> {
        let Snapshot { size, tiles, insights } = &self.snapshot;
        Some(match column {
            TrendColumn::At => return None,
            TrendColumn::Size => *size,
            TrendColumn::Registered => tiles.registered.yes,
            TrendColumn::Enabled => tiles.enabled.yes,
            TrendColumn::Capable => tiles.capable.yes,
            TrendColumn::MfaRegistered => tiles.mfa_registered.yes,
            TrendColumn::MfaCapable => tiles.mfa_capable.yes,
            TrendColumn::PasswordlessCapable => tiles.passwordless_capable.yes,
            TrendColumn::SmsOrVoiceOnly => insights.sms_or_voice_only,
            TrendColumn::SmsOrVoiceAndBetter => insights.sms_or_voice_and_better,
        })
    }

    /// Puts the rows of a table in order; equal ones go by time.
    pub fn sort(rows: &mut [&Self], sort: Sort<TrendColumn>) {
        rows.sort_by_key(|point| (point.number(sort.column), point.at));
        if sort.direction == Direction::Descending {
            rows.reverse();
        }
    }
}

/// `GET /api/v1/overview/trend`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trend {
    pub as_of: Instant,
    /// From the beginning of the report's window to `as_of`.
    pub window: Window,
    /// The first observation of any user; points before it are left out.
    pub known_from: Option<Instant>,
    pub population: Population,
    /// Milliseconds between points, but for the first and the last.
    pub step_ms: i64,
    /// The last point lies within a step: its hour, day or week is not over at `as_of`.
    pub is_last_step_unfinished: bool,
    /// The beginning of the window, the last millisecond of every whole step in it, and `as_of`.
    pub points: Vec<TrendPoint>,
}
