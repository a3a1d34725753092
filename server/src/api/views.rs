use axum::body::Bytes;
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use axum::{Extension, Json};
use domain::query::Params;
use domain::view::{SavedView, ViewName, ViewPage};
use domain::viewer::Viewer;
use serde::{Deserialize, Serialize};
use store::NewView;

use super::problem::Problem;
use super::schemas;
use crate::state::AppState;

#[derive(Debug, Serialize)]
pub struct SavedViews {
    items: Vec<SavedView>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Save {
    name: String,
    page: ViewPage,
    #[serde(default)]
    query: String,
    #[serde(default)]
    shared: bool,
}

/// Saved views: one's own and the shared ones.
///
/// Views belong to a person; those that a token saves, to the token's role.
#[utoipa::path(
    get,
    path = "/api/v1/views",
    operation_id = "list_views",
    tag = "views",
    responses((status = OK, body = schemas::SavedViews), super::schemas::Problems)
)]
pub async fn list(
    State(state): State<AppState>,
    Extension(viewer): Extension<Viewer>,
    RawQuery(query): RawQuery,
) -> Result<Json<SavedViews>, Problem> {
    Params::parse(&query.unwrap_or_default()).finish()?;
    let items = state.services.views(&viewer).list(state.clock.now()).await?;
    Ok(Json(SavedViews { items }))
}

/// Saves a view. The query is read by the page's own rules; zone, language and cursor are left out of it.
#[utoipa::path(
    post,
    path = "/api/v1/views",
    operation_id = "save_view",
    tag = "views",
    request_body = schemas::NewView,
    responses(
        (status = CREATED, body = schemas::SavedView, description = "The view as it was saved"),
        (status = CONFLICT, body = Problem, content_type = "application/problem+json", description = "There are too many already"),
        super::schemas::TooLarge, super::schemas::Problems
    )
)]
pub async fn save(
    State(state): State<AppState>,
    Extension(viewer): Extension<Viewer>,
    body: Bytes,
) -> Result<(StatusCode, Json<SavedView>), Problem> {
    let save: Save = serde_json::from_slice(&body).map_err(|error| Problem::bad_body(&error))?;
    let name = ViewName::new(&save.name).map_err(|error| Problem::bad_body(&error))?;
    let now = state.clock.now();
    let query = save.page.canonical(&save.query, now)?;
    let views = state.services.views(&viewer);
    let id = views.save(NewView { name, page: save.page, query, is_shared: save.shared, now }).await?;
    let saved = views.get(id, now).await?.ok_or_else(|| Problem::missing("view", &id.to_string()))?;
    Ok((StatusCode::CREATED, Json(saved)))
}

/// Deletes a view: one's own, or, as Global Administrator, a shared one.
#[utoipa::path(
    delete,
    path = "/api/v1/views/{id}",
    operation_id = "delete_view",
    tag = "views",
    params(("id" = i64, Path, description = "The view's number")),
    responses(
        (status = NO_CONTENT, description = "It is gone"),
        (status = NOT_FOUND, body = Problem, content_type = "application/problem+json", description = "There is no such view to be seen"),
        super::schemas::Problems
    )
)]
pub async fn delete(
    State(state): State<AppState>,
    Extension(viewer): Extension<Viewer>,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    let number = id.parse().map_err(|_| Problem::missing("view", &id))?;
    state.services.views(&viewer).delete(number).await?;
    Ok(StatusCode::NO_CONTENT)
}
