//! Table by table: the rows of somebody, and their names in what is about others.

use domain::sign_in::AuthenticationStep;
use sea_query::Value;

use super::super::marks::bare;
use super::super::recall::Gone;
use super::super::scrub::ERASED;
use super::Erasing;
use crate::StoreError;
use crate::db::args;
use crate::importing::{Batch, observation_identity};
use crate::packed::{Packer, Unpacker, key_of};

impl Batch<'_> {
    /// What the user was, and names beside what happened.
    pub(super) async fn erase_state(&mut self, erasing: &Erasing) -> Result<(), StoreError> {
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
    pub(super) async fn erase_sign_ins(&mut self, erasing: &mut Erasing) -> Result<(), StoreError> {
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
    pub(super) async fn erase_in_audits(&mut self, erasing: &mut Erasing) -> Result<(), StoreError> {
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

    pub(super) async fn erase_in_copies(&mut self, erasing: &mut Erasing) -> Result<(), StoreError> {
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

    pub(super) async fn erase_in_rejected(&mut self, erasing: &mut Erasing) -> Result<(), StoreError> {
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
    pub(super) async fn erase_elsewhere(&mut self, erasing: &Erasing) -> Result<(), StoreError> {
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
