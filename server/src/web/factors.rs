//! The forms by which people change what they prove themselves with.

use app::pages::Notice;
use axum::Extension;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Redirect, Response};
use domain::record::Digest;
use domain::viewer::Viewer;
use serde::Deserialize;
use store::{FactorRefused, OwnFactors, StepOf, session_id};

use crate::auth::{secret, session};
use crate::state::AppState;
use crate::web::error::WebError;
use crate::web::pages::{Asked, page_with_notice};
use crate::web::second_step::lead;
use crate::web::sign_in::read_form;

pub(super) const PAGE: &str = "/preferences";

#[derive(Deserialize)]
#[serde(tag = "change", rename_all = "snake_case")]
enum Change {
    Remove,
    Rename { name: String },
}

/// `POST /preferences/factors`: leads to where a passkey or an authenticator app is set up.
pub async fn add(
    State(state): State<AppState>,
    Extension(viewer): Extension<Viewer>,
    request: Request,
) -> Result<Response, WebError> {
    let (asked, headers) = (Asked::of(&request), request.headers().clone());
    let (_, person) = own(&state, &viewer).await?;
    if !is_young(&state, &viewer, &headers).await? {
        return too_old(&state, asked).await;
    }
    let led = lead(&state, &headers, StepOf::Session(person), Some(PAGE)).await?;
    led.ok_or(WebError::plain(StatusCode::FORBIDDEN))
}

/// `POST /preferences/factors/totp`: removes the authenticator app.
pub async fn change_app(
    State(state): State<AppState>,
    Extension(viewer): Extension<Viewer>,
    request: Request,
) -> Result<Response, WebError> {
    let (asked, headers) = (Asked::of(&request), request.headers().clone());
    let (factors, _) = own(&state, &viewer).await?;
    let Change::Remove = read_form::<Change>(request).await? else {
        return Err(WebError::plain(StatusCode::UNPROCESSABLE_ENTITY));
    };
    if !is_young(&state, &viewer, &headers).await? {
        return too_old(&state, asked).await;
    }
    removed(&state, asked, factors.remove_totp(this(&state, &headers)?).await).await
}

/// `POST /preferences/factors/passkeys/{id}`: renames or removes one.
pub async fn change_passkey(
    State(state): State<AppState>,
    Extension(viewer): Extension<Viewer>,
    Path(id): Path<i64>,
    request: Request,
) -> Result<Response, WebError> {
    let (asked, headers) = (Asked::of(&request), request.headers().clone());
    let (factors, _) = own(&state, &viewer).await?;
    match read_form::<Change>(request).await? {
        Change::Rename { name } => {
            factors.rename_passkey(id, &name).await?;
            Ok(Redirect::to(PAGE).into_response())
        }
        Change::Remove if is_young(&state, &viewer, &headers).await? => {
            removed(&state, asked, factors.remove_passkey(id, this(&state, &headers)?).await).await
        }
        Change::Remove => too_old(&state, asked).await,
    }
}

/// Accounts of this installation alone: others prove themselves elsewhere, and tokens and demo sessions are nobody's.
pub(super) async fn own(state: &AppState, viewer: &Viewer) -> Result<(OwnFactors, i64), WebError> {
    let forbidden = WebError::plain(StatusCode::FORBIDDEN);
    let (Some(factors), Some(person)) = (state.services.own_factors(viewer), viewer.person_id) else {
        return Err(forbidden);
    };
    if factors.list().await?.is_none() {
        return Err(forbidden);
    }
    Ok((factors, person))
}

pub(super) fn this(state: &AppState, headers: &HeaderMap) -> Result<Digest, WebError> {
    let text = session::from_headers(headers, &state.public_url);
    text.map(|text| secret::digest(&text)).ok_or(WebError::plain(StatusCode::FORBIDDEN))
}

/// Whether the person has just proven who they are: whoever finds an open browser must not make it theirs for good.
pub(super) async fn is_young(state: &AppState, viewer: &Viewer, headers: &HeaderMap) -> Result<bool, WebError> {
    let this = session_id(this(state, headers)?);
    let Some(sessions) = state.services.own_sessions(viewer) else { return Ok(false) };
    Ok(sessions.is_young(&this, state.clock.now()).await?)
}

async fn removed(state: &AppState, asked: Asked, removed: Result<(), FactorRefused>) -> Result<Response, WebError> {
    match removed {
        Ok(()) => Ok(Redirect::to(PAGE).into_response()),
        Err(FactorRefused::Last) => {
            page_with_notice(state, PAGE, asked, Notice::LastFactor, StatusCode::CONFLICT).await
        }
        Err(FactorRefused::Store(error)) => Err(error.into()),
    }
}

pub(super) async fn too_old(state: &AppState, asked: Asked) -> Result<Response, WebError> {
    page_with_notice(state, PAGE, asked, Notice::SignInTooOld, StatusCode::FORBIDDEN).await
}
