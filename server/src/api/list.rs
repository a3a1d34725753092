//! What all lists answer alike.

use axum::extract::{RawQuery, State};
use axum::response::{IntoResponse as _, Response};
use axum::{Extension, Json};
use domain::page::Page;
use domain::viewer::Viewer;
use store::Listed;

use super::problem::Problem;
use crate::access::Rows;
use crate::export::json_text::Projected;
use crate::state::AppState;

/// A page of the list; with `columns`, items have those fields only.
///
/// # Errors
/// As [`answer_of`], or a parameter is wrong.
pub async fn answer<Q: Listed>(
    State(state): State<AppState>,
    Extension(viewer): Extension<Viewer>,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    let query = Q::parse(&query.unwrap_or_default(), state.clock.now())?;
    answer_of(&state, &viewer, &query).await
}

/// A page of the list that this query asks for.
///
/// # Errors
/// The query asks for what is not for this viewer, the store does not answer, or an item cannot be written as JSON.
pub async fn answer_of<Q: Listed>(state: &AppState, viewer: &Viewer, query: &Q) -> Result<Response, Problem> {
    let page = query.page(&state.services.read(viewer)).await?;
    let rows = Rows::of(page.items.len());
    let mut response = written(page, query)?;
    response.extensions_mut().insert(rows);
    Ok(response)
}

fn written<Q: Listed>(page: Page<Q::Item>, query: &Q) -> Result<Response, Problem> {
    if query.list().columns.is_empty() {
        return Ok(Json(page).into_response());
    }
    let items = page.items.iter().map(|item| Projected { item, columns: query.columns() }).collect::<Vec<_>>();
    let Page { total, total_is_exact, first, next, previous, .. } = page;
    Ok(Json(Page { total, total_is_exact, items, first, next, previous }).into_response())
}
