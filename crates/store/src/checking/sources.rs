//! How many records of each kind there are, and that the time that they are said to cover has them all.

use std::collections::BTreeMap;

use domain::instant::Instant;
use domain::mfa::ActionKind;
use domain::record::RecordKind;
use domain::retention::Kept;

use super::{Difference, Recount};
use crate::StoreError;
use crate::db::args;

/// Records, and their earliest and latest time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Covered {
    records: i64,
    from: i64,
    to: i64,
}

impl Recount<'_> {
    pub(super) async fn sources(&mut self) -> Result<(), StoreError> {
        let stored = self.stored_sources().await?;
        for (kind, mut recounted) in self.recounted_sources().await? {
            if let Some(kept) = Kept::of(kind) {
                let kept_from = self.kept_from(kept).await?;
                (recounted.from, recounted.to) = (recounted.from.max(kept_from), recounted.to.max(kept_from));
            }
            let before = stored.get(&kind.code()).copied();
            // Copies that lost may have had other times: what is covered is no less than what is stored.
            let after = before.map_or(recounted, |before| Covered {
                records: recounted.records,
                from: before.from.min(recounted.from),
                to: before.to.max(recounted.to),
            });
            if before == Some(after) {
                continue;
            }
            self.found(Difference {
                table: "sources",
                key: kind.to_string(),
                stored: before.map(|covered| covered.text()),
                recounted: Some(after.text()),
            });
            if self.is_repairing {
                self.write_source(kind, after).await?;
            }
        }
        Ok(())
    }

    async fn stored_sources(&mut self) -> Result<BTreeMap<i64, Covered>, StoreError> {
        let sql = "SELECT kind, records, covers_from, covers_to FROM sources WHERE tenant_id = $1";
        let rows: Vec<(i64, i64, i64, i64)> = self.conn.rows(sql, args![self.tenant.0]).await?;
        Ok(rows.into_iter().map(|(kind, records, from, to)| (kind, Covered { records, from, to })).collect())
    }

    /// Without the kinds that tables do not tell apart: the two of report events, and steps, which need have no time.
    async fn recounted_sources(&mut self) -> Result<BTreeMap<RecordKind, Covered>, StoreError> {
        let mut sources = BTreeMap::new();
        let sql = "SELECT kind, COUNT(*), MIN(observed_at), MAX(observed_at) FROM user_observations \
            WHERE tenant_id = $1 GROUP BY kind";
        for (kind, records, from, to) in self.conn.rows::<(i64, i64, i64, i64)>(sql, args![self.tenant.0]).await? {
            if let Some(kind) = RecordKind::from_code(kind) {
                sources.insert(kind, Covered { records, from, to });
            }
        }
        let bypass = format!(
            "action_id LIKE 'row:%' AND kind IN ({}, {})",
            ActionKind::Bypass.code(),
            ActionKind::RemoveBypass.code()
        );
        let block = format!(
            "action_id LIKE 'row:%' AND kind NOT IN ({}, {})",
            ActionKind::Bypass.code(),
            ActionKind::RemoveBypass.code()
        );
        for (kind, table, at, only) in [
            (RecordKind::DirectoryAudit, "audit_records", "at", "1 = 1"),
            (RecordKind::SignIn, "sign_ins", "at", "1 = 1"),
            (RecordKind::MfaActivity, "mfa_activity", "at", "1 = 1"),
            (RecordKind::MfaServerStatus, "mfa_servers", "last_contact", "1 = 1"),
            (RecordKind::MfaBypass, "mfa_actions", "at", bypass.as_str()),
            (RecordKind::MfaBlock, "mfa_actions", "at", block.as_str()),
        ] {
            let sql = format!("SELECT COUNT(*), MIN({at}), MAX({at}) FROM {table} WHERE tenant_id = $1 AND {only}");
            let row: Option<(i64, Option<i64>, Option<i64>)> = self.conn.row(&sql, args![self.tenant.0]).await?;
            if let Some((records, Some(from), Some(to))) = row {
                sources.insert(kind, Covered { records, from, to });
            }
        }
        Ok(sources)
    }

    async fn write_source(&mut self, kind: RecordKind, covered: Covered) -> Result<(), StoreError> {
        let Covered { records, from, to } = covered;
        let row = args![self.tenant.0, kind.code(), to, from, to, records];
        let head = "INSERT INTO sources (tenant_id, kind, last_refreshed_at, covers_from, covers_to, records)";
        let tail = "ON CONFLICT (tenant_id, kind) DO UPDATE SET covers_from = excluded.covers_from, \
            covers_to = excluded.covers_to, records = excluded.records";
        self.conn.insert(head, 6, [row], tail).await
    }
}

impl Covered {
    fn text(self) -> String {
        let (from, to) = (Instant::from_millis(self.from), Instant::from_millis(self.to));
        format!("{} records from {from} to {to}", self.records)
    }
}
