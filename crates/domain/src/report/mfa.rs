use serde::{Deserialize, Serialize};

use super::field::{Field, Fields};
use crate::answer::Answer;
use crate::instant::Instant;
use crate::method::AuthMethod;
use crate::mfa::{BlockStatus, BypassStatus, CallMode, CallResult, FraudSource};
use crate::query::{
    ActivityColumn, BlockColumn, BypassColumn, FraudColumn, MfaMethodsColumn, ReasonColumn, ServerColumn,
    UserNameColumn,
};
use crate::reason::{Actor, ReasonKind};
use crate::sign_in::Component;

/// An authentication through an on-premises component.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActivityItem {
    pub id: String,
    pub at: Instant,
    pub user_id: Option<String>,
    pub display_name: Option<String>,
    pub user_name: Option<String>,
    pub component: Component,
    pub method: AuthMethod,
    pub mode: Option<CallMode>,
    pub authentication_type: Option<String>,
    pub application: Option<String>,
    /// Masked.
    pub phone: Option<String>,
    pub call_result: Option<CallResult>,
    /// The result as the file has it.
    pub raw_result: Option<String>,
    /// The verdict: a `SUCCESS_` code is none.
    pub authenticated: Answer,
    /// Absent for those who may not see it.
    #[serde(flatten)]
    pub restricted: Option<RestrictedActivity>,
}

/// What a Reports Reader does not get of an authentication.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RestrictedActivity {
    pub ip: Option<String>,
}

/// Usage of the on-premises components in a window.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActivitySummary {
    pub components: Vec<ComponentUsage>,
}

/// What a component did in a window.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ComponentUsage {
    pub component: Component,
    /// Of the activity report, by verdict.
    pub authenticated: i64,
    pub not_authenticated: i64,
    pub unknown: i64,
    /// Sign-ins of the sign-in log that came through it.
    pub sign_ins: i64,
}

/// A remark on a block, a bypass or a fraud alert.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReviewNote {
    pub text: String,
    pub author: String,
    pub at: Instant,
}

impl std::fmt::Display for ReviewNote {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}: {}", self.at, self.author, self.text)
    }
}

/// A block of a user.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BlockItem {
    pub id: String,
    /// When the user was blocked; of an unblocking whose block is not known, its own time.
    pub at: Instant,
    pub user_id: Option<String>,
    pub display_name: Option<String>,
    pub user_name: Option<String>,
    pub by: Option<String>,
    pub reason: Option<String>,
    /// When it ends by itself.
    pub until: Option<Instant>,
    pub status: BlockStatus,
    pub ended_at: Option<Instant>,
    pub ended_by: Option<String>,
    pub end_reason: Option<String>,
    pub notes: Vec<ReviewNote>,
}

/// A one-time bypass.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BypassItem {
    pub id: String,
    pub at: Instant,
    pub user_id: Option<String>,
    pub display_name: Option<String>,
    pub user_name: Option<String>,
    pub by: Option<String>,
    pub reason: Option<String>,
    pub seconds: Option<i64>,
    pub until: Option<Instant>,
    pub status: BypassStatus,
    pub ended_at: Option<Instant>,
    pub end_reason: Option<String>,
    pub notes: Vec<ReviewNote>,
}

/// A fraud alert.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FraudItem {
    pub id: String,
    pub at: Instant,
    pub user_id: Option<String>,
    pub display_name: Option<String>,
    pub user_name: Option<String>,
    pub source: FraudSource,
    /// Whether the alert blocked the user.
    pub blocked: Answer,
    pub reason: Option<String>,
    /// The sign-in that was reported, where it is known.
    pub sign_in_id: Option<String>,
    pub notes: Vec<ReviewNote>,
}

/// A server of MFA Server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServerItem {
    pub name: String,
    pub version: Option<String>,
    pub status: Option<String>,
    pub address: Option<String>,
    pub last_contact: Instant,
    /// Not heard of for longer than servers are silent.
    pub stale: Answer,
}

/// Who is, or is not, registered for MFA: the one column of two of the 2020 commands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserNameItem {
    #[serde(rename = "UserPrincipalName")]
    pub user_principal_name: String,
}

/// A row of the third command.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MfaMethodsItem {
    #[serde(rename = "UserPrincipalName")]
    pub user_principal_name: String,
    /// State of per-user MFA; `null`: not known.
    #[serde(rename = "MFA Status")]
    pub mfa_status: Option<String>,
    /// Names of the old module where it has one; `null`: not known.
    #[serde(rename = "MFA Methods")]
    pub mfa_methods: Option<String>,
}

/// A status, call result or error code in plain words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReasonItem {
    pub kind: ReasonKind,
    pub code: String,
    pub label: String,
    pub meaning: String,
    pub actor: Actor,
    pub next: String,
    /// How often it occurred in the window.
    pub count: i64,
}

impl Fields<ActivityColumn> for ActivityItem {
    fn field(&self, column: ActivityColumn) -> Field<'_> {
        match column {
            ActivityColumn::Id => Field::text(&self.id),
            ActivityColumn::At => Field::At(self.at),
            ActivityColumn::UserId => Field::known(self.user_id.as_deref()),
            ActivityColumn::DisplayName => Field::known(self.display_name.as_deref()),
            ActivityColumn::UserName => Field::known(self.user_name.as_deref()),
            ActivityColumn::Component => Field::text(self.component.as_str()),
            ActivityColumn::Method => Field::text(self.method.as_str()),
            ActivityColumn::Mode => Field::known(self.mode.map(|name| name.as_str())),
            ActivityColumn::AuthenticationType => Field::known(self.authentication_type.as_deref()),
            ActivityColumn::Application => Field::known(self.application.as_deref()),
            ActivityColumn::Phone => Field::known(self.phone.as_deref()),
            ActivityColumn::CallResult => Field::known(self.call_result.map(|name| name.as_str())),
            ActivityColumn::RawResult => Field::known(self.raw_result.as_deref()),
            ActivityColumn::Authenticated => Field::text(self.authenticated.as_str()),
            ActivityColumn::Ip => self.restricted.as_ref().map_or(Field::Unknown, |r| Field::known(r.ip.as_deref())),
        }
    }
}

