//! The session cookie: 256 random bits, of which only the SHA-256 is stored.

use axum::http::{HeaderMap, HeaderValue, header};
use axum_extra::extract::cookie::{Cookie, CookieJar, SameSite};
use domain::role::Role;

use super::oidc::{SignedIn, recheck};
use super::{browser, secret};
use crate::config::public_url::PublicUrl;
use crate::state::AppState;
use crate::web::error::WebError;

/// The cookie's name: with https bound to exactly this host by its prefix; plain http on loopback cannot have that.
#[must_use]
pub const fn cookie_name(public_url: &PublicUrl) -> &'static str {
    if public_url.is_https() { "__Host-session" } else { "session" }
}

/// The session secret that the request carries.
#[must_use]
pub fn from_headers(headers: &HeaderMap, public_url: &PublicUrl) -> Option<String> {
    let jar = CookieJar::from_headers(headers);
    jar.get(cookie_name(public_url)).map(|cookie| cookie.value().to_owned()).filter(|value| !value.is_empty())
}

/// Whose session begins.
#[derive(Debug, Clone, Copy)]
pub enum Who {
    Person(i64),
    /// A role of the demo.
    Demo(Role),
}

/// Begins a session of somebody whom the identity provider has just vouched for. `person_id` is theirs here.
///
/// # Errors
/// The store does not answer.
pub async fn begin_federated(
    state: &AppState,
    headers: &HeaderMap,
    person_id: i64,
    signed_in: SignedIn,
) -> Result<HeaderValue, WebError> {
    end_stored(state, headers).await?;
    let text = secret::random_text().map_err(WebError::internal)?;
    let (now, proven_at) = (state.clock.now(), signed_in.proven_at);
    let federation = recheck::federation(&text, signed_in, now).map_err(WebError::internal)?;
    let (hash, idle_ms) = (secret::digest(&text), state.sessions.idle_ms());
    let expires_at = now.plus_millis(state.sessions.absolute_ms());
    let identity = state.services.identity();
    identity.create_federated_session(hash, person_id, federation, proven_at, idle_ms, expires_at).await?;
    identity.name_session(hash, &browser::name(headers)).await?;
    cookie(state, &text)
}

/// Begins a session, ends the one the browser had (so that a planted cookie is worth nothing), and returns the
/// `Set-Cookie` value.
///
/// # Errors
/// The store does not answer.
pub async fn begin(state: &AppState, headers: &HeaderMap, who: Who) -> Result<HeaderValue, WebError> {
    end_stored(state, headers).await?;
    let text = secret::random_text().map_err(WebError::internal)?;
    let now = state.clock.now();
    let (hash, idle_ms) = (secret::digest(&text), state.sessions.idle_ms());
    let expires_at = now.plus_millis(state.sessions.absolute_ms());
    let identity = state.services.identity();
    match who {
        Who::Person(person_id) => identity.create_session(hash, person_id, now, idle_ms, expires_at).await?,
        Who::Demo(role) => identity.create_demo_session(hash, role, now, idle_ms, expires_at).await?,
    }
    identity.name_session(hash, &browser::name(headers)).await?;
    cookie(state, &text)
}

/// The `Set-Cookie` value of a session with this secret.
///
/// # Errors
/// Never.
pub fn cookie(state: &AppState, text: &str) -> Result<HeaderValue, WebError> {
    set_cookie(&state.public_url, text, state.sessions.absolute_ms() / 1000)
}

/// Ends the session of the request, and returns the `Set-Cookie` value that removes the cookie.
///
/// # Errors
/// The store does not answer.
pub async fn end(state: &AppState, headers: &HeaderMap) -> Result<HeaderValue, WebError> {
    end_stored(state, headers).await?;
    set_cookie(&state.public_url, "", 0)
}

async fn end_stored(state: &AppState, headers: &HeaderMap) -> Result<(), WebError> {
    if let Some(text) = from_headers(headers, &state.public_url) {
        state.services.identity().end_session(secret::digest(&text)).await?;
    }
    Ok(())
}

fn set_cookie(public_url: &PublicUrl, value: &str, max_age_seconds: i64) -> Result<HeaderValue, WebError> {
    set_cookie_named(cookie_name(public_url), public_url, value, max_age_seconds)
}

/// A `Set-Cookie` value for a secret of the browser's that no script reads.
///
/// # Errors
/// The value is none that a header can have.
pub(in crate::auth) fn set_cookie_named(
    name: &str,
    public_url: &PublicUrl,
    value: &str,
    max_age_seconds: i64,
) -> Result<HeaderValue, WebError> {
    let cookie = Cookie::build((name, value))
        .path("/")
        .http_only(true)
        .secure(public_url.is_https())
        // Lax, not Strict: a link in a mail must open the page, not the sign-in page; and an identity provider leads the
        // browser back from another site.
        .same_site(SameSite::Lax)
        .build();
    HeaderValue::from_str(&format!("{cookie}; Max-Age={max_age_seconds}")).map_err(WebError::internal)
}

/// Puts a `Set-Cookie` value on a response.
pub fn put(headers: &mut HeaderMap, set_cookie: HeaderValue) {
    headers.append(header::SET_COOKIE, set_cookie);
}
