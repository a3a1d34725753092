//! The form that adds a review note to a block, a bypass or a fraud alert.

use axum::Extension;
use axum::extract::{Request, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use domain::viewer::Viewer;
use serde::Deserialize;

use super::sign_in::read_form;
use crate::review;
use crate::state::AppState;
use crate::web::error::WebError;
use crate::web::return_to::safe_path;

#[derive(Deserialize)]
pub struct NewNote {
    about: String,
    text: String,
    return_to: Option<String>,
}

/// `POST /mfa/notes`. Leads back to where the form stood, which shows the note.
pub async fn add(
    State(state): State<AppState>,
    Extension(viewer): Extension<Viewer>,
    request: Request,
) -> Result<Response, WebError> {
    let operator = state.services.operate(&viewer)?;
    let form = read_form::<NewNote>(request).await?;
    review::add(&operator, &viewer, &form.about, &form.text, state.clock.now()).await?;
    Ok(Redirect::to(safe_path(form.return_to.as_deref())).into_response())
}
