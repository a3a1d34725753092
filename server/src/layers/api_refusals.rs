//! What layers and extractors refuse in plain words becomes a problem document where the API was asked.

use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::header;
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

use crate::api::problem::Problem;

/// Plain words are a sentence; whatever is longer is not shown.
const WORDS_BYTES: usize = 1024;

/// Every refusal under `/api/` is a problem document: also of another site's request, of a body that is too long, of a
/// path that is no text, and of what took too long.
pub async fn put(request: Request, next: Next) -> Response {
    let is_api = request.uri().path().starts_with("/api/");
    let response = next.run(request).await;
    if is_api && is_plain(&response) { as_problem(response).await } else { response }
}

fn is_plain(response: &Response) -> bool {
    let status = response.status();
    let kind = response.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    (status.is_client_error() || status.is_server_error()) && kind.is_none_or(|kind| kind.starts_with("text/plain"))
}

async fn as_problem(response: Response) -> Response {
    let (parts, body) = response.into_parts();
    let problem = Problem::of_words(parts.status, words(body).await.trim());
    let (made, body) = problem.into_response().into_parts();
    let mut response = Response::from_parts(parts, body);
    response.headers_mut().remove(header::CONTENT_LENGTH);
    // `extend` would leave the plain words' type beside this one.
    for (name, value) in &made.headers {
        response.headers_mut().insert(name, value.clone());
    }
    response
}

async fn words(body: Body) -> String {
    let bytes = to_bytes(body, WORDS_BYTES).await.unwrap_or_default();
    String::from_utf8_lossy(&bytes).into_owned()
}
