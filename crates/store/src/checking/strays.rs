//! Rows of counters and sets that no window ever reads: of a tier, a measure or a time that there is not.

use domain::instant::Instant;

use super::findings::bucket;
use super::{Difference, Recount};
use crate::StoreError;
use crate::db::args;

/// Tables with buckets, and what else none of their rows may be.
pub(super) const TABLES: [(&str, &str); 5] = [
    ("state_rollups", ""),
    ("event_rollups", ""),
    ("password_rollups", ""),
    ("sign_in_counts", ""),
    ("sign_in_users", "OR measure < 0 OR measure > 2"),
];

impl Recount<'_> {
    pub(super) async fn strays(&mut self, table: usize) -> Result<(), StoreError> {
        let (table, or) = TABLES[table];
        let stray = format!(
            "FROM {table} WHERE tenant_id = $1 AND (tier < 0 OR tier > 2 OR bucket_at < $2 OR bucket_at >= $3 {or})"
        );
        let args = || args![self.tenant.0, Instant::MIN.millis(), Instant::MAX.millis()];
        let rows: Vec<(i64, i64)> =
            self.conn.rows(&format!("SELECT tier, bucket_at {stray} LIMIT 1000"), args()).await?;
        let is_any = !rows.is_empty();
        if is_any && self.is_repairing {
            let args = args();
            self.conn.run(&format!("DELETE {stray}"), args).await?;
        }
        for (tier, at) in rows {
            let stored = Some("a row that no window reads".to_owned());
            self.found(Difference { table, key: bucket(tier, at), stored, recounted: None });
        }
        Ok(())
    }
}
