//! An import taken back: afterwards everything is as if it had never been.
//!
//! What it brought goes, table by table, in lots of one transaction each with every figure they were in. Versions that
//! its records had beaten come back. A lot that is done stays done: whoever breaks off can go on.

use std::collections::BTreeMap;

use async_recursion::async_recursion as boxed;
use domain::connection::Resource;
use domain::export::ExportProblem;
use domain::instant::Instant;
use domain::record::RecordKind;
use domain::report::{ImportCounts, ImportStatus};

use super::brought::{Table, beginning, next_rows};
use super::leftovers::drop_leftovers;
use crate::db::{Conn, args};
use crate::exports::end_exports;
use crate::importing::{Batch, Operator, mark_interrupted, note_change};
use crate::{ImportId, StoreError};

/// Why an import cannot be taken back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum UndoRefused {
    #[error("there is no such import")]
    Missing,
    #[error("it is still being read")]
    Running,
    #[error("it has been taken back already")]
    Undone,
    #[error("it was imported by a version of Keyroll that did not keep what its records replaced")]
    TooOld,
}

/// An import that is being taken back.
#[derive(Debug, Clone)]
pub struct Undo {
    pub import: ImportId,
    table: usize,
    after: super::brought::Key,
    /// Whether anything was found in this round: others write meanwhile, and the last round finds nothing.
    found: bool,
}

impl Operator {
    /// Notes that an import is to be taken back, and by whom. Of one that was begun before, it goes on.
    #[boxed]
    pub async fn begin_undo(&self, import: ImportId, by: &str) -> Result<Result<Undo, UndoRefused>, StoreError> {
        mark_interrupted(&self.db, self.tenant.0).await?;
        let mut conn = self.db.begin().await?;
        const SQL: &str = "SELECT status, can_undo FROM imports WHERE tenant_id = $1 AND import_id = $2";
        let row: Option<(i64, i64)> = conn.row(SQL, args![self.tenant.0, import.0]).await?;
        let Some((status, can_undo)) = row else { return Ok(Err(UndoRefused::Missing)) };
        let undo = Undo { import, table: 0, after: beginning(), found: false };
        match crate::error::member("imports", "status", status, ImportStatus::from_code)? {
            ImportStatus::Undoing => return Ok(Ok(undo)),
            ImportStatus::Undone => return Ok(Err(UndoRefused::Undone)),
            ImportStatus::Running => return Ok(Err(UndoRefused::Running)),
            ImportStatus::Done | ImportStatus::Refused | ImportStatus::Interrupted if can_undo == 0 => {
                return Ok(Err(UndoRefused::TooOld));
            }
            ImportStatus::Done | ImportStatus::Refused | ImportStatus::Interrupted => {}
        }
        const BEGIN: &str = "UPDATE imports SET status = $3, undone_by = $4 WHERE tenant_id = $1 AND import_id = $2";
        conn.run(BEGIN, args![self.tenant.0, import.0, ImportStatus::Undoing.code(), by]).await?;
        conn.commit().await?;
        Ok(Ok(undo))
    }

    /// Imports that somebody began to take back.
    #[boxed]
    pub async fn begun_undos(&self) -> Result<Vec<Undo>, StoreError> {
        const SQL: &str = "SELECT import_id FROM imports WHERE tenant_id = $1 AND status = $2 ORDER BY import_id";
        let rows: Vec<(i64,)> = self.db.rows(SQL, args![self.tenant.0, ImportStatus::Undoing.code()]).await?;
        let undo = |(id,)| Undo { import: ImportId(id), table: 0, after: beginning(), found: false };
        Ok(rows.into_iter().map(undo).collect())
    }

    /// Takes the next rows back, in one transaction; answers how many, or `None` where nothing is left to do.
    #[boxed(?Send)]
    pub async fn undo_some(&self, undo: &mut Undo, now: Instant) -> Result<Option<usize>, StoreError> {
        while let Some(table) = Table::ALL.get(undo.table).copied() {
            let keys = next_rows(&self.db, self.tenant.0, undo.import.0, table, &undo.after).await?;
            let Some(last) = keys.last() else {
                (undo.table, undo.after) = (undo.table + 1, beginning());
                continue;
            };
            let mut conn = self.db.begin().await?;
            self.batch(&mut conn, undo.import.0).take_back(undo.import.0, table, &keys).await?;
            end_exports(&mut conn, self.tenant.0, ExportProblem::Undone).await?;
            note_change(&mut conn, self.tenant.0).await?;
            conn.commit().await?;
            undo.after.clone_from(last);
            undo.found = true;
            return Ok(Some(keys.len()));
        }
        if std::mem::take(&mut undo.found) {
            // Another import that is taken back meanwhile may have brought something back.
            (undo.table, undo.after) = (0, beginning());
            return Ok(Some(0));
        }
        let mut conn = self.db.begin().await?;
        let recalled = self.batch(&mut conn, undo.import.0).recall_some().await?;
        conn.commit().await?;
        if recalled > 0 {
            return Ok(Some(0));
        }
        drop_leftovers(self).await?;
        self.finish_undo(undo.import, now).await?;
        Ok(None)
    }

