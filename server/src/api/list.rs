//! What all lists answer alike.

use axum::Json;
use axum::response::{IntoResponse as _, Response};
use domain::page::Page;
use store::Reader;

use super::problem::Problem;
use crate::export::Exported;
use crate::export::json_text::{Projected, project};

/// A page of the list; with `columns`, items have those fields only.
///
/// # Errors
/// The store does not answer, or an item cannot be written as JSON.
pub async fn answer<Q: Exported>(query: &Q, reader: &Reader) -> Result<Response, Problem> {
    let page = query.page(reader).await?;
    if query.list().columns.is_empty() {
        return Ok(Json(page).into_response());
    }
    let items: Result<Vec<Projected>, _> = page.items.iter().map(|item| project(item, query.columns())).collect();
    let Page { total, total_is_exact, first, next, previous, .. } = page;
    Ok(Json(Page { total, total_is_exact, items: items?, first, next, previous }).into_response())
}
