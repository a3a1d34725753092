use domain::role::Role;
use utoipa::ToSchema;
use utoipa::openapi::{RefOr, Schema};

use super::names_or_null;

fn role() -> RefOr<Schema> {
    names_or_null(Role::ALL)
}

/// A bearer token, without its secret.
#[derive(ToSchema)]
pub struct Token {
    #[schema(minimum = 1)]
    pub id: i64,
    pub name: String,
    /// Its first characters, to recognise it by.
    pub hint: String,
    /// What it reads as; null: it may only send records.
    #[schema(schema_with = role, required = true)]
    pub role: Option<String>,
    #[schema(format = DateTime)]
    pub created_at: String,
    #[schema(format = DateTime)]
    pub expires_at: String,
    /// Null: it was not.
    #[schema(format = DateTime, required = true)]
    pub revoked_at: Option<String>,
    /// To the minute; null: never yet.
    #[schema(format = DateTime, required = true)]
    pub last_used_at: Option<String>,
}

#[derive(ToSchema)]
pub struct Tokens {
    pub items: Vec<Token>,
}
