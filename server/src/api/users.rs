use axum::extract::{Path, RawQuery, State};
use axum::response::Response;
use axum::{Extension, Json};
use domain::query::{Report, UsersQuery};
use domain::report::UserDetails;
use domain::viewer::Viewer;

use super::list::answer;
use super::parameters::{ListParameters, ReportParameters, UserColumns, UserFilters};
use super::problem::Problem;
use super::schemas;
use crate::state::AppState;

/// Registration details: one item per user of the population.
#[utoipa::path(
    get,
    path = "/api/v1/users",
    operation_id = "list_users",
    tag = "lists",
    params(UserFilters, UserColumns, ListParameters, ReportParameters),
    responses((status = OK, body = schemas::UserPage), super::schemas::Problems)
)]
pub async fn list(state: State<AppState>, viewer: Extension<Viewer>, query: RawQuery) -> Result<Response, Problem> {
    answer::<UsersQuery>(state, viewer, query).await
}

/// One person: state, its history, and events.
#[utoipa::path(
    get,
    path = "/api/v1/users/{id}",
    operation_id = "get_user",
    tag = "lists",
    params(("id" = String, Path, description = "Object id or user name"), ReportParameters),
    responses((status = OK, body = schemas::UserDetails), (status = NOT_FOUND, body = Problem, content_type = "application/problem+json", description = "Nobody is known by this id"), super::schemas::Problems)
)]
pub async fn get(
    State(state): State<AppState>,
    Extension(viewer): Extension<Viewer>,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Json<UserDetails>, Problem> {
    let report = Report::parse(&query.unwrap_or_default(), state.clock.now())?;
    let user = state.services.read(&viewer).user(&id, report.as_of).await?;
    user.map(Json).ok_or_else(|| Problem::missing("user", &id))
}
