use axum::Extension;
use axum::extract::{RawQuery, State};
use axum::response::Response;
use domain::query::EventsQuery;
use domain::viewer::Viewer;

use super::list::answer;
use super::parameters::{EventFilters, ListParameters, ReportParameters};
use super::problem::Problem;
use super::schemas;
use crate::state::AppState;

/// Registration and reset events of the window.
#[utoipa::path(
    get,
    path = "/api/v1/events",
    operation_id = "list_events",
    tag = "lists",
    params(EventFilters, ListParameters, ReportParameters),
    responses((status = OK, body = schemas::EventPage), super::schemas::Problems)
)]
pub async fn list(
    State(state): State<AppState>,
    Extension(viewer): Extension<Viewer>,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    let query = EventsQuery::parse(&query.unwrap_or_default(), state.clock.now())?;
    answer(&query, &state.services.read(&viewer)).await
}
