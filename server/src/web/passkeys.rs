//! What the browser's script asks for passkeys with: JSON in and out. Without script there is the authenticator app.

use axum::extract::{FromRequest as _, Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::{Form, Json};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use store::{Factor, NewPasskey, StepOf, StepPerson, StepPurpose, StoreError};

use crate::access::Witness;
use crate::auth::identify::peer;
use crate::auth::passkey::{Answer, Created, Credential, PasskeyProblem, RelyingParty, Signed, User};
use crate::auth::session::{self, Who};
use crate::auth::step::{self, Place};
use crate::auth::{browser, secret};
use crate::state::AppState;
use crate::web::error::WebError;
use crate::web::return_to::safe_path;
use crate::web::second_step::{actor, target_of, under};

pub const ASK: &str = "/sign-in/passkey/options";
pub const SIGN_IN: &str = "/sign-in/passkey";
pub const ASK_NEW: &str = "/sign-in/set-up-second-step/passkey/options";
pub const ADD: &str = "/sign-in/set-up-second-step/passkey";

#[derive(Deserialize)]
struct Asked {
    return_to: Option<String>,
}

/// `POST /sign-in/passkey/options`: what any passkey of this name may answer.
pub async fn ask(State(state): State<AppState>, request: Request) -> Result<Response, WebError> {
    let party = party(&state)?;
    if let Err(seconds) = state.limiter.count_address(peer(&request), state.clock.now()) {
        return Ok(later(seconds));
    }
    let headers = request.headers().clone();
    let Form(form) = Form::<Asked>::from_request(request, &())
        .await
        .map_err(|refused| WebError::plain(refused.into_response().status()))?;
    let challenge = secret::random_text().map_err(WebError::internal)?;
    let options = party.request_options(&challenge);
    let of = StepOf::Passkey { challenge };
    let begun = step::begin(&state, &headers, of, safe_path(form.return_to.as_deref())).await?;
    let (_, cookie) = begun.ok_or(WebError::plain(StatusCode::CONFLICT))?;
    let mut response = answer(options);
    session::put(response.headers_mut(), cookie);
    Ok(response)
}

/// `POST /sign-in/passkey`: a passkey is proof enough, for it takes the device and its person.
pub async fn sign_in(State(state): State<AppState>, request: Request) -> Result<Response, WebError> {
    let party = party(&state)?;
    let (headers, witness, now) = (request.headers().clone(), Witness::of(&request), state.clock.now());
    if let Err(seconds) = state.limiter.count_address(peer(&request), now) {
        return Ok(later(seconds));
    }
    let given = read::<Answer<Signed>>(request).await?;
    let identity = state.services.identity();
    let Some((hash, begun)) = step::current(&state, &headers, Place::Passkey).await? else { return Ok(refused()) };
    // Good once, whatever comes of it.
    let Some(challenge) = begun.challenge.filter(|_| begun.purpose == StepPurpose::Passkey) else {
        return Ok(refused());
    };
    if !identity.end_step(hash).await? {
        return Ok(refused());
    }
    let Some(passkey) = identity.passkey(given.id()).await? else { return Ok(refused()) };
    witness.asks_for(target_of(SIGN_IN, &passkey.person.user_name, Factor::Passkey));
    let stored: Credential = serde_json::from_str(&passkey.credential).map_err(WebError::internal)?;
    let counted = match party.signed(&challenge, &given, stored, &passkey.handle) {
        Ok(counted) => serde_json::to_string(&counted).map_err(WebError::internal)?,
        Err(problem) => return Ok(not_believed(problem)),
    };
    if !identity.use_passkey(&passkey, counted, now).await? {
        return Ok(refused());
    }
    signed_in(&state, &headers, &witness, &passkey.person, (Place::Passkey, &begun.return_to)).await
}

/// `POST /sign-in/set-up-second-step/passkey/options`: what a new passkey is made of.
pub async fn ask_new(State(state): State<AppState>, request: Request) -> Result<Response, WebError> {
    let Some(at) = under(&state, request.headers(), StepPurpose::SetUp).await? else { return Ok(refused()) };
    let party = party(&state)?;
    let (identity, person) = (state.services.identity(), &at.person);
    let fresh = secret::random_text().map_err(WebError::internal)?;
    let Some(handle) = identity.passkey_handle(person.id, fresh).await? else { return Ok(refused()) };
    let known = identity.credential_ids(person.id).await?;
    let challenge = secret::random_text().map_err(WebError::internal)?;
    let user = User { handle: &handle, user_name: &person.user_name, display_name: &person.display_name };
    let options = party.creation_options(&challenge, user, &known);
    if !identity.ask_step(at.hash, challenge).await? {
        return Ok(refused());
    }
    Ok(answer(options))
}

/// `POST /sign-in/set-up-second-step/passkey`: stores a new passkey, and begins a session.
pub async fn add(State(state): State<AppState>, request: Request) -> Result<Response, WebError> {
    let (headers, witness) = (request.headers().clone(), Witness::of(&request));
    let Some(at) = under(&state, &headers, StepPurpose::SetUp).await? else { return Ok(refused()) };
    let party = party(&state)?;
    witness.asks_for(target_of(ADD, &at.person.user_name, Factor::Passkey));
    let given = read::<Answer<Created>>(request).await?;
    let identity = state.services.identity();
    let Some(challenge) = at.step.challenge else { return Ok(refused()) };
    if !identity.use_challenge(at.hash, &challenge).await? {
        return Ok(refused());
    }
    let credential = match party.created(&challenge, &given) {
        Ok(credential) => serde_json::to_string(&credential).map_err(WebError::internal)?,
        Err(problem) => return Ok(not_believed(problem)),
    };
    let passkey = NewPasskey {
        credential_id: given.id().to_owned(),
        credential,
        name: browser::name(&headers),
        now: state.clock.now(),
    };
    match identity.add_passkey(at.hash, at.person.id, passkey).await {
        Ok(true) => signed_in(&state, &headers, &witness, &at.person, (Place::Person, &at.step.return_to)).await,
        Ok(false) | Err(StoreError::Exists { .. }) => Ok(refused()),
        Err(error) => Err(error.into()),
    }
}

async fn signed_in(
    state: &AppState,
    headers: &HeaderMap,
    witness: &Witness,
    person: &StepPerson,
    (place, return_to): (Place, &str),
) -> Result<Response, WebError> {
    witness.is_by(actor(person));
    let cookie = session::begin(state, headers, Who::Person(person.id)).await?;
    let mut response = answer(json!({ "location": safe_path(Some(return_to)) }));
    session::put(response.headers_mut(), cookie);
    session::put(response.headers_mut(), step::end_cookie(state, place)?);
    Ok(response)
}

/// Passkeys are bound to a name: at an IP address there are none.
fn party(state: &AppState) -> Result<RelyingParty, WebError> {
    RelyingParty::of(&state.public_url).ok_or(WebError::plain(StatusCode::NOT_FOUND))
}

async fn read<T: DeserializeOwned>(request: Request) -> Result<T, WebError> {
    let Json(read) = Json::<T>::from_request(request, &())
        .await
        .map_err(|refused| WebError::plain(refused.into_response().status()))?;
    Ok(read)
}

fn answer(value: Value) -> Response {
    Json(value).into_response()
}

/// One answer for whatever is wrong.
fn refused() -> Response {
    StatusCode::UNAUTHORIZED.into_response()
}

fn not_believed(problem: PasskeyProblem) -> Response {
    tracing::warn!(%problem, "a passkey is not believed");
    refused()
}

fn later(seconds: u64) -> Response {
    (StatusCode::TOO_MANY_REQUESTS, [(header::RETRY_AFTER, HeaderValue::from(seconds))]).into_response()
}
