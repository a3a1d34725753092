//! What accounts of this installation are proven with beside a password.

use async_recursion::async_recursion as boxed;
use domain::instant::Instant;
use domain::record::Digest;
use domain::viewer::{TenantId, Viewer};
use serde::Serialize;

use crate::db::{Conn, Db, args};
use crate::sessions::short;
use crate::{Admin, StoreError};

/// One kind of proof.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Factor {
    Passkey,
    /// An authenticator app.
    Totp,
}

impl Factor {
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Passkey => "passkey",
            Self::Totp => "totp",
        }
    }

    pub(crate) fn of(has_totp: bool, passkeys: i64) -> Vec<Self> {
        [(passkeys > 0).then_some(Self::Passkey), has_totp.then_some(Self::Totp)].into_iter().flatten().collect()
    }
}

/// A passkey as its person sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PasskeyItem {
    pub id: i64,
    pub name: String,
    pub created_at: Instant,
    pub last_used_at: Option<Instant>,
}

/// A person's name and password.
#[derive(Clone)]
pub struct OwnPassword {
    pub user_name: String,
    /// PHC string of argon2id.
    pub hash: String,
}

/// What a person has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnFactorList {
    pub user_name: String,
    pub has_totp: bool,
    pub passkeys: Vec<PasskeyItem>,
}

/// Why a factor was not removed.
#[derive(Debug, thiserror::Error)]
pub enum FactorRefused {
    #[error("it is the only one")]
    Last,
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The factors of one person, for that person.
#[derive(Clone)]
pub struct OwnFactors {
    db: Db,
    tenant: TenantId,
    person: i64,
}

/// Accounts of this installation: `$1` the tenant, `$2` the person.
pub(crate) const LOCAL: &str = "tenant_id = $1 AND person_id = $2 AND issuer IS NULL AND is_disabled = 0";

impl OwnFactors {
    /// `None` for a token or a demo session: they are nobody's.
    pub(crate) fn of(db: Db, viewer: &Viewer) -> Option<Self> {
        Some(Self { db, tenant: viewer.tenant, person: viewer.person_id? })
    }

    /// `None` for people of the identity provider, who prove themselves there.
    #[boxed]
    pub async fn list(&self) -> Result<Option<OwnFactorList>, StoreError> {
        let sql = format!("SELECT user_name, totp_sealed FROM people WHERE {LOCAL}");
        let row = self.db.row::<(String, Option<String>)>(&sql, self.args()).await?;
        let Some((user_name, sealed)) = row else { return Ok(None) };
        let rows: Vec<(i64, String, i64, Option<i64>)> = self
            .db
            .rows(
                "SELECT passkey_id, name, created_at, last_used_at FROM passkeys \
                 WHERE tenant_id = $1 AND person_id = $2 ORDER BY created_at, passkey_id",
                self.args(),
            )
            .await?;
        let item = |(id, name, created_at, last_used_at): (i64, String, i64, Option<i64>)| PasskeyItem {
            id,
            name,
            created_at: Instant::from_millis(created_at),
            last_used_at: last_used_at.map(Instant::from_millis),
        };
        let passkeys = rows.into_iter().map(item).collect();
        Ok(Some(OwnFactorList { user_name, has_totp: sealed.is_some(), passkeys }))
    }

    /// What the person signs in with by name. `None` as in [`Self::list`].
    #[boxed]
    pub async fn password(&self) -> Result<Option<OwnPassword>, StoreError> {
        let sql = format!("SELECT user_name, password_hash FROM people WHERE {LOCAL}");
        let row = self.db.row::<(String, String)>(&sql, self.args()).await?;
        Ok(row.map(|(user_name, hash)| OwnPassword { user_name, hash }))
    }

    /// Another password, where it is still `before` (else `false`). Ends the person's sessions but `this` one, which has the
    /// secret of `next` from here on: whoever else knows the one it had is out, too. Ends sign-ins that are under way.
    #[boxed]
    pub async fn change_password(
        &self,
        before: OwnPassword,
        after: String,
        this: Digest,
        next: Digest,
    ) -> Result<bool, StoreError> {
        let mut conn = self.db.begin().await?;
        let sql = format!("UPDATE people SET password_hash = $4 WHERE {LOCAL} AND password_hash = $3");
        if conn.run(&sql, [self.args(), args![before.hash, after]].concat()).await? == 0 {
            return Ok(false);
        }
        end_everything(&mut conn, self.tenant, self.person, Some(this)).await?;
        const SQL: &str =
            "UPDATE sessions SET session_hash = $4 WHERE tenant_id = $1 AND person_id = $2 AND session_hash = $3";
        conn.run(SQL, [self.args(), args![hex::encode(this), hex::encode(next)]].concat()).await?;
        conn.commit().await?;
        Ok(true)
    }

    /// `Missing` if the person has no such passkey.
    #[boxed]
    pub async fn rename_passkey(&self, id: i64, name: &str) -> Result<(), StoreError> {
        const SQL: &str = "UPDATE passkeys SET name = $4 WHERE tenant_id = $1 AND person_id = $2 AND passkey_id = $3";
        let renamed = self.db.run(SQL, args![self.tenant.0, self.person, id, short(name)]).await?;
        if renamed == 0 { Err(missing(id)) } else { Ok(()) }
    }

