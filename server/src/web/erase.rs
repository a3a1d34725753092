//! The form that erases a person.

use axum::Extension;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use domain::viewer::Viewer;

use crate::auth::secret;
use crate::state::AppState;
use crate::web::error::WebError;

/// `POST /users/{id}/erase`. Leads to the users: the person is not among them any more.
pub async fn begin(
    State(state): State<AppState>,
    Extension(viewer): Extension<Viewer>,
    Path(id): Path<String>,
) -> Result<Response, WebError> {
    let eraser = state.services.erase(&viewer)?;
    let key = secret::random_bytes().map_err(WebError::internal)?;
    let erasing = eraser.begin(&id, &viewer.name, key, state.clock.now()).await?;
    if erasing.is_none() {
        return Err(WebError::Missing("nobody is known by this id".to_owned()));
    }
    state.keeping.notify_one();
    Ok(Redirect::to("/users").into_response())
}
