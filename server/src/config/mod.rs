//! Settings: a TOML file, then `KEYROLL_…` in the environment, then flags; the later wins.
//!
//! An unknown key is refused, so that a misspelt setting is never a setting without effect.

mod access_log;
mod database;
mod events;
mod exports;
mod http;
mod intake;
mod log;
mod metrics;
pub mod oidc;
mod passwords;
pub mod public_url;
mod reads;
mod sessions;
mod site;
mod sspr;
mod sync;
mod trusted_proxies;

use std::path::{Path, PathBuf};

use domain::freshness::StaleAfter;

pub use self::http::Http;
pub use access_log::AccessLogSettings;
pub use database::Database;
pub use events::EventsSourceSetting;
pub use exports::Exports;
pub use intake::Intake;
pub use log::{Log, LogFormat};
pub use metrics::Metrics;
pub use oidc::OidcSettings;
pub use passwords::PasswordSettings;
pub use reads::Reads;
pub use sessions::Sessions;
pub use site::Site;
pub use sspr::{Scope, SsprPolicySettings};
pub use sync::Sync;
pub use trusted_proxies::{NotANetwork, TrustedProxies};

/// Names in the environment that begin like settings and are none.
const RESERVED: &[&str] = &["KEYROLL_CONFIG", "KEYROLL_LOG", KEY, KEY_FILE, NEW_KEY, NEW_KEY_FILE, oidc::CLIENT_SECRET];
/// The key of stored secrets, and the file that has it: never part of the settings, which are printed.
pub const KEY: &str = "KEYROLL_KEY";
pub const KEY_FILE: &str = "KEYROLL_KEY_FILE";
/// The one that `keyroll key change` puts in its place, and its file.
pub const NEW_KEY: &str = "KEYROLL_NEW_KEY";
pub const NEW_KEY_FILE: &str = "KEYROLL_NEW_KEY_FILE";
const ENV_PREFIX: &str = "KEYROLL_";
/// Tables of the file: `KEYROLL_HTTP_PUBLIC_URL` is `public_url` in `[http]`.
const SECTIONS: &[&str] = &[
    "access_log",
    "database",
    "exports",
    "http",
    "intake",
    "log",
    "metrics",
    "oidc",
    "passwords",
    "reads",
    "sessions",
    "site",
    "sspr_policy",
    "stale_after",
    "sync",
];
/// Keys whose text in the environment is a list with commas.
const LISTS: &[&str] = &["http.trusted_proxies", "sspr_policy.methods", "sync.trusted_hosts"];

/// Every setting, with its default where it has one.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    pub exports: Exports,
    pub access_log: AccessLogSettings,
    pub database: Database,
    pub http: Http,
    pub intake: Intake,
    pub log: Log,
    pub metrics: Metrics,
    /// Absent: accounts of this installation alone.
    pub oidc: Option<OidcSettings>,
    pub passwords: PasswordSettings,
    pub reads: Reads,
    pub site: Site,
    pub sessions: Sessions,
    /// Hours after which a source counts as old.
    pub stale_after: StaleAfter,
    /// Absent: what a report does not say of a user stays unknown.
    pub sspr_policy: Option<SsprPolicySettings>,
    pub events_source: EventsSourceSetting,
    pub sync: Sync,
}

/// The settings cannot be used; the text names the key and where it stands.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    #[error("the settings file {} cannot be read: {error}", path.display())]
    File { path: PathBuf, error: std::io::Error },
    #[error("the settings are not right: {0}")]
    Content(String),
}

impl Settings {
    /// Reads the file, if there is one, and the environment given as names and values.
    ///
    /// # Errors
    /// The file cannot be read, a key is not known, or a value does not fit its key.
    pub fn load(file: Option<&Path>, env: impl IntoIterator<Item = (String, String)>) -> Result<Self, SettingsError> {
        let content = |error: ::config::ConfigError| SettingsError::Content(error.to_string());
        let mut builder = ::config::Config::builder();
        if let Some(path) = file {
            let text =
                std::fs::read_to_string(path).map_err(|error| SettingsError::File { path: path.to_owned(), error })?;
            // Checked alone first, so that a message about the file can name it.
            let source = ::config::File::from_str(&text, ::config::FileFormat::Toml);
            let alone = ::config::Config::builder().add_source(source.clone()).build();
            alone
                .and_then(::config::Config::try_deserialize::<Self>)
                .map_err(|error| SettingsError::Content(format!("{}: {error}", path.display())))?;
            builder = builder.add_source(source);
        }
        for (name, value) in env {
            let Some(key) = key_of(&name) else { continue };
            let parsed: ::config::Value = if LISTS.contains(&key.as_str()) {
                value
                    .split(',')
                    .map(|item| item.trim().to_owned())
                    .filter(|item| !item.is_empty())
                    .collect::<Vec<_>>()
                    .into()
            } else {
                value.into()
            };
            builder = builder.set_override(&key, parsed).map_err(content)?;
        }
        builder.build().and_then(::config::Config::try_deserialize).map_err(content)
    }

    /// What the store needs to know.
    #[must_use]
    pub fn store_options(&self) -> store::Options {
        store::Options {
            sspr_policy: self.sspr_policy.as_ref().map(SsprPolicySettings::policy),
            events_source: self.events_source.source(),
            language: self.site.language,
            postgres_tls: self.database.postgres_tls(),
        }
    }
}

/// `http.public_url` for `KEYROLL_HTTP_PUBLIC_URL`; `None` for names that are no settings.
fn key_of(name: &str) -> Option<String> {
    if RESERVED.contains(&name) {
        return None;
    }
    let key = name.strip_prefix(ENV_PREFIX)?.to_lowercase();
    let in_section = SECTIONS.iter().find_map(|section| {
        let rest = key.strip_prefix(section)?.strip_prefix('_')?;
        Some(format!("{section}.{}", rest.trim_start_matches('_')))
    });
    Some(in_section.unwrap_or(key))
}

#[cfg(test)]
mod tests;
