//! Errors of the API: problem documents (RFC 9457).

use std::any::Any;

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::query::QueryProblem;
use serde::Serialize;
use store::{Forbidden, StoreError, ViewError};
use utoipa::ToSchema;

use crate::auth::reads::TooManyReads;
use crate::review::ReviewError;

const CONTENT_TYPE: &str = "application/problem+json";
/// Until somebody whose request may succeed in a moment should come again.
const RETRY_SECONDS: u32 = 2;

/// What went wrong, for programs and people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Problem {
    /// `about:blank`, or the name of the kind of problem.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// The same for every problem of this kind.
    pub title: &'static str,
    /// The HTTP status again.
    #[schema(minimum = 400, maximum = 599)]
    pub status: u16,
    /// A sentence about this one.
    pub detail: String,
    /// The wrong parameter, where it is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parameter: Option<String>,
}

impl Problem {
    fn new(status: StatusCode, title: &'static str, detail: impl Into<String>) -> Self {
        Self { kind: "about:blank", title, status: status.as_u16(), detail: detail.into(), parameter: None }
    }

    #[must_use]
    pub fn unauthenticated() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "Who asks?", "Send a token as `Authorization: Bearer kr_…`, or sign in.")
    }

    /// Nobody can say what the person may do.
    #[must_use]
    pub fn role_unknown() -> Self {
        let detail = "The identity provider does not answer, so your role is not known. Try again in a moment.";
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "Who asks?", detail)
    }

    #[must_use]
    pub fn bad_token() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "Who asks?", "The token is mistyped, expired or revoked.")
    }

    #[must_use]
    pub fn ingest_token_only_sends() -> Self {
        Self::new(
            StatusCode::FORBIDDEN,
            "Not allowed",
            "This token may only send records; anything else needs one with a role.",
        )
    }

    /// The body of a request is not what the path takes.
    #[must_use]
    pub fn bad_body(error: &dyn std::fmt::Display) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "Wrong body", error.to_string())
    }

    /// Every record of a body is the problem.
    #[must_use]
    pub fn nothing_readable(rejected: i64) -> Self {
        let detail = match rejected {
            1 => "The body's one record, or the body itself, cannot be read; `rejections` says why.".to_owned(),
            n => format!("None of the body's {n} records can be read; `rejections` says why."),
        };
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, "Nothing readable", detail)
    }

    #[must_use]
    pub fn too_large(error: &dyn std::fmt::Display) -> Self {
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, "Too large", error.to_string())
    }

    /// A refusal of which only the status and a few words are known.
    #[must_use]
    pub fn of_words(status: StatusCode, words: &str) -> Self {
        let (title, detail) = match status {
            StatusCode::BAD_REQUEST => ("Wrong request", words),
            StatusCode::FORBIDDEN => ("Not allowed", words),
            StatusCode::PAYLOAD_TOO_LARGE => ("Too large", "The body is longer than this path takes."),
            StatusCode::METHOD_NOT_ALLOWED => ("Method not allowed", "This path does not take this method."),
            StatusCode::GATEWAY_TIMEOUT => ("Too slow", "There was no answer in time. Ask for less, or try again."),
            other => (other.canonical_reason().unwrap_or("Refused"), words),
        };
        Self::new(status, title, detail)
    }

    #[must_use]
    pub fn unknown_encoding() -> Self {
        let detail = "The body may be plain, gzip or zstd; its Content-Encoding says otherwise.";
        Self::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "Unknown encoding", detail)
    }

    #[must_use]
    pub fn too_busy() -> Self {
        let detail = "Too many bodies are being stored at once. Nothing of this one was read: send it again.";
        Self::new(StatusCode::TOO_MANY_REQUESTS, "Too busy", detail)
    }

    /// Somebody has as many as one may have.
    #[must_use]
    pub fn too_many(why: &dyn std::fmt::Display) -> Self {
        Self::new(StatusCode::TOO_MANY_REQUESTS, "Too many", why.to_string())
    }

    /// Somebody has read as much as one may within a minute.
    #[must_use]
    pub fn too_many_reads(refused: TooManyReads) -> Response {
        let detail = format!("You have read as much as one may within a minute. Go on in {} seconds.", refused.seconds);
        let mut response = Self::new(StatusCode::TOO_MANY_REQUESTS, "Too many reads", detail).into_response();
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(refused.seconds));
        response
    }

    /// Records could not be written; sending them again does no harm.
    #[must_use]
    pub fn not_stored() -> Self {
        let detail = "The records could not be stored just now. Send the same body again.";
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "Not stored", detail)
    }

    /// What cannot be written into the access log does not go out.
    #[must_use]
    pub fn not_logged() -> Self {
        let detail =
            "The answer cannot be written into the access log, so it is not given. A change may have been made.";
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "Not logged", detail)
    }

    #[must_use]
    pub fn demo_takes_nothing() -> Self {
        Self::new(StatusCode::FORBIDDEN, "Not allowed", "This is a demo, which lets everybody in: it takes no records.")
    }

    /// Whether the same request may succeed in a moment.
    const fn is_for_later(&self) -> bool {
        matches!(self.status, 429 | 503)
    }

    /// It cannot be done with what is there now.
    #[must_use]
    pub fn conflict(why: &dyn std::fmt::Display) -> Self {
        Self::new(StatusCode::CONFLICT, "Not as things are", why.to_string())
    }

    #[must_use]
    pub fn missing(what: &str, id: &str) -> Self {
        Self::new(StatusCode::NOT_FOUND, "Not found", format!("There is no {what} `{id}`."))
    }

    /// An answer that broke off.
    #[must_use]
    pub fn unfinished(error: &dyn std::fmt::Display) -> Self {
        tracing::error!(%error, "an answer could not be finished");
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "Something went wrong", "The answer could not be written.")
    }
}

