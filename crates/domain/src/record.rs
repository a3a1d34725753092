//! What a file is read into: observations of users, events of Microsoft's reports, audit records.

use serde::{Deserialize, Serialize};

use crate::instant::Instant;
use crate::method::{AuthMethod, MethodSet};
use crate::mfa::{ActionRecord, ActivityRecord, ServerRecord};
use crate::named;
use crate::sign_in::{SignInRecord, SignInSteps};

/// SHA-256 of a record's canonical JSON (keys sorted, no spaces), after scrubbing.
pub type Digest = [u8; 32];

named! {
    /// A kind of record that Keyroll keeps. The names are those of `by_kind` in an import's summary.
    pub enum RecordKind {
        UserRegistrationDetails => "userRegistrationDetails",
        CredentialUserRegistrationDetails => "credentialUserRegistrationDetails",
        RegistrationDetailsCsv => "registrationDetailsCsv",
        MfaReport => "mfaReport",
        User => "user",
        UserCredentialUsageDetails => "userCredentialUsageDetails",
        UserEventsSummary => "userEventsSummary",
        DirectoryAudit => "directoryAudit",
        /// Our own list of users, imported again.
        UsersExport => "usersExport",
        SignIn => "signIn",
        /// Steps of sign-ins in a file of their own.
        SignInAuthenticationDetails => "signInAuthenticationDetails",
        /// Authentications of MFA Server, the NPS extension and the AD FS adapter.
        MfaActivity => "mfaActivity",
        MfaBlock => "mfaBlock",
        MfaBypass => "mfaBypass",
        /// What a server of MFA Server says of itself.
        MfaServerStatus => "mfaServerStatus",
    }
}

impl RecordKind {
    /// Between observations of one instant the greater wins: directory beats registration report beats CSV.
    #[must_use]
    pub const fn rank(self) -> i64 {
        match self {
            Self::User => 3,
            Self::UserRegistrationDetails | Self::CredentialUserRegistrationDetails => 2,
            _ => 1,
        }
    }

    /// Whether it says something of a user's state; the other kinds tell of events.
    #[must_use]
    pub const fn is_about_state(self) -> bool {
        match self {
            Self::UserRegistrationDetails
            | Self::CredentialUserRegistrationDetails
            | Self::RegistrationDetailsCsv
            | Self::MfaReport
            | Self::User
            | Self::UsersExport => true,
            Self::UserCredentialUsageDetails
            | Self::UserEventsSummary
            | Self::DirectoryAudit
            | Self::SignIn
            | Self::SignInAuthenticationDetails
            | Self::MfaActivity
            | Self::MfaBlock
            | Self::MfaBypass
            | Self::MfaServerStatus => false,
        }
    }
}

/// One record that was read and understood.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Record {
    User(Box<UserObservation>),
    Event(Box<ReportEvent>),
    Audit(Box<AuditRecord>),
    SignIn(Box<SignInRecord>),
    SignInSteps(Box<SignInSteps>),
    Activity(Box<ActivityRecord>),
    /// A row of MFA Server's block or bypass history.
    Action(Box<ActionRecord>),
    Server(Box<ServerRecord>),
}

impl Record {
    #[must_use]
    pub const fn kind(&self) -> RecordKind {
        match self {
            Self::User(observation) => observation.kind,
            Self::Event(event) => event.kind,
            Self::Audit(_) => RecordKind::DirectoryAudit,
            Self::SignIn(_) => RecordKind::SignIn,
            Self::SignInSteps(_) => RecordKind::SignInAuthenticationDetails,
            Self::Activity(_) => RecordKind::MfaActivity,
            Self::Action(record) => record.kind(),
            Self::Server(_) => RecordKind::MfaServerStatus,
        }
    }
}

/// Whom a record is about. At least one of object id and user name is present.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct UserRef {
    pub object_id: Option<String>,
    pub user_name: Option<String>,
    pub display_name: Option<String>,
}

impl UserRef {
    /// Without an object id or a user name nobody is meant.
    #[must_use]
    pub const fn is_nobody(&self) -> bool {
        self.object_id.is_none() && self.user_name.is_none()
    }
}

/// What a report or the directory said of one user at one time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserObservation {
    pub kind: RecordKind,
    pub user: UserRef,
    /// The record's own refresh time; `None` where the format has none (the import supplies one).
    pub observed_at: Option<Instant>,
    pub facts: UserFacts,
    pub digest: Digest,
}

/// The fields that a record carries; `None` where it says nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct UserFacts {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_type: Option<UserType>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account_enabled: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub admin: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub methods: Option<MethodSet>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub registered: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub enabled: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub capable: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mfa_registered: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mfa_capable: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub passwordless_capable: Option<bool>,
    /// Microsoft's own name of the default method, e.g. `microsoftAuthenticatorPush` or `push`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default_method: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub department: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub per_user_mfa: Option<PerUserMfa>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub created_at: Option<Instant>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deleted_at: Option<Instant>,
}

named! {
    pub enum UserType {
        Member => "member",
        Guest => "guest",
    }
}

named! {
    /// The state of per-user MFA; *enabled* means required, not registered.
    pub enum PerUserMfa {
        Disabled => "disabled",
        Enabled => "enabled",
        Enforced => "enforced",
    }
}

named! {
    pub enum Feature {
        Registration => "registration",
        Reset => "reset",
    }
}

named! {
    pub enum Outcome {
        Success => "success",
        Failure => "failure",
    }
}

named! {
    /// Where an event comes from; of two sources of the same act one counts (`spec/derivation.md` §4).
    pub enum EventSource {
        Audit => "audit",
        Report => "report",
    }
}

/// A line of `userCredentialUsageDetails` or `userEventsSummary`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportEvent {
    pub kind: RecordKind,
    pub feature: Feature,
    pub user: UserRef,
    pub at: Instant,
    pub method: AuthMethod,
    /// The method's name as it came.
    pub raw_method: Option<String>,
    pub outcome: Outcome,
    pub reason: Option<String>,
    /// Hash of (feature, user, method, outcome, reason, time, id): the event's identity.
    pub digest: Digest,
}

named! {
    /// `result` of an audit record.
    pub enum AuditResult {
        Success => "success",
        Failure => "failure",
        Timeout => "timeout",
        Unknown => "unknownFutureValue",
    }
}

/// A `directoryAudit` of any shape.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditRecord {
    /// Microsoft's id, or the hash that stands for it where the file has none.
    pub record_id: String,
    /// `activityDateTime`, else the log time.
    pub at: Instant,
    /// The envelope's `time` or `TimeGenerated`, where there is one.
    pub log_at: Option<Instant>,
    pub activity: String,
    pub service: Option<String>,
    pub category: Option<String>,
    pub result: AuditResult,
    pub reason: Option<String>,
    pub correlation_id: Option<String>,
    /// The first target of type User, else the initiator.
    pub user: UserRef,
    /// The record's own tenant id, where it names one.
    pub tenant: Option<String>,
    pub digest: Digest,
    /// Canonical JSON of the whole record, scrubbed.
    pub body: String,
}

/// A record that could not be read: quarantined, never dropped in silence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rejection {
    /// 1-based line of the (decompressed) file, where the format has lines.
    pub line: Option<u64>,
    /// 0-based byte offset in the (decompressed) file, where the line says too little.
    pub byte: Option<u64>,
    /// A sentence that says what is wrong.
    pub reason: String,
    /// The beginning of what was refused, scrubbed, at most 500 characters.
    pub excerpt: String,
}
