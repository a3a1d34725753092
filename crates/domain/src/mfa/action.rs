use serde::{Deserialize, Serialize};

use super::audit_body::{AuditBody, is_guid, is_user_name};
use crate::instant::Instant;
use crate::named;
use crate::record::{AuditRecord, AuditResult, Digest, RecordKind, UserRef};
use crate::sign_in::normalise;

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

impl ActionKind {
    /// The history that it stands in.
    #[must_use]
    pub const fn record_kind(self) -> RecordKind {
        match self {
            Self::Bypass | Self::RemoveBypass => RecordKind::MfaBypass,
            Self::Block | Self::Unblock | Self::Fraud => RecordKind::MfaBlock,
        }
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
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
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
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActionRecord {
    pub action: MfaAction,
    /// SHA-256 of the row's canonical JSON: its identity.
    pub digest: Digest,
}

impl ActionRecord {
    #[must_use]
    pub const fn kind(&self) -> RecordKind {
        self.action.kind.record_kind()
    }
}

/// What an audit record says was done to a user's MFA, if it says that. What failed was not done.
#[must_use]
pub fn mfa_action(audit: &AuditRecord) -> Option<MfaAction> {
    let (kind, is_blocked) = kind_of(&audit.activity)?;
    if !matches!(audit.result, AuditResult::Success | AuditResult::Unknown) {
        return None;
    }
    let body = AuditBody::read(&audit.body);
    Some(MfaAction {
        kind,
        at: audit.at,
        // Who reports fraud is who was to be signed in as.
        user: if kind == ActionKind::Fraud { audit.user.clone() } else { affected(audit, &body) },
        reason: reason(&body).or_else(|| audit.reason.clone().filter(|reason| !reason.trim().is_empty())),
        seconds: if kind == ActionKind::Bypass { seconds(&body) } else { None },
        by: body.by,
        is_blocked,
        completed_at: None,
        completion_reason: None,
        is_used: None,
    })
}

/// By the activity's name alone, in whatever dashes and case; a fraud alert says whether it blocked.
fn kind_of(activity: &str) -> Option<(ActionKind, Option<bool>)> {
    Some(match normalise(activity).as_str() {
        "add blocked user" | "post tenant.createblockeduser" => (ActionKind::Block, None),
        "clear block on user" | "post tenant.removeblockeduser" => (ActionKind::Unblock, None),
        "add bypass user" | "post tenant.createbypasseduser" => (ActionKind::Bypass, None),
        "remove bypassed user" | "post tenant.removebypasseduser" | "post tenantremovebypasseduser" => {
            (ActionKind::RemoveBypass, None)
        }
        "fraud reported no action taken" => (ActionKind::Fraud, Some(false)),
        "fraud reported user is blocked for mfa" => (ActionKind::Fraud, Some(true)),
        "suspicious activity reported" => (ActionKind::Fraud, None),
        _ => return None,
    })
}

/// The target, where the record's user is one; else whom the details name; else the record's user, maybe the admin.
fn affected(audit: &AuditRecord, body: &AuditBody) -> UserRef {
    let user = &audit.user;
    let is_target = body.targets.iter().any(|target| {
        is_same(target.id.as_deref(), user.object_id.as_deref())
            || is_same(target.user_name.as_deref(), user.user_name.as_deref())
    });
    if is_target {
        return user.clone();
    }
    let found = body
        .pairs
        .iter()
        .filter(|(key, _)| names_user(key))
        .map(|(_, value)| value)
        .chain(body.targets.iter().filter_map(|target| target.user_name.as_ref().or(target.display_name.as_ref())))
        .chain(body.pairs.iter().filter(|(key, _)| !key.contains("reason")).map(|(_, value)| value))
        .find(|value| is_user_name(value) && !is_same(Some(value), body.by_user_name.as_deref()));
    if let Some(name) = found {
        return UserRef { user_name: Some(name.clone()), ..UserRef::default() };
    }
    // MFA Server's users may have names without a domain.
    let bare = body.pairs.iter().find(|(key, value)| names_user(key) && !value.contains(char::is_whitespace));
    match bare.map(|(_, value)| value) {
        Some(id) if is_guid(id) => UserRef { object_id: Some(id.to_ascii_lowercase()), ..UserRef::default() },
        Some(name) => UserRef { user_name: Some(name.clone()), ..UserRef::default() },
        None => user.clone(),
    }
}

fn is_same(left: Option<&str>, right: Option<&str>) -> bool {
    left.zip(right).is_some_and(|(left, right)| left.eq_ignore_ascii_case(right))
}

/// Whether a key is of the user it was done to, not of who did it.
fn names_user(key: &str) -> bool {
    let of_another = ["actor", "initiat", "admin", "by"].iter().any(|part| key.replace("bypass", "").contains(part));
    let names = ["userprincipalname", "username", "upn", "userid", "userobjectid"];
    !of_another && (key == "user" || key == "targetuser" || names.iter().any(|name| key.ends_with(name)))
}

fn reason(body: &AuditBody) -> Option<String> {
    let named = |is: fn(&str) -> bool| body.pairs.iter().find(|(key, _)| is(key)).map(|(_, value)| value.clone());
    named(|key| key == "reason")
        .or_else(|| named(|key| matches!(key, "blockreason" | "unblockreason" | "bypassreason")))
        .or_else(|| named(|key| key.contains("reason")))
}

fn seconds(body: &AuditBody) -> Option<i64> {
    let named = body.pairs.iter().filter(|(key, _)| key.contains("seconds"));
    named.map(|(_, value)| value.trim()).find_map(|value| value.parse().ok()).filter(|seconds| *seconds > 0)
}
