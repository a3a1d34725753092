use async_recursion::async_recursion as boxed;
use domain::instant::{Instant, MINUTE_MS};
use domain::preferences::Preferences;
use domain::record::Digest;
use domain::role::Role;
use domain::viewer::{Sender, TenantId, Viewer};

use crate::db::{Conn, Db, args};
use crate::error::{member, unless_full};
use crate::importing::name_key;
use crate::people::insert_person;
use crate::preferences::PreferencesRow;
use crate::tokens::scope_of;
use crate::{Federated, Federation, NewPerson, StoreError};

/// What a token may do: read with a role, or only write records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TokenScope {
    Role(Role),
    Ingest,
}

/// Whom a bearer token stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Bearer {
    Viewer { viewer: Viewer, token_id: i64 },
    Sender(Sender),
}

/// A person as the sign-in page needs it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    pub id: i64,
    pub user_name: String,
    pub display_name: String,
    pub role: Role,
    pub password_hash: String,
    pub is_disabled: bool,
}

/// A live session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    pub viewer: Viewer,
    pub preferences: Preferences,
    pub expires_at: Instant,
    /// `None` for an account of this installation.
    pub federated: Option<Federated>,
}

/// Finds out who the viewer is. Secrets come as SHA-256 only.
#[derive(Clone)]
pub struct Identity {
    pub(crate) db: Db,
    pub(crate) tenant: TenantId,
}

#[derive(sqlx::FromRow)]
struct SessionRow {
    last_used_at: i64,
    idle_ms: i64,
    expires_at: i64,
    demo_role: Option<i64>,
    person_id: Option<i64>,
    display_name: Option<String>,
    role: Option<i64>,
    is_disabled: Option<i64>,
    issuer: Option<String>,
    subject: Option<String>,
    provider_session: Option<String>,
    role_checked_at: Option<i64>,
    refresh_sealed: Option<String>,
    #[sqlx(flatten)]
    preferences: PreferencesRow,
}

impl Identity {
    #[boxed]
    pub async fn has_people(&self) -> Result<bool, StoreError> {
        let any: Option<(i64,)> =
            self.db.row("SELECT person_id FROM people WHERE tenant_id = $1 LIMIT 1", args![self.tenant.0]).await?;
        Ok(any.is_some())
    }

    /// Replaces any earlier setup link.
    #[boxed]
    pub async fn create_setup_link(&self, hash: Digest, expires_at: Instant) -> Result<(), StoreError> {
        self.db
            .run(
                "INSERT INTO setup_links (tenant_id, link_hash, expires_at) VALUES ($1, $2, $3) \
                 ON CONFLICT (tenant_id) DO UPDATE SET link_hash = excluded.link_hash, \
                 expires_at = excluded.expires_at",
                args![self.tenant.0, hex::encode(hash), expires_at.millis()],
            )
            .await?;
        Ok(())
    }

    /// Whether the link is there, unused and not expired.
    #[boxed]
    pub async fn setup_link_is_valid(&self, hash: Digest, now: Instant) -> Result<bool, StoreError> {
        let link: Option<(i64,)> = self
            .db
            .row(
                "SELECT expires_at FROM setup_links WHERE tenant_id = $1 AND link_hash = $2 AND expires_at > $3",
                args![self.tenant.0, hex::encode(hash), now.millis()],
            )
            .await?;
        Ok(link.is_some() && !self.has_people().await?)
    }

    /// Uses the link up and makes the first person; `None` if the link is not valid or somebody exists already.
    #[boxed]
    pub async fn redeem_setup_link(&self, hash: Digest, person: NewPerson) -> Result<Option<i64>, StoreError> {
        let mut conn = self.db.begin().await?;
        let used = conn
            .run(
                "DELETE FROM setup_links WHERE tenant_id = $1 AND link_hash = $2 AND expires_at > $3",
                args![self.tenant.0, hex::encode(hash), person.now.millis()],
            )
            .await?;
        let any: Option<(i64,)> =
            conn.row("SELECT person_id FROM people WHERE tenant_id = $1 LIMIT 1", args![self.tenant.0]).await?;
        if used == 0 || any.is_some() {
            return Ok(None);
        }
        let id = insert_person(&mut conn, self.tenant, person).await?;
        conn.commit().await?;
        Ok(Some(id))
    }

