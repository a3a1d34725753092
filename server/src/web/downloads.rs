//! `/users.csv`, `/events.jsonl` and so on: the list of the page of that name, every matching row.

use axum::Extension;
use axum::body::Body;
use axum::extract::{RawQuery, State};
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use domain::query::{EventsQuery, UsersQuery};
use domain::viewer::Viewer;
use futures::StreamExt as _;

use crate::export::{self, Exported, Format};
use crate::state::AppState;
use crate::web::error::WebError;

pub async fn users_csv(
    state: State<AppState>,
    viewer: Extension<Viewer>,
    query: RawQuery,
) -> Result<Response, WebError> {
    download::<UsersQuery>(state, viewer, query, Format::Csv)
}

pub async fn users_jsonl(
    state: State<AppState>,
    viewer: Extension<Viewer>,
    query: RawQuery,
) -> Result<Response, WebError> {
    download::<UsersQuery>(state, viewer, query, Format::Jsonl)
}

pub async fn events_csv(
    state: State<AppState>,
    viewer: Extension<Viewer>,
    query: RawQuery,
) -> Result<Response, WebError> {
    download::<EventsQuery>(state, viewer, query, Format::Csv)
}

pub async fn events_jsonl(
    state: State<AppState>,
    viewer: Extension<Viewer>,
    query: RawQuery,
) -> Result<Response, WebError> {
    download::<EventsQuery>(state, viewer, query, Format::Jsonl)
}

fn download<Q: Exported>(
    State(state): State<AppState>,
    Extension(viewer): Extension<Viewer>,
    RawQuery(query): RawQuery,
    format: Format,
) -> Result<Response, WebError> {
    let now = state.clock.now();
    let query = Q::parse(&query.unwrap_or_default(), now)?;
    let name = export::file_name(Q::NAME, now, format);
    let rows = export::pages(query, state.services.read(&viewer), format).map(|page| {
        // The error ends the connection instead of the body: the browser keeps no half list.
        page.inspect_err(|error| tracing::error!(%error, "a download was broken off"))
    });
    let headers = [
        (header::CONTENT_TYPE, format.content_type().to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
    ];
    Ok((headers, Body::from_stream(rows)).into_response())
}
