//! Names of what sign-ins are told by.

use domain::query::{AppUsageColumn, SignInColumn, UserUsageColumn};
use domain::reason::{self, Actor, ReasonKind, ReasonText};
use domain::sign_in::{
    Component, ConditionalAccessResult, MfaResult, MfaStatus, RequiredBy, SecondFactor, SignInStatus, StatusText,
};

use crate::language::{Ui, t};

impl Ui {
    /// Whether a sign-in went through
    pub fn sign_in_status(&self, status: SignInStatus) -> &'static str {
        match status {
            SignInStatus::Success => t!(self, sign_in_status.success),
            SignInStatus::Failure => t!(self, sign_in_status.failure),
            SignInStatus::Interrupted => t!(self, sign_in_status.interrupted),
            SignInStatus::Unknown => t!(self, answer.unknown),
        }
    }

    /// What became of the second factor
    pub fn mfa_result(&self, result: MfaResult) -> &'static str {
        match result {
            MfaResult::Satisfied => t!(self, mfa_result.satisfied),
            MfaResult::Denied => t!(self, mfa_result.denied),
            MfaResult::Pending => t!(self, mfa_result.pending),
            MfaResult::None => t!(self, mfa_result.none),
            MfaResult::Unknown => t!(self, answer.unknown),
        }
    }

    /// How it was satisfied, or why it was denied
    pub fn mfa_status(&self, status: MfaStatus) -> &'static str {
        self.reason(ReasonKind::Status, status.as_str()).map_or(status.as_str(), |text| text.label.as_str())
    }

    /// A status, or that no text says
    pub fn status_text(&self, text: StatusText) -> &'static str {
        match text {
            StatusText::None => t!(self, mfa_result.no_text),
            StatusText::Status(status) => self.mfa_status(status),
        }
    }

    /// Who or what demanded the second factor
    pub fn required_by(&self, required_by: RequiredBy) -> &'static str {
        match required_by {
            RequiredBy::PerUser => t!(self, required_by.per_user),
            RequiredBy::ConditionalAccess => t!(self, required_by.conditional_access),
            RequiredBy::SecurityDefaults => t!(self, required_by.security_defaults),
            RequiredBy::Risk => t!(self, required_by.risk),
            RequiredBy::Application => t!(self, required_by.application),
            RequiredBy::Other => t!(self, required_by.other),
            RequiredBy::Unknown => t!(self, answer.unknown),
        }
    }

    /// The method of the second factor, as a label
    pub fn second_factor(&self, method: SecondFactor) -> &'static str {
        match method {
            SecondFactor::None => t!(self, mfa_result.no_method),
            SecondFactor::Method(method) => self.method(method),
        }
    }

    /// An on-premises component
    pub fn component(&self, component: Component) -> &'static str {
        match component {
            Component::None => t!(self, component.none),
            Component::Nps => t!(self, component.nps),
            Component::Adfs => t!(self, component.adfs),
            Component::MfaServer => t!(self, component.mfa_server),
        }
    }

    /// What Conditional Access made of a sign-in
    pub fn ca_result(&self, result: ConditionalAccessResult) -> &'static str {
        match result {
            ConditionalAccessResult::Success => t!(self, ca_result.success),
            ConditionalAccessResult::Failure => t!(self, ca_result.failure),
            ConditionalAccessResult::NotApplied => t!(self, ca_result.not_applied),
            ConditionalAccessResult::Unknown => t!(self, answer.unknown),
        }
    }

    /// What a policy came to; as the record has it where it is none of Microsoft's words
    pub fn policy_result(&self, raw: &str) -> Option<&'static str> {
        Some(match raw.to_ascii_lowercase().as_str() {
            "success" => t!(self, ca_result.success),
            "failure" => t!(self, ca_result.failure),
            "notapplied" => t!(self, ca_result.not_applied),
            "notenabled" => t!(self, ca_result.not_enabled),
            "reportonlysuccess" => t!(self, ca_result.report_only_success),
            "reportonlyfailure" => t!(self, ca_result.report_only_failure),
            "reportonlynotapplied" => t!(self, ca_result.report_only_not_applied),
            "reportonlyinterrupted" => t!(self, ca_result.report_only_interrupted),
            "unknown" => t!(self, answer.unknown),
            _ => return None,
        })
    }

    /// What is said of a code, in plain words
    pub fn reason(&self, kind: ReasonKind, code: &str) -> Option<&'static ReasonText> {
        reason::text(self.language(), kind, code)
    }

    /// An error code, with what it means where that is known
    pub fn error_code(&self, code: i64) -> String {
        match self.reason(ReasonKind::ErrorCode, &code.to_string()) {
            Some(text) => t!(self, sign_ins.error_code_is, code = code, label = text.label.clone()),
            None => t!(self, sign_ins.error_code, code = code),
        }
    }

    /// Who must act
    pub fn actor(&self, actor: Actor) -> &'static str {
        match actor {
            Actor::Nobody => t!(self, actor.nobody),
            Actor::User => t!(self, actor.user),
            Actor::HelpDesk => t!(self, actor.help_desk),
            Actor::Network => t!(self, actor.network),
            Actor::Telecom => t!(self, actor.telecom),
            Actor::Administrator => t!(self, actor.administrator),
            Actor::Unknown => t!(self, answer.unknown),
        }
    }

    /// A heading of the list of sign-ins
    pub fn sign_in_column(&self, column: SignInColumn) -> &'static str {
        match column {
            SignInColumn::Id => t!(self, sign_in_column.id),
            SignInColumn::At => t!(self, sign_in_column.at),
            SignInColumn::CorrelationId => t!(self, sign_in_column.correlation_id),
            SignInColumn::UserId => t!(self, sign_in_column.user_id),
            SignInColumn::DisplayName => t!(self, sign_in_column.display_name),
            SignInColumn::UserName => t!(self, sign_in_column.user_name),
            SignInColumn::App => t!(self, sign_in_column.app),
            SignInColumn::Status => t!(self, sign_in_column.status),
            SignInColumn::ErrorCode => t!(self, sign_in_column.error_code),
            SignInColumn::MfaRequired => t!(self, sign_in_column.mfa_required),
            SignInColumn::RequiredBy => t!(self, sign_in_column.required_by),
            SignInColumn::MfaResult => t!(self, sign_in_column.mfa_result),
            SignInColumn::MfaStatus => t!(self, sign_in_column.mfa_status),
            SignInColumn::Method => t!(self, sign_in_column.method),
            SignInColumn::Detail => t!(self, sign_in_column.detail),
            SignInColumn::Interactive => t!(self, sign_in_column.interactive),
            SignInColumn::Component => t!(self, sign_in_column.component),
            SignInColumn::Ip => t!(self, sign_in_column.ip),
            SignInColumn::City => t!(self, sign_in_column.city),
            SignInColumn::Country => t!(self, sign_in_column.country),
            SignInColumn::CaResult => t!(self, sign_in_column.ca_result),
            SignInColumn::Policies => t!(self, sign_in_column.policies),
        }
    }

    /// A heading of the summary per user
    pub fn user_usage_column(&self, column: UserUsageColumn) -> &'static str {
        match column {
            UserUsageColumn::UserId => t!(self, user_column.id),
            UserUsageColumn::DisplayName => t!(self, user_column.display_name),
            UserUsageColumn::UserName => t!(self, user_column.user_name),
            UserUsageColumn::SignIns => t!(self, usage_column.sign_ins),
            UserUsageColumn::Challenged => t!(self, usage_column.challenged),
            UserUsageColumn::Satisfied => t!(self, mfa_result.satisfied),
            UserUsageColumn::Denied => t!(self, mfa_result.denied),
            UserUsageColumn::Pending => t!(self, mfa_result.pending),
            UserUsageColumn::Unable => t!(self, usage_column.unable),
        }
    }

    /// A heading of the summary per application
    pub fn app_usage_column(&self, column: AppUsageColumn) -> &'static str {
        match column {
            AppUsageColumn::App => t!(self, usage_column.app),
            AppUsageColumn::SignIns => t!(self, usage_column.sign_ins),
            AppUsageColumn::Challenged => t!(self, usage_column.challenged),
            AppUsageColumn::Satisfied => t!(self, mfa_result.satisfied),
            AppUsageColumn::Denied => t!(self, mfa_result.denied),
            AppUsageColumn::Pending => t!(self, mfa_result.pending),
            AppUsageColumn::Unable => t!(self, usage_column.unable),
        }
    }
}
