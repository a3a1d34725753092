//! `[exports]`: files that are written in the background.

use domain::instant::HOUR_MS;
use serde::Deserialize;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Exports {
    /// Hours after which a file goes away, counted from when it was asked for.
    pub keep_hours: u32,
    /// Mebibytes that all files may take together, as they are stored.
    pub max_mib: u32,
}

impl Default for Exports {
    fn default() -> Self {
        Self { keep_hours: 24, max_mib: 2_048 }
    }
}

impl Exports {
    #[must_use]
    pub fn keep_ms(self) -> i64 {
        i64::from(self.keep_hours) * HOUR_MS
    }

    #[must_use]
    pub fn max_bytes(self) -> i64 {
        i64::from(self.max_mib) << 20
    }
}
