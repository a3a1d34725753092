use axum::extract::{Path, RawQuery, State};
use axum::{Extension, Json};
use domain::query::Params;
use domain::report::{ImportItem, RejectedItem, SourceItem};
use domain::viewer::Viewer;
use serde::Serialize;

use super::problem::Problem;
use super::schemas;
use crate::state::AppState;

/// What came in.
#[derive(Debug, Serialize)]
pub struct Data {
    sources: Vec<SourceItem>,
    imports: Vec<ImportItem>,
}

/// One import and what it left in quarantine.
#[derive(Debug, Serialize)]
pub struct ImportDetails {
    #[serde(flatten)]
    import: ImportItem,
    quarantined: Vec<RejectedItem>,
}

/// Sources with their freshness, and the latest 200 imports.
#[utoipa::path(
    get,
    path = "/api/v1/data",
    operation_id = "list_imports",
    tag = "data",
    responses((status = OK, body = schemas::Data), super::schemas::Problems)
)]
pub async fn list(
    State(state): State<AppState>,
    Extension(viewer): Extension<Viewer>,
    RawQuery(query): RawQuery,
) -> Result<Json<Data>, Problem> {
    Params::parse(&query.unwrap_or_default()).finish()?;
    let reader = state.services.read(&viewer);
    Ok(Json(Data { sources: reader.sources().await?, imports: reader.imports().await? }))
}

/// One import, with the first 1,000 records it put in quarantine.
#[utoipa::path(
    get,
    path = "/api/v1/data/{import}",
    operation_id = "get_import",
    tag = "data",
    params(("import" = i64, Path, description = "Number of the import")),
    responses((status = OK, body = schemas::ImportDetails), (status = NOT_FOUND, body = Problem, content_type = "application/problem+json", description = "There is no such import"), super::schemas::Problems)
)]
pub async fn get(
    State(state): State<AppState>,
    Extension(viewer): Extension<Viewer>,
    Path(import): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Json<ImportDetails>, Problem> {
    Params::parse(&query.unwrap_or_default()).finish()?;
    let missing = || Problem::missing("import", &import);
    let id = import.parse().map_err(|_| missing())?;
    let reader = state.services.read(&viewer);
    let item = reader.import(id).await?.ok_or_else(missing)?;
    Ok(Json(ImportDetails { import: item, quarantined: reader.rejected(id).await? }))
}
