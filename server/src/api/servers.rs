use axum::Extension;
use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use domain::instant::Instant;
use domain::mfa::ServerStatus;
use domain::query::ServersQuery;
use domain::viewer::Viewer;
use serde::Deserialize;
use store::Operator;

use super::list::answer;
use super::parameters::{ListParameters, ReportParameters, ServerColumns};
use super::problem::Problem;
use super::schemas;
use crate::auth::identify::Caller;
use crate::state::AppState;

/// The longest of a heartbeat's texts.
const MAX_CHARS: usize = 200;

/// Servers of MFA Server, as of the instant asked for.
#[utoipa::path(
    get,
    path = "/api/v1/mfa/servers",
    operation_id = "list_servers",
    tag = "lists",
    params(ServerColumns, ListParameters, ReportParameters),
    responses((status = OK, body = schemas::ServerPage), super::schemas::Problems)
)]
pub async fn list(state: State<AppState>, viewer: Extension<Viewer>, query: RawQuery) -> Result<Response, Problem> {
    answer::<ServersQuery>(state, viewer, query).await
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Heartbeat {
    name: String,
    version: Option<String>,
    status: Option<String>,
    address: Option<String>,
    last_contact: Option<Instant>,
}

/// A server says that it is there: with a token of scope `ingest`, or as Security or Global Administrator.
///
/// The latest of all that is known of a server counts, whether it came from here or from a file.
#[utoipa::path(
    post,
    path = "/api/v1/mfa/servers",
    operation_id = "server_heartbeat",
    tag = "mfa",
    request_body = schemas::Heartbeat,
    responses((status = NO_CONTENT, description = "It is kept"), super::schemas::TooLarge, super::schemas::Problems)
)]
pub async fn heartbeat(
    State(state): State<AppState>,
    Extension(caller): Extension<Caller>,
    body: Bytes,
) -> Result<StatusCode, Problem> {
    let operator = operator(&state, &caller)?;
    let now = state.clock.now();
    let heartbeat: Heartbeat = serde_json::from_slice(&body).map_err(|error| Problem::bad_body(&error))?;
    operator.heartbeat(heartbeat.read(now)?, now).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The rights of somebody who sends records: a Security or Global Administrator's, or a token's for nothing else.
pub(super) fn operator(state: &AppState, caller: &Caller) -> Result<Operator, Problem> {
    match caller {
        Caller::Viewer(viewer, _) => Ok(state.services.operate(viewer)?),
        Caller::Sender(sender) => Ok(state.services.receive(sender)),
        Caller::BadToken | Caller::RoleUnknown | Caller::Nobody => Err(Problem::unauthenticated()),
    }
}

impl Heartbeat {
    fn read(self, now: Instant) -> Result<ServerStatus, Problem> {
        Ok(ServerStatus {
            name: line("name", Some(self.name))?.ok_or_else(|| Problem::bad_body(&"`name` is empty"))?,
            version: line("version", self.version)?,
            status: line("status", self.status)?,
            address: line("address", self.address)?,
            // A server whose clock is fast was heard of now, not later.
            last_contact: self.last_contact.unwrap_or(now).min(now),
        })
    }
}

/// A short text on one line; nothing where it is blank.
fn line(field: &str, given: Option<String>) -> Result<Option<String>, Problem> {
    let Some(given) = given else { return Ok(None) };
    let text = given.trim();
    if given.chars().count() > MAX_CHARS || text.chars().any(char::is_control) {
        return Err(Problem::bad_body(&format!("`{field}` takes up to {MAX_CHARS} characters on one line")));
    }
    Ok(Some(text.to_owned()).filter(|text| !text.is_empty()))
}