impl Fields<BlockColumn> for BlockItem {
    fn field(&self, column: BlockColumn) -> Field<'_> {
        match column {
            BlockColumn::Id => Field::text(&self.id),
            BlockColumn::At => Field::At(self.at),
            BlockColumn::UserId => Field::known(self.user_id.as_deref()),
            BlockColumn::DisplayName => Field::known(self.display_name.as_deref()),
            BlockColumn::UserName => Field::known(self.user_name.as_deref()),
            BlockColumn::By => Field::known(self.by.as_deref()),
            BlockColumn::Reason => Field::known(self.reason.as_deref()),
            BlockColumn::Until => Field::at(self.until),
            BlockColumn::Status => Field::text(self.status.as_str()),
            BlockColumn::EndedAt => Field::at(self.ended_at),
            BlockColumn::EndedBy => Field::known(self.ended_by.as_deref()),
            BlockColumn::EndReason => Field::known(self.end_reason.as_deref()),
            BlockColumn::Notes => Field::List(self.notes.iter().map(ReviewNote::to_string).collect()),
        }
    }
}

impl Fields<BypassColumn> for BypassItem {
    fn field(&self, column: BypassColumn) -> Field<'_> {
        match column {
            BypassColumn::Id => Field::text(&self.id),
            BypassColumn::At => Field::At(self.at),
            BypassColumn::UserId => Field::known(self.user_id.as_deref()),
            BypassColumn::DisplayName => Field::known(self.display_name.as_deref()),
            BypassColumn::UserName => Field::known(self.user_name.as_deref()),
            BypassColumn::By => Field::known(self.by.as_deref()),
            BypassColumn::Reason => Field::known(self.reason.as_deref()),
            BypassColumn::Seconds => Field::number(self.seconds),
            BypassColumn::Until => Field::at(self.until),
            BypassColumn::Status => Field::text(self.status.as_str()),
            BypassColumn::EndedAt => Field::at(self.ended_at),
            BypassColumn::EndReason => Field::known(self.end_reason.as_deref()),
            BypassColumn::Notes => Field::List(self.notes.iter().map(ReviewNote::to_string).collect()),
        }
    }
}

impl Fields<FraudColumn> for FraudItem {
    fn field(&self, column: FraudColumn) -> Field<'_> {
        match column {
            FraudColumn::Id => Field::text(&self.id),
            FraudColumn::At => Field::At(self.at),
            FraudColumn::UserId => Field::known(self.user_id.as_deref()),
            FraudColumn::DisplayName => Field::known(self.display_name.as_deref()),
            FraudColumn::UserName => Field::known(self.user_name.as_deref()),
            FraudColumn::Source => Field::text(self.source.as_str()),
            FraudColumn::Blocked => Field::text(self.blocked.as_str()),
            FraudColumn::Reason => Field::known(self.reason.as_deref()),
            FraudColumn::SignInId => Field::known(self.sign_in_id.as_deref()),
            FraudColumn::Notes => Field::List(self.notes.iter().map(ReviewNote::to_string).collect()),
        }
    }
}

impl Fields<ServerColumn> for ServerItem {
    fn field(&self, column: ServerColumn) -> Field<'_> {
        match column {
            ServerColumn::Name => Field::text(&self.name),
            ServerColumn::Version => Field::known(self.version.as_deref()),
            ServerColumn::Status => Field::known(self.status.as_deref()),
            ServerColumn::Address => Field::known(self.address.as_deref()),
            ServerColumn::LastContact => Field::At(self.last_contact),
            ServerColumn::Stale => Field::text(self.stale.as_str()),
        }
    }
}

impl Fields<UserNameColumn> for UserNameItem {
    fn field(&self, column: UserNameColumn) -> Field<'_> {
        match column {
            UserNameColumn::UserPrincipalName => Field::text(&self.user_principal_name),
        }
    }
}

impl Fields<MfaMethodsColumn> for MfaMethodsItem {
    fn field(&self, column: MfaMethodsColumn) -> Field<'_> {
        match column {
            MfaMethodsColumn::UserPrincipalName => Field::text(&self.user_principal_name),
            MfaMethodsColumn::MfaStatus => Field::known(self.mfa_status.as_deref()),
            MfaMethodsColumn::MfaMethods => Field::known(self.mfa_methods.as_deref()),
        }
    }
}

impl Fields<ReasonColumn> for ReasonItem {
    fn field(&self, column: ReasonColumn) -> Field<'_> {
        match column {
            ReasonColumn::Kind => Field::text(self.kind.as_str()),
            ReasonColumn::Code => Field::text(&self.code),
            ReasonColumn::Label => Field::text(&self.label),
            ReasonColumn::Meaning => Field::text(&self.meaning),
            ReasonColumn::Actor => Field::text(self.actor.as_str()),
            ReasonColumn::Next => Field::text(&self.next),
            ReasonColumn::Count => Field::Number(self.count),
        }
    }
}
