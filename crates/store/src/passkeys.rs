//! Passkeys: public keys that a person's devices prove themselves with.

use async_recursion::async_recursion as boxed;
use domain::instant::Instant;
use domain::record::Digest;
use domain::role::Role;

use crate::db::args;
use crate::error::member;
use crate::factors::{LOCAL, end_everything};
use crate::sessions::short;
use crate::steps::THIS;
use crate::{Identity, StepPerson, StepPurpose, StoreError};

/// A passkey that is added. The store does not look into `credential`.
#[derive(Clone)]
pub struct NewPasskey {
    /// Base64url, as browsers send it.
    pub credential_id: String,
    pub credential: String,
    pub name: String,
    pub now: Instant,
}

/// A passkey and whose it is.
#[derive(Clone)]
pub struct Passkey {
    pub id: i64,
    pub credential: String,
    pub person: StepPerson,
    /// What passkeys know the person by.
    pub handle: String,
}

#[derive(sqlx::FromRow)]
struct PasskeyRow {
    passkey_id: i64,
    credential: String,
    person_id: i64,
    user_name: String,
    display_name: String,
    role: i64,
    totp_sealed: Option<String>,
    passkey_handle: Option<String>,
}

impl Identity {
    /// What passkeys know the person by: `fresh`, unless there is something already. `None`: nobody of this installation.
    #[boxed]
    pub async fn passkey_handle(&self, person: i64, fresh: String) -> Result<Option<String>, StoreError> {
        let mut conn = self.db.begin().await?;
        let sql = format!("UPDATE people SET passkey_handle = $3 WHERE {LOCAL} AND passkey_handle IS NULL");
        conn.run(&sql, args![self.tenant.0, person, fresh]).await?;
        let sql = format!("SELECT passkey_handle FROM people WHERE {LOCAL}");
        let handle: Option<(Option<String>,)> = conn.row(&sql, args![self.tenant.0, person]).await?;
        conn.commit().await?;
        Ok(handle.and_then(|(handle,)| handle))
    }

    /// Credential ids of a person's passkeys: no device need have two.
    #[boxed]
    pub async fn credential_ids(&self, person: i64) -> Result<Vec<String>, StoreError> {
        const SQL: &str =
            "SELECT credential_id FROM passkeys WHERE tenant_id = $1 AND person_id = $2 ORDER BY passkey_id";
        let rows: Vec<(String,)> = self.db.rows(SQL, args![self.tenant.0, person]).await?;
        Ok(rows.into_iter().map(|(id,)| id).collect())
    }

    /// By credential id, of people who may sign in.
    #[boxed]
    pub async fn passkey(&self, credential_id: &str) -> Result<Option<Passkey>, StoreError> {
        let row: Option<PasskeyRow> = self
            .db
            .row(
                "SELECT k.passkey_id, k.credential, p.person_id, p.user_name, p.display_name, p.role, p.totp_sealed, \
                 p.passkey_handle FROM passkeys k \
                 JOIN people p ON p.tenant_id = k.tenant_id AND p.person_id = k.person_id \
                 WHERE k.tenant_id = $1 AND k.credential_id = $2 AND p.issuer IS NULL AND p.is_disabled = 0",
                args![self.tenant.0, credential_id.to_owned()],
            )
            .await?;
        let Some(row) = row else { return Ok(None) };
        let Some(handle) = row.passkey_handle else { return Ok(None) };
        let person = StepPerson {
            id: row.person_id,
            user_name: row.user_name,
            display_name: row.display_name,
            role: member("people", "role", row.role, Role::from_code)?,
            totp_sealed: row.totp_sealed,
            passkeys: 1,
        };
        Ok(Some(Passkey { id: row.passkey_id, credential: row.credential, person, handle }))
    }

    /// Remembers what a passkey that is set up has to answer. `false`: the step is gone.
    #[boxed]
    pub async fn ask_step(&self, hash: Digest, challenge: String) -> Result<bool, StoreError> {
        let sql = format!("UPDATE second_steps SET challenge = $3 WHERE {THIS} AND purpose = $4");
        let args = args![hex::encode(hash), self.tenant.0, challenge, StepPurpose::SetUp.code()];
        Ok(self.db.run(&sql, args).await? == 1)
    }

    /// Uses a challenge up. `false`: it was used before, or the step is gone.
    #[boxed]
    pub async fn use_challenge(&self, hash: Digest, challenge: &str) -> Result<bool, StoreError> {
        let sql = format!("UPDATE second_steps SET challenge = NULL WHERE {THIS} AND challenge = $3");
        Ok(self.db.run(&sql, args![hex::encode(hash), self.tenant.0, challenge.to_owned()]).await? == 1)
    }

    /// Stores a passkey. The person's sessions and steps end. `false`: the step is gone.
    /// `Exists` if somebody has the credential already.
    #[boxed]
    pub async fn add_passkey(&self, hash: Digest, person: i64, passkey: NewPasskey) -> Result<bool, StoreError> {
        let mut conn = self.db.begin().await?;
        if !crate::factors::lock(&mut conn, self.tenant, person).await?
            || !self.end_step_of(&mut conn, hash, StepPurpose::SetUp).await?
        {
            return Ok(false);
        }
        const TAKEN: &str = "SELECT passkey_id FROM passkeys WHERE tenant_id = $1 AND credential_id = $2";
        let taken: Option<(i64,)> = conn.row(TAKEN, args![self.tenant.0, passkey.credential_id.clone()]).await?;
        if taken.is_some() {
            return Err(StoreError::Exists { what: "passkey", name: passkey.name });
        }
        conn.run(
            "INSERT INTO passkeys (tenant_id, passkey_id, person_id, credential_id, credential, name, created_at) \
             SELECT $1, COALESCE(MAX(passkey_id), 0) + 1, $2, $3, $4, $5, $6 FROM passkeys WHERE tenant_id = $1",
            args![
                self.tenant.0,
                person,
                passkey.credential_id,
                passkey.credential,
                short(&passkey.name),
                passkey.now.millis()
            ],
        )
        .await?;
        end_everything(&mut conn, self.tenant, person, None).await?;
        conn.commit().await?;
        Ok(true)
    }

    /// Notes that a passkey was used, which counts. `false`: it was used meanwhile, or is gone.
    #[boxed]
    pub async fn use_passkey(&self, passkey: &Passkey, counted: String, now: Instant) -> Result<bool, StoreError> {
        const SQL: &str = "UPDATE passkeys SET credential = $4, last_used_at = $5 \
                           WHERE tenant_id = $1 AND passkey_id = $2 AND credential = $3";
        let args = args![self.tenant.0, passkey.id, passkey.credential.clone(), counted, now.millis()];
        let mut conn = self.db.begin().await?;
        if conn.run(SQL, args).await? != 1 {
            return Ok(false);
        }
        const RIGHT: &str = "UPDATE people SET wrong_codes = 0 WHERE tenant_id = $1 AND person_id = $2";
        conn.run(RIGHT, args![self.tenant.0, passkey.person.id]).await?;
        conn.commit().await?;
        Ok(true)
    }
}
