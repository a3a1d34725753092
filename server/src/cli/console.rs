//! What every command begins with: the settings, the database, the console's rights.

use anyhow::Context as _;
use domain::access::{Access, AccessAction, AccessOutcome, Actor};
use domain::viewer::TenantId;
use store::{Admin, Operator, Reader, Services, StoreError};

use super::Place;
use crate::auth::secret;
use crate::clock::Clock;
use crate::config::{KEY, KEY_FILE, Settings};
use crate::sync::Connector;
use crate::vault::Vault;

/// A command's way to the data. Whoever can run the program on the database may do everything.
pub struct Console {
    pub clock: Clock,
    pub settings: Settings,
    pub services: Services,
    pub reader: Reader,
    pub operator: Operator,
    pub admin: Admin,
}

impl Console {
    /// Reads the settings and opens the database.
    pub async fn open(place: &Place) -> anyhow::Result<Self> {
        Self::open_with(place, Self::settings(place)?).await
    }

    /// What the file and the environment say.
    pub fn settings(place: &Place) -> anyhow::Result<Settings> {
        let env =
            std::env::vars_os().filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)));
        Ok(Settings::load(place.config.as_deref(), env)?)
    }

    /// Opens the database.
    pub async fn open_with(place: &Place, settings: Settings) -> anyhow::Result<Self> {
        let services = Services::open(&place.database_url, settings.store_options()).await?;
        let (reader, operator, admin) = services.console(TenantId::ONLY);
        Ok(Self { clock: Clock::System, settings, services, reader, operator, admin })
    }

    /// What stands in the access log of a command.
    pub fn entry(
        &self,
        action: AccessAction,
        command: &str,
        target: impl Into<String>,
        rows: Option<i64>,
    ) -> anyhow::Result<Access> {
        let mut salt = [0; 16];
        salt.copy_from_slice(&secret::random_bytes()?[..16]);
        Ok(Access {
            at: self.clock.now(),
            actor: Actor::console(),
            action,
            outcome: AccessOutcome::Allowed,
            status: None,
            route: format!("keyroll {command}"),
            target: ingest::scrub(&target.into()).into_owned(),
            salt,
            rows,
            request_id: String::new(),
            address: String::new(),
        })
    }

    /// Writes down what a command did, or is about to hand out. On a full disk a command goes on and says so: whoever can
    /// run it has the database itself.
    pub async fn log(
        &self,
        action: AccessAction,
        command: &str,
        target: impl Into<String>,
        rows: Option<i64>,
    ) -> anyhow::Result<()> {
        let entry = self.entry(action, command, target, rows)?;
        match self.services.access_log(TenantId::ONLY).append(vec![entry]).await {
            Err(error @ StoreError::DiskFull) => {
                eprintln!("keyroll {command} is not in the access log: {error}");
                Ok(())
            }
            written => written.with_context(|| format!("keyroll {command} could not be written into the access log")),
        }
    }

    /// Stored secrets, with the key that the environment names.
    #[must_use]
    pub fn vault(place: &Place) -> Vault {
        let key_file = std::env::var_os(KEY_FILE).map(Into::into);
        Vault::of(std::env::var(KEY).ok(), key_file, place.config.as_deref())
    }

    /// The way to connected tenants.
    #[must_use]
    pub fn connector(&self, place: &Place) -> Connector {
        Connector::new(self.settings.sync.settings(), Self::vault(place))
    }
}
