//! Sign-ins: one row per request id, the winner of its copies; and whether attempts met their challenge.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use domain::answer::Answer;
use domain::sign_in::{AuthenticationStep, SignInRecord, SignInSteps, classify};
use sea_query::Value;

use super::Batch;
use super::copies::sign_in_identity;
use super::dictionary::{Classes, Wanted};
use super::sign_in_copies::{StoredSignIns, Winner, strength};
use super::sign_in_steps::ExtraSteps;
use super::subjects::Subjects;
use crate::StoreError;
use crate::db::args;
use crate::packed::{Packer, Unpacker, pack_id, unpack_id};
use crate::sign_in_class::SignInClass;

pub(super) const BY_RECORD: &str = "sign_ins_record_idx";

/// A row of `sign_ins`.
#[derive(Debug, Clone, sqlx::FromRow)]
pub(super) struct SignInRow {
    pub at: i64,
    pub seq: i64,
    pub record_id: Vec<u8>,
    pub class_id: i64,
    pub user_id: Option<i64>,
    pub label_id: Option<i64>,
    pub app_no: Option<i64>,
    pub place_id: Option<i64>,
    pub policy_set_id: Option<i64>,
    pub attempt: Option<Vec<u8>>,
    pub is_unmet: i64,
    pub completeness: i64,
    pub log_at: Option<i64>,
    pub digest: i64,
    pub import_id: i64,
    pub details: Vec<u8>,
}

const COLUMNS: &str = "at, seq, record_id, class_id, user_id, label_id, app_no, place_id, policy_set_id, attempt, \
    is_unmet, completeness, log_at, digest, import_id, details";

/// Rows that go and rows that come; what figures change by is the difference.
#[derive(Default)]
pub(super) struct Change {
    pub before: Vec<SignInRow>,
    pub after: Vec<SignInRow>,
}

