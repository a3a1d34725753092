use axum::extract::{Path, RawQuery, State};
use axum::response::Response;
use axum::{Extension, Json};
use domain::query::{Report, SignInsQuery};
use domain::report::SignInReport;
use domain::viewer::Viewer;

use super::list::answer;
use super::parameters::{ListParameters, ReportParameters, SignInColumns, SignInFilters};
use super::problem::Problem;
use super::schemas;
use crate::state::AppState;

/// Sign-ins of the window and their second factor.
///
/// Reports Readers get no addresses, places and Conditional Access: not shown, and 403 where they are asked for.
#[utoipa::path(
    get,
    path = "/api/v1/sign-ins",
    operation_id = "list_sign_ins",
    tag = "lists",
    params(SignInFilters, SignInColumns, ListParameters, ReportParameters),
    responses((status = OK, body = schemas::SignInPage), super::schemas::Problems)
)]
pub async fn list(state: State<AppState>, viewer: Extension<Viewer>, query: RawQuery) -> Result<Response, Problem> {
    answer::<SignInsQuery>(state, viewer, query).await
}

/// One sign-in: every step, Conditional Access, and the others of the same correlation.
#[utoipa::path(
    get,
    path = "/api/v1/sign-ins/{id}",
    operation_id = "get_sign_in",
    tag = "lists",
    params(("id" = String, Path, description = "Microsoft's request id"), ReportParameters),
    responses(
        (status = OK, body = schemas::SignInReport),
        (status = NOT_FOUND, body = Problem, content_type = "application/problem+json", description = "No sign-in is known by this id"),
        super::schemas::Problems
    )
)]
pub async fn get(
    State(state): State<AppState>,
    Extension(viewer): Extension<Viewer>,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Json<SignInReport>, Problem> {
    // One sign-in is what it is at any instant; a wrong parameter is refused all the same.
    Report::parse(&query.unwrap_or_default(), state.clock.now())?;
    let sign_in = state.services.read(&viewer).sign_in(&id).await?;
    sign_in.map(Json).ok_or_else(|| Problem::missing("sign-in", &id))
}
