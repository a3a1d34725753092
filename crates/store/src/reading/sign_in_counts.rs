//! Counting sign-ins over windows: by class, by application and class, and distinct users.

use std::collections::{BTreeMap, HashMap};

use domain::window::Window;
use roaring::{MultiOps as _, RoaringBitmap};

use super::Reader;
use crate::StoreError;
use crate::db::args;
use crate::packed::{in_set, unpack_users};
use crate::sign_in_class::{Measure, SignInClass};
use crate::tiers::{Segment, TIERS, plan};

/// Classes by number.
pub(super) type Classes = HashMap<i64, SignInClass>;

impl Reader {
    pub(super) async fn classes(&self) -> Result<Classes, StoreError> {
        let rows: Vec<(i64, i64, i64, i64)> = self
            .db
            .rows(
                "SELECT class_id, facts, traits, error_code FROM sign_in_classes WHERE tenant_id = $1",
                args![self.tenant.0],
            )
            .await?;
        rows.into_iter()
            .map(|(id, facts, traits, error_code)| Ok((id, SignInClass::from_row((facts, traits, error_code))?)))
            .collect()
    }

    /// How many sign-ins of each class a window has.
    pub(super) async fn class_counts(&self, window: Window) -> Result<BTreeMap<i64, i64>, StoreError> {
        let mut args = args![self.tenant.0];
        let mut parts = Vec::new();
        for segment in plan(window) {
            let n = args.len();
            parts.push(match segment {
                Segment::Tier { tier, from, to } => {
                    args.extend(args![tier, from, to]);
                    format!(
                        "SELECT class_id, CAST(SUM(n) AS BIGINT) AS n FROM sign_in_rollups WHERE tenant_id = $1 \
                         AND tier = ${} AND bucket_at >= ${} AND bucket_at < ${} GROUP BY class_id",
                        n + 1,
                        n + 2,
                        n + 3
                    )
                }
                // The pluses keep SQLite from reading all of an index whose order has the classes.
                Segment::Raw { from, to } => {
                    args.extend(args![from, to]);
                    format!(
                        "SELECT +class_id, COUNT(*) AS n FROM sign_ins WHERE tenant_id = $1 \
                         AND at >= ${} AND at < ${} GROUP BY +class_id",
                        n + 1,
                        n + 2
                    )
                }
            });
        }
        let rows: Vec<(i64, i64)> = self.db.rows(&parts.join(" UNION ALL "), args).await?;
        let mut counts = BTreeMap::new();
        for (class_id, n) in rows {
            *counts.entry(class_id).or_default() += n;
        }
        counts.retain(|_, n: &mut i64| *n != 0);
        Ok(counts)
    }

    /// How many sign-ins of each application and class a window has; of some applications, or of all.
    pub(super) async fn app_counts(
        &self,
        window: Window,
        apps: Option<&[i64]>,
    ) -> Result<BTreeMap<(i64, i64), i64>, StoreError> {
        let only = match apps {
            None => String::new(),
            Some([]) => return Ok(BTreeMap::new()),
            Some(apps) => {
                // Numbers of our own: nothing of them is from outside.
                let list: Vec<String> = apps.iter().map(i64::to_string).collect();
                format!(" AND app_no IN ({})", list.join(", "))
            }
        };
        let mut args = args![self.tenant.0];
        let mut parts = Vec::new();
        for segment in without_minutes(window) {
            let n = args.len();
            parts.push(match segment {
                Segment::Tier { tier, from, to } => {
                    args.extend(args![tier, from, to]);
                    format!(
                        "SELECT app_no, class_id, CAST(SUM(n) AS BIGINT) AS n FROM sign_in_app_rollups \
                         WHERE tenant_id = $1 AND tier = ${} AND bucket_at >= ${} AND bucket_at < ${}{only} \
                         GROUP BY app_no, class_id",
                        n + 1,
                        n + 2,
                        n + 3
                    )
                }
                Segment::Raw { from, to } => {
                    args.extend(args![from, to]);
                    let only = only.replace("app_no", "COALESCE(app_no, 0)");
                    format!(
                        "SELECT COALESCE(app_no, 0) AS app_no, +class_id, COUNT(*) AS n FROM sign_ins \
                         WHERE tenant_id = $1 AND at >= ${} AND at < ${}{only} \
                         GROUP BY COALESCE(app_no, 0), +class_id",
                        n + 1,
                        n + 2
                    )
                }
            });
        }
        let rows: Vec<(i64, i64, i64)> = self.db.rows(&parts.join(" UNION ALL "), args).await?;
        let mut counts = BTreeMap::new();
        for (app_no, class_id, n) in rows {
            *counts.entry((app_no, class_id)).or_default() += n;
        }
        counts.retain(|_, n: &mut i64| *n != 0);
        Ok(counts)
    }

    /// Users with at least one such sign-in in a window.
    pub(super) async fn users_in(
        &self,
        measure: Measure,
        window: Window,
        classes: &Classes,
    ) -> Result<RoaringBitmap, StoreError> {
        let mut args = args![self.tenant.0, measure.code()];
        let mut parts = Vec::new();
        let mut sets = Vec::new();
        for segment in plan(window) {
            match segment {
                Segment::Tier { tier, from, to } => {
                    let n = args.len();
                    args.extend(args![tier, from, to]);
                    parts.push(format!(
                        "SELECT users FROM sign_in_users WHERE tenant_id = $1 AND measure = $2 \
                         AND tier = ${} AND bucket_at >= ${} AND bucket_at < ${}",
                        n + 1,
                        n + 2,
                        n + 3
                    ));
                }
                Segment::Raw { from, to } => {
                    let rows: Vec<(i64, i64)> = self
                        .db
                        .rows(
                            "SELECT user_id, class_id FROM sign_ins \
                             WHERE tenant_id = $1 AND at >= $2 AND at < $3 AND user_id IS NOT NULL",
                            args![self.tenant.0, from, to],
                        )
                        .await?;
                    let counted = rows
                        .into_iter()
                        .filter(|(_, class_id)| classes.get(class_id).is_some_and(|class| measure.counts(class)));
                    sets.push(counted.map(|(user_id, _)| in_set(user_id)).collect());
                }
            }
        }
        if !parts.is_empty() {
            let rows: Vec<(Vec<u8>,)> = self.db.rows(&parts.join(" UNION ALL "), args).await?;
            for (bytes,) in rows {
                sets.push(unpack_users(&bytes)?);
            }
        }
        Ok(sets.union())
    }
}

/// The plan of a window for counters that have no minutes: those are read from the rows.
fn without_minutes(window: Window) -> Vec<Segment> {
    let mut segments: Vec<Segment> = Vec::new();
    for segment in plan(window) {
        let segment = match segment {
            Segment::Tier { tier, from, to } if TIERS.get(usize::try_from(tier).unwrap_or(0)) == TIERS.last() => {
                Segment::Raw { from, to }
            }
            other => other,
        };
        match (segments.last_mut(), segment) {
            (Some(Segment::Raw { to: end, .. }), Segment::Raw { from, to }) if *end == from => *end = to,
            (_, segment) => segments.push(segment),
        }
    }
    segments
}
