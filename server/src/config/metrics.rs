//! `[metrics]`: where a supervisor reads figures.

use std::net::SocketAddr;

use serde::Deserialize;

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Metrics {
    /// Absent: nowhere.
    pub listen: Option<SocketAddr>,
    /// Whether other computers may reach it: it asks nobody who they are.
    pub allow_remote: bool,
}
