//! What is known of each kind of record: how many there are, what time they cover, and when they were last refreshed.

use std::collections::BTreeMap;

use domain::instant::Instant;
use domain::record::RecordKind;
use domain::report::ImportCounts;
use sea_query::Value;

use super::Batch;
use crate::StoreError;
use crate::db::{Conn, args};

/// The span of time that records of each kind cover.
pub(super) type Coverage = BTreeMap<RecordKind, Covered>;

impl Batch<'_> {
    pub(super) async fn store_sources(&mut self, covered: Coverage, now: Instant) -> Result<(), StoreError> {
        let tenant = self.tenant;
        let import = self.import;
        let of_import: Vec<_> = covered
            .iter()
            .map(|(kind, covered)| args![tenant, import, kind.code(), now.millis(), covered.from, covered.to])
            .collect();
        self.conn
            .insert(
                "INSERT INTO import_sources (tenant_id, import_id, kind, last_refreshed_at, covers_from, covers_to)",
                6,
                of_import,
                "ON CONFLICT (tenant_id, import_id, kind) DO UPDATE SET \
                 last_refreshed_at = CASE WHEN excluded.last_refreshed_at > import_sources.last_refreshed_at \
                   THEN excluded.last_refreshed_at ELSE import_sources.last_refreshed_at END, \
                 covers_from = CASE WHEN excluded.covers_from < import_sources.covers_from \
                   THEN excluded.covers_from ELSE import_sources.covers_from END, \
                 covers_to = CASE WHEN excluded.covers_to > import_sources.covers_to \
                   THEN excluded.covers_to ELSE import_sources.covers_to END",
            )
            .await?;
        let by_kind = &self.by_kind;
        let rows = covered.into_iter().map(|(kind, covered)| {
            let records = by_kind.get(&kind).map_or(0, |applied| applied.accepted);
            args![tenant, kind.code(), now.millis(), covered.from, covered.to, records]
        });
        self.conn
            .insert(
                "INSERT INTO sources (tenant_id, kind, last_refreshed_at, covers_from, covers_to, records)",
                6,
                rows,
                "ON CONFLICT (tenant_id, kind) DO UPDATE SET \
                 last_refreshed_at = CASE WHEN excluded.last_refreshed_at > sources.last_refreshed_at \
                   THEN excluded.last_refreshed_at ELSE sources.last_refreshed_at END, \
                 covers_from = CASE WHEN excluded.covers_from < sources.covers_from \
                   THEN excluded.covers_from ELSE sources.covers_from END, \
                 covers_to = CASE WHEN excluded.covers_to > sources.covers_to \
                   THEN excluded.covers_to ELSE sources.covers_to END, \
                 records = sources.records + excluded.records",
            )
            .await
    }
}

impl Batch<'_> {
    /// Adds what came again to its kinds. A kind that is known has a row.
    pub(super) async fn count_copies(&mut self) -> Result<(), StoreError> {
        for (kind, applied) in std::mem::take(&mut self.by_kind) {
            if applied.duplicate == 0 && applied.replaced == 0 {
                continue;
            }
            self.conn
                .run(
                    "UPDATE sources SET duplicate = duplicate + $3, replaced = replaced + $4 \
                     WHERE tenant_id = $1 AND kind = $2",
                    args![self.tenant, kind.code(), applied.duplicate, applied.replaced],
                )
                .await?;
        }
        Ok(())
    }
}

/// The span of time that records of a kind cover.
pub(super) struct Covered {
    from: i64,
    to: i64,
}

impl Default for Covered {
    fn default() -> Self {
        Self { from: i64::MAX, to: i64::MIN }
    }
}

impl Covered {
    pub fn add(&mut self, at: i64) {
        self.from = self.from.min(at);
        self.to = self.to.max(at);
    }
}

/// A file whose records are all known changes no record, but says that they still hold.
pub(super) async fn refresh(
    conn: &mut Conn,
    tenant: i64,
    counts: &ImportCounts,
    now: Instant,
) -> Result<(), StoreError> {
    let kinds: Vec<Value> =
        counts.by_kind.keys().filter_map(|name| Some(name.parse::<RecordKind>().ok()?.code().into())).collect();
    let sql = "UPDATE sources SET last_refreshed_at = $1 WHERE last_refreshed_at < $2 AND tenant_id = $3 AND kind IN";
    conn.run_in(sql, &[now.millis(), now.millis(), tenant], &kinds).await
}
