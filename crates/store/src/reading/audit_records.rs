//! Audit records as they were read, in the order of time.

use async_recursion::async_recursion as boxed;
use domain::instant::Instant;
use domain::record::AuditRecord;
use domain::window::Window;

use super::Reader;
use super::conditions::Conditions;
use crate::StoreError;
use crate::db::args;
use crate::importing::{STORED_AUDIT_COLUMNS, STORED_AUDITS, StoredAudit};

/// Which audit records, and how many of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditsQuery {
    pub window: Window,
    pub ascending: bool,
    /// The record that the page comes after.
    pub after: Option<AuditPlace>,
    pub size: u32,
}

/// A record's time and id: its place among all.
pub type AuditPlace = (Instant, String);

impl Reader {
    /// Audit records of a window in the order of time; those of one instant in that of their ids.
    #[boxed]
    pub async fn audit_records(&self, query: &AuditsQuery) -> Result<Vec<AuditRecord>, StoreError> {
        let mut conditions = self.audits_within(query.window);
        let (comparison, word) = if query.ascending { (">", "ASC") } else { ("<", "DESC") };
        if let Some((at, id)) = &query.after {
            let place = format!("(a.at, a.record_id) {comparison} (?, ?)");
            conditions.and(&place, [at.millis().into(), id.as_str().into()]);
        }
        let by_time = self.db.by_index("audit_records_at_idx");
        let sql = format!(
            "SELECT {STORED_AUDIT_COLUMNS} FROM audit_records a {by_time} \
             LEFT JOIN users u ON u.tenant_id = a.tenant_id AND u.user_id = a.subject_id{} ORDER BY a.at {word}, a.record_id {word} LIMIT {}",
            conditions.sql(),
            query.size
        );
        let rows: Vec<StoredAudit> = self.db.rows(&sql, conditions.args()).await?;
        rows.into_iter().map(StoredAudit::into_audit).collect()
    }

    /// How many audit records a window has.
    #[boxed]
    pub async fn count_audit_records(&self, window: Window) -> Result<i64, StoreError> {
        let conditions = self.audits_within(window);
        let by_time = self.db.by_index("audit_records_at_idx");
        let sql = format!("SELECT COUNT(*) FROM audit_records a {by_time}{}", conditions.sql());
        let row: Option<(i64,)> = self.db.row(&sql, conditions.args()).await?;
        Ok(row.unwrap_or_default().0)
    }

    /// The audit record of this id.
    #[boxed]
    pub async fn audit_record(&self, id: &str) -> Result<Option<AuditRecord>, StoreError> {
        let sql = format!("SELECT {STORED_AUDIT_COLUMNS} {STORED_AUDITS} WHERE a.tenant_id = $1 AND a.record_id = $2");
        let row: Option<StoredAudit> = self.db.row(&sql, args![self.tenant.0, id.to_owned()]).await?;
        row.map(StoredAudit::into_audit).transpose()
    }

    fn audits_within(&self, window: Window) -> Conditions {
        let mut conditions = Conditions::default();
        conditions.and("a.tenant_id = ?", [self.tenant.0.into()]);
        conditions.and("a.at >= ? AND a.at < ?", [window.from.millis().into(), window.to.millis().into()]);
        conditions
    }
}
