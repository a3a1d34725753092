use axum::Extension;
use axum::extract::{RawQuery, State};
use axum::response::Response;
use domain::query::EventsQuery;
use domain::viewer::Viewer;

use super::list::answer;
use super::parameters::{EventColumns, EventFilters, ListParameters, ReportParameters};
use super::problem::Problem;
use super::schemas;
use crate::state::AppState;

/// Registration and reset events of the window.
#[utoipa::path(
    get,
    path = "/api/v1/events",
    operation_id = "list_events",
    tag = "lists",
    params(EventFilters, EventColumns, ListParameters, ReportParameters),
    responses((status = OK, body = schemas::EventPage), super::schemas::Problems)
)]
pub async fn list(state: State<AppState>, viewer: Extension<Viewer>, query: RawQuery) -> Result<Response, Problem> {
    answer::<EventsQuery>(state, viewer, query).await
}
