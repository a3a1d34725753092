//! Audit records: one row per id, the winner of its copies; and the events that they stand for.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use domain::derive::{ResetStep, is_reset_step, registration_event, reset_events};
use domain::instant::Instant;
use domain::record::{AuditRecord, EventSource, Feature, RecordKind};
use sea_query::Value;

use super::Batch;
use super::events::Event;
use super::passwords::password_kind;
use super::subjects::Subjects;
use crate::StoreError;
use crate::db::args;

/// What decides between copies: the later log time, then the greater digest.
type Strength = (Option<i64>, String);

/// Record id, time, log time, digest, correlation id of a reset step.
type StoredRow = (String, i64, Option<i64>, String, Option<String>);

/// What is stored of records, by their ids.
pub(super) type StoredAudits = HashMap<String, Stored>;

pub(super) struct Stored {
    at: i64,
    strength: Strength,
    correlation_id: Option<String>,
}

fn strength(audit: &AuditRecord) -> Strength {
    (audit.log_at.map(Instant::millis), hex::encode(audit.digest))
}

/// Origins of events: a record, or a flow of records that share a correlation id.
const RECORD: &str = "record:";

fn record_origin(record_id: &str) -> String {
    format!("{RECORD}{record_id}")
}

fn flow_origin(correlation_id: &str) -> String {
    format!("flow:{correlation_id}")
}