    /// Ends the person's sessions but `this` one, and sign-ins that are under way.
    #[boxed]
    pub async fn remove_passkey(&self, id: i64, this: Digest) -> Result<(), FactorRefused> {
        const SQL: &str = "DELETE FROM passkeys WHERE tenant_id = $1 AND person_id = $2 AND passkey_id = $3";
        let mut conn = self.db.begin().await?;
        lock(&mut conn, self.tenant, self.person).await?;
        if conn.run(SQL, args![self.tenant.0, self.person, id]).await? == 0 {
            return Err(missing(id).into());
        }
        self.changed(conn, this).await
    }

    /// The same for the authenticator app; `Missing` if there is none.
    #[boxed]
    pub async fn remove_totp(&self, this: Digest) -> Result<(), FactorRefused> {
        let mut conn = self.db.begin().await?;
        let sql = format!("UPDATE people SET totp_sealed = NULL WHERE {LOCAL} AND totp_sealed IS NOT NULL");
        if conn.run(&sql, self.args()).await? == 0 {
            return Err(StoreError::Missing { what: "factor", name: Factor::Totp.as_str().to_owned() }.into());
        }
        self.changed(conn, this).await
    }

    async fn changed(&self, mut conn: Conn, this: Digest) -> Result<(), FactorRefused> {
        if factors(&mut conn, self.tenant, self.person).await?.is_none_or(|left| left.is_empty()) {
            return Err(FactorRefused::Last);
        }
        end_everything(&mut conn, self.tenant, self.person, Some(this)).await?;
        Ok(conn.commit().await?)
    }

    fn args(&self) -> Vec<sea_query::Value> {
        args![self.tenant.0, self.person]
    }
}

impl Admin {
    /// Takes all factors from an account of this installation, and ends its sessions: the next sign-in sets up new ones.
    /// `Missing` if nobody has the user name.
    #[boxed]
    pub async fn reset_factors(&self, user_name: &str) -> Result<(), StoreError> {
        let person = self.local(user_name).await?.id;
        let mut conn = self.db.begin().await?;
        conn.run(
            "UPDATE people SET totp_sealed = NULL, totp_last_step = NULL, wrong_codes = 0, passkey_handle = NULL \
             WHERE tenant_id = $1 AND person_id = $2",
            args![self.tenant.0, person],
        )
        .await?;
        const PASSKEYS: &str = "DELETE FROM passkeys WHERE tenant_id = $1 AND person_id = $2";
        conn.run(PASSKEYS, args![self.tenant.0, person]).await?;
        end_everything(&mut conn, self.tenant, person, None).await?;
        conn.commit().await
    }

    /// Gives an account of this installation another password (PHC string of argon2id), and ends its sessions.
    /// `Missing` if nobody has the user name.
    #[boxed]
    pub async fn set_password(&self, user_name: &str, password_hash: String) -> Result<(), StoreError> {
        let person = self.local(user_name).await?.id;
        let mut conn = self.db.begin().await?;
        const SQL: &str = "UPDATE people SET password_hash = $3 WHERE tenant_id = $1 AND person_id = $2";
        conn.run(SQL, args![self.tenant.0, person, password_hash]).await?;
        end_everything(&mut conn, self.tenant, person, None).await?;
        conn.commit().await
    }
}

/// Holds the person's row until the transaction ends: whoever counts factors is alone. `false`: nobody of this
/// installation who may sign in.
pub(crate) async fn lock(conn: &mut Conn, tenant: TenantId, person: i64) -> Result<bool, StoreError> {
    let sql = format!("UPDATE people SET totp_last_step = totp_last_step WHERE {LOCAL}");
    Ok(conn.run(&sql, args![tenant.0, person]).await? == 1)
}

/// Which kinds a person has; `None`: nobody of this installation who may sign in.
pub(crate) async fn factors(conn: &mut Conn, tenant: TenantId, person: i64) -> Result<Option<Vec<Factor>>, StoreError> {
    let sql = format!(
        "SELECT totp_sealed, (SELECT COUNT(*) FROM passkeys k WHERE k.tenant_id = $1 AND k.person_id = $2) \
         FROM people WHERE {LOCAL}"
    );
    let row: Option<(Option<String>, i64)> = conn.row(&sql, args![tenant.0, person]).await?;
    Ok(row.map(|(sealed, passkeys)| Factor::of(sealed.is_some(), passkeys)))
}

/// Ends the person's sessions but one, and sign-ins that are under way.
pub(crate) async fn end_everything(
    conn: &mut Conn,
    tenant: TenantId,
    person: i64,
    but: Option<Digest>,
) -> Result<(), StoreError> {
    end_steps(conn, tenant, person).await?;
    conn.run(
        "DELETE FROM sessions WHERE tenant_id = $1 AND person_id = $2 AND session_hash <> $3",
        args![tenant.0, person, but.map(hex::encode).unwrap_or_default()],
    )
    .await?;
    Ok(())
}

/// Ends sign-ins of the person that are under way.
pub(crate) async fn end_steps(conn: &mut Conn, tenant: TenantId, person: i64) -> Result<(), StoreError> {
    const SQL: &str = "DELETE FROM second_steps WHERE tenant_id = $1 AND person_id = $2";
    conn.run(SQL, args![tenant.0, person]).await?;
    Ok(())
}

fn missing(id: i64) -> StoreError {
    StoreError::Missing { what: "passkey", name: id.to_string() }
}
