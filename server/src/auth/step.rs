//! A sign-in that is under way: what a browser has proven so far, under a secret that it alone has.

use axum::http::{HeaderMap, HeaderValue};
use axum_extra::extract::cookie::CookieJar;
use domain::instant::MINUTE_MS;
use domain::record::Digest;
use store::{NewStep, Step, StepOf, StepPurpose};

use super::{secret, session};
use crate::config::public_url::PublicUrl;
use crate::state::AppState;
use crate::web::error::WebError;

/// How long a step may take.
pub const VALID_MS: i64 = 10 * MINUTE_MS;

/// Which of a browser's two: asking for a passkey must not end what a right password has begun.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// After a password, or from the preferences.
    Person,
    /// A passkey says who it is.
    Passkey,
}

impl Place {
    const fn cookie_name(self, public_url: &PublicUrl) -> &'static str {
        match (self, public_url.is_https()) {
            (Self::Person, true) => "__Host-sign-in-step",
            (Self::Person, false) => "sign-in-step",
            (Self::Passkey, true) => "__Host-passkey-step",
            (Self::Passkey, false) => "passkey-step",
        }
    }

    fn hash(self, headers: &HeaderMap, public_url: &PublicUrl) -> Option<Digest> {
        let jar = CookieJar::from_headers(headers);
        let text = jar.get(self.cookie_name(public_url))?.value();
        (!text.is_empty()).then(|| secret::digest(text))
    }
}

/// Begins a step, ends the one that the browser had, and returns what it leads to with the `Set-Cookie` value. `None`: the
/// person may not sign in.
///
/// # Errors
/// The store does not answer.
pub async fn begin(
    state: &AppState,
    headers: &HeaderMap,
    of: StepOf,
    return_to: &str,
) -> Result<Option<(StepPurpose, HeaderValue)>, WebError> {
    let place = if matches!(of, StepOf::Passkey { .. }) { Place::Passkey } else { Place::Person };
    let identity = state.services.identity();
    if let Some(hash) = place.hash(headers, &state.public_url) {
        identity.end_step(hash).await?;
    }
    let (text, now) = (secret::random_text().map_err(WebError::internal)?, state.clock.now());
    let step = NewStep {
        hash: secret::digest(&text),
        of,
        return_to: return_to.to_owned(),
        now,
        expires_at: now.plus_millis(VALID_MS),
    };
    let Some(purpose) = identity.begin_step(step).await? else { return Ok(None) };
    let name = place.cookie_name(&state.public_url);
    let cookie = session::set_cookie_named(name, &state.public_url, &text, VALID_MS / 1000)?;
    Ok(Some((purpose, cookie)))
}

/// The step that the browser is at.
///
/// # Errors
/// The store does not answer.
pub async fn current(state: &AppState, headers: &HeaderMap, place: Place) -> Result<Option<(Digest, Step)>, WebError> {
    let Some(hash) = place.hash(headers, &state.public_url) else { return Ok(None) };
    let step = state.services.identity().step(hash, state.clock.now()).await?;
    Ok(step.map(|step| (hash, step)))
}

/// The `Set-Cookie` value that ends a step in the browser.
///
/// # Errors
/// Never.
pub fn end_cookie(state: &AppState, place: Place) -> Result<HeaderValue, WebError> {
    session::set_cookie_named(place.cookie_name(&state.public_url), &state.public_url, "", 0)
}
