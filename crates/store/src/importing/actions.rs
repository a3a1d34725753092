//! What was done to users' MFA: from rows of MFA Server's histories, and from audit records.

use std::collections::{BTreeMap, BTreeSet};

use domain::instant::Instant;
use domain::mfa::{ActionRecord, MfaAction, mfa_action};
use domain::record::AuditRecord;
use sea_query::Value;

use super::Batch;
use super::subjects::Subjects;
use crate::StoreError;
use crate::db::args;

fn row_id(record: &ActionRecord) -> String {
    format!("row:{}", hex::encode(record.digest))
}

fn record_id(audit: &str) -> String {
    format!("record:{audit}")
}

impl Batch<'_> {
    /// Leaves out the rows that are stored.
    pub(super) async fn new_actions(
        &mut self,
        mut records: Vec<ActionRecord>,
    ) -> Result<Vec<ActionRecord>, StoreError> {
        let keys: Vec<Value> = records.iter().map(|record| row_id(record).into()).collect();
        let stored: Vec<(String,)> = self
            .conn
            .rows_in("SELECT action_id FROM mfa_actions WHERE tenant_id = $1 AND action_id IN", &[self.tenant], &keys)
            .await?;
        let mut known: BTreeSet<String> = stored.into_iter().map(|(id,)| id).collect();
        self.keep_new(&mut records, |record| record.kind(), |record| known.insert(row_id(record)));
        Ok(records)
    }

    pub(super) async fn store_actions(
        &mut self,
        records: Vec<ActionRecord>,
        subjects: &Subjects,
    ) -> Result<(), StoreError> {
        for record in &records {
            self.accept(record.kind());
        }
        let rows = records.into_iter().map(|record| (row_id(&record), None, record.action));
        self.write_actions(rows.collect(), subjects).await
    }

    /// Puts what audit records say in the place of what their copies said.
    pub(crate) async fn actions_of_audits(
        &mut self,
        audits: &BTreeMap<String, AuditRecord>,
        subjects: &Subjects,
    ) -> Result<(), StoreError> {
        let rows: Vec<(String, Option<String>, MfaAction)> = audits
            .values()
            .filter_map(|audit| Some((record_id(&audit.record_id), audit.correlation_id.clone(), mfa_action(audit)?)))
            .collect();
        let keys: Vec<Value> = rows.iter().map(|(id, ..)| id.clone().into()).collect();
        self.conn
            .run_in("DELETE FROM mfa_actions WHERE tenant_id = $1 AND action_id IN", &[self.tenant], &keys)
            .await?;
        self.write_actions(rows, subjects).await
    }

    /// A record's time turned out to be finer.
    pub(super) async fn refine_actions(&mut self, finer: &BTreeMap<String, i64>) -> Result<(), StoreError> {
        for (audit, at) in finer {
            let sql = "UPDATE mfa_actions SET at = $3 WHERE tenant_id = $1 AND action_id = $2";
            self.conn.run(sql, args![self.tenant, record_id(audit), *at]).await?;
        }
        Ok(())
    }

    async fn write_actions(
        &mut self,
        actions: Vec<(String, Option<String>, MfaAction)>,
        subjects: &Subjects,
    ) -> Result<(), StoreError> {
        let (tenant, import) = (self.tenant, self.import);
        let rows = actions.into_iter().map(|(id, correlation_id, action)| {
            let resolved = subjects.get(&action.user);
            args![
                tenant,
                id,
                action.kind.code(),
                action.at.millis(),
                resolved.map(|resolved| resolved.subject_id),
                resolved.map(|resolved| resolved.user_id),
                action.user.user_name,
                action.user.display_name,
                action.by,
                action.reason,
                action.seconds,
                action.is_blocked.map(i64::from),
                action.completed_at.map(Instant::millis),
                action.completion_reason,
                action.is_used.map(i64::from),
                correlation_id,
                import,
            ]
        });
        self.conn
            .insert(
                "INSERT INTO mfa_actions (tenant_id, action_id, kind, at, subject_id, user_id, user_name, \
                 display_name, done_by, reason, seconds, is_blocked, completed_at, completion_reason, is_used, \
                 correlation_id, import_id)",
                17,
                rows.collect::<Vec<_>>(),
                "",
            )
            .await
    }
}