    /// By user name, case-insensitive.
    #[boxed]
    pub async fn person(&self, user_name: &str) -> Result<Option<Person>, StoreError> {
        let row: Option<(i64, String, String, i64, String, i64)> = self
            .db
            .row(
                "SELECT person_id, user_name, display_name, role, password_hash, is_disabled FROM people \
                 WHERE tenant_id = $1 AND name_key = $2 AND issuer IS NULL",
                args![self.tenant.0, name_key(user_name)],
            )
            .await?;
        let Some((id, user_name, display_name, role, password_hash, is_disabled)) = row else { return Ok(None) };
        let role = member("people", "role", role, Role::from_code)?;
        Ok(Some(Person { id, user_name, display_name, role, password_hash, is_disabled: is_disabled == 1 }))
    }

    /// Begins a session of a person, valid until `expires_at` (absolute) and while used within `idle_ms`.
    #[boxed]
    pub async fn create_session(
        &self,
        hash: Digest,
        person_id: i64,
        now: Instant,
        idle_ms: i64,
        expires_at: Instant,
    ) -> Result<(), StoreError> {
        let mut conn = self.db.begin().await?;
        self.insert_persons_session(&mut conn, hash, person_id, now, idle_ms, expires_at).await?;
        conn.commit().await
    }

    pub(crate) async fn insert_persons_session(
        &self,
        conn: &mut Conn,
        hash: Digest,
        person_id: i64,
        now: Instant,
        idle_ms: i64,
        expires_at: Instant,
    ) -> Result<(), StoreError> {
        conn.run(
            "UPDATE people SET last_sign_in_at = $3 WHERE tenant_id = $1 AND person_id = $2",
            args![self.tenant.0, person_id, now.millis()],
        )
        .await?;
        self.insert_session(conn, hash, (Some(person_id), None), now, idle_ms, expires_at).await
    }

    /// Begins a demo session with a role; refused (`Missing`) unless the database is a demo's.
    #[boxed]
    pub async fn create_demo_session(
        &self,
        hash: Digest,
        role: Role,
        now: Instant,
        idle_ms: i64,
        expires_at: Instant,
    ) -> Result<(), StoreError> {
        let mut conn = self.db.begin().await?;
        let demo: Option<(i64,)> =
            conn.row("SELECT is_demo FROM tenants WHERE tenant_id = $1 AND is_demo = 1", args![self.tenant.0]).await?;
        if demo.is_none() {
            return Err(StoreError::Missing { what: "demo", name: role.to_string() });
        }
        self.insert_session(&mut conn, hash, (None, Some(role.code())), now, idle_ms, expires_at).await?;
        conn.commit().await
    }

    async fn insert_session(
        &self,
        conn: &mut Conn,
        hash: Digest,
        (person_id, demo_role): (Option<i64>, Option<i64>),
        now: Instant,
        idle_ms: i64,
        expires_at: Instant,
    ) -> Result<(), StoreError> {
        conn.run("DELETE FROM sessions WHERE expires_at <= $1 OR last_used_at + idle_ms <= $1", args![now.millis()])
            .await?;
        conn.run(
            "INSERT INTO sessions (session_hash, tenant_id, person_id, demo_role, created_at, last_used_at, proven_at, \
             idle_ms, expires_at) VALUES ($1, $2, $3, $4, $5, $5, $5, $6, $7)",
            args![hex::encode(hash), self.tenant.0, person_id, demo_role, now.millis(), idle_ms, expires_at.millis()],
        )
        .await?;
        Ok(())
    }

    /// The session, if it is live; using it pushes its idle limit on. The role is the person's present one.
    #[boxed]
    pub async fn session(&self, hash: Digest, now: Instant) -> Result<Option<Session>, StoreError> {
        let Some((session, last_used_at)) = self.live_session(hash, now).await? else { return Ok(None) };
        // Written at most once a minute, so that looking at pages does not wait for the writer.
        if now.millis() - last_used_at >= MINUTE_MS {
            const USED: &str = "UPDATE sessions SET last_used_at = $2 WHERE session_hash = $1";
            unless_full(self.db.run(USED, args![hex::encode(hash), now.millis()]).await)?;
        }
        Ok(Some(session))
    }

