//! Connected tenants.

use domain::connection::{CredentialKind, Resource, SecretPlace};
use utoipa::ToSchema;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::Schema;

use super::names;

fn credential_kind() -> RefOr<Schema> {
    names(CredentialKind::ALL)
}
fn secret_place() -> RefOr<Schema> {
    names(SecretPlace::ALL)
}
fn resource() -> RefOr<Schema> {
    names(Resource::ALL)
}

#[derive(ToSchema)]
pub struct Connections {
    pub items: Vec<ConnectionItem>,
}

/// A connected tenant, without its secret.
#[derive(ToSchema)]
pub struct ConnectionItem {
    pub id: i64,
    pub name: String,
    /// Entra's tenant: an id or a domain.
    pub directory: String,
    pub client_id: String,
    pub authority: String,
    pub graph_root: String,
    #[schema(schema_with = credential_kind)]
    pub credential: String,
    #[schema(schema_with = secret_place)]
    pub secret_place: String,
    /// The file or the variable; never for what is stored.
    #[schema(required = true)]
    pub secret_name: Option<String>,
    #[schema(format = DateTime)]
    pub created_at: String,
    pub resources: Vec<ResourceItem>,
}

/// How far the pull of one resource has come.
#[derive(ToSchema)]
pub struct ResourceItem {
    #[schema(schema_with = resource)]
    pub resource: String,
    /// Everything before this was read, as it was then.
    #[schema(format = DateTime, required = true)]
    pub covered_to: Option<String>,
    #[schema(format = DateTime, required = true)]
    pub last_tried: Option<String>,
    #[schema(format = DateTime, required = true)]
    pub last_success: Option<String>,
    /// Why the last try failed: `problem` is its name, beside what tells it from others.
    #[schema(required = true)]
    pub problem: Option<PullProblem>,
    /// Read from v1.0: how MFA was required and completed is unknown.
    pub without_details: bool,
    pub requests: i64,
    pub throttled: i64,
}

/// Which of the others are there follows from `problem`.
#[derive(ToSchema)]
pub struct PullProblem {
    /// Such as `permission_missing`, `licence_missing`, `credential` or `throttled`.
    pub problem: String,
    /// Application permissions that the token lacks.
    pub permissions: Option<Vec<String>>,
    /// What the authority has against the credential.
    pub fault: Option<String>,
    /// Graph's error code, or the number after AADSTS.
    pub code: Option<serde_json::Value>,
    pub status: Option<i32>,
    pub host: Option<String>,
    /// Which file, variable or key cannot be read.
    pub what: Option<String>,
    #[schema(format = DateTime)]
    pub until: Option<String>,
}
