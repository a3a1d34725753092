//! Whose a row is: the user whom its subject belongs to. And users whom rows name, and who are not there.

use std::collections::BTreeSet;

use super::{Difference, Recount};
use crate::StoreError;
use crate::db::args;
use crate::importing::name_key;

/// Tables whose rows are about somebody, with what tells their rows apart for people.
pub(super) const TABLES: [(&str, &str); 5] = [
    ("user_observations", "'observed_at ' || observed_at"),
    ("audit_records", "'record_id ' || record_id"),
    ("events", "'event_id ' || event_id"),
    ("mfa_activity", "'activity_id ' || activity_id"),
    ("mfa_actions", "'action_id ' || action_id"),
];

/// Links of one table that are listed.
const MOST: i64 = 1000;

/// As stored: what the row is called, subject, user, and the user that it should have.
type LinkRow = (String, Option<i64>, Option<i64>, Option<i64>);

impl Recount<'_> {
    pub(super) async fn links(&mut self, table: usize) -> Result<(), StoreError> {
        let (table, name) = TABLES[table];
        let sql = format!(
            "SELECT {name}, t.subject_id, t.user_id, COALESCE(u.merged_into, u.user_id) FROM {table} t \
             LEFT JOIN users u ON u.tenant_id = t.tenant_id AND u.user_id = t.subject_id \
             WHERE t.tenant_id = $1 AND COALESCE(u.merged_into, u.user_id, -1) <> COALESCE(t.user_id, -1) LIMIT $2"
        );
        let rows: Vec<LinkRow> = self.conn.rows(&sql, args![self.tenant.0, MOST]).await?;
        let is_any = !rows.is_empty();
        for (key, subject_id, user_id, expected) in rows {
            let user = |id: Option<i64>| id.map_or("no user_id".to_owned(), |id| format!("user_id {id}"));
            let key = format!("{key}, subject_id {}", subject_id.map_or("nothing".to_owned(), |id| id.to_string()));
            let (stored, recounted) = (Some(user(user_id)), Some(user(expected)));
            self.found(Difference { table, key, stored, recounted });
        }
        if is_any && self.is_repairing {
            let whose = format!(
                "(SELECT COALESCE(u.merged_into, u.user_id) FROM users u \
                 WHERE u.tenant_id = {table}.tenant_id AND u.user_id = {table}.subject_id)"
            );
            let sql = format!(
                "UPDATE {table} SET user_id = {whose} WHERE tenant_id = $1 AND COALESCE(user_id, -1) <> COALESCE({whose}, -1)"
            );
            self.conn.run(&sql, args![self.tenant.0]).await?;
        }
        Ok(())
    }

    /// Users whom rows name and who are not there. They come back under the id or name that their intervals have.
    pub(super) async fn missing_users(&mut self) -> Result<(), StoreError> {
        let mut missing = BTreeSet::new();
        for table in TABLES.map(|(table, _)| table).into_iter().chain(["user_labels"]) {
            let sql = format!(
                "SELECT DISTINCT t.subject_id FROM {table} t \
                 LEFT JOIN users u ON u.tenant_id = t.tenant_id AND u.user_id = t.subject_id \
                 WHERE t.tenant_id = $1 AND t.subject_id IS NOT NULL AND u.user_id IS NULL LIMIT $2"
            );
            let rows: Vec<(i64,)> = self.conn.rows(&sql, args![self.tenant.0, MOST]).await?;
            missing.extend(rows.into_iter().map(|(id,)| id));
        }
        for user_id in missing {
            let id = self.last_id_of(user_id).await?;
            let recounted = Some(id.as_ref().map_or("a user without a name", |_| "a user").to_owned());
            self.found(Difference { table: "users", key: format!("user_id {user_id}"), stored: None, recounted });
            if self.is_repairing {
                let (id, is_name, user_name, display_name, at) = id.unwrap_or_default();
                let (object_id, name_key) = if is_name { (None, Some(id)) } else { (Some(id), None) };
                let named_at = (user_name.is_some() || display_name.is_some()).then_some(at);
                self.conn
                    .run(
                        "INSERT INTO users (tenant_id, user_id, object_id, name_key, event_named_at, event_user_name, \
                         event_display_name) VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING",
                        args![
                            self.tenant.0,
                            user_id,
                            object_id.filter(|id| !id.is_empty()),
                            name_key,
                            named_at,
                            user_name,
                            display_name
                        ],
                    )
                    .await?;
            }
        }
        Ok(())
    }

    /// The outward id of a user's latest interval, whether it is a name, the names there, and since when.
    async fn last_id_of(
        &mut self,
        user_id: i64,
    ) -> Result<Option<(String, bool, Option<String>, Option<String>, i64)>, StoreError> {
        let sql = "SELECT id, user_name, display_name, valid_from FROM user_states \
            WHERE tenant_id = $1 AND user_id = $2 ORDER BY valid_from DESC LIMIT 1";
        let row: Option<(String, Option<String>, Option<String>, i64)> =
            self.conn.row(sql, args![self.tenant.0, user_id]).await?;
        Ok(row.map(|(id, user_name, display_name, at)| {
            let is_name = user_name.as_deref().is_some_and(|name| name_key(name) == id);
            (id, is_name, user_name, display_name, at)
        }))
    }
}
