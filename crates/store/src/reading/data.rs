use async_recursion::async_recursion as boxed;
use domain::instant::Instant;
use domain::record::RecordKind;
use domain::report::{ImportCounts, ImportDoor, ImportItem, ImportStatus, RejectedItem, SelfCheck, SourceItem};

use super::Reader;
use crate::StoreError;
use crate::db::args;
use crate::error::member;

#[derive(sqlx::FromRow)]
struct ImportRow {
    import_id: i64,
    file_name: String,
    door: i64,
    started_at: i64,
    finished_at: Option<i64>,
    status: i64,
    refusal: Option<String>,
    counts: String,
    can_undo: i64,
    undone_by: Option<String>,
    undone_at: Option<i64>,
}

#[derive(sqlx::FromRow)]
struct RejectedRow {
    position: i64,
    line: Option<i64>,
    byte: Option<i64>,
    reason: String,
    excerpt: String,
}

const IMPORT: &str = "SELECT import_id, file_name, door, started_at, finished_at, status, refusal, counts, \
    can_undo, undone_by, undone_at FROM imports WHERE tenant_id = $1";

impl Reader {
    #[boxed]
    pub async fn sources(&self) -> Result<Vec<SourceItem>, StoreError> {
        let rows: Vec<(i64, i64, i64, i64, i64)> = self
            .db
            .rows(
                "SELECT kind, last_refreshed_at, covers_from, covers_to, records FROM sources \
                 WHERE tenant_id = $1 ORDER BY kind",
                args![self.tenant.0],
            )
            .await?;
        rows.into_iter()
            .map(|(kind, last_refreshed, covers_from, covers_to, records)| {
                Ok(SourceItem {
                    source: member("sources", "kind", kind, RecordKind::from_code)?,
                    last_refreshed: Instant::from_millis(last_refreshed),
                    covers_from: Instant::from_millis(covers_from),
                    covers_to: Instant::from_millis(covers_to),
                    records,
                })
            })
            .collect()
    }

    /// The latest self-check, if there has been any.
    #[boxed]
    pub async fn self_check(&self) -> Result<Option<SelfCheck>, StoreError> {
        let sql = "SELECT checked_at, hours, differences FROM self_checks WHERE tenant_id = $1 \
            ORDER BY checked_at DESC LIMIT 1";
        let row: Option<(i64, i64, i64)> = self.db.row(sql, args![self.tenant.0]).await?;
        Ok(row.map(|(at, hours, differences)| SelfCheck { at: Instant::from_millis(at), hours, differences }))
    }

    /// The latest 200 imports, newest first.
    #[boxed]
    pub async fn imports(&self) -> Result<Vec<ImportItem>, StoreError> {
        let rows: Vec<ImportRow> =
            self.db.rows(&format!("{IMPORT} ORDER BY import_id DESC LIMIT 200"), args![self.tenant.0]).await?;
        rows.into_iter().map(ImportItem::try_from).collect()
    }

    #[boxed]
    pub async fn import(&self, id: i64) -> Result<Option<ImportItem>, StoreError> {
        let row: Option<ImportRow> =
            self.db.row(&format!("{IMPORT} AND import_id = $2"), args![self.tenant.0, id]).await?;
        row.map(ImportItem::try_from).transpose()
    }

    /// The first 1,000 quarantined records of an import, in file order.
    #[boxed]
    pub async fn rejected(&self, id: i64) -> Result<Vec<RejectedItem>, StoreError> {
        Ok(self.rejected_after(id, 0).await?.0)
    }

    /// 1,000 quarantined records behind a position, and the position to go on from where there may be more.
    #[boxed]
    pub async fn rejected_after(&self, id: i64, after: i64) -> Result<(Vec<RejectedItem>, Option<i64>), StoreError> {
        let rows: Vec<RejectedRow> = self
            .db
            .rows(
                "SELECT position, line, byte, reason, excerpt FROM rejected_records \
                 WHERE tenant_id = $1 AND import_id = $2 AND position > $3 ORDER BY position LIMIT 1000",
                args![self.tenant.0, id, after],
            )
            .await?;
        let next = rows.last().filter(|_| rows.len() == 1_000).map(|row| row.position);
        let item = |row: RejectedRow| RejectedItem {
            line: row.line,
            byte: row.byte,
            reason: row.reason,
            excerpt: row.excerpt,
        };
        Ok((rows.into_iter().map(item).collect(), next))
    }

    /// What became of all records of imports that began since then.
    #[boxed]
    pub async fn imported_since(&self, since: Instant) -> Result<ImportCounts, StoreError> {
        let rows: Vec<(String,)> = self
            .db
            .rows(
                "SELECT counts FROM imports WHERE tenant_id = $1 AND started_at >= $2",
                args![self.tenant.0, since.millis()],
            )
            .await?;
        let mut all = ImportCounts::default();
        for (counts,) in rows {
            all.add(&read_counts(&counts)?);
        }
        Ok(all)
    }
}

fn read_counts(json: &str) -> Result<ImportCounts, StoreError> {
    serde_json::from_str(json).map_err(|error| StoreError::Inconsistent { table: "imports", what: error.to_string() })
}

impl TryFrom<ImportRow> for ImportItem {
    type Error = StoreError;

    fn try_from(row: ImportRow) -> Result<Self, StoreError> {
        let counts = read_counts(&row.counts)?;
        let status = member("imports", "status", row.status, ImportStatus::from_code)?;
        Ok(Self {
            can_undo: row.can_undo == 1 && status.is_settled(),
            undone_by: row.undone_by,
            undone_at: row.undone_at.map(Instant::from_millis),
            id: row.import_id,
            file_name: row.file_name,
            door: member("imports", "door", row.door, ImportDoor::from_code)?,
            started_at: Instant::from_millis(row.started_at),
            finished_at: row.finished_at.map(Instant::from_millis),
            status,
            refusal: row.refusal,
            counts,
        })
    }
}
