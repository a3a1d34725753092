//! Finds out who asks, before anything else of a request is looked at.

use std::net::IpAddr;

use app::pages::Notice;
use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Redirect, Response};
use domain::access::Actor;
use domain::preferences::Preferences;
use domain::viewer::{Sender, Viewer};
use store::{Bearer, Forbidden};

use super::oidc::recheck::{Rechecked, recheck};
use super::reads::{self, TooManyReads};
use super::{secret, session};
use crate::access::Witness;
use crate::access::routes::{Right, declared, methods};
use crate::api::problem::Problem;
use crate::layers::client_origin::ClientAddress;
use crate::state::AppState;
use crate::web::error::WebError;
use crate::web::pages::{Asked, Told, page_again, page_with_notice};
use crate::web::return_to;

/// What an open page sends when it follows new data by itself: a session that nobody uses is to end all the same.
const REFRESH: &str = "keyroll-refresh";

/// Who a request turned out to come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Caller {
    /// A person, a demo role, or a token with a role.
    Viewer(Viewer, Preferences),
    /// A token that may only send records.
    Sender(Sender),
    /// A bearer token that is mistyped, expired or revoked.
    BadToken,
    /// A session whose role the identity provider would have to tell, and it does not answer.
    RoleUnknown,
    Nobody,
}

/// The caller of a request: by bearer token where there is one, else by session. The access log is told.
///
/// # Errors
/// The store does not answer.
pub async fn caller(state: &AppState, headers: &HeaderMap, witness: &Witness) -> Result<Caller, store::StoreError> {
    let (caller, actor) = identified(state, headers).await?;
    witness.is_by(actor);
    Ok(caller)
}

async fn identified(state: &AppState, headers: &HeaderMap) -> Result<(Caller, Actor), store::StoreError> {
    let (identity, now) = (state.services.identity(), state.clock.now());
    if let Some(token) = bearer(headers) {
        if !secret::is_well_formed_token(token) {
            return Ok((Caller::BadToken, Actor::nobody()));
        }
        return Ok(match identity.token(secret::digest(token), now).await? {
            Some(Bearer::Viewer { viewer, token_id }) => {
                let actor = Actor::of_token(&viewer, token_id);
                (Caller::Viewer(viewer, Preferences::default()), actor)
            }
            Some(Bearer::Sender(sender)) => {
                let actor = Actor::of_sender(&sender);
                (Caller::Sender(sender), actor)
            }
            None => (Caller::BadToken, Actor::nobody()),
        });
    }
    let Some(text) = session::from_headers(headers, &state.public_url) else {
        return Ok((Caller::Nobody, Actor::nobody()));
    };
    let hash = secret::digest(&text);
    let session = if headers.contains_key(REFRESH) {
        identity.session_unused(hash, now).await?
    } else {
        identity.session(hash, now).await?
    };
    let Some(session) = session else { return Ok((Caller::Nobody, Actor::nobody())) };
    // Whoever the provider would have to vouch for is known all the same, and stands in the log.
    let actor = Actor::of_session(&session.viewer);
    Ok(match recheck(state, &text, session).await? {
        Rechecked::Still(session) => {
            let actor = Actor::of_session(&session.viewer);
            (Caller::Viewer(session.viewer, session.preferences), actor)
        }
        Rechecked::Ended => (Caller::Nobody, actor),
        Rechecked::Unknown => (Caller::RoleUnknown, actor),
    })
}

/// Whether the caller of a request that goes on is still who it was, with the same role. Asking is no use of a session.
///
/// # Errors
/// The store does not answer.
pub async fn is_still(state: &AppState, headers: &HeaderMap, viewer: &Viewer) -> Result<bool, store::StoreError> {
    let mut headers = headers.clone();
    headers.insert(REFRESH, HeaderValue::from_static("1"));
    let (caller, _) = identified(state, &headers).await?;
    Ok(matches!(caller, Caller::Viewer(now, _) if now == *viewer))
}

/// The text after `Authorization: Bearer`, also where it is no token of ours.
#[must_use]
pub fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

/// The address of the client, past the proxies that are trusted, where the server knows it.
#[must_use]
pub fn peer(request: &Request) -> Option<IpAddr> {
    request.extensions().get::<ClientAddress>().map(|client| client.0)
}

/// What is declared of a request's route and method; `Err` has the methods that the route has instead.
fn right_of(request: &Request) -> Result<Right, Vec<&'static str>> {
    // Paths that no route has: whoever has a role is told so.
    let Some(route) = request.extensions().get::<MatchedPath>().map(MatchedPath::as_str) else {
        return Ok(Right::Viewer);
    };
    declared(route, request.method()).map(|declared| declared.right).ok_or_else(|| methods(route))
}

