//! `/data/{import}/rejected.csv` and `.jsonl`: every quarantined record of an import that is kept.

use axum::body::Body;
use axum::extract::{Path, RawQuery, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use axum::{Extension, Router};
use bytes::Bytes;
use domain::query::Params;
use domain::report::RejectedItem;
use domain::viewer::Viewer;
use futures::StreamExt as _;
use store::Reader;

use crate::access::Rows;
use crate::export::{ExportError, Format, table};
use crate::state::AppState;
use crate::web::error::WebError;

const COLUMNS: &[&str] = &["line", "byte", "reason", "excerpt"];

pub fn routes() -> Router<AppState> {
    let of = |format: Format| {
        get(move |state, viewer, import, query| async move { download(state, viewer, import, query, format).await })
    };
    Router::new()
        .route("/data/{import}/rejected.csv", of(Format::Csv))
        .route("/data/{import}/rejected.jsonl", of(Format::Jsonl))
}

async fn download(
    State(state): State<AppState>,
    Extension(viewer): Extension<Viewer>,
    Path(import): Path<String>,
    RawQuery(query): RawQuery,
    format: Format,
) -> Result<Response, WebError> {
    Params::parse(&query.unwrap_or_default()).finish()?;
    let reader = state.services.read(&viewer);
    let id = import.parse().map_err(|_| WebError::plain(StatusCode::NOT_FOUND))?;
    if reader.import(id).await?.is_none() {
        return Err(WebError::plain(StatusCode::NOT_FOUND));
    }
    let rows = Rows::default();
    let counted = rows.clone();
    let pages = futures::stream::try_unfold(Some(0), move |after| {
        let (reader, counted) = (reader.clone(), counted.clone());
        async move { page(&reader, id, after, format, &counted).await }
    });
    let bytes = pages.map(|part| part.inspect_err(|error| tracing::error!(%error, "a download was broken off")));
    let headers = [
        (header::CONTENT_TYPE, format.content_type().to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"rejected-{id}.{format}\"")),
    ];
    Ok((headers, Extension(rows), Body::from_stream(bytes)).into_response())
}

/// A part of the file, and behind which position the next one begins.
async fn page(
    reader: &Reader,
    import: i64,
    after: Option<i64>,
    format: Format,
    counted: &Rows,
) -> Result<Option<(Bytes, Option<i64>)>, ExportError> {
    let Some(after) = after else { return Ok(None) };
    let (items, next) = reader.rejected_after(import, after).await?;
    counted.add(items.len());
    let text = match format {
        Format::Jsonl => lines(&items)?,
        _ if after == 0 => table::csv_of_json(&items, COLUMNS)?,
        _ => table::more_csv_of_json(&items, COLUMNS)?,
    };
    Ok(Some((text.into(), next)))
}

fn lines(items: &[RejectedItem]) -> Result<String, serde_json::Error> {
    items.iter().map(|item| Ok(serde_json::to_string(item)? + "\n")).collect()
}
