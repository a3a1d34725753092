//! The forms that begin and end a session.

use app::pages::Notice;
use axum::Form;
use axum::extract::{FromRequest as _, Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Redirect, Response};
use domain::access::{Actor, ActorKind};
use domain::role::Role;
use serde::Deserialize;
use store::StepOf;

use crate::access::Witness;
use crate::auth::identify::peer;
use crate::auth::session::{self, Who};
use crate::state::AppState;
use crate::web::error::WebError;
use crate::web::pages::{Asked, page_with_notice};
use crate::web::return_to::safe_path;
use crate::web::second_step::lead;

#[derive(Deserialize)]
pub struct SignIn {
    user_name: String,
    password: String,
    return_to: Option<String>,
}

#[derive(Deserialize)]
pub struct DemoSignIn {
    role: Role,
    return_to: Option<String>,
}

/// `POST /sign-in`. A right password begins no session: a second step follows. One answer for an unknown name, a wrong password and a disabled person, after the same work.
pub async fn sign_in(State(state): State<AppState>, request: Request) -> Result<Response, WebError> {
    let (asked, address, headers) = (Asked::of(&request), peer(&request), request.headers().clone());
    let witness = Witness::of(&request);
    let form = read_form::<SignIn>(request).await?;
    if let Err(seconds) = state.limiter.count(&form.user_name, address, state.clock.now()) {
        let notice = Notice::TooManyAttempts;
        let mut response =
            page_with_notice(&state, &url_of(&form), asked, notice, StatusCode::TOO_MANY_REQUESTS).await?;
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        return Ok(response);
    }
    let person = state.services.identity().person(form.user_name.trim()).await?;
    if let Some(person) = &person {
        // Whose account it is about. A name that nobody has may be a password in the wrong field.
        witness.asks_for(target_of(&person.user_name));
    }
    let stored = person.as_ref().map(|person| person.password_hash.clone());
    // The length is checked by the form of the setup page; here a long text must only not cost much.
    let password = form.password.chars().take(crate::auth::password::MAX_CHARS + 1).collect();
    let is_right = state.passwords.check(password, stored).await.map_err(WebError::internal)?;
    match person.filter(|person| is_right && !person.is_disabled) {
        Some(person) => {
            // Tries are forgotten when the second step is right: a known password must not buy more codes.
            let led = lead(&state, &headers, StepOf::Password(person.id), form.return_to.as_deref()).await?;
            led.ok_or(WebError::plain(StatusCode::CONFLICT))
        }
        None => page_with_notice(&state, &url_of(&form), asked, Notice::WrongPassword, StatusCode::UNAUTHORIZED).await,
    }
}

/// What stands in the access log: of a right password, that it is no more than that.
fn target_of(user_name: &str) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    let query = query.append_pair("user_name", user_name).append_pair("factor", "password").finish();
    format!("/sign-in?{query}")
}

/// `POST /sign-in/demo`: one button per role, in a demo only.
pub async fn demo_sign_in(State(state): State<AppState>, request: Request) -> Result<Response, WebError> {
    if !state.site.is_demo {
        return Err(WebError::plain(StatusCode::NOT_FOUND));
    }
    let (headers, witness) = (request.headers().clone(), Witness::of(&request));
    let form = read_form::<DemoSignIn>(request).await?;
    let name = form.role.title().to_owned();
    witness.is_by(Actor { kind: ActorKind::Demo, id: None, name, role: Some(form.role) });
    begin(&state, &headers, Who::Demo(form.role), form.return_to.as_deref()).await
}

/// `POST /sign-out`.
pub async fn sign_out(State(state): State<AppState>, headers: HeaderMap) -> Result<Response, WebError> {
    let cookie = session::end(&state, &headers).await?;
    let mut response = Redirect::to(&notice_url(Notice::SignedOut)).into_response();
    session::put(response.headers_mut(), cookie);
    Ok(response)
}

/// Begins the session and leads back to where the person wanted to go.
///
/// # Errors
/// The store does not answer.
pub async fn begin(
    state: &AppState,
    headers: &HeaderMap,
    who: Who,
    return_to: Option<&str>,
) -> Result<Response, WebError> {
    let cookie = session::begin(state, headers, who).await?;
    let mut response = Redirect::to(safe_path(return_to)).into_response();
    session::put(response.headers_mut(), cookie);
    Ok(response)
}

/// Reads a posted form; a field that is missing or makes no sense is a 422 without a page: ours never send that.
///
/// # Errors
/// The body is not the form.
pub async fn read_form<T: serde::de::DeserializeOwned>(request: Request) -> Result<T, WebError> {
    let Form(form) = Form::<T>::from_request(request, &())
        .await
        .map_err(|refused| WebError::plain(refused.into_response().status()))?;
    Ok(form)
}

/// The sign-in page with a notice above it.
fn notice_url(notice: Notice) -> String {
    format!("/sign-in?notice={}", notice.as_str())
}

fn url_of(form: &SignIn) -> String {
    match form.return_to.as_deref() {
        Some(path) if safe_path(Some(path)) == path => {
            let query: String = form_urlencoded::Serializer::new(String::new()).append_pair("return_to", path).finish();
            format!("/sign-in?{query}")
        }
        _ => "/sign-in".to_owned(),
    }
}
