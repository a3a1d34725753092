//! The rows of days that go, lot by lot, oldest first.

use std::collections::{BTreeMap, BTreeSet};

use domain::instant::DAY_MS;
use domain::mfa::ActionKind;
use domain::record::{EventSource, RecordKind, UserFacts};
use sea_query::Value;

use super::recall::Gone;
use crate::StoreError;
use crate::db::args;
use crate::importing::{Batch, audit_identity, name_key, observation_identity, sign_in_identity};
use crate::packed::unpack_id;
use crate::tiers::floor;

impl Batch<'_> {
    /// Sign-ins of the oldest day. Their counters go as a whole, with the first of the day's rows.
    pub(super) async fn drop_sign_ins_before(&mut self, cutoff: i64) -> Result<Option<usize>, StoreError> {
        const FIRST: &str = "SELECT at FROM sign_ins WHERE tenant_id = $1 AND at < $2 ORDER BY at LIMIT 1";
        let Some((first,)) = self.conn.row::<(i64,)>(FIRST, args![self.tenant, cutoff]).await? else {
            return Ok(None);
        };
        let day = floor(first, DAY_MS);
        for table in ["sign_in_counts WHERE", "sign_in_users WHERE measure IN (0, 1, 2) AND"] {
            let sql = format!(
                "DELETE FROM {table} tenant_id = $1 AND tier IN (0, 1, 2) AND bucket_at >= $2 AND bucket_at < $3"
            );
            self.conn.run(&sql, args![self.tenant, day, day + DAY_MS]).await?;
        }
        const LOT: &str = "SELECT at, seq, record_id, attempt, user_id, label_id FROM sign_ins \
            WHERE tenant_id = $1 AND at >= $2 AND at < $3 ORDER BY at, seq LIMIT 5000";
        type Row = (i64, i64, Vec<u8>, Option<Vec<u8>>, Option<i64>, Option<i64>);
        let rows: Vec<Row> = self.conn.rows(LOT, args![self.tenant, day, day + DAY_MS]).await?;
        let Some((at, seq, ..)) = rows.last() else { return Ok(None) };
        const DELETE: &str = "DELETE FROM sign_ins WHERE tenant_id = $1 AND at >= $2 AND (at, seq) <= ($3, $4)";
        self.conn.run(DELETE, args![self.tenant, day, *at, *seq]).await?;
        let ids: BTreeSet<&Vec<u8>> = rows.iter().map(|row| &row.2).collect();
        let ids: Vec<Value> = ids.into_iter().cloned().map(Into::into).collect();
        const STEPS: &str = "DELETE FROM sign_in_steps WHERE tenant_id = $1 AND record_id IN";
        self.conn.run_in(STEPS, &[self.tenant], &ids).await?;
        self.drop_copies(rows.iter().map(|row| sign_in_identity(&unpack_id(&row.2)))).await?;
        // What was met on a day that goes may be unmet on one that stays.
        let attempts: BTreeSet<Vec<u8>> = rows.iter().filter_map(|row| row.3.clone()).collect();
        self.settle_after(cutoff, attempts).await?;
        let mut gone = Gone::default();
        for _ in &rows {
            gone.count(RecordKind::SignIn);
        }
        let labels: BTreeSet<i64> = rows.iter().filter_map(|row| row.5).collect();
        let labels: Vec<Value> = labels.into_iter().map(Into::into).collect();
        const SUBJECTS: &str = "SELECT DISTINCT subject_id FROM user_labels WHERE tenant_id = $1 AND label_id IN";
        let subjects: Vec<(i64,)> = self.conn.rows_in(SUBJECTS, &[self.tenant], &labels).await?;
        self.forget_if_nothing_is_left(subjects.into_iter().map(|(id,)| id).collect(), &mut gone).await?;
        self.uncount(&gone).await?;
        self.note_gone(&gone).await?;
        Ok(Some(rows.len()))
    }

    /// Audit records and events of reports, each with the counters they are in.
    pub(super) async fn drop_events_before(&mut self, cutoff: i64) -> Result<Option<usize>, StoreError> {
        let mut gone = Gone::default();
        const AUDITS: &str = "SELECT record_id, subject_id FROM audit_records WHERE tenant_id = $1 AND at < $2 \
            ORDER BY at LIMIT 1000";
        let audits: Vec<(String, Option<i64>)> = self.conn.rows(AUDITS, args![self.tenant, cutoff]).await?;
        let (ids, subjects): (Vec<String>, Vec<Option<i64>>) = audits.into_iter().unzip();
        for _ in &ids {
            gone.count(RecordKind::DirectoryAudit);
        }
        self.drop_copies(ids.iter().map(|id| audit_identity(id))).await?;
        self.remove_audits(&ids).await?;
        const REPORTS: &str = "SELECT origin, subject_id, record_kind FROM events WHERE tenant_id = $1 AND at < $2 \
            AND source = $3 ORDER BY at LIMIT 1000";
        let reports: Vec<(String, Option<i64>, Option<i64>)> =
            self.conn.rows(REPORTS, args![self.tenant, cutoff, EventSource::Report.code()]).await?;
        for kind in reports.iter().filter_map(|(.., kind)| RecordKind::from_code((*kind)?)) {
            gone.count(kind);
        }
        let origins: Vec<String> = reports.iter().map(|(origin, ..)| origin.clone()).collect();
        self.drop_copies(origins.iter().cloned()).await?;
        self.remove_report_events(&origins).await?;
        let subjects = subjects.into_iter().chain(reports.iter().map(|(_, id, _)| *id)).flatten().collect();
        self.forget_if_nothing_is_left(subjects, &mut gone).await?;
        self.uncount(&gone).await?;
        self.note_gone(&gone).await?;
        let rows = ids.len() + origins.len();
        Ok((rows > 0).then_some(rows))
    }

    /// Authentications through components, and the rows of MFA Server's histories.
    pub(super) async fn drop_activity_before(&mut self, cutoff: i64) -> Result<Option<usize>, StoreError> {
        let mut gone = Gone::default();
        let mut subjects = BTreeSet::new();
        let mut dropped = 0;
        for (table, id, kind, only) in [
            ("mfa_activity", "activity_id", "-1", ""),
            ("mfa_actions", "action_id", "kind", " AND action_id LIKE 'row:%'"),
        ] {
            let sql = format!(
                "SELECT {id}, subject_id, CAST({kind} AS BIGINT) FROM {table} \
                 WHERE tenant_id = $1 AND at < $2{only} ORDER BY at LIMIT 1000"
            );
            let rows: Vec<(String, Option<i64>, i64)> = self.conn.rows(&sql, args![self.tenant, cutoff]).await?;
            for (_, subject_id, kind) in &rows {
                subjects.extend(*subject_id);
                gone.count(ActionKind::from_code(*kind).map_or(RecordKind::MfaActivity, ActionKind::record_kind));
            }
            dropped += rows.len();
            let ids: Vec<Value> = rows.into_iter().map(|(id, ..)| id.into()).collect();
            let delete = format!("DELETE FROM {table} WHERE tenant_id = $1 AND {id} IN");
            self.conn.run_in(&delete, &[self.tenant], &ids).await?;
        }
        self.forget_if_nothing_is_left(subjects, &mut gone).await?;
        self.uncount(&gone).await?;
        self.note_gone(&gone).await?;
        Ok((dropped > 0).then_some(dropped))
    }

    /// Observations of some users that say nothing any more at the border: of every field the newest before it stays,
    /// because that is what holds then.
    pub(super) async fn drop_history_before(
        &mut self,
        cutoff: i64,
        after: &mut i64,
    ) -> Result<Option<usize>, StoreError> {
        const USERS: &str = "SELECT user_id FROM user_observations WHERE tenant_id = $1 AND user_id > $2 \
            AND observed_at < $3 GROUP BY user_id HAVING COUNT(*) > 1 ORDER BY user_id LIMIT 500";
        let users: Vec<(i64,)> = self.conn.rows(USERS, args![self.tenant, *after, cutoff]).await?;
        let Some((last,)) = users.last() else { return Ok(None) };
        *after = *last;
        let keys: Vec<Value> = users.iter().map(|(id,)| (*id).into()).collect();
        const OBSERVATIONS: &str = "SELECT user_id, subject_id, observed_at, kind, digest, facts \
            FROM user_observations WHERE observed_at < $1 AND tenant_id = $2 AND user_id IN";
        let rows: Vec<Observed> = self.conn.rows_in(OBSERVATIONS, &[cutoff, self.tenant], &keys).await?;
        let mut by_user: BTreeMap<i64, Vec<Observed>> = BTreeMap::new();
        for row in rows {
            by_user.entry(row.user_id).or_default().push(row);
        }
        let mut gone = Gone::default();
        let mut dropped: BTreeMap<(i64, i64), Vec<Value>> = BTreeMap::new();
        let mut identities = Vec::new();
        let mut to_derive = Vec::new();
        for (user_id, observed) in by_user {
            let superseded = superseded(observed)?;
            if !superseded.is_empty() {
                to_derive.push(user_id);
            }
            for row in superseded {
                if let Some(kind) = RecordKind::from_code(row.kind) {
                    gone.count(kind);
                }
                identities.push(observation_identity(row.subject_id, row.observed_at, row.kind));
                dropped.entry((row.observed_at, row.kind)).or_default().push(row.subject_id.into());
            }
        }
        for ((at, kind), subjects) in dropped {
            const DELETE: &str = "DELETE FROM user_observations WHERE tenant_id = $1 AND observed_at = $2 \
                AND kind = $3 AND subject_id IN";
            self.conn.run_in(DELETE, &[self.tenant, at, kind], &subjects).await?;
        }
        let rows = identities.len();
        self.drop_copies(identities.into_iter()).await?;
        self.derive_again(&to_derive).await?;
        self.uncount(&gone).await?;
        Ok(Some(rows))
    }

    /// Quarantined records of imports that began before.
    pub(super) async fn drop_rejected_before(&mut self, cutoff: i64) -> Result<Option<usize>, StoreError> {
        const LOT: &str = "SELECT r.import_id, r.position FROM rejected_records r JOIN imports i \
            ON i.tenant_id = r.tenant_id AND i.import_id = r.import_id \
            WHERE r.tenant_id = $1 AND i.started_at < $2 ORDER BY r.import_id, r.position LIMIT 2000";
        let rows: Vec<(i64, i64)> = self.conn.rows(LOT, args![self.tenant, cutoff]).await?;
        let mut by_import: BTreeMap<i64, Vec<Value>> = BTreeMap::new();
        for (import, position) in &rows {
            by_import.entry(*import).or_default().push((*position).into());
        }
        for (import, positions) in by_import {
            const DELETE: &str = "DELETE FROM rejected_records WHERE tenant_id = $1 AND import_id = $2 AND position IN";
            self.conn.run_in(DELETE, &[self.tenant, import], &positions).await?;
        }
        Ok((!rows.is_empty()).then_some(rows.len()))
    }

    async fn drop_copies(&mut self, identities: impl Iterator<Item = String>) -> Result<(), StoreError> {
        let identities: Vec<Value> = identities.map(Into::into).collect();
        const DELETE: &str = "DELETE FROM record_copies WHERE tenant_id = $1 AND identity IN";
        self.conn.run_in(DELETE, &[self.tenant], &identities).await
    }

    /// Of whom nothing is stored any more, nothing is to stay known.
    async fn forget_if_nothing_is_left(&mut self, subjects: BTreeSet<i64>, gone: &mut Gone) -> Result<(), StoreError> {
        let left = |table: &str, index: &str| {
            format!(
                "NOT EXISTS (SELECT 1 FROM {table} r {} WHERE r.tenant_id = u.tenant_id \
                 AND r.user_id = COALESCE(u.merged_into, u.user_id))",
                self.conn.by_index(index)
            )
        };
        let nothing = [
            left("sign_ins", "sign_ins_user_idx"),
            left("audit_records", "audit_records_user_id_idx"),
            left("events", "events_user_id_idx"),
            left("mfa_activity", "mfa_activity_user_id_idx"),
            left("mfa_actions", "mfa_actions_user_id_idx"),
            left("user_observations", "user_observations_user_id_idx"),
        ]
        .join(" AND ");
        let sql = format!("SELECT u.user_id FROM users u WHERE {nothing} AND u.tenant_id = $1 AND u.user_id IN");
        let keys: Vec<Value> = subjects.into_iter().map(Into::into).collect();
        let empty: Vec<(i64,)> = self.conn.rows_in(&sql, &[self.tenant], &keys).await?;
        for (subject_id,) in &empty {
            gone.name(Some(*subject_id), None);
        }
        let keys: Vec<Value> = empty.into_iter().map(|(id,)| id.into()).collect();
        let sql = format!(
            "SELECT user_id, name_key FROM user_names {} WHERE tenant_id = $1 AND user_id IN",
            self.conn.by_index("user_names_user_idx")
        );
        for (user_id, name) in self.conn.rows_in::<(i64, String)>(&sql, &[self.tenant], &keys).await? {
            gone.name(Some(user_id), Some(name_key(&name)));
        }
        Ok(())
    }
}

