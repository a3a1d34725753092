//! Writes down who was answered what, before the answer goes out. What may not go out unseen does not go out unlogged.

use std::borrow::Cow;

use axum::body::{Body, Bytes};
use axum::extract::{MatchedPath, Request, State};
use axum::http::{Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use domain::access::{Access, AccessAction, AccessOutcome};
use futures::{StreamExt as _, TryStreamExt as _};
use percent_encoding::percent_decode_str;

use crate::access::routes::{Logged, declared, methods};
use crate::access::writer::NotLogged;
use crate::access::{Rows, Witness};
use crate::api::problem::Problem;
use crate::auth::identify::peer;
use crate::auth::oidc::CALLBACK;
use crate::auth::secret;
use crate::graph_api;
use crate::layers::request_id;
use crate::state::AppState;
use crate::web::error::WebError;

/// Of an address: longer ones are lists of names, whose beginning says as much.
const TARGET_CHARS: usize = 4_096;

/// What is known of a request before it is answered.
struct Asked {
    method: Method,
    route: String,
    path: String,
    target: String,
    request_id: String,
    address: String,
}

impl Asked {
    fn of(request: &Request) -> Self {
        let route = request.extensions().get::<MatchedPath>().map_or("", MatchedPath::as_str);
        let uri = request.uri();
        // A setup link is a secret, and so is what an identity provider sends with the browser.
        let query = uri.query().filter(|_| !matches!(route, "/setup" | CALLBACK));
        let target = query.map_or_else(|| uri.path().to_owned(), |query| format!("{}?{query}", uri.path()));
        Self {
            method: request.method().clone(),
            route: route.to_owned(),
            path: uri.path().to_owned(),
            target: without_numbers(&target).chars().take(TARGET_CHARS).collect(),
            request_id: request_id::of(request),
            address: peer(request).map(|address| address.to_string()).unwrap_or_default(),
        }
    }

    /// What is to be written down of the request; `None`: nothing. A path that is no route shows nothing.
    fn action(&self, logged: Option<Logged>, status: StatusCode) -> Option<AccessAction> {
        let action = match logged {
            Some(Logged::As(action)) if status != StatusCode::METHOD_NOT_ALLOWED => Some(action),
            _ => None,
        };
        let is_elsewhere = status.is_redirection() && status != StatusCode::NOT_MODIFIED;
        match outcome(status) {
            AccessOutcome::Refused => Some(action.unwrap_or(AccessAction::Other)),
            // The way to where the answer is; who comes back from an identity provider has signed in.
            _ if self.method.is_safe() && is_elsewhere && action != Some(AccessAction::SignIn) => None,
            _ => action,
        }
    }
}

fn outcome(status: StatusCode) -> AccessOutcome {
    match status {
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN | StatusCode::TOO_MANY_REQUESTS => AccessOutcome::Refused,
        status if status.is_success() || status.is_redirection() => AccessOutcome::Allowed,
        _ => AccessOutcome::Failed,
    }
}

/// Writes an entry for what the route declares, and for every refusal.
pub async fn write(State(state): State<AppState>, mut request: Request, next: Next) -> Response {
    let asked = Asked::of(&request);
    let logged = declared(&asked.route, &asked.method).map(|declared| declared.logged);
    if !asked.route.is_empty() && methods(&asked.route).is_empty() {
        tracing::error!(route = asked.route, "nobody has declared this route");
        return WebError::plain(StatusCode::INTERNAL_SERVER_ERROR).into_response();
    }
    let witness = Witness::default();
    request.extensions_mut().insert(witness.clone());
    let response = next.run(request).await;
    let status = response.status();
    let Some(action) = asked.action(logged, status) else { return response };
    let rows = response.extensions().get::<Rows>().cloned();
    let is_file = action == AccessAction::Export && outcome(status) == AccessOutcome::Allowed;
    // How many rows a file has is known at its end; of a file without a body, at once.
    let has_end = is_file && asked.method != Method::HEAD;
    let Some(entry) = entry(&state, &asked, &witness, action, status) else { return unlogged(&asked) };
    let of_file = entry.clone();
    let entry = Access { rows: rows.as_ref().filter(|_| !has_end).map(Rows::get), ..entry };
    if let Err(error) = state.access.write(entry).await {
        let may_go_on = may_go_on(action, outcome(status), error);
        tracing::error!(%error, route = asked.route, request = asked.request_id, may_go_on, "a request is not in the access log");
        if !may_go_on {
            return unlogged(&asked);
        }
    }
    if !has_end {
        return response;
    }
    let end = End { state, entry: of_file, rows: rows.unwrap_or_default(), is_told: false };
    let (parts, body) = response.into_parts();
    Response::from_parts(parts, watched(body, end))
}

/// Whether an answer goes out that could not be written down: refusals, which hold nothing, the end of a session, and
/// what is only looked at while the disk is full: somebody has to see why.
fn may_go_on(action: AccessAction, outcome: AccessOutcome, error: NotLogged) -> bool {
    match action {
        _ if outcome != AccessOutcome::Allowed => true,
        AccessAction::SignOut => true,
        AccessAction::View | AccessAction::ViewPerson => error == NotLogged::DiskFull,
        _ => false,
    }
}

fn unlogged(asked: &Asked) -> Response {
    if asked.path.starts_with("/api/") {
        Problem::not_logged().into_response()
    } else if graph_api::is_path(&asked.path) {
        graph_api::not_logged(&asked.request_id)
    } else {
        WebError::NotLogged.into_response()
    }
}

/// `None`: the system has no random numbers.
fn entry(
    state: &AppState,
    asked: &Asked,
    witness: &Witness,
    action: AccessAction,
    status: StatusCode,
) -> Option<Access> {
    let mut salt = [0; 16];
    salt.copy_from_slice(&secret::random_bytes().ok()?[..16]);
    let (actor, said) = witness.seen();
    Some(Access {
        at: state.clock.now(),
        actor,
        action,
        outcome: outcome(status),
        status: Some(status.as_u16()),
        route: asked.route.clone(),
        target: said
            .map_or_else(|| asked.target.clone(), |said| without_numbers(&said).chars().take(TARGET_CHARS).collect()),
        salt,
        rows: None,
        request_id: asked.request_id.clone(),
        address: asked.address.clone(),
    })
}

/// What is written down when a file has come to its end, or has not.
struct End {
    state: AppState,
    entry: Access,
    rows: Rows,
    is_told: bool,
}

impl End {
    fn entry(&mut self, outcome: AccessOutcome) -> Access {
        self.is_told = true;
        Access {
            at: self.state.clock.now(),
            action: AccessAction::ExportEnd,
            outcome,
            rows: Some(self.rows.get()),
            ..self.entry.clone()
        }
    }

    async fn tell(&mut self, outcome: AccessOutcome) -> Result<(), NotLogged> {
        let entry = self.entry(outcome);
        self.state.access.write(entry).await
    }
}

impl Drop for End {
    /// Whoever asked has gone before the end.
    fn drop(&mut self) {
        if self.is_told {
            return;
        }
        let (access, entry) = (self.state.access.clone(), self.entry(AccessOutcome::Failed));
        let Ok(runtime) = tokio::runtime::Handle::try_current() else { return };
        runtime.spawn(async move {
            if let Err(error) = access.write(entry).await {
                tracing::error!(%error, "the end of a download is not in the access log");
            }
        });
    }
}

/// The same body; before its end is sent, the end is written down.
fn watched(body: Body, end: End) -> Body {
    let parts = futures::stream::try_unfold((body.into_data_stream(), end), |(mut parts, mut end)| async move {
        match parts.next().await {
            Some(Ok(part)) => Ok(Some((part, (parts, end)))),
            Some(Err(error)) => {
                if let Err(error) = end.tell(AccessOutcome::Failed).await {
                    tracing::error!(%error, "the end of a download is not in the access log");
                }
                Err(error)
            }
            None => end.tell(AccessOutcome::Allowed).await.map(|()| None::<(Bytes, _)>).map_err(axum::Error::new),
        }
    });
    Body::from_stream(parts.inspect_err(|error| tracing::error!(%error, "a download was broken off")))
}

/// Whoever looks for a phone number writes it into an address: it is masked as it is in records. What has none stays as it was.
fn without_numbers(target: &str) -> Cow<'_, str> {
    let readable = target.replace('+', " ");
    let readable = percent_decode_str(&readable).decode_utf8_lossy();
    match (ingest::scrub(target), ingest::scrub(&readable)) {
        (Cow::Borrowed(target), Cow::Borrowed(_)) => Cow::Borrowed(target),
        (_, Cow::Owned(masked)) => Cow::Owned(masked.replace(' ', "+")),
        (masked, Cow::Borrowed(_)) => masked,
    }
}
