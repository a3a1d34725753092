use async_recursion::async_recursion as boxed;
use domain::instant::Instant;
use domain::record::Digest;
use domain::role::Role;

use crate::db::args;
use crate::{Identity, StoreError};

/// Somebody whom the identity provider vouches for. Found again by issuer and subject, never by a name.
#[derive(Debug, Clone)]
pub struct FederatedPerson {
    pub issuer: String,
    pub subject: String,
    /// For people to read: it may be another tomorrow, and somebody else's.
    pub user_name: String,
    pub display_name: String,
    pub role: Role,
    pub now: Instant,
}

/// What a session of such a person keeps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Federation {
    /// The provider's name for its own session.
    pub provider_session: Option<String>,
    /// When it last said which role the person has.
    pub role_checked_at: Instant,
    /// What it is asked again with, encrypted.
    pub refresh_sealed: Option<String>,
}

/// Whose session it is at the provider, and when that was last true.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Federated {
    pub issuer: String,
    pub subject: String,
    pub federation: Federation,
}

const NOTE: &str = "UPDATE sessions SET provider_session = $3, role_checked_at = $4, refresh_sealed = $5 \
                    WHERE session_hash = $1 AND tenant_id = $2";

impl Identity {
    /// Uses an attempt to sign in up. `false`: it was used before. Remembered until `forget_at`.
    #[boxed]
    pub async fn use_attempt(&self, hash: Digest, now: Instant, forget_at: Instant) -> Result<bool, StoreError> {
        let mut conn = self.db.begin().await?;
        conn.run("DELETE FROM used_attempts WHERE expires_at <= $1", args![now.millis()]).await?;
        let used = conn
            .run(
                "INSERT INTO used_attempts (attempt_hash, tenant_id, expires_at) VALUES ($1, $2, $3) \
                 ON CONFLICT (attempt_hash) DO NOTHING",
                args![hex::encode(hash), self.tenant.0, forget_at.millis()],
            )
            .await?;
        conn.commit().await?;
        Ok(used == 1)
    }

    /// The person's number, with names and role as the provider has them now; `None` for somebody who is disabled here.
    /// Where the role is another one, all sessions of the person end.
    #[boxed]
    pub async fn admit(&self, person: FederatedPerson) -> Result<Option<i64>, StoreError> {
        let mut conn = self.db.begin().await?;
        let known: Option<(i64, i64, i64)> = conn
            .row(
                "SELECT person_id, role, is_disabled FROM people \
                 WHERE tenant_id = $1 AND issuer = $2 AND subject = $3",
                args![self.tenant.0, person.issuer.clone(), person.subject.clone()],
            )
            .await?;
        let Some((id, role, is_disabled)) = known else {
            let id = crate::people::insert_federated(&mut conn, self.tenant, person).await?;
            conn.commit().await?;
            return Ok(Some(id));
        };
        if is_disabled == 1 {
            return Ok(None);
        }
        conn.run(
            "UPDATE people SET user_name = $3, display_name = $4, role = $5 WHERE tenant_id = $1 AND person_id = $2",
            args![self.tenant.0, id, person.user_name, person.display_name, person.role.code()],
        )
        .await?;
        if role != person.role.code() {
            conn.run("DELETE FROM sessions WHERE tenant_id = $1 AND person_id = $2", args![self.tenant.0, id]).await?;
        }
        conn.commit().await?;
        Ok(Some(id))
    }

    /// Begins a session of somebody whom the provider has just vouched for, and who has proven who they are there at
    /// `proven_at`; `None`: it does not say when.
    #[boxed]
    pub async fn create_federated_session(
        &self,
        hash: Digest,
        person_id: i64,
        federation: Federation,
        proven_at: Option<Instant>,
        idle_ms: i64,
        expires_at: Instant,
    ) -> Result<(), StoreError> {
        let mut conn = self.db.begin().await?;
        let now = federation.role_checked_at;
        self.insert_persons_session(&mut conn, hash, person_id, now, idle_ms, expires_at).await?;
        const PROVEN: &str = "UPDATE sessions SET proven_at = $3 WHERE session_hash = $1 AND tenant_id = $2";
        conn.run(PROVEN, args![hex::encode(hash), self.tenant.0, proven_at.map(Instant::millis)]).await?;
        conn.run(NOTE, self.noted(hash, federation)).await?;
        conn.commit().await
    }

    /// Notes on a session what the provider has said just now.
    #[boxed]
    pub async fn note_role_check(&self, hash: Digest, federation: Federation) -> Result<(), StoreError> {
        self.db.run(NOTE, self.noted(hash, federation)).await?;
        Ok(())
    }

    fn noted(&self, hash: Digest, federation: Federation) -> Vec<sea_query::Value> {
        args![
            hex::encode(hash),
            self.tenant.0,
            federation.provider_session,
            federation.role_checked_at.millis(),
            federation.refresh_sealed
        ]
    }

    /// Ends what the provider says has ended: one of its sessions, or all of a person where it names none.
    #[boxed]
    pub async fn end_federated_sessions(
        &self,
        issuer: &str,
        subject: Option<&str>,
        provider_session: Option<&str>,
    ) -> Result<u64, StoreError> {
        if subject.is_none() && provider_session.is_none() {
            return Ok(0);
        }
        self.db
            .run(
                "DELETE FROM sessions WHERE tenant_id = $1 AND ($4 IS NULL OR provider_session = $4) \
                 AND person_id IN (SELECT person_id FROM people WHERE tenant_id = $1 AND issuer = $2 \
                 AND ($3 IS NULL OR subject = $3))",
                args![
                    self.tenant.0,
                    issuer.to_owned(),
                    subject.map(str::to_owned),
                    provider_session.map(str::to_owned)
                ],
            )
            .await
    }
}
