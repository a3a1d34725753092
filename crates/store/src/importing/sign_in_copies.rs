//! Copies of sign-ins: which of a batch's and the stored one wins.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use domain::instant::Instant;
use domain::record::{Record, RecordKind};
use domain::sign_in::SignInRecord;
use sea_query::Value;

use super::Batch;
use super::copies::{Beaten, Copies, CopyTimes, finer_of, sign_in_identity};
use super::sign_ins::BY_RECORD;
use super::subjects::Subjects;
use crate::StoreError;
use crate::packed::{key_of_digest, pack_id};

/// What decides between copies: how much is known, then the later log time, then the greater digest.
pub(super) type Strength = (i64, Option<i64>, i64);

/// Record id, time, completeness, log time, digest.
type CopyRow = (Vec<u8>, i64, i64, Option<i64>, i64);

/// Winners by packed id, finer times of those that stay, and what was beaten in the batch itself.
pub(super) type Decided = (BTreeMap<Vec<u8>, Winner>, BTreeMap<Vec<u8>, i64>, Copies);

/// What is stored of sign-ins, by their packed ids.
pub(super) type StoredSignIns = HashMap<Vec<u8>, StoredSignIn>;

#[derive(Debug, Clone, Copy)]
pub(super) struct StoredSignIn {
    at: i64,
    strength: Strength,
}

pub(super) fn strength(record: &SignInRecord) -> Strength {
    (
        record.details.completeness(record.policies.as_deref()),
        record.log_at.map(Instant::millis),
        key_of_digest(&record.digest),
    )
}

/// A record that wins over its copies.
pub(super) struct Winner {
    pub record: SignInRecord,
    /// Whether another copy is in the database.
    pub is_stored: bool,
}

impl Batch<'_> {
    /// Leaves out the sign-ins that are stored to the letter, and answers what is stored of the others.
    pub(super) async fn new_sign_ins(
        &mut self,
        mut records: Vec<SignInRecord>,
    ) -> Result<(Vec<SignInRecord>, StoredSignIns), StoreError> {
        let ids: BTreeSet<Vec<u8>> = records.iter().map(|record| pack_id(&record.record_id)).collect();
        let ids: Vec<Value> = ids.into_iter().map(Into::into).collect();
        let sql = format!(
            "SELECT record_id, at, completeness, log_at, digest FROM sign_ins {} WHERE tenant_id = $1 AND record_id IN",
            self.conn.by_index(BY_RECORD)
        );
        let rows: Vec<CopyRow> = self.conn.rows_in(&sql, &[self.tenant], &ids).await?;
        let stored: StoredSignIns = rows
            .into_iter()
            .map(|(id, at, completeness, log_at, digest)| {
                (id, StoredSignIn { at, strength: (completeness, log_at, digest) })
            })
            .collect();
        if stored.is_empty() {
            return Ok((records, stored));
        }
        self.keep_new(
            &mut records,
            |_| RecordKind::SignIn,
            |record| {
                stored.get(&pack_id(&record.record_id)).is_none_or(|stored| {
                    stored.strength != strength(record) || finer_of(stored.at, record.at.millis()) != stored.at
                })
            },
        );
        Ok((records, stored))
    }

    /// Of the batch's copies and those stored, which win; and finer times of those that stay.
    pub(super) fn winners_of_sign_ins(
        &mut self,
        records: Vec<SignInRecord>,
        stored: &mut StoredSignIns,
        mut times: CopyTimes,
        subjects: &Subjects,
    ) -> Decided {
        let mut winners: BTreeMap<Vec<u8>, Winner> = BTreeMap::new();
        let mut finer = BTreeMap::new();
        let mut copies = Copies::default();
        let import_id = self.import;
        let beaten = |record: &SignInRecord| Beaten {
            import_id,
            subject_id: subjects.get(&record.user).map(|resolved| resolved.subject_id),
            record: Record::SignIn(Box::new(record.clone())),
        };
        for mut record in records {
            let id = pack_id(&record.record_id);
            let (strength, at) = (strength(&record), record.at.millis());
            let mut is_stored = false;
            if let Some(before) = stored.get_mut(&id) {
                let identity = sign_in_identity(&record.record_id);
                times.see(&identity, before.at);
                times.see(&identity, at);
                let loses = strength <= before.strength;
                let best_at = times.finest(&identity, if loses { before.at } else { at });
                if loses {
                    self.know(RecordKind::SignIn);
                    if strength < before.strength {
                        copies.keep(beaten(&record));
                    }
                    if best_at != before.at {
                        before.at = best_at;
                        match winners.get_mut(&id) {
                            Some(winner) => {
                                copies.keep(beaten(&winner.record));
                                winner.record.at = Instant::from_millis(best_at);
                            }
                            None => _ = finer.insert(id, best_at),
                        }
                    }
                    continue;
                }
                self.replace(RecordKind::SignIn);
                is_stored = winners.get(&id).is_none_or(|winner| winner.is_stored);
                if let Some(winner) = winners.get(&id) {
                    copies.keep(beaten(&winner.record));
                }
                if best_at != at {
                    copies.keep(beaten(&record));
                }
                record.at = Instant::from_millis(best_at);
                finer.remove(&id);
            } else {
                self.accept(RecordKind::SignIn);
            }
            stored.insert(id.clone(), StoredSignIn { at: record.at.millis(), strength });
            winners.insert(id, Winner { record, is_stored });
        }
        (winners, finer, copies)
    }
}
