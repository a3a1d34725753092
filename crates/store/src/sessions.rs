use std::collections::HashMap;

use async_recursion::async_recursion as boxed;
use domain::instant::{Instant, MINUTE_MS};
use domain::record::Digest;
use domain::viewer::{TenantId, Viewer};
use sea_query::Value;
use serde::Serialize;

use crate::db::{Db, args};
use crate::factors::end_steps;
use crate::{Admin, Identity, SettingsReader, StoreError};

/// Names of sessions are cut to this many characters.
pub const MAX_SESSION_NAME: usize = 80;
/// So long ago a person may have proven who they are, to change what they sign in with or to end sessions.
const PROVEN_WITHIN_MS: i64 = 10 * MINUTE_MS;
/// Digits of a session's hash that tell it from others. They are of no use as a session.
const ID_DIGITS: usize = 16;

/// Sessions that have not ended; `$2` is now.
const LIVE: &str = "expires_at > $2 AND last_used_at + idle_ms > $2";

/// A session that has not ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SessionItem {
    pub id: String,
    /// The browser it began in, unless its person calls it otherwise.
    pub name: String,
    pub created_at: Instant,
    /// To the minute.
    pub last_used_at: Instant,
    /// At the latest.
    pub expires_at: Instant,
}

/// What tells a session from others, by the hash of its cookie.
#[must_use]
pub fn session_id(hash: Digest) -> String {
    let mut id = hex::encode(hash);
    id.truncate(ID_DIGITS);
    id
}

/// The sessions of one person, for that person.
#[derive(Clone)]
pub struct OwnSessions {
    db: Db,
    tenant: TenantId,
    person: i64,
}

#[derive(sqlx::FromRow)]
struct SessionRow {
    session_hash: String,
    name: String,
    created_at: i64,
    last_used_at: i64,
    expires_at: i64,
}

impl OwnSessions {
    /// `None` for a token or a demo session: they are nobody's.
    pub(crate) fn of(db: Db, viewer: &Viewer) -> Option<Self> {
        Some(Self { db, tenant: viewer.tenant, person: viewer.person_id? })
    }

    /// Those that have not ended, the last used first.
    #[boxed]
    pub async fn list(&self, now: Instant) -> Result<Vec<SessionItem>, StoreError> {
        let sql = format!(
            "SELECT session_hash, name, created_at, last_used_at, expires_at FROM sessions \
             WHERE tenant_id = $1 AND {LIVE} AND person_id = $3 ORDER BY last_used_at DESC, session_hash"
        );
        let rows: Vec<SessionRow> = self.db.rows(&sql, args![self.tenant.0, now.millis(), self.person]).await?;
        let item = |mut row: SessionRow| {
            row.session_hash.truncate(ID_DIGITS);
            SessionItem {
                id: row.session_hash,
                name: row.name,
                created_at: Instant::from_millis(row.created_at),
                last_used_at: Instant::from_millis(row.last_used_at),
                expires_at: Instant::from_millis(row.expires_at),
            }
        };
        Ok(rows.into_iter().map(item).collect())
    }

    /// Whether the person has proven who they are recently enough, in this session, to change what they sign in with or to
    /// end sessions.
    #[boxed]
    pub async fn is_young(&self, id: &str, now: Instant) -> Result<bool, StoreError> {
        let sql = format!("SELECT proven_at FROM sessions WHERE {MINE}");
        let row: Option<(Option<i64>,)> = self.db.row(&sql, self.mine(id)).await?;
        let proven_at = row.and_then(|(proven_at,)| proven_at);
        Ok(proven_at.is_some_and(|proven_at| now.millis() - proven_at <= PROVEN_WITHIN_MS))
    }

    /// `Missing` if the person has no such session.
    #[boxed]
    pub async fn end(&self, id: &str) -> Result<(), StoreError> {
        let ended = self.db.run(&format!("DELETE FROM sessions WHERE {MINE}"), self.mine(id)).await?;
        if ended == 0 { Err(missing(id)) } else { Ok(()) }
    }

    /// All but this one; how many that were.
    #[boxed]
    pub async fn end_others(&self, this: Digest) -> Result<u64, StoreError> {
        self.db
            .run(
                "DELETE FROM sessions WHERE tenant_id = $1 AND person_id = $2 AND session_hash <> $3",
                args![self.tenant.0, self.person, hex::encode(this)],
            )
            .await
    }

    /// `Missing` if the person has no such session.
    #[boxed]
    pub async fn rename(&self, id: &str, name: &str) -> Result<(), StoreError> {
        let args = [self.mine(id), args![short(name)]].concat();
        let renamed = self.db.run(&format!("UPDATE sessions SET name = $4 WHERE {MINE}"), args).await?;
        if renamed == 0 { Err(missing(id)) } else { Ok(()) }
    }

    fn mine(&self, id: &str) -> Vec<Value> {
        args![self.tenant.0, self.person, id.to_owned()]
    }
}

const MINE: &str = "tenant_id = $1 AND person_id = $2 AND substr(session_hash, 1, 16) = $3";

impl Identity {
    /// Names a session after the browser it begins in.
    #[boxed]
    pub async fn name_session(&self, hash: Digest, name: &str) -> Result<(), StoreError> {
        self.db
            .run(
                "UPDATE sessions SET name = $3 WHERE session_hash = $2 AND tenant_id = $1",
                args![self.tenant.0, hex::encode(hash), short(name)],
            )
            .await?;
        Ok(())
    }
}

impl SettingsReader {
    /// How many sessions that have not ended each person has.
    #[boxed]
    pub async fn session_counts(&self, now: Instant) -> Result<HashMap<i64, i64>, StoreError> {
        let sql = format!(
            "SELECT person_id, COUNT(*) FROM sessions WHERE tenant_id = $1 AND {LIVE} AND person_id IS NOT NULL \
             GROUP BY person_id"
        );
        let rows: Vec<(i64, i64)> = self.db.rows(&sql, args![self.tenant.0, now.millis()]).await?;
        Ok(rows.into_iter().collect())
    }
}

impl Admin {
    /// Ends all sessions of a person, and sign-ins that are under way; how many sessions that were.
    #[boxed]
    pub async fn end_sessions(&self, person: i64) -> Result<u64, StoreError> {
        let mut conn = self.db.begin().await?;
        end_steps(&mut conn, self.tenant, person).await?;
        const SQL: &str = "DELETE FROM sessions WHERE tenant_id = $1 AND person_id = $2";
        let ended = conn.run(SQL, args![self.tenant.0, person]).await?;
        conn.commit().await?;
        Ok(ended)
    }
}

fn missing(id: &str) -> StoreError {
    StoreError::Missing { what: "session", name: id.to_owned() }
}

pub(crate) fn short(name: &str) -> String {
    name.trim().chars().filter(|c| !c.is_control()).take(MAX_SESSION_NAME).collect()
}