impl Batch<'_> {
    /// Leaves out the records that are stored to the letter, and answers what is stored of the others.
    pub(super) async fn new_audits(
        &mut self,
        mut audits: Vec<AuditRecord>,
    ) -> Result<(Vec<AuditRecord>, StoredAudits), StoreError> {
        let stored = self.stored_audits(&audits).await?;
        let before = audits.len();
        audits.retain(|audit| {
            stored.get(&audit.record_id).is_none_or(|stored| {
                let at = audit.at.millis();
                stored.strength != strength(audit) || finer_of(stored.at, at, false) != stored.at
            })
        });
        self.know(before - audits.len());
        Ok((audits, stored))
    }

    pub(super) async fn store_audits(
        &mut self,
        audits: Vec<AuditRecord>,
        stored: &mut StoredAudits,
        subjects: &Subjects,
    ) -> Result<(), StoreError> {
        let mut winners: BTreeMap<String, AuditRecord> = BTreeMap::new();
        let mut finer = BTreeMap::new();
        let mut replaced = BTreeSet::new();
        let mut flows = BTreeSet::new();
        for mut audit in audits {
            let strength = strength(&audit);
            let at = audit.at.millis();
            match stored.get_mut(&audit.record_id) {
                None => self.accept(RecordKind::DirectoryAudit),
                Some(before) => {
                    let best_at = finer_of(before.at, at, strength > before.strength);
                    let loses = strength <= before.strength;
                    if loses && best_at == before.at {
                        self.applied.duplicate += 1;
                        continue;
                    }
                    if loses {
                        // The copy loses, but its time is the finer one.
                        self.applied.duplicate += 1;
                        before.at = best_at;
                        match winners.get_mut(&audit.record_id) {
                            Some(winner) => winner.at = Instant::from_millis(best_at),
                            None => _ = finer.insert(audit.record_id.clone(), best_at),
                        }
                        flows.extend(before.correlation_id.clone());
                        continue;
                    }
                    self.applied.replaced += 1;
                    replaced.insert(audit.record_id.clone());
                    finer.remove(&audit.record_id);
                    flows.extend(before.correlation_id.clone());
                    audit.at = Instant::from_millis(best_at);
                }
            }
            stored.insert(
                audit.record_id.clone(),
                Stored { at: audit.at.millis(), strength, correlation_id: audit.correlation_id.clone() },
            );
            flows.extend(audit.correlation_id.clone().filter(|_| is_reset_step(&audit.activity)));
            winners.insert(audit.record_id.clone(), audit);
        }
        self.count_passwords(&winners, &replaced, &finer).await?;
        self.write_audits(&winners, subjects).await?;
        self.refine_times(&finer).await?;
        self.actions_of_audits(&winners, subjects).await?;
        self.refine_actions(&finer).await?;
        self.derive_events(winners, flows, subjects).await
    }

    async fn stored_audits(&mut self, audits: &[AuditRecord]) -> Result<StoredAudits, StoreError> {
        let ids: BTreeSet<&str> = audits.iter().map(|audit| audit.record_id.as_str()).collect();
        let ids: Vec<Value> = ids.into_iter().map(Into::into).collect();
        let rows: Vec<StoredRow> = self
            .conn
            .rows_in(
                "SELECT record_id, at, log_at, digest, CASE WHEN is_reset_step = 1 THEN correlation_id END \
                 FROM audit_records WHERE tenant_id = $1 AND record_id IN",
                &[self.tenant],
                &ids,
            )
            .await?;
        let stored = rows.into_iter().map(|(record_id, at, log_at, digest, correlation_id)| {
            (record_id, Stored { at, strength: (log_at, digest), correlation_id })
        });
        Ok(stored.collect())
    }

    async fn write_audits(
        &mut self,
        audits: &BTreeMap<String, AuditRecord>,
        subjects: &Subjects,
    ) -> Result<(), StoreError> {
        let (tenant, import) = (self.tenant, self.import);
        let rows = audits.values().map(|audit| {
            let resolved = subjects.get(&audit.user);
            args![
                tenant,
                audit.record_id.clone(),
                audit.at.millis(),
                audit.log_at.map(Instant::millis),
                hex::encode(audit.digest),
                audit.activity.clone(),
                audit.service.clone(),
                audit.category.clone(),
                audit.result.code(),
                audit.reason.clone(),
                audit.correlation_id.clone(),
                i64::from(is_reset_step(&audit.activity)),
                resolved.map(|resolved| resolved.subject_id),
                resolved.map(|resolved| resolved.user_id),
                audit.user.user_name.clone(),
                audit.user.display_name.clone(),
                audit.tenant.clone(),
                import,
                audit.body.clone(),
                password_kind(audit),
            ]
        });
        self.conn
            .insert(
                "INSERT INTO audit_records (tenant_id, record_id, at, log_at, digest, activity, service, category, \
                 result, reason, correlation_id, is_reset_step, subject_id, user_id, user_name, display_name, \
                 record_tenant, import_id, body, password_kind)",
                20,
                rows,
                "ON CONFLICT (tenant_id, record_id) DO UPDATE SET at = excluded.at, log_at = excluded.log_at, \
                 digest = excluded.digest, activity = excluded.activity, service = excluded.service, \
                 category = excluded.category, result = excluded.result, reason = excluded.reason, \
                 correlation_id = excluded.correlation_id, is_reset_step = excluded.is_reset_step, \
                 subject_id = excluded.subject_id, user_id = excluded.user_id, user_name = excluded.user_name, \
                 display_name = excluded.display_name, record_tenant = excluded.record_tenant, \
                 import_id = excluded.import_id, body = excluded.body, password_kind = excluded.password_kind",
            )
            .await
    }

    async fn refine_times(&mut self, finer: &BTreeMap<String, i64>) -> Result<(), StoreError> {
        for (record_id, at) in finer {
            self.conn
                .run(
                    "UPDATE audit_records SET at = $3 WHERE tenant_id = $1 AND record_id = $2",
                    args![self.tenant, record_id.clone(), *at],
                )
                .await?;
        }
        let origins: Vec<String> = finer.keys().map(|record_id| record_origin(record_id)).collect();
        let mut events = self.events_of(&origins).await?;
        for event in &mut events {
            if let Some(at) = event.origin.strip_prefix(RECORD).and_then(|record_id| finer.get(record_id)) {
                event.at = *at;
            }
        }
        self.replace_events(&origins, events).await
    }

    async fn derive_events(
        &mut self,
        winners: BTreeMap<String, AuditRecord>,
        flows: BTreeSet<String>,
        subjects: &Subjects,
    ) -> Result<(), StoreError> {
        let mut origins: Vec<String> = winners.keys().map(|record_id| record_origin(record_id)).collect();
        origins.extend(flows.iter().map(|flow| flow_origin(flow)));
        let mut events = Vec::new();
        for audit in winners.values() {
            let resolved = subjects.get(&audit.user);
            let (feature, derived) = if let Some(event) = registration_event(audit) {
                (Feature::Registration, vec![event])
            } else if is_reset_step(&audit.activity) && audit.correlation_id.is_none() {
                let step = ResetStep { record_id: audit.record_id.clone(), at: audit.at, reason: audit.reason.clone() };
                (Feature::Reset, reset_events(&[step]))
            } else {
                continue;
            };
            events.extend(derived.into_iter().map(|event| Event {
                origin: record_origin(&audit.record_id),
                at: event.at.millis(),
                source: EventSource::Audit,
                feature,
                method: event.method,
                outcome: event.outcome,
                raw_method: event.raw_method,
                reason: event.reason,
                subject_id: resolved.map(|resolved| resolved.subject_id),
                user_id: resolved.map(|resolved| resolved.user_id),
                user_name: audit.user.user_name.clone(),
                display_name: audit.user.display_name.clone(),
            }));
        }
        for (flow, steps) in self.steps_of(&flows).await? {
            let bare: Vec<ResetStep> = steps
                .iter()
                .map(|step| ResetStep {
                    record_id: step.record_id.clone(),
                    at: Instant::from_millis(step.at),
                    reason: step.reason.clone(),
                })
                .collect();
            events.extend(reset_events(&bare).into_iter().map(|event| {
                let decisive = &steps[event.index];
                Event {
                    origin: flow_origin(&flow),
                    at: event.at.millis(),
                    source: EventSource::Audit,
                    feature: Feature::Reset,
                    method: event.method,
                    outcome: event.outcome,
                    raw_method: event.raw_method,
                    reason: event.reason,
                    subject_id: decisive.subject_id,
                    user_id: decisive.user_id,
                    user_name: decisive.user_name.clone(),
                    display_name: decisive.display_name.clone(),
                }
            }));
        }
        self.replace_events(&origins, events).await
    }

    async fn steps_of(&mut self, flows: &BTreeSet<String>) -> Result<BTreeMap<String, Vec<Step>>, StoreError> {
        let keys: Vec<Value> = flows.iter().map(|flow| flow.as_str().into()).collect();
        let rows: Vec<Step> = self
            .conn
            .rows_in(
                "SELECT record_id, correlation_id, at, reason, subject_id, user_id, user_name, display_name \
                 FROM audit_records WHERE tenant_id = $1 AND is_reset_step = 1 AND correlation_id IN",
                &[self.tenant],
                &keys,
            )
            .await?;
        let mut steps: BTreeMap<String, Vec<Step>> = BTreeMap::new();
        for row in rows {
            steps.entry(row.correlation_id.clone()).or_default().push(row);
        }
        Ok(steps)
    }
}

#[derive(sqlx::FromRow)]
struct Step {
    record_id: String,
    correlation_id: String,
    at: i64,
    reason: Option<String>,
    subject_id: Option<i64>,
    user_id: Option<i64>,
    user_name: Option<String>,
    display_name: Option<String>,
}

/// Between copies equal to the second the finer time wins; else the winner's.
pub(super) fn finer_of(before: i64, new: i64, new_wins: bool) -> i64 {
    if before.div_euclid(1000) == new.div_euclid(1000) {
        return before.max(new);
    }
    if new_wins { new } else { before }
}
