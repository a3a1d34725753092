//! The forms of `/preferences` about one's own sessions.

use axum::Extension;
use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use domain::viewer::Viewer;
use serde::Deserialize;
use store::OwnSessions;

use crate::auth::{secret, session};
use crate::state::AppState;
use crate::web::error::WebError;
use crate::web::sign_in::read_form;

const PAGE: &str = "/preferences";

#[derive(Deserialize)]
#[serde(tag = "change", rename_all = "snake_case")]
enum Change {
    End,
    Rename { name: String },
}

/// `POST /preferences/sessions`: ends all but this one.
pub async fn end_others(
    State(state): State<AppState>,
    Extension(viewer): Extension<Viewer>,
    request: Request,
) -> Result<Response, WebError> {
    let sessions = own(&state, &viewer)?;
    let this = session::from_headers(request.headers(), &state.public_url);
    let this = this.ok_or(WebError::plain(StatusCode::FORBIDDEN))?;
    sessions.end_others(secret::digest(&this)).await?;
    Ok(Redirect::to(PAGE).into_response())
}

/// `POST /preferences/sessions/{id}`: ends or renames one.
pub async fn change(
    State(state): State<AppState>,
    Extension(viewer): Extension<Viewer>,
    Path(id): Path<String>,
    request: Request,
) -> Result<Response, WebError> {
    let sessions = own(&state, &viewer)?;
    match read_form::<Change>(request).await? {
        Change::End => sessions.end(&id).await?,
        Change::Rename { name } => sessions.rename(&id, &name).await?,
    }
    Ok(Redirect::to(PAGE).into_response())
}

/// Tokens and demo sessions are nobody's.
fn own(state: &AppState, viewer: &Viewer) -> Result<OwnSessions, WebError> {
    state.services.own_sessions(viewer).ok_or(WebError::plain(StatusCode::FORBIDDEN))
}
