//! Audit records as they were read, in the order of time.

use domain::instant::Instant;
use domain::record::{AuditRecord, AuditResult, UserRef};
use domain::window::Window;

use super::Reader;
use super::conditions::Conditions;
use crate::StoreError;
use crate::db::args;
use crate::error::member;

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

#[derive(Debug, sqlx::FromRow)]
struct AuditRow {
    record_id: String,
    at: i64,
    log_at: Option<i64>,
    digest: String,
    activity: String,
    service: Option<String>,
    category: Option<String>,
    result: i64,
    reason: Option<String>,
    correlation_id: Option<String>,
    object_id: Option<String>,
    user_name: Option<String>,
    display_name: Option<String>,
    record_tenant: Option<String>,
    body: String,
}

const SELECT: &str = "SELECT a.record_id, a.at, a.log_at, a.digest, a.activity, a.service, a.category, a.result, \
    a.reason, a.correlation_id, u.object_id, a.user_name, a.display_name, a.record_tenant, a.body FROM audit_records a";
const USER: &str = "LEFT JOIN users u ON u.tenant_id = a.tenant_id AND u.user_id = a.user_id";

impl Reader {
    /// Audit records of a window in the order of time; those of one instant in that of their ids.
    pub async fn audit_records(&self, query: &AuditsQuery) -> Result<Vec<AuditRecord>, StoreError> {
        let mut conditions = self.audits_within(query.window);
        let (comparison, word) = if query.ascending { (">", "ASC") } else { ("<", "DESC") };
        if let Some((at, id)) = &query.after {
            let place = format!("(a.at, a.record_id) {comparison} (?, ?)");
            conditions.and(&place, [at.millis().into(), id.as_str().into()]);
        }
        let by_time = self.db.by_index("audit_records_at_idx");
        let sql = format!(
            "{SELECT} {by_time} {USER}{} ORDER BY a.at {word}, a.record_id {word} LIMIT {}",
            conditions.sql(),
            query.size
        );
        let rows: Vec<AuditRow> = self.db.rows(&sql, conditions.args()).await?;
        rows.into_iter().map(AuditRecord::try_from).collect()
    }

    /// How many audit records a window has.
    pub async fn count_audit_records(&self, window: Window) -> Result<i64, StoreError> {
        let conditions = self.audits_within(window);
        let by_time = self.db.by_index("audit_records_at_idx");
        let sql = format!("SELECT COUNT(*) FROM audit_records a {by_time}{}", conditions.sql());
        let row: Option<(i64,)> = self.db.row(&sql, conditions.args()).await?;
        Ok(row.unwrap_or_default().0)
    }

    /// The audit record of this id.
    pub async fn audit_record(&self, id: &str) -> Result<Option<AuditRecord>, StoreError> {
        let sql = format!("{SELECT} {USER} WHERE a.tenant_id = $1 AND a.record_id = $2");
        let row: Option<AuditRow> = self.db.row(&sql, args![self.tenant.0, id.to_owned()]).await?;
        row.map(AuditRecord::try_from).transpose()
    }

    fn audits_within(&self, window: Window) -> Conditions {
        let mut conditions = Conditions::default();
        conditions.and("a.tenant_id = ?", [self.tenant.0.into()]);
        conditions.and("a.at >= ? AND a.at < ?", [window.from.millis().into(), window.to.millis().into()]);
        conditions
    }
}

impl TryFrom<AuditRow> for AuditRecord {
    type Error = StoreError;

    fn try_from(row: AuditRow) -> Result<Self, StoreError> {
        const TABLE: &str = "audit_records";
        let mut digest = [0; 32];
        hex::decode_to_slice(&row.digest, &mut digest)
            .map_err(|_| StoreError::Inconsistent { table: TABLE, what: format!("digest {}", row.digest) })?;
        Ok(Self {
            record_id: row.record_id,
            at: Instant::from_millis(row.at),
            log_at: row.log_at.map(Instant::from_millis),
            activity: row.activity,
            service: row.service,
            category: row.category,
            result: member(TABLE, "result", row.result, AuditResult::from_code)?,
            reason: row.reason,
            correlation_id: row.correlation_id,
            user: UserRef { object_id: row.object_id, user_name: row.user_name, display_name: row.display_name },
            tenant: row.record_tenant,
            digest,
            body: row.body,
        })
    }
}
