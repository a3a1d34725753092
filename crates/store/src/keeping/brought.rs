//! What an import brought, table by table: found in lots, taken away with everything that stands for it.

use std::collections::{BTreeMap, BTreeSet};

use domain::instant::SECOND_MS;
use domain::record::{RecordKind, UserFacts};
use sea_query::Value;

use super::recall::Gone;
use crate::StoreError;
use crate::db::{Db, args};
use crate::importing::{Batch, audit_identity, name_key, observation_identity, server_identity, sign_in_identity};
use crate::packed::unpack_id;

/// Where an import's rows stand. In this order they go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Table {
    SignIns,
    Steps,
    Audits,
    ReportEvents,
    Observations,
    Activity,
    Actions,
    Servers,
    Copies,
    Rejected,
}

impl Table {
    pub const ALL: [Self; 10] = [
        Self::SignIns,
        Self::Steps,
        Self::Audits,
        Self::ReportEvents,
        Self::Observations,
        Self::Activity,
        Self::Actions,
        Self::Servers,
        Self::Copies,
        Self::Rejected,
    ];
}

/// Rows that are taken in one transaction.
const LOT: i64 = 1000;

/// Keys of some rows of a table. Two numbers come first: rows of sign-ins are in the order of time.
pub(super) type Key = (i64, i64, Vec<u8>, String);

/// Where to go on.
pub(super) fn beginning() -> Key {
    (i64::MIN, i64::MIN, Vec::new(), String::new())
}

/// The next rows of an import after a key, in the order of the table.
pub(super) async fn next_rows(
    db: &Db,
    tenant: i64,
    import: i64,
    table: Table,
    after: &Key,
) -> Result<Vec<Key>, StoreError> {
    let (first, second, bytes, text) = after;
    let by_text = |table: &str, column: &str, condition: &str| {
        format!(
            "SELECT {column} FROM {table} WHERE tenant_id = $1 AND import_id = $2 AND {column} > $3{condition} \
             ORDER BY {column} LIMIT {LOT}"
        )
    };
    let texts = match table {
        Table::SignIns => return next_sign_ins(db, tenant, import, after).await,
        Table::Steps => {
            const SQL: &str = "SELECT DISTINCT record_id FROM sign_in_steps WHERE tenant_id = $1 AND import_id = $2 \
                AND record_id > $3 ORDER BY record_id LIMIT 1000";
            let rows: Vec<(Vec<u8>,)> = db.rows(SQL, args![tenant, import, bytes.clone()]).await?;
            return Ok(rows.into_iter().map(|(id,)| (0, 0, id, String::new())).collect());
        }
        Table::Observations => {
            const SQL: &str = "SELECT subject_id, observed_at, kind FROM user_observations WHERE tenant_id = $1 \
                AND import_id = $2 AND (subject_id, observed_at, kind) > ($3, $4, $5) \
                ORDER BY subject_id, observed_at, kind LIMIT 1000";
            let kind: i64 = text.parse().unwrap_or(i64::MAX);
            let rows: Vec<(i64, i64, i64)> = db.rows(SQL, args![tenant, import, *first, *second, kind]).await?;
            return Ok(rows.into_iter().map(|(s, at, kind)| (s, at, Vec::new(), kind.to_string())).collect());
        }
        Table::Rejected => {
            const SQL: &str = "SELECT position FROM rejected_records WHERE tenant_id = $1 AND import_id = $2 \
                AND position > $3 ORDER BY position LIMIT 1000";
            let rows: Vec<(i64,)> = db.rows(SQL, args![tenant, import, *first]).await?;
            return Ok(rows.into_iter().map(|(position,)| (position, 0, Vec::new(), String::new())).collect());
        }
        Table::Audits => by_text("audit_records", "record_id", ""),
        Table::ReportEvents => by_text("events", "event_id", ""),
        Table::Activity => by_text("mfa_activity", "activity_id", ""),
        // Those of audit records go with them.
        Table::Actions => by_text("mfa_actions", "action_id", " AND action_id LIKE 'row:%'"),
        Table::Servers => by_text("mfa_servers", "name_key", ""),
        Table::Copies => {
            "SELECT DISTINCT identity FROM record_copies WHERE tenant_id = $1 AND import_id = $2 AND identity > $3 \
             ORDER BY identity LIMIT 1000"
                .to_owned()
        }
    };
    let rows: Vec<(String,)> = db.rows(&texts, args![tenant, import, text.clone()]).await?;
    Ok(rows.into_iter().map(|(id,)| (0, 0, Vec::new(), id)).collect())
}

