//! Counts over windows: whole buckets from the counters, the edges from the rows that are counted.

use super::Reader;
use crate::StoreError;
use crate::db::{DbRow, args};
use crate::tiers::Segment;

/// Counters by bucket, and the rows they count.
pub(super) struct Counters {
    pub table: &'static str,
    pub rows: &'static str,
    /// What is counted apart: a column of the counters, and what it is in the rows.
    pub by: &'static [(&'static str, &'static str)],
    /// Which of the rows are counted, as more conditions.
    pub counted: &'static str,
}

impl Reader {
    /// The counts of some segments: the columns of [`Counters::by`] and how many, the same more than once. `only` asks
    /// for values of columns that counters and rows have alike.
    pub(super) async fn sums<T: DbRow>(
        &self,
        counters: &Counters,
        segments: &[Segment],
        only: &[(&str, i64)],
    ) -> Result<Vec<T>, StoreError> {
        if segments.is_empty() {
            return Ok(Vec::new());
        }
        let mut args = args![self.tenant.0];
        let mut conditions = "tenant_id = $1".to_owned();
        for (column, value) in only {
            args.push((*value).into());
            conditions.push_str(&format!(" AND {column} = ${}", args.len()));
        }
        let columns: Vec<&str> = counters.by.iter().map(|(column, _)| *column).collect();
        // The pluses keep SQLite from reading all of an index whose order has the groups.
        let of_rows: Vec<String> = counters.by.iter().map(|(_, of_rows)| format!("+{of_rows}")).collect();
        let (columns, of_rows) = (columns.join(", "), of_rows.join(", "));
        let mut parts = Vec::new();
        for segment in segments {
            let n = args.len();
            parts.push(match segment {
                Segment::Tier { tier, from, to } => {
                    args.extend(args![*tier, *from, *to]);
                    format!(
                        "SELECT {columns}, CAST(SUM(n) AS BIGINT) AS n FROM {} WHERE {conditions} AND tier = ${} \
                         AND bucket_at >= ${} AND bucket_at < ${} GROUP BY {columns}",
                        counters.table,
                        n + 1,
                        n + 2,
                        n + 3
                    )
                }
                Segment::Raw { from, to } => {
                    args.extend(args![*from, *to]);
                    format!(
                        "SELECT {of_rows}, COUNT(*) AS n FROM {} WHERE {conditions} AND at >= ${} AND at < ${}{} \
                         GROUP BY {of_rows}",
                        counters.rows,
                        n + 1,
                        n + 2,
                        counters.counted
                    )
                }
            });
        }
        self.db.rows(&parts.join(" UNION ALL "), args).await
    }
}
