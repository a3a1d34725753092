//! What happened to sign-ins in a window.

use domain::sign_in;
use utoipa::ToSchema;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::Schema;

use super::{Counts, PopulationSize, Source, Tally, Window, component, mfa_result, mfa_status, names, second_factor};

fn required_by() -> RefOr<Schema> {
    names(sign_in::RequiredBy::ALL)
}

#[derive(ToSchema)]
pub struct SignInCounts {
    pub total: i64,
    pub success: i64,
    pub failure: i64,
    pub interrupted: i64,
    pub unknown: i64,
}

#[derive(ToSchema)]
pub struct RequiredByCount {
    #[schema(schema_with = required_by)]
    pub required_by: String,
    pub count: i64,
}

/// By what became of the second factor.
#[derive(ToSchema)]
pub struct ResultCounts {
    pub satisfied: i64,
    pub denied: i64,
    pub pending: i64,
    pub none: i64,
    pub unknown: i64,
}

#[derive(ToSchema)]
pub struct StatusCount {
    #[schema(schema_with = mfa_result)]
    pub mfa_result: String,
    /// Null: no text says.
    #[schema(schema_with = mfa_status, required = true)]
    pub mfa_status: Option<String>,
    /// Whether such sign-ins are challenged.
    pub challenged: bool,
    pub count: i64,
}

/// Challenged sign-ins of one method.
#[derive(ToSchema)]
pub struct SecondFactorCounts {
    #[schema(schema_with = second_factor)]
    pub method: String,
    pub satisfied: i64,
    pub denied: i64,
    pub pending: i64,
    pub unknown: i64,
}

/// Why challenged sign-ins were denied or left open: a status, or the error code where no text says.
#[derive(ToSchema)]
pub struct Issue {
    #[schema(schema_with = mfa_status, required = true)]
    pub mfa_status: Option<String>,
    #[schema(required = true)]
    pub error_code: Option<i64>,
    pub count: i64,
}

/// Distinct users, whom the population leaves out too.
#[derive(ToSchema)]
pub struct EverybodyCounts {
    pub signed_in: i64,
    pub challenged: i64,
    pub unable: i64,
}

/// Distinct users of the population, exact. A user can be in all of them.
#[derive(ToSchema)]
pub struct UserCounts {
    /// With at least one sign-in.
    pub signed_in: i64,
    pub challenged: i64,
    pub unable: i64,
    pub everybody: EverybodyCounts,
}

#[derive(ToSchema)]
pub struct ComponentCount {
    #[schema(schema_with = component)]
    pub component: String,
    pub count: i64,
}

/// Whole resets, changes and unlocks, from the audit log.
#[derive(ToSchema)]
pub struct PasswordCounts {
    pub self_service_resets: Counts,
    pub resets_by_admins: Counts,
    pub changes: Counts,
    pub unlocks: Counts,
    /// Blocked for too many tries.
    pub blocked: i64,
}

/// Sign-ins from one instant to the next.
#[derive(ToSchema)]
pub struct UsagePoint {
    #[schema(format = DateTime)]
    pub from: String,
    #[schema(format = DateTime)]
    pub to: String,
    pub sign_ins: i64,
    /// Challenged, by what became of it.
    pub satisfied: i64,
    pub denied: i64,
    pub pending: i64,
    pub unknown: i64,
}

