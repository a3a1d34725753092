//! What all lists answer alike.

use axum::Json;
use axum::response::{IntoResponse as _, Response};
use domain::page::Page;
use store::Reader;

use super::problem::Problem;
use crate::export::Exported;
use crate::export::json_text::Projected;

/// A page of the list; with `columns`, items have those fields only.
///
/// # Errors
/// The store does not answer.
pub async fn answer<Q: Exported>(query: &Q, reader: &Reader) -> Result<Response, Problem> {
    let page = query.page(reader).await?;
    if query.list().columns.is_empty() {
        return Ok(Json(page).into_response());
    }
    let items = page.items.iter().map(|item| Projected { item, columns: query.columns() }).collect::<Vec<_>>();
    let Page { total, total_is_exact, first, next, previous, .. } = page;
    Ok(Json(Page { total, total_is_exact, items, first, next, previous }).into_response())
}
