//! Failures of forms, downloads and pages before a page can be drawn.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::query::QueryProblem;
use store::{Forbidden, StoreError};

use crate::export::places::AT_ONCE;
use crate::people::PeopleError;
use crate::review::ReviewError;

/// Seconds after which a file may have come to its end.
const RETRY_AFTER: HeaderValue = HeaderValue::from_static("10");

/// A request that cannot be answered; the details are logged, not shown.
#[derive(Debug, thiserror::Error)]
pub enum WebError {
    #[error("{0}")]
    Query(#[from] QueryProblem),
    /// A form holds what it does not take.
    #[error("{0}")]
    Form(String),
    /// The viewer's role does not allow it.
    #[error("{0}")]
    Forbidden(String),
    /// What was named does not exist.
    #[error("{0}")]
    Missing(String),
    /// It cannot be done with what is there now.
    #[error("{0}")]
    Conflict(String),
    #[error("the data could not be read just now")]
    Store(StoreError),
    #[error("The answer cannot be written into the access log, so it is not given. A change may have been made.")]
    NotLogged,
    #[error(
        "{AT_ONCE} files are being fetched by you already: wait until one has ended, or have this one written in the \
         background (under Download, or by POST /api/v1/exports)"
    )]
    TooManyDownloads,
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

impl From<StoreError> for WebError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Forbidden { .. } => Self::Forbidden(error.to_string()),
            StoreError::Missing { .. } => Self::Missing(error.to_string()),
            error => Self::Store(error),
        }
    }
}

impl From<Forbidden> for WebError {
    fn from(forbidden: Forbidden) -> Self {
        Self::Forbidden(forbidden.to_string())
    }
}

impl From<ReviewError> for WebError {
    fn from(error: ReviewError) -> Self {
        match error {
            ReviewError::NotANote => Self::Form(error.to_string()),
            ReviewError::Store(error) => error.into(),
        }
    }
}

impl From<PeopleError> for WebError {
    fn from(error: PeopleError) -> Self {
        match error {
            PeopleError::Store(error) => error.into(),
            PeopleError::Oneself | PeopleError::OfProvider => Self::Conflict(error.to_string()),
        }
    }
}

impl IntoResponse for WebError {
    fn into_response(self) -> Response {
        let status = match &self {
            Self::Query(_) | Self::Form(_) => StatusCode::BAD_REQUEST,
            Self::Forbidden(_) => StatusCode::FORBIDDEN,
            Self::Missing(_) => StatusCode::NOT_FOUND,
            Self::Conflict(_) => StatusCode::CONFLICT,
            Self::Store(error) => {
                tracing::error!(%error, "the store failed");
                StatusCode::SERVICE_UNAVAILABLE
            }
            Self::NotLogged => StatusCode::SERVICE_UNAVAILABLE,
            Self::TooManyDownloads => StatusCode::TOO_MANY_REQUESTS,
            Self::Status(status) => *status,
            Self::Internal(error) => {
                tracing::error!(%error, "a request failed");
                StatusCode::INTERNAL_SERVER_ERROR
            }
        };
        let mut response = (status, format!("{self}\n")).into_response();
        if status == StatusCode::TOO_MANY_REQUESTS {
            response.headers_mut().insert(header::RETRY_AFTER, RETRY_AFTER);
        }
        response
    }
}
