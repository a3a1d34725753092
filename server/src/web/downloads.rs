//! `/users.csv`, `/events.xlsx` and so on: the list of the page of that name, every matching row.

use axum::body::Body;
use axum::extract::{RawQuery, State};
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use axum::{Extension, Router};
use domain::query::{EventsQuery, UsersQuery};
use domain::viewer::Viewer;
use futures::StreamExt as _;

use crate::export::{self, Exported, Format};
use crate::state::AppState;
use crate::web::error::WebError;

/// Every list in every format.
pub fn routes() -> Router<AppState> {
    list::<EventsQuery>(list::<UsersQuery>(Router::new()))
}

fn list<Q: Exported>(mut router: Router<AppState>) -> Router<AppState> {
    for &format in Format::ALL {
        let answer = move |state, viewer, query| async move { download::<Q>(state, viewer, query, format) };
        router = router.route(&format!("/{}.{format}", Q::NAME), get(answer));
    }
    router
}

fn download<Q: Exported>(
    State(state): State<AppState>,
    Extension(viewer): Extension<Viewer>,
    RawQuery(query): RawQuery,
    format: Format,
) -> Result<Response, WebError> {
    let query = Q::parse(&query.unwrap_or_default(), state.clock.now())?;
    let name = query.file_name(format);
    let bytes = export::file(query, state.services.read(&viewer), format).map(|part| {
        // The error ends the connection instead of the body: the browser keeps no half list.
        part.inspect_err(|error| tracing::error!(%error, "a download was broken off"))
    });
    let headers = [
        (header::CONTENT_TYPE, format.content_type().to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
    ];
    Ok((headers, Body::from_stream(bytes)).into_response())
}
