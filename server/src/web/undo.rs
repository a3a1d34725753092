//! The form that takes an import back.

use axum::Extension;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use domain::viewer::Viewer;
use store::{ImportId, UndoRefused};

use crate::state::AppState;
use crate::web::error::WebError;

/// `POST /data/{import}/undo`. Leads to the import's page, which says how far it is.
pub async fn begin(
    State(state): State<AppState>,
    Extension(viewer): Extension<Viewer>,
    Path(import): Path<String>,
) -> Result<Response, WebError> {
    let operator = state.services.operate(&viewer)?;
    let missing = || WebError::Missing(UndoRefused::Missing.to_string());
    let id = import.parse().map(ImportId).map_err(|_| missing())?;
    let begun = operator.begin_undo(id, &viewer.name).await?;
    state.keeping.notify_one();
    match begun {
        Ok(_) | Err(UndoRefused::Undone) => Ok(Redirect::to(&format!("/data/{}", id.0)).into_response()),
        Err(UndoRefused::Missing) => Err(missing()),
        Err(refused @ (UndoRefused::Running | UndoRefused::TooOld)) => Err(WebError::Conflict(refused.to_string())),
    }
}
