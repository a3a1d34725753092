//! Names of MFA's words: authentications on premises, blocks, bypasses, fraud alerts, servers, reasons.

use domain::answer::Answer;
use domain::mfa::{BlockStatus, BypassStatus, CallMode, CallResult, FraudSource};
use domain::query::{ActivityColumn, BlockColumn, BypassColumn, FraudColumn, ReasonColumn, ServerColumn};
use domain::reason::ReasonKind;

use crate::language::{Ui, t};

impl Ui {
    /// What became of the call, in a few words
    pub fn call_result(&self, call_result: CallResult) -> &'static str {
        self.reason(ReasonKind::CallResult, call_result.as_str()).map_or(call_result.as_str(), |text| &text.label)
    }

    /// With or without a PIN
    pub fn call_mode(&self, call_mode: CallMode) -> &'static str {
        match call_mode {
            CallMode::Standard => t!(self, call_mode.standard),
            CallMode::Pin => t!(self, call_mode.pin),
        }
    }

    /// Whether the user was authenticated
    pub fn verdict(&self, verdict: Answer) -> &'static str {
        match verdict {
            Answer::Yes => t!(self, verdict.yes),
            Answer::No => t!(self, verdict.no),
            Answer::Unknown => t!(self, verdict.unknown),
        }
    }

    /// What has become of a block
    pub fn block_status(&self, block_status: BlockStatus) -> &'static str {
        match block_status {
            BlockStatus::Open => t!(self, block_status.open),
            BlockStatus::Lifted => t!(self, block_status.lifted),
            BlockStatus::Expired => t!(self, block_status.expired),
        }
    }

    /// What has become of a one-time bypass
    pub fn bypass_status(&self, bypass_status: BypassStatus) -> &'static str {
        match bypass_status {
            BypassStatus::Open => t!(self, bypass_status.open),
            BypassStatus::Used => t!(self, bypass_status.used),
            BypassStatus::Removed => t!(self, bypass_status.removed),
            BypassStatus::Expired => t!(self, bypass_status.expired),
        }
    }

    /// Where a fraud alert was seen
    pub fn fraud_source(&self, fraud_source: FraudSource) -> &'static str {
        match fraud_source {
            FraudSource::Audit => t!(self, fraud_source.audit),
            FraudSource::SignIn => t!(self, fraud_source.sign_in),
            FraudSource::Activity => t!(self, fraud_source.activity),
            FraudSource::MfaServer => t!(self, fraud_source.mfa_server),
        }
    }

    /// Whether a server has been silent for too long
    pub fn stale(&self, stale: Answer) -> &'static str {
        match stale {
            Answer::Yes => t!(self, servers.stale),
            Answer::No => t!(self, servers.in_touch),
            Answer::Unknown => t!(self, answer.unknown),
        }
    }

    /// What a code is of
    pub fn reason_kind(&self, reason_kind: ReasonKind) -> &'static str {
        match reason_kind {
            ReasonKind::Status => t!(self, reason_kind.status),
            ReasonKind::CallResult => t!(self, reason_kind.call_result),
            ReasonKind::ErrorCode => t!(self, reason_kind.error_code),
        }
    }

    /// A heading of the activity report
    pub fn activity_column(&self, activity_column: ActivityColumn) -> &'static str {
        match activity_column {
            ActivityColumn::Id => t!(self, activity_column.id),
            ActivityColumn::At => t!(self, activity_column.at),
            ActivityColumn::UserId => t!(self, activity_column.user_id),
            ActivityColumn::DisplayName => t!(self, activity_column.display_name),
            ActivityColumn::UserName => t!(self, activity_column.user_name),
            ActivityColumn::Component => t!(self, activity_column.component),
            ActivityColumn::Method => t!(self, activity_column.method),
            ActivityColumn::Mode => t!(self, activity_column.mode),
            ActivityColumn::AuthenticationType => t!(self, activity_column.authentication_type),
            ActivityColumn::Application => t!(self, activity_column.application),
            ActivityColumn::Phone => t!(self, activity_column.phone),
            ActivityColumn::CallResult => t!(self, activity_column.call_result),
            ActivityColumn::RawResult => t!(self, activity_column.raw_result),
            ActivityColumn::Authenticated => t!(self, activity_column.authenticated),
            ActivityColumn::Ip => t!(self, activity_column.ip),
        }
    }

    /// A heading of the block history
    pub fn block_column(&self, block_column: BlockColumn) -> &'static str {
        match block_column {
            BlockColumn::Id => t!(self, block_column.id),
            BlockColumn::At => t!(self, block_column.at),
            BlockColumn::UserId => t!(self, block_column.user_id),
            BlockColumn::DisplayName => t!(self, block_column.display_name),
            BlockColumn::UserName => t!(self, block_column.user_name),
            BlockColumn::By => t!(self, block_column.by),
            BlockColumn::Reason => t!(self, block_column.reason),
            BlockColumn::Until => t!(self, block_column.until),
            BlockColumn::Status => t!(self, block_column.status),
            BlockColumn::EndedAt => t!(self, block_column.ended_at),
            BlockColumn::EndedBy => t!(self, block_column.ended_by),
            BlockColumn::EndReason => t!(self, block_column.end_reason),
            BlockColumn::Notes => t!(self, block_column.notes),
        }
    }

    /// A heading of the bypass history
    pub fn bypass_column(&self, bypass_column: BypassColumn) -> &'static str {
        match bypass_column {
            BypassColumn::Id => t!(self, bypass_column.id),
            BypassColumn::At => t!(self, bypass_column.at),
            BypassColumn::UserId => t!(self, bypass_column.user_id),
            BypassColumn::DisplayName => t!(self, bypass_column.display_name),
            BypassColumn::UserName => t!(self, bypass_column.user_name),
            BypassColumn::By => t!(self, bypass_column.by),
            BypassColumn::Reason => t!(self, bypass_column.reason),
            BypassColumn::Seconds => t!(self, bypass_column.seconds),
            BypassColumn::Until => t!(self, bypass_column.until),
            BypassColumn::Status => t!(self, bypass_column.status),
            BypassColumn::EndedAt => t!(self, bypass_column.ended_at),
            BypassColumn::EndReason => t!(self, bypass_column.end_reason),
            BypassColumn::Notes => t!(self, bypass_column.notes),
        }
    }

    /// A heading of the fraud alerts
    pub fn fraud_column(&self, fraud_column: FraudColumn) -> &'static str {
        match fraud_column {
            FraudColumn::Id => t!(self, fraud_column.id),
            FraudColumn::At => t!(self, fraud_column.at),
            FraudColumn::UserId => t!(self, fraud_column.user_id),
            FraudColumn::DisplayName => t!(self, fraud_column.display_name),
            FraudColumn::UserName => t!(self, fraud_column.user_name),
            FraudColumn::Source => t!(self, fraud_column.source),
            FraudColumn::Blocked => t!(self, fraud_column.blocked),
            FraudColumn::Reason => t!(self, fraud_column.reason),
            FraudColumn::SignInId => t!(self, fraud_column.sign_in_id),
            FraudColumn::Notes => t!(self, fraud_column.notes),
        }
    }

    /// A heading of the list of servers
    pub fn server_column(&self, server_column: ServerColumn) -> &'static str {
        match server_column {
            ServerColumn::Name => t!(self, server_column.name),
            ServerColumn::Version => t!(self, server_column.version),
            ServerColumn::Status => t!(self, server_column.status),
            ServerColumn::Address => t!(self, server_column.address),
            ServerColumn::LastContact => t!(self, server_column.last_contact),
            ServerColumn::Stale => t!(self, server_column.stale),
        }
    }

    /// A heading of the reasons
    pub fn reason_column(&self, reason_column: ReasonColumn) -> &'static str {
        match reason_column {
            ReasonColumn::Kind => t!(self, reason_column.kind),
            ReasonColumn::Code => t!(self, reason_column.code),
            ReasonColumn::Label => t!(self, reason_column.label),
            ReasonColumn::Meaning => t!(self, reason_column.meaning),
            ReasonColumn::Actor => t!(self, reason_column.actor),
            ReasonColumn::Next => t!(self, reason_column.next),
            ReasonColumn::Count => t!(self, reason_column.count),
        }
    }
}
