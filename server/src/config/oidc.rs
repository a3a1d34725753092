//! `[oidc]`: the organisation's identity provider.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Context as _;
use domain::connection::CredentialKind;
use domain::role::Role;
use graph::{HttpDoor, is_loopback, safe_address};
use secrecy::SecretString;
use serde::Deserialize;
use url::Url;

use crate::auth::oidc::{Oidc, RelyingParty, RoleRules, SCOPES};
use crate::sync::credential;

/// The client's secret in the environment; never part of the settings, which are printed.
pub const CLIENT_SECRET: &str = "KEYROLL_OIDC_CLIENT_SECRET";
/// Issuers that stand for many tenants: whoever has an account anywhere could sign in.
const OF_MANY: &[&str] = &["common", "organizations", "consumers"];

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OidcSettings {
    /// To the letter as the provider names itself, such as `https://login.microsoftonline.com/TENANT-ID/v2.0`.
    pub issuer: String,
    /// Of the application that Keyroll is at the provider.
    pub client_id: String,
    /// A file with its secret.
    #[serde(default)]
    pub client_secret_file: Option<PathBuf>,
    /// A file with its certificate and key (PEM), instead of a secret.
    #[serde(default)]
    pub client_certificate_file: Option<PathBuf>,
    /// What is asked for, with spaces between; absent: `openid profile email offline_access`. Some providers know no
    /// `offline_access`.
    #[serde(default)]
    pub scopes: Option<String>,
    /// On the button of the sign-in page; absent: the provider's host.
    #[serde(default)]
    pub name: Option<String>,
    /// A claim with roles besides `wids` and `roles`, such as `groups`.
    #[serde(default)]
    pub roles_claim: Option<String>,
    /// Values of `roles` and of that claim that mean a role.
    #[serde(default)]
    pub roles: BTreeMap<Role, Vec<String>>,
}

impl OidcSettings {
    /// The way to the provider. `secret` is what the environment says.
    ///
    /// # Errors
    /// What of the settings cannot be used.
    pub fn open(&self, secret: Option<String>) -> anyhow::Result<Oidc> {
        self.check()?;
        let party = RelyingParty {
            issuer: self.issuer.clone(),
            client_id: self.client_id.clone(),
            credential: self.credential(secret)?,
            scopes: self.scopes.clone().unwrap_or_else(|| SCOPES.to_owned()),
            rules: RoleRules { claim: self.roles_claim.clone(), values: self.roles.clone() },
        };
        let host = Url::parse(&self.issuer).ok().and_then(|issuer| issuer.host_str().map(str::to_owned));
        Ok(Oidc::new(party, Arc::new(HttpDoor::new(host.into_iter().collect())?)))
    }

    /// What the button of the sign-in page names.
    #[must_use]
    pub fn button(&self) -> String {
        let host = || Url::parse(&self.issuer).ok()?.host_str().map(str::to_owned);
        self.name.clone().or_else(host).unwrap_or_else(|| self.issuer.clone())
    }

    fn check(&self) -> anyhow::Result<()> {
        let issuer =
            Url::parse(&self.issuer).with_context(|| format!("oidc.issuer `{}` is no address", self.issuer))?;
        let is_safe = issuer.scheme() == "https" || (issuer.scheme() == "http" && is_loopback(&issuer));
        anyhow::ensure!(is_safe, "oidc.issuer `{}` is not https: anybody in between could let people in", self.issuer);
        let is_plain = issuer.query().is_none()
            && issuer.fragment().is_none()
            && issuer.username().is_empty()
            && issuer.password().is_none();
        anyhow::ensure!(is_plain, "oidc.issuer `{}` has more than host and path", self.issuer);
        anyhow::ensure!(
            safe_address(&self.issuer).is_some(),
            "oidc.issuer `{}` is not written as it is read, or leads to what a machine keeps for itself",
            self.issuer
        );
        let is_of_many = issuer.path_segments().is_some_and(|mut path| path.any(|part| OF_MANY.contains(&part)));
        anyhow::ensure!(
            !is_of_many,
            "oidc.issuer `{}` stands for many tenants: name yours by its id, as in \
             https://login.microsoftonline.com/TENANT-ID/v2.0",
            self.issuer
        );
        anyhow::ensure!(!self.client_id.is_empty(), "oidc.client_id is empty");
        let has_openid = self.scopes.as_ref().is_none_or(|scopes| scopes.split(' ').any(|scope| scope == "openid"));
        anyhow::ensure!(has_openid, "oidc.scopes lacks `openid`, without which nobody is told who signs in");
        anyhow::ensure!(
            self.roles.is_empty() || self.roles.values().flatten().all(|value| !value.is_empty()),
            "oidc.roles has an empty value"
        );
        Ok(())
    }

    fn credential(&self, secret: Option<String>) -> anyhow::Result<Option<graph::Credential>> {
        let given = [self.client_secret_file.is_some(), self.client_certificate_file.is_some(), secret.is_some()];
        anyhow::ensure!(
            given.iter().filter(|given| **given).count() <= 1,
            "give one of oidc.client_secret_file, oidc.client_certificate_file and {CLIENT_SECRET}"
        );
        let read = |path: &PathBuf| -> anyhow::Result<SecretString> {
            let text = std::fs::read_to_string(path).with_context(|| format!("{} cannot be read", path.display()))?;
            Ok(text.into())
        };
        let (kind, text) = if let Some(path) = &self.client_certificate_file {
            (CredentialKind::Certificate, read(path)?)
        } else if let Some(path) = &self.client_secret_file {
            (CredentialKind::Secret, read(path)?)
        } else if let Some(secret) = secret {
            (CredentialKind::Secret, secret.into())
        } else {
            return Ok(None);
        };
        credential(kind, text).map(Some).map_err(|error| anyhow::anyhow!("the credential of [oidc]: {error}"))
    }
}
