//! Counters of sign-ins and sets of users, beside those that the sign-ins of the span give.

use std::collections::{BTreeMap, BTreeSet};

use domain::instant::MINUTE_MS;
use roaring::RoaringBitmap;

use super::findings::{Span, bucket};
use super::sign_ins::Classes;
use super::standings::compare_sets;
use super::{Difference, Recount};
use crate::StoreError;
use crate::db::args;
use crate::packed::{Counts, in_set, pack_counts, pack_users, unpack_counts};
use crate::sign_in_class::{ClassRow, Measure, SignInClass};
use crate::tiers::floor;

/// Sign-ins by application and class. A class that there is not is its number alone.
type ByClass = BTreeMap<(i64, Result<ClassRow, i64>), i64>;

/// What the sign-ins of a span are counted as, by minute.
#[derive(Default)]
pub(super) struct Figures {
    counts: BTreeMap<i64, ByClass>,
    users: BTreeMap<(i64, i64), RoaringBitmap>,
    classes: BTreeMap<ClassRow, SignInClass>,
}

impl Figures {
    pub fn add(&mut self, at: i64, app_no: i64, class: &SignInClass, user_id: Option<i64>) {
        let (minute, row) = (floor(at, MINUTE_MS), class.row());
        *self.counts.entry(minute).or_default().entry((app_no, Ok(row))).or_default() += 1;
        self.classes.entry(row).or_insert(*class);
        let Some(user_id) = user_id else { return };
        for measure in Measure::ALL.into_iter().filter(|measure| measure.counts(class)) {
            self.users.entry((measure.code(), minute)).or_default().insert(in_set(user_id));
        }
    }

    fn counts_of(&self, size: i64) -> BTreeMap<i64, ByClass> {
        let mut buckets: BTreeMap<i64, ByClass> = BTreeMap::new();
        for (minute, counts) in &self.counts {
            let bucket = buckets.entry(floor(*minute, size)).or_default();
            for (key, n) in counts {
                *bucket.entry(*key).or_default() += n;
            }
        }
        buckets
    }

    fn users_of(&self, measure: Measure, size: i64) -> BTreeMap<i64, RoaringBitmap> {
        let mut buckets: BTreeMap<i64, RoaringBitmap> = BTreeMap::new();
        for ((_, minute), users) in self.users.range((measure.code(), i64::MIN)..=(measure.code(), i64::MAX)) {
            *buckets.entry(floor(*minute, size)).or_default() |= users;
        }
        buckets
    }
}

