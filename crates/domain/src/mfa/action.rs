use crate::instant::Instant;
use crate::named;
use crate::record::{AuditRecord, Digest, RecordKind, UserRef};

/// A block lasts so long unless it is lifted.
pub const BLOCK_DAYS: i64 = 90;

named! {
    /// Something that was done to a user's MFA. The position of a member is stored: append only.
    pub enum ActionKind {
        Block => "block",
        Unblock => "unblock",
        Bypass => "bypass",
        RemoveBypass => "remove_bypass",
        Fraud => "fraud",
    }
}

named! {
    /// What has become of a block. In this order in the list.
    pub enum BlockStatus {
        Open => "open",
        Lifted => "lifted",
        Expired => "expired",
    }
}

named! {
    /// What has become of a one-time bypass.
    pub enum BypassStatus {
        Open => "open",
        Used => "used",
        Removed => "removed",
        Expired => "expired",
    }
}

named! {
    /// Where a fraud alert was seen.
    pub enum FraudSource {
        Audit => "audit",
        SignIn => "sign_in",
        Activity => "activity",
        MfaServer => "mfa_server",
    }
}

/// Something that an admin or a user did: from an audit record, or from MFA Server's history with its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MfaAction {
    pub kind: ActionKind,
    pub at: Instant,
    /// Whom it was done to.
    pub user: UserRef,
    /// Name of who did it.
    pub by: Option<String>,
    pub reason: Option<String>,
    /// How long a bypass is good for.
    pub seconds: Option<i64>,
    /// Of a fraud alert: whether it blocked the user.
    pub is_blocked: Option<bool>,
    /// When a block was lifted or a bypass used or over, where the history says.
    pub completed_at: Option<Instant>,
    pub completion_reason: Option<String>,
    /// Of a bypass: whether it was used.
    pub is_used: Option<bool>,
}

/// A row of MFA Server's block or bypass history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActionRecord {
    pub action: MfaAction,
    /// SHA-256 of the row's canonical JSON: its identity.
    pub digest: Digest,
}

impl ActionRecord {
    #[must_use]
    pub const fn kind(&self) -> RecordKind {
        match self.action.kind {
            ActionKind::Bypass | ActionKind::RemoveBypass => RecordKind::MfaBypass,
            ActionKind::Block | ActionKind::Unblock | ActionKind::Fraud => RecordKind::MfaBlock,
        }
    }
}

/// What an audit record says was done to a user's MFA, if it says that.
#[must_use]
pub fn mfa_action(_audit: &AuditRecord) -> Option<MfaAction> {
    None
}