impl Batch<'_> {
    pub(super) async fn store_sign_ins(
        &mut self,
        records: Vec<SignInRecord>,
        stored: &mut StoredSignIns,
        steps: Vec<SignInSteps>,
        subjects: &Subjects,
    ) -> Result<(), StoreError> {
        let with_steps = self.store_steps(steps).await?;
        let times = self.copy_times(stored.keys().map(|id| sign_in_identity(&unpack_id(id)))).await?;
        let (winners, finer, mut copies) = self.winners_of_sign_ins(records, stored, times, subjects);
        if winners.is_empty() && finer.is_empty() && with_steps.is_empty() {
            return self.write_copies(copies).await;
        }
        let ids: BTreeSet<&Vec<u8>> = winners
            .iter()
            .filter(|(_, winner)| winner.is_stored)
            .map(|(id, _)| id)
            .chain(finer.keys())
            .chain(&with_steps)
            .collect();
        let before = self.rows_of(BY_RECORD, "record_id", ids.into_iter().cloned()).await?;
        let beaten = winners.iter().filter(|(_, winner)| winner.is_stored).map(|(id, _)| id).chain(finer.keys());
        self.copy_stored_sign_ins(&mut copies, beaten).await?;
        self.write_copies(copies).await?;
        let mut classes = self.classes().await?;
        let extra_steps = self.steps_of_files(winners.keys().chain(&with_steps)).await?;
        let mut after = self.rows_of_winners(winners, &extra_steps, subjects, &mut classes).await?;
        after.extend(revised(&before, &after, &finer, &extra_steps, &mut classes)?);
        let mut change = Change { before, after };
        self.settle_attempts(&mut change, &mut classes).await?;
        self.number_in_time(&mut change).await?;
        self.store_classes(&classes).await?;
        self.write_sign_ins(&change).await?;
        self.write_sign_in_figures(&change, &classes).await
    }

    /// Takes sign-ins away, by their packed ids, with what figures say of them.
    pub(crate) async fn remove_sign_ins(&mut self, ids: impl Iterator<Item = Vec<u8>>) -> Result<usize, StoreError> {
        let before = self.rows_of(BY_RECORD, "record_id", ids).await?;
        let removed = before.len();
        if removed == 0 {
            return Ok(0);
        }
        let mut classes = self.classes().await?;
        let mut change = Change { before, after: Vec::new() };
        self.settle_attempts(&mut change, &mut classes).await?;
        self.number_in_time(&mut change).await?;
        self.store_classes(&classes).await?;
        self.write_sign_ins(&change).await?;
        self.write_sign_in_figures(&change, &classes).await?;
        Ok(removed)
    }

    /// Rows of these attempts have gone: what is left of them from an instant on is judged again.
    pub(crate) async fn settle_after(&mut self, from: i64, attempts: BTreeSet<Vec<u8>>) -> Result<(), StoreError> {
        let unmet = self.rows_of("sign_ins_unmet_idx", "is_unmet = 1 AND attempt", attempts.into_iter()).await?;
        let before: Vec<SignInRow> = unmet.into_iter().filter(|row| row.at >= from).collect();
        if before.is_empty() {
            return Ok(());
        }
        let mut classes = self.classes().await?;
        let mut change = Change { after: before.clone(), before };
        self.settle_attempts(&mut change, &mut classes).await?;
        self.number_in_time(&mut change).await?;
        self.store_classes(&classes).await?;
        self.write_sign_ins(&change).await?;
        self.write_sign_in_figures(&change, &classes).await
    }

    /// Steps of files of their own have gone: the sign-ins without any other are judged without them.
    pub(crate) async fn judge_sign_ins_again(&mut self, ids: BTreeSet<Vec<u8>>) -> Result<(), StoreError> {
        let before = self.rows_of(BY_RECORD, "record_id", ids.iter().cloned()).await?;
        if before.is_empty() {
            return Ok(());
        }
        let mut classes = self.classes().await?;
        let mut extra_steps = self.steps_of_files(ids.iter()).await?;
        for id in ids {
            extra_steps.entry(id).or_default();
        }
        let after = revised(&before, &[], &BTreeMap::new(), &extra_steps, &mut classes)?;
        let mut change = Change { before, after };
        self.settle_attempts(&mut change, &mut classes).await?;
        self.number_in_time(&mut change).await?;
        self.store_classes(&classes).await?;
        self.write_sign_ins(&change).await?;
        self.write_sign_in_figures(&change, &classes).await
    }

    pub(super) async fn rows_of(
        &mut self,
        index: &str,
        column: &str,
        keys: impl Iterator<Item = Vec<u8>>,
    ) -> Result<Vec<SignInRow>, StoreError> {
        let keys: Vec<Value> = keys.map(Into::into).collect();
        let sql = format!(
            "SELECT {COLUMNS} FROM sign_ins {} WHERE tenant_id = $1 AND {column} IN",
            self.conn.by_index(index)
        );
        self.conn.rows_in(&sql, &[self.tenant], &keys).await
    }

    async fn rows_of_winners(
        &mut self,
        winners: BTreeMap<Vec<u8>, Winner>,
        extra_steps: &ExtraSteps,
        subjects: &Subjects,
        classes: &mut Classes,
    ) -> Result<Vec<SignInRow>, StoreError> {
        let (mut apps, mut places) = (Wanted::default(), Wanted::default());
        let (mut policies, mut labels) = (Wanted::default(), Wanted::default());
        let mut packer = Packer::new()?;
        let mut rows = Vec::with_capacity(winners.len());
        for (record_id, Winner { mut record, .. }) in winners {
            let resolved = subjects.get(&record.user);
            let (completeness, log_at, digest) = strength(&record);
            let steps = steps_of(record.details.steps.as_deref(), extra_steps.get(&record_id));
            let facts = classify(&record.details, steps);
            let class = SignInClass {
                facts,
                interactive: Answer::from(record.interactive),
                component: record.component,
                conditional_access: record.conditional_access,
                is_unable: facts.is_unmet(),
                error_code: record.details.error_code,
            };
            let attempt = record.details.correlation_id.take().map(|id| pack_id(&id));
            rows.push(SignInRow {
                at: record.at.millis(),
                seq: UNNUMBERED,
                record_id,
                class_id: classes.number(class),
                user_id: resolved.map(|resolved| resolved.user_id),
                label_id: resolved.map(|resolved| {
                    let (user, display) = (record.user.user_name.as_deref(), record.user.display_name.as_deref());
                    self.want_label(&mut labels, resolved.subject_id, user, display)
                }),
                app_no: apps.app(&record.app),
                place_id: places.place(&record.place),
                policy_set_id: policies.policies(record.policies.as_deref()),
                attempt,
                is_unmet: i64::from(facts.is_unmet()),
                completeness,
                log_at,
                digest,
                import_id: self.import,
                details: packer.pack(&record.details)?,
            });
        }
        let (apps, places) = (self.apps(apps).await?, self.places(places).await?);
        let (policies, labels) = (self.policy_sets(policies).await?, self.labels(labels).await?);
        for row in &mut rows {
            row.app_no = row.app_no.and_then(|key| apps.get(&key).copied());
            row.place_id = row.place_id.and_then(|key| places.get(&key).copied());
            row.policy_set_id = row.policy_set_id.and_then(|key| policies.get(&key).copied());
            row.label_id = row.label_id.and_then(|key| labels.get(&key).copied());
        }
        Ok(rows)
    }

    /// Gives every row its place among those of its millisecond.
    async fn number_in_time(&mut self, change: &mut Change) -> Result<(), StoreError> {
        for row in change.after.iter_mut().filter(|row| row.seq == UNNUMBERED) {
            let same = change.before.iter().find(|before| before.record_id == row.record_id && before.at == row.at);
            row.seq = same.map_or(UNNUMBERED, |same| same.seq);
        }
        let (latest,): (Option<i64>,) = self
            .conn
            .row("SELECT MAX(at) FROM sign_ins WHERE tenant_id = $1", args![self.tenant])
            .await?
            .unwrap_or_default();
        let at: BTreeSet<i64> = change
            .after
            .iter()
            .filter(|row| row.seq == UNNUMBERED && Some(row.at) <= latest)
            .map(|row| row.at)
            .collect();
        let at: Vec<Value> = at.into_iter().map(Into::into).collect();
        let taken: Vec<(i64, i64)> = self
            .conn
            .rows_in("SELECT at, seq FROM sign_ins WHERE tenant_id = $1 AND at IN", &[self.tenant], &at)
            .await?;
        let mut next: HashMap<i64, i64> = HashMap::new();
        for (at, seq) in taken {
            let free = next.entry(at).or_default();
            *free = (seq + 1).max(*free);
        }
        for row in change.after.iter_mut().filter(|row| row.seq == UNNUMBERED) {
            let free = next.entry(row.at).or_default();
            row.seq = *free;
            *free += 1;
        }
        Ok(())
    }

    async fn write_sign_ins(&mut self, change: &Change) -> Result<(), StoreError> {
        let gone: Vec<Value> = change.before.iter().map(|row| row.record_id.clone().into()).collect();
        let delete =
            format!("DELETE FROM sign_ins {} WHERE tenant_id = $1 AND record_id IN", self.conn.by_index(BY_RECORD));
        self.conn.run_in(&delete, &[self.tenant], &gone).await?;
        let tenant = self.tenant;
        let mut rows: Vec<&SignInRow> = change.after.iter().collect();
        rows.sort_unstable_by_key(|row| (row.at, row.seq));
        let rows = rows.into_iter().map(|row| {
            args![
                tenant,
                row.at,
                row.seq,
                row.record_id.clone(),
                row.class_id,
                row.user_id,
                row.label_id,
                row.app_no,
                row.place_id,
                row.policy_set_id,
                row.attempt.clone(),
                row.is_unmet,
                row.completeness,
                row.log_at,
                row.digest,
                row.import_id,
                row.details.clone(),
            ]
        });
        self.conn.insert(&format!("INSERT INTO sign_ins (tenant_id, {COLUMNS})"), 17, rows, "").await
    }
}

