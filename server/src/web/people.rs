//! The forms of `/settings/people`.

use axum::Extension;
use axum::extract::{Path, Request, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use domain::viewer::Viewer;

use crate::people::{PersonChange, change_person};
use crate::state::AppState;
use crate::web::error::WebError;
use crate::web::sign_in::read_form;

/// `POST /settings/people/{id}`. Leads back to the page, which shows what became of it.
pub async fn change(
    State(state): State<AppState>,
    Extension(viewer): Extension<Viewer>,
    Path(id): Path<i64>,
    request: Request,
) -> Result<Response, WebError> {
    // Before the form is looked at: who may not change anything is not told what a form takes.
    state.services.admin(&viewer)?;
    let change = read_form::<PersonChange>(request).await?;
    change_person(&state, &viewer, id, change).await?;
    Ok(Redirect::to("/settings/people").into_response())
}
