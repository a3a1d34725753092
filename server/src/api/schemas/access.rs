//! Entries of the access log.

use domain::access::{AccessAction, AccessOutcome, ActorKind};
use domain::role::Role;
use utoipa::ToSchema;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::Schema;

use super::{names, names_or_null};

fn kind() -> RefOr<Schema> {
    names(ActorKind::ALL)
}
fn role() -> RefOr<Schema> {
    names_or_null(Role::ALL)
}
fn action() -> RefOr<Schema> {
    names(AccessAction::ALL)
}
fn outcome() -> RefOr<Schema> {
    names(AccessOutcome::ALL)
}

/// An entry of the access log; with `columns`, those fields only.
#[derive(ToSchema)]
pub struct Access {
    /// From 1, without gaps.
    #[schema(nullable = false)]
    pub id: Option<i64>,
    #[schema(format = DateTime, nullable = false)]
    pub at: Option<String>,
    #[schema(schema_with = kind)]
    pub actor_kind: Option<String>,
    /// Of a person or a token.
    pub actor_id: Option<i64>,
    /// Empty where nobody is known by name.
    #[schema(nullable = false)]
    pub actor: Option<String>,
    #[schema(schema_with = role)]
    pub role: Option<String>,
    #[schema(schema_with = action)]
    pub action: Option<String>,
    #[schema(schema_with = outcome)]
    pub outcome: Option<String>,
    /// Of the answer, where there was one by HTTP.
    pub status: Option<i64>,
    /// The route, or a command.
    #[schema(nullable = false)]
    pub route: Option<String>,
    /// Path and query; null: a person in it was erased.
    pub target: Option<String>,
    /// How many were handed out, where that is known.
    pub rows: Option<i64>,
    /// The client's, where it is known.
    pub address: Option<String>,
    pub request_id: Option<String>,
    /// Of this entry and all before it.
    #[schema(nullable = false)]
    pub hash: Option<String>,
}

#[derive(ToSchema)]
pub struct AccessPage {
    pub total: i64,
    /// False: the total is "more than".
    pub total_is_exact: bool,
    pub items: Vec<Access>,
    /// `after` of the following page.
    #[schema(required = true)]
    pub next: Option<String>,
    /// `after` of the page before.
    #[schema(required = true)]
    pub previous: Option<String>,
}
