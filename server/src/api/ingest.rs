use std::collections::BTreeMap;

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use domain::record::Rejection;
use serde::Serialize;

use super::problem::Problem;
use super::schemas;
use super::servers::operator;
use crate::auth::identify::Caller;
use crate::push::{BodyError, From as Sent, PushError, Pushed};
use crate::state::AppState;

/// What a body may be wrapped in, beside nothing.
const ENCODINGS: &[&str] = &["gzip", "x-gzip", "zstd", "identity"];

/// What became of a body. What is counted here is in the database.
#[derive(Debug, Serialize)]
struct Answer {
    /// The import on `/data` that counts what this sender pushes within the hour.
    import: i64,
    /// All records of the body.
    records: i64,
    /// New, replaced and known ones.
    stored: i64,
    /// Valid ones of kinds that are not kept.
    skipped: i64,
    rejected: i64,
    by_kind: BTreeMap<String, i64>,
    /// The first that could not be read.
    rejections: Vec<Rejected>,
}

#[derive(Debug, Serialize)]
struct Rejected {
    line: Option<u64>,
    byte: Option<u64>,
    reason: String,
}

/// A problem document with the records that are the problem.
#[derive(Debug, Serialize)]
struct NothingReadable {
    #[serde(flatten)]
    problem: Problem,
    rejections: Vec<Rejected>,
}

/// Takes records: JSON lines, JSON, arrays, `{"value":[…]}` and `{"records":[…]}`, and whatever else `keyroll import`
/// reads, plain or as gzip or zstd. With a token of scope `ingest`, or as Security or Global Administrator.
///
/// An answer of 200 means that every record it counts as stored is on disk and in every figure. Records that cannot be
/// read are listed and set aside, and the rest is stored; 422 says that nothing of the body could be read. The same
/// records may be sent any number of times.
#[utoipa::path(
    post,
    path = "/api/v1/ingest",
    operation_id = "ingest",
    tag = "data",
    request_body(content = String, content_type = "application/x-ndjson", description = "Records in any format that is imported"),
    // Where two say the same status, the later one is documented.
    responses(
        super::schemas::Problems,
        (status = OK, body = schemas::Pushed, description = "Stored, but for what is listed"),
        (status = PAYLOAD_TOO_LARGE, body = Problem, content_type = "application/problem+json", description = "The body is too long; what was read of it before is stored"),
        (status = UNSUPPORTED_MEDIA_TYPE, body = Problem, content_type = "application/problem+json", headers(("accept-encoding" = String, description = "What a body may be encoded as")), description = "The body is encoded otherwise than gzip or zstd"),
        (status = UNPROCESSABLE_ENTITY, body = schemas::NothingReadable, content_type = "application/problem+json", description = "Nothing of the body could be read"),
        (status = TOO_MANY_REQUESTS, body = Problem, content_type = "application/problem+json", headers(("retry-after" = u32, description = "Seconds until it is worth while to send it again")), description = "Too many bodies at once; Retry-After says when to send it again"),
    )
)]
pub async fn ingest(
    State(state): State<AppState>,
    Extension(caller): Extension<Caller>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Response> {
    let operator = operator(&state, &caller).map_err(IntoResponse::into_response)?;
    if state.site.is_demo {
        return Err(Problem::demo_takes_nothing().into_response());
    }
    if !is_readable(&headers) {
        let mut response = Problem::unknown_encoding().into_response();
        response.headers_mut().insert(header::ACCEPT_ENCODING, HeaderValue::from_static("gzip, zstd"));
        return Err(response);
    }
    match state.pushes.take(Sent::new(operator, &caller), body).await {
        Ok(pushed) if pushed.is_nothing() => Err(nothing_readable(pushed)),
        Ok(pushed) => Ok(Json(Answer::from(pushed)).into_response()),
        Err(error) => Err(refused(&error)),
    }
}

fn is_readable(headers: &HeaderMap) -> bool {
    headers.get_all(header::CONTENT_ENCODING).iter().all(|value| {
        let names = value.to_str().unwrap_or("?");
        names.split(',').all(|name| ENCODINGS.iter().any(|known| name.trim().eq_ignore_ascii_case(known)))
    })
}

fn refused(error: &PushError) -> Response {
    match error {
        PushError::Full => Problem::too_busy(),
        PushError::Body(error @ BodyError::TooLarge(_)) => Problem::too_large(error),
        PushError::Body(error) => Problem::bad_body(error),
        PushError::Store(_) | PushError::NotStored | PushError::Lost => Problem::not_stored(),
    }
    .into_response()
}

fn nothing_readable(pushed: Pushed) -> Response {
    let problem = Problem::nothing_readable(pushed.rejected);
    let body = NothingReadable { problem, rejections: rejected(pushed.rejections) };
    let kind = [(header::CONTENT_TYPE, "application/problem+json")];
    (StatusCode::UNPROCESSABLE_ENTITY, kind, Json(body)).into_response()
}

fn rejected(rejections: Vec<Rejection>) -> Vec<Rejected> {
    rejections.into_iter().map(|one| Rejected { line: one.line, byte: one.byte, reason: one.reason }).collect()
}

impl From<Pushed> for Answer {
    fn from(pushed: Pushed) -> Self {
        let Pushed { import, parsed, stored, rejected: n, rejections } = pushed;
        Self {
            import,
            records: stored + parsed.skipped + n,
            stored,
            skipped: parsed.skipped,
            rejected: n,
            by_kind: parsed.by_kind,
            rejections: rejected(rejections),
        }
    }
}
