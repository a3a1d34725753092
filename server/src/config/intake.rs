//! `[intake]`: what comes in over the network and from the watched folder.

use std::path::PathBuf;

use serde::Deserialize;

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Intake {
    /// Mebibytes of one pushed body or one upload, as they come.
    pub max_body_mib: u64,
    /// Bodies that are received, read or committed at once; one more is told to come again.
    pub places: usize,
    /// The folder whose files are imported as they appear; absent: none.
    pub watch: Option<PathBuf>,
}

impl Default for Intake {
    fn default() -> Self {
        Self { max_body_mib: 1_024, places: 128, watch: None }
    }
}
