//! Attempts: sign-ins of one correlation id. What was not met in one of them may be met in another.

use std::collections::BTreeSet;

use domain::sign_in::MfaResult;
use sea_query::Value;

use super::Batch;
use super::dictionary::Classes;
use super::sign_ins::{Change, SignInRow};
use crate::StoreError;
use crate::sign_in_class::SignInClass;

/// Attempt, record id, class.
type AttemptRow = (Vec<u8>, Vec<u8>, i64);

impl Batch<'_> {
    /// Says of every unmet sign-in whose attempt changes whether the attempt met its challenge elsewhere.
    pub(super) async fn settle_attempts(
        &mut self,
        change: &mut Change,
        classes: &mut Classes,
    ) -> Result<(), StoreError> {
        let mut may_flip: BTreeSet<Vec<u8>> = BTreeSet::new();
        let mut to_settle: BTreeSet<Vec<u8>> = BTreeSet::new();
        for row in &change.after {
            let Some(attempt) = &row.attempt else { continue };
            if row.is_unmet == 1 {
                to_settle.insert(attempt.clone());
            } else if classes.get(row.class_id)?.facts.result == MfaResult::Satisfied {
                may_flip.insert(attempt.clone());
            }
        }
        let of_before: Vec<Vec<u8>> = change.before.iter().filter_map(|row| row.attempt.clone()).collect();
        may_flip.extend(of_before);
        let gone: BTreeSet<Vec<u8>> =
            change.before.iter().chain(&change.after).map(|row| row.record_id.clone()).collect();
        let unmet = self.rows_of("sign_ins_unmet_idx", "is_unmet = 1 AND attempt", may_flip.into_iter()).await?;
        let others: Vec<SignInRow> = unmet.into_iter().filter(|row| !gone.contains(&row.record_id)).collect();
        to_settle.extend(others.iter().filter_map(|row| row.attempt.clone()));
        let met = self.attempts_met(&to_settle, &gone, change, classes).await?;
        let is_met = |row: &SignInRow| row.attempt.as_ref().is_some_and(|attempt| met.contains(attempt));
        for row in change.after.iter_mut().filter(|row| row.is_unmet == 1) {
            row.class_id = with_unable(classes, row.class_id, !is_met(row))?;
        }
        for row in others {
            let class_id = with_unable(classes, row.class_id, !is_met(&row))?;
            if class_id != row.class_id {
                change.after.push(SignInRow { class_id, ..row.clone() });
                change.before.push(row);
            }
        }
        Ok(())
    }

    /// Which of these attempts have a sign-in whose second factor was satisfied.
    async fn attempts_met(
        &mut self,
        attempts: &BTreeSet<Vec<u8>>,
        gone: &BTreeSet<Vec<u8>>,
        change: &Change,
        classes: &Classes,
    ) -> Result<BTreeSet<Vec<u8>>, StoreError> {
        let keys: Vec<Value> = attempts.iter().cloned().map(Into::into).collect();
        let sql = format!(
            "SELECT attempt, record_id, class_id FROM sign_ins {} WHERE tenant_id = $1 AND attempt IN",
            self.conn.by_index("sign_ins_attempt_idx")
        );
        let stored: Vec<AttemptRow> = self.conn.rows_in(&sql, &[self.tenant], &keys).await?;
        let of_batch = change.after.iter().filter_map(|row| Some((row.attempt.clone()?, row.class_id)));
        let of_store =
            stored.into_iter().filter(|(_, id, _)| !gone.contains(id)).map(|(attempt, _, class)| (attempt, class));
        let mut met = BTreeSet::new();
        for (attempt, class_id) in of_batch.chain(of_store) {
            if classes.get(class_id)?.facts.result == MfaResult::Satisfied {
                met.insert(attempt);
            }
        }
        Ok(met)
    }
}

fn with_unable(classes: &mut Classes, class_id: i64, is_unable: bool) -> Result<i64, StoreError> {
    let class = classes.get(class_id)?;
    Ok(classes.number(SignInClass { is_unable, ..class }))
}
