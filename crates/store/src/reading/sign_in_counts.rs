//! Counting sign-ins over windows: by class, by application and class, and distinct users.

use std::collections::{BTreeMap, HashMap};

use domain::window::Window;
use roaring::{MultiOps as _, RoaringBitmap};

use super::Reader;
use super::classes::Classes;
use crate::StoreError;
use crate::db::args;
use crate::packed::{in_set, unpack_counts, unpack_users};
use crate::sign_in_class::Measure;
use crate::tiers::{Segment, plan};

/// Beginning of a bucket and its packed counters; or of an edge, an application, a class and how many sign-ins.
type CountRow = (i64, i64, i64, i64, Option<Vec<u8>>);

impl Reader {
    /// How many sign-ins of each class a window has.
    pub(super) async fn class_counts(&self, window: Window) -> Result<BTreeMap<i64, i64>, StoreError> {
        // Classes are numbered from 1 on, one after the other.
        let mut counts: Vec<i64> = Vec::new();
        self.count_sign_ins(&plan(window), |_, _, class_id, n| {
            let at = usize::try_from(class_id).unwrap_or(0);
            if counts.len() <= at {
                counts.resize(at + 1, 0);
            }
            counts[at] += n;
        })
        .await?;
        Ok((0..).zip(counts).filter(|(_, n)| *n != 0).collect())
    }

    /// How many sign-ins of each application and class a window has; of some applications, or of all.
    pub(super) async fn app_counts(
        &self,
        window: Window,
        apps: Option<&[i64]>,
    ) -> Result<HashMap<(i64, i64), i64>, StoreError> {
        let mut counts = HashMap::new();
        self.count_sign_ins(&plan(window), |_, app_no, class_id, n| {
            if apps.is_none_or(|apps| apps.contains(&app_no)) {
                *counts.entry((app_no, class_id)).or_default() += n;
            }
        })
        .await?;
        Ok(counts)
    }

    /// Calls `each` with the beginning of a bucket, or of an edge, and an application, a class and how many sign-ins it
    /// has of them; the same more than once.
    pub(super) async fn count_sign_ins(
        &self,
        segments: &[Segment],
        mut each: impl FnMut(i64, i64, i64, i64),
    ) -> Result<(), StoreError> {
        if segments.is_empty() {
            return Ok(());
        }
        let mut args = args![self.tenant.0];
        let mut parts = Vec::new();
        // One statement, so that all of it is of one moment.
        for segment in segments {
            let n = args.len();
            parts.push(match segment {
                Segment::Tier { tier, from, to } => {
                    args.extend(args![*tier, *from, *to]);
                    format!(
                        "SELECT bucket_at, CAST(0 AS BIGINT) AS app_no, CAST(0 AS BIGINT) AS class_id, \
                         CAST(0 AS BIGINT) AS n, counts FROM sign_in_counts WHERE tenant_id = $1 AND tier = ${} \
                         AND bucket_at >= ${} AND bucket_at < ${}",
                        n + 1,
                        n + 2,
                        n + 3
                    )
                }
                // The pluses keep SQLite from reading all of an index whose order has the classes.
                Segment::Raw { from, to } => {
                    args.extend(args![*from, *to]);
                    format!(
                        "SELECT CAST(${} AS BIGINT) AS bucket_at, COALESCE(app_no, 0) AS app_no, +class_id AS class_id, \
                         COUNT(*) AS n, CAST(NULL AS BYTEA) AS counts FROM sign_ins \
                         WHERE tenant_id = $1 AND at >= ${} AND at < ${} GROUP BY COALESCE(app_no, 0), +class_id",
                        n + 1,
                        n + 1,
                        n + 2
                    )
                }
            });
        }
        let rows: Vec<CountRow> = self.db.rows(&parts.join(" UNION ALL "), args).await?;
        for (at, app_no, class_id, n, counts) in rows {
            match counts {
                Some(bytes) => unpack_counts(&bytes, |app_no, class_id, n| each(at, app_no, class_id, n))?,
                None => each(at, app_no, class_id, n),
            }
        }
        Ok(())
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
                // The plus keeps SQLite from reading all of the index by user, which has what is asked for.
                Segment::Raw { from, to } => {
                    let rows: Vec<(i64, i64)> = self
                        .db
                        .rows(
                            "SELECT user_id, class_id FROM sign_ins \
                             WHERE tenant_id = $1 AND at >= $2 AND at < $3 AND +user_id IS NOT NULL",
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
