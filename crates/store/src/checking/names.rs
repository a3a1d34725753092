//! Whose a name without an id is: the user's who had it last.

use std::collections::BTreeMap;

use sea_query::Value;

use super::{CHUNK, Difference, Recount};
use crate::StoreError;
use crate::db::args;
use crate::importing::{Holder, holders};

impl Recount<'_> {
    pub(super) async fn names(&mut self) -> Result<(), StoreError> {
        const SQL: &str = "SELECT user_id, name_key, merged_into FROM users \
            WHERE tenant_id = $1 AND user_id > $2 AND name_key IS NOT NULL ORDER BY user_id LIMIT $3";
        let holders = holders(|index| self.conn.by_index(index));
        let mut after = i64::MIN;
        loop {
            let names: Vec<(i64, String, Option<i64>)> =
                self.conn.rows(SQL, args![self.tenant.0, after, CHUNK]).await?;
            let Some((last, ..)) = names.last() else { return Ok(()) };
            after = *last;
            let keys: Vec<Value> = names.iter().map(|(_, name, _)| name.as_str().into()).collect();
            let mut best: BTreeMap<String, Holder> = BTreeMap::new();
            for holder in self.conn.rows_in::<Holder>(&holders, &[self.tenant.0], &keys).await? {
                if best.get(&holder.name_key).is_none_or(|best| best.rank() < holder.rank()) {
                    best.insert(holder.name_key.clone(), holder);
                }
            }
            for (user_id, name, stored) in names {
                let expected = best.get(&name).map(|holder| holder.user_id);
                if stored != expected {
                    self.move_name(user_id, stored, expected).await?;
                }
            }
        }
    }

    async fn move_name(&mut self, user_id: i64, stored: Option<i64>, expected: Option<i64>) -> Result<(), StoreError> {
        let text = |id: Option<i64>| Some(id.map_or("nobody's".to_owned(), |id| format!("user_id {id}'s")));
        self.found(Difference {
            table: "users",
            key: format!("user_id {user_id}, a name"),
            stored: text(stored),
            recounted: text(expected),
        });
        if self.is_repairing {
            let sql = "UPDATE users SET merged_into = $3 WHERE tenant_id = $1 AND user_id = $2";
            self.conn.run(sql, args![self.tenant.0, user_id, expected]).await?;
        }
        Ok(())
    }
}
