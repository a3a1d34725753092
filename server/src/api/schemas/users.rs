//! Users and events.

use domain::record;
use utoipa::ToSchema;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::Schema;

use super::mfa::Block;
use super::sign_ins::SignIn;
use super::{answer, method, names, names_or_null};

fn user_type() -> RefOr<Schema> {
    names_or_null(record::UserType::ALL)
}
fn per_user_mfa() -> RefOr<Schema> {
    names_or_null(record::PerUserMfa::ALL)
}
fn feature() -> RefOr<Schema> {
    names(record::Feature::ALL)
}
fn outcome() -> RefOr<Schema> {
    names(record::Outcome::ALL)
}
fn event_source() -> RefOr<Schema> {
    names(record::EventSource::ALL)
}

/// A user; with `columns`, those fields only.
#[derive(ToSchema)]
pub struct User {
    pub id: Option<String>,
    #[schema(nullable)]
    pub display_name: Option<String>,
    #[schema(nullable)]
    pub user_name: Option<String>,
    #[schema(schema_with = user_type)]
    pub user_type: Option<String>,
    #[schema(schema_with = answer)]
    pub enabled_account: Option<String>,
    #[schema(schema_with = answer)]
    pub admin: Option<String>,
    #[schema(schema_with = answer)]
    pub registered: Option<String>,
    #[schema(schema_with = answer)]
    pub enabled: Option<String>,
    #[schema(schema_with = answer)]
    pub capable: Option<String>,
    #[schema(schema_with = answer)]
    pub mfa_registered: Option<String>,
    #[schema(schema_with = answer)]
    pub mfa_capable: Option<String>,
    #[schema(schema_with = answer)]
    pub passwordless_capable: Option<String>,
    /// Method ids, raw names for methods without one; null: not known.
    pub methods: Option<Vec<String>>,
    pub default_method: Option<String>,
    pub department: Option<String>,
    pub country: Option<String>,
    #[schema(format = DateTime)]
    pub updated_at: Option<String>,
}

#[derive(ToSchema)]
pub struct UserPage {
    pub total: i64,
    /// False: the total is "more than".
    pub total_is_exact: bool,
    pub items: Vec<User>,
    /// `after` of the following page.
    #[schema(required = true)]
    pub next: Option<String>,
    /// `after` of the page before.
    #[schema(required = true)]
    pub previous: Option<String>,
}

/// An event; with `columns`, those fields only.
#[derive(ToSchema)]
pub struct Event {
    pub id: Option<String>,
    #[schema(format = DateTime)]
    pub at: Option<String>,
    pub user_id: Option<String>,
    pub display_name: Option<String>,
    pub user_name: Option<String>,
    #[schema(schema_with = feature)]
    pub feature: Option<String>,
    #[schema(schema_with = method)]
    pub method: Option<String>,
    /// The method's name as the record has it.
    pub raw_method: Option<String>,
    #[schema(schema_with = outcome)]
    pub status: Option<String>,
    pub reason: Option<String>,
    #[schema(schema_with = event_source)]
    pub source: Option<String>,
}

#[derive(ToSchema)]
pub struct EventPage {
    pub total: i64,
    /// False: the total is "more than".
    pub total_is_exact: bool,
    pub items: Vec<Event>,
    /// `after` of the following page.
    #[schema(required = true)]
    pub next: Option<String>,
    /// `after` of the page before.
    #[schema(required = true)]
    pub previous: Option<String>,
}

/// A span of time in which the state was one and the same.
#[derive(ToSchema)]
pub struct StateInterval {
    #[schema(format = DateTime)]
    pub from: String,
    /// Null: until further notice.
    #[schema(format = DateTime, required = true)]
    pub to: Option<String>,
    pub state: User,
}

#[derive(ToSchema)]
pub struct UserDetails {
    /// The state at `as_of`; null before the first observation.
    #[schema(required = true)]
    pub state: Option<User>,
    pub id: String,
    #[schema(required = true)]
    pub display_name: Option<String>,
    #[schema(required = true)]
    pub user_name: Option<String>,
    #[schema(schema_with = per_user_mfa, required = true)]
    pub per_user_mfa: Option<String>,
    #[schema(format = DateTime, required = true)]
    pub created_at: Option<String>,
    #[schema(format = DateTime, required = true)]
    pub deleted_at: Option<String>,
    #[schema(format = DateTime, required = true)]
    pub first_seen_at: Option<String>,
    #[schema(format = DateTime, required = true)]
    pub last_seen_at: Option<String>,
    /// Every change of state, newest first.
    pub history: Vec<StateInterval>,
    /// Newest first, at most 100.
    pub events: Vec<Event>,
    pub events_total: i64,
    /// Newest first, at most 20.
    pub sign_ins: Vec<SignIn>,
    pub sign_ins_total: i64,
    /// Blocks of the user's MFA, open ones first.
    pub blocks: Vec<Block>,
}
