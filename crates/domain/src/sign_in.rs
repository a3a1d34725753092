//! Sign-ins and their second factor: the words of `spec/derivation.md` §5, and the rules from a record to them.

mod classify;
mod facts;
mod normal;
mod reading;
mod requirement;
mod text;
mod texts;

pub use classify::{classify, detail, status_text};
pub use facts::{
    Component, ConditionalAccessResult, Facts, MfaResult, MfaStatus, RequiredBy, SecondFactor, SignInStatus, StatusText,
};
pub(crate) use normal::normalise;
pub use text::{MfaText, mfa_text};

use serde::{Deserialize, Serialize};

use crate::instant::Instant;
use crate::record::{Digest, UserRef};

/// One request to sign in, of whatever shape it came.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignInRecord {
    /// Microsoft's request id, or the hash that stands for it where the file has none.
    pub record_id: String,
    /// `createdDateTime`, else the log time.
    pub at: Instant,
    /// The envelope's `time` or `TimeGenerated`, where there is one.
    pub log_at: Option<Instant>,
    pub user: UserRef,
    /// The record's own tenant id, where it names one.
    pub tenant: Option<String>,
    pub interactive: Option<bool>,
    pub component: Component,
    pub app: AppRef,
    pub place: Place,
    /// Whether any policy blocked; `Unknown` where the record does not say.
    pub conditional_access: ConditionalAccessResult,
    /// `None`: the record says nothing of policies; empty: none applied.
    pub policies: Option<Vec<AppliedPolicy>>,
    pub details: SignInDetails,
    /// SHA-256 of the record's canonical JSON.
    pub digest: Digest,
}

/// The application that was signed in to.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct AppRef {
    pub id: Option<String>,
    pub name: Option<String>,
}

/// Where a sign-in came from. Not for Reports Readers.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Place {
    pub ip: Option<String>,
    pub city: Option<String>,
    pub state: Option<String>,
    /// Two letters, as the records have it.
    pub country: Option<String>,
}

/// What is kept of a sign-in besides what lists filter by. Field names are short: there is one of these for each sign-in.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SignInDetails {
    #[serde(rename = "c", skip_serializing_if = "Option::is_none")]
    pub correlation_id: Option<String>,
    /// `status.errorCode`, or Azure Monitor's `resultType`.
    #[serde(rename = "e", skip_serializing_if = "Option::is_none")]
    pub error_code: Option<i64>,
    /// The portal's own status, where the record has one.
    #[serde(rename = "s", skip_serializing_if = "Option::is_none")]
    pub given_status: Option<SignInStatus>,
    #[serde(rename = "f", skip_serializing_if = "Option::is_none")]
    pub failure_reason: Option<String>,
    /// `authenticationRequirement` as it came.
    #[serde(rename = "r", skip_serializing_if = "Option::is_none")]
    pub requirement: Option<String>,
    /// `requirementProvider` of each of `authenticationRequirementPolicies`.
    #[serde(rename = "rp", skip_serializing_if = "Vec::is_empty")]
    pub required_by: Vec<String>,
    /// `status.additionalDetails`, or "Multifactor authentication result".
    #[serde(rename = "a", skip_serializing_if = "Option::is_none")]
    pub additional_details: Option<String>,
    /// `None`: the record says nothing of steps.
    #[serde(rename = "t", skip_serializing_if = "Option::is_none")]
    pub steps: Option<Vec<AuthenticationStep>>,
    #[serde(rename = "m", skip_serializing_if = "Option::is_none")]
    pub mfa_method: Option<String>,
    #[serde(rename = "d", skip_serializing_if = "Option::is_none")]
    pub mfa_detail: Option<String>,
    #[serde(rename = "rn", skip_serializing_if = "Option::is_none")]
    pub resource: Option<String>,
    #[serde(rename = "cl", skip_serializing_if = "Option::is_none")]
    pub client_app: Option<String>,
    #[serde(rename = "b", skip_serializing_if = "Option::is_none")]
    pub browser: Option<String>,
    #[serde(rename = "o", skip_serializing_if = "Option::is_none")]
    pub operating_system: Option<String>,
    #[serde(rename = "dn", skip_serializing_if = "Option::is_none")]
    pub device: Option<String>,
    #[serde(rename = "ti", skip_serializing_if = "Option::is_none")]
    pub token_issuer: Option<String>,
}

/// The part of [`SignInDetails`] that [`detail`] is from: a list reads no more of them, and of steps only where it has to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct MfaDetail<Steps: Default> {
    #[serde(rename = "d")]
    pub mfa_detail: Option<String>,
    #[serde(rename = "t")]
    pub steps: Steps,
}

impl SignInDetails {
    /// How much is known of what copies differ in: requirement, steps, `mfaDetail`, `additionalDetails`; a fifth,
    /// policies, stands beside. Of copies the one with most wins (`spec/derivation.md` §0).
    #[must_use]
    pub fn completeness(&self, policies: Option<&[AppliedPolicy]>) -> i64 {
        [
            self.requirement.is_some(),
            self.steps.as_ref().is_some_and(|steps| !steps.is_empty()),
            self.mfa_method.is_some() || self.mfa_detail.is_some(),
            self.additional_details.is_some(),
            policies.is_some_and(|policies| !policies.is_empty()),
        ]
        .into_iter()
        .map(i64::from)
        .sum()
    }
}

/// One of `authenticationDetails`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct AuthenticationStep {
    #[serde(rename = "t", skip_serializing_if = "Option::is_none")]
    pub at: Option<Instant>,
    #[serde(rename = "m", skip_serializing_if = "Option::is_none")]
    pub method: Option<String>,
    #[serde(rename = "d", skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    #[serde(rename = "s", skip_serializing_if = "Option::is_none")]
    pub succeeded: Option<bool>,
    /// `authenticationStepResultDetail`.
    #[serde(rename = "r", skip_serializing_if = "Option::is_none")]
    pub result: Option<String>,
    #[serde(rename = "q", skip_serializing_if = "Option::is_none")]
    pub requirement: Option<String>,
    /// `StatusSequence`: what steps are ordered by; without it, their position.
    #[serde(rename = "n", skip_serializing_if = "Option::is_none")]
    pub sequence: Option<i64>,
}

/// A Conditional Access policy that was evaluated.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct AppliedPolicy {
    pub id: Option<String>,
    pub name: Option<String>,
    /// As they came, e.g. `Mfa`; `None`: the record does not say.
    pub grant_controls: Option<Vec<String>>,
    pub session_controls: Option<Vec<String>>,
    /// As it came, e.g. `success`, `notApplied`, `reportOnlyFailure`.
    pub result: Option<String>,
}

/// Steps of a sign-in that came in a file of their own: the portal's `_AuthDetails_` download.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignInSteps {
    /// Request id of the sign-in.
    pub record_id: String,
    pub step: AuthenticationStep,
    /// SHA-256 of the row's canonical JSON: the step's identity within its sign-in.
    pub digest: Digest,
}
