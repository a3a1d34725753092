//! Errors in the shape that Microsoft Graph's clients read.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use odata::ODataError;
use serde_json::{Value, json};
use store::StoreError;

use crate::auth::reads::TooManyReads;

/// Until somebody whose request may succeed in a moment should come again.
const RETRY_SECONDS: u64 = 2;

/// A request is refused, or could not be answered.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct GraphError {
    status: StatusCode,
    code: &'static str,
    message: String,
    /// Where the same request may succeed later.
    retry_seconds: u64,
}

impl GraphError {
    fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        Self { status, code, message: message.into(), retry_seconds: RETRY_SECONDS }
    }

    /// Somebody has read as much as one may within a minute.
    #[must_use]
    pub fn too_many_reads(refused: TooManyReads) -> Self {
        let message =
            format!("You have read as much as one may within a minute. Go on in {} seconds.", refused.seconds);
        let error = Self::new(StatusCode::TOO_MANY_REQUESTS, "TooManyRequests", message);
        Self { retry_seconds: refused.seconds, ..error }
    }

    #[must_use]
    pub fn bad_request(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "BadRequest", message)
    }

    /// The path names nothing that is served; Graph says so with this status.
    #[must_use]
    pub fn no_such_segment(segment: &str) -> Self {
        Self::bad_request(format!("Resource not found for the segment '{segment}'."))
    }

    #[must_use]
    pub fn missing(what: &str, id: &str) -> Self {
        Self::new(StatusCode::NOT_FOUND, "ResourceNotFound", format!("There is no {what} '{id}'."))
    }

    #[must_use]
    pub fn unauthenticated() -> Self {
        let message = "Send a token of Keyroll's as 'Authorization: Bearer kr_…'.";
        Self::new(StatusCode::UNAUTHORIZED, "InvalidAuthenticationToken", message)
    }

    /// Nobody can say what the person may do.
    #[must_use]
    pub fn role_unknown() -> Self {
        let message = "The identity provider does not answer, so your role is not known. Try again in a moment.";
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "serviceNotAvailable", message)
    }

    #[must_use]
    pub fn bad_token() -> Self {
        let message = "The token is mistyped, expired or revoked.";
        Self::new(StatusCode::UNAUTHORIZED, "InvalidAuthenticationToken", message)
    }

    #[must_use]
    pub fn denied(message: impl Into<String>) -> Self {
        Self::new(StatusCode::FORBIDDEN, "Authorization_RequestDenied", message)
    }

    #[must_use]
    pub fn only_get() -> Self {
        let message = "Only GET is served here, and POST of $batch.";
        Self::new(StatusCode::METHOD_NOT_ALLOWED, "Request_BadRequest", message)
    }

    #[must_use]
    pub fn failed_dependency(on: &str) -> Self {
        let message = format!("The request '{on}' has to succeed first.");
        Self::new(StatusCode::FAILED_DEPENDENCY, "FailedDependency", message)
    }

    #[must_use]
    pub fn broken() -> Self {
        let message = "Something went wrong; the log has more under the request's number.";
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "InternalServerError", message)
    }

    #[must_use]
    pub fn not_logged() -> Self {
        let message = "The answer cannot be written into the access log, so it is not given.";
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "ServiceNotAvailable", message)
    }

    #[must_use]
    pub const fn status(&self) -> StatusCode {
        self.status
    }

    /// Until somebody should come again, where that is worth while.
    #[must_use]
    pub fn retry_seconds(&self) -> Option<u64> {
        let is_for_later = matches!(self.status, StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE);
        is_for_later.then_some(self.retry_seconds)
    }

    /// The body. The request's number stands in it too, as Graph has it.
    #[must_use]
    pub fn body(&self, request_id: &str, client_request_id: &str, date: &str) -> Value {
        json!({"error": {
            "code": self.code,
            "message": self.message,
            "innerError": {"date": date, "request-id": request_id, "client-request-id": client_request_id},
        }})
    }

    /// The answer whose body is this.
    #[must_use]
    pub fn answer(&self, body: Value) -> Response {
        let mut response = (self.status, Json(body)).into_response();
        let headers = response.headers_mut();
        if let Some(seconds) = self.retry_seconds() {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if self.status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"keyroll\""));
        }
        response
    }
}

impl From<ODataError> for GraphError {
    fn from(error: ODataError) -> Self {
        Self::bad_request(error.to_string())
    }
}

impl From<StoreError> for GraphError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Forbidden { .. } => Self::denied(error.to_string()),
            StoreError::Missing { what, name } => Self::missing(what, &name),
            error => {
                tracing::error!(%error, "the store failed");
                let message = "The data could not be read just now. Try again.";
                Self::new(StatusCode::SERVICE_UNAVAILABLE, "ServiceUnavailable", message)
            }
        }
    }
}
