//! Passwords that people of this installation choose, and the form by which they change their own.

use app::pages::Notice;
use axum::Extension;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use domain::viewer::Viewer;
use serde::Deserialize;

use crate::auth::identify::peer;
use crate::auth::password::{MAX_CHARS, NotTaken, PasswordProblem};
use crate::auth::{guessable, secret, session};
use crate::state::AppState;
use crate::web::error::WebError;
use crate::web::factors::{PAGE, own, this};
use crate::web::pages::{Asked, page_with_notice};
use crate::web::second_step::later;
use crate::web::sign_in::read_form;

#[derive(Deserialize)]
struct Change {
    current_password: String,
    new_password: String,
}

/// The PHC string of a password that somebody of these names has chosen; or what the page says instead.
pub(super) async fn chosen(
    state: &AppState,
    password: String,
    names: &[&str],
) -> Result<Result<String, Notice>, WebError> {
    let place = [state.public_url.authority().host(), state.site.organisation.as_str()];
    let words = guessable::words(&state.services, &[names, &place].concat()).await?;
    match state.passwords.take(password, words).await {
        Ok(hash) => Ok(Ok(hash)),
        Err(NotTaken::Problem(PasswordProblem::Guessable)) => Ok(Err(Notice::PasswordGuessable)),
        Err(NotTaken::Problem(PasswordProblem::TooShort | PasswordProblem::TooLong)) => Ok(Err(Notice::PasswordLength)),
        Err(NotTaken::Failed(error)) => Err(WebError::internal(error)),
    }
}

/// `POST /preferences/password`. The present password is asked for and tries are counted as at signing in: whoever has found
/// a session must not guess, or keep, what it was begun with.
pub async fn change(
    State(state): State<AppState>,
    Extension(viewer): Extension<Viewer>,
    request: Request,
) -> Result<Response, WebError> {
    let (asked, address, headers) = (Asked::of(&request), peer(&request), request.headers().clone());
    let (factors, _) = own(&state, &viewer).await?;
    let before = factors.password().await?.ok_or(WebError::plain(StatusCode::FORBIDDEN))?;
    let form = read_form::<Change>(request).await?;
    let again = |notice, status| page_with_notice(&state, PAGE, asked, notice, status);
    if let Err(seconds) = state.limiter.count(&before.user_name, address, state.clock.now()) {
        return Ok(later(again(Notice::TooManyAttempts, StatusCode::TOO_MANY_REQUESTS).await?, seconds));
    }
    let given = form.current_password.chars().take(MAX_CHARS + 1).collect();
    if !state.passwords.check(given, Some(before.hash.clone())).await.map_err(WebError::internal)? {
        return again(Notice::CurrentPasswordWrong, StatusCode::FORBIDDEN).await;
    }
    let after = match chosen(&state, form.new_password, &[&before.user_name, &viewer.name]).await? {
        Ok(after) => after,
        Err(notice) => return again(notice, StatusCode::UNPROCESSABLE_ENTITY).await,
    };
    let (this, text) = (this(&state, &headers)?, secret::random_text().map_err(WebError::internal)?);
    if !factors.change_password(before, after, this, secret::digest(&text)).await? {
        return again(Notice::CurrentPasswordWrong, StatusCode::FORBIDDEN).await;
    }
    let to = format!("{PAGE}?notice={}", Notice::PasswordChanged.as_str());
    let mut response = Redirect::to(&to).into_response();
    // The same session, as old as it was: a password alone is no new sign-in.
    session::put(response.headers_mut(), session::cookie(&state, &text)?);
    Ok(response)
}
