use serde::{Deserialize, Serialize};

use super::field::{Field, Fields};
use crate::answer::Answer;
use crate::instant::Instant;
use crate::query::SignInColumn;
use crate::sign_in::{
    AppliedPolicy, AuthenticationStep, Component, ConditionalAccessResult, MfaResult, MfaStatus, RequiredBy,
    SecondFactor, SignInStatus,
};

/// A sign-in in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignInItem {
    /// Microsoft's request id.
    pub id: String,
    pub at: Instant,
    pub correlation_id: Option<String>,
    /// The user's id, as in [`super::UserItem::id`].
    pub user_id: Option<String>,
    pub display_name: Option<String>,
    pub user_name: Option<String>,
    pub app: Option<String>,
    pub status: SignInStatus,
    pub error_code: Option<i64>,
    pub mfa_required: Answer,
    /// `null` where MFA was not required, or that is not known.
    pub required_by: Option<RequiredBy>,
    pub mfa_result: MfaResult,
    /// `null`: no text says.
    pub mfa_status: Option<MfaStatus>,
    pub method: SecondFactor,
    /// Masked, e.g. `+X XXXXXXXX64`.
    pub detail: Option<String>,
    pub interactive: Answer,
    pub component: Component,
    /// Absent for those who may not see it.
    #[serde(flatten)]
    pub restricted: Option<RestrictedSignIn>,
}

/// What a Reports Reader does not get of a sign-in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RestrictedSignIn {
    pub ip: Option<String>,
    pub city: Option<String>,
    /// Two letters, as the records have it.
    pub country: Option<String>,
    pub ca_result: ConditionalAccessResult,
    /// Names of the policies that applied; `null`: the record says nothing of policies.
    pub policies: Option<Vec<String>>,
}

/// `GET /api/v1/sign-ins/{id}`: one sign-in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignInReport {
    #[serde(flatten)]
    pub item: SignInItem,
    /// Whether the user was asked for a second factor.
    pub challenged: bool,
    /// Whether the attempt was challenged here and nowhere met the challenge.
    pub unable: bool,
    pub failure_reason: Option<String>,
    /// `status.additionalDetails` as it came.
    pub additional_details: Option<String>,
    /// `authenticationRequirement` as it came.
    pub authentication_requirement: Option<String>,
    /// `requirementProvider`s as they came.
    pub requirement_providers: Vec<String>,
    /// The method's name as the record has it.
    pub raw_method: Option<String>,
    pub resource: Option<String>,
    pub client_app: Option<String>,
    pub browser: Option<String>,
    pub operating_system: Option<String>,
    pub device: Option<String>,
    pub token_issuer: Option<String>,
    /// Every step in its order; `null`: the record says nothing of steps.
    pub steps: Option<Vec<StepItem>>,
    /// Absent for those who may not see it; `null`: the record says nothing of policies.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conditional_access: Option<ConditionalAccess>,
    /// Other sign-ins of the same correlation, in the order of time, at most 100.
    pub related: Vec<SignInItem>,
    pub related_total: i64,
}

/// What Conditional Access made of a sign-in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConditionalAccess {
    pub result: ConditionalAccessResult,
    /// `null`: the record says nothing of policies; empty: none was evaluated.
    pub policies: Option<Vec<AppliedPolicy>>,
}

/// A step of a sign-in, as it came and as it was understood.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepItem {
    pub at: Option<Instant>,
    pub method: Option<String>,
    pub detail: Option<String>,
    pub succeeded: Option<bool>,
    pub result: Option<String>,
    pub requirement: Option<String>,
    /// What the result says of the second factor.
    pub mfa_status: Option<MfaStatus>,
}

impl StepItem {
    #[must_use]
    pub fn new(step: AuthenticationStep, mfa_status: Option<MfaStatus>) -> Self {
        let AuthenticationStep { at, method, detail, succeeded, result, requirement, sequence: _ } = step;
        Self { at, method, detail, succeeded, result, requirement, mfa_status }
    }
}

impl Fields<SignInColumn> for SignInItem {
    fn field(&self, column: SignInColumn) -> Field<'_> {
        match column {
            SignInColumn::Id => Field::text(&self.id),
            SignInColumn::At => Field::At(self.at),
            SignInColumn::CorrelationId => Field::known(self.correlation_id.as_deref()),
            SignInColumn::UserId => Field::known(self.user_id.as_deref()),
            SignInColumn::DisplayName => Field::known(self.display_name.as_deref()),
            SignInColumn::UserName => Field::known(self.user_name.as_deref()),
            SignInColumn::App => Field::known(self.app.as_deref()),
            SignInColumn::Status => Field::text(self.status.as_str()),
            SignInColumn::ErrorCode => Field::number(self.error_code),
            SignInColumn::MfaRequired => Field::text(self.mfa_required.as_str()),
            SignInColumn::RequiredBy => Field::known(self.required_by.map(|name| name.as_str())),
            SignInColumn::MfaResult => Field::text(self.mfa_result.as_str()),
            SignInColumn::MfaStatus => Field::known(self.mfa_status.map(|name| name.as_str())),
            SignInColumn::Method => Field::text(self.method.as_str()),
            SignInColumn::Detail => Field::known(self.detail.as_deref()),
            SignInColumn::Interactive => Field::text(self.interactive.as_str()),
            SignInColumn::Component => Field::text(self.component.as_str()),
            SignInColumn::Ip => self.restricted.as_ref().map_or(Field::Unknown, |r| Field::known(r.ip.as_deref())),
            SignInColumn::City => self.restricted.as_ref().map_or(Field::Unknown, |r| Field::known(r.city.as_deref())),
            SignInColumn::Country => {
                self.restricted.as_ref().map_or(Field::Unknown, |r| Field::known(r.country.as_deref()))
            }
            SignInColumn::CaResult => {
                self.restricted.as_ref().map_or(Field::Unknown, |r| Field::text(r.ca_result.as_str()))
            }
            SignInColumn::Policies => self
                .restricted
                .as_ref()
                .map_or(Field::Unknown, |r| r.policies.clone().map_or(Field::Unknown, Field::List)),
        }
    }
}
