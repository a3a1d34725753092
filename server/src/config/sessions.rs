//! `[sessions]`: how long one stays signed in.

use domain::instant::{HOUR_MS, MINUTE_MS};
use serde::Deserialize;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Sessions {
    /// Minutes without a request after which a session ends.
    pub idle_minutes: u32,
    /// Hours after which it ends in any case.
    pub absolute_hours: u32,
}

impl Default for Sessions {
    fn default() -> Self {
        Self { idle_minutes: 30, absolute_hours: 8 }
    }
}

impl Sessions {
    #[must_use]
    pub fn idle_ms(self) -> i64 {
        i64::from(self.idle_minutes) * MINUTE_MS
    }

    #[must_use]
    pub fn absolute_ms(self) -> i64 {
        i64::from(self.absolute_hours) * HOUR_MS
    }
}
