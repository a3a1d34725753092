use serde::{Deserialize, Serialize};

use super::data::SourceItem;
use super::trend::Change;
use crate::answer::Answer;
use crate::instant::Instant;
use crate::method::AuthMethod;
use crate::population::{LeftOut, Population};
use crate::query::{BarColumn, Direction, Sort, UserFlag};
use crate::retention::NotKept;
use crate::window::Window;

/// How many of a population answer yes, no and unknown: the three add up to its size.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    pub yes: i64,
    pub no: i64,
    pub unknown: i64,
}

impl Tally {
    pub fn add(&mut self, answer: Answer, n: i64) {
        match answer {
            Answer::Yes => self.yes += n,
            Answer::No => self.no += n,
            Answer::Unknown => self.unknown += n,
        }
    }

    #[must_use]
    pub const fn total(self) -> i64 {
        self.yes + self.no + self.unknown
    }
}

/// One tally per tile.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tiles {
    pub registered: Tally,
    pub enabled: Tally,
    pub capable: Tally,
    pub mfa_registered: Tally,
    pub mfa_capable: Tally,
    pub passwordless_capable: Tally,
}

impl Tiles {
    #[must_use]
    pub const fn get(&self, flag: UserFlag) -> &Tally {
        match flag {
            UserFlag::Registered => &self.registered,
            UserFlag::Enabled => &self.enabled,
            UserFlag::Capable => &self.capable,
            UserFlag::MfaRegistered => &self.mfa_registered,
            UserFlag::MfaCapable => &self.mfa_capable,
            UserFlag::PasswordlessCapable => &self.passwordless_capable,
        }
    }

    pub const fn get_mut(&mut self, flag: UserFlag) -> &mut Tally {
        match flag {
            UserFlag::Registered => &mut self.registered,
            UserFlag::Enabled => &mut self.enabled,
            UserFlag::Capable => &mut self.capable,
            UserFlag::MfaRegistered => &mut self.mfa_registered,
            UserFlag::MfaCapable => &mut self.mfa_capable,
            UserFlag::PasswordlessCapable => &mut self.passwordless_capable,
        }
    }
}

/// The figures beneath the tiles that combine two facts, and those of SMS and voice.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Insights {
    /// Registered, but outside the reset policy: `registered=yes&enabled=no`.
    pub registered_not_enabled: i64,
    /// In the reset policy, but not registered: `registered=no&enabled=yes`.
    pub enabled_not_registered: i64,
    /// Only methods that end with SMS and voice: `method_class=sms_or_voice_only`.
    pub sms_or_voice_only: i64,
    /// SMS or voice, and something that stays: `method_class=sms_or_voice_and_better`.
    pub sms_or_voice_and_better: i64,
}

/// Succeeded and failed events.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    pub success: i64,
    pub failure: i64,
}

impl Counts {
    #[must_use]
    pub const fn total(self) -> i64 {
        self.success + self.failure
    }
}

/// Succeeded and failed events of one method.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct MethodCounts {
    pub method: AuthMethod,
    pub success: i64,
    pub failure: i64,
    /// Of the window compared with; `None` where nothing is compared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub previous: Option<Counts>,
}

impl MethodCounts {
    #[must_use]
    pub const fn total(&self) -> i64 {
        self.success + self.failure
    }

    /// The number in a column; `None` for the method, and where nothing is compared.
    #[must_use]
    pub fn number(&self, column: BarColumn) -> Option<i64> {
        match column {
            BarColumn::Method => None,
            BarColumn::Success => Some(self.success),
            BarColumn::Failure => Some(self.failure),
            BarColumn::Total => Some(self.total()),
            BarColumn::Previous => self.previous.map(Counts::total),
        }
    }

    /// Puts the rows of a chart's table in order; equal ones stay as they are, methods go by their names.
    pub fn sort(rows: &mut [Self], sort: Sort<BarColumn>) {
        rows.sort_by(|a, b| {
            let order = match sort.column {
                BarColumn::Method => a.method.as_str().cmp(b.method.as_str()),
                column => a.number(column).cmp(&b.number(column)),
            };
            if sort.direction == Direction::Descending { order.reverse() } else { order }
        });
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PopulationSize {
    pub name: Population,
    pub size: i64,
    /// Users known at `as_of` who are not in the population; counts above zero only.
    pub left_out: Vec<LeftOut>,
}

/// `GET /api/v1/overview`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Overview {
    pub as_of: Instant,
    pub window: Window,
    /// The first observation of any user; before it every tile is unknown. `None`: there is no data yet.
    pub known_from: Option<Instant>,
    pub population: PopulationSize,
    pub tiles: Tiles,
    pub insights: Insights,
    /// Since the beginning of the window; `None` where nothing was known then.
    pub change: Option<Change>,
    /// The window that the charts are compared with; `None` where nothing is compared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub previous: Option<Window>,
    /// By method, most events first; methods without events are left out.
    pub registrations: Vec<MethodCounts>,
    pub resets: Vec<MethodCounts>,
    /// Data that the window reaches further back than: charts over it are unknown.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub not_kept: Vec<NotKept>,
    pub sources: Vec<SourceItem>,
}
