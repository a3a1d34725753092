use axum::extract::{Path, RawQuery, State};
use axum::{Extension, Json};
use domain::freshness::SourceGroup;
use domain::instant::DAY_MS;
use domain::query::Params;
use domain::report::{ImportCounts, ImportItem, RejectedItem, SelfCheck, SourceStatus, UnclassifiedValue};
use domain::viewer::Viewer;
use http::StatusCode;
use serde::Serialize;
use store::{ImportId, UndoRefused};

use super::problem::Problem;
use super::schemas;
use crate::state::AppState;

/// What came in, and how it stands.
#[derive(Debug, Serialize)]
pub struct Data {
    sources: Vec<Source>,
    /// What became of the records of the last 30 days, however they came in.
    last_30_days: ImportCounts,
    unclassified: Vec<UnclassifiedValue>,
    imports: Vec<ImportItem>,
    self_check: Option<SelfCheck>,
}

/// A source, and whether it is old.
#[derive(Debug, Serialize)]
struct Source {
    #[serde(flatten)]
    status: SourceStatus,
    /// Hours without an import after which it counts as old; `None`: never.
    stale_after_hours: Option<u32>,
    stale: bool,
}

/// One import and what it left in quarantine.
#[derive(Debug, Serialize)]
pub struct ImportDetails {
    #[serde(flatten)]
    import: ImportItem,
    quarantined: Vec<RejectedItem>,
}

/// Sources and how they stand, values that no vocabulary knows, the latest 200 imports, and whether figures were what
/// recounting them gave.
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
    let (reader, now) = (state.services.read(&viewer), state.clock.now());
    let after = state.site.stale_after;
    let source = |status: SourceStatus| {
        let group = SourceGroup::of(status.source.source);
        let stale = group.is_some_and(|group| after.is_stale(group, status.source.last_refreshed, now));
        let hours = group.map(|group| after.hours(group)).filter(|hours| *hours > 0);
        Source { status, stale_after_hours: hours, stale }
    };
    Ok(Json(Data {
        sources: reader.source_statuses(now).await?.into_iter().map(source).collect(),
        last_30_days: reader.imported_since(now.plus_millis(-30 * DAY_MS)).await?,
        unclassified: reader.unclassified().await?,
        imports: reader.imports().await?,
        self_check: reader.self_check().await?,
    }))
}

/// Takes an import back: what it brought goes, what it had replaced comes back. Security Administrators and Global
/// Administrators.
///
/// It goes on in the background; `status` is `undoing` until it is `undone`.
#[utoipa::path(
    post,
    path = "/api/v1/data/{import}/undo",
    operation_id = "undo_import",
    tag = "data",
    params(("import" = i64, Path, description = "Number of the import")),
    responses(
        (status = ACCEPTED, body = schemas::Import, description = "It has begun, or is done already"),
        (status = NOT_FOUND, body = Problem, content_type = "application/problem+json", description = "There is no such import"),
        (status = CONFLICT, body = Problem, content_type = "application/problem+json", description = "It cannot be taken back, or not now"),
        super::schemas::Problems
    )
)]
pub async fn undo(
    State(state): State<AppState>,
    Extension(viewer): Extension<Viewer>,
    Path(import): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<(StatusCode, Json<ImportItem>), Problem> {
    let operator = state.services.operate(&viewer)?;
    Params::parse(&query.unwrap_or_default()).finish()?;
    let missing = || Problem::missing("import", &import);
    let id = import.parse().map(ImportId).map_err(|_| missing())?;
    let begun = operator.begin_undo(id, &viewer.name).await?;
    state.keeping.notify_one();
    match begun {
        Ok(_) | Err(UndoRefused::Undone) => {}
        Err(UndoRefused::Missing) => return Err(missing()),
        Err(refused @ (UndoRefused::Running | UndoRefused::TooOld)) => return Err(Problem::conflict(&refused)),
    }
    let item = state.services.read(&viewer).import(id.0).await?.ok_or_else(missing)?;
    Ok((StatusCode::ACCEPTED, Json(item)))
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
