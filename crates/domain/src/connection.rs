//! A connected tenant: what is pulled from it, how far that has come, and why something cannot be pulled.

use serde::Serialize;

use crate::instant::Instant;
use crate::named;
use crate::record::RecordKind;

mod problem;

pub use problem::{CredentialFault, PullProblem};

named! {
    /// What is pulled from Microsoft Graph, in the order in which it is shown.
    pub enum Resource {
        Users => "users",
        RegistrationDetails => "userRegistrationDetails",
        DirectoryAudits => "directoryAudits",
        SignIns => "signIns",
        NonInteractiveSignIns => "nonInteractiveSignIns",
        EventsSummary => "userEventsSummary",
    }
}

impl Resource {
    /// The application permissions that Microsoft demands for it, all of them.
    #[must_use]
    pub const fn permissions(self) -> &'static [&'static str] {
        match self {
            Self::Users => &["User.Read.All"],
            Self::RegistrationDetails | Self::DirectoryAudits | Self::EventsSummary => &["AuditLog.Read.All"],
            Self::SignIns | Self::NonInteractiveSignIns => &["AuditLog.Read.All", "Directory.Read.All"],
        }
    }

    /// What its records are.
    #[must_use]
    pub const fn kind(self) -> RecordKind {
        match self {
            Self::Users => RecordKind::User,
            Self::RegistrationDetails => RecordKind::UserRegistrationDetails,
            Self::DirectoryAudits => RecordKind::DirectoryAudit,
            Self::SignIns | Self::NonInteractiveSignIns => RecordKind::SignIn,
            Self::EventsSummary => RecordKind::UserEventsSummary,
        }
    }

    /// Whether records carry the time at which they happened, so that a pull goes on where the last one ended;
    /// everything else is read whole each time.
    #[must_use]
    pub const fn is_by_time(self) -> bool {
        matches!(self, Self::DirectoryAudits | Self::SignIns | Self::NonInteractiveSignIns)
    }
}

/// Either of them, beside those for sign-ins, shows which Conditional Access policies applied.
pub const POLICY_PERMISSIONS: &[&str] = &["Policy.Read.All", "Policy.Read.ConditionalAccess"];
/// Grants what `User.Read.All` grants, and more.
pub const DIRECTORY_PERMISSION: &str = "Directory.Read.All";

named! {
    /// How the application shows who it is.
    pub enum CredentialKind {
        Secret => "secret",
        Certificate => "certificate",
    }
}

named! {
    /// Where the secret, or the certificate with its key, is kept.
    pub enum SecretPlace {
        /// In the database, encrypted with a key that is not in it.
        Stored => "stored",
        File => "file",
        Environment => "environment",
    }
}

named! {
    /// Microsoft's clouds, each with an authority and a Graph of its own.
    pub enum Cloud {
        Global => "global",
        UsGovernment => "us-government",
        UsDefense => "us-defense",
        China => "china",
        /// Addresses of one's own, of hosts that the settings trust.
        Other => "other",
    }
}

impl Cloud {
    /// Authority and Graph root; [`Cloud::Other`] has none.
    #[must_use]
    pub const fn addresses(self) -> Option<(&'static str, &'static str)> {
        Some(match self {
            Self::Global => ("https://login.microsoftonline.com", "https://graph.microsoft.com"),
            Self::UsGovernment => ("https://login.microsoftonline.us", "https://graph.microsoft.us"),
            Self::UsDefense => ("https://login.microsoftonline.us", "https://dod-graph.microsoft.us"),
            Self::China => ("https://login.chinacloudapi.cn", "https://microsoftgraph.chinacloudapi.cn"),
            Self::Other => return None,
        })
    }

    /// The cloud with these addresses.
    #[must_use]
    pub fn of(authority: &str, graph_root: &str) -> Self {
        let found = Self::ALL.iter().find(|cloud| cloud.addresses() == Some((authority, graph_root)));
        found.copied().unwrap_or(Self::Other)
    }
}

/// A connected tenant, without its secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ConnectionItem {
    pub id: i64,
    pub name: String,
    /// Entra's tenant: an id or a domain.
    pub directory: String,
    pub client_id: String,
    pub authority: String,
    pub graph_root: String,
    pub credential: CredentialKind,
    pub secret_place: SecretPlace,
    /// The file or the variable; never for what is stored.
    pub secret_name: Option<String>,
    pub created_at: Instant,
    pub resources: Vec<ResourceItem>,
}

/// A connected tenant as `/data` shows it to everybody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ConnectedTenant {
    pub name: String,
    pub resources: Vec<ResourceItem>,
}

/// What a test of a connection found out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Probe {
    /// Why there is not even a token.
    pub problem: Option<PullProblem>,
    /// The application permissions in the token, where it shows them.
    pub permissions: Option<Vec<String>>,
    /// What can be read, and why not.
    pub resources: Vec<ProbedResource>,
    /// Sign-ins are there, but from v1.0 only: without what MFA is told by.
    pub without_details: bool,
    /// Whether sign-ins carry Conditional Access policies; unknown where the token shows no permissions.
    pub policies: Option<bool>,
}

impl Probe {
    /// There is not even a token.
    #[must_use]
    pub const fn failed(problem: PullProblem) -> Self {
        Self {
            problem: Some(problem),
            permissions: None,
            resources: Vec::new(),
            without_details: false,
            policies: None,
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ProbedResource {
    pub resource: Resource,
    /// `None`: it can be read.
    pub problem: Option<PullProblem>,
}

named! {
    /// What is wrong with a form that connects a tenant; each is about one field.
    pub enum ConnectionFault {
        NameMissing => "name_missing",
        NameTaken => "name_taken",
        Directory => "directory",
        ClientId => "client_id",
        Authority => "authority",
        GraphRoot => "graph_root",
        SecretMissing => "secret_missing",
        SecretName => "secret_name",
        Certificate => "certificate",
        /// The secret could not be encrypted: there is no key.
        Key => "key",
    }
}

/// How far the pull of one resource has come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ResourceItem {
    pub resource: Resource,
    /// Everything before this was read, as it was then.
    pub covered_to: Option<Instant>,
    pub last_tried: Option<Instant>,
    pub last_success: Option<Instant>,
    /// Why the last try failed; absent after a success.
    pub problem: Option<PullProblem>,
    /// Read from v1.0, as there is no beta: how MFA was required and completed is unknown.
    pub without_details: bool,
    /// Requests sent, and those that were told to wait, since the connection was made.
    pub requests: i64,
    pub throttled: i64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cloud_is_known_by_its_addresses() {
        for cloud in Cloud::ALL {
            let Some((authority, graph_root)) = cloud.addresses() else { continue };
            assert_eq!(Cloud::of(authority, graph_root), *cloud);
        }
        assert_eq!(Cloud::of("https://login.microsoftonline.com", "https://graph.microsoft.us"), Cloud::Other);
    }
}
