//! Whole password resets, changes and unlocks: counted as their audit records come.

use std::collections::{BTreeMap, BTreeSet};

use domain::derive::password_action;
use domain::record::AuditRecord;
use domain::viewer::TenantId;
use sea_query::Value;

use super::Batch;
use super::subjects::{NamedBy, Subjects};
use super::versions::{STORED_AUDIT_COLUMNS, STORED_AUDITS, StoredAudit};
use crate::db::{Db, args};
use crate::tiers::Deltas;
use crate::{Options, StoreError};

/// The column `password_kind`: what was done, times two, and whether it was.
pub(crate) fn password_kind(audit: &AuditRecord) -> Option<i64> {
    password_action(audit).map(|(action, outcome)| action.code() * 2 + outcome.code())
}

impl Batch<'_> {
    /// Changes the counters by what the batch's winners say instead of the copies that they replace. Before they are
    /// written.
    pub(super) async fn count_passwords(
        &mut self,
        winners: &BTreeMap<String, AuditRecord>,
        replaced: &BTreeSet<String>,
        finer: &BTreeMap<String, i64>,
    ) -> Result<(), StoreError> {
        let mut deltas: Deltas<i64> = Deltas::new();
        let keys: Vec<Value> = replaced.iter().chain(finer.keys()).map(|id| id.as_str().into()).collect();
        let before: Vec<(String, i64, Option<i64>)> = self
            .conn
            .rows_in(
                "SELECT record_id, at, password_kind FROM audit_records WHERE tenant_id = $1 AND record_id IN",
                &[self.tenant],
                &keys,
            )
            .await?;
        for (id, at, kind) in before {
            let Some(kind) = kind else { continue };
            deltas.add(at, kind, -1);
            if let Some(at) = finer.get(&id) {
                deltas.add(*at, kind, 1);
            }
        }
        for audit in winners.values() {
            if let Some(kind) = password_kind(audit) {
                deltas.add(audit.at.millis(), kind, 1);
            }
        }
        self.write_password_deltas(&deltas).await
    }

    /// Takes what is gone out of the counters.
    pub(super) async fn uncount_passwords(&mut self, gone: impl Iterator<Item = (i64, i64)>) -> Result<(), StoreError> {
        let mut deltas: Deltas<i64> = Deltas::new();
        for (at, kind) in gone {
            deltas.add(at, kind, -1);
        }
        self.write_password_deltas(&deltas).await
    }

    async fn write_password_deltas(&mut self, deltas: &Deltas<i64>) -> Result<(), StoreError> {
        let tenant = self.tenant;
        let rows = deltas.changes().map(|(tier, bucket_at, kind, n)| args![tenant, tier, bucket_at, kind, n]);
        self.conn
            .insert(
                "INSERT INTO password_rollups (tenant_id, tier, bucket_at, kind, n)",
                5,
                rows,
                "ON CONFLICT (tenant_id, tier, bucket_at, kind) DO UPDATE SET n = password_rollups.n + excluded.n",
            )
            .await
    }
}

/// Derives from every stored audit record again what was done to passwords and to users' MFA.
pub(crate) async fn derive_audits_again(db: &Db, tenant: TenantId, options: &Options) -> Result<(), StoreError> {
    let next = format!(
        "SELECT {STORED_AUDIT_COLUMNS} {STORED_AUDITS} \
         WHERE a.tenant_id = $1 AND a.record_id > $2 ORDER BY a.record_id LIMIT 2000"
    );
    db.run("DELETE FROM password_rollups WHERE tenant_id = $1", args![tenant.0]).await?;
    db.run("UPDATE audit_records SET password_kind = NULL WHERE tenant_id = $1", args![tenant.0]).await?;
    let mut after = String::new();
    loop {
        let mut conn = db.begin().await?;
        let rows: Vec<StoredAudit> = conn.rows(&next, args![tenant.0, after.clone()]).await?;
        let Some(last) = rows.last() else { return Ok(()) };
        after.clone_from(&last.record_id);
        let mut audits = BTreeMap::new();
        for row in rows {
            let audit = row.into_audit()?;
            audits.insert(audit.record_id.clone(), audit);
        }
        let mut batch = Batch::new(&mut conn, tenant, 0, options);
        let mut subjects = Subjects::default();
        for audit in audits.values() {
            if let Some(action) = domain::mfa::mfa_action(audit) {
                subjects.name(&action.user, audit.at.millis(), NamedBy::Event);
            }
        }
        batch.resolve(&mut subjects).await?;
        batch.count_passwords(&audits, &BTreeSet::new(), &BTreeMap::new()).await?;
        batch.actions_of_audits(&audits, &subjects).await?;
        batch.derive_states(subjects).await?;
        for audit in audits.values() {
            if let Some(kind) = password_kind(audit) {
                let sql = "UPDATE audit_records SET password_kind = $3 WHERE tenant_id = $1 AND record_id = $2";
                conn.run(sql, args![tenant.0, audit.record_id.clone(), kind]).await?;
            }
        }
        conn.commit().await?;
    }
}