    /// The same for what a page asks by itself: that is no use, and pushes nothing on.
    #[boxed]
    pub async fn session_unused(&self, hash: Digest, now: Instant) -> Result<Option<Session>, StoreError> {
        Ok(self.live_session(hash, now).await?.map(|(session, _)| session))
    }

    /// The session, if it is live, and when it was last used.
    async fn live_session(&self, hash: Digest, now: Instant) -> Result<Option<(Session, i64)>, StoreError> {
        let row: Option<SessionRow> = self
            .db
            .row(
                "SELECT s.last_used_at, s.idle_ms, s.expires_at, s.demo_role, s.person_id, p.display_name, p.role, \
                 p.is_disabled, p.issuer, p.subject, s.provider_session, s.role_checked_at, s.refresh_sealed, \
                 COALESCE(p.language, s.language) AS language, COALESCE(p.theme, s.theme) AS theme, \
                 COALESCE(p.time_zone, s.time_zone) AS time_zone, COALESCE(p.shortcuts, s.shortcuts) AS shortcuts \
                 FROM sessions s \
                 LEFT JOIN people p ON p.tenant_id = s.tenant_id AND p.person_id = s.person_id \
                 WHERE s.session_hash = $1 AND s.tenant_id = $2",
                args![hex::encode(hash), self.tenant.0],
            )
            .await?;
        let Some(row) = row else { return Ok(None) };
        let is_live = now.millis() < row.expires_at && now.millis() < row.last_used_at.saturating_add(row.idle_ms);
        if !is_live || row.is_disabled == Some(1) {
            return Ok(None);
        }
        let Some(role) = row.role.or(row.demo_role) else { return Ok(None) };
        let role = member("sessions", "role", role, Role::from_code)?;
        let name = row.display_name.unwrap_or_else(|| role.title().to_owned());
        let viewer = Viewer { tenant: self.tenant, name, role, person_id: row.person_id };
        let preferences = row.preferences.read()?;
        let federated = match (row.issuer, row.subject, row.role_checked_at) {
            (Some(issuer), Some(subject), Some(checked)) => {
                let federation = Federation {
                    provider_session: row.provider_session,
                    role_checked_at: Instant::from_millis(checked),
                    refresh_sealed: row.refresh_sealed,
                };
                Some(Federated { issuer, subject, federation })
            }
            _ => None,
        };
        let expires_at = Instant::from_millis(row.expires_at);
        let session = Session { viewer, preferences, expires_at, federated };
        Ok(Some((session, row.last_used_at)))
    }

    #[boxed]
    pub async fn end_session(&self, hash: Digest) -> Result<(), StoreError> {
        self.db.run("DELETE FROM sessions WHERE session_hash = $1", args![hex::encode(hash)]).await?;
        Ok(())
    }

    /// Whom the token stands for, if it is neither expired nor revoked.
    #[boxed]
    pub async fn token(&self, hash: Digest, now: Instant) -> Result<Option<Bearer>, StoreError> {
        let row: Option<(i64, String, Option<i64>, Option<i64>)> = self
            .db
            .row(
                "SELECT token_id, name, role, last_used_at FROM tokens WHERE tenant_id = $1 AND token_hash = $2 \
                 AND revoked_at IS NULL AND expires_at > $3",
                args![self.tenant.0, hex::encode(hash), now.millis()],
            )
            .await?;
        let Some((token_id, name, role, last_used_at)) = row else { return Ok(None) };
        if last_used_at.is_none_or(|last| now.millis() - last >= MINUTE_MS) {
            const USED: &str = "UPDATE tokens SET last_used_at = $3 WHERE tenant_id = $1 AND token_id = $2";
            unless_full(self.db.run(USED, args![self.tenant.0, token_id, now.millis()]).await)?;
        }
        Ok(Some(match scope_of(role)? {
            TokenScope::Role(role) => {
                let viewer = Viewer { tenant: self.tenant, name, role, person_id: None };
                Bearer::Viewer { viewer, token_id }
            }
            TokenScope::Ingest => Bearer::Sender(Sender { tenant: self.tenant, token_id, name }),
        }))
    }
}
