//! One person erased: what happened stays, nameless, and in every count; what they were, and every name and id, goes.
//!
//! First it is noted whom to forget, so that no import brings them back; then table by table goes, in transactions of a
//! bounded size. Whoever breaks off can go on.

use std::collections::BTreeMap;

use domain::instant::Instant;
use domain::record::UserFacts;
use domain::sign_in::AuthenticationStep;
use sea_query::Value;

use super::marks::{Marker, bare, erased_id};
use super::recall::Gone;
use super::scrub::{Called, ERASED};
use crate::StoreError;
use crate::db::{Conn, Db, args};
use crate::importing::{Batch, NEVER, Operator, name_key, note_change, object_key, observation_identity, read_copy};
use crate::packed::{Packer, Unpacker, key_of};
use crate::search::FULL_TEXT;

/// Erases people. Global Administrators only.
#[derive(Clone)]
pub struct Eraser {
    pub(crate) operator: Operator,
}

/// Somebody who is being erased.
#[derive(Debug, Clone)]
pub struct Erasing {
    pub user_id: i64,
    called: Called,
    step: usize,
    after: (i64, i64, String),
}

impl Erasing {
    /// The id that their events have from now on.
    #[must_use]
    pub fn outward_id(&self) -> String {
        erased_id(self.user_id)
    }

    fn next(&mut self) {
        (self.step, self.after) = (self.step + 1, (i64::MIN, i64::MIN, String::new()));
    }
}

impl Eraser {
    /// Notes that a user is to be forgotten, by object id or user name; `None` where nobody is called that.
    ///
    /// `key` is 32 random bytes: what marks are made with, if nobody was erased before.
    pub async fn begin(
        &self,
        user: &str,
        by: &str,
        key: [u8; 32],
        now: Instant,
    ) -> Result<Option<Erasing>, StoreError> {
        let tenant = self.operator.tenant.0;
        let mut conn = self.operator.db.begin().await?;
        let mut batch = self.operator.batch(&mut conn, 0);
        let Some(user_id) = batch.user_called(user).await? else { return Ok(None) };
        let known = batch.erasure_of(user_id).await?;
        if let Some(erasing) = known {
            return Ok(Some(erasing));
        }
        const KEY: &str =
            "INSERT INTO erasure_keys (tenant_id, key) VALUES ($1, $2) ON CONFLICT (tenant_id) DO NOTHING";
        conn.run(KEY, args![tenant, hex::encode(key)]).await?;
        let marker = Marker::of(&mut conn, tenant).await?;
        let Some(marker) = marker else {
            return Err(StoreError::Inconsistent { table: "erasure_keys", what: "no key".to_owned() });
        };
        let mut batch = self.operator.batch(&mut conn, 0);
        let called = batch.begin_erasing(user_id, &marker).await?;
        let json = serde_json::to_string(&called).unwrap_or_default();
        const SQL: &str =
            "INSERT INTO erasures (tenant_id, user_id, begun_at, begun_by, names) VALUES ($1, $2, $3, $4, $5)";
        conn.run(SQL, args![tenant, user_id, now.millis(), by, json]).await?;
        conn.commit().await?;
        Ok(Some(Erasing { user_id, called, step: 0, after: (i64::MIN, i64::MIN, String::new()) }))
    }

    /// Erases to the end whom somebody began to erase.
    pub async fn go_on(&self, erasing: Erasing, now: Instant) -> Result<(), StoreError> {
        self.operator.erase(erasing, now).await
    }
}

impl Operator {
    /// Those whom somebody began to erase.
    pub async fn begun_erasures(&self) -> Result<Vec<Erasing>, StoreError> {
        const SQL: &str = "SELECT user_id, names FROM erasures WHERE tenant_id = $1 AND finished_at IS NULL";
        let rows: Vec<(i64, Option<String>)> = self.db.rows(SQL, args![self.tenant.0]).await?;
        rows.into_iter().map(|(user_id, names)| erasing(user_id, names)).collect()
    }

