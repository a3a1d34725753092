//! Days that go by a rule. First it is noted from when on data is kept, so that no reader takes what is left for the
//! whole; then whole UTC days go with their counters, in lots of one transaction each. Whoever breaks off can go on.

use async_recursion::async_recursion as boxed;
use domain::export::ExportProblem;
use domain::instant::{DAY_MS, Instant};
use domain::page::Page;
use domain::record::{EventSource, Feature, RecordKind};
use domain::retention::{Kept, MAX_DAYS, MIN_DAYS, NotKept, RetentionRule};
use domain::viewer::TenantId;
use domain::window::Window;

use crate::db::{Conn, Db, ReadDb, args};
use crate::error::member;
use crate::exports::end_exports;
use crate::importing::{Operator, note_change};
use crate::tiers::floor;
use crate::{Admin, Reader, SettingsReader, StoreError};

impl SettingsReader {
    /// Every kind of data with its rule.
    #[boxed]
    pub async fn retention(&self) -> Result<Vec<RetentionRule>, StoreError> {
        rules(&self.db, self.tenant).await
    }
}

impl Admin {
    /// Sets for how many days a kind of data is kept; `None`: for ever. What has gone stays gone.
    ///
    /// # Errors
    /// `Missing` where a rule cannot have so many days.
    #[boxed]
    pub async fn set_retention(&self, kept: Kept, days: Option<i64>) -> Result<(), StoreError> {
        if let Some(days) = days.filter(|days| !(MIN_DAYS..=MAX_DAYS).contains(days)) {
            return Err(StoreError::Missing { what: "rule for so many days", name: days.to_string() });
        }
        let mut conn = self.db.begin().await?;
        const DELETE: &str = "DELETE FROM retention_rules WHERE tenant_id = $1 AND kept = $2";
        conn.run(DELETE, args![self.tenant.0, kept.code()]).await?;
        if let Some(days) = days {
            const INSERT: &str = "INSERT INTO retention_rules (tenant_id, kept, days) VALUES ($1, $2, $3)";
            conn.run(INSERT, args![self.tenant.0, kept.code(), days]).await?;
        }
        conn.commit().await
    }
}

impl Reader {
    /// Which of these kinds of data a window reaches further back than.
    #[boxed]
    pub async fn not_kept(&self, kinds: &[Kept], window: Window) -> Result<Vec<NotKept>, StoreError> {
        let kept_from = kept_from(&self.db, self.tenant).await?;
        let reached = kept_from.into_iter().filter(|(data, at)| kinds.contains(data) && window.from < *at);
        Ok(reached.map(|(data, kept_from)| NotKept { data, kept_from }).collect())
    }
}

impl Reader {
    /// A page of a list that may reach back to days that are not kept: then nobody knows how many rows it would have.
    pub(crate) async fn of_what_is_kept<T>(
        &self,
        page: Page<T>,
        kinds: &[Kept],
        window: Window,
    ) -> Result<Page<T>, StoreError> {
        if kinds.is_empty() || self.not_kept(kinds, window).await?.is_empty() {
            return Ok(page);
        }
        Ok(Page { total_is_exact: false, ..page })
    }
}

async fn rules(db: &Db, tenant: TenantId) -> Result<Vec<RetentionRule>, StoreError> {
    const RULES: &str = "SELECT kept, days FROM retention_rules WHERE tenant_id = $1";
    let rules: Vec<(i64, i64)> = db.rows(RULES, args![tenant.0]).await?;
    let kept_from = kept_from(&db.newest(), tenant).await?;
    let rule = |kept: &Kept| RetentionRule {
        kept: *kept,
        days: rules.iter().find(|(code, _)| *code == kept.code()).map(|(_, days)| *days),
        kept_from: kept_from.iter().find(|(of, _)| of == kept).map(|(_, at)| *at),
    };
    Ok(Kept::ALL.iter().map(rule).collect())
}

async fn kept_from(db: &ReadDb, tenant: TenantId) -> Result<Vec<(Kept, Instant)>, StoreError> {
    const SQL: &str = "SELECT kept, at FROM kept_from WHERE tenant_id = $1 ORDER BY kept";
    let rows: Vec<(i64, i64)> = db.rows(SQL, args![tenant.0]).await?;
    rows.into_iter()
        .map(|(kept, at)| Ok((member("kept_from", "kept", kept, Kept::from_code)?, Instant::from_millis(at))))
        .collect()
}

/// Days that are going.
#[derive(Debug, Clone)]
pub struct Retaining {
    /// What goes, and before when.
    going: Vec<(Kept, i64)>,
    /// The last user whose history was looked at.
    after: i64,
    now: Instant,
}