#[derive(sqlx::FromRow)]
struct Observed {
    user_id: i64,
    subject_id: i64,
    observed_at: i64,
    kind: i64,
    digest: String,
    facts: String,
}

/// Of a user's observations before the border those that give no field its value there.
fn superseded(mut observed: Vec<Observed>) -> Result<Vec<Observed>, StoreError> {
    let rank = |row: &Observed| RecordKind::from_code(row.kind).map_or(0, RecordKind::rank);
    observed
        .sort_by(|a, b| (a.observed_at, rank(a), a.kind, &a.digest).cmp(&(b.observed_at, rank(b), b.kind, &b.digest)));
    let mut known: BTreeSet<String> = BTreeSet::new();
    let mut superseded = Vec::new();
    let mut is_newest = true;
    for row in observed.into_iter().rev() {
        let broken =
            |error: serde_json::Error| StoreError::Inconsistent { table: "user_observations", what: error.to_string() };
        let facts: UserFacts = serde_json::from_str(&row.facts).map_err(broken)?;
        let fields = serde_json::to_value(facts).map_err(broken)?;
        let mut is_new = is_newest;
        for (field, _) in fields.as_object().into_iter().flatten() {
            is_new |= known.insert(field.clone());
        }
        is_newest = false;
        if !is_new {
            superseded.push(row);
        }
    }
    Ok(superseded)
}