    /// The next part, in one transaction; `false` where nothing is left to do.
    pub async fn erase_some(&self, erasing: &mut Erasing, now: Instant) -> Result<bool, StoreError> {
        let mut conn = self.db.begin().await?;
        conn.forget_for_good(true).await?;
        let mut batch = self.batch(&mut conn, 0);
        match erasing.step {
            0 => {
                batch.erase_state(erasing).await?;
                erasing.next();
            }
            1 => batch.erase_sign_ins(erasing).await?,
            2 => batch.erase_in_audits(erasing).await?,
            3 => batch.erase_in_copies(erasing).await?,
            4 => batch.erase_in_rejected(erasing).await?,
            5 => {
                batch.erase_elsewhere(erasing).await?;
                erasing.next();
            }
            _ => {
                const DONE: &str = "UPDATE erasures SET finished_at = $3, names = NULL \
                    WHERE tenant_id = $1 AND user_id = $2 AND finished_at IS NULL";
                conn.run(DONE, args![self.tenant.0, erasing.user_id, now.millis()]).await?;
                conn.forget_for_good(false).await?;
                conn.commit().await?;
                super::leftovers::drop_leftovers(self).await?;
                self.db.empty_journal().await?;
                return Ok(false);
            }
        }
        note_change(&mut conn, self.tenant.0).await?;
        conn.commit().await?;
        Ok(true)
    }

    /// Erases somebody to the end.
    pub async fn erase(&self, mut erasing: Erasing, now: Instant) -> Result<(), StoreError> {
        while self.erase_some(&mut erasing, now).await? {}
        Ok(())
    }
}

fn erasing(user_id: i64, names: Option<String>) -> Result<Erasing, StoreError> {
    let called = names.map(|json| serde_json::from_str(&json)).transpose();
    let called = called
        .map_err(|error| StoreError::Inconsistent { table: "erasures", what: error.to_string() })?
        .unwrap_or_default();
    Ok(Erasing { user_id, called, step: 0, after: (i64::MIN, i64::MIN, String::new()) })
}

impl Db {
    /// What was overwritten is not to stand in SQLite's journal either.
    async fn empty_journal(&self) -> Result<(), StoreError> {
        if let Self::Sqlite { .. } = self {
            self.outside_transactions("PRAGMA wal_checkpoint(TRUNCATE)").await?;
        }
        Ok(())
    }
}

impl Conn {
    /// SQLite overwrites what is deleted, also in its index of names.
    async fn forget_for_good(&mut self, is_on: bool) -> Result<(), StoreError> {
        if let Self::Sqlite(_) = self {
            let n = i64::from(is_on);
            self.rows::<(i64,)>(&format!("PRAGMA secure_delete = {n}"), Vec::new()).await?;
            for table in FULL_TEXT {
                let sql = format!("INSERT INTO {table} ({table}, rank) VALUES ('secure-delete', {n})");
                self.run(&sql, Vec::new()).await?;
            }
        }
        Ok(())
    }
}

type Named = (Option<String>, Option<String>);

