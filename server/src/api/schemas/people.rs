use domain::role::Role;
use utoipa::ToSchema;
use utoipa::openapi::{RefOr, Schema};

use super::names;

fn role() -> RefOr<Schema> {
    names(Role::ALL)
}

/// Somebody who may come in.
#[derive(ToSchema)]
pub struct Account {
    #[schema(minimum = 1)]
    pub id: i64,
    pub user_name: String,
    pub display_name: String,
    #[schema(schema_with = role)]
    pub role: String,
    pub is_disabled: bool,
    #[schema(format = DateTime)]
    pub created_at: String,
    /// Null: never yet.
    #[schema(format = DateTime, required = true)]
    pub last_sign_in_at: Option<String>,
    /// The identity provider that vouches for them; null: an account of this installation.
    #[schema(required = true)]
    pub issuer: Option<String>,
    /// What an account of this installation is proven with beside its password; null: somebody whom the identity provider
    /// vouches for.
    #[schema(inline, required = true)]
    pub factors: Option<Vec<Factor>>,
    /// That have not ended.
    #[schema(minimum = 0)]
    pub sessions: i64,
}

/// An authenticator app is `totp`.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
pub enum Factor {
    Passkey,
    Totp,
}

#[derive(ToSchema)]
pub struct People {
    pub items: Vec<Account>,
}
