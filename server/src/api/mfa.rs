use axum::extract::{RawQuery, State};
use axum::response::Response;
use axum::{Extension, Json};
use domain::query::{ActivityQuery, BlockedUsersQuery, BypassedUsersQuery, FraudAlertsQuery, Report};
use domain::report::ActivitySummary;
use domain::viewer::Viewer;

use super::list::answer;
use super::parameters::{
    ActivityColumns, ActivityFilters, BlockColumns, BlockFilters, BypassColumns, BypassFilters, FraudColumns,
    FraudFilters, ListParameters, ReportParameters,
};
use super::problem::Problem;
use super::schemas;
use crate::state::AppState;

/// Authentications through on-premises components.
///
/// Reports Readers get no addresses: not shown, and 403 where they are asked for.
#[utoipa::path(
    get,
    path = "/api/v1/mfa/activity",
    operation_id = "list_mfa_activity",
    tag = "lists",
    params(ActivityFilters, ActivityColumns, ListParameters, ReportParameters),
    responses((status = OK, body = schemas::ActivityPage), super::schemas::Problems)
)]
pub async fn activity(state: State<AppState>, viewer: Extension<Viewer>, query: RawQuery) -> Result<Response, Problem> {
    answer::<ActivityQuery>(state, viewer, query).await
}

/// What each on-premises component did in the window.
#[utoipa::path(
    get,
    path = "/api/v1/mfa/activity/summary",
    operation_id = "mfa_activity_summary",
    tag = "reports",
    params(ReportParameters),
    responses((status = OK, body = schemas::ActivitySummary), super::schemas::Problems)
)]
pub async fn activity_summary(
    State(state): State<AppState>,
    Extension(viewer): Extension<Viewer>,
    RawQuery(query): RawQuery,
) -> Result<Json<ActivitySummary>, Problem> {
    let report = Report::parse(&query.unwrap_or_default(), state.clock.now())?;
    Ok(Json(state.services.read(&viewer).activity_summary(&report).await?))
}

/// Blocks of users, open ones first.
#[utoipa::path(
    get,
    path = "/api/v1/mfa/blocked-users",
    operation_id = "list_blocked_users",
    tag = "lists",
    params(BlockFilters, BlockColumns, ListParameters, ReportParameters),
    responses((status = OK, body = schemas::BlockPage), super::schemas::Problems)
)]
pub async fn blocked_users(
    state: State<AppState>,
    viewer: Extension<Viewer>,
    query: RawQuery,
) -> Result<Response, Problem> {
    answer::<BlockedUsersQuery>(state, viewer, query).await
}

/// One-time bypasses.
#[utoipa::path(
    get,
    path = "/api/v1/mfa/bypassed-users",
    operation_id = "list_bypassed_users",
    tag = "lists",
    params(BypassFilters, BypassColumns, ListParameters, ReportParameters),
    responses((status = OK, body = schemas::BypassPage), super::schemas::Problems)
)]
pub async fn bypassed_users(
    state: State<AppState>,
    viewer: Extension<Viewer>,
    query: RawQuery,
) -> Result<Response, Problem> {
    answer::<BypassedUsersQuery>(state, viewer, query).await
}

/// Fraud alerts of the window.
#[utoipa::path(
    get,
    path = "/api/v1/mfa/fraud-alerts",
    operation_id = "list_fraud_alerts",
    tag = "lists",
    params(FraudFilters, FraudColumns, ListParameters, ReportParameters),
    responses((status = OK, body = schemas::FraudPage), super::schemas::Problems)
)]
pub async fn fraud_alerts(
    state: State<AppState>,
    viewer: Extension<Viewer>,
    query: RawQuery,
) -> Result<Response, Problem> {
    answer::<FraudAlertsQuery>(state, viewer, query).await
}
