//! Failures of forms, downloads and pages before a page can be drawn.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use domain::query::QueryProblem;
use store::StoreError;

/// A request that cannot be answered; the details are logged, not shown.
#[derive(Debug, thiserror::Error)]
pub enum WebError {
    #[error("{0}")]
    Query(#[from] QueryProblem),
    #[error("the data could not be read just now")]
    Store(#[from] StoreError),
    #[error("{}", .0.canonical_reason().unwrap_or("Error"))]
    Status(StatusCode),
    #[error("something went wrong")]
    Internal(String),
}

impl WebError {
    /// Something that should not happen; the text goes to the log.
    pub fn internal(error: impl std::fmt::Display) -> Self {
        Self::Internal(error.to_string())
    }

    /// An answer that says no more than its status.
    #[must_use]
    pub const fn plain(status: StatusCode) -> Self {
        Self::Status(status)
    }
}

impl IntoResponse for WebError {
    fn into_response(self) -> Response {
        let status = match &self {
            Self::Query(_) => StatusCode::BAD_REQUEST,
            Self::Store(error) => {
                tracing::error!(%error, "the store failed");
                StatusCode::SERVICE_UNAVAILABLE
            }
            Self::Status(status) => *status,
            Self::Internal(error) => {
                tracing::error!(%error, "a request failed");
                StatusCode::INTERNAL_SERVER_ERROR
            }
        };
        (status, format!("{self}\n")).into_response()
    }
}
