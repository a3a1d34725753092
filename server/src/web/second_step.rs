//! The forms after a right password: a code of the authenticator app, or setting one up.

use app::pages::{Notice, SecondStep};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Redirect, Response};
use domain::access::{Actor, ActorKind};
use domain::record::Digest;
use serde::Deserialize;
use store::{Factor, Step, StepOf, StepPerson, StepPurpose, WRONG_CODES};

use crate::access::Witness;
use crate::auth::identify::peer;
use crate::auth::session::{self, Who};
use crate::auth::step::{self, Place};
use crate::auth::totp;
use crate::state::AppState;
use crate::vault::{Purpose, VaultError};
use crate::web::error::WebError;
use crate::web::pages::{Asked, page_with_notice, page_with_step};
use crate::web::return_to::safe_path;
use crate::web::sign_in::{begin, read_form};

pub const CODE: &str = "/sign-in/second-step";
pub const SET_UP: &str = "/sign-in/set-up-second-step";

#[derive(Deserialize)]
struct Code {
    code: String,
}

/// A step with its person.
pub(super) struct Under {
    pub hash: Digest,
    pub step: Step,
    pub person: StepPerson,
}

/// The step that the browser is at, if it leads where it should.
pub(super) async fn under(
    state: &AppState,
    headers: &HeaderMap,
    purpose: StepPurpose,
) -> Result<Option<Under>, WebError> {
    let Some((hash, mut step)) = step::current(state, headers, Place::Person).await? else { return Ok(None) };
    let person = step.person.take().filter(|_| step.purpose == purpose);
    Ok(person.map(|person| Under { hash, step, person }))
}

/// Begins a step and leads to its page. `None`: the person may not sign in.
///
/// # Errors
/// The store does not answer.
pub async fn lead(
    state: &AppState,
    headers: &HeaderMap,
    of: StepOf,
    return_to: Option<&str>,
) -> Result<Option<Response>, WebError> {
    let Some((purpose, cookie)) = step::begin(state, headers, of, safe_path(return_to)).await? else {
        return Ok(None);
    };
    let to = if purpose == StepPurpose::SetUp { SET_UP } else { CODE };
    let mut response = Redirect::to(to).into_response();
    session::put(response.headers_mut(), cookie);
    Ok(Some(response))
}

/// `GET /sign-in/second-step`.
pub async fn code_page(State(state): State<AppState>, request: Request) -> Result<Response, WebError> {
    let Some(under) = under(&state, request.headers(), StepPurpose::SecondFactor).await? else {
        return Ok(elsewhere());
    };
    page_with_step(&state, CODE, Asked::of(&request), None, asks_for_code(&under), StatusCode::OK).await
}

/// `POST /sign-in/second-step`: a right code begins the session.
pub async fn code(State(state): State<AppState>, request: Request) -> Result<Response, WebError> {
    let (asked, address, headers) = (Asked::of(&request), peer(&request), request.headers().clone());
    let witness = Witness::of(&request);
    let Some(under) = under(&state, &headers, StepPurpose::SecondFactor).await? else {
        return gone(&state, asked, Notice::StepGone).await;
    };
    let (identity, person) = (state.services.identity(), &under.person);
    witness.asks_for(target_of(CODE, &person.user_name, Factor::Totp));
    let form = read_form::<Code>(request).await?;
    let again =
        |notice, status| page_with_step(&state, CODE, asked.clone(), Some(notice), asks_for_code(&under), status);
    if let Err(seconds) = state.limiter.count(&person.user_name, address, state.clock.now()) {
        return Ok(later(again(Notice::TooManyAttempts, StatusCode::TOO_MANY_REQUESTS).await?, seconds));
    }
    if under.step.wrong_codes >= WRONG_CODES {
        identity.end_step(under.hash).await?;
        return gone(&state, asked, Notice::CodesLocked).await;
    }
    let opened = person.totp_sealed.as_deref().map(|sealed| state.vault.open(purpose_of(person), sealed)).transpose();
    let secret = match opened {
        Ok(secret) => secret,
        Err(error) => {
            tell(&error);
            return again(Notice::FactorKeyMissing, StatusCode::SERVICE_UNAVAILABLE).await;
        }
    };
    let Some(left) = identity.count_try(under.hash).await? else {
        return gone(&state, asked, Notice::TooManyCodes).await;
    };
    let period = secret.and_then(|secret| totp::period_of(&secret, &form.code, state.clock.now()));
    let is_right = match period {
        Some(period) => identity.use_code(under.hash, person, period).await?,
        None => false,
    };
    if is_right {
        state.limiter.forget(&person.user_name, address);
        return signed_in(&state, &headers, &witness, &under).await;
    }
    if left == 0 {
        identity.end_step(under.hash).await?;
        return gone(&state, asked, Notice::TooManyCodes).await;
    }
    again(Notice::WrongCode, StatusCode::UNAUTHORIZED).await
}

/// `GET /sign-in/set-up-second-step`. Shown again, the secret is the same: it belongs to the step.
pub async fn set_up_page(State(state): State<AppState>, request: Request) -> Result<Response, WebError> {
    let Some(under) = under(&state, request.headers(), StepPurpose::SetUp).await? else { return Ok(elsewhere()) };
    set_up_again(&state, Asked::of(&request), &under, None, StatusCode::OK).await
}

