//! The lists of the 2020 PowerShell commands, and the reasons.

use domain::reason;
use utoipa::ToSchema;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::Schema;

use super::names;

fn reason_kind() -> RefOr<Schema> {
    names(reason::ReasonKind::ALL)
}
fn actor() -> RefOr<Schema> {
    names(reason::Actor::ALL)
}

#[derive(ToSchema)]
pub struct UserName {
    #[schema(rename = "UserPrincipalName")]
    pub user_principal_name: String,
}

#[derive(ToSchema)]
pub struct UserNamePage {
    pub total: i64,
    /// False: the total is "more than".
    pub total_is_exact: bool,
    pub items: Vec<UserName>,
    /// `after` of the following page.
    #[schema(required = true)]
    pub next: Option<String>,
    /// `after` of the page before.
    #[schema(required = true)]
    pub previous: Option<String>,
}

/// A user; with `columns`, those fields only.
#[derive(ToSchema)]
pub struct MfaMethods {
    #[schema(rename = "UserPrincipalName", nullable = false)]
    pub user_principal_name: Option<String>,
    /// State of per-user MFA; null: not known.
    #[schema(rename = "MFA Status")]
    pub mfa_status: Option<String>,
    /// Null: not known.
    #[schema(rename = "MFA Methods")]
    pub mfa_methods: Option<String>,
}

#[derive(ToSchema)]
pub struct MfaMethodsPage {
    pub total: i64,
    /// False: the total is "more than".
    pub total_is_exact: bool,
    pub items: Vec<MfaMethods>,
    /// `after` of the following page.
    #[schema(required = true)]
    pub next: Option<String>,
    /// `after` of the page before.
    #[schema(required = true)]
    pub previous: Option<String>,
}

/// A status, call result or error code in plain words; with `columns`, those fields only.
#[derive(ToSchema)]
pub struct Reason {
    #[schema(schema_with = reason_kind)]
    pub kind: Option<String>,
    /// A status id, a call result or the digits of an error code.
    #[schema(nullable = false)]
    pub code: Option<String>,
    #[schema(nullable = false)]
    pub label: Option<String>,
    #[schema(nullable = false)]
    pub meaning: Option<String>,
    /// Who must act.
    #[schema(schema_with = actor)]
    pub actor: Option<String>,
    /// What to do.
    #[schema(nullable = false)]
    pub next: Option<String>,
    /// How often it occurred in the window.
    #[schema(nullable = false)]
    pub count: Option<i64>,
}

#[derive(ToSchema)]
pub struct ReasonPage {
    pub total: i64,
    /// False: the total is "more than".
    pub total_is_exact: bool,
    pub items: Vec<Reason>,
    /// `after` of the following page.
    #[schema(required = true)]
    pub next: Option<String>,
    /// `after` of the page before.
    #[schema(required = true)]
    pub previous: Option<String>,
}
