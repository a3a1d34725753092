use domain::instant::Instant;
use domain::record::Digest;
use domain::role::Role;
use domain::viewer::Viewer;

use crate::{NewPerson, StoreError};

/// What a token may do: read with a role, or only write records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TokenScope {
    Role(Role),
    Ingest,
}

/// A person as the sign-in page needs it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    pub id: i64,
    pub password_hash: String,
    pub is_disabled: bool,
}

/// A live session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    pub viewer: Viewer,
    pub expires_at: Instant,
}

/// Finds out who the viewer is. Secrets come as SHA-256 only.
#[derive(Clone)]
pub struct Identity {}

impl Identity {
    pub async fn has_people(&self) -> Result<bool, StoreError> {
        unimplemented!()
    }

    /// Replaces any earlier setup link.
    pub async fn create_setup_link(&self, hash: Digest, expires_at: Instant) -> Result<(), StoreError> {
        let _ = (hash, expires_at);
        unimplemented!()
    }

    /// Whether the link is there, unused and not expired.
    pub async fn setup_link_is_valid(&self, hash: Digest, now: Instant) -> Result<bool, StoreError> {
        let _ = (hash, now);
        unimplemented!()
    }

    /// Uses the link up and makes the first person; `None` if the link is not valid or somebody exists already.
    pub async fn redeem_setup_link(&self, hash: Digest, person: NewPerson) -> Result<Option<i64>, StoreError> {
        let _ = (hash, person);
        unimplemented!()
    }

    /// By user name, case-insensitive.
    pub async fn person(&self, user_name: &str) -> Result<Option<Person>, StoreError> {
        let _ = user_name;
        unimplemented!()
    }

    /// Begins a session of a person, valid until `expires_at` (absolute) and while used within `idle_ms`.
    pub async fn create_session(
        &self,
        hash: Digest,
        person_id: i64,
        now: Instant,
        idle_ms: i64,
        expires_at: Instant,
    ) -> Result<(), StoreError> {
        let _ = (hash, person_id, now, idle_ms, expires_at);
        unimplemented!()
    }

    /// Begins a demo session with a role; refused (`Missing`) unless the database is a demo's.
    pub async fn create_demo_session(
        &self,
        hash: Digest,
        role: Role,
        now: Instant,
        idle_ms: i64,
        expires_at: Instant,
    ) -> Result<(), StoreError> {
        let _ = (hash, role, now, idle_ms, expires_at);
        unimplemented!()
    }

    /// The session, if it is live; using it pushes its idle limit on. The role is the person's present one.
    pub async fn session(&self, hash: Digest, now: Instant) -> Result<Option<Session>, StoreError> {
        let _ = (hash, now);
        unimplemented!()
    }

    pub async fn end_session(&self, hash: Digest) -> Result<(), StoreError> {
        let _ = hash;
        unimplemented!()
    }

    /// The token's scope and a viewer for it, if it is neither expired nor revoked.
    pub async fn token(&self, hash: Digest, now: Instant) -> Result<Option<(TokenScope, Option<Viewer>)>, StoreError> {
        let _ = (hash, now);
        unimplemented!()
    }
}
