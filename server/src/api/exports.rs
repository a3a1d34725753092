use axum::body::Bytes;
use axum::extract::{Path, RawQuery, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::{Extension, Json};
use domain::export::{ExportItem, Format};
use domain::query::Params;
use domain::view::ViewPage;
use domain::viewer::Viewer;
use serde::{Deserialize, Serialize};
use store::NoFile;

use super::problem::Problem;
use super::schemas;
use crate::access::Witness;
use crate::exports::{NotTaken, Wanted, answer, ask};
use crate::state::AppState;

#[derive(Debug, Serialize)]
pub struct Exports {
    items: Vec<Export>,
}

/// An export with what its state means.
#[derive(Debug, Serialize)]
pub struct Export {
    #[serde(flatten)]
    item: ExportItem,
    /// Why there is no file, in a sentence.
    detail: Option<&'static str>,
}

impl From<ExportItem> for Export {
    fn from(item: ExportItem) -> Self {
        Self { detail: item.problem.map(domain::export::ExportProblem::sentence), item }
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Ask {
    list: ViewPage,
    #[serde(default)]
    query: String,
    format: Format,
}

/// Lists that one has had written to files, the newest first.
///
/// They belong to the person who asked; those of a token, to its name and role. They go away by themselves.
#[utoipa::path(
    get,
    path = "/api/v1/exports",
    operation_id = "list_exports",
    tag = "exports",
    responses((status = OK, body = schemas::Exports), super::schemas::Problems)
)]
pub async fn list(
    State(state): State<AppState>,
    Extension(viewer): Extension<Viewer>,
    RawQuery(query): RawQuery,
) -> Result<Json<Exports>, Problem> {
    Params::parse(&query.unwrap_or_default()).finish()?;
    let items = state.services.exports(&viewer).list(state.clock.now()).await?;
    Ok(Json(Exports { items: items.into_iter().map(Export::from).collect() }))
}

/// Has a list written to a file in the background: every row that it has as of now, or as of the instant in the query.
///
/// Ask for the export until its `state` is `done`. Until then there is no file: one that cannot be written to its end is
/// `failed`, and never short.
#[utoipa::path(
    post,
    path = "/api/v1/exports",
    operation_id = "begin_export",
    tag = "exports",
    request_body = schemas::NewExport,
    // Where two say the same status, the later one is documented.
    responses(
        super::schemas::TooLarge, super::schemas::Problems,
        (status = ACCEPTED, body = schemas::Export, headers(("location" = String, description = "Where to ask how far it is")), description = "It waits to be written"),
        (status = TOO_MANY_REQUESTS, body = Problem, content_type = "application/problem+json", headers(("retry-after" = u32, description = "Seconds until it is worth while to ask again")), description = "Too many of one's exports wait, or are kept"),
    )
)]
pub async fn begin(
    State(state): State<AppState>,
    Extension(viewer): Extension<Viewer>,
    body: Bytes,
) -> Result<Response, Problem> {
    let Ask { list, query, format } = serde_json::from_slice(&body).map_err(|error| Problem::bad_body(&error))?;
    let id = ask(&state, &viewer, Wanted { list, query, format, language: None }).await?;
    let item = one(&state, &viewer, &id.to_string()).await?;
    let location = [(header::LOCATION, format!("/api/v1/exports/{id}"))];
    Ok((StatusCode::ACCEPTED, location, Json(Export::from(item))).into_response())
}