impl Batch<'_> {
    /// The user of this object id, else of this user name.
    async fn user_called(&mut self, user: &str) -> Result<Option<i64>, StoreError> {
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

    async fn erasure_of(&mut self, user_id: i64) -> Result<Option<Erasing>, StoreError> {
        const SQL: &str = "SELECT names FROM erasures WHERE tenant_id = $1 AND user_id = $2";
        let row: Option<(Option<String>,)> = self.conn.row(SQL, args![self.tenant, user_id]).await?;
        row.map(|(names,)| erasing(user_id, names)).transpose()
    }

    /// The subject ids of a user: their own, and those of names without an id.
    async fn subjects_of_user(&mut self, user_id: i64) -> Result<Vec<Value>, StoreError> {
        let sql = format!(
            "SELECT user_id FROM users {} WHERE tenant_id = $1 AND merged_into = $2",
            self.conn.by_index("users_merged_into_idx")
        );
        let merged: Vec<(i64,)> = self.conn.rows(&sql, args![self.tenant, user_id]).await?;
        Ok(std::iter::once(user_id).chain(merged.into_iter().map(|(id,)| id)).map(Into::into).collect())
    }

    /// Gathers what the user is called by, leaves marks of it, and takes id and names from the user.
    async fn begin_erasing(&mut self, user_id: i64, marker: &Marker) -> Result<Called, StoreError> {
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
            if let Some(user) = super::beaten::user_of(&read_copy(&json)?) {
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

    /// What the user was, and names beside what happened.
    async fn erase_state(&mut self, erasing: &Erasing) -> Result<(), StoreError> {
        let user_id = erasing.user_id;
        let subjects = self.subjects_of_user(user_id).await?;
        let mut gone = Gone::default();
        const OBSERVED: &str = "SELECT subject_id, observed_at, kind FROM user_observations \
            WHERE tenant_id = $1 AND subject_id IN";
        let observed: Vec<(i64, i64, i64)> = self.conn.rows_in(OBSERVED, &[self.tenant], &subjects).await?;
        let mut identities: Vec<Value> = Vec::new();
        for (subject_id, at, kind) in observed {
            if let Some(kind) = domain::record::RecordKind::from_code(kind) {
                gone.count(kind);
            }
            identities.push(observation_identity(subject_id, at, kind).into());
        }
        const COPIES: &str = "DELETE FROM record_copies WHERE tenant_id = $1 AND identity IN";
        self.conn.run_in(COPIES, &[self.tenant], &identities).await?;
        const DELETE: &str = "DELETE FROM user_observations WHERE tenant_id = $1 AND subject_id IN";
        self.conn.run_in(DELETE, &[self.tenant], &subjects).await?;
        self.uncount(&gone).await?;
        for sql in [
            "UPDATE events SET user_name = NULL, display_name = NULL, user_name_folded = '', \
             display_name_folded = '', display_name_key = '' WHERE tenant_id = $1 AND user_id = $2",
            "UPDATE audit_records SET user_name = NULL, display_name = NULL WHERE tenant_id = $1 AND user_id = $2",
            "UPDATE mfa_activity SET user_name = NULL, display_name = NULL, user_name_folded = '', \
             display_name_folded = '', display_name_key = '', phone = NULL, ip = NULL \
             WHERE tenant_id = $1 AND user_id = $2",
            "UPDATE mfa_actions SET user_name = NULL, display_name = NULL WHERE tenant_id = $1 AND user_id = $2",
        ] {
            self.conn.run(sql, args![self.tenant, user_id]).await?;
        }
        let sql = format!(
            "SELECT label_id FROM user_labels {} WHERE tenant_id = $1 AND subject_id IN",
            self.conn.by_index("user_labels_subject_idx")
        );
        for (label_id,) in self.conn.rows_in::<(i64,)>(&sql, &[self.tenant], &subjects).await? {
            const SQL: &str = "UPDATE user_labels SET key = $3, user_name = NULL, display_name = NULL, \
                user_name_folded = '', display_name_folded = '', display_name_key = '', name_key = '' \
                WHERE tenant_id = $1 AND label_id = $2";
            let key = key_of(&[Some(ERASED), Some(&label_id.to_string())]);
            self.conn.run(SQL, args![self.tenant, label_id, key]).await?;
        }
        self.derive_again(&[user_id]).await
    }

    /// Addresses, devices and phone numbers of the user's sign-ins.
    async fn erase_sign_ins(&mut self, erasing: &mut Erasing) -> Result<(), StoreError> {
        let sql = format!(
            "SELECT at, seq, record_id, details FROM sign_ins {} WHERE tenant_id = $1 AND user_id = $2 \
             AND (at, seq) > ($3, $4) ORDER BY at, seq LIMIT 500",
            self.conn.by_index("sign_ins_user_idx")
        );
        let (at, seq, _) = &erasing.after;
        let rows: Vec<(i64, i64, Vec<u8>, Vec<u8>)> =
            self.conn.rows(&sql, args![self.tenant, erasing.user_id, *at, *seq]).await?;
        let Some((at, seq, ..)) = rows.last() else {
            erasing.next();
            return Ok(());
        };
        erasing.after = (*at, *seq, String::new());
        let (mut unpacker, mut packer) = (Unpacker::new()?, Packer::new()?);
        let mut ids: Vec<Value> = Vec::with_capacity(rows.len());
        for (at, seq, id, details) in rows {
            let mut details = unpacker.unpack(&details)?;
            bare(&mut details);
            let json = serde_json::to_value(&details).unwrap_or_default();
            let scrubbed = scrubbed_value(erasing, json);
            let details = serde_json::from_value(scrubbed).unwrap_or(details);
            const SQL: &str = "UPDATE sign_ins SET details = $4, place_id = NULL \
                WHERE tenant_id = $1 AND at = $2 AND seq = $3";
            self.conn.run(SQL, args![self.tenant, at, seq, packer.pack(&details)?]).await?;
            ids.push(id.into());
        }
        const STEPS: &str = "SELECT record_id, digest, step FROM sign_in_steps WHERE tenant_id = $1 AND record_id IN";
        for (id, digest, json) in self.conn.rows_in::<(Vec<u8>, String, String)>(STEPS, &[self.tenant], &ids).await? {
            let mut step: AuthenticationStep = serde_json::from_str(&json)
                .map_err(|error| StoreError::Inconsistent { table: "sign_in_steps", what: error.to_string() })?;
            step.detail = None;
            const SQL: &str =
                "UPDATE sign_in_steps SET step = $4 WHERE tenant_id = $1 AND record_id = $2 AND digest = $3";
            let json = serde_json::to_string(&step).unwrap_or_default();
            self.conn.run(SQL, args![self.tenant, id, digest, json]).await?;
        }
        Ok(())
    }

    /// Audit records of the user, and of others that name them.
    async fn erase_in_audits(&mut self, erasing: &mut Erasing) -> Result<(), StoreError> {
        const LOT: &str = "SELECT record_id, body, reason, user_id FROM audit_records \
            WHERE tenant_id = $1 AND record_id > $2 ORDER BY record_id LIMIT 1000";
        type Row = (String, String, Option<String>, Option<i64>);
        let rows: Vec<Row> = self.conn.rows(LOT, args![self.tenant, erasing.after.2.clone()]).await?;
        let Some((last, ..)) = rows.last() else {
            erasing.next();
            return Ok(());
        };
        erasing.after.2.clone_from(last);
        let left = erasing.outward_id();
        for (id, body, reason, _) in rows {
            let new_body = erasing.called.scrub_json(&body, &left);
            let new_reason = reason.as_deref().and_then(|reason| erasing.called.scrub(reason, &left));
            if new_body.is_none() && new_reason.is_none() {
                continue;
            }
            const SQL: &str = "UPDATE audit_records SET body = $3, reason = $4 WHERE tenant_id = $1 AND record_id = $2";
            let values = args![self.tenant, id, new_body.unwrap_or(body), new_reason.or(reason)];
            self.conn.run(SQL, values).await?;
        }
        Ok(())
    }

    async fn erase_in_copies(&mut self, erasing: &mut Erasing) -> Result<(), StoreError> {
        const LOT: &str = "SELECT identity, version, subject_id, record FROM record_copies \
            WHERE tenant_id = $1 AND identity > $2 ORDER BY identity, version LIMIT 1000";
        let rows: Vec<(String, String, Option<i64>, String)> =
            self.conn.rows(LOT, args![self.tenant, erasing.after.2.clone()]).await?;
        // The last record's copies may go on in the next lot.
        let last = rows.last().map(|(identity, ..)| identity.clone());
        let Some(last) = last else {
            erasing.next();
            return Ok(());
        };
        let subjects = self.subjects_of_user(erasing.user_id).await?;
        const REST: &str = "SELECT identity, version, subject_id, record FROM record_copies WHERE tenant_id = $1 \
            AND identity = $2";
        let rest: Vec<(String, String, Option<i64>, String)> =
            self.conn.rows(REST, args![self.tenant, last.clone()]).await?;
        for (identity, version, subject_id, json) in rows.into_iter().chain(rest) {
            let is_theirs = subject_id.is_some_and(|id| subjects.contains(&id.into()));
            if is_theirs {
                // A version that was beaten, of somebody whom nobody is to know: it would have nothing left to say.
                const DELETE: &str =
                    "DELETE FROM record_copies WHERE tenant_id = $1 AND identity = $2 AND version = $3";
                self.conn.run(DELETE, args![self.tenant, identity, version]).await?;
            } else if let Some(scrubbed) = erasing.called.scrub_json(&json, &erasing.outward_id()) {
                let scrubbed = scrub_body(erasing, scrubbed);
                const SQL: &str =
                    "UPDATE record_copies SET record = $4 WHERE tenant_id = $1 AND identity = $2 AND version = $3";
                self.conn.run(SQL, args![self.tenant, identity, version, scrubbed]).await?;
            }
        }
        erasing.after.2 = last;
        Ok(())
    }

    async fn erase_in_rejected(&mut self, erasing: &mut Erasing) -> Result<(), StoreError> {
        const LOT: &str = "SELECT import_id, position, reason, excerpt FROM rejected_records WHERE tenant_id = $1 \
            AND (import_id, position) > ($2, $3) ORDER BY import_id, position LIMIT 2000";
        let (import, position, _) = &erasing.after;
        let rows: Vec<(i64, i64, String, String)> = self.conn.rows(LOT, args![self.tenant, *import, *position]).await?;
        let Some((import, position, ..)) = rows.last() else {
            erasing.next();
            return Ok(());
        };
        erasing.after = (*import, *position, String::new());
        let left = erasing.outward_id();
        for (import, position, reason, excerpt) in rows {
            if erasing.called.scrub(&format!("{reason} {excerpt}"), &left).is_some() {
                const SQL: &str = "UPDATE rejected_records SET reason = $4, excerpt = $5 \
                    WHERE tenant_id = $1 AND import_id = $2 AND position = $3";
                let reason = erasing.called.scrub(&reason, &left).unwrap_or(reason);
                self.conn.run(SQL, args![self.tenant, import, position, reason, ERASED]).await?;
            }
        }
        Ok(())
    }

    /// Short tables, and columns that say the same in many rows.
    async fn erase_elsewhere(&mut self, erasing: &Erasing) -> Result<(), StoreError> {
        let left = erasing.outward_id();
        for (table, column) in [
            ("events", "reason"),
            ("events", "raw_method"),
            ("mfa_actions", "reason"),
            ("mfa_actions", "completion_reason"),
            ("mfa_actions", "done_by"),
            ("mfa_activity", "raw_result"),
            ("mfa_activity", "application"),
            ("review_notes", "text"),
            ("imports", "file_name"),
            ("imports", "refusal"),
        ] {
            let sql = format!("SELECT DISTINCT {column} FROM {table} WHERE tenant_id = $1 AND {column} IS NOT NULL");
            for (text,) in self.conn.rows::<(String,)>(&sql, args![self.tenant]).await? {
                if let Some(scrubbed) = erasing.called.scrub(&text, &left) {
                    let sql = format!("UPDATE {table} SET {column} = $3 WHERE tenant_id = $1 AND {column} = $2");
                    self.conn.run(&sql, args![self.tenant, text, scrubbed]).await?;
                }
            }
        }
        // A view that looks for somebody whom nobody is to know has nothing to show.
        const VIEWS: &str = "SELECT view_id, name, query FROM views WHERE tenant_id = $1";
        for (view_id, name, query) in self.conn.rows::<(i64, String, String)>(VIEWS, args![self.tenant]).await? {
            let spelled = query.replace("%40", "@").replace(['+', '&', '='], " ").replace("%20", " ");
            if erasing.called.scrub(&format!("{name} {spelled}"), &left).is_some() {
                const DELETE: &str = "DELETE FROM views WHERE tenant_id = $1 AND view_id = $2";
                self.conn.run(DELETE, args![self.tenant, view_id]).await?;
            }
        }
        Ok(())
    }
}

/// A copy of an audit record holds its body as a text: JSON within JSON.
fn scrub_body(erasing: &Erasing, json: String) -> String {
    let Ok(mut value) = serde_json::from_str::<serde_json::Value>(&json) else { return json };
    let body = value.pointer("/Audit/body").and_then(|body| body.as_str()).map(str::to_owned);
    if let (Some(body), Some(place)) = (body, value.pointer_mut("/Audit/body"))
        && let Some(scrubbed) = erasing.called.scrub_json(&body, &erasing.outward_id())
    {
        *place = scrubbed.into();
    }
    value.to_string()
}

fn scrubbed_value(erasing: &Erasing, mut json: serde_json::Value) -> serde_json::Value {
    erasing.called.scrub_value(&mut json, &erasing.outward_id());
    json
}