#[derive(ToSchema)]
pub struct Usage {
    #[schema(format = DateTime)]
    pub as_of: String,
    pub window: Window,
    /// Whom the figures about users are about; those about sign-ins count all.
    pub population: PopulationSize,
    #[schema(required = true)]
    pub sign_ins: Option<SignInCounts>,
    /// Sign-ins by whether MFA was required: `mfa_required` of `/sign-ins`.
    #[schema(required = true)]
    pub required: Option<Tally>,
    /// `required_by` of `/sign-ins`.
    #[schema(required = true)]
    pub required_by: Option<Vec<RequiredByCount>>,
    /// Sign-ins whose user was asked for a second factor: `challenged=yes` of `/sign-ins`.
    #[schema(required = true)]
    pub challenged: Option<i64>,
    /// Of all sign-ins: `mfa_result` of `/sign-ins`.
    #[schema(required = true)]
    pub results: Option<ResultCounts>,
    /// Of challenged sign-ins.
    #[schema(required = true)]
    pub challenge_results: Option<ResultCounts>,
    /// Sign-ins by status, most first: `mfa_status` and `mfa_result` of `/sign-ins`.
    #[schema(required = true)]
    pub statuses: Option<Vec<StatusCount>>,
    /// Challenged sign-ins by method, most first: `challenged=yes` and `method` of `/sign-ins`.
    #[schema(required = true)]
    pub methods: Option<Vec<SecondFactorCounts>>,
    /// What kept challenged sign-ins from going through, most first.
    #[schema(required = true)]
    pub issues: Option<Vec<Issue>>,
    #[schema(required = true)]
    pub users: Option<UserCounts>,
    #[schema(required = true)]
    pub components: Option<Vec<ComponentCount>>,
    #[schema(required = true)]
    pub passwords: Option<PasswordCounts>,
    /// Sign-ins over time: whole UTC hours, days or weeks, and the window's own ends.
    #[schema(required = true)]
    pub over_time: Option<Vec<UsagePoint>>,
    /// Data that the window reaches further back than: figures over it are null; absent: none.
    #[schema(nullable = false)]
    pub not_kept: Option<Vec<super::NotKept>>,
    pub sources: Vec<Source>,
}

/// A user in the summary per user; with `columns`, those fields only.
#[derive(ToSchema)]
pub struct UserUsage {
    #[schema(nullable = false)]
    pub user_id: Option<String>,
    pub display_name: Option<String>,
    pub user_name: Option<String>,
    #[schema(nullable = false)]
    pub sign_ins: Option<i64>,
    /// Challenged sign-ins, and what became of them.
    #[schema(nullable = false)]
    pub challenged: Option<i64>,
    #[schema(nullable = false)]
    pub satisfied: Option<i64>,
    #[schema(nullable = false)]
    pub denied: Option<i64>,
    #[schema(nullable = false)]
    pub pending: Option<i64>,
    /// Sign-ins of attempts that nowhere met the challenge.
    #[schema(nullable = false)]
    pub unable: Option<i64>,
}

#[derive(ToSchema)]
pub struct UserUsagePage {
    pub total: i64,
    /// False: the total is "more than".
    pub total_is_exact: bool,
    pub items: Vec<UserUsage>,
    /// `after` of the following page.
    #[schema(required = true)]
    pub next: Option<String>,
    /// `after` of the page before.
    #[schema(required = true)]
    pub previous: Option<String>,
}

/// An application in the summary per application; with `columns`, those fields only.
#[derive(ToSchema)]
pub struct AppUsage {
    /// Its name, else its id; null: the record names none.
    pub app: Option<String>,
    #[schema(nullable = false)]
    pub sign_ins: Option<i64>,
    /// Challenged sign-ins, and what became of them.
    #[schema(nullable = false)]
    pub challenged: Option<i64>,
    #[schema(nullable = false)]
    pub satisfied: Option<i64>,
    #[schema(nullable = false)]
    pub denied: Option<i64>,
    #[schema(nullable = false)]
    pub pending: Option<i64>,
    /// Sign-ins of attempts that nowhere met the challenge.
    #[schema(nullable = false)]
    pub unable: Option<i64>,
}

#[derive(ToSchema)]
pub struct AppUsagePage {
    pub total: i64,
    /// False: the total is "more than".
    pub total_is_exact: bool,
    pub items: Vec<AppUsage>,
    /// `after` of the following page.
    #[schema(required = true)]
    pub next: Option<String>,
    /// `after` of the page before.
    #[schema(required = true)]
    pub previous: Option<String>,
}