/// For paths under `/api` that are none of ours.
pub async fn not_found() -> Problem {
    Problem::new(StatusCode::NOT_FOUND, "Not found", "There is nothing at this path; /api/v1/openapi.json lists them.")
}

/// For methods that a path does not take.
pub async fn method_not_allowed() -> Problem {
    Problem::new(
        StatusCode::METHOD_NOT_ALLOWED,
        "Method not allowed",
        "This path does not take this method; /api/v1/openapi.json lists them.",
    )
}

/// For a handler that panicked.
#[must_use]
pub fn panic_answer(panic: Box<dyn Any + Send>) -> Response {
    crate::layers::panic::log(panic.as_ref());
    Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "Something went wrong", "The log has more under the request's id.")
        .into_response()
}

impl From<QueryProblem> for Problem {
    fn from(problem: QueryProblem) -> Self {
        let detail = problem.to_string();
        Self { parameter: Some(problem.parameter), ..Self::new(StatusCode::BAD_REQUEST, "Wrong parameter", detail) }
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Forbidden { .. } => Self::new(StatusCode::FORBIDDEN, "Not allowed", error.to_string()),
            StoreError::Missing { what, name } => Self::missing(what, &name),
            error => {
                tracing::error!(%error, "the store failed");
                Self::new(StatusCode::SERVICE_UNAVAILABLE, "No data just now", "The data could not be read. Try again.")
            }
        }
    }
}

impl From<ViewError> for Problem {
    fn from(error: ViewError) -> Self {
        match error {
            ViewError::TooMany => Self::new(StatusCode::CONFLICT, "Too many", error.to_string()),
            ViewError::Forbidden(forbidden) => forbidden.into(),
            ViewError::Store(error) => error.into(),
        }
    }
}

impl From<ReviewError> for Problem {
    fn from(error: ReviewError) -> Self {
        match error {
            ReviewError::NotANote => Self::bad_body(&error),
            ReviewError::Store(error) => error.into(),
        }
    }
}

impl From<Forbidden> for Problem {
    fn from(forbidden: Forbidden) -> Self {
        Self::new(StatusCode::FORBIDDEN, "Not allowed", forbidden.to_string())
    }
}

impl From<serde_json::Error> for Problem {
    fn from(error: serde_json::Error) -> Self {
        Self::unfinished(&error)
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let is_for_later = self.is_for_later();
        let mut response = (status, Json(self)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(CONTENT_TYPE));
        if is_for_later {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(RETRY_SECONDS));
        }
        if status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"keyroll\""));
        }
        response
    }
}