/// Not a place in time yet.
const UNNUMBERED: i64 = -1;

/// A record's own steps, else those of a file of their own.
fn steps_of<'a>(
    own: Option<&'a [AuthenticationStep]>,
    extra: Option<&'a Vec<AuthenticationStep>>,
) -> &'a [AuthenticationStep] {
    own.filter(|own| !own.is_empty()).or(extra.map(Vec::as_slice)).unwrap_or_default()
}

/// Stored rows that stay the winners, but for a finer time or steps that came later.
fn revised(
    before: &[SignInRow],
    winners: &[SignInRow],
    finer: &BTreeMap<Vec<u8>, i64>,
    extra_steps: &ExtraSteps,
    classes: &mut Classes,
) -> Result<Vec<SignInRow>, StoreError> {
    let replaced: BTreeSet<&[u8]> = winners.iter().map(|row| row.record_id.as_slice()).collect();
    let mut unpacker = Unpacker::new()?;
    let mut rows = Vec::new();
    for row in before.iter().filter(|row| !replaced.contains(row.record_id.as_slice())) {
        let mut row = row.clone();
        if let Some(at) = finer.get(&row.record_id) {
            (row.at, row.seq) = (*at, UNNUMBERED);
        }
        if let Some(extra) = extra_steps.get(&row.record_id) {
            let details = unpacker.unpack(&row.details)?;
            let facts = classify(&details, steps_of(details.steps.as_deref(), Some(extra)));
            let class = classes.get(row.class_id)?;
            row.class_id = classes.number(SignInClass { facts, is_unable: facts.is_unmet(), ..class });
            row.is_unmet = i64::from(facts.is_unmet());
        }
        rows.push(row);
    }
    Ok(rows)
}
