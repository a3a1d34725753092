use axum::extract::{RawQuery, State};
use axum::response::Response;
use axum::{Extension, Json};
use domain::query::{AppUsageQuery, Report, UserUsageQuery};
use domain::retention::Kept;
use domain::viewer::Viewer;

use super::list::answer;
use super::parameters::{AppUsageColumns, ListParameters, ReportParameters, UserUsageColumns, UserUsageFilters};
use super::problem::Problem;
use super::retention::known;
use super::schemas;
use crate::state::AppState;

/// The figures that are about sign-ins.
const OF_SIGN_INS: &[&str] = &[
    "sign_ins",
    "required",
    "required_by",
    "challenged",
    "results",
    "challenge_results",
    "statuses",
    "methods",
    "issues",
    "users",
    "components",
    "over_time",
];

/// What happened to sign-ins in the window: who was challenged, how that was met, why not, and by how many users.
#[utoipa::path(
    get,
    path = "/api/v1/usage",
    operation_id = "usage",
    tag = "reports",
    params(ReportParameters),
    responses((status = OK, body = schemas::Usage), super::schemas::Problems)
)]
pub async fn get(
    State(state): State<AppState>,
    Extension(viewer): Extension<Viewer>,
    RawQuery(query): RawQuery,
) -> Result<Json<serde_json::Value>, Problem> {
    let report = Report::parse(&query.unwrap_or_default(), state.clock.now())?;
    let usage = state.services.read(&viewer).usage(&report).await?;
    known(&usage, &usage.not_kept, &[(Kept::SignIns, OF_SIGN_INS), (Kept::Events, &["passwords"])])
}

/// Sign-ins of the window, per user.
#[utoipa::path(
    get,
    path = "/api/v1/usage/users",
    operation_id = "list_usage_of_users",
    tag = "lists",
    params(UserUsageFilters, UserUsageColumns, ListParameters, ReportParameters),
    responses((status = OK, body = schemas::UserUsagePage), super::schemas::Problems)
)]
pub async fn users(state: State<AppState>, viewer: Extension<Viewer>, query: RawQuery) -> Result<Response, Problem> {
    answer::<UserUsageQuery>(state, viewer, query).await
}

/// Sign-ins of the window, per application.
#[utoipa::path(
    get,
    path = "/api/v1/usage/applications",
    operation_id = "list_usage_of_applications",
    tag = "lists",
    params(AppUsageColumns, ListParameters, ReportParameters),
    responses((status = OK, body = schemas::AppUsagePage), super::schemas::Problems)
)]
pub async fn applications(
    state: State<AppState>,
    viewer: Extension<Viewer>,
    query: RawQuery,
) -> Result<Response, Problem> {
    answer::<AppUsageQuery>(state, viewer, query).await
}
