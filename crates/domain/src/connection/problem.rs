use std::fmt;

use serde::{Deserialize, Serialize};

use crate::instant::Instant;
use crate::named;

named! {
    /// What the authority has against a credential.
    pub enum CredentialFault {
        SecretWrong => "secret_wrong",
        SecretExpired => "secret_expired",
        CertificateRefused => "certificate_refused",
        ApplicationUnknown => "application_unknown",
        TenantUnknown => "tenant_unknown",
        Other => "other",
    }
}

/// Why a resource cannot be pulled. No text of the other side is in it: what it says may name people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "problem", rename_all = "snake_case")]
pub enum PullProblem {
    /// 403, and the token lacks these application permissions.
    PermissionMissing { permissions: Vec<String> },
    /// 403 although the token has every permission, with Graph's error code.
    Refused { code: String },
    /// The tenant has no Entra ID P1 or P2.
    LicenceMissing,
    /// The authority gives no token; `code` is the number after AADSTS.
    Credential { fault: CredentialFault, code: Option<i64> },
    /// The secret or certificate cannot be read: which file, variable or key.
    SecretUnreadable { what: String },
    /// Graph refuses a token that was just made.
    TokenRefused,
    /// Graph wants nothing of us until then.
    Throttled { until: Instant },
    /// Throttled again and again without a time being named.
    KeepsThrottling,
    /// Graph's own trouble: an answer of 5xx, as often as it was asked.
    Unavailable { status: u16 },
    /// Nobody answers at this host.
    Unreachable { host: String },
    /// A test had no answer within a minute; a pull would have gone on.
    TookTooLong,
    /// Answers break off or are not JSON, as often as was asked.
    Broken,
    /// The pages lead in a circle.
    Circle,
    /// A page leads to another server than Graph's.
    ForeignLink,
    /// A page is larger than any should be.
    TooLarge,
    /// There is no such resource in this cloud.
    NotOffered,
    /// Graph does not understand the request, with its error code.
    NotUnderstood { status: u16, code: String },
    /// The database does not take what was read.
    Store,
}

impl fmt::Display for PullProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::PermissionMissing { permissions } => write!(
                f,
                "the application lacks the permission {}; grant it with admin consent",
                permissions.join(" and the permission ")
            ),
            Self::Refused { code } => {
                write!(f, "Graph refuses although every permission is granted ({code})")
            }
            Self::LicenceMissing => f.write_str("the tenant has no licence for Microsoft Entra ID P1 or P2"),
            Self::Credential { fault, code } => {
                f.write_str(match fault {
                    CredentialFault::SecretWrong => "the client secret is wrong",
                    CredentialFault::SecretExpired => "the client secret has expired",
                    CredentialFault::CertificateRefused => "the certificate is not one of the application's",
                    CredentialFault::ApplicationUnknown => "the tenant does not know the application",
                    CredentialFault::TenantUnknown => "the authority does not know the tenant",
                    CredentialFault::Other => "the authority gives no token",
                })?;
                code.map_or(Ok(()), |code| write!(f, " (AADSTS{code})"))
            }
            Self::SecretUnreadable { what } => write!(f, "the secret cannot be read: {what}"),
            Self::TokenRefused => f.write_str("Graph refuses a token that was just made"),
            Self::Throttled { until } => write!(f, "Graph wants no requests before {until}"),
            Self::KeepsThrottling => f.write_str("Graph keeps throttling without saying for how long"),
            Self::Unavailable { status } => write!(f, "Graph answers {status}, as often as it is asked"),
            Self::Unreachable { host } => write!(f, "{host} cannot be reached"),
            Self::TookTooLong => f.write_str("there was no answer within a minute"),
            Self::Broken => f.write_str("answers break off or are not JSON, as often as Graph is asked"),
            Self::Circle => f.write_str("Graph's pages lead in a circle"),
            Self::ForeignLink => f.write_str("a page leads to another server than Graph's; it was not followed"),
            Self::TooLarge => f.write_str("a page is larger than 64 MiB"),
            Self::NotOffered => f.write_str("this cloud does not offer it"),
            Self::NotUnderstood { status, code } => {
                write!(f, "Graph does not understand the request: {status} {code}")
            }
            Self::Store => f.write_str("the database did not take what was read"),
        }
    }
}
