//! Of every source how it stands: what came in, what came again, and the hours in which nothing did.

use async_recursion::async_recursion as boxed;
use domain::instant::{DAY_MS, HOUR_MS, Instant};
use domain::record::RecordKind;
use domain::report::{Gap, SourceStatus};

use super::Reader;
use crate::StoreError;
use crate::db::args;
use crate::tiers::TIERS;

/// How far back gaps are looked for.
const LOOK_BACK: i64 = 90 * DAY_MS;
/// A shorter stretch without records is no gap: nights and week-ends are quiet.
const GAP: i64 = DAY_MS;

impl Reader {
    /// Every source that has ever come in.
    #[boxed]
    pub async fn source_statuses(&self, now: Instant) -> Result<Vec<SourceStatus>, StoreError> {
        let copies: Vec<(i64, i64, i64)> = self
            .db
            .rows("SELECT kind, duplicate, replaced FROM sources WHERE tenant_id = $1", args![self.tenant.0])
            .await?;
        let mut statuses = Vec::new();
        for source in self.sources().await? {
            let copies = copies.iter().find(|(kind, ..)| *kind == source.source.code());
            let from = source.covers_from.max(now.plus_millis(-LOOK_BACK));
            let to = source.covers_to.min(now);
            let gaps = self.hours_of(source.source, from).await?.map(|hours| gaps(&hours, from, to));
            let (duplicate, replaced) = copies.map_or((0, 0), |(_, duplicate, replaced)| (*duplicate, *replaced));
            statuses.push(SourceStatus { source, duplicate, replaced, gaps });
        }
        Ok(statuses)
    }

    /// The hours that have records of a kind, in order; `None` for kinds that do not come all the time.
    async fn hours_of(&self, kind: RecordKind, from: Instant) -> Result<Option<Vec<i64>>, StoreError> {
        let table = match kind {
            RecordKind::SignIn => return self.hours_of_sign_ins(from).await.map(Some),
            RecordKind::DirectoryAudit => "audit_records",
            RecordKind::MfaActivity => "mfa_activity",
            _ => return Ok(None),
        };
        // From hour to hour, each found by the index: as many steps as there are hours, not records.
        let sql = format!(
            "WITH RECURSIVE hours (at) AS (\
             SELECT MIN(at) FROM {table} WHERE tenant_id = $1 AND at >= $2 \
             UNION ALL SELECT (SELECT MIN(r.at) FROM {table} r WHERE r.tenant_id = $1 \
             AND r.at >= (h.at / {HOUR_MS} + 1) * {HOUR_MS}) FROM hours h WHERE h.at IS NOT NULL) \
             SELECT at FROM hours WHERE at IS NOT NULL"
        );
        let rows: Vec<(i64,)> = self.db.rows(&sql, args![self.tenant.0, from.millis()]).await?;
        Ok(Some(rows.into_iter().map(|(at,)| at / HOUR_MS * HOUR_MS).collect()))
    }

    async fn hours_of_sign_ins(&self, from: Instant) -> Result<Vec<i64>, StoreError> {
        let tier = TIERS.iter().position(|length| *length == HOUR_MS).and_then(|tier| i64::try_from(tier).ok());
        let first = from.millis().div_euclid(HOUR_MS) * HOUR_MS;
        let rows: Vec<(i64,)> = self
            .db
            .rows(
                "SELECT bucket_at FROM sign_in_counts WHERE tenant_id = $1 AND tier = $2 AND bucket_at >= $3 \
                 ORDER BY bucket_at",
                args![self.tenant.0, tier, first],
            )
            .await?;
        Ok(rows.into_iter().map(|(at,)| at).collect())
    }
}

/// Stretches without a record of a day and more, between the first hour looked at and the last that has one.
fn gaps(hours: &[i64], from: Instant, to: Instant) -> Vec<Gap> {
    let ends = hours.iter().map(|hour| hour + HOUR_MS);
    let begins = std::iter::once(from.millis()).chain(ends);
    begins
        .zip(hours.iter().copied())
        .filter(|(begin, end)| end - begin >= GAP && *end <= to.millis())
        .map(|(begin, end)| Gap { from: Instant::from_millis(begin), to: Instant::from_millis(end) })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(hours: &[i64], from: i64, to: i64) -> Vec<(i64, i64)> {
        let hours: Vec<i64> = hours.iter().map(|hour| hour * HOUR_MS).collect();
        let at = |hour: i64| Instant::from_millis(hour * HOUR_MS);
        let gaps = gaps(&hours, at(from), at(to));
        gaps.iter().map(|gap| (gap.from.millis() / HOUR_MS, gap.to.millis() / HOUR_MS)).collect()
    }

    #[test]
    fn a_day_without_a_record_is_a_gap() {
        assert_eq!(found(&[0, 1, 25, 26], 0, 30), []);
        assert_eq!(found(&[0, 1, 26], 0, 30), [(2, 26)]);
        assert_eq!(found(&[30, 31], 2, 31), [(2, 30)], "also before the first of those looked at");
        assert_eq!(found(&[0], 0, 100), [], "what has not come yet is lag");
        assert_eq!(found(&[], 0, 100), []);
    }
}
