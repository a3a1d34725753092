//! What the server knows: a tenant's people, reports and logs.

use std::collections::BTreeSet;

use domain::instant::Instant;
use serde_json::Value;

/// Which log a record is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    Audit,
    SignIn,
    NonInteractiveSignIn,
}

/// A record of a log: it happens at one time, shows later, and may be completed later still.
#[derive(Debug, Clone)]
pub struct Event {
    pub kind: Kind,
    pub at: Instant,
    /// From when on there is which version; in order.
    pub versions: Vec<(Instant, Value)>,
}

impl Event {
    /// What a reader sees of it.
    #[must_use]
    pub fn seen(&self, now: Instant) -> Option<&Value> {
        self.versions.iter().rev().find(|(from, _)| *from <= now).map(|(_, value)| value)
    }
}

/// A request as the server met it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    pub at: tokio::time::Instant,
    pub path: String,
    pub query: String,
    pub status: u16,
    /// Whether it counts towards 5 in 10 seconds.
    pub is_report: bool,
}

/// Everything that tests may change.
#[derive(Debug, Clone)]
pub struct World {
    pub users: Vec<Value>,
    pub registration: Vec<Value>,
    pub events_summary: Vec<Value>,
    pub events: Vec<Event>,
    /// The application permissions that the token carries.
    pub permissions: BTreeSet<String>,
    /// Microsoft Entra ID P1 or P2.
    pub is_licensed: bool,
    pub has_beta: bool,
    pub secret: String,
    /// DER of the certificate and of its public key (PKCS#1), if one is registered.
    pub certificate: Option<(Vec<u8>, Vec<u8>)>,
    pub token_seconds: u64,
    /// Refuses more than 5 requests in 10 seconds.
    pub counts_requests: bool,
    /// No page is larger, whatever is asked for.
    pub page_size: usize,
    /// How long a request takes.
    pub latency_ms: u64,
    /// How far the server's clock is ahead.
    pub skew_ms: i64,
    /// What was asked, in order.
    pub asked: Vec<Asked>,
    /// More than five requests in ten seconds: how often.
    pub over_budget: usize,
}

impl Default for World {
    fn default() -> Self {
        let all = ["AuditLog.Read.All", "Directory.Read.All", "User.Read.All", "Policy.Read.All"];
        Self {
            users: Vec::new(),
            registration: Vec::new(),
            events_summary: Vec::new(),
            events: Vec::new(),
            permissions: all.into_iter().map(str::to_owned).collect(),
            is_licensed: true,
            has_beta: true,
            secret: crate::SECRET.to_owned(),
            certificate: None,
            token_seconds: 3599,
            counts_requests: true,
            page_size: 1000,
            latency_ms: 200,
            skew_ms: 0,
            asked: Vec::new(),
            over_budget: 0,
        }
    }
}