    /// Takes an import back to its end; answers how many rows went.
    #[boxed(?Send)]
    pub async fn undo(&self, mut undo: Undo, now: Instant) -> Result<usize, StoreError> {
        let mut rows = 0;
        while let Some(taken) = self.undo_some(&mut undo, now).await? {
            rows += taken;
        }
        Ok(rows)
    }

    pub(super) fn batch<'a>(&'a self, conn: &'a mut Conn, import: i64) -> Batch<'a> {
        Batch::new(conn, self.tenant, import, &self.options)
    }

    async fn finish_undo(&self, import: ImportId, now: Instant) -> Result<(), StoreError> {
        let mut conn = self.db.begin().await?;
        pull_again(&mut conn, self.tenant.0, import).await?;
        const GONE: &str = "DELETE FROM import_sources WHERE tenant_id = $1 AND import_id = $2";
        conn.run(GONE, args![self.tenant.0, import.0]).await?;
        const DONE: &str =
            "UPDATE imports SET status = $3, undone_at = $4 WHERE tenant_id = $1 AND import_id = $2 AND status = $5";
        let (undone, undoing) = (ImportStatus::Undone.code(), ImportStatus::Undoing.code());
        conn.run(DONE, args![self.tenant.0, import.0, undone, now.millis(), undoing]).await?;
        cover_again(&mut conn, self.tenant.0).await?;
        end_exports(&mut conn, self.tenant.0, ExportProblem::Undone).await?;
        note_change(&mut conn, self.tenant.0).await?;
        conn.commit().await
    }
}

/// A pull may have brought the same records since, and count on them: what has gone is pulled once more.
async fn pull_again(conn: &mut Conn, tenant: i64, import: ImportId) -> Result<(), StoreError> {
    const KINDS: &str = "SELECT kind FROM import_sources WHERE tenant_id = $1 AND import_id = $2";
    let kinds: Vec<(i64,)> = conn.rows(KINDS, args![tenant, import.0]).await?;
    let is_gone = |resource: &&Resource| kinds.contains(&(resource.kind().code(),));
    let resources: Vec<_> = Resource::ALL.iter().filter(is_gone).map(|resource| resource.code().into()).collect();
    const SQL: &str = "UPDATE connection_resources SET mark = '{}', covered_to = NULL \
        WHERE tenant_id = $1 AND resource IN";
    conn.run_in(SQL, &[tenant], &resources).await
}

/// Puts together again what is known of the sources, from what each import added.
pub(super) async fn cover_again(conn: &mut Conn, tenant: i64) -> Result<(), StoreError> {
    const ADDED: &str = "SELECT kind, MAX(last_refreshed_at), MIN(covers_from), MAX(covers_to) FROM import_sources \
        WHERE tenant_id = $1 GROUP BY kind";
    let added: Vec<(i64, i64, i64, i64)> = conn.rows(ADDED, args![tenant]).await?;
    let mut sources: BTreeMap<i64, (i64, i64, i64)> =
        added.into_iter().map(|(kind, refreshed, from, to)| (kind, (refreshed, from, to))).collect();
    // An import whose records were all known refreshed their sources when it ended.
    const ENDED: &str = "SELECT finished_at, counts FROM imports WHERE tenant_id = $1 AND finished_at IS NOT NULL \
        AND status <> $2 AND status <> $3";
    let ended: Vec<(i64, String)> =
        conn.rows(ENDED, args![tenant, ImportStatus::Undoing.code(), ImportStatus::Undone.code()]).await?;
    for (finished_at, counts) in ended {
        let counts: ImportCounts = serde_json::from_str(&counts)
            .map_err(|error| StoreError::Inconsistent { table: "imports", what: error.to_string() })?;
        for kind in counts.by_kind.keys().filter_map(|name| name.parse::<RecordKind>().ok()) {
            if let Some((refreshed, ..)) = sources.get_mut(&kind.code()) {
                *refreshed = finished_at.max(*refreshed);
            }
        }
    }
    for kind in RecordKind::ALL {
        let code = kind.code();
        match sources.get(&code) {
            Some((refreshed, from, to)) => {
                const SQL: &str = "UPDATE sources SET last_refreshed_at = $3, covers_from = $4, covers_to = $5 \
                    WHERE tenant_id = $1 AND kind = $2";
                conn.run(SQL, args![tenant, code, *refreshed, *from, *to]).await?;
            }
            None => {
                const SQL: &str = "DELETE FROM sources WHERE tenant_id = $1 AND kind = $2";
                conn.run(SQL, args![tenant, code]).await?;
            }
        }
    }
    Ok(())
}
