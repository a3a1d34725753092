//! What somebody is called, everywhere; and the marks that are left of it.

use std::collections::BTreeMap;

use domain::record::UserFacts;
use sea_query::Value;

use super::super::marks::{Marker, erased_id};
use super::super::scrub::Called;
use super::{Erasing, erasing};
use crate::StoreError;
use crate::db::args;
use crate::importing::{Batch, NEVER, name_key, object_key, read_copy};

type Named = (Option<String>, Option<String>);

impl Batch<'_> {
    /// The user of this object id, else of this user name.
    pub(super) async fn user_called(&mut self, user: &str) -> Result<Option<i64>, StoreError> {
        const BY_ID: &str = "SELECT user_id FROM users WHERE tenant_id = $1 AND object_id = $2";
        if let Some((id,)) = self.conn.row::<(i64,)>(BY_ID, args![self.tenant, object_key(user)]).await? {
            return Ok(Some(id));
        }
        const BY_NAME: &str = "SELECT COALESCE(merged_into, user_id) FROM users WHERE tenant_id = $1 AND name_key = $2";
        if let Some((id,)) = self.conn.row::<(i64,)>(BY_NAME, args![self.tenant, name_key(user)]).await? {
            return Ok(Some(id));
        }
        let sql = format!("{} ($2)", crate::importing::holders(|index| self.conn.by_index(index)));
        let holders: Vec<crate::importing::Holder> = self.conn.rows(&sql, args![self.tenant, name_key(user)]).await?;
        Ok(holders.iter().max_by_key(|holder| holder.rank()).map(|holder| holder.user_id))
    }

    pub(super) async fn erasure_of(&mut self, user_id: i64) -> Result<Option<Erasing>, StoreError> {
        const SQL: &str = "SELECT names FROM erasures WHERE tenant_id = $1 AND user_id = $2";
        let row: Option<(Option<String>,)> = self.conn.row(SQL, args![self.tenant, user_id]).await?;
        row.map(|(names,)| erasing(user_id, names)).transpose()
    }

    /// The subject ids of a user: their own, and those of names without an id.
    pub(super) async fn subjects_of_user(&mut self, user_id: i64) -> Result<Vec<Value>, StoreError> {
        let sql = format!(
            "SELECT user_id FROM users {} WHERE tenant_id = $1 AND merged_into = $2",
            self.conn.by_index("users_merged_into_idx")
        );
        let merged: Vec<(i64,)> = self.conn.rows(&sql, args![self.tenant, user_id]).await?;
        Ok(std::iter::once(user_id).chain(merged.into_iter().map(|(id,)| id)).map(Into::into).collect())
    }

    /// Gathers what the user is called by, leaves marks of it, and takes id and names from the user.
    pub(super) async fn begin_erasing(&mut self, user_id: i64, marker: &Marker) -> Result<Called, StoreError> {
        let subjects = self.subjects_of_user(user_id).await?;
        let mut called = Called::default();
        let mut marks: BTreeMap<String, ()> = BTreeMap::new();
        type UserRow = (Option<String>, Option<String>, Option<String>, Option<String>);
        const USERS: &str = "SELECT object_id, name_key, event_user_name, event_display_name FROM users \
            WHERE tenant_id = $1 AND user_id IN";
        for (id, name, user_name, display_name) in
            self.conn.rows_in::<UserRow>(USERS, &[self.tenant], &subjects).await?
        {
            if let Some(id) = &id {
                marks.insert(marker.id(id), ());
            }
            if let Some(name) = &name {
                marks.insert(marker.name(name), ());
            }
            called.id(id.as_deref());
            called.id(name.as_deref());
            called.id(user_name.as_deref());
            called.name(display_name.as_deref());
        }
        // A name that another user has as well stays theirs.
        let sql = format!(
            "SELECT n.name_key, (SELECT COUNT(*) FROM user_names o WHERE o.tenant_id = n.tenant_id \
             AND o.name_key = n.name_key) FROM user_names n {} WHERE n.tenant_id = $1 AND n.user_id = $2",
            self.conn.by_index("user_names_user_idx")
        );
        for (name, holders) in self.conn.rows::<(String, i64)>(&sql, args![self.tenant, user_id]).await? {
            if holders == 1 {
                called.id(Some(&name));
                marks.insert(marker.name(&name), ());
            }
        }
        let names_of = |table: &str, column: &str| {
            format!("SELECT DISTINCT user_name, display_name FROM {table} WHERE tenant_id = $1 AND {column} IN")
        };
        for (table, column) in [
            ("user_states", "user_id"),
            ("events", "user_id"),
            ("audit_records", "user_id"),
            ("mfa_activity", "user_id"),
            ("mfa_actions", "user_id"),
            ("user_labels", "subject_id"),
        ] {
            let keys = if column == "user_id" { vec![user_id.into()] } else { subjects.clone() };
            for (user_name, display_name) in
                self.conn.rows_in::<Named>(&names_of(table, column), &[self.tenant], &keys).await?
            {
                called.id(user_name.as_deref());
                called.name(display_name.as_deref());
            }
        }
        const OBSERVED: &str = "SELECT facts FROM user_observations WHERE tenant_id = $1 AND subject_id IN";
        for (facts,) in self.conn.rows_in::<(String,)>(OBSERVED, &[self.tenant], &subjects).await? {
            let facts: UserFacts = serde_json::from_str(&facts)
                .map_err(|error| StoreError::Inconsistent { table: "user_observations", what: error.to_string() })?;
            called.id(facts.user_name.as_deref());
            called.name(facts.display_name.as_deref());
        }
        let sql = format!(
            "SELECT record FROM record_copies {} WHERE tenant_id = $1 AND subject_id IN",
            self.conn.by_index("record_copies_subject_idx")
        );
        for (json,) in self.conn.rows_in::<(String,)>(&sql, &[self.tenant], &subjects).await? {
            if let Some(user) = super::super::beaten::user_of(&read_copy(&json)?) {
                called.id(user.user_name.as_deref());
                called.name(user.display_name.as_deref());
            }
        }
        self.leave_names_of_others(user_id, &mut called).await?;

        let tenant = self.tenant;
        let rows = marks.into_keys().map(|mark| args![tenant, mark, user_id]);
        self.conn
            .insert(
                "INSERT INTO erasure_marks (tenant_id, mark, user_id)",
                3,
                rows.collect::<Vec<_>>(),
                "ON CONFLICT (tenant_id, mark) DO NOTHING",
            )
            .await?;
        const NAMES: &str = "DELETE FROM user_names WHERE tenant_id = $1 AND user_id = $2";
        self.conn.run(NAMES, args![tenant, user_id]).await?;
        for subject in &subjects {
            let Value::BigInt(Some(id)) = subject else { continue };
            let (object_id, name) = if *id == user_id {
                (Some(erased_id(user_id)), None)
            } else {
                (None, Some(format!("{}:{id}", erased_id(user_id))))
            };
            const SQL: &str = "UPDATE users SET object_id = $3, name_key = $4, event_named_at = NULL, \
                event_user_name = NULL, event_display_name = NULL WHERE tenant_id = $1 AND user_id = $2";
            self.conn.run(SQL, args![tenant, *id, object_id, name.clone()]).await?;
            // What was theirs by a name stays theirs.
            if let Some(name) = name {
                const SQL: &str =
                    "INSERT INTO user_names (tenant_id, name_key, user_id, last_at) VALUES ($1, $2, $3, $4)";
                self.conn.run(SQL, args![tenant, name, user_id, NEVER]).await?;
            }
        }
        Ok(called)
    }

    /// User names that somebody else has are not looked for in what is about others.
    async fn leave_names_of_others(&mut self, user_id: i64, called: &mut Called) -> Result<(), StoreError> {
        let names: Vec<Value> = called.ids.iter().map(|name| name.as_str().into()).collect();
        const SQL: &str =
            "SELECT DISTINCT name_key FROM user_names WHERE user_id <> $1 AND tenant_id = $2 AND name_key IN";
        for (name,) in self.conn.rows_in::<(String,)>(SQL, &[user_id, self.tenant], &names).await? {
            called.ids.remove(&name);
        }
        Ok(())
    }
}
