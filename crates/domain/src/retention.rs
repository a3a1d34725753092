//! What is kept for how long, and from when on there is something.

use serde::{Deserialize, Serialize};

use crate::instant::Instant;
use crate::named;
use crate::record::RecordKind;

named! {
    /// A kind of data with a rule of its own. The position of a member is stored: append only.
    pub enum Kept {
        SignIns => "sign_ins",
        /// Audit records and events of reports, with what they say was done to users' MFA.
        Events => "events",
        /// Authentications through on-premises components, and the histories of MFA Server.
        Activity => "activity",
        /// What users were: observations that a later one has taken the place of.
        History => "history",
        /// Quarantined records of imports.
        Rejected => "rejected",
        /// Who looked at what, and who was refused.
        AccessLog => "access_log",
    }
}

impl Kept {
    /// Which rule records go by; `None`: they stay for as long as they are the latest.
    #[must_use]
    pub fn of(kind: RecordKind) -> Option<Self> {
        match kind {
            RecordKind::SignIn | RecordKind::SignInAuthenticationDetails => Some(Self::SignIns),
            RecordKind::DirectoryAudit | RecordKind::UserCredentialUsageDetails | RecordKind::UserEventsSummary => {
                Some(Self::Events)
            }
            RecordKind::MfaActivity | RecordKind::MfaBlock | RecordKind::MfaBypass => Some(Self::Activity),
            _ if kind.is_about_state() => Some(Self::History),
            _ => None,
        }
    }
}

/// The fewest days that a rule may keep: figures of the present need the last month.
pub const MIN_DAYS: i64 = 30;
/// The most: a hundred years.
pub const MAX_DAYS: i64 = 36_525;

/// The rule of a kind of data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct RetentionRule {
    pub kept: Kept,
    /// Whole UTC days before today; `None`: everything is kept.
    pub days: Option<i64>,
    /// What was before has gone; `None`: nothing has.
    pub kept_from: Option<Instant>,
}

/// A report reaches into days that are not kept: its figures about them are unknown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotKept {
    pub data: Kept,
    pub kept_from: Instant,
}
