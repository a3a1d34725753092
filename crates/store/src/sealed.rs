//! Everything that is stored encrypted with the installation's key, put under another one all at once.

use async_recursion::async_recursion as boxed;
use domain::access::Access;
use domain::instant::Instant;
use domain::viewer::TenantId;

use crate::StoreError;
use crate::access_log;
use crate::db::{Conn, Db, args};
use crate::importing::{Presence, SERVING, alone};

/// Whose a secret is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SealedOf {
    /// A connected tenant.
    Connection { name: String },
    /// The authenticator app of a person, set up or just being set up.
    App { person: i64, user_name: String },
}

/// How many were put under another key.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Resealed {
    pub connections: u32,
    pub apps: u32,
}

/// Why none was.
#[derive(Debug, thiserror::Error)]
pub enum ResealRefused<E> {
    #[error("a server has the database open, and would go on with the key that it has: stop every one first")]
    Served,
    /// Of one secret.
    #[error("{0}")]
    Secret(E),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Held by whoever serves, and so has the key at hand.
#[derive(Debug)]
pub struct KeyInUse {
    _presence: Presence,
}

/// The stored secrets of one tenant.
#[derive(Clone)]
pub struct SealedSecrets {
    pub(crate) db: Db,
    pub(crate) tenant: TenantId,
}

/// A table's column of secrets: its name, the key of its rows, and the statement that lists row, secret and whose it is.
struct Column {
    table: &'static str,
    column: &'static str,
    key: &'static str,
    list: &'static str,
    of: fn(i64, String) -> SealedOf,
}

#[derive(sqlx::FromRow)]
struct Row {
    row_key: String,
    sealed: String,
    of_id: i64,
    of_name: String,
}

const COLUMNS: [Column; 3] = [
    Column {
        table: "connections",
        column: "sealed_secret",
        key: "CAST(connection_id AS TEXT)",
        list: "SELECT CAST(connection_id AS TEXT) AS row_key, sealed_secret AS sealed, connection_id AS of_id, \
               name AS of_name FROM connections WHERE tenant_id = $1 AND sealed_secret IS NOT NULL \
               ORDER BY connection_id",
        of: |_, name| SealedOf::Connection { name },
    },
    Column {
        table: "people",
        column: "totp_sealed",
        key: "CAST(person_id AS TEXT)",
        list: "SELECT CAST(person_id AS TEXT) AS row_key, totp_sealed AS sealed, person_id AS of_id, \
               user_name AS of_name FROM people WHERE tenant_id = $1 AND totp_sealed IS NOT NULL ORDER BY person_id",
        of: |person, user_name| SealedOf::App { person, user_name },
    },
    Column {
        table: "second_steps",
        column: "totp_sealed",
        key: "step_hash",
        list: "SELECT s.step_hash AS row_key, s.totp_sealed AS sealed, p.person_id AS of_id, p.user_name AS of_name \
               FROM second_steps s JOIN people p ON p.tenant_id = s.tenant_id AND p.person_id = s.person_id \
               WHERE s.tenant_id = $1 AND s.totp_sealed IS NOT NULL ORDER BY s.step_hash",
        of: |person, user_name| SealedOf::App { person, user_name },
    },
];

impl SealedSecrets {
    /// Says that somebody serves with the key of these secrets, until it is dropped. Waits while it is being changed.
    #[boxed]
    pub async fn in_use(&self) -> Result<KeyInUse, StoreError> {
        Ok(KeyInUse { _presence: Presence::announce(&self.db, &SERVING).await? })
    }

    /// Puts what `again` makes of each secret in its place, and the entry into the access log, with the number of secrets:
    /// all of it, or nothing.
    ///
    /// # Errors
    /// Somebody serves; `again` fails; what was stored is not what `again` made.
    #[boxed(?Send)]
    pub async fn reseal<E>(
        &self,
        now: Instant,
        entry: Access,
        again: &(dyn Fn(&SealedOf, &str) -> Result<String, E> + Sync),
    ) -> Result<Resealed, ResealRefused<E>> {
        let mut conn = self.db.begin().await?;
        let Some(_alone) = alone(&self.db, &mut conn, &SERVING).await? else { return Err(ResealRefused::Served) };
        // What has expired is good for nothing, under whichever key.
        conn.run("DELETE FROM second_steps WHERE expires_at <= $1", args![now.millis()]).await?;
        let mut resealed = Resealed::default();
        for column in &COLUMNS {
            let before = self.rows(&mut conn, column).await?;
            let mut written = Vec::with_capacity(before.len());
            for Row { row_key, sealed, of_id, of_name } in before {
                let of = (column.of)(of_id, of_name);
                let sealed = again(&of, &sealed).map_err(ResealRefused::Secret)?;
                let Column { table, column, key, .. } = column;
                let sql = format!("UPDATE {table} SET {column} = $3 WHERE tenant_id = $1 AND {key} = $2");
                conn.run(&sql, args![self.tenant.0, row_key.clone(), sealed.clone()]).await?;
                written.push((row_key, sealed));
                match of {
                    SealedOf::Connection { .. } => resealed.connections += 1,
                    SealedOf::App { .. } => resealed.apps += 1,
                }
            }
            let after = self.rows(&mut conn, column).await?.into_iter().map(|row| (row.row_key, row.sealed));
            if !after.eq(written) {
                let what = "a secret is not what was written".to_owned();
                return Err(StoreError::Inconsistent { table: column.table, what }.into());
            }
        }
        let rows = Some(i64::from(resealed.connections) + i64::from(resealed.apps));
        access_log::append(&mut conn, self.tenant.0, vec![Access { rows, ..entry }]).await?;
        conn.commit().await?;
        Ok(resealed)
    }

    async fn rows(&self, conn: &mut Conn, column: &Column) -> Result<Vec<Row>, StoreError> {
        conn.rows(column.list, args![self.tenant.0]).await
    }
}
