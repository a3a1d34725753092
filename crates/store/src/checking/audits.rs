//! What audit records stand for: kinds, events, and what was done to users' MFA.

use std::collections::{BTreeMap, BTreeSet};

use domain::derive::is_reset_step;
use domain::mfa::mfa_action;
use domain::record::AuditRecord;
use sea_query::Value;

use super::counters::{EVENTS, PASSWORDS};
use super::rows::{Compared, Rows};
use super::{CHUNK, Difference, Recount};
use crate::StoreError;
use crate::db::{Field, args};
use crate::importing::{
    EVENT_COLUMNS, FLOW, NamedBy, RECORD, STORED_AUDIT_COLUMNS, STORED_AUDITS, Step, StoredAudit, Subjects,
    events_of_flow, events_of_record, flow_origin, password_kind, record_origin,
};

#[derive(sqlx::FromRow)]
struct Row {
    #[sqlx(flatten)]
    audit: StoredAudit,
    is_reset_step: i64,
    password_kind: Option<i64>,
    subject_id: Option<i64>,
    /// The subject's.
    known_user: Option<i64>,
}

const ACTION_COLUMNS: [&str; 10] = [
    "action_id",
    "kind",
    "at",
    "user_name",
    "display_name",
    "done_by",
    "reason",
    "seconds",
    "is_blocked",
    "correlation_id",
];

/// Where they stand in a row of `events`.
const AT: usize = 3;
const DIMENSIONS: [usize; 4] = [4, 5, 6, 7];

