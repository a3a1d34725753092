//! The forms of `/settings/sources`: connect a tenant, change it, remove it, test it.

use std::sync::Arc;
use std::time::Duration;

use app::pages::{Notice, SourceForm, SourcesAnswer};
use axum::Extension;
use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use domain::connection::{Cloud, ConnectionFault, CredentialKind, Probe, PullProblem, SecretPlace};
use domain::viewer::Viewer;
use graph::AddressError;
use secrecy::SecretString;
use serde::Deserialize;
use store::{ConnectionSecret, ConnectionSettings, StoreError};

use super::sign_in::read_form;
use crate::state::AppState;
use crate::sync::{Connector, credential};
use crate::vault::Purpose;
use crate::web::error::WebError;
use crate::web::pages::{Asked, page_with_sources};

const PATH: &str = "/settings/sources";
const NAME_CHARS: usize = 80;
/// Less than a page may take: the test itself tries again and again.
const TESTED_WITHIN: Duration = Duration::from_secs(45);

#[derive(Deserialize)]
struct Sent {
    name: String,
    directory: String,
    client_id: String,
    cloud: Cloud,
    #[serde(default)]
    authority: String,
    #[serde(default)]
    graph_root: String,
    credential: CredentialKind,
    place: SecretPlace,
    #[serde(default)]
    secret_name: String,
    #[serde(default)]
    secret: SecretString,
}

impl Sent {
    /// To show again; the secret is not shown.
    fn form(&self) -> SourceForm {
        SourceForm {
            name: self.name.clone(),
            directory: self.directory.clone(),
            client_id: self.client_id.clone(),
            cloud: self.cloud,
            authority: self.authority.clone(),
            graph_root: self.graph_root.clone(),
            credential: self.credential,
            place: self.place,
            secret_name: self.secret_name.clone(),
        }
    }

    fn settings(&self, connector: &Connector) -> Result<ConnectionSettings, ConnectionFault> {
        let name = self.name.trim();
        if name.is_empty() || name.chars().count() > NAME_CHARS || name.chars().any(char::is_control) {
            return Err(ConnectionFault::NameMissing);
        }
        let own = (self.authority.trim().trim_end_matches('/'), self.graph_root.trim().trim_end_matches('/'));
        let (authority, graph_root) = self.cloud.addresses().unwrap_or(own);
        let (directory, client_id) = (self.directory.trim(), self.client_id.trim());
        connector.tenant(directory, client_id, authority, graph_root).map_err(|error| match error {
            AddressError::Directory => ConnectionFault::Directory,
            AddressError::ClientId => ConnectionFault::ClientId,
            AddressError::Authority => ConnectionFault::Authority,
            AddressError::GraphRoot => ConnectionFault::GraphRoot,
        })?;
        Ok(ConnectionSettings {
            name: name.to_owned(),
            directory: directory.to_owned(),
            client_id: client_id.to_owned(),
            authority: authority.to_owned(),
            graph_root: graph_root.to_owned(),
            credential: self.credential,
        })
    }

    /// `None`: nothing was entered, and what is stored stays.
    fn secret(&self, connector: &Connector) -> Result<Option<ConnectionSecret>, ConnectionFault> {
        use secrecy::ExposeSecret as _;
        let name = self.secret_name.trim();
        match self.place {
            SecretPlace::File if name.starts_with('/') => Ok(Some(ConnectionSecret::File(name.to_owned()))),
            SecretPlace::Environment if is_variable(name) => Ok(Some(ConnectionSecret::Environment(name.to_owned()))),
            SecretPlace::File | SecretPlace::Environment => Err(ConnectionFault::SecretName),
            SecretPlace::Stored if self.secret.expose_secret().trim().is_empty() => Ok(None),
            SecretPlace::Stored => {
                credential(self.credential, self.secret.clone()).map_err(|_| ConnectionFault::Certificate)?;
                let sealed = connector.vault.seal(Purpose::Connection, &self.secret).map_err(|error| {
                    tracing::error!("a secret could not be encrypted: {error}");
                    ConnectionFault::Key
                })?;
                Ok(Some(ConnectionSecret::Sealed(sealed)))
            }
        }
    }
}

