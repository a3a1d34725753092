//! Counts what is answered, and how soon.

use std::time::Instant;

use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::Response;

use crate::state::AppState;

/// By the route, never by what stands in its places: that is people's names.
pub async fn count(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let (begun, method) = (Instant::now(), request.method().clone());
    let route = request.extensions().get::<MatchedPath>().cloned();
    let response = next.run(request).await;
    let route = route.as_ref().map(MatchedPath::as_str);
    state.requests.count(route, &method, response.status(), begun.elapsed());
    response
}