/// Sign-ins are too many to be walked as a whole: the import knows which time its own are of.
async fn next_sign_ins(db: &Db, tenant: i64, import: i64, after: &Key) -> Result<Vec<Key>, StoreError> {
    const COVERED: &str = "SELECT covers_from, covers_to FROM import_sources \
        WHERE tenant_id = $1 AND import_id = $2 AND kind = $3";
    const SQL: &str = "SELECT at, seq, record_id FROM sign_ins WHERE tenant_id = $1 AND import_id = $2 \
        AND (at, seq) > ($3, $4) AND at <= $5 ORDER BY at, seq LIMIT 1000";
    let covered: Option<(i64, i64)> = db.row(COVERED, args![tenant, import, RecordKind::SignIn.code()]).await?;
    let Some((from, to)) = covered else { return Ok(Vec::new()) };
    // A copy may have refined a time within its second.
    let from = (from.saturating_sub(SECOND_MS), i64::MIN);
    let (at, seq) = from.max((after.0, after.1));
    let rows: Vec<(i64, i64, Vec<u8>)> =
        db.rows(SQL, args![tenant, import, at, seq, to.saturating_add(SECOND_MS)]).await?;
    Ok(rows.into_iter().map(|(at, seq, id)| (at, seq, id, String::new())).collect())
}

/// Origin, subject, user name and kind of an event that a report brought.
type ReportEventRow = (String, Option<i64>, Option<String>, Option<i64>);

