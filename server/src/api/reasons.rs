use axum::Extension;
use axum::extract::{RawQuery, State};
use axum::response::Response;
use domain::query::{ListQuery as _, ReasonsQuery};
use domain::viewer::Viewer;

use super::list::answer_of;
use super::parameters::{ListParameters, ReasonColumns, ReasonFilters, ReportParameters};
use super::problem::Problem;
use super::schemas;
use crate::state::AppState;

/// Every status, call result and error code in plain words, and how often it occurred in the window.
///
/// In the organisation's language where `lang` names none.
#[utoipa::path(
    get,
    path = "/api/v1/reasons",
    operation_id = "list_reasons",
    tag = "lists",
    params(ReasonFilters, ReasonColumns, ListParameters, ReportParameters),
    responses((status = OK, body = schemas::ReasonPage), super::schemas::Problems)
)]
pub async fn list(
    State(state): State<AppState>,
    Extension(viewer): Extension<Viewer>,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    let mut query = ReasonsQuery::parse(&query.unwrap_or_default(), state.clock.now())?;
    query.report.lang.get_or_insert(state.site.language);
    answer_of(&state, &viewer, &query).await
}
