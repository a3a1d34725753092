//! `[sync]`: how often connected tenants are pulled from, and how much is read again.

use std::time::Duration;

use domain::instant::{DAY_MS, MINUTE_MS};
use graph::Plan;
use serde::Deserialize;

use crate::sync::SyncSettings;

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Sync {
    /// Minutes between two pulls of `keyroll serve`; 0: it does not pull.
    pub interval_minutes: u32,
    /// What each pull reads again, because records are completed later.
    pub overlap_minutes: u32,
    /// Days that are read again once a day, because records come days late.
    pub sweep_days: u32,
    /// How far back a first pull reads.
    pub reach_days: u32,
    /// Hosts besides Microsoft's that an authority or a Graph root may have, such as `graph.example.org:8443`.
    pub trusted_hosts: Vec<String>,
}

impl Default for Sync {
    fn default() -> Self {
        Self { interval_minutes: 5, overlap_minutes: 120, sweep_days: 10, reach_days: 30, trusted_hosts: Vec::new() }
    }
}

impl Sync {
    /// `None`: nothing is pulled by itself.
    #[must_use]
    pub fn interval(&self) -> Option<Duration> {
        (self.interval_minutes > 0).then(|| Duration::from_secs(u64::from(self.interval_minutes) * 60))
    }

    #[must_use]
    pub fn settings(&self) -> SyncSettings {
        let plan = Plan {
            reach_ms: i64::from(self.reach_days) * DAY_MS,
            overlap_ms: i64::from(self.overlap_minutes) * MINUTE_MS,
            sweep_ms: i64::from(self.sweep_days) * DAY_MS,
            ..Plan::default()
        };
        SyncSettings { plan, trusted_hosts: self.trusted_hosts.clone() }
    }
}