impl Recount<'_> {
    pub(super) async fn last_audit(&mut self, after: &str) -> Result<Option<String>, StoreError> {
        let sql =
            "SELECT record_id FROM audit_records WHERE tenant_id = $1 AND record_id > $2 ORDER BY record_id LIMIT $3";
        let ids: Vec<(String,)> = self.conn.rows(sql, args![self.tenant.0, after, CHUNK]).await?;
        Ok(ids.into_iter().next_back().map(|(id,)| id))
    }

    pub(super) async fn last_flow(&mut self, after: &str) -> Result<Option<String>, StoreError> {
        let sql = format!(
            "SELECT correlation_id FROM audit_records {} WHERE tenant_id = $1 AND is_reset_step = 1 \
             AND correlation_id > $2 GROUP BY correlation_id ORDER BY correlation_id LIMIT $3",
            self.conn.by_index("audit_records_correlation_id_idx")
        );
        let ids: Vec<(String,)> = self.conn.rows(&sql, args![self.tenant.0, after, CHUNK]).await?;
        Ok(ids.into_iter().next_back().map(|(id,)| id))
    }

    pub(super) async fn audits(&mut self, after: &str, last: &str) -> Result<(), StoreError> {
        let sql = format!(
            "SELECT {STORED_AUDIT_COLUMNS}, a.is_reset_step, a.password_kind, \
             COALESCE(u.merged_into, u.user_id) AS known_user {STORED_AUDITS} \
             WHERE a.tenant_id = $1 AND a.record_id > $2 AND a.record_id <= $3"
        );
        let rows: Vec<Row> = self.conn.rows(&sql, args![self.tenant.0, after, last]).await?;
        let (tenant, language) = (self.tenant.0, self.options.language);
        let (mut events, mut origins) = (Vec::new(), Vec::new());
        let mut audits = BTreeMap::new();
        for Row { audit, is_reset_step: stored_step, password_kind: stored_kind, subject_id, known_user } in rows {
            let (record_id, at) = (audit.record_id.clone(), audit.at);
            let audit = match audit.into_audit() {
                Ok(audit) => audit,
                Err(error) => {
                    let (key, stored) = (format!("record_id {record_id}"), Some(error.to_string()));
                    self.found_for_good(Difference { table: "audit_records", key, stored, recounted: None });
                    continue;
                }
            };
            let step = i64::from(is_reset_step(&audit.activity));
            let kind = password_kind(&audit);
            if (stored_step, stored_kind) != (step, kind) {
                self.kinds_differ(&record_id, (stored_step, stored_kind), (step, kind)).await?;
                for (kind, n) in [(stored_kind, -1), (kind, 1)] {
                    if let Some(kind) = kind {
                        self.correct(PASSWORDS, at, [0, 0, kind, 0], n);
                    }
                }
            }
            let derived = events_of_record(&audit, subject_id, known_user);
            events.extend(derived.into_iter().map(|event| event.row(tenant, language)));
            origins.push(record_origin(&record_id).into());
            audits.insert(record_id, audit);
        }
        self.compare_events(origins, events).await?;
        self.compare_actions(audits).await
    }

    async fn kinds_differ(
        &mut self,
        record_id: &str,
        stored: (i64, Option<i64>),
        recounted: (i64, Option<i64>),
    ) -> Result<(), StoreError> {
        let text = |(step, kind): (i64, Option<i64>)| {
            let kind = kind.map_or("nothing".to_owned(), |kind| kind.to_string());
            Some(format!("is_reset_step {step}, password_kind {kind}"))
        };
        self.found(Difference {
            table: "audit_records",
            key: format!("record_id {record_id}"),
            stored: text(stored),
            recounted: text(recounted),
        });
        if self.is_repairing {
            let sql = "UPDATE audit_records SET is_reset_step = $3, password_kind = $4 \
                WHERE tenant_id = $1 AND record_id = $2";
            self.conn.run(sql, args![self.tenant.0, record_id, recounted.0, recounted.1]).await?;
        }
        Ok(())
    }

    pub(super) async fn flows(&mut self, after: &str, last: &str) -> Result<(), StoreError> {
        let sql = format!(
            "SELECT a.record_id, a.correlation_id, a.at, a.reason, a.subject_id, \
             COALESCE(u.merged_into, u.user_id) AS user_id, a.user_name, a.display_name FROM audit_records a {} \
             LEFT JOIN users u ON u.tenant_id = a.tenant_id AND u.user_id = a.subject_id \
             WHERE a.tenant_id = $1 AND a.is_reset_step = 1 AND a.correlation_id > $2 AND a.correlation_id <= $3",
            self.conn.by_index("audit_records_correlation_id_idx")
        );
        let rows: Vec<Step> = self.conn.rows(&sql, args![self.tenant.0, after, last]).await?;
        let mut flows: BTreeMap<String, Vec<Step>> = BTreeMap::new();
        for row in rows {
            flows.entry(row.correlation_id.clone()).or_default().push(row);
        }
        let (tenant, language) = (self.tenant.0, self.options.language);
        let events = flows.iter().flat_map(|(flow, steps)| events_of_flow(flow, steps));
        let events = events.map(|event| event.row(tenant, language)).collect();
        let origins = flows.keys().map(|flow| flow_origin(flow).into()).collect();
        self.compare_events(origins, events).await
    }

    /// Compares the events of these origins.
    async fn compare_events(&mut self, origins: Vec<Value>, events: Vec<Vec<Value>>) -> Result<(), StoreError> {
        let columns: Vec<&str> = EVENT_COLUMNS.split(", ").map(str::trim).collect();
        let compared = Compared { table: "events", columns: &columns, key: &[1] };
        let sql = format!("SELECT {EVENT_COLUMNS} FROM events WHERE tenant_id = $1 AND origin IN");
        let stored = compared.stored(self.conn.rows_in(&sql, &[self.tenant.0], &origins).await?);
        let expected = compared.expected(events.iter().cloned());
        let mut damaged = BTreeSet::new();
        for (key, difference) in compared.differences(&stored, &expected) {
            self.found(difference);
            for (row, n) in [(stored.get(&key), -1), (expected.get(&key), 1)] {
                self.correct_events(row, n);
            }
            damaged.extend(key[0].text().map(str::to_owned));
        }
        if self.is_repairing && !damaged.is_empty() {
            let keys = damaged.iter().map(|id| id.as_str().into()).collect();
            self.delete_in("DELETE FROM events WHERE tenant_id = $1 AND event_id IN", keys).await?;
            let is_damaged = |row: &Vec<Value>| matches!(&row[1], Value::String(Some(id)) if damaged.contains(&**id));
            // Of two events of one id the last is stored.
            let rows: BTreeMap<String, Vec<Value>> =
                events.into_iter().filter(is_damaged).map(|row| (format!("{:?}", row[1]), row)).collect();
            let head = format!("INSERT INTO events ({EVENT_COLUMNS})");
            self.conn.insert(&head, columns.len(), rows.into_values(), "").await?;
        }
        Ok(())
    }

    fn correct_events(&mut self, row: Option<&Vec<Field>>, n: i64) {
        let Some(row) = row else { return };
        if let Some(at) = row[AT].number() {
            self.correct(EVENTS, at, DIMENSIONS.map(|i| row[i].number().unwrap_or(-1)), n);
        }
    }

    async fn compare_actions(&mut self, audits: BTreeMap<String, AuditRecord>) -> Result<(), StoreError> {
        let compared = Compared { table: "mfa_actions", columns: &ACTION_COLUMNS, key: &[0] };
        let keys: Vec<Value> = audits.keys().map(|id| record_origin(id).into()).collect();
        let columns = ACTION_COLUMNS.join(", ");
        let sql = format!("SELECT {columns} FROM mfa_actions WHERE tenant_id = $1 AND action_id IN");
        let stored: Rows = compared.stored(self.conn.rows_in(&sql, &[self.tenant.0], &keys).await?);
        let expected = compared.expected(audits.iter().filter_map(|(id, audit)| {
            let action = mfa_action(audit)?;
            Some(args![
                record_origin(id),
                action.kind.code(),
                action.at.millis(),
                action.user.user_name,
                action.user.display_name,
                action.by,
                action.reason,
                action.seconds,
                action.is_blocked.map(i64::from),
                audit.correlation_id.clone(),
            ])
        }));
        let mut damaged = BTreeSet::new();
        for (key, difference) in compared.differences(&stored, &expected) {
            self.found(difference);
            damaged.extend(key[0].text().map(str::to_owned));
        }
        if !self.is_repairing || damaged.is_empty() {
            return Ok(());
        }
        let keys = damaged.iter().map(|id| id.as_str().into()).collect();
        self.delete_in("DELETE FROM mfa_actions WHERE tenant_id = $1 AND action_id IN", keys).await?;
        let audits = audits.into_iter().filter(|(id, _)| damaged.contains(&record_origin(id))).collect();
        // Whom an action is about is found, or made, as when records come.
        let mut subjects = Subjects::default();
        name_actions(&mut subjects, &audits);
        let mut batch = self.batch();
        batch.resolve(&mut subjects).await?;
        batch.actions_of_audits(&audits, &subjects).await?;
        batch.derive_states(subjects).await
    }

    /// Events and actions of records that are not there, and events of no source.
    pub(super) async fn orphan_events(&mut self) -> Result<(), StoreError> {
        let record = format!(
            "source = 0 AND origin LIKE '{RECORD}%' AND NOT EXISTS (SELECT 1 FROM audit_records a \
             WHERE a.tenant_id = events.tenant_id AND a.record_id = SUBSTR(origin, {}))",
            RECORD.len() + 1
        );
        let flow = format!(
            "source = 0 AND origin LIKE '{FLOW}%' AND NOT EXISTS (SELECT 1 FROM audit_records a {} \
             WHERE a.tenant_id = events.tenant_id AND a.is_reset_step = 1 AND a.correlation_id = SUBSTR(origin, {}))",
            self.conn.by_index("audit_records_correlation_id_idx"),
            FLOW.len() + 1
        );
        let neither = format!("source = 0 AND origin NOT LIKE '{RECORD}%' AND origin NOT LIKE '{FLOW}%'");
        for orphan in [record, flow, neither, "source < 0 OR source > 1".to_owned()] {
            let sql = format!(
                "SELECT event_id, at, source, feature, method, outcome FROM events WHERE tenant_id = $1 AND ({orphan}) \
                 LIMIT 1000"
            );
            let rows: Vec<(String, i64, i64, i64, i64, i64)> = self.conn.rows(&sql, args![self.tenant.0]).await?;
            self.drop_orphans("events", "event_id", rows.iter().map(|(id, ..)| id.clone()).collect()).await?;
            for (_, at, source, feature, method, outcome) in rows {
                self.correct(EVENTS, at, [source, feature, method, outcome], -1);
            }
        }
        let sql = format!(
            "SELECT action_id FROM mfa_actions m WHERE m.tenant_id = $1 AND m.action_id LIKE '{RECORD}%' \
             AND NOT EXISTS (SELECT 1 FROM audit_records a WHERE a.tenant_id = m.tenant_id \
             AND a.record_id = SUBSTR(m.action_id, {})) LIMIT 1000",
            RECORD.len() + 1
        );
        let rows: Vec<(String,)> = self.conn.rows(&sql, args![self.tenant.0]).await?;
        self.drop_orphans("mfa_actions", "action_id", rows.into_iter().map(|(id,)| id).collect()).await
    }

    async fn drop_orphans(&mut self, table: &'static str, column: &str, ids: Vec<String>) -> Result<(), StoreError> {
        for id in &ids {
            let stored = Some("a row of a record that is not there".to_owned());
            self.found(Difference { table, key: format!("{column} {id}"), stored, recounted: None });
        }
        if self.is_repairing {
            let sql = format!("DELETE FROM {table} WHERE tenant_id = $1 AND {column} IN");
            self.delete_in(&sql, ids.into_iter().map(Value::from).collect()).await?;
        }
        Ok(())
    }
}

fn name_actions(subjects: &mut Subjects, audits: &BTreeMap<String, AuditRecord>) {
    for audit in audits.values() {
        if let Some(action) = mfa_action(audit) {
            subjects.name(&action.user, audit.at.millis(), NamedBy::Event);
        }
    }
}
