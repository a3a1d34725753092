//! The forms of `/settings/tokens`.

use app::pages::{Notice, TokenMade};
use axum::Extension;
use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use domain::instant::DAY_MS;
use domain::role::Role;
use domain::viewer::Viewer;
use serde::Deserialize;
use store::{StoreError, TokenScope};

use crate::state::AppState;
use crate::tokens::{self, TokenError};
use crate::web::error::WebError;
use crate::web::pages::{Asked, page_with_notice, page_with_token};
use crate::web::sign_in::read_form;

const PAGE: &str = "/settings/tokens";
/// In the place of a role: it may only send records.
const INGEST: &str = "ingest";

#[derive(Deserialize)]
struct Wanted {
    name: String,
    scope: String,
    days: String,
}

/// `POST /settings/tokens`: makes a token and shows it, in this answer and never again.
pub async fn create(
    State(state): State<AppState>,
    Extension(viewer): Extension<Viewer>,
    request: Request,
) -> Result<Response, WebError> {
    let admin = state.services.admin(&viewer)?;
    let asked = Asked::of(&request);
    let Wanted { name, scope, days } = read_form::<Wanted>(request).await?;
    let scope = match scope.as_str() {
        INGEST => TokenScope::Ingest,
        role => TokenScope::Role(role.parse::<Role>().map_err(|_| WebError::plain(StatusCode::UNPROCESSABLE_ENTITY))?),
    };
    // What is no number is no number of days.
    let days = days.trim().parse::<u16>().unwrap_or(0);
    match tokens::create(&admin, &name, scope, i64::from(days) * DAY_MS, state.clock.now()).await {
        Ok(token) => page_with_token(&state, PAGE, asked, TokenMade { name: name.trim().to_owned(), token }).await,
        Err(error) => {
            let notice = match error {
                TokenError::Name => Notice::TokenNameWrong,
                TokenError::Days => Notice::TokenDaysWrong,
                TokenError::Store(StoreError::Exists { .. }) => Notice::TokenNameTaken,
                TokenError::Store(error) => return Err(error.into()),
                TokenError::Randomness => return Err(WebError::internal(error)),
            };
            page_with_notice(&state, PAGE, asked, notice, StatusCode::UNPROCESSABLE_ENTITY).await
        }
    }
}

/// `POST /settings/tokens/{id}/revoke`: at once, on every replica.
pub async fn revoke(
    State(state): State<AppState>,
    Extension(viewer): Extension<Viewer>,
    Path(id): Path<i64>,
) -> Result<Response, WebError> {
    let admin = state.services.admin(&viewer)?;
    let token = admin.tokens().await?.into_iter().find(|token| token.id == id && token.revoked_at.is_none());
    let token = token.ok_or_else(|| StoreError::Missing { what: "token", name: id.to_string() })?;
    admin.revoke_token(&token.name, state.clock.now()).await?;
    Ok(Redirect::to(PAGE).into_response())
}