impl Recount<'_> {
    pub(super) async fn compare_figures(
        &mut self,
        span: Span,
        figures: Figures,
        classes: &mut Classes,
    ) -> Result<(), StoreError> {
        for (tier, size) in span.tiers() {
            self.compare_counts(span, tier, figures.counts_of(size), &figures, classes).await?;
            for measure in Measure::ALL {
                self.compare_users(span, tier, measure, figures.users_of(measure, size)).await?;
            }
        }
        Ok(())
    }

    async fn compare_counts(
        &mut self,
        span: Span,
        tier: i64,
        recounted: BTreeMap<i64, ByClass>,
        figures: &Figures,
        classes: &mut Classes,
    ) -> Result<(), StoreError> {
        let sql = "SELECT bucket_at, counts FROM sign_in_counts \
            WHERE tenant_id = $1 AND tier = $2 AND bucket_at >= $3 AND bucket_at < $4";
        let rows: Vec<(i64, Vec<u8>)> = self.conn.rows(sql, args![self.tenant.0, tier, span.from, span.to]).await?;
        let stored: BTreeMap<i64, Vec<u8>> = rows.into_iter().collect();
        let none = ByClass::new();
        let buckets: BTreeSet<i64> = stored.keys().chain(recounted.keys()).copied().collect();
        for at in buckets {
            let expected = recounted.get(&at).unwrap_or(&none);
            let read = stored.get(&at).map(|bytes| by_class(bytes, classes)).transpose();
            let (before, after) = match &read {
                Ok(stored) if stored.as_ref().unwrap_or(&none) == expected => continue,
                Ok(stored) => {
                    let after = (!expected.is_empty()).then(|| said(expected, stored.as_ref()));
                    (stored.as_ref().map(|stored| said(stored, Some(expected))), after)
                }
                Err(error) => (Some(error.to_string()), Some(said(expected, None))),
            };
            self.found(Difference { table: "sign_in_counts", key: bucket(tier, at), stored: before, recounted: after });
            if self.is_repairing {
                let key = args![self.tenant.0, tier, at];
                let sql = "DELETE FROM sign_in_counts WHERE tenant_id = $1 AND tier = $2 AND bucket_at = $3";
                self.conn.run(sql, key).await?;
                let mut counts = Counts::new();
                for ((app_no, row), n) in expected {
                    let Some(class) = row.ok().and_then(|row| figures.classes.get(&row)) else { continue };
                    let class_id = self.number_of(class, classes).await?;
                    *counts.entry((*app_no, class_id)).or_default() += n;
                }
                let row = args![self.tenant.0, tier, at, pack_counts(&counts)?];
                let rows = (!counts.is_empty()).then_some(row);
                self.conn
                    .insert("INSERT INTO sign_in_counts (tenant_id, tier, bucket_at, counts)", 4, rows, "")
                    .await?;
            }
        }
        Ok(())
    }

    async fn compare_users(
        &mut self,
        span: Span,
        tier: i64,
        measure: Measure,
        recounted: BTreeMap<i64, RoaringBitmap>,
    ) -> Result<(), StoreError> {
        let sql = "SELECT bucket_at, users FROM sign_in_users \
            WHERE tenant_id = $1 AND measure = $2 AND tier = $3 AND bucket_at >= $4 AND bucket_at < $5";
        let key = args![self.tenant.0, measure.code(), tier, span.from, span.to];
        let stored: Vec<(i64, Vec<u8>)> = self.conn.rows(sql, key).await?;
        let stored: BTreeMap<i64, Vec<u8>> = stored.into_iter().collect();
        let nobody = RoaringBitmap::new();
        let buckets: BTreeSet<i64> = stored.keys().chain(recounted.keys()).copied().collect();
        for at in buckets {
            let expected = recounted.get(&at).unwrap_or(&nobody);
            let compared = compare_sets(stored.get(&at).map(Vec::as_slice), expected);
            let Some((before, after)) = compared else { continue };
            self.found(Difference {
                table: "sign_in_users",
                key: format!("{}, {measure:?}", bucket(tier, at)),
                stored: before,
                recounted: after,
            });
            if self.is_repairing {
                let key = args![self.tenant.0, measure.code(), tier, at];
                let sql = "DELETE FROM sign_in_users \
                    WHERE tenant_id = $1 AND measure = $2 AND tier = $3 AND bucket_at = $4";
                self.conn.run(sql, key).await?;
                let row = args![self.tenant.0, measure.code(), tier, at, pack_users(expected)?];
                let rows = (!expected.is_empty()).then_some(row);
                let head = "INSERT INTO sign_in_users (tenant_id, measure, tier, bucket_at, users)";
                self.conn.insert(head, 5, rows, "").await?;
            }
        }
        Ok(())
    }
}

fn by_class(bytes: &[u8], classes: &Classes) -> Result<ByClass, StoreError> {
    let mut counts = ByClass::new();
    unpack_counts(bytes, |app_no, class_id, n| {
        let class = classes.by_id.get(&class_id).copied().flatten();
        let key = (app_no, class.map_or(Err(class_id), |class| Ok(class.row())));
        let sum = counts.entry(key).or_default();
        *sum = n.saturating_add(*sum);
    })?;
    counts.retain(|_, n| *n != 0);
    Ok(counts)
}

/// How many sign-ins, and of what there is another number elsewhere.
fn said(counts: &ByClass, other: Option<&ByClass>) -> String {
    let sum = counts.values().fold(0_i64, |sum, n| sum.saturating_add(*n));
    let mut text = format!("{sum} sign-ins");
    let Some(other) = other else { return text };
    let differing = counts.keys().chain(other.keys()).find(|key| counts.get(key) != other.get(key));
    if let Some(key) = differing {
        let n = counts.get(key).copied().unwrap_or(0);
        let class = match key.1 {
            Ok((facts, traits, code)) => format!("facts {facts}, traits {traits}, error code {code}"),
            Err(class_id) => format!("class {class_id}, which there is not"),
        };
        text.push_str(&format!(", {n} of application {} with {class}", key.0));
    }
    text
}