impl Batch<'_> {
    /// Takes rows of an import away that are still its own, and brings back what they had beaten.
    pub(super) async fn take_back(&mut self, import: i64, table: Table, keys: &[Key]) -> Result<(), StoreError> {
        let mut gone = Gone::default();
        let identities = match table {
            Table::SignIns => self.take_sign_ins(import, keys, &mut gone).await?,
            Table::Steps => self.take_steps(import, keys, &mut gone).await?,
            Table::Audits => self.take_audits(import, keys, &mut gone).await?,
            Table::ReportEvents => self.take_report_events(import, keys, &mut gone).await?,
            Table::Observations => self.take_observations(import, keys, &mut gone).await?,
            Table::Activity => self.take_simple(import, "mfa_activity", "activity_id", keys, &mut gone).await?,
            Table::Actions => self.take_simple(import, "mfa_actions", "action_id", keys, &mut gone).await?,
            Table::Servers => self.take_servers(import, keys, &mut gone).await?,
            Table::Copies => self.take_copies(import, keys, &mut gone).await?,
            Table::Rejected => {
                let positions: Vec<Value> = keys.iter().map(|key| key.0.into()).collect();
                const SQL: &str =
                    "DELETE FROM rejected_records WHERE tenant_id = $1 AND import_id = $2 AND position IN";
                return self.conn.run_in(SQL, &[self.tenant, import], &positions).await;
            }
        };
        self.uncount(&gone).await?;
        self.bring_back(import, &identities, &mut gone).await?;
        self.note_gone(&gone).await
    }

    async fn take_sign_ins(&mut self, import: i64, keys: &[Key], gone: &mut Gone) -> Result<Vec<String>, StoreError> {
        let ids: Vec<Value> = keys.iter().map(|key| key.2.clone().into()).collect();
        let sql = format!(
            "SELECT s.record_id, l.subject_id, l.name_key FROM sign_ins s {} \
             LEFT JOIN user_labels l ON l.tenant_id = s.tenant_id AND l.label_id = s.label_id \
             WHERE s.import_id = $1 AND s.tenant_id = $2 AND s.record_id IN",
            self.conn.by_index("sign_ins_record_idx")
        );
        let rows: Vec<(Vec<u8>, Option<i64>, Option<String>)> =
            self.conn.rows_in(&sql, &[import, self.tenant], &ids).await?;
        let mut identities = Vec::with_capacity(rows.len());
        let mut own = Vec::with_capacity(rows.len());
        for (id, subject_id, name) in rows {
            gone.name(subject_id, name);
            gone.count(RecordKind::SignIn);
            identities.push(sign_in_identity(&unpack_id(&id)));
            own.push(id);
        }
        self.remove_sign_ins(own.into_iter()).await?;
        Ok(identities)
    }

    async fn take_steps(&mut self, import: i64, keys: &[Key], gone: &mut Gone) -> Result<Vec<String>, StoreError> {
        let ids: BTreeSet<Vec<u8>> = keys.iter().map(|key| key.2.clone()).collect();
        let values: Vec<Value> = ids.iter().cloned().map(Into::into).collect();
        const ROWS: &str = "SELECT digest FROM sign_in_steps WHERE import_id = $1 AND tenant_id = $2 AND record_id IN";
        const DELETE: &str = "DELETE FROM sign_in_steps WHERE import_id = $1 AND tenant_id = $2 AND record_id IN";
        let rows: Vec<(String,)> = self.conn.rows_in(ROWS, &[import, self.tenant], &values).await?;
        for _ in rows {
            gone.count(RecordKind::SignInAuthenticationDetails);
        }
        self.conn.run_in(DELETE, &[import, self.tenant], &values).await?;
        self.judge_sign_ins_again(ids).await?;
        Ok(Vec::new())
    }

    async fn take_audits(&mut self, import: i64, keys: &[Key], gone: &mut Gone) -> Result<Vec<String>, StoreError> {
        const ROWS: &str = "SELECT a.record_id, a.subject_id, a.user_name, m.subject_id, m.user_name \
            FROM audit_records a LEFT JOIN mfa_actions m ON m.tenant_id = a.tenant_id \
            AND m.action_id = 'record:' || a.record_id \
            WHERE a.import_id = $1 AND a.tenant_id = $2 AND a.record_id IN";
        type Row = (String, Option<i64>, Option<String>, Option<i64>, Option<String>);
        let rows: Vec<Row> = self.conn.rows_in(ROWS, &[import, self.tenant], &texts(keys)).await?;
        let mut own = Vec::with_capacity(rows.len());
        for (id, subject_id, name, of_action, name_of_action) in rows {
            gone.name(subject_id, name.as_deref().map(name_key));
            gone.name(of_action, name_of_action.as_deref().map(name_key));
            gone.count(RecordKind::DirectoryAudit);
            own.push(id);
        }
        self.remove_audits(&own).await?;
        Ok(own.iter().map(|id| audit_identity(id)).collect())
    }

    async fn take_report_events(
        &mut self,
        import: i64,
        keys: &[Key],
        gone: &mut Gone,
    ) -> Result<Vec<String>, StoreError> {
        const ROWS: &str = "SELECT origin, subject_id, user_name, record_kind FROM events \
            WHERE import_id = $1 AND tenant_id = $2 AND event_id IN";
        let rows: Vec<ReportEventRow> = self.conn.rows_in(ROWS, &[import, self.tenant], &texts(keys)).await?;
        let mut own = Vec::with_capacity(rows.len());
        for (origin, subject_id, name, kind) in rows {
            gone.name(subject_id, name.as_deref().map(name_key));
            if let Some(kind) = kind.and_then(RecordKind::from_code) {
                gone.count(kind);
            }
            own.push(origin);
        }
        self.remove_report_events(&own).await?;
        Ok(own)
    }

    async fn take_observations(
        &mut self,
        import: i64,
        keys: &[Key],
        gone: &mut Gone,
    ) -> Result<Vec<String>, StoreError> {
        const ROWS: &str = "SELECT subject_id, observed_at, kind, facts FROM user_observations \
            WHERE import_id = $1 AND tenant_id = $2 AND subject_id IN";
        const DELETE: &str = "DELETE FROM user_observations WHERE import_id = $1 AND tenant_id = $2 \
            AND observed_at = $3 AND kind = $4 AND subject_id IN";
        let wanted: BTreeSet<(i64, i64, i64)> =
            keys.iter().map(|key| (key.0, key.1, key.3.parse().unwrap_or_default())).collect();
        let subjects: BTreeSet<i64> = wanted.iter().map(|(subject_id, ..)| *subject_id).collect();
        let subjects: Vec<Value> = subjects.into_iter().map(Into::into).collect();
        let rows: Vec<(i64, i64, i64, String)> = self.conn.rows_in(ROWS, &[import, self.tenant], &subjects).await?;
        let mut identities = Vec::new();
        let mut together: BTreeMap<(i64, i64), Vec<Value>> = BTreeMap::new();
        for (subject_id, at, kind, facts) in rows {
            if !wanted.contains(&(subject_id, at, kind)) {
                continue;
            }
            let facts: UserFacts = serde_json::from_str(&facts)
                .map_err(|error| StoreError::Inconsistent { table: "user_observations", what: error.to_string() })?;
            gone.name(Some(subject_id), facts.user_name.as_deref().map(name_key));
            if let Some(kind) = RecordKind::from_code(kind) {
                gone.count(kind);
            }
            identities.push(observation_identity(subject_id, at, kind));
            together.entry((at, kind)).or_default().push(subject_id.into());
        }
        for ((at, kind), subjects) in together {
            self.conn.run_in(DELETE, &[import, self.tenant, at, kind], &subjects).await?;
        }
        Ok(identities)
    }

    /// Rows that nothing else is derived from but whom they name, and whose copies are the same to the letter.
    async fn take_simple(
        &mut self,
        import: i64,
        table: &str,
        column: &str,
        keys: &[Key],
        gone: &mut Gone,
    ) -> Result<Vec<String>, StoreError> {
        let of_table = format!("FROM {table} WHERE import_id = $1 AND tenant_id = $2 AND {column} IN");
        // Blocks and bypasses are two kinds of record.
        let kind = if table == "mfa_actions" { "kind" } else { "-1" };
        let rows: Vec<(Option<i64>, Option<String>, i64)> = self
            .conn
            .rows_in(
                &format!("SELECT subject_id, user_name, CAST({kind} AS BIGINT) {of_table}"),
                &[import, self.tenant],
                &texts(keys),
            )
            .await?;
        for (subject_id, name, kind) in rows {
            gone.name(subject_id, name.as_deref().map(name_key));
            gone.count(match domain::mfa::ActionKind::from_code(kind) {
                None => RecordKind::MfaActivity,
                Some(kind) => kind.record_kind(),
            });
        }
        self.conn.run_in(&format!("DELETE {of_table}"), &[import, self.tenant], &texts(keys)).await?;
        Ok(Vec::new())
    }

    async fn take_servers(&mut self, import: i64, keys: &[Key], gone: &mut Gone) -> Result<Vec<String>, StoreError> {
        const ROWS: &str = "SELECT name_key FROM mfa_servers WHERE import_id = $1 AND tenant_id = $2 AND name_key IN";
        const DELETE: &str = "DELETE FROM mfa_servers WHERE import_id = $1 AND tenant_id = $2 AND name_key IN";
        let rows: Vec<(String,)> = self.conn.rows_in(ROWS, &[import, self.tenant], &texts(keys)).await?;
        for _ in &rows {
            gone.count(RecordKind::MfaServerStatus);
        }
        self.conn.run_in(DELETE, &[import, self.tenant], &texts(keys)).await?;
        Ok(rows.iter().map(|(name,)| server_identity(name)).collect())
    }
}

pub(super) fn texts(keys: &[Key]) -> Vec<Value> {
    keys.iter().map(|key| key.3.as_str().into()).collect()
}
