//! A panic ends its request, not the program.

use std::any::Any;

use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};

use crate::web::error::WebError;

/// The answer to a request whose handler panicked.
#[must_use]
pub fn answer(panic: Box<dyn Any + Send>) -> Response {
    log(panic.as_ref());
    WebError::plain(StatusCode::INTERNAL_SERVER_ERROR).into_response()
}

/// Keeps what a panic said for the log; the client never sees it.
pub fn log(panic: &(dyn Any + Send)) {
    tracing::error!(panic = text(panic), "a request handler panicked");
}

/// What a panic said.
#[must_use]
pub fn text(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("no text")
}