/// `POST /sign-in/set-up-second-step`: the first right code of a new app stores it, and begins a session.
pub async fn set_up(State(state): State<AppState>, request: Request) -> Result<Response, WebError> {
    let (asked, address, headers) = (Asked::of(&request), peer(&request), request.headers().clone());
    let witness = Witness::of(&request);
    let Some(under) = under(&state, &headers, StepPurpose::SetUp).await? else {
        return gone(&state, asked, Notice::StepGone).await;
    };
    let (identity, person) = (state.services.identity(), &under.person);
    witness.asks_for(target_of(SET_UP, &person.user_name, Factor::Totp));
    let form = read_form::<Code>(request).await?;
    let again = |notice, status| set_up_again(&state, asked.clone(), &under, Some(notice), status);
    if let Err(seconds) = state.limiter.count(&person.user_name, address, state.clock.now()) {
        return Ok(later(again(Notice::TooManyAttempts, StatusCode::TOO_MANY_REQUESTS).await?, seconds));
    }
    // Nothing was shown that a code could be of.
    let Some(sealed) = &under.step.totp_sealed else {
        return again(Notice::WrongCode, StatusCode::UNAUTHORIZED).await;
    };
    let secret = match state.vault.open(purpose_of(person), sealed) {
        Ok(secret) => secret,
        Err(error) => {
            tell(&error);
            return again(Notice::FactorKeyMissing, StatusCode::SERVICE_UNAVAILABLE).await;
        }
    };
    let Some(left) = identity.count_try(under.hash).await? else {
        return gone(&state, asked, Notice::TooManyCodes).await;
    };
    let is_stored = match totp::period_of(&secret, &form.code, state.clock.now()) {
        Some(period) => identity.confirm_totp(under.hash, person.id, sealed.clone(), period).await?,
        None => false,
    };
    if is_stored {
        state.limiter.forget(&person.user_name, address);
        return signed_in(&state, &headers, &witness, &under).await;
    }
    if left == 0 {
        identity.end_step(under.hash).await?;
        return gone(&state, asked, Notice::TooManyCodes).await;
    }
    again(Notice::WrongCode, StatusCode::UNAUTHORIZED).await
}

async fn signed_in(
    state: &AppState,
    headers: &HeaderMap,
    witness: &Witness,
    under: &Under,
) -> Result<Response, WebError> {
    witness.is_by(actor(&under.person));
    let mut response = begin(state, headers, Who::Person(under.person.id), Some(&under.step.return_to)).await?;
    session::put(response.headers_mut(), step::end_cookie(state, Place::Person)?);
    Ok(response)
}

pub(super) fn actor(person: &StepPerson) -> Actor {
    Actor { kind: ActorKind::Person, id: Some(person.id), name: person.display_name.clone(), role: Some(person.role) }
}

/// What stands in the access log: who, and what they proved themselves with.
pub(super) fn target_of(path: &str, user_name: &str, factor: Factor) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.append_pair("user_name", user_name).append_pair("factor", factor.as_str());
    format!("{path}?{}", query.finish())
}

async fn set_up_again(
    state: &AppState,
    asked: Asked,
    under: &Under,
    notice: Option<Notice>,
    status: StatusCode,
) -> Result<Response, WebError> {
    let (app, notice, status) = match shown(state, under).await? {
        Ok(app) => (Some(app), notice, status),
        Err(error) => {
            tell(&error);
            (None, Some(Notice::FactorKeyMissing), StatusCode::SERVICE_UNAVAILABLE)
        }
    };
    let step = SecondStep::SetUp { app, is_first: under.person.factors().is_empty() };
    page_with_step(state, SET_UP, asked, notice, step, status).await
}

/// What the person sets their app up with.
async fn shown(state: &AppState, under: &Under) -> Result<Result<app::pages::AppSetUp, VaultError>, WebError> {
    let purpose = purpose_of(&under.person);
    let sealed = match &under.step.totp_sealed {
        Some(sealed) => sealed.clone(),
        None => {
            let secret = totp::new_secret().map_err(WebError::internal)?;
            let sealed = match state.vault.seal(purpose, &secret) {
                Ok(sealed) => sealed,
                Err(error) => return Ok(Err(error)),
            };
            let kept = state.services.identity().keep_step_secret(under.hash, sealed).await?;
            kept.ok_or_else(|| WebError::Missing("this sign-in is over".to_owned()))?
        }
    };
    let issuer = Some(state.site.organisation.as_str()).filter(|name| !name.is_empty());
    let issuer = issuer.map_or_else(|| "Keyroll".to_owned(), |name| format!("Keyroll {name}"));
    Ok(state.vault.open(purpose, &sealed).map(|secret| totp::set_up(&secret, &issuer, &under.person.user_name)))
}

fn asks_for_code(under: &Under) -> SecondStep {
    SecondStep::Code {
        has_app: under.person.totp_sealed.is_some(),
        has_passkeys: under.person.passkeys > 0,
        return_to: under.step.return_to.clone(),
    }
}

const fn purpose_of(person: &StepPerson) -> Purpose {
    Purpose::Totp { person: person.id }
}

fn tell(error: &VaultError) {
    tracing::error!(%error, "the secret of an authenticator app cannot be read or stored");
}

pub(super) fn later(mut response: Response, seconds: u64) -> Response {
    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    response
}

/// The browser is at no such step.
fn elsewhere() -> Response {
    Redirect::to(&format!("/sign-in?notice={}", Notice::StepGone.as_str())).into_response()
}

/// The sign-in page: one begins again.
async fn gone(state: &AppState, asked: Asked, notice: Notice) -> Result<Response, WebError> {
    let mut response = page_with_notice(state, "/sign-in", asked, notice, StatusCode::UNAUTHORIZED).await?;
    session::put(response.headers_mut(), step::end_cookie(state, Place::Person)?);
    Ok(response)
}
