use domain::instant::Instant;
use domain::record::Digest;
use domain::role::Role;
use domain::viewer::TenantId;

use crate::db::{Db, args};
use crate::error::member;
use crate::{StoreError, TokenScope};

#[derive(Debug, Clone)]
pub struct NewToken {
    pub name: String,
    pub scope: TokenScope,
    /// SHA-256 of the token; the token itself is never stored.
    pub hash: Digest,
    /// Its first characters, to recognise it by.
    pub hint: String,
    pub expires_at: Instant,
    pub now: Instant,
}

/// A bearer token, without its secret.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct TokenItem {
    pub id: i64,
    pub name: String,
    pub hint: String,
    pub scope: TokenScope,
    pub created_at: Instant,
    pub expires_at: Instant,
    pub revoked_at: Option<Instant>,
    pub last_used_at: Option<Instant>,
}

/// The scope that a role column stands for: without a role a token may only write records.
pub(crate) fn scope_of(role: Option<i64>) -> Result<TokenScope, StoreError> {
    Ok(match role {
        None => TokenScope::Ingest,
        Some(code) => TokenScope::Role(member("tokens", "role", code, Role::from_code)?),
    })
}

pub(crate) async fn create(db: &Db, tenant: TenantId, token: NewToken) -> Result<i64, StoreError> {
    let mut conn = db.begin().await?;
    let taken: Option<(i64,)> = conn
        .row(
            "SELECT token_id FROM tokens WHERE tenant_id = $1 AND name = $2 AND revoked_at IS NULL",
            args![tenant.0, token.name.clone()],
        )
        .await?;
    if taken.is_some() {
        return Err(StoreError::Exists { what: "token", name: token.name });
    }
    let (id,): (i64,) = conn
        .row("SELECT COALESCE(MAX(token_id), 0) + 1 FROM tokens WHERE tenant_id = $1", args![tenant.0])
        .await?
        .unwrap_or((1,));
    let role = match token.scope {
        TokenScope::Role(role) => Some(role.code()),
        TokenScope::Ingest => None,
    };
    conn.run(
        "INSERT INTO tokens (tenant_id, token_id, name, token_hash, hint, role, created_at, expires_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        args![
            tenant.0,
            id,
            token.name,
            hex::encode(token.hash),
            token.hint,
            role,
            token.now.millis(),
            token.expires_at.millis()
        ],
    )
    .await?;
    conn.commit().await?;
    Ok(id)
}

#[derive(sqlx::FromRow)]
struct TokenRow {
    token_id: i64,
    name: String,
    hint: String,
    role: Option<i64>,
    created_at: i64,
    expires_at: i64,
    revoked_at: Option<i64>,
    last_used_at: Option<i64>,
}

pub(crate) async fn tokens(db: &Db, tenant: TenantId) -> Result<Vec<TokenItem>, StoreError> {
    let rows: Vec<TokenRow> = db
        .rows(
            "SELECT token_id, name, hint, role, created_at, expires_at, revoked_at, last_used_at FROM tokens \
             WHERE tenant_id = $1 ORDER BY token_id",
            args![tenant.0],
        )
        .await?;
    rows.into_iter()
        .map(|row| {
            Ok(TokenItem {
                id: row.token_id,
                name: row.name,
                hint: row.hint,
                scope: scope_of(row.role)?,
                created_at: Instant::from_millis(row.created_at),
                expires_at: Instant::from_millis(row.expires_at),
                revoked_at: row.revoked_at.map(Instant::from_millis),
                last_used_at: row.last_used_at.map(Instant::from_millis),
            })
        })
        .collect()
}

pub(crate) async fn revoke(db: &Db, tenant: TenantId, name: &str, now: Instant) -> Result<(), StoreError> {
    let changed = db
        .run(
            "UPDATE tokens SET revoked_at = $3 WHERE tenant_id = $1 AND name = $2 AND revoked_at IS NULL",
            args![tenant.0, name.to_owned(), now.millis()],
        )
        .await?;
    if changed == 0 {
        return Err(StoreError::Missing { what: "token", name: name.to_owned() });
    }
    Ok(())
}
