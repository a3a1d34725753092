//! What sign-ins shared and none has any more: applications, places, policies.

use sea_query::Value;

use crate::StoreError;
use crate::db::args;
use crate::importing::{Batch, Operator};

/// Table, number, the index that finds sign-ins by it.
const SHARED: [(&str, &str, &str); 3] = [
    ("apps", "app_no", "sign_ins_app_idx"),
    ("places", "place_id", "sign_ins_place_idx"),
    ("policy_sets", "policy_set_id", "sign_ins_policies_idx"),
];

/// How many are looked at in one transaction.
const LOT: i64 = 2000;

impl Batch<'_> {
    /// Takes away what no sign-in has, of some that follow `after`; answers the last that was looked at.
    async fn drop_unused(
        &mut self,
        (table, number, index): (&str, &str, &str),
        after: i64,
    ) -> Result<Option<i64>, StoreError> {
        let sql = format!(
            "SELECT d.{number}, (SELECT s.{number} FROM sign_ins s {} \
             WHERE s.tenant_id = d.tenant_id AND s.{number} = d.{number} LIMIT 1) \
             FROM {table} d WHERE d.tenant_id = $1 AND d.{number} > $2 ORDER BY d.{number} LIMIT {LOT}",
            self.conn.by_index(index)
        );
        let rows: Vec<(i64, Option<i64>)> = self.conn.rows(&sql, args![self.tenant, after]).await?;
        let unused: Vec<Value> =
            rows.iter().filter(|(_, used)| used.is_none()).map(|(number, _)| (*number).into()).collect();
        let delete = format!("DELETE FROM {table} WHERE tenant_id = $1 AND {number} IN");
        self.conn.run_in(&delete, &[self.tenant], &unused).await?;
        Ok(rows.last().map(|(number, _)| *number))
    }
}

/// Goes through everything that sign-ins share. While indexes are put off, it stays: finding out would take too long.
pub(super) async fn drop_leftovers(operator: &Operator) -> Result<(), StoreError> {
    const DEFERRED: &str = "SELECT name FROM deferred_indexes LIMIT 1";
    for shared in SHARED {
        let mut after = i64::MIN;
        loop {
            let mut conn = operator.db.begin().await?;
            if conn.row::<(String,)>(DEFERRED, Vec::new()).await?.is_some() {
                return Ok(());
            }
            let last = operator.batch(&mut conn, 0).drop_unused(shared, after).await?;
            conn.commit().await?;
            match last {
                Some(last) => after = last,
                None => break,
            }
        }
    }
    Ok(())
}
