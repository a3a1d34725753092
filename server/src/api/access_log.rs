use axum::Extension;
use axum::extract::{RawQuery, State};
use axum::response::Response;
use domain::query::AccessLogQuery;
use domain::viewer::Viewer;

use super::list::answer;
use super::parameters::{AccessColumns, AccessFilters, ListParameters, ReportParameters};
use super::problem::Problem;
use super::schemas;
use crate::state::AppState;

/// Who looked at what, who took what away, changed what, and who was refused: for Global Readers and Global
/// Administrators.
#[utoipa::path(
    get,
    path = "/api/v1/settings/access-log",
    operation_id = "list_access_log",
    tag = "settings",
    params(AccessFilters, AccessColumns, ListParameters, ReportParameters),
    responses((status = OK, body = schemas::AccessPage), super::schemas::Problems)
)]
pub async fn list(state: State<AppState>, viewer: Extension<Viewer>, query: RawQuery) -> Result<Response, Problem> {
    answer::<AccessLogQuery>(state, viewer, query).await
}
