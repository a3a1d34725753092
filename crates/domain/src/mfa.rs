//! MFA on premises, and what admins and users do to MFA: authentications of MFA Server and its relatives, blocks, one-time
//! bypasses, fraud alerts, servers (`spec/graph.md` §4.5 and §7.9).

mod action;
mod activity;
mod audit_body;

pub use action::{ActionKind, ActionRecord, BLOCK_DAYS, BlockStatus, BypassStatus, FraudSource, MfaAction, mfa_action};
pub use activity::{ActivityRecord, CallMode, CallResult};

use serde::{Deserialize, Serialize};

use crate::instant::Instant;
use crate::record::Digest;

/// What a server of MFA Server says of itself, or a file says of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServerStatus {
    /// What tells servers apart, compared without case.
    pub name: String,
    pub version: Option<String>,
    /// As it came, e.g. `Online`.
    pub status: Option<String>,
    pub address: Option<String>,
    /// Last communication.
    pub last_contact: Instant,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServerRecord {
    pub server: ServerStatus,
    pub digest: Digest,
}
