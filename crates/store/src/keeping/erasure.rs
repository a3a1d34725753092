//! One person erased: what happened stays, nameless, and in every count; what they were, and every name and id, goes.
//!
//! First it is noted whom to forget, so that no import brings them back; then table by table goes, in transactions of a
//! bounded size. Whoever breaks off can go on.

mod access_log;
mod called;
mod rows;

use async_recursion::async_recursion as boxed;
use domain::export::ExportProblem;
use domain::instant::Instant;

use super::marks::{Marker, erased_id};
use super::scrub::Called;
use crate::StoreError;
use crate::db::{Conn, Db, args};
use crate::exports::end_exports;
use crate::importing::{Operator, note_change};
use crate::search::FULL_TEXT;

/// Erases people. Global Administrators only.
#[derive(Clone)]
pub struct Eraser {
    pub(crate) operator: Operator,
}

/// Somebody who is being erased.
#[derive(Debug, Clone)]
pub struct Erasing {
    pub user_id: i64,
    called: Called,
    step: usize,
    after: (i64, i64, String),
}

impl Erasing {
    /// The id that their events have from now on.
    #[must_use]
    pub fn outward_id(&self) -> String {
        erased_id(self.user_id)
    }

    fn next(&mut self) {
        (self.step, self.after) = (self.step + 1, (i64::MIN, i64::MIN, String::new()));
    }
}

impl Eraser {
    /// Notes that a user is to be forgotten, by object id or user name; `None` where nobody is called that.
    ///
    /// `key` is 32 random bytes: what marks are made with, if nobody was erased before.
    #[boxed]
    pub async fn begin(
        &self,
        user: &str,
        by: &str,
        key: [u8; 32],
        now: Instant,
    ) -> Result<Option<Erasing>, StoreError> {
        let tenant = self.operator.tenant.0;
        let mut conn = self.operator.db.begin().await?;
        let mut batch = self.operator.batch(&mut conn, 0);
        let Some(user_id) = batch.user_called(user).await? else { return Ok(None) };
        let known = batch.erasure_of(user_id).await?;
        if let Some(erasing) = known {
            return Ok(Some(erasing));
        }
        const KEY: &str =
            "INSERT INTO erasure_keys (tenant_id, key) VALUES ($1, $2) ON CONFLICT (tenant_id) DO NOTHING";
        conn.run(KEY, args![tenant, hex::encode(key)]).await?;
        let marker = Marker::of(&mut conn, tenant).await?;
        let Some(marker) = marker else {
            return Err(StoreError::Inconsistent { table: "erasure_keys", what: "no key".to_owned() });
        };
        let mut batch = self.operator.batch(&mut conn, 0);
        let called = batch.begin_erasing(user_id, &marker).await?;
        let json = serde_json::to_string(&called).unwrap_or_default();
        const SQL: &str =
            "INSERT INTO erasures (tenant_id, user_id, begun_at, begun_by, names) VALUES ($1, $2, $3, $4, $5)";
        conn.run(SQL, args![tenant, user_id, now.millis(), by, json]).await?;
        conn.commit().await?;
        Ok(Some(Erasing { user_id, called, step: 0, after: (i64::MIN, i64::MIN, String::new()) }))
    }

    /// Erases to the end whom somebody began to erase.
    #[boxed]
    pub async fn go_on(&self, erasing: Erasing, now: Instant) -> Result<(), StoreError> {
        self.operator.erase(erasing, now).await
    }
}

impl Operator {
    /// Those whom somebody began to erase.
    #[boxed]
    pub async fn begun_erasures(&self) -> Result<Vec<Erasing>, StoreError> {
        const SQL: &str = "SELECT user_id, names FROM erasures WHERE tenant_id = $1 AND finished_at IS NULL";
        let rows: Vec<(i64, Option<String>)> = self.db.rows(SQL, args![self.tenant.0]).await?;
        rows.into_iter().map(|(user_id, names)| erasing(user_id, names)).collect()
    }

    /// The next part, in one transaction; `false` where nothing is left to do.
    #[boxed]
    pub async fn erase_some(&self, erasing: &mut Erasing, now: Instant) -> Result<bool, StoreError> {
        let mut conn = self.db.begin().await?;
        conn.forget_for_good(true).await?;
        end_exports(&mut conn, self.tenant.0, ExportProblem::Erased).await?;
        let mut batch = self.batch(&mut conn, 0);
        match erasing.step {
            0 => {
                batch.erase_state(erasing).await?;
                erasing.next();
            }
            1 => batch.erase_sign_ins(erasing).await?,
            2 => batch.erase_in_audits(erasing).await?,
            3 => batch.erase_in_copies(erasing).await?,
            4 => batch.erase_in_rejected(erasing).await?,
            5 => batch.redact_access_log(erasing, now).await?,
            6 => {
                batch.erase_elsewhere(erasing).await?;
                erasing.next();
            }
            _ => {
                const DONE: &str = "UPDATE erasures SET finished_at = $3, names = NULL \
                    WHERE tenant_id = $1 AND user_id = $2 AND finished_at IS NULL";
                conn.run(DONE, args![self.tenant.0, erasing.user_id, now.millis()]).await?;
                conn.forget_for_good(false).await?;
                conn.commit().await?;
                super::leftovers::drop_leftovers(self).await?;
                self.db.empty_journal().await?;
                return Ok(false);
            }
        }
        note_change(&mut conn, self.tenant.0).await?;
        conn.commit().await?;
        Ok(true)
    }

    /// Erases somebody to the end.
    #[boxed]
    pub async fn erase(&self, mut erasing: Erasing, now: Instant) -> Result<(), StoreError> {
        while self.erase_some(&mut erasing, now).await? {}
        Ok(())
    }
}

fn erasing(user_id: i64, names: Option<String>) -> Result<Erasing, StoreError> {
    let called = names.map(|json| serde_json::from_str(&json)).transpose();
    let called = called
        .map_err(|error| StoreError::Inconsistent { table: "erasures", what: error.to_string() })?
        .unwrap_or_default();
    Ok(Erasing { user_id, called, step: 0, after: (i64::MIN, i64::MIN, String::new()) })
}

impl Db {
    /// What was overwritten is not to stand in SQLite's journal either.
    async fn empty_journal(&self) -> Result<(), StoreError> {
        if let Self::Sqlite { .. } = self {
            self.outside_transactions("PRAGMA wal_checkpoint(TRUNCATE)").await?;
        }
        Ok(())
    }
}

impl Conn {
    /// SQLite overwrites what is deleted, also in its index of names.
    async fn forget_for_good(&mut self, is_on: bool) -> Result<(), StoreError> {
        if let Self::Sqlite(_) = self {
            let n = i64::from(is_on);
            self.rows::<(i64,)>(&format!("PRAGMA secure_delete = {n}"), Vec::new()).await?;
            for table in FULL_TEXT {
                let sql = format!("INSERT INTO {table} ({table}, rank) VALUES ('secure-delete', {n})");
                self.run(&sql, Vec::new()).await?;
            }
        }
        Ok(())
    }
}
