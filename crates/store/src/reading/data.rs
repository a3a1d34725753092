use domain::instant::Instant;
use domain::record::RecordKind;
use domain::report::{ImportCounts, ImportItem, ImportStatus, RejectedItem, SourceItem};

use super::Reader;
use crate::StoreError;
use crate::db::args;
use crate::error::member;

#[derive(sqlx::FromRow)]
struct ImportRow {
    import_id: i64,
    file_name: String,
    started_at: i64,
    finished_at: Option<i64>,
    status: i64,
    refusal: Option<String>,
    counts: String,
}

const IMPORT: &str = "SELECT import_id, file_name, started_at, finished_at, status, refusal, counts FROM imports \
    WHERE tenant_id = $1";

impl Reader {
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

    /// The latest 200 imports, newest first.
    pub async fn imports(&self) -> Result<Vec<ImportItem>, StoreError> {
        let rows: Vec<ImportRow> =
            self.db.rows(&format!("{IMPORT} ORDER BY import_id DESC LIMIT 200"), args![self.tenant.0]).await?;
        rows.into_iter().map(ImportItem::try_from).collect()
    }

    pub async fn import(&self, id: i64) -> Result<Option<ImportItem>, StoreError> {
        let row: Option<ImportRow> =
            self.db.row(&format!("{IMPORT} AND import_id = $2"), args![self.tenant.0, id]).await?;
        row.map(ImportItem::try_from).transpose()
    }

    /// The first 1,000 quarantined records of an import, in file order.
    pub async fn rejected(&self, id: i64) -> Result<Vec<RejectedItem>, StoreError> {
        let rows: Vec<(Option<i64>, Option<i64>, String, String)> = self
            .db
            .rows(
                "SELECT line, byte, reason, excerpt FROM rejected_records \
                 WHERE tenant_id = $1 AND import_id = $2 ORDER BY position LIMIT 1000",
                args![self.tenant.0, id],
            )
            .await?;
        Ok(rows.into_iter().map(|(line, byte, reason, excerpt)| RejectedItem { line, byte, reason, excerpt }).collect())
    }
}

impl TryFrom<ImportRow> for ImportItem {
    type Error = StoreError;

    fn try_from(row: ImportRow) -> Result<Self, StoreError> {
        let counts: ImportCounts = serde_json::from_str(&row.counts)
            .map_err(|error| StoreError::Inconsistent { table: "imports", what: error.to_string() })?;
        Ok(Self {
            id: row.import_id,
            file_name: row.file_name,
            started_at: Instant::from_millis(row.started_at),
            finished_at: row.finished_at.map(Instant::from_millis),
            status: member("imports", "status", row.status, ImportStatus::from_code)?,
            refusal: row.refusal,
            counts,
        })
    }
}
