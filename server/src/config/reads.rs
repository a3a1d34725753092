//! `[reads]`: how much one person or program reads.

use std::num::NonZeroU32;

use serde::Deserialize;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Reads {
    /// Answers a minute that have people's data in them.
    pub per_minute: NonZeroU32,
}

impl Default for Reads {
    fn default() -> Self {
        Self { per_minute: const { NonZeroU32::new(3_000).unwrap() } }
    }
}