/// How far an export is.
#[utoipa::path(
    get,
    path = "/api/v1/exports/{id}",
    operation_id = "get_export",
    tag = "exports",
    params(("id" = i64, Path, description = "The export's number")),
    responses(
        (status = OK, body = schemas::Export),
        (status = NOT_FOUND, body = Problem, content_type = "application/problem+json", description = "One has no such export; it may have expired"),
        super::schemas::Problems
    )
)]
pub async fn get(
    State(state): State<AppState>,
    Extension(viewer): Extension<Viewer>,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Json<Export>, Problem> {
    Params::parse(&query.unwrap_or_default()).finish()?;
    Ok(Json(one(&state, &viewer, &id).await?.into()))
}

/// The file of an export that is done, as a download of the list would be.
#[utoipa::path(
    get,
    path = "/api/v1/exports/{id}/file",
    operation_id = "get_export_file",
    tag = "exports",
    params(("id" = i64, Path, description = "The export's number")),
    responses(
        (status = OK, content(
            (String = "text/csv"),
            (String = "application/jsonl"),
            (String = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
        ), headers(("content-disposition" = String, description = "The file's name"), ("link" = String, description = "`describedby`: how its rows were counted")), description = "All of it, in the format it was asked for"),
        (status = NOT_FOUND, body = Problem, content_type = "application/problem+json", description = "One has no such export; it may have expired"),
        (status = CONFLICT, body = Problem, content_type = "application/problem+json", description = "It is not written yet, or never will be"),
        super::schemas::Problems
    )
)]
pub async fn file(
    State(state): State<AppState>,
    Extension(viewer): Extension<Viewer>,
    Extension(witness): Extension<Witness>,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    Params::parse(&query.unwrap_or_default()).finish()?;
    let exports = state.services.exports(&viewer);
    let number = id.parse().map_err(|_| missing(&id))?;
    let file = exports.file(number, state.clock.now()).await.map_err(|why| no_file(why, &id))?;
    Ok(answer(exports, file, &format!("/api/v1/exports/{number}/about"), &witness).into_response())
}

/// How the rows of an export's file were counted, when it was written.
#[utoipa::path(
    get,
    path = "/api/v1/exports/{id}/about",
    operation_id = "get_export_about",
    tag = "exports",
    params(("id" = i64, Path, description = "The export's number")),
    responses(
        (status = OK, body = String, content_type = "text/plain", description = "A line for each thing that is said"),
        (status = NOT_FOUND, body = Problem, content_type = "application/problem+json", description = "One has no such export; it may have expired"),
        (status = CONFLICT, body = Problem, content_type = "application/problem+json", description = "It is not written yet, or never will be"),
        super::schemas::Problems
    )
)]
pub async fn about(
    State(state): State<AppState>,
    Extension(viewer): Extension<Viewer>,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    Params::parse(&query.unwrap_or_default()).finish()?;
    let number = id.parse().map_err(|_| missing(&id))?;
    let file = state.services.exports(&viewer).file(number, state.clock.now()).await;
    let file = file.map_err(|why| no_file(why, &id))?;
    Ok(([(header::CONTENT_TYPE, Format::Txt.content_type())], file.about).into_response())
}

/// Deletes an export and its file, also while it is written.
#[utoipa::path(
    delete,
    path = "/api/v1/exports/{id}",
    operation_id = "delete_export",
    tag = "exports",
    params(("id" = i64, Path, description = "The export's number")),
    responses(
        (status = NO_CONTENT, description = "It is gone"),
        (status = NOT_FOUND, body = Problem, content_type = "application/problem+json", description = "One has no such export"),
        super::schemas::Problems
    )
)]
pub async fn delete(
    State(state): State<AppState>,
    Extension(viewer): Extension<Viewer>,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    let number = id.parse().map_err(|_| missing(&id))?;
    let is_gone = state.services.exports(&viewer).delete(number, state.clock.now()).await?;
    if is_gone { Ok(StatusCode::NO_CONTENT) } else { Err(missing(&id)) }
}

async fn one(state: &AppState, viewer: &Viewer, id: &str) -> Result<ExportItem, Problem> {
    let number = id.parse().map_err(|_| missing(id))?;
    let item = state.services.exports(viewer).get(number, state.clock.now()).await?;
    item.ok_or_else(|| missing(id))
}

fn missing(id: &str) -> Problem {
    Problem::missing("export", id)
}

fn no_file(why: NoFile, id: &str) -> Problem {
    match why {
        NoFile::Store(error) => error.into(),
        NoFile::Missing => missing(id),
        NoFile::Forbidden(forbidden) => forbidden.into(),
        NoFile::NotYet | NoFile::Never(_) => Problem::conflict(&why),
    }
}

impl From<NotTaken> for Problem {
    fn from(not_taken: NotTaken) -> Self {
        match not_taken {
            NotTaken::Query(problem) => problem.into(),
            NotTaken::Store(error) => error.into(),
            NotTaken::NotAList(_) | NotTaken::NotOfRows(_) => Self::bad_body(&not_taken),
            NotTaken::Refused(refused) => Self::too_many(&refused),
        }
    }
}
