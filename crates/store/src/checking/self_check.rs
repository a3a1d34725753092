//! A few hours recounted now and then while the program serves, and what came of it.

use async_recursion::async_recursion as boxed;
use domain::instant::Instant;
use domain::report::SelfCheck;
use domain::retention::Kept;

use super::counters::COUNTERS;
use super::findings::{Place, Span};
use super::{Checker, Recount};
use crate::StoreError;
use crate::db::args;

/// Results kept: a week of hourly ones.
const KEPT: i64 = 168;

impl Checker {
    /// The time of records of all kinds, from the first to the last.
    #[boxed]
    pub async fn covered(&self) -> Result<Option<(Instant, Instant)>, StoreError> {
        let sql = "SELECT MIN(covers_from), MAX(covers_to) FROM sources WHERE tenant_id = $1";
        let row: Option<(Option<i64>, Option<i64>)> = self.db.row(sql, args![self.tenant.0]).await?;
        Ok(row.and_then(|(from, to)| Some((Instant::from_millis(from?), Instant::from_millis(to?)))))
    }

    /// Recounts the hours that these instants are in; answers how many differences there are.
    #[boxed]
    pub async fn check_hours(&self, hours: &[Instant]) -> Result<u64, StoreError> {
        let mut differences = 0;
        for at in hours {
            // One for each, so that none lasts while others write.
            let mut conn = self.db.snapshot().await?;
            let mut recount = Recount::new(&mut conn, self.tenant, &self.options, false);
            recount.hour(Span::hour_of(at.millis())).await?;
            for difference in &recount.findings.checked().differences {
                tracing::warn!(table = difference.table, key = %difference.key, "a figure is not its recount");
                differences += 1;
            }
        }
        Ok(differences)
    }

    /// Keeps the result of a self-check, and those of the week before.
    #[boxed]
    pub async fn note_self_check(&self, check: &SelfCheck) -> Result<(), StoreError> {
        let mut conn = self.db.begin().await?;
        let row = args![self.tenant.0, check.at.millis(), check.hours, check.differences];
        let tail = "ON CONFLICT (tenant_id, checked_at) DO UPDATE SET hours = excluded.hours, \
            differences = excluded.differences";
        conn.insert("INSERT INTO self_checks (tenant_id, checked_at, hours, differences)", 4, [row], tail).await?;
        let sql = "DELETE FROM self_checks WHERE tenant_id = $1 AND checked_at NOT IN (SELECT checked_at \
            FROM self_checks WHERE tenant_id = $1 ORDER BY checked_at DESC LIMIT $2)";
        conn.run(sql, args![self.tenant.0, KEPT]).await?;
        conn.commit().await
    }
}

impl Recount<'_> {
    /// The counters and sets of an hour. Not by way of `look_at`: what repairs is no part of this, and cannot be sent to
    /// another thread.
    async fn hour(&mut self, hour: Span) -> Result<(), StoreError> {
        self.place = Place::SignIns(hour);
        if hour.from >= self.kept_from(Kept::SignIns).await? {
            self.sign_ins(hour).await?;
        }
        for counter in 0..COUNTERS.len() {
            for prefix in self.prefixes(counter).await? {
                self.place = Place::Counter { counter, prefix, span: hour };
                self.counter(counter, prefix, hour).await?;
            }
        }
        Ok(())
    }
}