impl Operator {
    /// Notes from when on each kind of data is kept, by the rules as of now. Nothing is noted, and nothing goes, without
    /// a rule.
    #[boxed]
    pub async fn begin_retention(&self, now: Instant) -> Result<Retaining, StoreError> {
        for RetentionRule { kept, days, kept_from } in rules(&self.db, self.tenant).await? {
            let Some(days) = days else { continue };
            let cutoff = floor(now.millis() - days * DAY_MS, DAY_MS);
            if kept_from.is_some_and(|at| at.millis() >= cutoff) {
                continue;
            }
            let mut conn = self.db.begin().await?;
            if kept == Kept::Events {
                remember_first_audit_events(&mut conn, self.tenant.0).await?;
            }
            const SQL: &str = "INSERT INTO kept_from (tenant_id, kept, at) VALUES ($1, $2, $3) \
                ON CONFLICT (tenant_id, kept) DO UPDATE SET at = excluded.at";
            conn.run(SQL, args![self.tenant.0, kept.code(), cutoff]).await?;
            cover_from(&mut conn, self.tenant.0, kept, cutoff).await?;
            conn.commit().await?;
        }
        // Also what is there again: a file with old records may have come since.
        let rules = rules(&self.db, self.tenant).await?;
        let going = rules.into_iter().filter(|rule| rule.days.is_some());
        let going = going.filter_map(|rule| Some((rule.kept, rule.kept_from?.millis()))).collect();
        Ok(Retaining { going, after: 0, now })
    }

    /// Takes the next rows away, in one transaction; answers how many, or `None` where nothing is left to go.
    #[boxed(?Send)]
    pub async fn retain_some(&self, retaining: &mut Retaining) -> Result<Option<usize>, StoreError> {
        while let Some((kept, cutoff)) = retaining.going.last().copied() {
            let mut conn = self.db.begin().await?;
            let mut batch = self.batch(&mut conn, 0);
            let gone = match kept {
                Kept::SignIns => batch.drop_sign_ins_before(cutoff).await?,
                Kept::Events => batch.drop_events_before(cutoff).await?,
                Kept::Activity => batch.drop_activity_before(cutoff).await?,
                Kept::History => batch.drop_history_before(cutoff, &mut retaining.after).await?,
                Kept::Rejected => batch.drop_rejected_before(cutoff).await?,
                Kept::AccessLog => batch.drop_access_log_before(cutoff, retaining.now).await?,
            };
            if gone.is_some_and(|gone| gone > 0) {
                end_exports(&mut conn, self.tenant.0, ExportProblem::Retained).await?;
                note_change(&mut conn, self.tenant.0).await?;
            }
            conn.commit().await?;
            match gone {
                Some(gone) => return Ok(Some(gone)),
                None => _ = retaining.going.pop(),
            }
        }
        let mut conn = self.db.begin().await?;
        let recalled = self.batch(&mut conn, 0).recall_some().await?;
        conn.commit().await?;
        if recalled > 0 {
            return Ok(Some(0));
        }
        super::leftovers::drop_leftovers(self).await?;
        Ok(None)
    }

    /// Takes everything away that no rule keeps; answers how many rows went.
    #[boxed(?Send)]
    pub async fn retain(&self, now: Instant) -> Result<usize, StoreError> {
        let mut retaining = self.begin_retention(now).await?;
        if retaining.going.is_empty() {
            return Ok(0);
        }
        let mut rows = 0;
        while let Some(gone) = self.retain_some(&mut retaining).await? {
            rows += gone;
        }
        Ok(rows)
    }
}

/// Which of two sources counts depends on when the audit log first told of something: that stays known.
async fn remember_first_audit_events(conn: &mut Conn, tenant: i64) -> Result<(), StoreError> {
    for feature in Feature::ALL {
        const FIRST: &str =
            "SELECT at FROM events WHERE tenant_id = $1 AND source = $2 AND feature = $3 ORDER BY at LIMIT 1";
        let first: Option<(i64,)> = conn.row(FIRST, args![tenant, EventSource::Audit.code(), feature.code()]).await?;
        let Some((at,)) = first else { continue };
        const SQL: &str = "INSERT INTO first_audit_events (tenant_id, feature, at) VALUES ($1, $2, $3) \
            ON CONFLICT (tenant_id, feature) DO UPDATE SET at = CASE WHEN excluded.at < first_audit_events.at \
            THEN excluded.at ELSE first_audit_events.at END";
        conn.run(SQL, args![tenant, feature.code(), at]).await?;
    }
    Ok(())
}

/// The sources cover no time before.
async fn cover_from(conn: &mut Conn, tenant: i64, kept: Kept, cutoff: i64) -> Result<(), StoreError> {
    for table in ["sources", "import_sources"] {
        let sql = format!(
            "UPDATE {table} SET covers_from = CASE WHEN covers_from < $1 THEN $2 ELSE covers_from END, \
             covers_to = CASE WHEN covers_to < $3 THEN $4 ELSE covers_to END WHERE tenant_id = $5 AND kind IN"
        );
        let kinds: Vec<sea_query::Value> = RecordKind::ALL
            .iter()
            .filter(|kind| Kept::of(**kind) == Some(kept))
            .map(|kind| kind.code().into())
            .collect();
        conn.run_in(&sql, &[cutoff, cutoff, cutoff, cutoff, tenant], &kinds).await?;
    }
    Ok(())
}
