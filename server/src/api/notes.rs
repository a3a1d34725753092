use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::{Extension, Json};
use domain::report::ReviewNote;
use domain::viewer::Viewer;
use serde::Deserialize;

use super::problem::Problem;
use super::schemas;
use crate::review;
use crate::state::AppState;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct NewNote {
    about: String,
    text: String,
}

/// Adds a review note to a block, a bypass or a fraud alert: Security Administrators and Global Administrators.
///
/// Author and time are the caller's. Phone numbers in the text are masked.
#[utoipa::path(
    post,
    path = "/api/v1/mfa/notes",
    operation_id = "add_note",
    tag = "mfa",
    request_body = schemas::NewNote,
    responses(
        (status = CREATED, body = schemas::ReviewNote, description = "The note as it was stored"),
        (status = NOT_FOUND, body = Problem, content_type = "application/problem+json", description = "Nothing has this id"),
        super::schemas::TooLarge, super::schemas::Problems
    )
)]
pub async fn add(
    State(state): State<AppState>,
    Extension(viewer): Extension<Viewer>,
    body: Bytes,
) -> Result<(StatusCode, Json<ReviewNote>), Problem> {
    let operator = state.services.operate(&viewer)?;
    let NewNote { about, text } = serde_json::from_slice(&body).map_err(|error| Problem::bad_body(&error))?;
    let note = review::add(&operator, &viewer, &about, &text, state.clock.now()).await?;
    Ok((StatusCode::CREATED, Json(note)))
}