fn is_variable(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// `POST /settings/sources`
pub async fn add(
    State(state): State<AppState>,
    Extension(viewer): Extension<Viewer>,
    request: Request,
) -> Result<Response, WebError> {
    let admin = state.services.admin(&viewer)?;
    let asked = Asked::of(&request);
    let sent = read_form::<Sent>(request).await?;
    let checked = sent.settings(&state.connector).and_then(|settings| {
        let secret = sent.secret(&state.connector)?.ok_or(ConnectionFault::SecretMissing)?;
        Ok((settings, secret))
    });
    let (settings, secret) = match checked {
        Ok(checked) => checked,
        Err(fault) => return refused(&state, asked, None, &sent, fault).await,
    };
    match admin.add_connection(settings, secret, state.clock.now()).await {
        Ok(_) => Ok(to_sources(Notice::SourceAdded)),
        Err(StoreError::Exists { .. }) => refused(&state, asked, None, &sent, ConnectionFault::NameTaken).await,
        Err(error) => Err(error.into()),
    }
}

/// `POST /settings/sources/{id}`
pub async fn change(
    State(state): State<AppState>,
    Extension(viewer): Extension<Viewer>,
    Path(id): Path<i64>,
    request: Request,
) -> Result<Response, WebError> {
    let admin = state.services.admin(&viewer)?;
    let asked = Asked::of(&request);
    let sent = read_form::<Sent>(request).await?;
    let Some(before) = admin.usable_connection(id).await? else { return Ok(to_sources(Notice::SourceMissing)) };
    let checked = sent.settings(&state.connector).and_then(|settings| {
        let secret = sent.secret(&state.connector)?;
        // What is stored can stay only where it is and as what it is.
        let stays = before.item.secret_place == SecretPlace::Stored && before.item.credential == sent.credential;
        if secret.is_none() && !stays { Err(ConnectionFault::SecretMissing) } else { Ok((settings, secret)) }
    });
    let (settings, secret) = match checked {
        Ok(checked) => checked,
        Err(fault) => return refused(&state, asked, Some(id), &sent, fault).await,
    };
    match admin.change_connection(id, settings, secret).await {
        Ok(()) => Ok(to_sources(Notice::SourceChanged)),
        Err(StoreError::Exists { .. }) => refused(&state, asked, Some(id), &sent, ConnectionFault::NameTaken).await,
        Err(StoreError::Missing { .. }) => Ok(to_sources(Notice::SourceMissing)),
        Err(error) => Err(error.into()),
    }
}

/// `POST /settings/sources/{id}/remove`
pub async fn remove(
    State(state): State<AppState>,
    Extension(viewer): Extension<Viewer>,
    Path(id): Path<i64>,
) -> Result<Response, WebError> {
    match state.services.admin(&viewer)?.remove_connection(id).await {
        Ok(()) => Ok(to_sources(Notice::SourceRemoved)),
        Err(StoreError::Missing { .. }) => Ok(to_sources(Notice::SourceMissing)),
        Err(error) => Err(error.into()),
    }
}

/// `POST /settings/sources/{id}/test`
pub async fn test(
    State(state): State<AppState>,
    Extension(viewer): Extension<Viewer>,
    Path(id): Path<i64>,
    request: Request,
) -> Result<Response, WebError> {
    let admin = state.services.admin(&viewer)?;
    let asked = Asked::of(&request);
    let Some(connection) = admin.usable_connection(id).await? else { return Ok(to_sources(Notice::SourceMissing)) };
    let probe = match state.connector.client(&connection, &state.clock) {
        Err(problem) => Probe::failed(problem),
        Ok(client) => tokio::time::timeout(TESTED_WITHIN, graph::test_connection(&client))
            .await
            .unwrap_or_else(|_| Probe::failed(PullProblem::TookTooLong)),
    };
    page_with_sources(&state, PATH, asked, Arc::new(SourcesAnswer::Tested { id, probe }), StatusCode::OK).await
}

async fn refused(
    state: &AppState,
    asked: Asked,
    id: Option<i64>,
    sent: &Sent,
    fault: ConnectionFault,
) -> Result<Response, WebError> {
    let answer = Arc::new(SourcesAnswer::Refused { id, form: sent.form(), fault });
    page_with_sources(state, PATH, asked, answer, StatusCode::UNPROCESSABLE_ENTITY).await
}

fn to_sources(notice: Notice) -> Response {
    Redirect::to(&format!("{PATH}?notice={}", notice.as_str())).into_response()
}
