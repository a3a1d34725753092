use domain::instant::Instant;
use domain::role::Role;

use crate::{NewToken, StoreError, TokenItem};

#[derive(Debug, Clone)]
pub struct NewPerson {
    pub user_name: String,
    pub display_name: String,
    pub role: Role,
    /// PHC string of argon2id.
    pub password_hash: String,
    pub now: Instant,
}

/// A person who may sign in.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct PersonItem {
    pub id: i64,
    pub user_name: String,
    pub display_name: String,
    pub role: Role,
    pub is_disabled: bool,
    pub created_at: Instant,
    pub last_sign_in_at: Option<Instant>,
}

/// Looks at people and tokens of one tenant.
#[derive(Clone)]
pub struct SettingsReader {}

impl SettingsReader {
    pub async fn people(&self) -> Result<Vec<PersonItem>, StoreError> {
        unimplemented!()
    }

    pub async fn tokens(&self) -> Result<Vec<TokenItem>, StoreError> {
        unimplemented!()
    }
}

/// Changes people and tokens of one tenant.
#[derive(Clone)]
pub struct Admin {}

impl Admin {
    /// `Exists` if the user name (case-insensitive) is taken.
    pub async fn add_person(&self, person: NewPerson) -> Result<i64, StoreError> {
        let _ = person;
        unimplemented!()
    }

    /// `Missing` if nobody has the user name. Sessions of the person end: the role is read at sign-in.
    pub async fn set_role(&self, user_name: &str, role: Role) -> Result<(), StoreError> {
        let _ = (user_name, role);
        unimplemented!()
    }

    /// Disabling ends the person's sessions.
    pub async fn set_disabled(&self, user_name: &str, is_disabled: bool) -> Result<(), StoreError> {
        let _ = (user_name, is_disabled);
        unimplemented!()
    }

    pub async fn people(&self) -> Result<Vec<PersonItem>, StoreError> {
        unimplemented!()
    }

    /// `Exists` if a token that is not revoked has the name.
    pub async fn create_token(&self, token: NewToken) -> Result<i64, StoreError> {
        let _ = token;
        unimplemented!()
    }

    pub async fn tokens(&self) -> Result<Vec<TokenItem>, StoreError> {
        unimplemented!()
    }

    /// By name; `Missing` if there is no such token.
    pub async fn revoke_token(&self, name: &str, now: Instant) -> Result<(), StoreError> {
        let _ = (name, now);
        unimplemented!()
    }
}
