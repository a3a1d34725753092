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
    /// What the segments add up to: of each combination that occurs its columns and how many. `only` asks for some
    /// values of columns; an empty list would be an error.
    pub(super) async fn sums<T: DbRow>(
        &self,
        counters: &Counters,
        segments: &[Segment],
        only: &[(&str, &[i64])],
    ) -> Result<Vec<T>, StoreError> {
        if segments.is_empty() {
            return Ok(Vec::new());
        }
        let mut args = args![self.tenant.0];
        let mut place = |value: i64| {
            args.push(value.into());
            format!("${}", args.len())
        };
        let mut parts = Vec::new();
        for segment in segments {
            let is_of_rows = matches!(segment, Segment::Raw { .. });
            let mut select = String::new();
            let mut group = Vec::new();
            let mut conditions = "tenant_id = $1".to_owned();
            for (column, of_rows) in counters.by {
                let value = if is_of_rows { of_rows } else { column };
                // The plus keeps SQLite from reading all of an index whose order has the groups.
                let grouped = if is_of_rows { format!("+{value}") } else { (*value).to_owned() };
                select.push_str(&format!("{grouped} AS {column}, "));
                group.push(grouped);
                for (_, values) in only.iter().filter(|(name, _)| name == column) {
                    let places: Vec<String> = values.iter().map(|value| place(*value)).collect();
                    conditions.push_str(&format!(" AND {value} IN ({})", places.join(", ")));
                }
            }
            let (table, n) = match segment {
                Segment::Tier { tier, from, to } => {
                    let (tier, from, to) = (place(*tier), place(*from), place(*to));
                    conditions.push_str(&format!(" AND tier = {tier} AND bucket_at >= {from} AND bucket_at < {to}"));
                    (counters.table, "CAST(SUM(n) AS BIGINT)")
                }
                Segment::Raw { from, to } => {
                    let (from, to) = (place(*from), place(*to));
                    conditions.push_str(&format!(" AND at >= {from} AND at < {to}{}", counters.counted));
                    (counters.rows, "COUNT(*)")
                }
            };
            parts
                .push(format!("SELECT {select}{n} AS n FROM {table} WHERE {conditions} GROUP BY {}", group.join(", ")));
        }
        let columns: Vec<&str> = counters.by.iter().map(|(column, _)| *column).collect();
        let columns = columns.join(", ");
        let sql = format!(
            "SELECT {columns}, CAST(SUM(n) AS BIGINT) FROM ({}) AS parts GROUP BY {columns} HAVING SUM(n) <> 0",
            parts.join(" UNION ALL ")
        );
        self.db.rows(&sql, args).await
    }
}
