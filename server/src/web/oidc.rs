//! Signing in with the organisation's identity provider: there, back, and out.

use app::pages::Notice;
use axum::extract::{RawForm, Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse as _, Redirect, Response};
use domain::access::{Actor, ActorKind};
use domain::viewer::Viewer;

use crate::access::Witness;
use crate::auth::identify::peer;
use crate::auth::oidc::attempt::{self, Attempt};
use crate::auth::oidc::recheck::admit;
use crate::auth::oidc::{CALLBACK, Callback, NoRole, Oidc, OidcError, SignedIn};
use crate::auth::session;
use crate::state::AppState;
use crate::web::error::WebError;
use crate::web::pages::{Asked, page_with_notice};
use crate::web::return_to::{safe_path, sign_in_url};

/// `GET /sign-in/oidc?return_to=…`: leads to the provider. A link of the sign-in page, so that the browser asks nobody's leave
/// to follow it. The provider may answer without asking anybody: a link of another site leads to the sign-in page, as no
/// session begins without a person's doing.
pub async fn begin(State(state): State<AppState>, request: Request) -> Result<Response, WebError> {
    let Some(oidc) = &state.oidc else { return Err(WebError::plain(StatusCode::NOT_FOUND)) };
    let (asked, now) = (Asked::of(&request), state.clock.now());
    let return_to = parameter(request.uri(), "return_to");
    if is_from_elsewhere(request.headers()) {
        let to = safe_path(return_to.as_deref()).parse::<Uri>().unwrap_or_default();
        return Ok(Redirect::to(&sign_in_url(&to, None)).into_response());
    }
    // Who has a session and comes here is to prove anew who they are: the provider would let them through unasked.
    let is_anew = request.extensions().get::<Viewer>().is_some();
    let attempt = Attempt::new(safe_path(return_to.as_deref()), is_anew, now)?;
    match oidc.begin(&attempt, &redirect_uri(&state), now).await {
        Ok(url) => {
            let mut response = Redirect::to(url.as_str()).into_response();
            response.headers_mut().append(header::SET_COOKIE, attempt.cookie(&state.public_url)?);
            Ok(response)
        }
        Err(error) => refused(&state, asked, &error).await,
    }
}

/// Whether another site has the browser come here, as far as it says.
fn is_from_elsewhere(headers: &HeaderMap) -> bool {
    headers.get("sec-fetch-site").is_some_and(|site| site != "same-origin" && site != "none")
}

/// `GET /sign-in/oidc/callback`: the provider has sent the browser back.
pub async fn callback(State(state): State<AppState>, request: Request) -> Result<Response, WebError> {
    let Some(oidc) = &state.oidc else { return Err(WebError::plain(StatusCode::NOT_FOUND)) };
    let (asked, headers, witness) = (Asked::of(&request), request.headers().clone(), Witness::of(&request));
    // Whoever brings a cookie of their own making has us ask the provider.
    if let Err(seconds) = state.limiter.count_address(peer(&request), state.clock.now()) {
        let mut response = page(&state, asked, Notice::TooManyAttempts, StatusCode::TOO_MANY_REQUESTS).await?;
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        return Ok(response);
    }
    let mut response = match signed_in(&state, oidc, &headers, request.uri()).await? {
        Err(error) => refused(&state, asked, &error).await?,
        Ok((signed_in, return_to)) => match signed_in.role {
            Err(why) => no_role(&state, asked, why, &signed_in).await?,
            Ok(_) => match admit(&state, &signed_in, state.clock.now()).await? {
                None => page(&state, asked, Notice::AccountDisabled, StatusCode::FORBIDDEN).await?,
                Some(person_id) => {
                    witness.is_by(Actor {
                        kind: ActorKind::Person,
                        id: Some(person_id),
                        name: signed_in.names.display_name.clone(),
                        role: signed_in.role.ok(),
                    });
                    let cookie = session::begin_federated(&state, &headers, person_id, signed_in).await?;
                    let mut response = Redirect::to(safe_path(Some(&return_to))).into_response();
                    session::put(response.headers_mut(), cookie);
                    response
                }
            },
        },
    };
    response.headers_mut().append(header::SET_COOKIE, attempt::end(&state.public_url)?);
    Ok(response)
}

