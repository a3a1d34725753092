//! The forms of `/preferences` about one's own sessions.

use axum::Extension;
use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use domain::viewer::Viewer;
use serde::Deserialize;
use store::OwnSessions;

use crate::state::AppState;
use crate::web::error::WebError;
use crate::web::factors::{PAGE, is_young, this, too_old};
use crate::web::pages::Asked;
use crate::web::sign_in::read_form;

#[derive(Deserialize)]
#[serde(tag = "change", rename_all = "snake_case")]
enum Change {
    End,
    Rename { name: String },
}

/// `POST /preferences/sessions`: ends all but this one, for whoever has just proven who they are.
pub async fn end_others(
    State(state): State<AppState>,
    Extension(viewer): Extension<Viewer>,
    request: Request,
) -> Result<Response, WebError> {
    let (asked, headers) = (Asked::of(&request), request.headers().clone());
    let sessions = own(&state, &viewer)?;
    if !is_young(&state, &viewer, &headers).await? {
        return too_old(&state, asked).await;
    }
    sessions.end_others(this(&state, &headers)?).await?;
    Ok(Redirect::to(PAGE).into_response())
}

/// `POST /preferences/sessions/{id}`: ends, as above, or renames one.
pub async fn change(
    State(state): State<AppState>,
    Extension(viewer): Extension<Viewer>,
    Path(id): Path<String>,
    request: Request,
) -> Result<Response, WebError> {
    let (asked, headers) = (Asked::of(&request), request.headers().clone());
    let sessions = own(&state, &viewer)?;
    match read_form::<Change>(request).await? {
        Change::End if !is_young(&state, &viewer, &headers).await? => return too_old(&state, asked).await,
        Change::End => sessions.end(&id).await?,
        Change::Rename { name } => sessions.rename(&id, &name).await?,
    }
    Ok(Redirect::to(PAGE).into_response())
}

/// Tokens and demo sessions are nobody's.
fn own(state: &AppState, viewer: &Viewer) -> Result<OwnSessions, WebError> {
    state.services.own_sessions(viewer).ok_or(WebError::plain(StatusCode::FORBIDDEN))
}
