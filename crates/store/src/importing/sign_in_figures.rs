//! Counters of sign-ins and sets of users: changed with the rows they are about.

use std::collections::{BTreeMap, BTreeSet};

use roaring::RoaringBitmap;
use sea_query::Value;

use super::Batch;
use super::dictionary::Classes;
use super::sign_ins::{Change, SignInRow};
use crate::StoreError;
use crate::db::args;
use crate::packed::{Counts, in_set, pack_counts, pack_users, unpack_counts, unpack_users};
use crate::sign_in_class::{Measure, SignInClass};
use crate::tiers::{Deltas, TIERS, buckets, floor};

/// Of sign-ins whose record names no application.
pub const NO_APP: i64 = 0;

/// Users who are in a measure at an instant: one more or one less such sign-in.
type Presence = BTreeMap<(Measure, i64, i64), i64>;

impl Batch<'_> {
    pub(super) async fn write_sign_in_figures(&mut self, change: &Change, classes: &Classes) -> Result<(), StoreError> {
        let mut counts: Deltas<(i64, i64)> = Deltas::new();
        let mut presence = Presence::new();
        for (rows, n) in [(&change.before, -1), (&change.after, 1)] {
            for row in rows {
                counts.add(row.at, (row.app_no.unwrap_or(NO_APP), row.class_id), n);
                note_presence(&mut presence, row, &classes.get(row.class_id)?, n);
            }
        }
        self.write_counts(&counts).await?;
        self.write_users(presence, classes).await
    }

    async fn write_counts(&mut self, changes: &Deltas<(i64, i64)>) -> Result<(), StoreError> {
        let mut by_tier: BTreeMap<i64, BTreeMap<i64, Counts>> = BTreeMap::new();
        for (tier, bucket_at, key, n) in changes.changes() {
            by_tier.entry(tier).or_default().entry(bucket_at).or_default().insert(key, n);
        }
        for (tier, mut buckets) in by_tier {
            let keys: Vec<Value> = buckets.keys().map(|at| (*at).into()).collect();
            const STORED: &str =
                "SELECT bucket_at, counts FROM sign_in_counts WHERE tenant_id = $1 AND tier = $2 AND bucket_at IN";
            let stored: Vec<(i64, Vec<u8>)> = self.conn.rows_in(STORED, &[self.tenant, tier], &keys).await?;
            for (bucket_at, bytes) in stored {
                let counts = buckets.entry(bucket_at).or_default();
                unpack_counts(&bytes, |app_no, class_id, n| *counts.entry((app_no, class_id)).or_default() += n)?;
            }
            let mut rows = Vec::with_capacity(buckets.len());
            for (bucket_at, counts) in &buckets {
                rows.push(args![self.tenant, tier, *bucket_at, pack_counts(counts)?]);
            }
            self.conn
                .insert(
                    "INSERT INTO sign_in_counts (tenant_id, tier, bucket_at, counts)",
                    4,
                    rows,
                    "ON CONFLICT (tenant_id, tier, bucket_at) DO UPDATE SET counts = excluded.counts",
                )
                .await?;
        }
        Ok(())
    }

    /// Who is in a set, and who is no longer.
    pub(super) async fn write_users(&mut self, presence: Presence, classes: &Classes) -> Result<(), StoreError> {
        for measure in Measure::ALL {
            let mut add: BTreeMap<(i64, i64), RoaringBitmap> = BTreeMap::new();
            let mut remove: BTreeMap<(i64, i64), RoaringBitmap> = BTreeMap::new();
            for (&(_, at, user_id), n) in presence.iter().filter(|((of, ..), _)| *of == measure) {
                for (tier, bucket_at) in buckets(at) {
                    if *n > 0 {
                        add.entry((tier, bucket_at)).or_default().insert(in_set(user_id));
                    } else if *n < 0 && !self.is_present(measure, tier, bucket_at, user_id, classes).await? {
                        remove.entry((tier, bucket_at)).or_default().insert(in_set(user_id));
                    }
                }
            }
            for tier in [0, 1, 2] {
                let of_tier: BTreeSet<i64> =
                    add.keys().chain(remove.keys()).filter(|(of, _)| *of == tier).map(|(_, at)| *at).collect();
                self.write_tier(measure, tier, &of_tier, &add, &remove).await?;
            }
        }
        Ok(())
    }

    async fn write_tier(
        &mut self,
        measure: Measure,
        tier: i64,
        buckets: &BTreeSet<i64>,
        add: &BTreeMap<(i64, i64), RoaringBitmap>,
        remove: &BTreeMap<(i64, i64), RoaringBitmap>,
    ) -> Result<(), StoreError> {
        let keys: Vec<Value> = buckets.iter().map(|at| (*at).into()).collect();
        let stored: Vec<(i64, Vec<u8>)> = self
            .conn
            .rows_in(
                "SELECT bucket_at, users FROM sign_in_users \
                 WHERE tenant_id = $1 AND measure = $2 AND tier = $3 AND bucket_at IN",
                &[self.tenant, measure.code(), tier],
                &keys,
            )
            .await?;
        let stored: BTreeMap<i64, Vec<u8>> = stored.into_iter().collect();
        let mut rows = Vec::new();
        for bucket_at in buckets {
            let before = stored.get(bucket_at).map(|bytes| unpack_users(bytes)).transpose()?.unwrap_or_default();
            let mut users = before.clone();
            if let Some(gone) = remove.get(&(tier, *bucket_at)) {
                users -= gone;
            }
            if let Some(come) = add.get(&(tier, *bucket_at)) {
                users |= come;
            }
            if users != before {
                rows.push(args![self.tenant, measure.code(), tier, *bucket_at, pack_users(&users)?]);
            }
        }
        self.conn
            .insert(
                "INSERT INTO sign_in_users (tenant_id, measure, tier, bucket_at, users)",
                5,
                rows,
                "ON CONFLICT (tenant_id, measure, tier, bucket_at) DO UPDATE SET users = excluded.users",
            )
            .await
    }

    /// Whether any sign-in of the user still puts them in the set of a bucket.
    async fn is_present(
        &mut self,
        measure: Measure,
        tier: i64,
        bucket_at: i64,
        user_id: i64,
        classes: &Classes,
    ) -> Result<bool, StoreError> {
        let size = usize::try_from(tier).ok().and_then(|tier| TIERS.get(tier)).copied().unwrap_or_default();
        let rows: Vec<(i64,)> = self
            .conn
            .rows(
                "SELECT DISTINCT class_id FROM sign_ins \
                 WHERE tenant_id = $1 AND user_id = $2 AND at >= $3 AND at < $4",
                args![self.tenant, user_id, bucket_at, floor(bucket_at, size) + size],
            )
            .await?;
        for (class_id,) in rows {
            if measure.counts(&classes.get(class_id)?) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// A name's sign-ins belong to another user now.
    pub(super) async fn move_sign_ins(&mut self, subject_id: i64, old: i64, new: i64) -> Result<(), StoreError> {
        let by_user = self.conn.by_index("sign_ins_user_idx");
        let moved: Vec<(i64, i64)> = self
            .conn
            .rows(
                &format!(
                    "SELECT at, class_id FROM sign_ins {by_user} WHERE tenant_id = $1 AND user_id = $2 AND label_id IN \
                 (SELECT label_id FROM user_labels WHERE tenant_id = $1 AND subject_id = $3)"
                ),
                args![self.tenant, old, subject_id],
            )
            .await?;
        if moved.is_empty() {
            return Ok(());
        }
        self.conn
            .run(
                &format!(
                    "UPDATE sign_ins {by_user} SET user_id = $3 WHERE tenant_id = $1 AND user_id = $2 AND label_id IN \
                 (SELECT label_id FROM user_labels WHERE tenant_id = $1 AND subject_id = $4)"
                ),
                args![self.tenant, old, new, subject_id],
            )
            .await?;
        let classes = self.classes().await?;
        let mut presence = Presence::new();
        for (at, class_id) in moved {
            let class = classes.get(class_id)?;
            for measure in Measure::ALL.into_iter().filter(|measure| measure.counts(&class)) {
                *presence.entry((measure, at, old)).or_default() -= 1;
                *presence.entry((measure, at, new)).or_default() += 1;
            }
        }
        self.write_users(presence, &classes).await
    }
}

fn note_presence(presence: &mut Presence, row: &SignInRow, class: &SignInClass, n: i64) {
    let Some(user_id) = row.user_id else { return };
    for measure in Measure::ALL.into_iter().filter(|measure| measure.counts(class)) {
        *presence.entry((measure, row.at, user_id)).or_default() += n;
    }
}
