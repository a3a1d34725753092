use axum::extract::{RawQuery, State};
use axum::{Extension, Json};
use domain::connection::ConnectionItem;
use domain::query::Params;
use domain::viewer::Viewer;
use serde::Serialize;

use super::problem::Problem;
use super::schemas;
use crate::state::AppState;

/// Connected tenants.
#[derive(Debug, Serialize)]
pub struct Connections {
    items: Vec<ConnectionItem>,
}

/// Connected tenants and how far each is read, without their secrets: for Global Readers and Global Administrators.
#[utoipa::path(
    get,
    path = "/api/v1/settings/sources",
    operation_id = "list_sources",
    tag = "settings",
    responses((status = OK, body = schemas::Connections), super::schemas::Problems)
)]
pub async fn list(
    State(state): State<AppState>,
    Extension(viewer): Extension<Viewer>,
    RawQuery(query): RawQuery,
) -> Result<Json<Connections>, Problem> {
    Params::parse(&query.unwrap_or_default()).finish()?;
    let items = state.services.settings(&viewer)?.connections().await?;
    Ok(Json(Connections { items }))
}
