//! What it takes to reach a tenant.

use std::sync::{Arc, OnceLock};

use domain::connection::{CredentialKind, PullProblem};
use graph::{AddressError, Certificate, Client, Credential, Door, HttpDoor, Limiters, Plan, Tenant};
use secrecy::{ExposeSecret as _, SecretString};
use store::{ConnectionSecret, UsableConnection};

use super::now_of;
use crate::clock::Clock;
use crate::vault::{Purpose, Vault};

/// How tenants are pulled from.
#[derive(Debug, Clone, Default)]
pub struct SyncSettings {
    pub plan: Plan,
    /// Hosts besides Microsoft's that a token may be sent to.
    pub trusted_hosts: Vec<String>,
}

impl SyncSettings {
    /// Hosts that are trusted, without their ports.
    fn named_hosts(&self) -> Vec<String> {
        let without_port = |host: &String| host.rsplit_once(':').map_or(host.as_str(), |(host, _)| host).to_owned();
        self.trusted_hosts.iter().map(without_port).collect()
    }
}

/// Cheap to clone; all clones share the allowances.
#[derive(Clone, Default)]
pub struct Connector {
    pub settings: SyncSettings,
    pub vault: Vault,
    limiters: Limiters,
    door: Arc<OnceLock<Arc<dyn Door>>>,
}

impl Connector {
    #[must_use]
    pub fn new(settings: SyncSettings, vault: Vault) -> Self {
        Self { settings, vault, ..Self::default() }
    }

    /// Goes through this door rather than to the network.
    #[must_use]
    pub fn through(self, door: Arc<dyn Door>) -> Self {
        Self { door: Arc::new(OnceLock::from(door)), ..self }
    }

    /// A client for a connection, if its secret can be read.
    ///
    /// # Errors
    /// What is wrong with the secret or the addresses.
    pub fn client(&self, connection: &UsableConnection, clock: &Clock) -> Result<Client, PullProblem> {
        let unreadable = |what: String| PullProblem::SecretUnreadable { what };
        let item = &connection.item;
        let tenant = self.tenant(&item.directory, &item.client_id, &item.authority, &item.graph_root);
        let tenant = tenant.map_err(|error| unreadable(error.to_string()))?;
        let secret = self.secret(&connection.secret).map_err(unreadable)?;
        let credential = credential(item.credential, secret).map_err(unreadable)?;
        let door = self.door().map_err(|error| {
            tracing::error!("no way to the network: {error}");
            PullProblem::Unreachable { host: item.graph_root.clone() }
        })?;
        Ok(Client::new(tenant, credential, door, &self.limiters, now_of(clock)))
    }

    /// # Errors
    /// A name or an address is not as it should be.
    pub fn tenant(
        &self,
        directory: &str,
        client_id: &str,
        authority: &str,
        graph_root: &str,
    ) -> Result<Tenant, AddressError> {
        Tenant::new(directory, client_id, authority, graph_root, &self.settings.trusted_hosts)
    }

    fn secret(&self, secret: &ConnectionSecret) -> Result<SecretString, String> {
        match secret {
            ConnectionSecret::Sealed(sealed) => {
                self.vault.open(Purpose::Connection, sealed).map_err(|error| error.to_string())
            }
            ConnectionSecret::File(path) => {
                let text = std::fs::read_to_string(path).map_err(|error| format!("{path}: {error}"))?;
                Ok(text.into())
            }
            ConnectionSecret::Environment(name) => {
                std::env::var(name).map(Into::into).map_err(|_| format!("{name} is not in the environment"))
            }
        }
    }

    fn door(&self) -> Result<Arc<dyn Door>, reqwest::Error> {
        if let Some(door) = self.door.get() {
            return Ok(Arc::clone(door));
        }
        let door: Arc<dyn Door> = Arc::new(HttpDoor::new(self.settings.named_hosts())?);
        Ok(Arc::clone(self.door.get_or_init(|| door)))
    }
}

/// The text of a secret, or of a certificate with its key, as a credential.
///
/// # Errors
/// It is empty, or no certificate.
pub fn credential(kind: CredentialKind, text: SecretString) -> Result<Credential, String> {
    match kind {
        CredentialKind::Secret => {
            let secret = text.expose_secret().trim();
            if secret.is_empty() { Err("it is empty".to_owned()) } else { Ok(Credential::Secret(secret.into())) }
        }
        CredentialKind::Certificate => Certificate::from_pem(text.expose_secret().as_bytes())
            .map(Credential::Certificate)
            .map_err(|error| error.to_string()),
    }
}