/// `POST /sign-in/oidc/logout`: the provider itself says that a session has ended (Back-Channel Logout). What it sends
/// is signed, and no browser sends it: no rule about origins is needed.
pub async fn logout(State(state): State<AppState>, RawForm(form): RawForm) -> Response {
    let not_stored = [(header::CACHE_CONTROL, "no-store")];
    let Some(oidc) = &state.oidc else { return (StatusCode::NOT_FOUND, not_stored).into_response() };
    let token = form_urlencoded::parse(&form).find(|(name, _)| name == "logout_token").map(|(_, token)| token);
    let ended = match oidc.logged_out(token.as_deref().unwrap_or(""), state.clock.now()).await {
        Ok(ended) => ended,
        Err(error) => {
            tracing::warn!(%error, "a logout was not believed");
            let status = match error {
                OidcError::Silent(_) => StatusCode::SERVICE_UNAVAILABLE,
                _ => StatusCode::BAD_REQUEST,
            };
            return (status, not_stored).into_response();
        }
    };
    let subject = ended.subject.as_ref().map(|subject| subject.id.as_str());
    match state.services.identity().end_federated_sessions(oidc.issuer(), subject, ended.session.as_deref()).await {
        Ok(sessions) => {
            tracing::info!(sessions, "the identity provider has ended sessions");
            (StatusCode::OK, not_stored).into_response()
        }
        Err(error) => {
            tracing::error!(%error, "the store failed");
            (StatusCode::SERVICE_UNAVAILABLE, not_stored).into_response()
        }
    }
}

/// Who has come back, and where they wanted to go.
async fn signed_in(
    state: &AppState,
    oidc: &Oidc,
    headers: &HeaderMap,
    uri: &Uri,
) -> Result<Result<(SignedIn, String), OidcError>, WebError> {
    let now = state.clock.now();
    let Some(attempt) = Attempt::of(headers, &state.public_url, now) else {
        return Ok(Err(OidcError::NotAsked("cookie")));
    };
    let Some(callback) = answer(uri) else { return Ok(Err(OidcError::NotAsked("a parameter stands twice"))) };
    if !state.services.identity().use_attempt(attempt.digest(), now, attempt.expires_at()).await? {
        return Ok(Err(OidcError::NotAsked("it was used before")));
    }
    let signed_in = oidc.finish(&attempt, &callback, &redirect_uri(state), now).await;
    Ok(signed_in.map(|signed_in| (signed_in, attempt.return_to().to_owned())))
}

/// What the provider sends with the browser; `None` where it says something twice.
fn answer(uri: &Uri) -> Option<Callback> {
    let mut callback = Callback::default();
    for (name, value) in form_urlencoded::parse(uri.query().unwrap_or("").as_bytes()) {
        let field = match &*name {
            "code" => &mut callback.code,
            "state" => &mut callback.state,
            "iss" => &mut callback.iss,
            "error" => &mut callback.error,
            _ => continue,
        };
        if field.replace(value.into_owned()).is_some() {
            return None;
        }
    }
    Some(callback)
}

fn redirect_uri(state: &AppState) -> String {
    format!("{}{CALLBACK}", state.public_url.to_string().trim_end_matches('/'))
}

fn parameter(uri: &Uri, wanted: &str) -> Option<String> {
    let query = uri.query()?;
    form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == wanted).map(|(_, value)| value.into_owned())
}

/// The sign-in page, with what the person can do; the log says why.
async fn refused(state: &AppState, asked: Asked, error: &OidcError) -> Result<Response, WebError> {
    tracing::warn!(%error, "nobody has signed in");
    let (notice, status) = match error {
        OidcError::Silent(_) => (Notice::ProviderSilent, StatusCode::SERVICE_UNAVAILABLE),
        OidcError::NotAsked(_) => (Notice::SignInNotBegun, StatusCode::BAD_REQUEST),
        OidcError::Refused(_) => (Notice::ProviderRefused, StatusCode::FORBIDDEN),
        OidcError::Provider(_) | OidcError::Token(_) | OidcError::Claims(_) => {
            (Notice::ProviderNotBelieved, StatusCode::BAD_GATEWAY)
        }
    };
    page(state, asked, notice, status).await
}

async fn no_role(state: &AppState, asked: Asked, why: NoRole, signed_in: &SignedIn) -> Result<Response, WebError> {
    // Their id, so that an administrator finds them; it is no name.
    tracing::warn!(?why, subject = signed_in.subject.id, "somebody without a role of ours has signed in");
    let notice = match why {
        NoRole::NoneOfOurs => Notice::NoRoleOfOurs,
        NoRole::NotSent => Notice::NoRolesSent,
        NoRole::Overage => Notice::TooManyGroups,
    };
    page(state, asked, notice, StatusCode::FORBIDDEN).await
}

async fn page(state: &AppState, asked: Asked, notice: Notice, status: StatusCode) -> Result<Response, WebError> {
    page_with_notice(state, "/sign-in", asked, notice, status).await
}
