use axum::extract::{RawQuery, State};
use axum::{Extension, Json};
use domain::query::{OverviewQuery, Report};
use domain::report::{MethodCounts, Trend};
use domain::retention::Kept;
use domain::viewer::Viewer;

use super::parameters::{OverviewParameters, ReportParameters};
use super::problem::Problem;
use super::retention::known;
use super::schemas;
use crate::state::AppState;

/// Who is registered, enabled and capable, and what was registered and reset in the window.
#[utoipa::path(
    get,
    path = "/api/v1/overview",
    operation_id = "overview",
    tag = "reports",
    params(ReportParameters, OverviewParameters),
    responses((status = OK, body = schemas::Overview), super::schemas::Problems)
)]
pub async fn get(
    State(state): State<AppState>,
    Extension(viewer): Extension<Viewer>,
    RawQuery(query): RawQuery,
) -> Result<Json<serde_json::Value>, Problem> {
    let query = OverviewQuery::parse(&query.unwrap_or_default(), state.clock.now())?;
    let mut overview = state.services.read(&viewer).compared_overview(&query).await?;
    for (rows, sort) in [(&mut overview.registrations, query.registrations), (&mut overview.resets, query.resets)] {
        if let Some(sort) = sort {
            MethodCounts::sort(rows, sort);
        }
    }
    known(&overview, &overview.not_kept, &[(Kept::Events, &["registrations", "resets"])])
}

/// The figures about users at a series of instants: hours, days or weeks of the window, and its ends.
#[utoipa::path(
    get,
    path = "/api/v1/overview/trend",
    operation_id = "overview_trend",
    tag = "reports",
    params(ReportParameters),
    responses((status = OK, body = schemas::Trend), super::schemas::Problems)
)]
pub async fn trend(
    State(state): State<AppState>,
    Extension(viewer): Extension<Viewer>,
    RawQuery(query): RawQuery,
) -> Result<Json<Trend>, Problem> {
    let report = Report::parse(&query.unwrap_or_default(), state.clock.now())?;
    Ok(Json(state.services.read(&viewer).trend(&report).await?))
}