/// Another method than the route has.
fn no_method(methods: &[&str]) -> Response {
    let allow = methods.join(", ").replace("GET", "GET, HEAD");
    let mut response = WebError::plain(StatusCode::METHOD_NOT_ALLOWED).into_response();
    if let Ok(allow) = HeaderValue::try_from(allow) {
        response.headers_mut().insert(header::ALLOW, allow);
    }
    response
}

/// For `/api`: a viewer, or a problem document. The caller stands on the request too, for paths that take records.
pub async fn require_for_api(State(state): State<AppState>, mut request: Request, next: Next) -> Response {
    let caller = match caller(&state, request.headers(), &Witness::of(&request)).await {
        Ok(caller) => caller,
        Err(error) => return Problem::from(error).into_response(),
    };
    let right = right_of(&request);
    match &caller {
        Caller::Viewer(viewer, _) => match right {
            Ok(right) if right.is_of(viewer.role) => {
                if let Err(refused) = reads::count(&state, &request) {
                    return Problem::too_many_reads(refused);
                }
                request.extensions_mut().insert(viewer.clone());
            }
            Ok(right) => return Problem::from(Forbidden { needs: right.needs() }).into_response(),
            Err(methods) => return no_method(&methods),
        },
        Caller::Sender(_) if right == Ok(Right::Send) => {}
        Caller::Sender(_) => return Problem::ingest_token_only_sends().into_response(),
        Caller::BadToken => return Problem::bad_token().into_response(),
        Caller::RoleUnknown => return Problem::role_unknown().into_response(),
        Caller::Nobody => return Problem::unauthenticated().into_response(),
    }
    request.extensions_mut().insert(caller);
    next.run(request).await
}

/// For pages and downloads: a viewer, or the way to the sign-in page and back.
pub async fn require_for_pages(State(state): State<AppState>, mut request: Request, next: Next) -> Response {
    match caller(&state, request.headers(), &Witness::of(&request)).await {
        Ok(Caller::Viewer(viewer, preferences)) => {
            let (role, right) = (viewer.role, right_of(&request));
            request.extensions_mut().insert(viewer);
            request.extensions_mut().insert(preferences);
            match right {
                Ok(right) if right.is_of(role) => match reads::count(&state, &request) {
                    Ok(()) => next.run(request).await,
                    Err(refused) => page_of_too_many_reads(&state, Asked::of(&request), refused).await,
                },
                Ok(right) if request.method().is_safe() => {
                    let asked = Asked::of(&request);
                    page_of_forbidden(&state, asked, right).await
                }
                Ok(right) => WebError::from(Forbidden { needs: right.needs() }).into_response(),
                Err(methods) => no_method(&methods),
            }
        }
        Ok(Caller::Sender(_)) => Problem::ingest_token_only_sends().into_response(),
        Ok(Caller::BadToken) => Problem::bad_token().into_response(),
        Ok(Caller::RoleUnknown) => {
            let (asked, status) = (Asked::of(&request), StatusCode::SERVICE_UNAVAILABLE);
            page_with_notice(&state, "/sign-in", asked, Notice::ProviderSilent, status).await.into_response()
        }
        Ok(Caller::Nobody) if request.method().is_safe() => {
            // A cookie that is no session any more: it ended, and the person wonders why.
            let had_session = session::from_headers(request.headers(), &state.public_url).is_some();
            let to = return_to::sign_in_url(request.uri(), had_session.then_some(Notice::SessionEnded));
            Redirect::to(&to).into_response()
        }
        Ok(Caller::Nobody) => (StatusCode::UNAUTHORIZED, "Sign in first.\n").into_response(),
        Err(error) => WebError::from(error).into_response(),
    }
}

/// The page that says which roles may.
async fn page_of_forbidden(state: &AppState, asked: Asked, right: Right) -> Response {
    let needs: Vec<String> = right.needs().into_iter().map(|role| format!("needs={role}")).collect();
    let uri = format!("/no-role?{}", needs.join("&"));
    page_again(state, &uri, asked, Told::default(), StatusCode::FORBIDDEN).await.into_response()
}

/// The page that says when one may go on.
async fn page_of_too_many_reads(state: &AppState, asked: Asked, refused: TooManyReads) -> Response {
    let status = StatusCode::TOO_MANY_REQUESTS;
    let mut page = page_again(state, "/too-many-reads", asked, Told::default(), status).await.into_response();
    page.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(refused.seconds));
    page
}

/// For the pages one can see before signing in: puts the viewer on the request where there is one.
pub async fn look_for_pages(State(state): State<AppState>, mut request: Request, next: Next) -> Response {
    match caller(&state, request.headers(), &Witness::of(&request)).await {
        Ok(Caller::Viewer(viewer, preferences)) => {
            request.extensions_mut().insert(viewer);
            request.extensions_mut().insert(preferences);
        }
        Ok(_) => {}
        Err(error) => return WebError::from(error).into_response(),
    }
    next.run(request).await
}
