//! Sign-ins and their second factor.

use domain::sign_in;
use utoipa::ToSchema;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::Schema;

use super::{answer, component, mfa_result, mfa_status, names, names_or_null, second_factor};

fn sign_in_status() -> RefOr<Schema> {
    names(sign_in::SignInStatus::ALL)
}
fn required_by() -> RefOr<Schema> {
    names_or_null(sign_in::RequiredBy::ALL)
}
fn ca_result() -> RefOr<Schema> {
    names(sign_in::ConditionalAccessResult::ALL)
}

/// A sign-in; with `columns`, those fields only. From `ip` on the fields are absent for Reports Readers.
#[derive(ToSchema)]
pub struct SignIn {
    /// Microsoft's request id.
    pub id: Option<String>,
    #[schema(format = DateTime)]
    pub at: Option<String>,
    pub correlation_id: Option<String>,
    pub user_id: Option<String>,
    pub display_name: Option<String>,
    pub user_name: Option<String>,
    pub app: Option<String>,
    #[schema(schema_with = sign_in_status)]
    pub status: Option<String>,
    pub error_code: Option<i64>,
    #[schema(schema_with = answer)]
    pub mfa_required: Option<String>,
    /// Null where MFA was not required, or that is not known.
    #[schema(schema_with = required_by)]
    pub required_by: Option<String>,
    #[schema(schema_with = mfa_result)]
    pub mfa_result: Option<String>,
    /// Null: no text says.
    #[schema(schema_with = mfa_status)]
    pub mfa_status: Option<String>,
    #[schema(schema_with = second_factor)]
    pub method: Option<String>,
    /// Masked, such as `+X XXXXXXXX64`.
    pub detail: Option<String>,
    #[schema(schema_with = answer)]
    pub interactive: Option<String>,
    #[schema(schema_with = component)]
    pub component: Option<String>,
    pub ip: Option<String>,
    pub city: Option<String>,
    /// Two letters, as the records have it.
    pub country: Option<String>,
    #[schema(schema_with = ca_result)]
    pub ca_result: Option<String>,
    /// Names of the policies that applied; null: the record says nothing of policies.
    pub policies: Option<Vec<String>>,
}

#[derive(ToSchema)]
pub struct SignInPage {
    pub total: i64,
    /// False: the total is "more than".
    pub total_is_exact: bool,
    pub items: Vec<SignIn>,
    /// `after` of the following page.
    #[schema(required = true)]
    pub next: Option<String>,
    /// `after` of the page before.
    #[schema(required = true)]
    pub previous: Option<String>,
}

/// A step of a sign-in, as it came and as it was understood.
#[derive(ToSchema)]
pub struct Step {
    #[schema(format = DateTime, required = true)]
    pub at: Option<String>,
    #[schema(required = true)]
    pub method: Option<String>,
    /// Masked.
    #[schema(required = true)]
    pub detail: Option<String>,
    #[schema(required = true)]
    pub succeeded: Option<bool>,
    #[schema(required = true)]
    pub result: Option<String>,
    #[schema(required = true)]
    pub requirement: Option<String>,
    /// What the result says of the second factor.
    #[schema(schema_with = mfa_status, required = true)]
    pub mfa_status: Option<String>,
}

/// A Conditional Access policy that was evaluated.
#[derive(ToSchema)]
pub struct AppliedPolicy {
    #[schema(required = true)]
    pub id: Option<String>,
    #[schema(required = true)]
    pub name: Option<String>,
    /// As they came, such as `Mfa`; null: the record does not say.
    #[schema(required = true)]
    pub grant_controls: Option<Vec<String>>,
    #[schema(required = true)]
    pub session_controls: Option<Vec<String>>,
    /// As it came, such as `success`, `notApplied`, `reportOnlyFailure`.
    #[schema(required = true)]
    pub result: Option<String>,
}

/// What Conditional Access made of a sign-in.
#[derive(ToSchema)]
pub struct ConditionalAccess {
    #[schema(schema_with = ca_result)]
    pub result: String,
    /// Null: the record says nothing of policies; empty: none was evaluated.
    #[schema(required = true)]
    pub policies: Option<Vec<AppliedPolicy>>,
}

/// One sign-in.
#[derive(ToSchema)]
pub struct SignInReport {
    #[serde(flatten)]
    pub sign_in: SignIn,
    /// Whether the user was asked for a second factor.
    pub challenged: bool,
    /// Whether the attempt was challenged here and nowhere met the challenge.
    pub unable: bool,
    #[schema(required = true)]
    pub failure_reason: Option<String>,
    /// `status.additionalDetails` as it came.
    #[schema(required = true)]
    pub additional_details: Option<String>,
    /// `authenticationRequirement` as it came.
    #[schema(required = true)]
    pub authentication_requirement: Option<String>,
    /// Each `requirementProvider` as it came.
    pub requirement_providers: Vec<String>,
    /// The method's name as the record has it.
    #[schema(required = true)]
    pub raw_method: Option<String>,
    #[schema(required = true)]
    pub resource: Option<String>,
    #[schema(required = true)]
    pub client_app: Option<String>,
    #[schema(required = true)]
    pub browser: Option<String>,
    #[schema(required = true)]
    pub operating_system: Option<String>,
    #[schema(required = true)]
    pub device: Option<String>,
    #[schema(required = true)]
    pub token_issuer: Option<String>,
    /// Every step in its order; null: the record says nothing of steps.
    #[schema(required = true)]
    pub steps: Option<Vec<Step>>,
    /// Absent for Reports Readers.
    #[schema(nullable = false)]
    pub conditional_access: Option<ConditionalAccess>,
    /// Other sign-ins of the same correlation, in the order of time, at most 100.
    pub related: Vec<SignIn>,
    pub related_total: i64,
}
